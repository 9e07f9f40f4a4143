package tui

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"loralab/lessons/lab"
)

// Guardable is a model whose learner may be typing: [App].
type Guardable interface {
	tea.Model
	unsent() []string // what was typed and not yet committed
}

// maxPanics is how often the program goes on after a panic. What keeps
// panicking cannot be used.
const maxPanics = 3

// Guarded is a tea.Model that survives the panics of another. It writes a report
// with what was typed, goes on with the model as it was before (its screens are
// pointers: what they had changed by then stays changed), and ends the program
// only where that does not help.
type Guarded struct {
	folder string
	model  Guardable
	drawn  Guardable // as it was drawn last
	panics int
	err    error // why the program cannot go on
}

// Guard returns a guarded model that writes its reports into a folder.
func Guard(m Guardable, folder string) *Guarded { return &Guarded{folder: folder, model: m} }

// Model is the guarded model as it is now.
func (g *Guarded) Model() tea.Model { return g.model }

// Err returns why the program had to end, nil where the learner ended it.
func (g *Guarded) Err() error { return g.err }

// Init implements tea.Model.
func (g *Guarded) Init() (cmd tea.Cmd) {
	if err := lab.Catch(func() error { cmd = g.model.Init(); return nil }); err != nil {
		g.rescue(err, "starting")
		return tea.Quit
	}
	return guardCmd(cmd)
}

// Update implements tea.Model.
func (g *Guarded) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if g.err != nil {
		return g, tea.Quit
	}
	switch m := msg.(type) {
	case panicked:
		return g, g.rescue(m.err, "a command")
	case stepped: // the run's own screen shows the error
		m.err = g.explain(m.err, "a run")
		msg = m
	case done:
		m.err = g.explain(m.err, fmt.Sprintf("%+v", m.deed))
		msg = m
	}
	var cmd tea.Cmd
	if err := g.try(msg, &cmd); err != nil {
		return g, g.rescue(err, fmt.Sprintf("%T %v", msg, msg))
	}
	return g, guardCmd(cmd)
}

// try updates the model, or leaves it as it is where that panics.
func (g *Guarded) try(msg tea.Msg, cmd *tea.Cmd) error {
	return lab.Catch(func() error {
		next, made := g.model.Update(msg)
		g.model, *cmd = next.(Guardable), made
		return nil
	})
}

// View implements tea.Model.
func (g *Guarded) View() (v tea.View) {
	draw := func() error { v = g.model.View(); return nil }
	err := lab.Catch(draw)
	if err == nil {
		g.drawn = g.model
		return v
	}
	if g.drawn != nil {
		g.model = g.drawn
	}
	g.rescue(err, "drawing")
	if lab.Catch(draw) == nil {
		return v
	}
	v = tea.NewView(strings.Join([]string{"loralab cannot draw this: " + err.Error(), "", "Any key goes on, or leaves if it happens again."}, "\n"))
	v.AltScreen = true
	return v
}

// rescue writes the report of a panic and has the model say so.
func (g *Guarded) rescue(err error, during string) tea.Cmd {
	g.panics++
	told := g.explain(err, during)
	if g.panics < maxPanics && g.try(noted{told}, new(tea.Cmd)) == nil {
		return nil
	}
	g.err = told
	return tea.Quit
}

// explain says of a panic where its report lies; other errors stay as they are.
func (g *Guarded) explain(err error, during string) error {
	var p *lab.PanicError
	if !errors.As(err, &p) {
		return err
	}
	file, unwritten := g.report(p, during)
	if unwritten != nil {
		return fmt.Errorf("internal error, and no report (%w): %v", unwritten, p.Value)
	}
	return fmt.Errorf("internal error, report in %s: %v", file, p.Value)
}

// Rescue writes what is typed and not yet sent into a report, and returns err
// with the place. It is for an end that the model does not see.
func (g *Guarded) Rescue(err error) error {
	file, unwritten := g.report(&lab.PanicError{Value: err}, "the terminal")
	if unwritten != nil {
		return fmt.Errorf("%w (and no report: %w)", err, unwritten)
	}
	return fmt.Errorf("%w; report in %s", err, file)
}

// report writes what was typed, and what is needed to find the error.
func (g *Guarded) report(p *lab.PanicError, during string) (file string, err error) {
	var typed []string
	lost := lab.Catch(func() error { typed = g.model.unsent(); return nil })
	f, err := os.CreateTemp(g.folder, "crash-"+time.Now().UTC().Format("20060102-150405.000000")+"-*.txt")
	if err != nil {
		return "", err
	}
	fmt.Fprintf(f, "loralab met an error of its own. Please report it with this file.\n\ntyped and not sent:\n%s\n\n", strings.Join(typed, "\n"))
	if lost != nil {
		fmt.Fprintf(f, "what was typed could not be read: %v\n\n", lost)
	}
	fmt.Fprintf(f, "%v\nduring %s\n%s %s/%s\n\n%s", p.Value, during, runtime.Version(), runtime.GOOS, runtime.GOARCH, p.Stack)
	return f.Name(), f.Close()
}

// panicked brings the panic of a command.
type panicked struct{ err error }

// guardCmd returns a command whose panic is a message.
func guardCmd(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		if err := lab.Catch(func() error { msg = cmd(); return nil }); err != nil {
			return panicked{err}
		}
		if batch, ok := msg.(tea.BatchMsg); ok {
			guarded := make(tea.BatchMsg, len(batch))
			for i, c := range batch {
				guarded[i] = guardCmd(c)
			}
			return guarded
		}
		return msg
	}
}
