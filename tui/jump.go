package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/lessons/show"
)

// jump asks for the number of the page to go to. The zero value asks nothing.
type jump struct{ field *field }

// ask begins to ask; words say what can be typed.
func (j *jump) ask(words string) tea.Cmd {
	f := newField(words, 12, 1)
	j.field = &f
	return f.focus()
}

// asks reports whether it is asked.
func (j *jump) asks() bool { return j.field != nil }

// close stops asking; it reports whether it was asked.
func (j *jump) close() bool {
	asked := j.field != nil
	j.field = nil
	return asked
}

// press takes a key. The deed is to be done where ok is true.
func (j *jump) press(k keys, msg tea.KeyPressMsg) (deed show.Deed, ok bool, cmd tea.Cmd) {
	if !key.Matches(msg, k.Answer) {
		return deed, false, j.field.update(msg)
	}
	deed = show.Deed{Act: show.Page, Text: j.field.value()}
	j.field = nil
	return deed, deed.Text != "", nil
}

// prompt is what is asked, as a line.
func (j *jump) prompt(e *env) string {
	if j.field == nil {
		return ""
	}
	return e.cut(e.styles.accent.Render("page ") + j.field.view(max(e.width-9, 8)))
}

// bindings are the keys while it is asked.
func (j *jump) bindings(k keys) []key.Binding {
	return []key.Binding{as(k.Enter, "go there"), as(k.Home, "stay")}
}
