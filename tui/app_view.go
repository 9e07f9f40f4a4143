package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// View joins what the screens have drawn.
func (a App) View() tea.View {
	v := tea.NewView(a.env.styles.cells(a.content()))
	v.AltScreen = true
	v.WindowTitle = "loralab"
	return v
}

func (a App) content() string {
	left, right := a.on.title()
	body, bindings := a.on.view(), a.on.bindings()
	switch {
	case a.help:
		body = a.helpView(bindings)
	case a.words != nil:
		body = a.words.view()
	}
	lines := []string{a.header(left, right), ""}
	rows := strings.Split(body, "\n")
	for i := range a.env.bodyHeight() {
		row := ""
		if i < len(rows) && rows[i] != "" {
			row = "  " + ansi.Truncate(rows[i], max(a.env.width-2, 1), "…")
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
	if q, ok := a.on.(asker); ok && q.prompt() != "" {
		return "  " + q.prompt()
	}
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
	if a.words != nil {
		return a.words.keyLine()
	}
	help := a.env.keys.Help
	tail := st.accent.Render(help.Help().Key) + " " + st.muted.Render(help.Help().Desc)
	line, sep := "", ""
	for _, b := range bindings {
		if b.Help().Key == "" {
			continue
		}
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
		if shown == "" {
			continue
		}
		lines = append(lines, "  "+st.accent.Render(shown)+strings.Repeat(" ", max(10-ansi.StringWidth(shown), 1))+b.Help().Desc)
	}
	return strings.Join(lines, "\n")
}
