package tui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func (d *driver) class() *classScreen { return d.app.on.(*classScreen) }

// ran waits until the run of the page has ended.
func (d *driver) ran() {
	d.t.Helper()
	d.wait(func() bool { p := d.class().panel(); return !p.running() && p.trial.Ended() && !d.busy() })
}

// TestClass goes through a page as a teacher does: guesses, a run, the truth, why.
func TestClass(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	golden := func(name string) {
		t.Helper()
		for _, size := range []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 120, Height: 40}} {
			d.send(size)
			d.golden(fmt.Sprintf("present-%s-%dx%d", name, size.Width, size.Height))
		}
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	}
	d.press("P")
	d.shows("1.1  A detour beside a frozen weight", "nothing is saved")
	d.press("g", "2.2")
	d.shows("page ›", "stay")
	d.press("esc")
	d.shows("1.1  A detour")
	d.press("g", "9.9", "enter")
	d.shows("there is no step 9")
	d.press("g", "2.2", "enter")
	golden("question")
	d.press("a 12, e 7", "enter")
	d.shows("a to d", "a 12, e 7")
	d.press("esc")
	d.press("a 12, b 7", "enter", "d", "enter")
	d.shows("the class A 12, B 7, neither 1", "◂ 12 say A", "◂ 7 say B")
	d.press("backspace")
	d.shows("the class A 12, B 7")
	d.press("tab", "0 0.5: 3, 40", "enter")
	d.shows("5 guesses, 0–40, median 0.5", "question 2 of 2")
	golden("guesses")
	d.press("tab", "space")
	d.ran()
	golden("covered")
	d.press("enter")
	d.shows("the run B", "7 of 19 right", "the run   0", "1 of 5 right, nearest 0")
	golden("truth")
	d.press("enter")
	golden("text")
	d.press("w")
	d.shows("◂ the run B")
	d.press("r")
	d.shows("the class nothing yet")
	if strings.Contains(d.screen(), "the run B") {
		t.Errorf("covered again, the screen still shows the truth:\n%s", d.screen())
	}
	d.press("g", "1.10", "enter", "n") // the last page of a lesson leads on to the next
	d.shows("2.1  Begin where the base stands")
	d.press("p")
	d.shows("1.10  ")
	d.press("esc")
	d.shows("LoRA, by running it")
}

// TestClassTurnsKnobs: the first arrow shows the knobs, the next turns one, and what
// was run once runs again.
func TestClassTurnsKnobs(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("down", "down", "P", "space")
	d.ran()
	trial := d.class().panel().trial
	before := trial.Settings()
	d.press("right")
	d.shows("r ‹ 8 ›")
	if !trial.Settings().Equal(before) {
		t.Error("the first arrow turns a knob that nobody sees")
	}
	d.press("right")
	d.wait(func() bool { return !trial.Stale() && !d.class().panel().running() && !d.busy() })
	if trial.Settings().Equal(before) || !d.class().panel().of.Covered {
		t.Error("a turned knob is not turned, or uncovers the truth")
	}
}

// TestNothingBetraysTheTruth: whatever is looked at before the truth is revealed, the
// run changes nothing on the screen but the line that says that it is done.
func TestNothingBetraysTheTruth(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("P")
	var asked int
	for _, l := range d.app.options.Lessons[2:3] { // its runs take no time
		for i, page := range l.Pages {
			d.run(toClass(l, i)(&d.app))
			s := d.class()
			if s.panel() == nil || len(page.Predictions()) == 0 {
				continue
			}
			asked++
			look := func() []string {
				var all []string
				keep := func() {
					status := ansi.Strip(s.status(s.panel()))
					for _, line := range s.body {
						if line = ansi.Strip(line); line != status {
							all = append(all, line)
						}
					}
				}
				for range s.exhibits() {
					keep()
					d.press("f")
				}
				d.press("w")
				keep()
				d.press("w")
				return all
			}
			guess := "7"
			if len(page.Predictions()[0].Choices) > 0 {
				guess = "a"
			}
			d.press(guess, "enter")
			before := strings.Join(look(), "\n")
			d.press("space")
			d.ran()
			if after := strings.Join(look(), "\n"); after != before {
				t.Errorf("%s, page %d: the run shows before it is revealed. Before:\n%s\nafter:\n%s", l.ID, i+1, before, after)
			}
			d.press("t")
			truth, ok := s.panel().trial.Finished().Find(page.Predictions()[0].Finding.Name)
			if !ok {
				t.Fatalf("%s, page %d: no %s", l.ID, i+1, page.Predictions()[0].Finding.Name)
			}
			d.shows(truth.Text())
		}
	}
	if asked < 5 {
		t.Errorf("%d pages ask something: too few to say anything", asked)
	}
}

// TestClassLeavesTheJournalAlone presents a lesson from a learner's own program: the
// file of the journal is the same afterwards, byte for byte.
func TestClassLeavesTheJournalAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	session := func(do func(*driver)) []byte {
		book, j := openBook(t, path)
		do(open(t, 80, 24, Options{Theme: Dark, Notebook: book}))
		if err := book.Finish(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	before := session(func(d *driver) { d.press("3", "n") }) // the learner is on page 2
	after := session(func(d *driver) {
		d.press("down", "down", "P")
		d.shows("3.1  ")
		d.press("7", "enter", "space")
		d.ran()
		d.press("t", "w", "n", "n", "g", "1", "enter", "esc")
		d.shows("page 2 of 8")
	})
	if !bytes.Equal(before, after) {
		t.Error("the journal is not what it was before the class")
	}
}

// TestClassFromALesson: P shows the page of the lesson that is open, and esc leads
// back to it.
func TestClassFromALesson(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("3", "n", "P")
	d.shows("3.2  ")
	d.press("n", "esc")
	if d.lesson().page != 1 {
		t.Errorf("back from the class the lesson is on page %d, want 2", d.lesson().page+1)
	}
}

// TestJumpInALesson: g goes to any page of the lesson.
func TestJumpInALesson(t *testing.T) {
	d := open(t, 80, 24, Options{Theme: Dark})
	d.press("3", "g", "4", "enter")
	if d.lesson().page != 3 {
		t.Fatalf("on page %d, want 4", d.lesson().page+1)
	}
	d.press("g", "99", "enter")
	d.shows("there is no page 99: step 3 has pages 1 to 8")
	d.press("g", "x", "esc")
	if d.lesson().page != 3 || d.lesson().jump.asks() {
		t.Error("esc does not stay")
	}
}
