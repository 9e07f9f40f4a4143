package tui

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/drills"
	"loralab/lessons"
	"loralab/lessons/lab"
)

// Options say what the laboratory shows and how.
type Options struct {
	Lessons  []*lessons.Lesson
	Lab      lab.Laboratory
	Notebook *lessons.Notebook
	Glossary lessons.Glossary             // nil where the content has none
	Bank     func() (*drills.Bank, error) // called once, off the event loop
	Start    Start                        // what to open with; the zero value is home
	Theme    Theme
	Mono     bool   // no colour: NO_COLOR
	ASCII    bool   // figures in ASCII alone, for fonts that lack the rest
	Pictures string // the folder that figures are exported to; "" is the current one
}

// Start says what the program opens with: a lesson, a drill, an interview or a class
// instead of the home screen.
type Start struct {
	Lesson    *lessons.Lesson
	Drill     *drills.SittingOptions
	Interview *drills.InterviewOptions
	Class     *ClassStart
}

// ClassStart is the page that a class begins with. Then the program is in front of
// a class: its home screen opens lessons for the class, and offers nothing that would
// be written down.
type ClassStart struct {
	Lesson *lessons.Lesson
	Page   int // from 0
}

// env is what all screens share.
type env struct {
	width, height int
	styles        styles
	keys          keys
	notebook      *lessons.Notebook
	lab           lab.Laboratory
	course        lessons.Course
	bank          *drills.Bank // nil until it is loaded
	history       []string     // what was typed in drills, the newest first
	manual        bool         // a turned knob does not start a run by itself
	pictures      string       // the folder that figures are exported to
	exported      []string     // the files of figures exported so far
}

// narrow reports whether text and figure do not fit side by side: on fewer columns
// or rows the figure would give way to the text until it says nothing.
func (e *env) narrow() bool { return e.width < 110 || e.height < 34 }

// bodyHeight is what the title above and the keys below leave.
func (e *env) bodyHeight() int { return max(e.height-4, 1) }

// cut shortens a line to the width of the screen.
func (e *env) cut(line string) string { return ansi.Truncate(line, max(e.width-4, 1), "…") }

// noted reports that something was written down, or why not.
type noted struct{ err error }

// App is the program's tea.Model.
type App struct {
	env     *env
	options Options
	on      screen // what is shown
	behind  screen // where it leads back to, nil for home
	home    *homeScreen
	opened  map[string]*lessonScreen // lessons of this sitting, with what was run on their pages
	bankErr error                    // why there is no bank
	begin   tea.Cmd                  // of the screen that the program opens with
	help    bool
	words   *words // of the page, nil unless they are shown
	trouble string // an error that concerns no one screen, shown until the next key
}

// New returns the laboratory, on its home screen unless told otherwise.
func New(o Options) App {
	e := &env{width: 80, height: 24, keys: newKeys(), notebook: o.Notebook, lab: o.Lab, course: o.Lessons, pictures: cmp.Or(o.Pictures, "."),
		styles: newStyles(o.Theme != Light, o.Mono, o.ASCII)}
	a := App{env: e, options: o, home: newHomeScreen(e, o.Lessons), opened: map[string]*lessonScreen{}}
	a.on = a.home
	switch {
	case o.Start.Lesson != nil:
		a.begin = toLesson(o.Start.Lesson)(&a)
	case o.Start.Class != nil:
		a.home.teaches = true
		a.begin = toClass(o.Start.Class.Lesson, o.Start.Class.Page)(&a)
	}
	return a
}

// Init reads the question bank, and asks for the terminal's background unless
// the theme is given.
func (a App) Init() tea.Cmd {
	if a.options.Theme == Dark || a.options.Theme == Light {
		return tea.Batch(a.begin, a.loadBank())
	}
	return tea.Batch(tea.RequestBackgroundColor, a.begin, a.loadBank())
}

// bankLoaded brings the question bank and what was typed in earlier drills.
type bankLoaded struct {
	bank    *drills.Bank
	history []string
	err     error
}

// loadBank reads the question bank. It takes longer than the first frame may.
func (a App) loadBank() tea.Cmd {
	if a.options.Bank == nil {
		return nil
	}
	load, book := a.options.Bank, a.env.notebook
	return func() tea.Msg {
		bank, err := load()
		if err != nil {
			return bankLoaded{err: err}
		}
		var history []string
		if j := book.Journal(); j != nil {
			history, err = j.History(context.Background(), 100)
		}
		return bankLoaded{bank, history, err}
	}
}

// reviewed brings what is due.
type reviewed struct {
	home drills.ReviewHome
	err  error
}

// review asks the journal what is due.
func (a App) review() tea.Cmd {
	if a.env.bank == nil {
		return nil
	}
	bank, book := a.env.bank, a.env.notebook
	return func() tea.Msg {
		home, err := drills.Review(context.Background(), bank, book, time.Now())
		return reviewed{home, err}
	}
}

// dealt brings a drill or an interview that is ready to ask.
type dealt struct {
	talk *drills.Talk
	err  error
}

func (a App) deal(o Start) tea.Cmd {
	bank, book := a.env.bank, a.env.notebook
	return func() tea.Msg {
		if o.Interview != nil {
			talk, err := drills.NewConversation(context.Background(), bank, book, *o.Interview)
			return dealt{talk, err}
		}
		talk, err := drills.NewDrill(context.Background(), bank, book, *o.Drill)
		return dealt{talk, err}
	}
}

// Update routes a message: what concerns the whole program first, the rest to
// the screen that is shown.
func (a App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		if msg.Width <= 0 || msg.Height <= 0 {
			return a, nil
		}
		a.env.width, a.env.height = msg.Width, msg.Height
		if a.words != nil {
			a.words.resize()
		}
	case tea.BackgroundColorMsg:
		if a.options.Theme == Auto || a.options.Theme == "" {
			a.env.styles = newStyles(msg.IsDark(), a.options.Mono, a.options.ASCII)
			return a.route(tea.WindowSizeMsg{Width: a.env.width, Height: a.env.height}) // draw anew
		}
		return a, nil
	case noted:
		a.say(msg.err)
		return a, nil
	case done: // also where another screen is shown by now
		if msg.to == a.on { // a key that was typed meanwhile may lead elsewhere
			return a.route(msg)
		}
		return a, msg.to.update(msg)
	case bankLoaded:
		a.say(msg.err)
		a.env.bank, a.bankErr, a.env.history = msg.bank, msg.err, msg.history
		if a.env.bank != nil && (a.options.Start.Drill != nil || a.options.Start.Interview != nil) {
			return a, tea.Batch(a.review(), a.deal(a.options.Start))
		}
		return a, a.review()
	case reviewed:
		a.say(msg.err)
		a.home.review = &msg.home
		return a, nil
	case dealt:
		if a.say(msg.err); msg.err != nil {
			return a, nil
		}
		drill, cmd := newDrillScreen(a.env, msg.talk)
		a.open(drill)
		return a, cmd
	case tea.KeyPressMsg:
		a.trouble = ""
		if model, cmd, done := a.press(msg); done {
			return model, cmd
		}
	}
	return a.route(msg)
}

// unsent is what was typed and not yet committed, on the screen that is shown.
func (a App) unsent() []string { return a.on.unsent() }

// say shows an error in one line. Where it has several, loralab check lists them.
func (a *App) say(err error) {
	if err == nil {
		return
	}
	first, rest, more := strings.Cut(err.Error(), "\n")
	if more {
		first = fmt.Sprintf("%s (and %d more: loralab check lists them)", first, strings.Count(rest, "\n")+1)
	}
	a.trouble = first
}

// open shows a screen. A drill leads back to the lesson that it was begun from,
// everything else to home.
func (a *App) open(next screen) {
	a.on.leave()
	a.behind = nil
	if _, lesson := a.on.(*lessonScreen); lesson {
		a.behind = a.on
	}
	a.on = next
}

// goBack leaves the screen that is shown.
func (a *App) goBack() tea.Cmd {
	a.on.leave()
	if lesson, ok := a.behind.(*lessonScreen); ok && a.on != a.behind {
		a.on, a.behind = lesson, nil
		return lesson.come()
	}
	a.home.come()
	a.on, a.behind = a.home, nil
	return a.review()
}

// press handles the keys that mean the same on every screen.
func (a App) press(msg tea.KeyPressMsg) (tea.Model, tea.Cmd, bool) {
	k := a.env.keys
	typing := a.on.typing() // letters go into the answer
	switch {
	case msg.String() == "ctrl+c":
		a.on.leave()
		return a, tea.Quit, true
	case a.help:
		a.help = false
		return a, nil, true
	case a.words != nil:
		if a.words.press(msg) {
			a.words = nil
		}
		return a, nil, true
	case key.Matches(msg, k.Words) && !typing:
		a.words = a.wordsOf()
		return a, nil, a.words != nil
	case key.Matches(msg, k.Help) && !typing:
		a.help = true
		return a, nil, true
	case key.Matches(msg, k.Home) && a.on != screen(a.home):
		if q, ok := a.on.(asker); ok && q.closes() {
			return a, nil, true
		}
		return a, a.goBack(), true
	case key.Matches(msg, k.Quit) && !typing:
		a.on.leave()
		return a, tea.Quit, true
	}
	return a, nil, false
}

// route hands a message to the screen that is shown, and goes where it leads.
func (a App) route(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.on.update(msg)
	if w, ok := a.on.(wayfinder); ok {
		if to := w.way(); to != nil {
			cmd = tea.Batch(cmd, to(&a))
		}
	}
	return a, cmd
}

// The ways that lead from one screen to another.

// toLesson opens a lesson where the learner left it.
func toLesson(l *lessons.Lesson) way {
	return func(a *App) tea.Cmd {
		if s, ok := a.opened[l.ID]; ok {
			a.open(s)
			return s.come()
		}
		page, _ := a.env.notebook.Position(l.ID)
		s, cmd := newLessonScreen(a.env, l, page)
		a.opened[l.ID] = s
		a.open(s)
		return cmd
	}
}

// toNext opens the lesson after another one, or goes home after the last.
func toNext(l *lessons.Lesson) way {
	return func(a *App) tea.Cmd {
		if next := lessons.Course(a.options.Lessons).After(l); next != nil {
			return toLesson(next)(a)
		}
		return a.goBack()
	}
}

// toClass opens a page of a lesson in front of a class, afresh.
func toClass(l *lessons.Lesson, page int) way {
	return func(a *App) tea.Cmd {
		s, cmd := newClassScreen(a.env, lessons.NewClass(a.options.Lessons, l, page))
		a.open(s)
		return cmd
	}
}

func toBench(a *App) tea.Cmd {
	a.open(newBenchScreen(a.env, lessons.NewBench(a.options.Lab, a.env.notebook)))
	return nil
}

// toTalk begins a drill or an interview.
func toTalk(o Start) way {
	return func(a *App) tea.Cmd {
		if a.env.bank == nil {
			a.say(a.bankErr)
			return nil
		}
		return a.deal(o)
	}
}

func toProgress(a *App) tea.Cmd {
	if a.env.bank == nil {
		a.say(a.bankErr)
		return nil
	}
	s, cmd := newProgressScreen(a.env, a.options.Lessons)
	a.open(s)
	return cmd
}
