package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/tools/txtar"

	"loralab/drills"
	"loralab/drills/journal"
	"loralab/lessons"
	"loralab/tui"
)

// A move is one thing that a learner does: by keys on the screen, by a line in
// plain text. Both stand for the same deed.
type move struct {
	keys  []string
	line  string
	waits string // what the screen shows then
}

// typed is an answer. On the screen it stands in place of what was typed there
// before.
func typed(text, waits string) move {
	return move{[]string{"ctrl+u", text, "enter"}, text, waits}
}

func pressed(key, line, waits string) move { return move{[]string{key}, line, waits} }

// TestFacesAgree sends the same deeds through the screen and through plain text:
// the journals agree row by row, and so does every verdict in its words.
func TestFacesAgree(t *testing.T) {
	for _, test := range []struct {
		name, content string
		plain         []string // the command that talks in plain text
		start         func(*testing.T, *laboratory) tui.Start
		moves         []move
	}{
		{"lesson", "lesson.txtar", []string{"lesson", "1"}, startLesson, []move{
			typed("many", "is not read here"),
			typed("63", "how sure?"),
			pressed("3", "3", "✗ not quite"),
			{keys: []string{"n"}, waits: "· 2 of 2"}, // plain text goes on by itself
			pressed("2", "2", "how sure?"),
			pressed("1", "1", "✗ not quite"),
		}},
		{"lesson not known", "lesson.txtar", []string{"lesson", "1"}, startLesson, []move{
			typed("idk", "not predicted"),
			{keys: []string{"n"}, waits: "· 2 of 2"},
			pressed("1", "1", "how sure?"),
			pressed("2", "2", "✓ right"),
		}},
		{"lesson with a goal", "goal.txtar", []string{"lesson", "1"}, startLesson, []move{
			typed("idk", "still to be reached"),
			pressed("ctrl+t", "hint", "→ Fewer numbers"),
			{[]string{"left"}, "set rank=1\nrun", "✓ reached with rank 1"}, // on the screen a turned knob runs by itself
			{keys: []string{"n"}, waits: "· 2 of 2"},
			typed("idk", "not predicted"),
		}},
		{"drill", "drill.txtar", []string{"drill", "--step", "counting", "-n", "2", "--seed", "5"}, startDrill, []move{
			typed("%%%", "costs nothing"),
			typed("70", "how sure?"),
			pressed("3", "3", "enter next"),
			pressed("x", "3", "contested"),
			pressed("enter", "", "question 2"),
			pressed("ctrl+t", "?", "hint 1"),
			typed("two", "how sure?"),
			pressed("2", "2", "enter next"),
			pressed("w", "1", "enter next"),
			pressed("enter", "", "question 3"),
			typed("I don't know", "not answered"),
			pressed("enter", "", "question 4"),
			pressed("ctrl+o", "skip", "question"),
			pressed("ctrl+x", "stop", "That was it"),
		}},
		{"interview", "interview.txtar", []string{"interview", "--minutes", "6", "--seed", "1"}, startInterview, []move{
			typed("70", "how sure?"),
			pressed("3", "3", "Not yet. A hint"),
			typed("24", "how sure?"),
			pressed("2", "2", "✓ right"),
			pressed("enter", "", "question 2"),
			pressed("tab", "give up", "Fair enough. A hint"),
			typed("35", "how sure?"),
			pressed("1", "1", "✗ not quite"),
			pressed("x", "3", "contested"),
			pressed("ctrl+x", "4", "The scorecard"),
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := unpack(t, test.content)
			screen := onScreen(t, dir, test.start, test.moves)
			plain := inPlainText(t, dir, test.plain, test.moves)
			if got, want := plain.verdicts, screen.verdicts; !reflect.DeepEqual(got, want) {
				t.Errorf("plain text judges %q, the screen %q", got, want)
			}
			if len(screen.verdicts) < 2 {
				t.Errorf("verdicts %q: too few to compare", screen.verdicts)
			}
			if !reflect.DeepEqual(plain.rows, screen.rows) {
				t.Errorf("the journal of plain text has\n%s\nand the screen's has\n%s", strings.Join(plain.rows, "\n"), strings.Join(screen.rows, "\n"))
			}
			if all := strings.Join(screen.rows, "\n"); test.plain[0] == "lesson" && (strings.Count(all, "run {") < 2 || !strings.Contains(all, `"done":true`)) {
				t.Errorf("two pages were run to the end of the lesson, and the journal has\n%s", all)
			}
			if len(screen.rows) < 3 {
				t.Errorf("rows %q: too few to compare", screen.rows)
			}
		})
	}
}

// outcome is what came of a face.
type outcome struct {
	verdicts []string
	rows     []string // of the journal
}

// unpack writes the folder "small" of a script to disk.
func unpack(t *testing.T, script string) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "script", script))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		name, ok := strings.CutPrefix(f.Name, "small/")
		if !ok {
			continue
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func startLesson(t *testing.T, l *laboratory) tui.Start {
	all, err := l.lessons()
	if err != nil {
		t.Fatal(err)
	}
	return tui.Start{Lesson: all[0]}
}

func startDrill(*testing.T, *laboratory) tui.Start {
	return tui.Start{Drill: &drills.SittingOptions{Step: "counting", Count: 2, Seed: 5}}
}

func startInterview(*testing.T, *laboratory) tui.Start {
	return tui.Start{Interview: &drills.InterviewOptions{Minutes: 6, Seed: 1}}
}

// judgedOnScreen is a line that says what became of an answer.
var judgedOnScreen = regexp.MustCompile(`(?m)^ *[✓◐✗·] ((?:\d\. )?(?:right|not)\b.*?)(?:   .*)?$`)

func onScreen(t *testing.T, dir string, start func(*testing.T, *laboratory) tui.Start, moves []move) outcome {
	t.Helper()
	l := newLaboratory()
	l.contentDir = dir
	j, book := openBook(t)
	all, _ := l.lessons() // a bank may come without lessons
	model := tea.Model(tui.New(tui.Options{Lessons: all, Lab: l.experiment, Notebook: book, Start: start(t, l), Theme: tui.Dark, Bank: l.bank}))
	msgs := make(chan tea.Msg, 64)
	run := func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		go func() {
			select {
			case msgs <- cmd():
			case <-t.Context().Done():
			}
		}()
	}
	send := func(msg tea.Msg) {
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, cmd := range batch {
				run(cmd)
			}
			return
		}
		var cmd tea.Cmd
		model, cmd = model.Update(msg)
		run(cmd)
	}
	shown := func() string { return ansi.Strip(model.View().Content) }
	until := func(text string) {
		t.Helper()
		hang := time.After(time.Minute)
		for !strings.Contains(shown(), text) {
			select {
			case msg := <-msgs:
				send(msg)
			case <-hang:
				t.Fatalf("the screen never shows %q:\n%s", text, shown())
			}
		}
	}
	run(model.Init())
	send(tea.WindowSizeMsg{Width: 160, Height: 60})
	until("1 of ")
	var o outcome
	before := ""
	for _, m := range moves {
		for _, k := range m.keys {
			for _, press := range presses(k) {
				send(press)
			}
		}
		until(m.waits)
		now := strings.Join(judged(judgedOnScreen, shown()), "|")
		if now != before && now != "" && !strings.Contains(shown(), "The scorecard") {
			o.verdicts = append(o.verdicts, strings.Split(now, "|")...)
		}
		before = now
	}
	o.rows = rows(t, j)
	return o
}

// presses are the keys of a name, or of a text that is typed.
func presses(name string) []tea.KeyPressMsg {
	named := map[string]rune{"enter": tea.KeyEnter, "tab": tea.KeyTab, "left": tea.KeyLeft}
	if code, ok := named[name]; ok {
		return []tea.KeyPressMsg{{Code: code}}
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return []tea.KeyPressMsg{{Code: rune(letter[0]), Mod: tea.ModCtrl}}
	}
	var all []tea.KeyPressMsg
	for _, r := range name {
		all = append(all, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return all
}

var judgedInText = regexp.MustCompile(`(?m)^(?:> )*((?:\d\. )?(?:Right|Not)\b(?: quite| answered| predicted|:| in part).*|Right)\.$`)

func inPlainText(t *testing.T, dir string, args []string, moves []move) outcome {
	t.Helper()
	var in strings.Builder
	for _, m := range moves {
		if len(m.keys) == 1 && m.line == "" && m.keys[0] != "enter" { // a key that plain text does not need
			continue
		}
		in.WriteString(m.line + "\n")
	}
	file := filepath.Join(t.TempDir(), "journal.db")
	var out bytes.Buffer
	root := newRoot()
	root.SetArgs(append(args, "--plain", "--content", dir, "--journal", file))
	root.SetIn(strings.NewReader(in.String()))
	root.SetOut(&out)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	j, err := journal.Open(t.Context(), file, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	text, _, _ := strings.Cut(out.String(), "The scorecard")
	return outcome{judged(judgedInText, text), rows(t, j)}
}

// judged are the verdicts in a text, in small letters.
func judged(pattern *regexp.Regexp, text string) []string {
	var all []string
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		all = append(all, strings.ToLower(strings.TrimRight(m[1], ". ")))
	}
	return all
}

func openBook(t *testing.T) (*journal.Journal, *lessons.Notebook) {
	t.Helper()
	j, err := journal.Open(t.Context(), filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	book, err := lessons.NewNotebook(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return j, book
}

// rows are all that a journal has, without what is another in every sitting:
// times, ids, timings.
func rows(t *testing.T, j *journal.Journal) []string {
	t.Helper()
	ctx := context.Background()
	var all []string
	add := func(kind string, v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, kind+" "+string(text))
	}
	answers, err := j.Answers(ctx, journal.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		a.ID, a.Time, a.Session = "", time.Time{}, ""
		add("answer", a)
	}
	runs, err := j.Runs(ctx, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		r.ID, r.Time, r.Session = "", time.Time{}, ""
		var findings map[string]struct {
			Value    any
			Measured bool
		}
		if err := json.Unmarshal(r.Findings, &findings); err != nil {
			t.Fatal(err)
		}
		for name, f := range findings {
			if f.Measured {
				delete(findings, name)
			}
		}
		r.Findings = nil
		add("run", r)
		add("found", findings)
	}
	goals, err := j.Goals(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goals {
		g.Time, g.Session = time.Time{}, ""
		add("goal", g)
	}
	positions, err := j.Positions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range positions {
		p.Time = time.Time{}
		add("position", p)
	}
	memories, err := j.Memories(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range memories {
		add("memory", []any{m.Family, m.State.Reps, m.State.Lapses})
	}
	slices.Sort(all) // what came in one millisecond has no order
	return all
}
