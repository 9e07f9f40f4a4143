package main

import (
	tea "charm.land/bubbletea/v2"

	"loralab/tui"
)

// brittle is the laboratory with a screen that panics at f2, and at f3 has a
// command that never ends.
type brittle struct{ tui.App }

func (b brittle) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch press.Code {
		case tea.KeyF2:
			panic("broken at f2")
		case tea.KeyF3:
			return b, func() tea.Msg { select {} }
		}
	}
	m, cmd := b.App.Update(msg)
	return brittle{m.(tui.App)}, cmd
}
