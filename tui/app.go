package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/drills"
	"loralab/lessons"
)

// Options say what the laboratory shows and how.
type Options struct {
	Lessons  []*lessons.Lesson
	Lab      lessons.Laboratory
	Notebook *drills.Notebook
	Theme    Theme
	Mono     bool // no colour: NO_COLOR
	Blocks   bool // figures without braille, for fonts that lack it
}

// env is what all screens share.
type env struct {
	width, height int
	styles        styles
	keys          keys
	notebook      *drills.Notebook
}

// narrow reports whether text and figure do not fit side by side.
func (e *env) narrow() bool { return e.width < 100 }

// bodyHeight is what the title above and the keys below leave.
func (e *env) bodyHeight() int { return max(e.height-4, 1) }

// cut shortens a line to the width of the screen.
func (e *env) cut(line string) string { return ansi.Truncate(line, max(e.width-4, 1), "…") }

// menu lists what there is besides the lessons.
func (e *env) menu() []string {
	st := e.styles
	row := func(b key.Binding, what string) string {
		h := b.Help()
		return "     " + st.accent.Render(h.Key) + "  " + h.Desc + strings.Repeat(" ", max(11-len(h.Desc), 1)) + st.muted.Render(what)
	}
	return []string{row(e.keys.Bench, "turn every knob, compare runs")}
}

// recall points to the question that the drills ask about a page.
func (e *env) recall(family string) []string {
	return []string{e.styles.muted.Render("the drills ask this from memory: " + family)}
}

// noted reports that something was written down, or why not.
type noted struct{ err error }

// screen names the screen that is shown.
type screen uint8

const (
	onHome screen = iota
	onLesson
	onBench
)

// App is the program's tea.Model.
type App struct {
	env     *env
	options Options
	on      screen
	home    homeScreen
	lesson  lessonScreen
	opened  map[string]lessonScreen // lessons of this sitting, with what was run on their pages
	bench   benchScreen
	help    bool
	trouble string // an error that concerns no one screen, shown until the next key
}

// New returns the laboratory, on its home screen.
func New(o Options) App {
	e := &env{width: 80, height: 24, keys: newKeys(), notebook: o.Notebook,
		styles: newStyles(o.Theme != Light, o.Mono, o.Blocks)}
	return App{env: e, options: o, home: newHomeScreen(e, o.Lessons), opened: map[string]lessonScreen{}}
}

// Init asks for the terminal's background, unless the theme is given.
func (a App) Init() tea.Cmd {
	if a.options.Theme == Dark || a.options.Theme == Light {
		return nil
	}
	return tea.RequestBackgroundColor
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
		if msg.err != nil {
			a.trouble = msg.err.Error()
		}
		return a, nil
	case tea.KeyPressMsg:
		a.trouble = ""
		if model, cmd, done := a.press(msg); done {
			return model, cmd
		}
	}
	return a.route(msg)
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
	case key.Matches(msg, k.Help):
		a.help = true
		return a, nil, true
	case key.Matches(msg, k.Home) && a.on != onHome:
		a.leave()
		a.on, a.home = onHome, newHomeScreen(a.env, a.options.Lessons)
		return a, nil, true
	case a.on == onLesson && a.lesson.typing():
		return a, nil, false // letters go into the answer
	case key.Matches(msg, k.Quit):
		a.leave()
		return a, tea.Quit, true
	case a.on == onHome && key.Matches(msg, k.Bench):
		a.on, a.bench = onBench, newBenchScreen(a.env, a.options.Lab)
		return a, nil, true
	}
	return a, nil, false
}

// leave cancels what the screen that is shown has under way.
func (a *App) leave() {
	switch a.on {
	case onLesson:
		a.lesson.leave()
		a.opened[a.lesson.lesson.ID] = a.lesson
	case onBench:
		a.bench.leave()
	}
}

func (a App) route(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch a.on {
	case onLesson:
		a.lesson, cmd = a.lesson.update(msg)
	case onBench:
		a.bench, cmd = a.bench.update(msg)
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
	if !ok {
		page, _ := a.env.notebook.Position(l.ID)
		screen = newLessonScreen(a.env, l, page)
	}
	screen.resize()
	a.on, a.lesson = onLesson, screen
	return tea.Batch(a.lesson.focus(), a.lesson.savePosition())
}

// View joins what the screens have drawn.
func (a App) View() tea.View {
	v := tea.NewView(a.content())
	v.AltScreen = true
	v.WindowTitle = "loralab"
	return v
}

func (a App) content() string {
	var left, right, body string
	var bindings []key.Binding
	switch a.on {
	case onLesson:
		left, right = a.lesson.title()
		body, bindings = a.lesson.view(), a.lesson.bindings()
	case onBench:
		left, right = a.bench.title()
		body, bindings = a.bench.view(), a.bench.bindings()
	default:
		left, right = a.home.title()
		body, bindings = a.home.view(), a.home.bindings()
	}
	if a.help {
		body = a.helpView(bindings)
	}
	lines := []string{a.header(left, right), ""}
	rows := strings.Split(body, "\n")
	for i := range a.env.bodyHeight() {
		row := ""
		if i < len(rows) && rows[i] != "" {
			row = "  " + ansi.Truncate(rows[i], max(a.env.width-2, 1), "")
		}
		lines = append(lines, row)
	}
	return strings.Join(append(lines, a.troubleLine(), "  "+a.keyLine(bindings)), "\n")
}

func (a App) header(left, right string) string {
	st, room := a.env.styles, a.env.width-4
	left = ansi.Truncate(left, max(room, 1), "…")
	right = ansi.Truncate(right, max(room-ansi.StringWidth(left)-2, 0), "…")
	gap := strings.Repeat(" ", max(room-ansi.StringWidth(left)-ansi.StringWidth(right), 1))
	return "  " + st.title.Render(left) + gap + st.muted.Render(right)
}

func (a App) troubleLine() string {
	if a.trouble == "" {
		return ""
	}
	return "  " + a.env.cut(a.env.styles.bad.Render("✗ "+a.trouble))
}

// keyLine names the keys that do something now, the most useful first; what
// does not fit is under "?".
func (a App) keyLine(bindings []key.Binding) string {
	st := a.env.styles
	if a.help {
		return st.accent.Render("any key") + " " + st.muted.Render("back")
	}
	help := a.env.keys.Help
	tail := st.accent.Render(help.Help().Key) + " " + st.muted.Render(help.Help().Desc)
	line, sep := "", ""
	for _, b := range bindings {
		item := st.accent.Render(b.Help().Key) + " " + st.muted.Render(b.Help().Desc)
		if ansi.StringWidth(line+sep+item)+3+ansi.StringWidth(tail) > a.env.width-4 {
			break
		}
		line, sep = line+sep+item, st.muted.Render(" · ")
	}
	return line + sep + tail
}

// helpView lists every key of the screen.
func (a App) helpView(bindings []key.Binding) string {
	st := a.env.styles
	lines := []string{st.title.Render("Keys"), ""}
	quit := key.NewBinding(key.WithKeys("ctrl+c"), key.WithHelp("ctrl+c", "quit at any moment; nothing that was answered is lost"))
	for _, b := range append(bindings, a.env.keys.Help, quit) {
		shown := b.Help().Key
		lines = append(lines, "  "+st.accent.Render(shown)+strings.Repeat(" ", max(10-ansi.StringWidth(shown), 1))+b.Help().Desc)
	}
	return strings.Join(lines, "\n")
}
