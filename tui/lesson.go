package tui

import (
	"fmt"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/drills"
	"loralab/lessons"
	"loralab/lessons/show"
)

// lessonScreen shows a walk through a lesson. It keeps what is being typed, how
// the page is looked at and the run that is under way; all else is the walk's.
type lessonScreen struct {
	env    *env
	walk   *lessons.Walk
	scene  show.Scene
	work   worker
	panels []*panel // by page, nil without a run
	page   int      // index of the page that the scene shows
	field  *field   // where a number is predicted, nil where none is asked
	asked  [2]int   // page and question that field and choice belong to
	choice int      // of a choice: the marked one
	zoom   bool     // the figure has the screen to itself
	jump   jump
	away   bool // another screen is shown
	to     way  // where a key leads

	text scroller    // rendered at textWidth
	tops map[int]int // where the other pages were left, by page
	pin  []string    // what stays in view under the text
}

func newLessonScreen(env *env, l *lessons.Lesson, page int) (*lessonScreen, tea.Cmd) {
	walk := lessons.NewWalk(l, env.notebook, page)
	s := &lessonScreen{env: env, walk: walk, panels: make([]*panel, len(l.Pages)), tops: map[int]int{}}
	s.work = worker{book: env.notebook, of: s}
	s.show(walk.Scene())
	return s, s.do(show.Deed{Act: show.Page, Number: walk.Page() + 1})
}

// panel is the run of the page that is shown, nil where it has none.
func (s *lessonScreen) panel() *panel { return s.panels[s.page] }

// show takes over a scene and puts the cursor where something is to be typed.
func (s *lessonScreen) show(scene show.Scene) tea.Cmd {
	if to := s.walk.Page(); to != s.page {
		s.tops[s.page] = s.text.top
		s.zoom, s.text.top = false, s.tops[to]
	}
	s.scene, s.page = scene, s.walk.Page()
	if t := s.walk.Trial(); t != nil && s.panels[s.page] == nil {
		p := newPanel(s.env, t)
		s.panels[s.page] = &p
	}
	if p := s.panel(); p != nil {
		p.of = scene.Experiment()
	}
	ask := scene.Ask
	if now := [2]int{ask.Question, ask.Part}; now != s.asked {
		s.asked, s.field, s.choice = now, nil, 0
	}
	var cmd tea.Cmd
	if ask.Form == show.Line {
		if s.field == nil {
			f := newField(ask.Placeholder, predictionLimit, 1)
			s.field = &f
		}
		cmd = s.field.focus()
	}
	s.resize()
	return cmd
}

// predictionLimit is how many characters a prediction has at most.
const predictionLimit = 80

// typing reports whether letters go into an answer line: into one that is empty,
// those of a number do, and keys such as "n" keep their meaning.
func (s *lessonScreen) typing() bool { return s.jump.asks() || s.writes() }

// writes reports whether something is typed into the answer line.
func (s *lessonScreen) writes() bool { return s.asks() && s.field.value() != "" }

func (s *lessonScreen) prompt() string { return s.jump.prompt(s.env) }
func (s *lessonScreen) closes() bool   { return s.jump.close() }

// asks reports whether there is an answer line.
func (s *lessonScreen) asks() bool { return s.scene.Ask.Form == show.Line }

// unsent is what was typed and not yet committed.
func (s *lessonScreen) unsent() []string {
	if s.writes() {
		return []string{s.field.value()}
	}
	return nil
}

// come shows the lesson again.
func (s *lessonScreen) come() tea.Cmd {
	s.away = false
	s.resize()
	if s.asks() {
		return s.field.focus()
	}
	return nil
}

// leave is for another screen: the run under way is cancelled.
func (s *lessonScreen) leave() {
	s.away, s.work.queue = true, nil
	s.stop()
}

// stop cancels the run under way.
func (s *lessonScreen) stop() {
	if p := s.panel(); p != nil {
		p.stop()
	}
}

// do hands a deed to the walk.
func (s *lessonScreen) do(deed show.Deed) tea.Cmd { return s.work.do(s.walk, deed) }

func (s *lessonScreen) update(msg tea.Msg) tea.Cmd {
	cmd := s.handle(msg)
	s.render()
	return cmd
}

// way leads to the drill that asks about this page.
func (s *lessonScreen) way() way {
	to := s.to
	s.to = nil
	return to
}

func (s *lessonScreen) handle(msg tea.Msg) tea.Cmd {
	p := s.panel()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.resize()
		return nil
	case stepped:
		return p.follow(msg, s.do)
	case rested, exported:
		return p.update(msg)
	case done:
		return s.done(msg)
	case tea.KeyPressMsg:
		if s.work.hold(msg) {
			return nil
		}
		return s.press(msg)
	}
	switch { // a paste, the cursor's blink
	case s.jump.asks():
		return s.jump.field.update(msg)
	case s.asks():
		return s.field.update(msg)
	}
	return nil
}

// done takes over what came of a deed.
func (s *lessonScreen) done(msg done) tea.Cmd {
	if msg.err != nil {
		msg.scene.Trouble = msg.err.Error()
	}
	before := s.page
	cmds := []tea.Cmd{s.show(msg.scene)}
	p := s.panel()
	switch {
	case msg.deed.Act == show.Ran && before == s.page:
		s.reveal()
	case msg.deed.Act == show.Page && s.scene.Trouble != "" && s.watching():
		p.say(s.scene.Trouble, true)
	case msg.deed.Act == show.Hint:
		s.text.to(len(s.text.lines))
	case s.scene.Ask.Begin && p != nil && !s.away:
		cmds = append(cmds, p.run()) // a run starts when a prediction is committed
		s.resize()
	}
	return tea.Batch(append(cmds, s.work.next(s.press))...)
}

func (s *lessonScreen) press(msg tea.KeyPressMsg) tea.Cmd {
	k, p := s.env.keys, s.panel()
	if s.jump.asks() {
		deed, ok, cmd := s.jump.press(k, msg)
		if ok {
			s.stop()
			return s.do(deed)
		}
		return cmd
	}
	switch {
	case key.Matches(msg, k.PageDown):
		s.text.page(1)
		return nil
	case key.Matches(msg, k.PageUp):
		s.text.page(-1)
		return nil
	case key.Matches(msg, k.Skip) && s.scene.Can(show.GiveUp):
		return s.do(show.Deed{Act: show.GiveUp})
	case key.Matches(msg, k.Edit) && s.scene.Can(show.Back):
		return s.do(show.Deed{Act: show.Back})
	case s.writes():
		return s.pressTyping(msg)
	case key.Matches(msg, k.Jump):
		return s.jump.ask(fmt.Sprintf("its number, 1 to %d", len(s.walk.Lesson.Pages)))
	case key.Matches(msg, k.Present):
		s.to = toClass(s.walk.Lesson, s.page)
		return nil
	case key.Matches(msg, k.Next):
		return s.next()
	case key.Matches(msg, k.Previous):
		if s.scene.Can(show.Previous) {
			s.stop()
			return s.do(show.Deed{Act: show.Previous})
		}
		return nil
	}
	switch s.scene.Ask.Form {
	case show.Line:
		return s.pressTyping(msg)
	case show.Choice:
		return s.pressChoice(msg)
	case show.Confidence:
		if sure, ok := k.sure(msg); ok {
			return s.do(sure)
		}
		return s.predictFirst(msg)
	}
	switch {
	case key.Matches(msg, k.Hint) && s.scene.Can(show.Hint):
		return s.do(show.Deed{Act: show.Hint})
	case key.Matches(msg, k.Recall) && s.recall() != "":
		s.to = toTalk(Start{Drill: &drills.SittingOptions{Family: s.recall()}})
	case p != nil && s.env.narrow():
		return s.pressMoment(msg)
	case key.Matches(msg, k.Zoom) && p != nil:
		s.zoom = !s.zoom
		s.resize()
	case key.Matches(msg, k.Enter) && !p.running():
		if !s.watching() && s.forth() {
			return nil
		}
		return s.next()
	case p != nil:
		return s.pressPanel(msg)
	case key.Matches(msg, k.Down):
		s.text.to(s.text.top + 1)
	case key.Matches(msg, k.Up):
		s.text.to(s.text.top - 1)
	}
	return nil
}

// next goes to the next page, after the last one to the next lesson.
func (s *lessonScreen) next() tea.Cmd {
	s.stop()
	if s.scene.Can(show.Next) {
		return s.do(show.Deed{Act: show.Next})
	}
	s.to = toNext(s.walk.Lesson)
	return nil
}

// pressMoment takes the keys of a page with a run where text and figure take turns.
func (s *lessonScreen) pressMoment(msg tea.KeyPressMsg) tea.Cmd {
	k, p := s.env.keys, s.panel()
	if s.watching() {
		switch {
		case key.Matches(msg, k.Zoom), key.Matches(msg, k.Enter) && !p.running():
			return s.do(show.Deed{Act: show.Why})
		}
		return s.pressPanel(msg)
	}
	switch {
	case key.Matches(msg, k.Enter) && s.scene.Moment == show.Explaining:
		if !s.forth() {
			return s.next()
		}
	case key.Matches(msg, k.Down):
		s.text.to(s.text.top + 1)
	case key.Matches(msg, k.Up):
		s.text.to(s.text.top - 1)
	case key.Matches(msg, k.Zoom), key.Matches(msg, k.Figure):
		return s.do(show.Deed{Act: show.Watch})
	case key.Matches(msg, k.Run), key.Matches(msg, k.Step), key.Matches(msg, k.Left), key.Matches(msg, k.Right):
		return tea.Sequence(s.do(show.Deed{Act: show.Watch}), s.pressPanel(msg))
	default:
		return s.pressPanel(msg)
	}
	return nil
}

func (s *lessonScreen) pressTyping(msg tea.KeyPressMsg) tea.Cmd {
	if key.Matches(msg, s.env.keys.Answer) {
		return s.do(show.Deed{Act: show.Typed, Text: s.field.value()})
	}
	s.scene.Trouble = ""
	return s.field.update(msg)
}

func (s *lessonScreen) pressChoice(msg tea.KeyPressMsg) tea.Cmd {
	k, choices := s.env.keys, s.scene.Ask.Choices
	switch {
	case key.Matches(msg, k.Up):
		s.choice = max(s.choice-1, 0)
	case key.Matches(msg, k.Down):
		s.choice = min(s.choice+1, len(choices)-1)
	case key.Matches(msg, k.Answer):
		return s.do(show.Deed{Act: show.Typed, Text: choices[s.choice]})
	default:
		for i := range choices {
			if msg.String() == string(rune('1'+i)) {
				s.choice = i
				return s.do(show.Deed{Act: show.Typed, Text: choices[i]})
			}
		}
		return s.predictFirst(msg)
	}
	return nil
}

// predictFirst says why the space bar does not run yet.
func (s *lessonScreen) predictFirst(msg tea.KeyPressMsg) tea.Cmd {
	if key.Matches(msg, s.env.keys.Run) {
		s.scene.Trouble = "predict first; tab if you don't know"
	}
	return nil
}

// pressPanel turns a knob or runs. What a knob changes in the text is the walk's
// to say.
func (s *lessonScreen) pressPanel(msg tea.KeyPressMsg) tea.Cmd {
	p := s.panel()
	before := p.trial.Settings()
	cmd := p.press(msg)
	if !p.trial.Settings().Equal(before) {
		s.scene = s.walk.Scene()
	}
	return cmd
}
