package tui

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/lab"
)

// figureRows is what is left for the figure under the tabs and above the
// status line, the knobs and the findings.
func (p *panel) figureRows() int {
	around := 1 // the tabs
	if !p.oneRow() {
		around++ // the status
	}
	if !p.env.narrow() {
		around++
	}
	return max(p.height-around-len(p.knobRows())-p.tableRows()-len(p.caption), 0)
}

// statusColumns is what the status takes of the row of the tabs.
const statusColumns = 40

// oneRow reports whether tabs and status share a row: whatever the status says, so
// that nothing moves when it changes.
func (p *panel) oneRow() bool {
	return p.env.narrow() && lipgloss.Width(p.tabs())+2+statusColumns <= p.width
}

func (p *panel) tableRows() int {
	if len(p.trial.Table) == 0 || p.env.narrow() {
		return 0
	}
	return min(len(p.table), max(p.height-21-len(p.knobRows()), 0)) + 1
}

func (p *panel) view() string {
	lines := []string{p.tabs()}
	if p.oneRow() {
		status := ansi.Truncate(p.status(), statusColumns, "…")
		lines[0] += strings.Repeat(" ", max(p.width-lipgloss.Width(lines[0])-lipgloss.Width(status), 1)) + status
	}
	switch {
	case p.drawn != "":
		lines = append(lines, p.drawn)
	default:
		blank := strings.Repeat("\n", max(p.figureRows()-1, 0)/2)
		why := "  no run yet"
		switch {
		case p.running():
			why = "  it begins"
		case p.trial.Record() == nil:
		case p.figureRows() < leastRows || p.width < leastColumns:
			why = "  no room to draw here: the screen is too small"
		default:
			why = "  nothing to draw here under these settings"
		}
		lines = append(lines, blank+p.env.styles.muted.Render(why)+blank)
	}
	lines = append(lines, p.caption...)
	if !p.oneRow() {
		lines = append(lines, p.status())
	}
	lines = append(lines, p.knobRows()...)
	if n := p.tableRows(); n > 0 {
		lines = append(lines, "")
		lines = append(lines, p.table[:n-1]...)
	}
	for i, l := range lines {
		if !strings.Contains(l, "\n") {
			lines[i] = ansi.Truncate(l, p.width, "…")
		}
	}
	return strings.Join(lines, "\n")
}

// tabs names the figures, the one that is shown marked. Where there is no room for
// all it names those around it, and says how many there are.
func (p *panel) tabs() string {
	names := p.tabNames()
	cells := make([]string, len(names))
	for i, id := range names {
		name := strings.ReplaceAll(id, "-", " ")
		if i == p.figure {
			cells[i] = p.env.styles.accent.Render("▸" + name)
		} else {
			cells[i] = p.env.styles.muted.Render(" " + name)
		}
	}
	return p.row(cells, p.figure)
}

// status says where the run stands: by words and by a bar.
func (p *panel) status() string {
	st := p.env.styles
	switch {
	case p.live != nil && p.at.Total > 0:
		word := "running"
		if p.live.gate.paused() {
			word = "paused "
		} else if p.slow {
			word = "slow   "
		}
		return fmt.Sprintf("%s %s  %s %d/%d", st.accent.Render(word), bar(p.at.Done, p.at.Total, p.barColumns(), st), p.trial.Settings().Word(p.at.Series), p.at.Step, p.at.Planned)
	case p.live != nil:
		return st.accent.Render("running")
	case p.note != "" && p.failed:
		return st.bad.Render("✗ " + p.note)
	case p.note != "":
		return st.muted.Render(p.note)
	case p.trial.Stale() && !p.env.manual:
		return st.muted.Render("turned: runs when it rests · ") + st.accent.Render("u") + st.muted.Render(" undoes")
	case p.trial.Stale():
		return st.muted.Render("the knobs were turned: ") + st.accent.Render("space") + st.muted.Render(" runs")
	case p.trial.Ended() && p.took > 0:
		return st.muted.Render("done in " + lasted(p.took))
	}
	return ""
}

// barColumns is how long the bar of a run is.
func (p *panel) barColumns() int {
	if p.oneRow() {
		return 8
	}
	return 16
}

func bar(done, total, width int, st styles) string {
	full := 0
	if total > 0 {
		full = done * width / total
	}
	return st.accent.Render(strings.Repeat("━", full)) + st.muted.Render(strings.Repeat("─", max(width-full, 0)))
}

// findings lists what the run has found so far, numbers aligned. A label that is too
// long goes on in the next row, and a value that is too long has rows of its own.
func (p *panel) findings() []string {
	st, record := p.env.styles, p.trial.Record()
	wide := 0
	for _, name := range p.trial.Table {
		if s, ok := p.trial.Experiment.Spec(name); ok {
			wide = max(wide, lipgloss.Width(st.say(s.Label)))
		}
	}
	var before *lab.Record
	if p.compare {
		before = p.trial.Before()
	}
	wide = min(wide, max(p.width-valueColumn-2, 10))
	if before != nil {
		wide = min(wide, max(p.width-2*valueColumn-11, 10))
	}
	var out []string
	for _, name := range p.trial.Table {
		spec, _ := p.trial.Experiment.Spec(name)
		label := []string{st.say(spec.Label)}
		if lipgloss.Width(label[0]) > wide {
			label = wrap(label[0], wide-2)
		}
		for i, part := range label {
			if i > 0 {
				part = "  " + part
			}
			label[i] = st.muted.Render(part)
		}
		last := len(label) - 1
		value := p.found(record, name)
		if before != nil {
			value += strings.Repeat(" ", max(valueColumn-lipgloss.Width(value), 0)) + st.muted.Render("before ") + p.found(before, name)
		}
		if lipgloss.Width(value) > p.width-wide-2 {
			out = append(out, label...)
			for _, line := range wrap(value, p.width-2) {
				out = append(out, "  "+line)
			}
			continue
		}
		label[last] += strings.Repeat(" ", max(wide-lipgloss.Width(label[last]), 0)+2) + value
		out = append(out, label...)
	}
	return out
}

// valueColumn is how wide a value is where the one of the run before stands beside
// it.
const valueColumn = 16

// found is a finding of a record as a table shows it.
func (p *panel) found(r *lab.Record, name string) string {
	if r != nil {
		if f, ok := r.Find(name); ok {
			if f.Spec.Measured {
				return f.Text() + p.env.styles.muted.Render("  measured")
			}
			return f.Text()
		}
	}
	return p.env.styles.muted.Render("·")
}

// bindings are the keys that do something now, the most useful first. page are
// those of the screen around the panel, which come right after the run's.
func (p *panel) bindings(page ...key.Binding) []key.Binding {
	b := append(p.runKeys(), p.figureKeys()...)
	return append(append(append(b, p.knobKeys()...), page...), p.otherKeys()...)
}

func (p *panel) runKeys() []key.Binding {
	k := p.env.keys
	switch {
	case p.live == nil && p.trial.Record() == nil:
		return []key.Binding{as(k.Run, "run")}
	case p.live == nil:
		return []key.Binding{as(k.Run, "run again")}
	case p.live.gate.paused():
		return []key.Binding{as(k.Pause, "go on"), k.Step, k.Slow, k.Cancel}
	}
	return []key.Binding{as(k.Pause, "pause"), k.Step, k.Slow, k.Cancel}
}

func (p *panel) figureKeys() []key.Binding {
	if len(p.tabNames()) > 1 {
		return []key.Binding{as(p.env.keys.Figure, "figure")}
	}
	return nil
}

func (p *panel) knobKeys() []key.Binding {
	knob, ok := p.chosen()
	if !ok {
		return nil
	}
	b := []key.Binding{key.NewBinding(key.WithKeys("left"), key.WithHelp("←→", "turn")), key.NewBinding(key.WithKeys("up"), key.WithHelp("↑↓", "knob"))}
	if knob.Kind == lab.Set {
		b = append(b, p.env.keys.Toggle)
	}
	return b
}

// otherKeys are those that are looked up rather than always in view.
func (p *panel) otherKeys() []key.Binding {
	k := p.env.keys
	var b []key.Binding
	if p.trial.Record() != nil {
		b = append(b, as(k.Compare, "compare"), as(k.Export, "export"), k.Undo, k.Auto)
	}
	if p.live == nil {
		b = append(b, as(k.Step, "run frame by frame"), k.Slow)
	}
	return append(b, k.Reset)
}

// lasted writes how long a run took.
func lasted(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", max(d.Milliseconds(), 1))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
