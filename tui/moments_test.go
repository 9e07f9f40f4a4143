package tui

import (
	"strings"
	"testing"
	"time"
)

// TestKeysOfAnEmptyField: while nothing is typed, keys that no number begins with
// keep their meaning; after a digit they are letters.
func TestKeysOfAnEmptyField(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("enter", "n")
	if d.lesson().page != 1 {
		t.Error("n does not turn the page while the field is empty")
	}
	d.press("p", "?")
	d.shows("any key back")
	d.press("x", "2", "n")
	if l := d.lesson(); l.page != 0 || l.field.value() != "2n" {
		t.Errorf("on page %d the field holds %q", l.page+1, l.field.value())
	}
}

// TestAPredictionCanBeChanged: until the confidence is given, and not after it.
func TestAPredictionCanBeChanged(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("enter", "8", "enter")
	d.shows("you say 8")
	d.press("backspace", "backspace", "2344", "enter") // what was typed is still there
	d.shows("you say 2,344")
	d.press("2")
	d.until("done in")
	d.press("backspace")
	d.shows("you 2,344 ✓")
}

// TestMomentsOfASmallScreen: the figure has the screen while the run is watched, with
// question and prediction in view; enter explains, reads on and turns the page.
func TestMomentsOfASmallScreen(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("enter", "8", "enter")
	if d.lesson().watching() {
		t.Fatal("the figure is shown before the prediction is sure")
	}
	d.press("2")
	d.until("pause")
	d.shows("numbers that LoRA trains", "you 8 · think")
	if text := d.screen(); strings.Contains(text, "A is r×k") || strings.Contains(text, "2,344") {
		t.Errorf("while it runs the screen shows text or truth:\n%s", text)
	}
	d.until("done in")
	d.shows("numbers that LoRA trains", "the run 2,344", "enter why")
	d.press("enter")
	d.shows("the run says  2,344", "Each layer costs")
	d.press("f")
	if !d.lesson().watching() {
		t.Error("f does not lead back to the figure")
	}
	d.press("z")
	for page := d.lesson().page; d.lesson().page == page; {
		seen := d.lesson().text.more()
		d.press("enter")
		if seen && d.lesson().page != page {
			t.Fatal("enter turned the page although there was more to read")
		}
	}
}

// TestTurnedKnobRunsByItself: once a knob has rested, unless that is switched off;
// u takes the turn back.
func TestTurnedKnobRunsByItself(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("b", "n", "n") // counting, where a run takes no time
	p := d.app.on.(*benchScreen)
	trial := p.panels[p.at].trial
	d.press("right")
	if trial.Record() != nil {
		t.Fatal("a knob that is turned before the first run runs")
	}
	d.press("u", "space")
	d.until("done in")
	first := trial.Record()
	d.press("right")
	for trial.Record() == first || !trial.Ended() {
		d.send(<-d.msgs)
	}
	if trial.Stale() {
		t.Error("it runs by itself, but not under the settings of the knobs")
	}
	d.press("u")
	for !trial.Record().Settings.Equal(first.Settings) || !trial.Ended() {
		d.send(<-d.msgs)
	}
	d.press("a", "right")
	d.shows("the knobs were turned")
	d.press("u", "u")
	d.shows("no turn to undo")
}

// TestPausesDoNotCount: how long a run took is without the time that it was held.
func TestPausesDoNotCount(t *testing.T) {
	g := newGate(false)
	g.held = time.Hour
	if took := g.own(time.Hour + time.Second); took != time.Second {
		t.Errorf("an hour and a second, of which an hour was a pause, took %v", took)
	}
	g.pause(true)
	g.since = time.Now().Add(-time.Minute)
	if took := g.own(time.Hour + 2*time.Minute); took < 59*time.Second || took > 61*time.Second {
		t.Errorf("two minutes more, one of them a pause under way, took %v", took)
	}
	g.slept = true
	if took := g.own(time.Hour); took != 0 {
		t.Errorf("in slow motion it took %v, want nothing said", took)
	}
}
