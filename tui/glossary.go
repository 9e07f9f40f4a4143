package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/lessons"
)

// words are what a page's words mean, laid over the page until a key is pressed.
type words struct {
	env   *env
	page  string // its title
	terms []lessons.Term
	where map[string]string // by term: the page that teaches it, where it is another one
	text  scroller
}

// newWords explains the terms on a page of a lesson, nil where there are none.
func newWords(env *env, g lessons.Glossary, course lessons.Course, l *lessons.Lesson, page int) *words {
	w := &words{env: env, page: l.Pages[page].Title, terms: g.On(l.Pages[page]), where: map[string]string{}}
	if len(w.terms) == 0 {
		return nil
	}
	for _, t := range w.terms {
		if in, at := t.Taught(course); at > 0 && (in != l || at != page+1) {
			w.where[t.Name] = fmt.Sprintf("  step %d, page %d", in.Step, at)
		}
	}
	w.resize()
	return w
}

// resize sets the text anew.
func (w *words) resize() {
	st, room := w.env.styles, w.env.width-6
	var lines []string
	for i, t := range w.terms {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, st.accent.Render(st.say(t.Name))+st.muted.Render(w.where[t.Name]))
		for _, line := range wrap(st.say(t.Says), min(room, 76)) {
			lines = append(lines, "  "+line)
		}
	}
	w.text.set(lines, w.env.bodyHeight()-2)
}

// press scrolls, and reports whether the words are to be put away.
func (w *words) press(msg tea.KeyPressMsg) (away bool) {
	k := w.env.keys
	switch {
	case key.Matches(msg, k.Up):
		w.text.to(w.text.top - 1)
	case key.Matches(msg, k.Down):
		w.text.to(w.text.top + 1)
	case key.Matches(msg, k.PageUp):
		w.text.page(-1)
	case key.Matches(msg, k.PageDown):
		w.text.page(1)
	default:
		return true
	}
	return false
}

func (w *words) view() string {
	title := w.env.styles.title.Render("The words of this page")
	return strings.Join(append([]string{title, ""}, w.text.seen(w.env.styles)...), "\n")
}

// keyLine names the keys of the words.
func (w *words) keyLine() string {
	st := w.env.styles
	line := st.accent.Render("any key") + " " + st.muted.Render("back")
	if !w.text.fits() {
		line = st.accent.Render("↑↓ pgdn") + " " + st.muted.Render("scroll · ") + line
	}
	return line
}

// wordsOf are the words of the page that is shown, nil where no page is.
func (a App) wordsOf() *words {
	s, ok := a.on.(*lessonScreen)
	if !ok {
		return nil
	}
	return newWords(a.env, a.options.Glossary, a.options.Lessons, s.walk.Lesson, s.walk.Page())
}
