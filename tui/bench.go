package tui

import (
	"context"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/lessons"
)

// benchScreen is an experiment with every knob on it and no prose.
type benchScreen struct {
	env    *env
	panels []panel // one an experiment
	at     int
}

func newBenchScreen(env *env, lab lessons.Laboratory) benchScreen {
	s := benchScreen{env: env}
	for _, e := range lab {
		s.panels = append(s.panels, newPanel(env, e, nil))
	}
	s.resize()
	return s
}

func (s *benchScreen) resize() {
	for i := range s.panels {
		s.panels[i].resize(s.env.width-4, s.env.bodyHeight()-2)
	}
}

func (s *benchScreen) leave() { s.panels[s.at].stop() }

func (s benchScreen) update(msg tea.Msg) (benchScreen, tea.Cmd) {
	p, k := &s.panels[s.at], s.env.keys
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.resize()
	case stepped:
		cmd, ended := p.stepped(msg)
		if ended {
			book, record := s.env.notebook, p.record
			cmd = tea.Batch(cmd, note(book, func() error { return book.SaveRun(context.Background(), record) }))
		}
		return s, cmd
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, k.Next):
			s.move(1)
			return s, nil
		case key.Matches(msg, k.Previous):
			s.move(-1)
			return s, nil
		}
		return s, p.press(msg)
	default:
		return s, p.update(msg)
	}
	return s, nil
}

func (s *benchScreen) move(by int) {
	s.leave()
	s.at = (s.at + by + len(s.panels)) % len(s.panels)
}

func (s benchScreen) title() (left, right string) {
	return "bench · " + s.panels[s.at].exp.Title, "seed " + s.panels[s.at].settings.Text("seed")
}

func (s benchScreen) view() string {
	p := s.panels[s.at]
	help := ""
	if offered := p.offered(); len(offered) > 0 {
		k := offered[min(p.knob, len(offered)-1)]
		help = k.Name + ": " + k.Help + " (" + k.Allowed() + ")"
	}
	return p.view() + "\n\n" + s.env.styles.muted.Render(s.env.cut(help))
}

func (s benchScreen) bindings() []key.Binding {
	k := s.env.keys
	var next []key.Binding
	if len(s.panels) > 1 {
		next = append(next, as(k.Next, "next experiment"))
	}
	return append(s.panels[s.at].bindings(next...), k.Home)
}
