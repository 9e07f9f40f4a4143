package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"loralab/drills"
	"loralab/lessons"
)

// Look is how screens are drawn: their size, in cells, and their colours.
type Look struct {
	Width, Height int
	Theme         Theme // [Light], or else for a dark ground
	Mono, ASCII   bool  // as of [Options]
}

// Shot is a screen as a look draws it.
type Shot struct {
	Name  string // "home", "lesson-1-page-4-watch"; "-2", "-3" after it where a text is scrolled
	Look  Look
	Frame string // what the terminal shows, with its colours
}

// Gallery is every screen of the program, reached as a learner reaches them: each
// page of each lesson in each of its moments, a class, the drills, the interview, the
// bench.
// Experiments are really run, each once, however many looks draw what they found.
// What is drawn at random has a fixed seed.
type Gallery struct {
	Options
	Looks []Look                 // at least one
	Only  func(name string) bool // which screens; nil is all of them

	// Progress, if set, is told how many of the parts of the way are done and what
	// comes next.
	Progress func(done, total int, next string)
}

// leg is a part of the way that begins at home, with the screens that it comes by.
type leg struct {
	stops []string
	walk  func(*walker)
}

// Names are the screens that will be shown, in their order, without the
// continuations of those that are scrolled.
func (g Gallery) Names() ([]string, error) {
	legs, err := g.legs()
	var names []string
	for _, l := range legs {
		names = append(names, slices.DeleteFunc(l.stops, func(name string) bool { return !g.wants(name) })...)
	}
	return names, err
}

// Shots goes the whole way and hands over each screen under each look. An error of
// see ends it. The notebook of the options should keep nothing: predictions and
// answers are made up.
func (g Gallery) Shots(ctx context.Context, see func(Shot) error) error {
	return g.visit(ctx, func(w *walker, name string, look Look) error {
		return see(Shot{name, look, w.frame(look)})
	})
}

func (g Gallery) wants(name string) bool { return g.Only == nil || g.Only(name) }

// wayWidth and wayHeight are the size at which the way is gone: where a page has its
// moments one after the other.
const wayWidth, wayHeight = 80, 24

// visit goes the way and calls at wherever a screen is reached, under each look.
func (g Gallery) visit(ctx context.Context, at func(w *walker, name string, look Look) error) error {
	if len(g.Looks) == 0 {
		panic(errors.New("tui: a gallery without a look"))
	}
	g.remember()
	legs, err := g.legs()
	if err != nil {
		return err
	}
	legs = slices.DeleteFunc(legs, func(l leg) bool { return !slices.ContainsFunc(l.stops, g.wants) })
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o := g.Options
	o.Start, o.Theme = Start{}, Dark
	w := &walker{gallery: g, at: at, headless: newHeadless(ctx, New(o), wayWidth, wayHeight)}
	w.wait(func() bool { return g.Bank == nil || w.app.home.review != nil || w.app.trouble != "" })
	for i, l := range legs {
		if g.Progress != nil {
			g.Progress(i, len(legs), l.stops[0])
		}
		l.walk(w)
		if err := context.Cause(ctx); err != nil { // what failed then failed for that
			return err
		}
		if w.err != nil {
			return w.err
		}
		for w.app.on != screen(w.app.home) {
			w.press("esc")
		}
	}
	return nil
}

// remember has each run done once, on whichever pages and benches it is shown.
func (g *Gallery) remember() {
	course, all := lessons.Course(g.Lessons).Remember(g.Lab)
	g.Lab, g.Lessons = all, course
}

// walker goes through the gallery.
type walker struct {
	*headless
	gallery Gallery
	at      func(w *walker, name string, look Look) error
	err     error // the first that at returned, or why there is no going on
}

// stop shows where the way has come to, under each look. arrange, unless it is nil,
// sets up what a look shows.
func (w *walker) stop(name string, arrange func()) {
	w.each(name, arrange, func(look Look) error { return w.at(w, name, look) })
}

// read is stop for a text: it is scrolled to its end.
func (w *walker) read(name string, text *scroller, arrange func()) {
	w.each(name, arrange, func(look Look) error {
		defer text.to(text.top)
		for n := 1; ; n++ {
			part := name
			if n > 1 {
				part = fmt.Sprintf("%s-%d", name, n)
			}
			if err := w.at(w, part, look); err != nil || text.top+text.height >= len(text.lines) {
				return err
			}
			text.page(1)
		}
	})
}

func (w *walker) each(name string, arrange func(), at func(Look) error) {
	if !w.gallery.wants(name) {
		return
	}
	for _, look := range w.gallery.Looks {
		w.look(look)
		if arrange != nil {
			arrange()
		}
		if w.err == nil {
			w.err = at(look)
		}
	}
	w.look(Look{Width: wayWidth, Height: wayHeight})
}

// look draws the screen that is shown another way.
func (w *walker) look(l Look) {
	w.app.env.styles = newStyles(l.Theme != Light, l.Mono, l.ASCII)
	w.send(tea.WindowSizeMsg{Width: l.Width, Height: l.Height})
}

// frame is what a terminal shows of the screen: without colour it is stripped of what
// is left of them, as Bubble Tea does for a terminal that has none.
func (w *walker) frame(look Look) string {
	frame := w.app.View().Content
	if !look.Mono {
		return frame
	}
	var b strings.Builder
	out := colorprofile.Writer{Forward: &b, Profile: colorprofile.ASCII}
	out.WriteString(frame) // a Builder takes everything
	return b.String()
}

// bank reads the question bank of the options, nil where there is none.
func (g Gallery) bank() (*drills.Bank, error) {
	if g.Bank == nil {
		return nil, nil
	}
	return g.Options.Bank()
}
