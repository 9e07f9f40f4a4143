package tui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/content"
	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/lessons/train"
)

// brittle is the laboratory with a screen that panics: at f2 while it takes the
// key, at f3 whenever it is drawn from then on, at f4 in a command.
type brittle struct {
	App
	broken bool
}

func (b brittle) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch press.Code {
		case tea.KeyF2:
			panic("broken at f2")
		case tea.KeyF3:
			b.broken = true
			return b, nil
		case tea.KeyF4:
			return b, tea.Batch(func() tea.Msg { return nil }, func() tea.Msg { panic("broken at f4") })
		}
	}
	m, cmd := b.App.Update(msg)
	b.App = m.(App)
	return b, cmd
}

func (b brittle) View() tea.View {
	if b.broken {
		panic("broken at f3")
	}
	return b.App.View()
}

// guarded opens a guarded laboratory in which "24" was typed into the first
// prediction of the first lesson.
func guarded(t *testing.T) (g *Guarded, folder string) {
	t.Helper()
	d := open(t, 100, 30, Options{Theme: Dark})
	d.press("enter")
	d.until("How many numbers does LoRA train")
	folder = t.TempDir()
	g = Guard(brittle{App: d.app}, folder)
	g.View()
	pressGuarded(g, '2', '4')
	return g, folder
}

// pressGuarded types and draws, and returns what the last key asked for.
func pressGuarded(g *Guarded, codes ...rune) (cmd tea.Cmd) {
	for _, code := range codes {
		press := tea.KeyPressMsg{Code: code}
		if code < tea.KeyExtended {
			press.Text = string(code)
		}
		_, cmd = g.Update(press)
		g.View()
	}
	return cmd
}

// seen is what a guarded model shows, in one line.
func seen(g *Guarded) string { return strings.Join(strings.Fields(ansi.Strip(g.View().Content)), " ") }

// reports reads the reports in a folder.
func reports(t *testing.T, folder string) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "crash-*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

// wantReport wants one report, which says what happened, where, and what was typed.
func wantReport(t *testing.T, folder string, texts ...string) {
	t.Helper()
	all := reports(t, folder)
	if len(all) != 1 {
		t.Fatalf("%d reports, want 1", len(all))
	}
	for _, text := range texts {
		if !strings.Contains(all[0], text) {
			t.Errorf("the report does not say %q:\n%s", text, all[0])
		}
	}
}

func TestPanicKeepsWhatWasTyped(t *testing.T) {
	for _, test := range []struct {
		name    string
		code    rune
		panic   string
		trace   string
		command bool
	}{
		{"in Update", tea.KeyF2, "broken at f2", "brittle.Update", false},
		{"in View", tea.KeyF3, "broken at f3", "brittle.View", false},
		{"in a command", tea.KeyF4, "broken at f4", "guard_test.go", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			g, folder := guarded(t)
			cmd := pressGuarded(g, test.code)
			if test.command {
				for _, c := range cmd().(tea.BatchMsg) {
					g.Update(c())
				}
			}
			wantReport(t, folder, test.panic, "typed and not sent:\n24\n", test.trace)
			if got := seen(g); !strings.Contains(got, "internal error, report in "+folder) || !strings.Contains(got, "› 24") {
				t.Errorf("after the panic the screen shows %q", got)
			}
			if cmd := pressGuarded(g, '5'); cmd != nil {
				if _, quit := cmd().(tea.QuitMsg); quit {
					t.Error("the program is left")
				}
			}
			if got := seen(g); !strings.Contains(got, "› 245") {
				t.Errorf("it does not go on: %q", got)
			}
			if g.Err() != nil {
				t.Errorf("the program is to end with %v", g.Err())
			}
		})
	}
}

// TestWhatKeepsPanickingEnds: after the third panic the program is left, and
// says why.
func TestWhatKeepsPanickingEnds(t *testing.T) {
	g, folder := guarded(t)
	pressGuarded(g, tea.KeyF2, tea.KeyF2)
	if g.Err() != nil {
		t.Fatalf("left after two panics: %v", g.Err())
	}
	cmd := pressGuarded(g, tea.KeyF2)
	if cmd == nil {
		t.Fatal("not left after three panics")
	}
	if _, quit := cmd().(tea.QuitMsg); !quit {
		t.Error("not left after three panics")
	}
	if err := g.Err(); err == nil || !strings.Contains(err.Error(), "broken at f2") || !strings.Contains(err.Error(), folder) {
		t.Errorf("left with %v", err)
	}
	for _, report := range reports(t, folder) {
		if !strings.Contains(report, "typed and not sent:\n24\n") {
			t.Errorf("a report without what was typed:\n%s", report)
		}
	}
}

// mute cannot be drawn at all.
type mute struct{ brittle }

func (m mute) Update(tea.Msg) (tea.Model, tea.Cmd) { return m, nil }
func (m mute) View() tea.View                      { panic("mute") }

func TestWhatCannotBeDrawnSaysSo(t *testing.T) {
	g, _ := guarded(t)
	g = Guard(mute{g.model.(brittle)}, t.TempDir())
	if got := seen(g); !strings.Contains(got, "cannot draw this: internal error: mute") {
		t.Errorf("it shows %q", got)
	}
	pressGuarded(g, 'x', 'x')
	if cmd := pressGuarded(g, 'x'); cmd == nil || g.Err() == nil {
		t.Error("it cannot be left")
	}
}

// TestNoFolderForTheReport: the panic is told all the same.
func TestNoFolderForTheReport(t *testing.T) {
	g, folder := guarded(t)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	pressGuarded(g, tea.KeyF2)
	if got := seen(g); !strings.Contains(got, "internal error, and no report") || !strings.Contains(got, "› 24") {
		t.Errorf("the screen shows %q", got)
	}
}

// TestPanicOfARun: a run that panics, here in one of its own goroutines, ends as
// an error on its screen.
func TestPanicOfARun(t *testing.T) {
	real := lessons.NewLaboratory(content.FS)[0]
	faulty := *real
	faulty.Run = func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
		return train.SideBySide(ctx, 2, func(_ context.Context, i int) error {
			if i == 1 {
				panic("a shape that does not fit")
			}
			return nil
		})
	}
	d := open(t, 100, 30, Options{Theme: Dark})
	app := d.app
	app.options.Lab = lab.Laboratory{&faulty}
	folder := t.TempDir()
	g := Guard(app, folder)
	pressGuarded(g, 'b')
	cmd := pressGuarded(g, tea.KeySpace)
	for cmd != nil { // the messages of the run, to its end
		msg := cmd()
		_, cmd = g.Update(msg)
	}
	if got := seen(g); !strings.Contains(got, "internal error, report in "+folder) {
		t.Errorf("the bench shows %q", got)
	}
	wantReport(t, folder, "a shape that does not fit", "TestPanicOfARun")
	if g.model.(App).on.(*benchScreen).panels[0].running() {
		t.Error("the run is still said to be under way")
	}
}

// faultyMachine panics at a deed.
type faultyMachine struct{ scene show.Scene }

func (m faultyMachine) Scene() show.Scene { return m.scene }
func (faultyMachine) Do(context.Context, show.Deed) (show.Scene, error) {
	panic("broken deed")
}

// TestPanicOfADeed: what was on the screen stays there, with the error.
func TestPanicOfADeed(t *testing.T) {
	book, err := lessons.NewNotebook(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	w := worker{book: book}
	m := faultyMachine{show.Scene{Ask: show.Ask{Form: show.Line, Question: 3}}}
	msg := w.do(m, show.Deed{Act: show.Typed, Text: "24"})().(done)
	if msg.scene.Ask.Question != 3 {
		t.Errorf("the scene is lost: %+v", msg.scene)
	}
	var p *lab.PanicError
	if !errors.As(msg.err, &p) || p.Value != "broken deed" {
		t.Errorf("the deed ended with %v", msg.err)
	}
	if err := book.Finish(t.Context()); err != nil {
		t.Errorf("leaving repeats it: %v", err)
	}
}
