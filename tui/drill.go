package tui

import (
	"slices"
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/drills"
	"loralab/lessons/show"
)

// drillScreen shows a drill or an interview. It keeps what is being typed and
// how far the text is scrolled; all else is the talk's.
type drillScreen struct {
	env   *env
	talk  *drills.Talk
	scene show.Scene
	work  worker

	question int            // whose answers fields holds
	fields   map[int]*field // what is typed, by part

	text scroller
	pin  []string // what stays in view under the text
}

func newDrillScreen(env *env, talk *drills.Talk) (*drillScreen, tea.Cmd) {
	s := &drillScreen{env: env, talk: talk}
	s.work = worker{book: env.notebook, of: s}
	cmd := s.show(talk.Scene())
	s.render()
	return s, cmd
}

// show takes over a scene and puts the cursor where something is to be typed.
func (s *drillScreen) show(scene show.Scene) tea.Cmd {
	if scene.Ask.Question != s.question {
		s.question, s.fields, s.text.top = scene.Ask.Question, map[int]*field{}, 0
	}
	s.scene = scene
	for _, f := range s.fields {
		f.blur()
	}
	if f := s.field(); f != nil {
		return f.focus()
	}
	return nil
}

// field is where the part that is asked is answered, nil where nothing is typed.
func (s *drillScreen) field() *field {
	ask := s.scene.Ask
	rows, ok := map[show.Form]int{show.Line: 1, show.Sentences: 3}[ask.Form]
	if !ok {
		return nil
	}
	f := s.fields[ask.Part]
	if f == nil {
		made := newField(ask.Placeholder, drills.AnswerLimit, rows)
		made.remember(s.env.history)
		f = &made
		s.fields[ask.Part] = f
	}
	return f
}

// typing reports whether keys go into an answer.
func (s *drillScreen) typing() bool { return s.field() != nil }

// unsent is what was typed and not yet committed.
func (s *drillScreen) unsent() []string {
	var all []string
	for part := 1; part <= s.scene.Ask.Parts; part++ {
		if f := s.fields[part]; f != nil && f.value() != "" {
			all = append(all, f.value())
		}
	}
	return all
}

func (s *drillScreen) update(msg tea.Msg) tea.Cmd {
	cmd := s.handle(msg)
	s.render()
	return cmd
}

// leave lets what is being written down come to its end.
func (s *drillScreen) leave() {
	s.work.queue = nil
	s.talk.Leave()
}

func (s *drillScreen) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return nil
	case done:
		return s.done(msg)
	case tea.KeyPressMsg:
		if s.work.hold(msg) {
			return nil
		}
		return s.press(msg)
	}
	if f := s.field(); f != nil { // a paste, the cursor's blink
		return f.update(msg)
	}
	return nil
}

// done takes over what came of a deed. An error has lost nothing: what was typed
// is still there.
func (s *drillScreen) done(msg done) tea.Cmd {
	if msg.err != nil {
		msg.scene.Trouble = msg.err.Error()
	}
	if msg.deed.Act == show.Typed && msg.scene.Trouble == "" && msg.deed.Text != "" {
		s.env.history = append([]string{msg.deed.Text}, s.env.history...)
	}
	was := s.scene.Ask.Form
	cmd := s.show(msg.scene)
	switch s.render(); {
	case s.scene.Ask.Form == show.Nothing && was != show.Nothing:
		s.reveal()
	case s.scene.Can(show.Why) && msg.deed.Act != show.Next: // what was asked for stands last
		s.text.to(len(s.text.lines))
	}
	return tea.Batch(cmd, s.work.next(s.press))
}

// do hands a deed to the talk.
func (s *drillScreen) do(deed show.Deed) tea.Cmd { return s.work.do(s.talk, deed) }

func (s *drillScreen) press(msg tea.KeyPressMsg) tea.Cmd {
	k := s.env.keys
	switch {
	case key.Matches(msg, k.PageDown):
		s.text.page(1)
		return nil
	case key.Matches(msg, k.PageUp):
		s.text.page(-1)
		return nil
	}
	f := s.field()
	for _, o := range s.scene.Offers {
		if n, err := strconv.Atoi(msg.String()); err == nil && f == nil && slices.Contains(o.Numbers, n) {
			return s.do(show.Deed{Act: o.Act, Number: n})
		}
		if key.Matches(msg, s.binding(o)) && (f == nil || !printable(msg)) {
			return s.do(show.Deed{Act: o.Act})
		}
	}
	switch {
	case f != nil && key.Matches(msg, k.Answer):
		return s.do(show.Deed{Act: show.Typed, Text: f.value()})
	case f != nil:
		s.scene.Trouble = ""
		return f.update(msg)
	case s.scene.Ask.Form == show.Confidence:
		if sure, ok := k.sure(msg); ok {
			return s.do(sure)
		}
	}
	return nil
}

// printable reports whether a key writes something into an answer.
func printable(msg tea.KeyPressMsg) bool { return msg.Text != "" || msg.String() == "backspace" }

// reveal scrolls to the verdict where it lies below the screen.
func (s *drillScreen) reveal() {
	first := slices.IndexFunc(s.scene.Blocks, func(b show.Block) bool { _, ok := b.(show.Verdict); return ok })
	if first < 0 {
		return
	}
	above := len(s.typesetter().blocks(s.scene.Blocks[:first]))
	if !s.text.fits() {
		s.text.to(above - 2)
	}
}
