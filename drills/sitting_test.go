package drills

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"loralab/drills/journal"
	"loralab/drills/schedule"
	"loralab/drills/verdict"
	"loralab/lessons"
)

// smallBank has the given number of questions for each step and depth. Every
// question is the count of a LoRA layer; some lead to a follow-up.
func smallBank(t testing.TB, each int) *Bank {
	t.Helper()
	fsys := fstest.MapFS{}
	for i, step := range courseSteps() {
		text := "families:\n"
		for _, depth := range Depths() {
			for n := range each {
				text += fmt.Sprintf(`
- id: %s/%s-%d
  depth: %s
  title: Count %d
  draw: {d: 10..40, k: 50..90, r: 2..6}
  prompt: How many numbers does LoRA train at d = {{d}}, k = {{k}}, r = {{r}}?
  kind: count
  key: lora-params
  misconceptions:
  - {note: product, answer: r*d*k, words: A and B are two matrices.}
  hints: [Two matrices., A is r×k and B is d×r.]
  why: A has {{r}}·{{k}} entries, B has {{d}}·{{r}}.
  follow-ups: ["And in full?"]
`, step, depth, n, depth, n)
			}
		}
		fsys[fmt.Sprintf("drills/%d.yaml", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	b, err := ParseBank(fsys, courseSteps(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// page is a question with two parts.
const page = `
families:
- id: counting/page
  depth: applied
  title: Both
  draw: {d: 10..40, k: 50..90, r: 2..6}
  prompt: A layer of {{d}}×{{k}}, rank {{r}}.
  parts:
  - ask: What does LoRA train?
    kind: count
    key: lora-params
    misconceptions: [{note: product, answer: r*d*k, words: two matrices}]
  - ask: And full fine-tuning?
    kind: count
    key: full-params
    misconceptions: [{note: sum, answer: d+k, words: a product}]
  hints: [one, two]
  why: because
  follow-ups: ["next?"]
`

func pageBank(t testing.TB) *Bank {
	t.Helper()
	b, err := ParseBank(fstest.MapFS{"drills/page.yaml": {Data: []byte(page)}}, courseSteps(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// memoryOnly is a notebook that writes nothing down: the journal has its own
// tests.
func memoryOnly(t testing.TB) *lessons.Notebook {
	t.Helper()
	book, err := lessons.NewNotebook(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// desk is a learner's journal with a clock that the test turns.
type desk struct {
	t    testing.TB
	ctx  context.Context
	j    *journal.Journal
	book *lessons.Notebook
	time time.Time
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	ctx := context.Background()
	j, err := journal.Open(ctx, filepath.Join(t.TempDir(), "journal.db"), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	book, err := lessons.NewNotebook(ctx, j)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t, ctx, j, book, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
}

func (d *desk) now() time.Time { return d.time }

func (d *desk) sit(b *Bank, o SittingOptions) *Sitting {
	d.t.Helper()
	o.Now = d.now
	if o.Seed == 0 {
		o.Seed = 7
	}
	s, err := NewSitting(d.ctx, b, d.book, o)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *desk) answers(f journal.Filter) []journal.Answer {
	d.t.Helper()
	all, err := d.j.Answers(d.ctx, f)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// right is the right answer to a question, as a learner who knows it writes it.
func right(a *Asked) string {
	var all []string
	for _, p := range a.Question.Parts {
		all = append(all, p.Key)
	}
	return a.Page(all)
}

const wrong = "1"

type asker interface {
	Next() (*Asked, bool)
	Answer(context.Context, *Asked, string, Confidence) (Result, error)
}

// play answers everything; knows decides what is right. The clock goes on by
// delay for each question.
func (d *desk) play(from asker, delay time.Duration, knows func(*Asked) bool) []*Asked {
	d.t.Helper()
	var all []*Asked
	for {
		a, ok := from.Next()
		if !ok {
			return all
		}
		all = append(all, a)
		if len(all) > 500 {
			d.t.Fatal("it does not end")
		}
		text := wrong
		if knows(a) {
			text = right(a)
		}
		d.time = d.time.Add(delay)
		for a.Open() {
			r, err := from.Answer(d.ctx, a, text, Think)
			if err != nil {
				d.t.Fatal(err)
			}
			if want := text != wrong; (r.Status == verdict.Right) != want {
				d.t.Fatalf("%s: %q is %v: %s", a.Family.ID, text, r.Status, r.Feedback)
			}
		}
	}
}

func always(yes bool) func(*Asked) bool { return func(*Asked) bool { return yes } }

func TestSittingChooses(t *testing.T) {
	bank := smallBank(t, 1) // 25 questions
	for _, test := range []struct {
		name    string
		options SittingOptions
		want    int
	}{
		{"a handful when nothing is due", SittingOptions{}, 5},
		{"as many as asked for", SittingOptions{Count: 9}, 9},
		{"of one step", SittingOptions{Step: "merging"}, 5},
		{"of one depth", SittingOptions{Depth: Systems, Count: 3}, 3},
		{"of one step and depth", SittingOptions{Step: "merging", Depth: Systems}, 1},
		{"round again when there are fewer", SittingOptions{Step: "merging", Count: 8}, 8},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			asked := d.play(d.sit(bank, test.options), time.Second, always(true))
			if len(asked) != test.want {
				t.Errorf("%d questions, want %d", len(asked), test.want)
			}
			seeds := map[string]bool{}
			for i, a := range asked {
				if s, dep := test.options.Step, test.options.Depth; s != "" && a.Family.Step != s || dep != "" && a.Family.Depth != dep {
					t.Errorf("%s is not of %q, %q", a.Family.ID, s, dep)
				}
				if a.Number != i+1 || a.Of != test.want {
					t.Errorf("question %d is numbered %d of %d, want of %d", i+1, a.Number, a.Of, test.want)
				}
				if i > 0 && asked[i-1].Family == a.Family {
					t.Errorf("%s is its own neighbour", a.Family.ID)
				}
				seeds[fmt.Sprint(a.Family.ID, a.Question.Seed)] = true
			}
			if len(seeds) != len(asked) {
				t.Errorf("%d different questions of %d", len(seeds), len(asked))
			}
		})
	}
}

func TestSittingRefuses(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	for _, o := range []SittingOptions{{Step: "mergin"}, {Depth: "deep"}, {Count: -1}, {Count: MaxQuestions + 1}} {
		if _, err := NewSitting(d.ctx, bank, d.book, o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

func TestSittingBringsNewFamiliesInTheOrderOfTheCourse(t *testing.T) {
	d := newDesk(t)
	asked := d.play(d.sit(smallBank(t, 1), SittingOptions{Count: 25}), time.Second, always(true))
	for i := 1; i < len(asked); i++ {
		a, b := asked[i-1].Family, asked[i].Family
		if slices.Index(courseSteps(), a.Step) > slices.Index(courseSteps(), b.Step) || a.Step == b.Step && depthIndex(a.Depth) >= depthIndex(b.Depth) {
			t.Errorf("%s before %s", a.ID, b.ID)
		}
	}
}

func TestSittingMixesWhatIsDue(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	d.play(d.sit(bank, SittingOptions{Count: 25}), time.Second, always(true))
	d.time = d.time.Add(30 * schedule.Day)
	asked := d.play(d.sit(bank, SittingOptions{}), time.Second, always(true))
	if len(asked) != plenty {
		t.Errorf("%d questions of 25 that are due, want %d", len(asked), plenty)
	}
	for i := 1; i < len(asked); i++ {
		if asked[i-1].Family.Step == asked[i].Family.Step {
			t.Errorf("questions %d and %d are both of %s", i, i+1, asked[i].Family.Step)
		}
	}
}

func TestSittingSureButWrongComesFirst(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	s := d.sit(bank, SittingOptions{Step: "counting"})
	var sure *Family
	for a, ok := s.Next(); ok && sure == nil; a, ok = s.Next() {
		c, text := Guess, wrong
		if a.Number == 3 {
			c, sure = Sure, a.Family
		}
		if _, err := s.Answer(d.ctx, a, text, c); err != nil {
			t.Fatal(err)
		}
	}
	d.time = d.time.Add(schedule.Day)
	a, _ := d.sit(bank, SittingOptions{}).Next()
	if a.Family != sure {
		t.Errorf("%s comes first, want %s", a.Family.ID, sure.ID)
	}
}

func TestSittingMissComesBackUntilRightTwice(t *testing.T) {
	d := newDesk(t)
	var missed *Family
	s := d.sit(smallBank(t, 1), SittingOptions{Count: 12})
	asked := d.play(s, time.Second, func(a *Asked) bool {
		if a.Number == 2 {
			missed = a.Family
		}
		return a.Number != 2
	})
	var turns []int
	prompts := map[string]bool{}
	for i, a := range asked {
		if a.Family != missed {
			continue
		}
		turns = append(turns, i)
		prompts[a.Question.Prompt] = true
		if a.Repeat != (len(turns) > 1) {
			t.Errorf("turn %d: repeat is %v", i, a.Repeat)
		}
	}
	if len(turns) != 3 || len(prompts) != 3 {
		t.Fatalf("asked at turns %v with %d different numbers, want three times with three", turns, len(prompts))
	}
	for i := 1; i < len(turns); i++ {
		if between := turns[i] - turns[i-1] - 1; between < 3 || between > 5 {
			t.Errorf("%d questions between, want 3 to 5", between)
		}
	}
	if asked[0].Of != 12 || asked[1].Of != 14 || asked[2].Of != 14 {
		t.Errorf("of %d, %d, %d; want 12, 14 once it was missed, 14", asked[0].Of, asked[1].Of, asked[2].Of)
	}
	sum := s.Summary()
	if sum.Asked != 14 || sum.Right != 13 || !slices.Equal(sum.Review, []*Family{missed}) || len(sum.Comeback) != 12 {
		t.Errorf("summary %+v, want 13 of 14 right, %s to review, 12 families", sum, missed.ID)
	}
	memories, err := d.j.Memories(d.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range sum.Comeback { // what is said of the schedule is what the journal has
		i := slices.IndexFunc(memories, func(m journal.Memory) bool { return m.Family == c.Family.ID })
		if i < 0 || !memories[i].State.Due.Equal(c.Due) {
			t.Errorf("%s is said to be due %v; the journal says %+v", c.Family.ID, c.Due, memories[i].State.Due)
		}
	}
}

func TestSittingHintIsAMiss(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 1), SittingOptions{})
	a, _ := s.Next()
	hint, left := a.Hint()
	if hint != "Two matrices." || left != 1 {
		t.Errorf("hint %q, %d left", hint, left)
	}
	if hint, left = a.Hint(); hint == "" || left != 0 {
		t.Errorf("hint %q, %d left", hint, left)
	}
	if hint, left = a.Hint(); hint != "" || left != 0 {
		t.Errorf("a third hint %q, %d left", hint, left)
	}
	if r, err := s.Answer(d.ctx, a, right(a), Sure); err != nil || r.Status != verdict.Right {
		t.Fatal(r, err)
	}
	if got := d.answers(journal.Filter{})[0]; got.Rating != schedule.Again || got.Hints != 2 || got.Status != journal.Right {
		t.Errorf("kept %+v, want right, two hints, again", got)
	}
	if sum := s.Summary(); sum.Right != 0 || sum.Hinted != 1 || !a.Missed() {
		t.Errorf("summary %+v, want one right after a hint", sum)
	}
	b, _ := s.Next()
	if _, err := s.Answer(d.ctx, b, right(b), Sure); err != nil {
		t.Fatal(err)
	}
	b.Hint() // afterwards it costs nothing
	if b.Missed() || s.Summary().Right != 1 {
		t.Error("a hint after the verdict counts")
	}
}

func TestSittingInvalidCostsNothing(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 1), SittingOptions{})
	a, _ := s.Next()
	if echo, trouble, err := a.Read("many", 1); echo != "" || trouble == "" || err != nil {
		t.Errorf("read as %q, %q, %v", echo, trouble, err)
	}
	if len(d.answers(journal.Filter{})) != 0 {
		t.Error("reading alone was written down")
	}
	r, err := s.Answer(d.ctx, a, "many", Sure)
	if err != nil || r.Status != verdict.Invalid || !a.Open() {
		t.Fatalf("%v, %v, open %v; want invalid and open", r.Status, err, a.Open())
	}
	got := d.answers(journal.Filter{})
	if len(got) != 1 || got[0].Status != journal.Invalid || got[0].Rating != 0 || got[0].Raw != "many" {
		t.Errorf("kept %+v, want one invalid answer that is no review", got)
	}
	if err := s.Contest(d.ctx, a); !errors.Is(err, ErrNotAnswered) {
		t.Errorf("contesting nothing: %v", err)
	}
	if err := s.Refused(d.ctx, a, "lots", 1); err != nil {
		t.Error(err)
	}
	for _, text := range []string{" ", right(a)} { // a blank line and what can be read are not refused
		if err := s.Refused(d.ctx, a, text, 1); err != nil {
			t.Error(err)
		}
	}
	if n := len(d.answers(journal.Filter{})); n != 2 {
		t.Errorf("%d answers are kept, want 2", n)
	}
	if echo, _, _ := a.Read("2^6", 1); !strings.Contains(echo, "2⁶") {
		t.Errorf("2^6 is read as %q", echo)
	}
	if r, err = s.Answer(d.ctx, a, right(a), Sure); err != nil || r.Status != verdict.Right || a.Missed() {
		t.Errorf("then %v, %v, missed %v; want right", r.Status, err, a.Missed())
	}
	if _, err = s.Answer(d.ctx, a, right(a), Sure); !errors.Is(err, ErrAnswered) {
		t.Errorf("a second answer: %v", err)
	}
}

// TestSittingWritesBeforeItTells fails the journal under an answer: then there
// is no verdict, and the question is still open.
func TestSittingWritesBeforeItTells(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 1), SittingOptions{})
	a, _ := s.Next()
	cancelled, cancel := context.WithCancel(d.ctx)
	cancel()
	if _, err := s.Answer(cancelled, a, right(a), Sure); err == nil {
		t.Fatal("an answer that could not be written was graded")
	}
	if !a.Open() || a.Missed() || s.Summary().Asked != 0 || len(d.answers(journal.Filter{})) != 0 {
		t.Error("it left something behind")
	}
	if _, err := s.Answer(d.ctx, a, wrong, Sure); err != nil {
		t.Fatal(err)
	}
	// Another program sees it although this one was never closed.
	other, err := journal.OpenReadOnly(d.ctx, d.j.Path(), journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	got, err := other.Answers(d.ctx, journal.Filter{})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d answers, %v; want 1", len(got), err)
	}
	want := journal.Answer{
		ID: got[0].ID, Time: d.time, Session: d.book.Session(), Kind: journal.Drill, Family: a.Family.ID, Seed: a.Question.Seed,
		Raw: wrong, Echo: got[0].Echo, Status: journal.Wrong, Note: got[0].Note, Confidence: Sure, Rating: schedule.Again,
	}
	if fmt.Sprint(got[0]) != fmt.Sprint(want) || got[0].Note == "" {
		t.Errorf("kept\n%+v, want\n%+v", got[0], want)
	}
}

func TestSittingContest(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 1), SittingOptions{})
	a, _ := s.Next()
	if _, err := s.Answer(d.ctx, a, wrong, Sure); err != nil {
		t.Fatal(err)
	}
	if err := s.Contest(d.ctx, a); err != nil {
		t.Fatal(err)
	}
	if got := d.answers(journal.Filter{}); !got[0].Contested || got[0].Status != journal.Wrong {
		t.Errorf("kept %+v, want contested, still wrong", got[0])
	}
}

func TestSittingGiveUp(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 1), SittingOptions{})
	a, _ := s.Next()
	r, err := s.GiveUp(d.ctx, a)
	if err != nil || r.Status != verdict.Wrong || r.Key != a.Question.Parts[0].Key || a.Open() || !a.Missed() {
		t.Errorf("%+v, %v, open %v; want wrong, the key, closed", r, err, a.Open())
	}
	if got := d.answers(journal.Filter{}); got[0].Note != gaveUp || got[0].Rating != schedule.Again {
		t.Errorf("kept %+v", got[0])
	}
}

func TestSittingPassedOver(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 1), SittingOptions{Count: 2})
	s.Next()
	a, _ := s.Next()
	if _, err := s.Answer(d.ctx, a, right(a), Sure); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Next(); ok {
		t.Error("what was passed over is asked again")
	}
	if sum := s.Summary(); sum.Asked != 1 || sum.Passed != 1 || len(d.answers(journal.Filter{})) != 1 {
		t.Errorf("summary %+v, want one answered, one passed over", sum)
	}
}

func TestSittingPage(t *testing.T) {
	for _, test := range []struct {
		name         string
		first        bool
		second       bool
		status       journal.Status
		rated, parts int
	}{
		{"all right", true, true, journal.Right, 1, 2},
		{"the first wrong", false, true, journal.Wrong, 1, 2},
		{"the second wrong", true, false, journal.Wrong, 2, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			s := d.sit(pageBank(t), SittingOptions{Count: 1})
			a, _ := s.Next()
			texts := []string{wrong, wrong}
			for i, knows := range []bool{test.first, test.second} {
				if knows {
					texts[i] = a.Question.Parts[i].Key
				}
			}
			r, err := s.Answer(d.ctx, a, a.Page(texts), Think)
			if err != nil {
				t.Fatal(err)
			}
			if all := test.first && test.second; (r.Status == verdict.Right) != all || a.Missed() == all {
				t.Errorf("%v, missed %v", r.Status, a.Missed())
			}
			rows := d.answers(journal.Filter{})
			rated := 0
			for _, row := range rows {
				if row.Rating > 0 {
					rated = row.Part
				}
			}
			if len(rows) != test.parts || rated != test.rated {
				t.Errorf("%d rows, part %d carries the rating; want %d, %d", len(rows), rated, test.parts, test.rated)
			}
			memories, err := d.j.Memories(d.ctx)
			if err != nil || len(memories) != 1 || memories[0].Last.Status != test.status || memories[0].State.Reps != 1 {
				t.Errorf("memory %+v, %v; want one review, the last %s", memories, err, test.status)
			}
			if err := s.Contest(d.ctx, a); err != nil {
				t.Fatal(err)
			}
			for _, row := range d.answers(journal.Filter{}) {
				if row.Contested != (row.Status != journal.Right) {
					t.Errorf("part %d, %s: contested is %v", row.Part, row.Status, row.Contested)
				}
			}
		})
	}
}

func TestSittingInterviewDateCapsIntervals(t *testing.T) {
	bank := smallBank(t, 1)
	for _, test := range []struct {
		name  string
		in    time.Duration // until the interview, 0 for none
		after time.Duration // the second sitting
		first bool          // whether it begins with what was answered
	}{
		{"no date", 0, 3 * schedule.Day, false},
		{"ten days", 10 * schedule.Day, 3 * schedule.Day, true},
		{"ten days, too early", 10 * schedule.Day, schedule.Day, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			// Right three times when due: the next review would be in 11 days.
			var family *Family
			for _, later := range []time.Duration{0, 10 * time.Minute, 2 * schedule.Day} {
				d.time = d.time.Add(later)
				s := d.sit(bank, SittingOptions{Step: "counting", Count: 1})
				a, _ := s.Next()
				if family == nil {
					family = a.Family
				}
				if a.Family != family {
					t.Fatalf("%s is not due", family.ID)
				}
				if _, err := s.Answer(d.ctx, a, right(a), Sure); err != nil {
					t.Fatal(err)
				}
			}
			o := SittingOptions{Step: "counting", Count: 1}
			if test.in > 0 {
				o.Interview = d.time.Add(test.in)
			}
			d.time = d.time.Add(test.after)
			a, _ := d.sit(bank, o).Next()
			if (a.Family == family) != test.first {
				t.Errorf("%v later %s is asked; %s first is %v, want %v", test.after, a.Family.ID, family.ID, a.Family == family, test.first)
			}
		})
	}
}

func TestSittingFollow(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	s := d.sit(bank, SittingOptions{Step: "counting"})
	a, _ := s.Next()
	if _, err := s.Answer(d.ctx, a, right(a), Sure); err != nil {
		t.Fatal(err)
	}
	if s.Follow(FollowUp{Text: "in words only"}) {
		t.Error("a follow-up without a family is asked")
	}
	if !s.Follow(FollowUp{Family: "merging/systems-0"}) {
		t.Error("the follow-up is not taken")
	}
	b, ok := s.Next()
	if !ok || b.Family.ID != "merging/systems-0" || b.Number != 2 {
		t.Fatalf("question %d is %s", b.Number, b.Family.ID)
	}
	if _, err := s.Answer(d.ctx, b, wrong, Sure); err != nil {
		t.Fatal(err)
	}
	back := 0
	for _, c := range d.play(s, time.Second, always(true)) {
		if c.Family == b.Family {
			back++
		}
	}
	if back != 2 {
		t.Errorf("a missed follow-up comes back %d times, want 2", back)
	}
}

func TestSittingWithoutAJournal(t *testing.T) {
	book, err := lessons.NewNotebook(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.book = book
	s := d.sit(smallBank(t, 1), SittingOptions{})
	asked := d.play(s, time.Second, func(a *Asked) bool { return a.Number != 1 })
	if len(asked) != 7 {
		t.Errorf("%d questions, want 5 and a miss twice more", len(asked))
	}
	if err := s.Contest(d.ctx, asked[0]); err != nil {
		t.Error(err)
	}
	if sum := s.Summary(); sum.Asked != 7 || len(sum.Comeback) != 5 || !sum.Comeback[0].Due.After(d.time.Add(-time.Hour)) {
		t.Errorf("summary %+v", sum)
	}
}

func TestUntil(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		in   time.Duration
		want string
	}{
		{-time.Hour, "now"}, {30 * time.Second, "now"}, {time.Minute, "in a minute"}, {10 * time.Minute, "in 10 minutes"},
		{3 * time.Hour, "in 3 hours"}, {22 * time.Hour, "in a day"}, {schedule.Day, "in a day"}, {47 * time.Hour, "in 2 days"}, {54 * schedule.Day, "in 54 days"},
	} {
		if got := Until(now.Add(test.in), now); got != test.want {
			t.Errorf("%v is %q, want %q", test.in, got, test.want)
		}
	}
}
