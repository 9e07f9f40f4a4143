package tui

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"loralab/drills"
	"loralab/drills/journal"
)

// TestScreens goes the way of a learner at both sizes and keeps what is seen.
func TestScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			t.Parallel()
			d := open(t, size.width, size.height, Options{Theme: Dark})
			golden := func(name string) { t.Helper(); d.golden(fmt.Sprintf("%s-%dx%d", name, size.width, size.height)) }
			golden("home")
			d.press("enter")
			golden("question")
			d.press("2344", "enter")
			golden("confidence")
			d.press("2")
			d.until("done in")
			golden("watch")
			if size.width < 100 { // text and figure take turns
				d.press("enter")
				golden("explain")
				d.press("f")
			} else {
				d.press("z")
				golden("zoomed")
				d.press("z")
			}
			d.press("f")
			golden("second-figure")
			d.press("a", "right")
			golden("turned")
			d.press("space")
			d.until("done in")
			if size.width < 100 {
				d.press("z") // the text
			}
			d.until("(asked of rank 4)")
			d.press("?")
			golden("help")
			d.press("x", "n", "esc", "b")
			golden("bench")
		})
	}
}

func TestThemesAndInks(t *testing.T) {
	for name, o := range map[string]Options{
		"dark": {Theme: Dark}, "light": {Theme: Light}, "mono": {Theme: Dark, Mono: true}, "ascii": {Theme: Dark, ASCII: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, 80, 24, o)
			d.compare("home-"+name, d.app.View().Content)
			if mono := !strings.Contains(d.app.View().Content, "\x1b[38"); mono != o.Mono {
				t.Errorf("mono is %v, colour sequences absent is %v", o.Mono, mono)
			}
		})
	}
}

// TestBackgroundTurnsTheTheme: dark until the terminal answers.
func TestBackgroundTurnsTheTheme(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Auto})
	dark := d.app.View().Content
	d.send(tea.BackgroundColorMsg{Color: lightGround{}})
	if d.app.View().Content == dark {
		t.Error("a light ground changes nothing")
	}
	given := open(t, 80, 24, Options{Theme: Dark})
	given.send(tea.BackgroundColorMsg{Color: lightGround{}})
	if given.app.View().Content != dark {
		t.Error("a given theme is overruled")
	}
}

type lightGround struct{}

func (lightGround) RGBA() (r, g, b, a uint32) { return 0xffff, 0xffff, 0xffff, 0xffff }

// TestEverySize draws every screen at sizes from nothing to large.
func TestEverySize(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	check := func(where string) {
		for _, w := range []int{1, 5, 20, 40, 79, 80, 99, 100, 101, 200} {
			for _, h := range []int{1, 3, 6, 10, 24, 60} {
				d.send(tea.WindowSizeMsg{Width: w, Height: h})
				lines := strings.Split(d.screen(), "\n")
				if want := max(h, 5); len(lines) != want {
					t.Errorf("%s at %dx%d: %d lines, want %d", where, w, h, len(lines), want)
				}
			}
		}
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	}
	d.send(tea.WindowSizeMsg{}) // before the terminal has said its size
	check("home")
	d.press("enter")
	check("question")
	d.press("tab")
	d.until("done in")
	check("watch")
	d.press("enter")
	check("explain")
	d.press("b")
	check("still the lesson")
	d.press("esc", "b")
	check("bench")
	d.press("esc", "down", "down", "P")
	check("class")
	d.press("75", "enter", "right", "space")
	d.ran()
	d.press("t")
	check("class, truth")
	d.press("w", "g")
	check("class, text")
}

// TestRunCanBeHeld pauses, steps, cancels and runs again.
func TestRunCanBeHeld(t *testing.T) {
	d := open(t, 120, 40, Options{Theme: Dark})
	d.press("enter", "tab")
	d.until("done in")
	first := d.lesson().panel().trial.Record()
	d.press("s") // from the start, held at the first frame
	d.until("paused")
	d.until("full 0/400")
	held := d.screen()
	d.press("s")
	d.until("full 2/400")
	if d.screen() == held {
		t.Error("a step shows nothing new")
	}
	d.press("x")
	d.shows("cancelled")
	d.press("c")
	d.press("space")
	d.until("done in")
	second := d.lesson().panel().trial.Record()
	if a, b := fmt.Sprint(first.Lasting().Findings), fmt.Sprint(second.Lasting().Findings); a != b {
		t.Errorf("run again with the same settings finds\n%s\nnot\n%s", b, a)
	}
	d.shows("before: ‖s·B·A·x‖")
}

// TestNoRunWithoutPrediction: the space bar waits for the prediction.
func TestNoRunWithoutPrediction(t *testing.T) {
	merging, err := course(t).Find("merging") // its first page asks for a choice
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, 80, 24, Options{Theme: Dark, Start: Start{Lesson: merging}})
	d.shows("1  yes", "2  no")
	d.press("space")
	if d.lesson().panel().running() {
		t.Error("it runs without a prediction")
	}
	d.press("2", "1")
	d.until("you no ✓ · the run no")
	d.press("enter")
	d.shows("you said      no · guess", "the run says  no", "✓ right")
}

// TestLeavingCancels: a run does not outlive its screen.
func TestLeavingCancels(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("enter", "tab")
	d.until("━")
	l := d.lesson().panel().live
	d.press("esc")
	for range l.mail { // closed when its goroutine has ended
	}
	d.shows("LoRA, by running it")
}

// TestProgressIsKept writes to a journal and reads it back.
func TestProgressIsKept(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "journal.db")
	book, j := openBook(t, path)
	d := open(t, 80, 24, Options{Theme: Dark, Notebook: book})
	d.press("enter", "2343", "enter", "3")
	d.until("done in")
	d.press("enter")
	d.shows("✗ not quite: 0.043 % off; only the exact number counts")
	d.press("n")
	if err := book.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}

	book, j = openBook(t, path)
	defer j.Close()
	answers, err := j.Answers(ctx, journal.Filter{Kind: journal.Prediction})
	if err != nil || len(answers) != 1 {
		t.Fatalf("%d predictions in the journal, %v", len(answers), err)
	}
	if a := answers[0]; a.Raw != "2343" || a.Status != journal.Wrong || a.Confidence != drills.Sure || a.Family != "reparameterization/predict-params-lora" {
		t.Errorf("kept %+v", a)
	}
	if runs, err := j.Runs(ctx, "reparameterization", 10); err != nil || len(runs) != 1 {
		t.Errorf("%d runs in the journal, %v", len(runs), err)
	}
	again := open(t, 80, 24, Options{Theme: Dark, Notebook: book})
	again.shows("◐ 1", "page 2 of 10")
}

// TestQuittingKeepsTheRun quits at the moment at which a run has ended: Bubble
// Tea does not wait for commands, so the one that writes the run is never run.
func TestQuittingKeepsTheRun(t *testing.T) {
	ctx := t.Context()
	book, j := openBook(t, filepath.Join(t.TempDir(), "journal.db"))
	defer j.Close()
	d := open(t, 80, 24, Options{Theme: Dark, Notebook: book})
	d.press("enter", "2343", "enter", "3")
	for ended := false; !ended; {
		msg := <-d.msgs
		if step, ok := msg.(stepped); ok && step.done {
			d.app.Update(msg)
			ended = true
		} else {
			d.send(msg)
		}
	}
	if err := book.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	if runs, err := j.Runs(ctx, "reparameterization", 10); err != nil || len(runs) != 1 {
		t.Errorf("%d runs in the journal, %v", len(runs), err)
	}
	if answers, err := j.Answers(ctx, journal.Filter{Kind: journal.Prediction}); err != nil || len(answers) != 1 {
		t.Errorf("%d predictions in the journal, %v", len(answers), err)
	}
}

// TestHelpNamesEveryKey: what the key line shows is in the help, too.
func TestHelpNamesEveryKey(t *testing.T) {
	d := open(t, 120, 40, Options{Theme: Dark})
	d.press("enter", "tab")
	d.until("done in")
	bindings := d.lesson().bindings()
	d.press("?")
	for _, b := range bindings {
		d.shows(b.Help().Key, b.Help().Desc)
	}
}
