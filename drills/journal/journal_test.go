package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"loralab/drills/schedule"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// openNew opens a new journal in a folder of its own.
func openNew(t *testing.T) *Journal {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "journal.db"))
}

func openAt(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// answer is a right drill answer, a review, at noon; changes make it another.
func answer(family string, changes ...func(*Answer)) Answer {
	a := Answer{Time: noon, Kind: Drill, Family: family, Seed: 7, Raw: "r(d+k)", Status: Right, Score: 1, Rating: schedule.Good}
	for _, change := range changes {
		change(&a)
	}
	return a
}

func after(d time.Duration) func(*Answer) { return func(a *Answer) { a.Time = noon.Add(d) } }

func wrong(a *Answer) { a.Status, a.Score, a.Rating = Wrong, 0, schedule.Again }

func record(t *testing.T, j *Journal, answers ...Answer) []Answer {
	t.Helper()
	kept, err := j.Record(t.Context(), answers...)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func TestAnswersSurviveReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder", "odd ?#%20 name.db")
	j := openAt(t, path)
	full := Answer{
		Time: noon.Add(123456789 * time.Nanosecond), Session: "s1", Kind: Prediction, Family: "counting/lora-vs-full", Part: 2,
		Seed: 1<<64 - 1, Raw: "r·(d + k)\x00\n\"", Echo: "r·(d+k)", Status: Partial, Score: 0.1 + 0.2, Note: "forgot-alpha",
		Confidence: schedule.Sure, Hints: 2, Contested: true, Rating: schedule.Again,
		Experiment: "counting", Settings: json.RawMessage(` { "rank": 4, "note": "<b> & \u2028" } `),
	}
	kept := record(t, j, full, answer("a"))
	if kept[0].ID == "" || kept[0].ID == kept[1].ID {
		t.Errorf("ids %q and %q", kept[0].ID, kept[1].ID)
	}
	want := full
	want.ID, want.Time = kept[0].ID, noon.Add(123*time.Millisecond)
	want.Settings = json.RawMessage(`{"rank":4,"note":"<b> & \u2028"}`)
	if !reflect.DeepEqual(kept[0], want) {
		t.Errorf("kept %+v\nwant %+v", kept[0], want)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if files := listing(t, filepath.Dir(path)); !slices.Equal(files, []string{"odd ?#%20 name.db"}) {
		t.Errorf("after closing the folder holds %q", files)
	}
	again := openAt(t, path)
	got := must[[]Answer](t)(again.Answers(t.Context(), Filter{}))
	slices.SortFunc(kept, func(a, b Answer) int { return a.Time.Compare(b.Time) })
	if !reflect.DeepEqual(got, kept) {
		t.Errorf("read %+v\nkept %+v", got, kept)
	}
}

func listing(t *testing.T, folder string) []string {
	t.Helper()
	var names []string
	for _, entry := range must[[]os.DirEntry](t)(os.ReadDir(folder)) {
		names = append(names, entry.Name())
	}
	return names
}

func TestTextThatIsNotUTF8(t *testing.T) {
	j := openNew(t)
	kept := record(t, j, answer("a", func(a *Answer) { a.Raw = "r\xff\xfe!" }))
	if kept[0].Raw != "r\uFFFD!" {
		t.Errorf("kept %q", kept[0].Raw)
	}
}

func TestRecordRefuses(t *testing.T) {
	j := openNew(t)
	first := record(t, j, answer("a"))[0]
	for name, spoil := range map[string]func(*Answer){
		"family":         func(a *Answer) { a.Family = "" },
		"kind":           func(a *Answer) { a.Kind = "quiz" },
		"status":         func(a *Answer) { a.Status = "" },
		"score":          func(a *Answer) { a.Score = 1.5 },
		"score is NaN":   func(a *Answer) { a.Score = math.NaN() },
		"part":           func(a *Answer) { a.Part = -1 },
		"hints":          func(a *Answer) { a.Hints = -1 },
		"confidence":     func(a *Answer) { a.Confidence = 4 },
		"rating":         func(a *Answer) { a.Rating = 5 },
		"invalid review": func(a *Answer) { a.Status = Invalid },
		"no time":        func(a *Answer) { a.Time = time.Time{} },
		"settings":       func(a *Answer) { a.Settings = json.RawMessage("{") },
		"same id":        func(a *Answer) { a.ID = first.ID },
	} {
		// The good one before it must not stay either.
		if _, err := j.Record(t.Context(), answer("b"), answer("c", spoil)); err == nil {
			t.Errorf("%s: no error", name)
		} else if !strings.HasPrefix(err.Error(), "journal: ") {
			t.Errorf("%s: error %q", name, err)
		}
	}
	if got := must[[]Answer](t)(j.Answers(t.Context(), Filter{})); len(got) != 1 {
		t.Errorf("%d answers, want the first alone", len(got))
	}
	if got := must[[]Memory](t)(j.Memories(t.Context())); len(got) != 1 {
		t.Errorf("%d memories, want the first alone", len(got))
	}
}

func TestFilter(t *testing.T) {
	j := openNew(t)
	record(t, j,
		answer("a", func(a *Answer) { a.ID, a.Session = "1", "x" }),
		answer("a", after(time.Hour), func(a *Answer) { a.ID, a.Session = "2", "y" }),
		answer("b", after(2*time.Hour), func(a *Answer) { a.ID, a.Session, a.Kind = "3", "y", Interview }))
	for _, test := range []struct {
		name   string
		filter Filter
		want   string
	}{
		{"all", Filter{}, "123"},
		{"family", Filter{Family: "a"}, "12"},
		{"session", Filter{Session: "y"}, "23"},
		{"kind", Filter{Kind: Interview}, "3"},
		{"since", Filter{Since: noon.Add(time.Hour)}, "23"},
		{"both", Filter{Family: "a", Session: "y"}, "2"},
		{"none", Filter{Family: "c"}, ""},
	} {
		ids := ""
		for _, a := range must[[]Answer](t)(j.Answers(t.Context(), test.filter)) {
			ids += a.ID
		}
		if ids != test.want {
			t.Errorf("%s: answers %q, want %q", test.name, ids, test.want)
		}
	}
}

func TestContest(t *testing.T) {
	j := openNew(t)
	kept := record(t, j, answer("a", wrong))[0]
	before := must[[]Memory](t)(j.Memories(t.Context()))
	if err := j.Contest(t.Context(), kept.ID); err != nil {
		t.Fatal(err)
	}
	kept.Contested = true
	if got := must[[]Answer](t)(j.Answers(t.Context(), Filter{})); !reflect.DeepEqual(got, []Answer{kept}) {
		t.Errorf("answers %+v, want %+v", got, kept)
	}
	if got := must[[]Memory](t)(j.Memories(t.Context())); got[0].State != before[0].State {
		t.Errorf("contesting changed the memory to %+v", got[0].State)
	}
	if err := j.Contest(t.Context(), "nobody"); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("contesting nothing: %v", err)
	}
}

func TestHistory(t *testing.T) {
	j := openNew(t)
	for i, text := range []string{"first", "second", "", "first", "third"} {
		record(t, j, answer("a", after(time.Duration(i)*time.Minute), func(a *Answer) { a.Raw = text }))
	}
	if got := must[[]string](t)(j.History(t.Context(), 2)); !slices.Equal(got, []string{"third", "first"}) {
		t.Errorf("history %q", got)
	}
}

func TestPositions(t *testing.T) {
	j := openNew(t)
	set := func(page int, done bool, when time.Duration) {
		t.Helper()
		if err := j.SetPosition(t.Context(), Position{"initialization", page, done, noon.Add(when)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		page int
		done bool
		when time.Duration
		want Position
	}{
		{2, false, 0, Position{"initialization", 2, false, noon}},
		{5, true, time.Hour, Position{"initialization", 5, true, noon.Add(time.Hour)}},
		{1, false, 2 * time.Hour, Position{"initialization", 1, true, noon.Add(2 * time.Hour)}},
		{4, false, time.Minute, Position{"initialization", 1, true, noon.Add(2 * time.Hour)}},
	} {
		set(step.page, step.done, step.when)
		if got := must[[]Position](t)(j.Positions(t.Context())); !slices.Equal(got, []Position{step.want}) {
			t.Errorf("after page %d: %+v, want %+v", step.page, got, step.want)
		}
	}
	for _, bad := range []Position{{"", 1, false, noon}, {"a", 0, false, noon}, {"a", 1, false, time.Time{}}} {
		if err := j.SetPosition(t.Context(), bad); err == nil {
			t.Errorf("%+v was kept", bad)
		}
	}
}

func TestRuns(t *testing.T) {
	j := openNew(t)
	var want []Run
	for i, experiment := range []string{"a", "b", "a"} {
		r, err := j.RecordRun(t.Context(), Run{
			Time: noon.Add(time.Duration(i) * time.Minute), Experiment: experiment,
			Settings: json.RawMessage(`{"seed":7}`), Findings: json.RawMessage(fmt.Sprintf(`{"loss":%d}`, i)),
		})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, r)
	}
	if got := must[[]Run](t)(j.Runs(t.Context(), "a", 10)); !reflect.DeepEqual(got, []Run{want[2], want[0]}) {
		t.Errorf("runs of a: %+v", got)
	}
	if got := must[[]Run](t)(j.Runs(t.Context(), "", 2)); !reflect.DeepEqual(got, []Run{want[2], want[1]}) {
		t.Errorf("last two runs: %+v", got)
	}
	for _, bad := range []Run{{Time: noon}, {Experiment: "a"}, {Experiment: "a", Time: noon, Findings: json.RawMessage("nope")}} {
		if _, err := j.RecordRun(t.Context(), bad); err == nil {
			t.Errorf("%+v was kept", bad)
		}
	}
}

// random answers of a few families, in any order of time.
func randomAnswers(rng *rand.Rand, n int) []Answer {
	answers := make([]Answer, n)
	for i := range answers {
		answers[i] = answer(string(rune('a'+rng.IntN(5))), after(time.Duration(rng.IntN(60*24*3))*20*time.Minute), func(a *Answer) {
			a.Rating = schedule.Rating(rng.IntN(5))
			a.Confidence = schedule.Confidence(rng.IntN(4))
		})
	}
	return answers
}

func TestMemoryFollowsTheSchedule(t *testing.T) {
	j := openNew(t)
	p := schedule.DefaultParameters()
	var want schedule.State
	now := noon
	for i, rating := range []schedule.Rating{1, 3, 0, 3, 3, 1, 3} {
		record(t, j, answer("a", func(a *Answer) { a.Time, a.Rating = now, rating }), answer("b", func(a *Answer) { a.Rating = 0 }))
		if rating > 0 {
			want = p.Next(want, rating, now)
		}
		got := must[[]Memory](t)(j.Memories(t.Context()))
		if len(got) != 1 || got[0].Family != "a" || got[0].State != want {
			t.Fatalf("after review %d: %+v, want %+v", i, got, want)
		}
		if rating > 0 && !got[0].Last.Time.Equal(now) {
			t.Errorf("after review %d the last answer is of %v", i, got[0].Last.Time)
		}
		now = want.Due
	}
}

// The memory kept beside the answers, whatever the order they came in, is what
// replaying them gives, and what another journal with the same answers has.
func TestReplay(t *testing.T) {
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 0))
		j, other := openNew(t), openNew(t)
		kept := record(t, j, randomAnswers(rng, 60)...)
		rng.Shuffle(len(kept), func(a, b int) { kept[a], kept[b] = kept[b], kept[a] })
		for part := range slices.Chunk(kept, 7) {
			record(t, other, part...)
		}
		before := must[[]Memory](t)(j.Memories(t.Context()))
		if len(before) != 5 {
			t.Fatalf("seed %d: %d memories", seed, len(before))
		}
		if got := must[[]Memory](t)(other.Memories(t.Context())); !reflect.DeepEqual(got, before) {
			t.Errorf("seed %d: in another order %+v\nwant %+v", seed, got, before)
		}
		if _, err := j.db.Exec("UPDATE memory SET stability = 1, due = 0; DELETE FROM memory WHERE family = 'a'; INSERT INTO memory SELECT 'ghost', phase, step, stability, difficulty, last, due, reps, lapses, answer FROM memory WHERE family = 'b'"); err != nil {
			t.Fatal(err)
		}
		if got := must[[]Memory](t)(j.Memories(t.Context())); reflect.DeepEqual(got, before) {
			t.Fatal("the memory was not spoilt")
		}
		if err := j.Replay(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := must[[]Memory](t)(j.Memories(t.Context())); !reflect.DeepEqual(got, before) {
			t.Errorf("seed %d: replayed %+v\nwant %+v", seed, got, before)
		}
	}
}

func TestAnotherScheduleReplays(t *testing.T) {
	j := openNew(t)
	path := j.Path()
	record(t, j, answer("a"), answer("a", after(schedule.Day)))
	before := must[[]Memory](t)(j.Memories(t.Context()))[0].State
	j.Close()
	eager := schedule.DefaultParameters()
	eager.Retention = 0.97
	j = must[*Journal](t)(Open(t.Context(), path, Options{Schedule: eager}))
	changed := must[[]Memory](t)(j.Memories(t.Context()))[0].State
	if !changed.Due.Before(before.Due) || changed.Stability != before.Stability {
		t.Errorf("at retention 0.97 %+v, at 0.9 %+v", changed, before)
	}
	j.Close()
	if got := must[[]Memory](t)(openAt(t, path).Memories(t.Context()))[0].State; got != before {
		t.Errorf("back at 0.9 %+v, want %+v", got, before)
	}
	eager.Retention = 2
	if _, err := Open(t.Context(), path, Options{Schedule: eager}); err == nil {
		t.Error("retention 2 was taken")
	}
}

func TestManyGoroutines(t *testing.T) {
	j := openNew(t)
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 10 {
				if _, err := j.Record(t.Context(), answer("a", after(time.Duration(10*worker+i)*time.Hour))); err != nil {
					t.Error(err)
				}
				if _, err := j.Stats(t.Context(), noon, nil, time.Time{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if got := must[[]Answer](t)(j.Answers(t.Context(), Filter{})); len(got) != 40 {
		t.Errorf("%d answers, want 40", len(got))
	}
	checkMemory(t, j)
}

func TestCancelledContext(t *testing.T) {
	j := openNew(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Record(ctx, answer("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	record(t, j, answer("b"))
	if got := must[[]Answer](t)(j.Answers(t.Context(), Filter{})); len(got) != 1 || got[0].Family != "b" {
		t.Errorf("answers %+v", got)
	}
}

func TestItem(t *testing.T) {
	j := openNew(t)
	record(t, j, answer("a", wrong, func(a *Answer) { a.Confidence = schedule.Sure }))
	m := must[[]Memory](t)(j.Memories(t.Context()))[0]
	item := m.Item(j.Schedule(), 3, noon.Add(schedule.Day))
	if !item.SureButWrong() || item.New || item.Step != 3 || item.Retrievability <= 0 || item.Retrievability >= 1 {
		t.Errorf("item %+v", item)
	}
	if unseen := (Memory{Family: "b"}).Item(j.Schedule(), 1, noon); !unseen.New || unseen.SureButWrong() {
		t.Errorf("unseen item %+v", unseen)
	}
}

func TestStats(t *testing.T) {
	j := openNew(t)
	bank := []Family{
		{"known", "merging", "systems"}, {"shaky", "merging", "applied"}, {"unseen", "counting", "systems"}, {"fresh", "counting", "applied"},
	}
	sure := func(a *Answer) { a.Confidence = schedule.Sure }
	noted := func(a *Answer) { a.Note = "forgot-alpha" }
	var answers []Answer
	for _, d := range []int{0, 1, 4, 14} {
		answers = append(answers, answer("known", after(time.Duration(d)*schedule.Day), sure))
	}
	answers = append(answers,
		answer("shaky", wrong, sure, noted),
		answer("gone", wrong, noted, func(a *Answer) { a.Note = "rdk" }),
		answer("gone", after(13*time.Hour), wrong, noted),
		answer("fresh", after(15*schedule.Day), func(a *Answer) { a.Confidence = schedule.Guess }),
		answer("fresh", after(15*schedule.Day), func(a *Answer) { a.Status, a.Rating, a.Score, a.Note = Invalid, 0, 0, "unread" }),
	)
	kept := record(t, j, answers...)
	if err := j.Contest(t.Context(), kept[4].ID); err != nil {
		t.Fatal(err)
	}
	now := noon.Add(15 * schedule.Day).In(time.FixedZone("east", 3*3600))
	s := must[Stats](t)(j.Stats(t.Context(), now, bank, time.Time{}))

	if s.Answers != 8 || s.Right != 5 || s.Contested != 1 {
		t.Errorf("%d answers, %d right, %d contested; want 8, 5, 1", s.Answers, s.Right, s.Contested)
	}
	if want := (Group{Families: 4, Unseen: 1, Known: 1, Shaky: 1, Due: 1, DueShaky: 1}); s.All != want {
		t.Errorf("all %+v, want %+v", s.All, want)
	}
	steps := []Group{
		{Name: "merging", Families: 2, Known: 1, Shaky: 1, Due: 1, DueShaky: 1},
		{Name: "counting", Families: 2, Unseen: 1},
	}
	if !slices.Equal(s.Steps, steps) {
		t.Errorf("steps %+v, want %+v", s.Steps, steps)
	}
	depths := []Group{
		{Name: "systems", Families: 2, Unseen: 1, Known: 1},
		{Name: "applied", Families: 2, Shaky: 1, Due: 1, DueShaky: 1},
	}
	if !slices.Equal(s.Depths, depths) {
		t.Errorf("depths %+v, want %+v", s.Depths, depths)
	}
	notes := []NoteCount{{"forgot-alpha", 2, noon.Add(13 * time.Hour)}, {"rdk", 1, noon}}
	if !slices.Equal(s.Notes, notes) {
		t.Errorf("notes %+v, want %+v", s.Notes, notes)
	}
	days := []Day{{"2026-03-01", 3, 1}, {"2026-03-02", 2, 1}, {"2026-03-05", 1, 1}, {"2026-03-15", 1, 1}, {"2026-03-16", 1, 1}}
	if !slices.Equal(s.Days, days) {
		t.Errorf("days %+v, want %+v", s.Days, days)
	}
	var outcomes []schedule.Outcome
	for _, a := range answers[:8] {
		outcomes = append(outcomes, schedule.Outcome{Confidence: a.Confidence, Right: a.Status == Right})
	}
	if want := schedule.Calibrate(outcomes); !slices.Equal(s.Calibration, want) {
		t.Errorf("calibration %+v, want %+v", s.Calibration, want)
	}
	var order []string
	for _, f := range s.Families {
		order = append(order, f.Family)
	}
	if !slices.Equal(order, []string{"shaky", "known", "fresh"}) {
		t.Errorf("families %q, want the least retrievable first", order)
	}

	// With an interview five days off, a fifth of what was left brings it back.
	later := now.Add(3 * schedule.Day)
	capped := must[Stats](t)(j.Stats(t.Context(), later, bank, now.Add(5*schedule.Day)))
	uncapped := must[Stats](t)(j.Stats(t.Context(), later, bank, time.Time{}))
	if capped.All.Due != 3 || uncapped.All.Due != 2 {
		t.Errorf("due %d with the interview, %d without; want 3 and 2", capped.All.Due, uncapped.All.Due)
	}
}

func TestReadOnlyWithoutJournal(t *testing.T) {
	folder := t.TempDir()
	j, err := OpenReadOnly(t.Context(), filepath.Join(folder, "deep", "journal.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	s := must[Stats](t)(j.Stats(t.Context(), noon, []Family{{"a", "merging", "systems"}}, time.Time{}))
	if s.Answers != 0 || s.All != (Group{Families: 1, Unseen: 1}) || len(s.Calibration) != 3 {
		t.Errorf("stats %+v", s)
	}
	text := must[[]byte](t)(json.Marshal(s))
	if bytes.Contains(text, []byte("null")) {
		t.Errorf("empty stats are written with null: %s", text)
	}
	if _, err := j.Record(t.Context(), answer("a")); err == nil {
		t.Error("an answer was taken")
	}
	if files := listing(t, folder); len(files) != 0 {
		t.Errorf("it made %q", files)
	}
}

func TestReadOnlyBesideAWriter(t *testing.T) {
	writer := openNew(t)
	record(t, writer, answer("a"))
	reader, err := OpenReadOnly(t.Context(), writer.Path(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	record(t, writer, answer("b"))
	if got := must[[]Answer](t)(reader.Answers(t.Context(), Filter{})); len(got) != 2 {
		t.Errorf("the reader sees %d answers, want 2", len(got))
	}
	if _, err := reader.Record(t.Context(), answer("a")); err == nil {
		t.Error("an answer was taken")
	}
	if _, err := reader.db.Exec("DELETE FROM answers"); err == nil {
		t.Error("answers could be deleted")
	}
}

func TestDefaultPath(t *testing.T) {
	for _, test := range []struct {
		name   string
		system string
		env    map[string]string
		want   string // "" for an error
	}{
		{"named", "linux", map[string]string{"LORALAB_JOURNAL": "my.db", "XDG_DATA_HOME": "/x", "HOME": "/h"}, "my.db"},
		{"named by nothing", "linux", map[string]string{"LORALAB_JOURNAL": "", "HOME": "/h"}, "/h/.local/share/loralab/journal.db"},
		{"home is relative", "linux", map[string]string{"HOME": "."}, ""},
		{"xdg", "linux", map[string]string{"XDG_DATA_HOME": "/x", "HOME": "/h"}, "/x/loralab/journal.db"},
		{"xdg is relative", "linux", map[string]string{"XDG_DATA_HOME": "x", "HOME": "/h"}, "/h/.local/share/loralab/journal.db"},
		{"home", "linux", map[string]string{"HOME": "/h"}, "/h/.local/share/loralab/journal.db"},
		{"bsd", "freebsd", map[string]string{"HOME": "/h"}, "/h/.local/share/loralab/journal.db"},
		{"mac", "darwin", map[string]string{"HOME": "/h"}, "/h/Library/Application Support/loralab/journal.db"},
		{"mac with xdg", "darwin", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "/x"}, "/x/loralab/journal.db"},
		{"windows", "windows", map[string]string{"LocalAppData": "/l", "USERPROFILE": "/u"}, "/l/loralab/journal.db"},
		{"windows, bare", "windows", map[string]string{"USERPROFILE": "/u"}, "/u/AppData/Local/loralab/journal.db"},
		{"nothing", "linux", nil, ""},
		{"nothing on windows", "windows", map[string]string{"HOME": "/h"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := defaultPath(test.system, func(name string) string { return test.env[name] })
			if (err != nil) != (test.want == "") || got != filepath.FromSlash(test.want) {
				t.Errorf("%q, %v; want %q", got, err, test.want)
			}
		})
	}
	if _, err := DefaultPath(func(string) string { return "/somewhere" }); err != nil {
		t.Error(err)
	}
}

// What a program does at its start and at each answer, with years of answers.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "journal.db")
	j, err := Open(b.Context(), path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := j.Record(b.Context(), randomAnswers(rand.New(rand.NewPCG(1, 0)), 20_000)...); err != nil {
		b.Fatal(err)
	}
	j.Close()
	for b.Loop() {
		j, err := Open(b.Context(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		j.Close()
	}
}

func BenchmarkRecord(b *testing.B) {
	j, err := Open(b.Context(), filepath.Join(b.TempDir(), "journal.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	now := noon
	for b.Loop() {
		now = now.Add(time.Minute)
		if _, err := j.Record(b.Context(), answer("a", func(a *Answer) { a.Time = now })); err != nil {
			b.Fatal(err)
		}
	}
}

// A commit waits for the disk: anything less than FULL may lose the last answers
// with the power. What a connection promises can't be seen from outside, so that
// it is asked.
func TestCommitsWaitForTheDisk(t *testing.T) {
	j := openNew(t)
	for pragma, want := range map[string]int{"synchronous": 2, "fullfsync": 1} {
		var got int
		if err := j.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %d (%v), want %d", pragma, got, err, want)
		}
	}
}

// Close comes while others write: what was confirmed is in the file, the rest
// was refused, and nothing is in between.
func TestCloseWaitsForWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path)
	var (
		writers   sync.WaitGroup
		mu        sync.Mutex
		confirmed = map[string]bool{}
		begun     = make(chan struct{}, 100)
	)
	for range 4 {
		writers.Go(func() {
			for {
				kept, err := j.Record(context.Background(), answer("a"))
				if err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Errorf("refused with %v, want ErrClosed", err)
					}
					return
				}
				mu.Lock()
				confirmed[kept[0].ID] = true
				mu.Unlock()
				select {
				case begun <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 8 {
		<-begun
	}
	if err := j.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	writers.Wait()
	for _, a := range must[[]Answer](t)(openAt(t, path).Answers(t.Context(), Filter{})) {
		if !confirmed[a.ID] {
			t.Errorf("answer %s is there and was not confirmed", a.ID)
		}
		delete(confirmed, a.ID)
	}
	if len(confirmed) > 0 {
		t.Errorf("%d confirmed answers are not there", len(confirmed))
	}
}

func TestClosedJournalRefuses(t *testing.T) {
	j := openNew(t)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	_, record := j.Record(t.Context(), answer("a"))
	_, answers := j.Answers(t.Context(), Filter{})
	_, memories := j.Memories(t.Context())
	_, positions := j.Positions(t.Context())
	for name, err := range map[string]error{
		"Record": record, "Answers": answers, "Memories": memories, "Positions": positions,
		"Export": j.Export(t.Context(), io.Discard), "Replay": j.Replay(t.Context()),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v, want ErrClosed", name, err)
		}
	}
	if err := j.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}
