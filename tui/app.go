package tui

import (
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
	Bank     func() (*drills.Bank, error) // called once, off the event loop
	Start    Start                        // what to open with; the zero value is home
	Theme    Theme
	Mono     bool // no colour: NO_COLOR
	Blocks   bool // figures without braille, for fonts that lack it
}

// Start says what the program opens with: a lesson, a drill or an interview
// instead of the home screen.
type Start struct {
	Lesson    *lessons.Lesson
	Drill     *drills.SittingOptions
	Interview *drills.InterviewOptions
}

// env is what all screens share.
type env struct {
	width, height int
	styles        styles
	keys          keys
	notebook      *lessons.Notebook
	bank          *drills.Bank // nil until it is loaded
}

// narrow reports whether text and figure do not fit side by side.
func (e *env) narrow() bool { return e.width < 100 }

// bodyHeight is what the title above and the keys below leave.
func (e *env) bodyHeight() int { return max(e.height-4, 1) }

// cut shortens a line to the width of the screen.
func (e *env) cut(line string) string { return ansi.Truncate(line, max(e.width-4, 1), "…") }

// noted reports that something was written down, or why not.
type noted struct{ err error }

// screen names the screen that is shown.
type screen uint8

const (
	onHome screen = iota
	onLesson
	onBench
	onDrill
	onProgress
)

// App is the program's tea.Model.
type App struct {
	env      *env
	options  Options
	on       screen
	home     homeScreen
	lesson   lessonScreen
	opened   map[string]lessonScreen // lessons of this sitting, with what was run on their pages
	bench    benchScreen
	drill    drillScreen
	progress progressScreen
	back     screen   // where a drill leads back to
	bankErr  error    // why there is no bank
	history  []string // what was typed in earlier drills, the newest first
	begin    tea.Cmd  // of the screen that the program opens with
	help     bool
	trouble  string // an error that concerns no one screen, shown until the next key
}

// New returns the laboratory, on its home screen.
func New(o Options) App {
	e := &env{width: 80, height: 24, keys: newKeys(), notebook: o.Notebook,
		styles: newStyles(o.Theme != Light, o.Mono, o.Blocks)}
	a := App{env: e, options: o, home: newHomeScreen(e, o.Lessons), opened: map[string]lessonScreen{}}
	if o.Start.Lesson != nil {
		a.begin = a.openLesson(o.Start.Lesson)
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
	case tea.BackgroundColorMsg:
		if a.options.Theme == Auto || a.options.Theme == "" {
			a.env.styles = newStyles(msg.IsDark(), a.options.Mono, a.options.Blocks)
			return a.route(tea.WindowSizeMsg{Width: a.env.width, Height: a.env.height}) // draw anew
		}
		return a, nil
	case noted:
		a.say(msg.err)
		return a, nil
	case done:
		return a.finish(msg)
	case bankLoaded:
		a.say(msg.err)
		a.env.bank, a.bankErr, a.history = msg.bank, msg.err, msg.history
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
		a.leave()
		var cmd tea.Cmd
		a.back, a.on = a.on, onDrill
		a.drill, cmd = newDrillScreen(a.env, msg.talk, a.history)
		return a, cmd
	case tea.KeyPressMsg:
		a.trouble = ""
		if model, cmd, done := a.press(msg); done {
			return model, cmd
		}
	}
	return a.route(msg)
}

// finish hands what came of a deed to the screen that asked for it, also when
// another is shown by now.
func (a App) finish(msg done) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch by := msg.by.(type) {
	case *drills.Talk:
		a.drill, cmd = a.drill.update(msg)
	case *lessons.Walk:
		if a.lesson.walk == by {
			a.lesson, cmd = a.lesson.update(msg)
			if a.on != onLesson {
				a.opened[by.Lesson.ID] = a.lesson
			}
		} else if screen, ok := a.opened[by.Lesson.ID]; ok && screen.walk == by {
			a.opened[by.Lesson.ID], cmd = screen.update(msg)
		}
	}
	return a, cmd
}

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

// goBack leaves the screen that is shown: a drill for the lesson that it was
// begun from, everything else for home.
func (a *App) goBack() tea.Cmd {
	a.leave()
	if a.on == onDrill && a.back == onLesson {
		a.on = onLesson
		return a.lesson.come()
	}
	review := a.home.review
	a.on, a.home = onHome, newHomeScreen(a.env, a.options.Lessons)
	a.home.review = review
	return a.review()
}

// press handles the keys that mean the same on every screen.
func (a App) press(msg tea.KeyPressMsg) (tea.Model, tea.Cmd, bool) {
	k := a.env.keys
	switch {
	case msg.String() == "ctrl+c":
		a.leave()
		return a, tea.Quit, true
	case a.help:
		a.help = false
		return a, nil, true
	case key.Matches(msg, k.Help) && !(a.on == onDrill && a.drill.typing()):
		a.help = true
		return a, nil, true
	case key.Matches(msg, k.Home) && a.on != onHome:
		return a, a.goBack(), true
	case a.on == onLesson && a.lesson.typing(), a.on == onDrill && a.drill.typing():
		return a, nil, false // letters go into the answer
	case a.on == onLesson && key.Matches(msg, k.Recall):
		family := a.lesson.recall()
		if family == "" || a.env.bank == nil {
			return a, nil, true
		}
		return a, a.deal(Start{Drill: &drills.SittingOptions{Family: family}}), true
	case key.Matches(msg, k.Quit):
		a.leave()
		return a, tea.Quit, true
	case a.on == onHome:
		cmd, done := a.choose(msg)
		return a, cmd, done
	}
	return a, nil, false
}

// choose opens what the home screen offers besides the lessons.
func (a *App) choose(msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k := a.env.keys
	switch {
	case key.Matches(msg, k.Bench):
		a.on, a.bench = onBench, newBenchScreen(a.env, lessons.NewBench(a.options.Lab, a.env.notebook))
	case a.env.bank == nil: // the rest asks the bank
		if key.Matches(msg, k.Drill, k.Interview, k.Progress) {
			a.say(a.bankErr)
		}
		return nil, false
	case key.Matches(msg, k.Drill):
		return a.deal(Start{Drill: &drills.SittingOptions{}}), true
	case key.Matches(msg, k.Interview):
		return a.deal(Start{Interview: &drills.InterviewOptions{}}), true
	case key.Matches(msg, k.Progress):
		var cmd tea.Cmd
		a.on = onProgress
		a.progress, cmd = newProgressScreen(a.env, a.env.bank)
		return cmd, true
	default:
		return nil, false
	}
	return nil, true
}

// leave cancels what the screen that is shown has under way.
func (a *App) leave() {
	switch a.on {
	case onLesson:
		a.lesson.leave()
		a.opened[a.lesson.walk.Lesson.ID] = a.lesson
	case onBench:
		a.bench.leave()
	case onDrill:
		a.history = a.drill.history
	}
}

func (a App) route(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch a.on {
	case onLesson:
		a.lesson, cmd = a.lesson.update(msg)
	case onBench:
		a.bench, cmd = a.bench.update(msg)
	case onDrill:
		a.drill, cmd = a.drill.update(msg)
	case onProgress:
		a.progress, cmd = a.progress.update(msg)
	default:
		var chosen *lessons.Lesson
		if a.home, chosen = a.home.update(msg); chosen != nil {
			cmd = a.openLesson(chosen)
		}
	}
	return a, cmd
}

// openLesson opens a lesson where the learner left it.
func (a *App) openLesson(l *lessons.Lesson) tea.Cmd {
	screen, ok := a.opened[l.ID]
	var cmd tea.Cmd
	if ok {
		cmd = screen.come()
	} else {
		page, _ := a.env.notebook.Position(l.ID)
		screen, cmd = newLessonScreen(a.env, l, page)
	}
	a.on, a.lesson = onLesson, screen
	return cmd
}
