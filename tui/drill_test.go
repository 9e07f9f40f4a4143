package tui

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"loralab/content"
	"loralab/drills"
	"loralab/drills/journal"
	"loralab/lessons"
	"loralab/lessons/lab"
)

// course is what the lessons of the content are.
func course(t *testing.T) lessons.Course {
	t.Helper()
	all, err := lessons.ParseLessons(content.FS, lessons.NewLaboratory(content.FS))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// openDrills opens the program on a drill with a fixed seed and clock.
func openDrills(t *testing.T, width, height int, o Options) *driver {
	t.Helper()
	o.Theme = Dark
	steps := course(t).Steps()
	o.Bank = func() (*drills.Bank, error) {
		return drills.ParseBank(content.FS, steps, lessons.NewLaboratory(content.FS))
	}
	if o.Start.Drill == nil && o.Start.Interview == nil {
		o.Start.Drill = &drills.SittingOptions{Step: "reparameterization", Depth: drills.Conceptual, Count: 3, Seed: 5, Now: fixedNow}
	}
	d := open(t, width, height, o)
	d.until("question 1 of ")
	return d
}

func fixedNow() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// answerRight types the key of every part.
func (d *driver) answerRight() {
	d.t.Helper()
	q := d.drill().talk.Asked().Question
	if err := q.Settle(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	for _, p := range q.Parts {
		d.press(p.Key, "enter")
	}
	d.press("3")
	d.until("next")
}

func TestDrillScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			t.Parallel()
			d := openDrills(t, size.width, size.height, Options{Start: Start{Drill: &drills.SittingOptions{Family: "reparameterization/write-it", Seed: 5, Now: fixedNow}}})
			golden := func(name string) { t.Helper(); d.golden(fmt.Sprintf("%s-%dx%d", name, size.width, size.height)) }
			golden("drill-question")
			d.send(ctrl('t'))
			golden("drill-hint")
			d.press("(((", "enter")
			d.shows("(((", "not read, which costs nothing")
			if !d.drill().typing() {
				t.Fatal("what cannot be read closed the question")
			}
			d.press("tab") // I don't know
			d.until("enter next")
			golden("drill-gave-up")
			d.press("w", "f")
			golden("drill-why")
		})
	}
}

// TestRunDecidesOnScreen: the verdict is in view and the figure of the run that
// decided is one scroll away at most.
func TestRunDecidesOnScreen(t *testing.T) {
	for _, size := range []struct{ width, height int }{{80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			t.Parallel()
			d := openDrills(t, size.width, size.height, Options{Start: Start{Drill: &drills.SittingOptions{Family: "reparameterization/smallest-rank", Seed: 5, Now: fixedNow}}})
			golden := func(name string) { t.Helper(); d.golden(fmt.Sprintf("%s-%dx%d", name, size.width, size.height)) }
			golden("drill-run-asked")
			d.press("rank 16", "enter", "3")
			d.until("enter next")
			d.shows("✗ not quite", "the run  loralab run reparameterization")
			golden("drill-run-judged")
			d.press("pgdown")
			d.shows("what each rank reaches")
			golden("drill-run-figure")
		})
	}
}

// TestLeavingADrillEndsItsRun: what goes on in the background ends with the
// screen.
func TestLeavingADrillEndsItsRun(t *testing.T) {
	begun, ended := make(chan struct{}), make(chan struct{})
	laboratory := lab.Laboratory{{
		ID: "endless", Plots: []string{"none"}, Findings: []lab.Spec{{Name: "steps", Kind: lab.KindCount}},
		Run: func(ctx context.Context, _ lab.Settings, _ *lab.Recorder) error {
			close(begun)
			<-ctx.Done()
			close(ended)
			return ctx.Err()
		},
	}}
	bank := fstest.MapFS{"drills/a.yaml": {Data: []byte(`families:
- id: merging/endless
  depth: applied
  title: Endless
  run: {experiment: endless, figure: none}
  prompt: How many steps?
  kind: count
  finding: steps
  misconceptions: [{note: none, answer: "0", words: some}]
  hints: [one, two]
  why: because
  follow-ups: ["And then?"]
`)}}
	d := open(t, 80, 24, Options{
		Theme: Dark, Start: Start{Drill: &drills.SittingOptions{Count: 1, Seed: 5, Now: fixedNow}},
		Bank: func() (*drills.Bank, error) { return drills.ParseBank(bank, []string{"merging"}, laboratory) },
	})
	d.until("How many steps?")
	<-begun
	d.press("esc")
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Error("the run goes on")
	}
}

// TestDrillKeepsAnswers: what is on the screen is in the journal.
func TestDrillKeepsAnswers(t *testing.T) {
	ctx := t.Context()
	book, j := openBook(t, filepath.Join(t.TempDir(), "journal.db"))
	defer j.Close()
	d := openDrills(t, 80, 24, Options{Notebook: book})
	family := d.drill().talk.Asked().Family.ID
	d.answerRight()
	d.shows("✓")
	answers, err := j.Answers(ctx, journal.Filter{Kind: journal.Drill, Family: family})
	if err != nil || len(answers) == 0 {
		t.Fatalf("%d answers in the journal, %v", len(answers), err)
	}
	for _, a := range answers {
		if a.Status != journal.Right || a.Confidence != drills.Sure {
			t.Errorf("kept %+v", a)
		}
	}
}

// TestDrillGoesToItsEnd: a miss comes back with other numbers, and the end says
// what came of it.
func TestDrillGoesToItsEnd(t *testing.T) {
	d := openDrills(t, 80, 24, Options{})
	first, seed := d.drill().talk.Asked().Family.ID, d.drill().talk.Asked().Question.Seed
	d.press("tab")
	d.until("it comes back")
	d.press("enter")
	again := false
	for range 40 {
		if d.drill().talk.Asked() == nil {
			break
		}
		if a := d.drill().talk.Asked(); a.Family.ID == first && a.Repeat {
			d.shows(", again")
			again = true
			if a.Question.Seed == seed {
				t.Error("the numbers are the same")
			}
		}
		d.answerRight()
		d.press("enter")
	}
	if !again {
		t.Error("a miss does not come back")
	}
	d.shows("That was it", "right at once", "worth another look")
	d.press("esc")
	d.shows("LoRA, by running it")
}

func TestInterviewOnScreen(t *testing.T) {
	d := openDrills(t, 80, 24, Options{Start: Start{Interview: &drills.InterviewOptions{Minutes: 5, Seed: 3, Now: fixedNow}}})
	d.shows("interview · question 1 of about 5 · 5 min")
	for range 60 {
		if d.drill().talk.Asked() == nil {
			break
		}
		d.answerRight()
		d.press("enter")
	}
	d.shows("The scorecard")
	text := strings.Join(d.drill().text.lines, "\n")
	for _, want := range append(course(t).Steps(), "by depth", "by step", "what a good answer says") {
		if !strings.Contains(text, want) {
			t.Errorf("the scorecard does not name %s", want)
		}
	}
}

func TestProgressScreen(t *testing.T) {
	book, j := openBook(t, filepath.Join(t.TempDir(), "journal.db"))
	defer j.Close()
	d := openDrills(t, 80, 24, Options{Notebook: book})
	d.press("esc")
	d.until("progress")
	d.press("p")
	d.until("none was answered yet")
	d.press("esc", "d")
	d.until("question 1 of")
	d.answerRight()
	d.press("esc")
	d.until("progress")
	d.press("p")
	d.until("questions in the bank")
	d.press("f", "f", "f", "f")
	d.shows("▸calibration")
}

// TestLettersGoIntoTheAnswer: no letter is a command while an answer is typed.
func TestLettersGoIntoTheAnswer(t *testing.T) {
	d := openDrills(t, 80, 24, Options{})
	d.press("qbdip?wfx")
	if got := d.drill().field().value(); got != "qbdip?wfx" {
		t.Errorf("the answer line holds %q", got)
	}
}
