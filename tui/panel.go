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
	"loralab/plots"
)

// panel draws an experiment that can be run: its knobs, its figures, its
// findings. Lessons and the bench show the same panel. What was turned and what was
// found is the trial's; the panel has the run under way and how it all is looked at.
type panel struct {
	env   *env
	trial *lab.Trial

	knob    int // index into the knobs that matter now
	choice  int // of a set: the choice that is looked at
	figure  int
	compare bool
	slow    bool

	live   *live // nil where nothing runs
	at     lab.Progress
	took   time.Duration
	note   string // one line: an error, a file that was written
	failed bool   // note is an error

	width, height int
	drawn         string // the figure at this size
	caption       []string
}

func newPanel(env *env, trial *lab.Trial) panel { return panel{env: env, trial: trial} }

func (p *panel) resize(width, height int) {
	p.width, p.height = width, height
	p.figure = min(p.figure, len(p.tabNames())-1)
	p.draw()
}

// tabNames are the ids of the figures, and after them the numbers where there
// is no room for all of them under the figure.
func (p *panel) tabNames() []string {
	if len(p.trial.Table) > 0 && p.tableRows() < len(p.trial.Table)+1 {
		return append(slices.Clone(p.trial.Figures), "numbers")
	}
	return p.trial.Figures
}

// showsNumbers reports whether the numbers stand in the figure's place.
func (p *panel) showsNumbers() bool { return p.figure >= len(p.trial.Figures) }

func (p *panel) running() bool { return p.live != nil }

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

func (p *panel) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case exported:
		p.exported(msg)
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
			p.say("cancelled: space runs it again from the same start", false)
			p.draw()
		}
	case key.Matches(msg, k.Knob):
		p.knob = min(p.knob+1, len(p.trial.Knobs())-1)
	case key.Matches(msg, k.KnobBack):
		p.knob = max(p.knob-1, 0)
	case key.Matches(msg, k.Left):
		p.turn(-1)
	case key.Matches(msg, k.Right):
		p.turn(1)
	case key.Matches(msg, k.Toggle):
		p.toggle()
	case key.Matches(msg, k.Reset):
		p.trial.Reset()
		p.draw()
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

func (p *panel) turn(by int) {
	offered := p.trial.Knobs()
	if len(offered) == 0 {
		return
	}
	p.knob = min(p.knob, len(offered)-1)
	k := offered[p.knob]
	if k.Kind == lab.Set {
		p.choice = min(max(p.choice+by, 0), len(k.Choices)-1)
		return
	}
	p.set(k, k.Next(p.trial.Settings().Text(k.Name), by))
}

// toggle puts the choice that is looked at into the set, or takes it out.
func (p *panel) toggle() {
	if offered := p.trial.Knobs(); len(offered) > 0 {
		if k := offered[min(p.knob, len(offered)-1)]; k.Kind == lab.Set {
			p.set(k, k.Toggle(p.trial.Settings().Text(k.Name), k.Choices[min(p.choice, len(k.Choices)-1)]))
		}
	}
}

func (p *panel) set(k lab.Knob, value string) {
	if err := p.trial.Turn(k.Name, value); err != nil { // a ladder that leaves its own range: a test forbids it
		p.say(err.Error(), true)
		return
	}
	p.note = ""
	if p.live != nil { // the run under way is of other settings now
		p.stop()
	}
	p.draw() // other knobs may matter now and take rows from the figure
}

// current returns the figure that is shown, with the last run behind it if it
// is being compared.
func (p *panel) current() *plots.Figure {
	record, before, e := p.trial.Record(), p.trial.Before(), p.trial.Experiment
	if record == nil || p.showsNumbers() {
		return nil
	}
	id := p.trial.Figures[p.figure]
	f := e.Figure(record, id)
	if f == nil || !p.compare || before == nil {
		return f
	}
	old := e.Figure(before, id)
	if old == nil {
		return f
	}
	both := *f
	both.Lines = nil
	for _, line := range old.Lines {
		line.Faint = true
		line.Name = "before: " + line.Name
		both.Lines = append(both.Lines, line)
	}
	both.Lines = append(both.Lines, f.Lines...) // last drawn, on top
	return &both
}

// draw renders the figure once for the present record and size.
func (p *panel) draw() {
	p.drawn, p.caption = "", nil
	f := p.current()
	if f != nil && f.Caption != "" && p.height >= captionFrom {
		p.caption = strings.Split(renderMarkdown(f.Caption, p.width, styles{text: p.env.styles.muted}), "\n")
	}
	rows := p.figureRows()
	if p.width < 20 || rows < 4 {
		return
	}
	if p.showsNumbers() {
		numbers := p.findings(rows)
		p.drawn = strings.Join(append(numbers, make([]string, max(rows-len(numbers), 0))...), "\n")
		return
	}
	if f != nil {
		p.drawn = f.Cells(p.width, rows, p.env.styles.ink)
	}
}

// captionFrom is the height from which a panel has room for the sentence that
// says what to look at.
const captionFrom = 30
