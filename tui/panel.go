package tui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/lessons"
	"loralab/plots"
)

// panel is an experiment that can be run: its knobs, its figures, its findings.
// Lessons and the bench show the same panel.
type panel struct {
	env      *env
	exp      *lessons.Experiment
	start    lessons.Settings // to go back to
	settings lessons.Settings
	knobs    []string // offered, by name
	figures  []string // offered, by id
	table    []string // findings, by name

	knob    int // index into the knobs that matter now
	choice  int // of a set: the choice that is looked at
	figure  int
	compare bool
	slow    bool

	live   *live
	runs   int // ids given out
	record *lessons.Record
	before *lessons.Record // the finished run before record
	at     lessons.Progress
	ended  bool // record is of a run that reached its end
	took   time.Duration
	note   string // one line: an error, a file that was written
	failed bool   // note is an error

	width, height int
	drawn         string // the figure at this size
	caption       []string
}

func newPanel(env *env, e *lessons.Experiment, run *lessons.Run) panel {
	p := panel{env: env, exp: e}
	if run == nil {
		p.settings = e.Defaults()
		for _, k := range p.settings.Knobs() {
			p.knobs = append(p.knobs, k.Name)
		}
		p.figures = e.Plots
		for _, s := range e.Findings {
			if s.Kind != lessons.KindMatrix {
				p.table = append(p.table, s.Name)
			}
		}
	} else {
		p.settings, p.knobs, p.figures, p.table = run.Settings, run.Knobs, run.Figures, run.Table
	}
	p.start = p.settings
	return p
}

func (p *panel) resize(width, height int) {
	p.width, p.height = width, height
	p.figure = min(p.figure, len(p.tabNames())-1)
	p.draw()
}

// tabNames are the ids of the figures, and after them the numbers where there
// is no room for all of them under the figure.
func (p *panel) tabNames() []string {
	if len(p.table) > 0 && p.tableRows() < len(p.table)+1 {
		return append(slices.Clone(p.figures), "numbers")
	}
	return p.figures
}

// showsNumbers reports whether the numbers stand in the figure's place.
func (p *panel) showsNumbers() bool { return p.figure >= len(p.figures) }

// offered returns the knobs that matter under the present settings.
func (p *panel) offered() []lessons.Knob {
	var all []lessons.Knob
	for _, name := range p.knobs {
		if k, ok := p.settings.Knob(name); ok && p.settings.Matters(k) {
			all = append(all, k)
		}
	}
	return all
}

func (p *panel) running() bool { return p.live != nil }

// finished returns the record of the last run that reached its end, nil if
// there is none.
func (p *panel) finished() *lessons.Record {
	if p.ended {
		return p.record
	}
	return p.before
}

// stop cancels the run, if one is under way. Its goroutine ends at its next
// step; its last snapshot is recognized by its id and ignored.
func (p *panel) stop() {
	if p.live == nil {
		return
	}
	p.live.cancel()
	p.live = nil
	if p.before != nil {
		p.record, p.ended = p.before, true
	}
}

// run starts the experiment with the present settings: the same seed, so the
// same initial weights.
func (p *panel) run() tea.Cmd {
	if p.live != nil {
		p.live.cancel()
	}
	if p.ended {
		p.before = p.record
	}
	if err := p.exp.Validate(p.settings); err != nil {
		p.say(err.Error(), true)
		return nil
	}
	p.runs++
	p.ended, p.note = false, ""
	var wait tea.Cmd
	p.live, wait = startRun(p.runs, p.exp, p.settings, p.slow)
	return wait
}

func (p *panel) say(note string, failed bool) { p.note, p.failed = note, failed }

// stepped takes a snapshot of the run. It reports whether the run has just
// reached its end.
func (p *panel) stepped(s stepped) (tea.Cmd, bool) {
	if p.live == nil || s.id != p.live.id {
		return nil, false
	}
	p.record, p.at, p.took = s.record, s.progress, s.took
	wait := p.live.await()
	if s.done {
		p.live, wait = nil, nil
		p.ended = s.err == nil
		if s.err != nil && !errors.Is(s.err, context.Canceled) {
			p.say(s.err.Error(), true)
		}
	}
	p.draw()
	return wait, s.done && s.err == nil
}

// exported brings the outcome of an export.
type exported struct {
	path string
	err  error
}

func (p *panel) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case exported:
		if msg.err != nil {
			p.say(msg.err.Error(), true)
		} else {
			p.say("written: "+msg.path, false)
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
			p.say("cancelled: space runs it again from the same start", false)
			p.draw()
		}
	case key.Matches(msg, k.Knob):
		p.knob = min(p.knob+1, len(p.offered())-1)
	case key.Matches(msg, k.KnobBack):
		p.knob = max(p.knob-1, 0)
	case key.Matches(msg, k.Left):
		p.turn(-1)
	case key.Matches(msg, k.Right):
		p.turn(1)
	case key.Matches(msg, k.Toggle):
		p.toggle()
	case key.Matches(msg, k.Reset):
		p.settings = p.start
		p.draw()
	case key.Matches(msg, k.Figure):
		p.figure = (p.figure + 1) % len(p.tabNames())
		p.draw()
	case key.Matches(msg, k.FigureBack):
		p.figure = (p.figure + len(p.tabNames()) - 1) % len(p.tabNames())
		p.draw()
	case key.Matches(msg, k.Compare):
		p.compare = !p.compare
		if p.compare && p.before == nil {
			p.say("nothing to compare yet: turn a knob and run again", false)
		}
		p.draw()
	case key.Matches(msg, k.Export):
		return p.export()
	}
	return nil
}

func (p *panel) turn(by int) {
	offered := p.offered()
	if len(offered) == 0 {
		return
	}
	p.knob = min(p.knob, len(offered)-1)
	k := offered[p.knob]
	if k.Kind == lessons.Set {
		p.choice = min(max(p.choice+by, 0), len(k.Choices)-1)
		return
	}
	p.set(k, k.Next(p.settings.Text(k.Name), by))
}

// toggle puts the choice that is looked at into the set, or takes it out.
func (p *panel) toggle() {
	if offered := p.offered(); len(offered) > 0 {
		if k := offered[min(p.knob, len(offered)-1)]; k.Kind == lessons.Set {
			p.set(k, k.Toggle(p.settings.Text(k.Name), k.Choices[min(p.choice, len(k.Choices)-1)]))
		}
	}
}

func (p *panel) set(k lessons.Knob, value string) {
	next, err := p.settings.With(k.Name, value)
	if err != nil { // a ladder that leaves its own range: a test forbids it
		p.say(err.Error(), true)
		return
	}
	p.settings, p.note = next, ""
	if p.live != nil { // the run under way is of other settings now
		p.stop()
	}
	p.draw() // other knobs may matter now and take rows from the figure
}

// stale reports whether the record is of other settings than the knobs show.
func (p *panel) stale() bool {
	return p.record != nil && !p.record.Settings.Equal(p.settings)
}

// current returns the figure that is shown, with the last run behind it if it
// is being compared.
func (p *panel) current() *plots.Figure {
	if p.record == nil || p.showsNumbers() {
		return nil
	}
	f := p.exp.Figure(p.record, p.figures[p.figure])
	if f == nil || !p.compare || p.before == nil || p.before == p.record {
		return f
	}
	old := p.exp.Figure(p.before, p.figures[p.figure])
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

func (p *panel) export() tea.Cmd {
	f := p.current()
	if f == nil {
		p.say("no figure to export here", false)
		return nil
	}
	path := fmt.Sprintf("loralab-%s-%s-seed%s.png", p.exp.ID, f.ID, p.record.Settings.Text("seed"))
	return func() tea.Msg {
		return exported{path, plots.Save(path, []*plots.Figure{f})}
	}
}
