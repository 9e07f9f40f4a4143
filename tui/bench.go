package tui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/lessons"
	"loralab/lessons/lab"
)

// benchScreen is an experiment with every knob on it and no prose.
type benchScreen struct {
	env    *env
	bench  *lessons.Bench
	panels []panel // one an experiment
	at     int
	still
}

func newBenchScreen(env *env, bench *lessons.Bench) *benchScreen {
	s := &benchScreen{env: env, bench: bench}
	for _, t := range bench.Trials {
		s.panels = append(s.panels, newPanel(env, t))
	}
	s.resize()
	return s
}

func (s *benchScreen) resize() {
	for i := range s.panels {
		rows := helpRows
		if !s.env.narrow() {
			rows++
		}
		s.panels[i].resize(s.env.width-4, s.env.bodyHeight()-rows)
	}
}

func (s *benchScreen) leave() { s.panels[s.at].stop() }

// benched says that a run was written down, or why not.
type benched struct {
	trial *lab.Trial
	err   error
}

func (s *benchScreen) update(msg tea.Msg) tea.Cmd {
	p, k := &s.panels[s.at], s.env.keys
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.resize()
	case stepped:
		cmd, ended := p.stepped(msg)
		if ended != nil {
			bench, trial := s.bench, p.trial
			save := s.env.notebook.Pending(func() error { return bench.Ran(context.Background(), trial, ended) })
			cmd = tea.Batch(cmd, func() tea.Msg { return benched{trial, save()} })
		}
		return cmd
	case benched:
		if msg.err != nil && msg.trial == p.trial {
			p.say(msg.err.Error(), true)
		}
		s.resize()
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, k.Next):
			s.move(1)
			return nil
		case key.Matches(msg, k.Previous):
			s.move(-1)
			return nil
		}
		return p.press(msg)
	default:
		return p.update(msg)
	}
	return nil
}

func (s *benchScreen) move(by int) {
	s.leave()
	s.at = (s.at + by + len(s.panels)) % len(s.panels)
}

func (s *benchScreen) title() (left, right string) {
	t := s.panels[s.at].trial
	return "bench · " + t.Experiment.Title, "seed " + t.Settings().Text("seed")
}

// helpRows is how much room there is for what a knob does.
const helpRows = 2

func (s *benchScreen) view() string {
	p := &s.panels[s.at]
	var help []string
	if k, ok := p.chosen(); ok {
		help = wrap(k.Name+": "+k.Help+" ("+k.Offered()+")", s.env.width-4)
	}
	lines := []string{p.view()}
	if !s.env.narrow() {
		lines = append(lines, "")
	}
	for _, line := range help[:min(helpRows, len(help))] {
		lines = append(lines, s.env.styles.muted.Render(line))
	}
	return strings.Join(lines, "\n")
}

func (s *benchScreen) bindings() []key.Binding {
	k := s.env.keys
	var next []key.Binding
	if len(s.panels) > 1 {
		next = append(next, as(k.Next, "next experiment"))
	}
	return append(s.panels[s.at].bindings(next...), k.Home)
}
