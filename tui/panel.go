package tui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/plots"
)

// panel draws an experiment that can be run: its knobs, its figures, its
// findings. Lessons and the bench show the same panel. What was turned and what was
// found is the trial's; the panel has the run under way and how it all is looked at.
type panel struct {
	env   *env
	trial *lab.Trial
	of    show.Experiment // the trial, with what was predicted of it and what may be seen

	knob    int // index into the knobs that matter now
	choice  int // of a set: the choice that is looked at
	figure  int
	compare bool
	slow    bool

	live   *live // nil where nothing runs
	at     lab.Progress
	took   time.Duration
	turns  int    // so many times a knob was turned: tells when one has rested
	note   string // one line: an error, a file that was written
	failed bool   // note is an error

	width, height int
	table         []string // the findings at this size
	drawn         string   // the figure at this size
	caption       []string
}

func newPanel(env *env, trial *lab.Trial) panel {
	return panel{env: env, trial: trial, of: show.Experiment{Trial: trial}}
}

func (p *panel) resize(width, height int) {
	p.width, p.height = width, height
	p.draw()
}

// tabNames are the ids of the figures, and after them the numbers where there
// is no room for all of them under the figure.
func (p *panel) tabNames() []string {
	if len(p.trial.Table) > 0 && p.tableRows() < len(p.table)+1 {
		return append(slices.Clone(p.trial.Figures), "numbers")
	}
	return p.trial.Figures
}

// showsNumbers reports whether the numbers stand in the figure's place.
func (p *panel) showsNumbers() bool { return p.figure >= len(p.trial.Figures) }

// running reports whether a run is under way; a page without one has no panel.
func (p *panel) running() bool { return p != nil && p.live != nil }

// stop cancels the run, if one is under way. Its goroutine ends at its next
// step; its last snapshot is not of p.live any more and is ignored.
func (p *panel) stop() {
	if p.live == nil {
		return
	}
	p.live.cancel()
	p.live = nil
	p.trial.Drop()
}

// run starts the experiment with the present settings: the same seed, so the
// same initial weights.
func (p *panel) run() tea.Cmd {
	if p.live != nil {
		p.live.cancel()
		p.live = nil
	}
	s, err := p.trial.Begin()
	if err != nil {
		p.say(err.Error(), true)
		return nil
	}
	p.note = ""
	var wait tea.Cmd
	p.live, wait = startRun(p.trial.Experiment, s, p.slow)
	return wait
}

func (p *panel) say(note string, failed bool) { p.note, p.failed = note, failed }

// stepped takes a snapshot of the run. Where the run has just come to its end it
// returns the record, which becomes the trial's once it is written down.
func (p *panel) stepped(s stepped) (tea.Cmd, *lab.Record) {
	if p.live == nil || s.of != p.live {
		return nil, nil
	}
	p.at, p.took = s.progress, s.took
	p.trial.See(s.record)
	wait := p.live.await()
	var ended *lab.Record
	if s.done {
		p.live, wait = nil, nil
		switch {
		case s.err == nil:
			ended = s.record
		case !errors.Is(s.err, context.Canceled):
			p.say(s.err.Error(), true)
		}
	}
	p.draw()
	return wait, ended
}

// follow takes a snapshot for a machine, which is told where the run has ended.
func (p *panel) follow(s stepped, do func(show.Deed) tea.Cmd) tea.Cmd {
	if p == nil {
		return nil
	}
	cmd, ended := p.stepped(s)
	if ended != nil {
		cmd = tea.Batch(cmd, do(show.Deed{Act: show.Ran, Record: ended}))
	}
	return cmd
}

// update takes a message; a page without a run has no panel.
func (p *panel) update(msg tea.Msg) tea.Cmd {
	if p == nil {
		return nil
	}

	switch msg := msg.(type) {
	case exported:
		p.exported(msg)
	case rested:
		if msg.panel == p && msg.turns == p.turns && p.live == nil && p.trial.Stale() {
			return p.run()
		}
	case tea.KeyPressMsg:
		return p.press(msg)
	}
	return nil
}

func (p *panel) press(msg tea.KeyPressMsg) tea.Cmd {
	k := p.env.keys
	switch {
	case key.Matches(msg, k.Run): // the same key as Pause
		if p.live != nil {
			p.live.gate.pause(!p.live.gate.paused())
			return nil
		}
		return p.run()
	case key.Matches(msg, k.Step):
		if p.live == nil {
			cmd := p.run()
			if p.live != nil {
				p.live.gate.pause(true)
			}
			return cmd
		}
		p.live.gate.pause(true)
		p.live.gate.step()
	case key.Matches(msg, k.Slow):
		p.slow = !p.slow
		if p.live != nil {
			p.live.gate.setSlow(p.slow)
		}
	case key.Matches(msg, k.Cancel):
		if p.live != nil {
			p.stop()
			p.say("cancelled: space runs it again", false)
			p.draw()
		}
	case key.Matches(msg, k.Knob):
		p.knob = min(p.knob+1, len(p.trial.Knobs())-1)
	case key.Matches(msg, k.KnobBack):
		p.knob = max(p.knob-1, 0)
	case key.Matches(msg, k.Left):
		return p.turn(-1)
	case key.Matches(msg, k.Right):
		return p.turn(1)
	case key.Matches(msg, k.Toggle):
		return p.toggle()
	case key.Matches(msg, k.Reset):
		p.trial.Reset()
		return p.turned()
	case key.Matches(msg, k.Undo):
		if !p.trial.Undo() {
			p.say("no turn to undo", false)
			return nil
		}
		return p.turned()
	case key.Matches(msg, k.Auto):
		p.env.manual = !p.env.manual
		p.say("a turned knob "+map[bool]string{true: "waits for space", false: "runs by itself"}[p.env.manual], false)
	case key.Matches(msg, k.Figure):
		p.figure = (p.figure + 1) % len(p.tabNames())
		p.draw()
	case key.Matches(msg, k.FigureBack):
		p.figure = (p.figure + len(p.tabNames()) - 1) % len(p.tabNames())
		p.draw()
	case key.Matches(msg, k.Compare):
		p.compare = !p.compare
		if p.compare && p.trial.Before() == nil {
			p.say("nothing to compare yet: turn a knob and run again", false)
		}
		p.draw()
	case key.Matches(msg, k.Export):
		return p.export()
	}
	return nil
}

// current returns the figure that is shown, with the last run behind it if it
// is being compared. Before the first run it has the axes that a guess needs.
func (p *panel) current() *plots.Figure {
	record, before := p.trial.Record(), p.trial.Before()
	if p.showsNumbers() {
		return nil
	}
	if record == nil {
		record = &lab.Record{Experiment: p.trial.Experiment.ID, Settings: p.trial.Settings()}
	}
	id := p.trial.Figures[p.figure]
	f := p.of.Figure(record, id)
	if f == nil || !p.compare || before == nil || p.of.Covered {
		return f
	}
	return plots.Beside(p.trial.Experiment.Figure(before, id), f)
}

// draw renders figure and findings once for the present record and size.
func (p *panel) draw() {
	p.drawn, p.caption, p.table = "", nil, p.findings()
	p.figure = max(min(p.figure, len(p.tabNames())-1), 0)
	f := p.current()
	if f != nil && f.Caption != "" {
		p.caption = strings.Split(renderMarkdown(f.Caption, p.width, styles{text: p.env.styles.muted, ink: p.env.styles.ink}), "\n")
		if p.env.narrow() && len(p.caption) > captionRows {
			p.caption = p.caption[:captionRows]
		}
	}
	rows := p.figureRows()
	if p.width < leastColumns || rows < leastRows {
		return
	}
	if p.showsNumbers() {
		numbers := p.table[:min(rows, len(p.table))]
		p.drawn = strings.Join(append(slices.Clone(numbers), make([]string, max(rows-len(numbers), 0))...), "\n")
		return
	}
	if f != nil && (p.trial.Record() != nil || !f.Empty() || len(f.Marks) > 0) {
		p.drawn = f.Cells(p.width, rows, p.env.styles.ink)
	}
}

// A figure is not drawn on less.
const leastColumns, leastRows = 20, 4

// captionRows is what the sentence that says what to look at gets on a narrow
// screen: the figure needs the rest.
const captionRows = 2
