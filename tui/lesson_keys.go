package tui

import (
	"charm.land/bubbles/v2/key"

	"loralab/lessons/show"
)

// bindings are the keys of the moment, and those that every moment has.
func (s *lessonScreen) bindings() []key.Binding {
	k := s.env.keys
	switch {
	case s.jump.asks():
		return s.jump.bindings(k)
	case s.writes():
		return s.momentBindings()
	}
	return append(s.momentBindings(), as(k.Words, "words"), k.Jump, k.Present)
}

// momentBindings are the keys of what the page is about now: first the one that
// leads on.
func (s *lessonScreen) momentBindings() []key.Binding {
	k, p := s.env.keys, s.panel()
	b := s.lead()
	switch s.scene.Ask.Form {
	case show.Line:
		b = append(b, k.Answer, k.Skip)
		if s.typing() {
			return append(b, s.scrolling(), k.Home)
		}
		return append(b, append(s.turning(), s.scrolling(), k.Home)...)
	case show.Choice:
		choose := key.NewBinding(key.WithKeys("up"), key.WithHelp("↑↓", "choose"))
		return append(append(b, choose, k.Answer, k.Skip), append(s.turning(), s.scrolling(), k.Home)...)
	case show.Confidence:
		return append(append(b, k.Guess, k.Think, k.Sure, k.Edit), append(s.turning(), s.scrolling(), k.Home)...)
	}
	switch {
	case p == nil:
		return append(b, append(s.turning(), s.scrolling(), k.Home)...)
	case p.running():
		b = append(append(b, p.runKeys()...), p.figureKeys()...)
		if s.env.narrow() {
			b = append(b, as(k.Zoom, "text"))
		}
	case s.env.narrow() && !s.watching():
		return append(append(b, as(k.Figure, "figure"), as(k.Run, "run again"), s.scrolling()), append(s.turning(), k.Home)...)
	default:
		b = append(append(b, p.figureKeys()...), p.runKeys()...)
		switch {
		case s.zoom:
			b = append(b, as(k.Zoom, "text again"))
		case s.env.narrow():
		default:
			b = append(b, k.Zoom)
		}
	}
	b = append(append(b, s.turning()...), p.knobKeys()...)
	if s.env.narrow() && !p.running() {
		b = append(b, as(k.Zoom, "text"))
	}
	if !s.watching() {
		b = append(b, s.scrolling())
	}
	return append(append(b, p.otherKeys()...), k.Home)
}

// lead is the key that leads on from here, where that is not an answer.
func (s *lessonScreen) lead() []key.Binding {
	enter := s.env.keys.Enter
	switch {
	case s.scene.Ask.Form != show.Nothing:
		return nil
	case s.env.narrow() && s.watching():
		return []key.Binding{as(enter, "why")}
	case !s.watching() && s.text.more():
		return []key.Binding{as(enter, "more")}
	case s.scene.Can(show.Next):
		return []key.Binding{as(enter, "next page")}
	}
	return []key.Binding{as(enter, s.beyond())}
}

// beyond is what comes after the last page.
func (s *lessonScreen) beyond() string {
	if s.env.course.After(s.walk.Lesson) == nil {
		return "home"
	}
	return "next lesson"
}

// turning are the keys that turn pages.
func (s *lessonScreen) turning() []key.Binding {
	k := s.env.keys
	b := []key.Binding{as(k.Next, "next")}
	if !s.scene.Can(show.Next) {
		b = []key.Binding{as(k.Next, s.beyond())}
	}
	if s.recall() != "" {
		b = append(b, k.Recall)
	}
	if s.scene.Can(show.Hint) {
		b = append(b, k.Hint)
	}
	if s.scene.Can(show.Previous) {
		b = append(b, as(k.Previous, "back"))
	}
	return b
}

// scrolling is the key for what the text's window does not show; without help where
// it shows all.
func (s *lessonScreen) scrolling() key.Binding {
	if s.text.fits() {
		return key.NewBinding()
	}
	if !s.text.more() {
		return as(s.env.keys.PageUp, "text above")
	}
	return as(s.env.keys.PageDown, "more text")
}

// forth goes on with the text, and after its end to the next page.
func (s *lessonScreen) forth() bool {
	if !s.text.more() {
		return false
	}
	s.text.page(1)
	return true
}
