package tui

import (
	"fmt"
	"path/filepath"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestDrillLeadsBackToItsLesson: what was asked from memory on a page ends on
// that page; a drill begun at home ends there.
func TestDrillLeadsBackToItsLesson(t *testing.T) {
	d := openDrills(t, 100, 30, Options{})
	d.press("esc", "1")
	pages := len(d.lesson().walk.Lesson.Pages) // the last one offers to ask
	d.press("g", fmt.Sprint(pages), "enter", "tab", "tab", "tab")
	d.until("done in")
	page, title := d.lesson().page, d.screenTitle()
	d.press("m")
	d.until("question 1 of 1")
	d.press("tab")
	d.until("not answered")
	d.press("esc")
	if d.screenTitle() != title || d.lesson().page != page {
		t.Errorf("after the drill the screen shows\n%s\nnot page %d of the lesson", d.screen(), page+1)
	}
	d.press("esc")
	d.shows("LoRA, by running it")
	d.press("d")
	d.until("question 1 of")
	d.press("esc")
	d.shows("LoRA, by running it")
}

// screenTitle is the left of the first line.
func (d *driver) screenTitle() string {
	left, _ := d.app.on.title()
	return left
}

// TestTurnedKnobCancelsTheRun: what is on the screen is of the knobs as they
// stand.
func TestTurnedKnobCancelsTheRun(t *testing.T) {
	d := open(t, 120, 40, Options{Theme: Dark})
	d.press("enter", "tab")
	d.until("━")
	run := d.lesson().panel().live
	d.press("right")
	if d.lesson().panel().running() {
		t.Error("a turned knob does not cancel the run")
	}
	for range run.mail { // closed when its goroutine has ended
	}
	d.press("space")
	d.until("done in")
	if got := d.lesson().panel().trial.Record().Settings.Text("rank"); got != "8" {
		t.Errorf("the record is of rank %s, and the knob says 8", got)
	}
}

// TestNextFigureOnProgress goes through the figures, forwards and backwards.
func TestNextFigureOnProgress(t *testing.T) {
	book, j := openBook(t, filepath.Join(t.TempDir(), "journal.db"))
	defer j.Close()
	d := openDrills(t, 100, 30, Options{Notebook: book})
	d.answerRight()
	d.press("esc")
	d.until("progress")
	d.press("p")
	d.until("questions in the bank")
	figures := d.app.on.(*progressScreen).figures
	for i := range len(figures) + 1 {
		d.shows("▸" + figures[i%len(figures)].ID)
		d.press("f")
	}
	d.press("F")
	d.shows("▸" + figures[0].ID)
}

// TestStaleSnapshotsAreNobodys begins runs on two panels of the bench one right
// after the other: no panel takes a snapshot of another's run.
func TestStaleSnapshotsAreNobodys(t *testing.T) {
	d := open(t, 120, 40, Options{Theme: Dark})
	d.press("b", "space", "n", "space")
	bench := d.app.on.(*benchScreen)
	first, second := bench.panels[0].trial, bench.panels[1].trial
	d.until("done in")
	if r := second.Record(); r.Experiment != second.Experiment.ID {
		t.Errorf("the panel of %s shows a run of %s", second.Experiment.ID, r.Experiment)
	}
	if r := first.Record(); r != nil && r.Experiment != first.Experiment.ID {
		t.Errorf("the panel of %s shows a run of %s", first.Experiment.ID, r.Experiment)
	}
	old := &live{}
	before := second.Record()
	d.send(stepped{of: old, record: nil, done: true})
	if second.Record() != before {
		t.Error("a snapshot of a run that is none of this panel's was taken")
	}
	d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
}
