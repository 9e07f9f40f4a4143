package tui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/lab"
)

// figureRows is what is left for the figure under the tabs and above the
// status line, the knobs and the findings.
func (p *panel) figureRows() int {
	return max(p.height-2-1-len(p.knobRows())-p.tableRows()-len(p.caption), 0)
}

func (p *panel) tableRows() int {
	if len(p.trial.Table) == 0 || p.env.narrow() {
		return 0
	}
	return min(len(p.trial.Table), max(p.height-16-len(p.knobRows()), 0)) + 1
}

func (p *panel) view() string {
	lines := []string{p.tabs()}
	switch {
	case p.drawn != "":
		lines = append(lines, p.drawn)
	default:
		blank := strings.Repeat("\n", max(p.figureRows()-1, 0)/2)
		why := "  no run yet"
		switch {
		case p.trial.Record() == nil:
		case p.current() != nil || p.showsNumbers():
			why = "  no room to draw here: the screen is too small"
		default:
			why = "  nothing to draw here under these settings"
		}
		lines = append(lines, blank+p.env.styles.muted.Render(why)+blank)
	}
	lines = append(lines, p.caption...)
	lines = append(lines, p.status())
	lines = append(lines, p.knobRows()...)
	if n := p.tableRows(); n > 0 {
		lines = append(lines, "")
		lines = append(lines, p.findings(n-1)...)
	}
	for i, l := range lines {
		if !strings.Contains(l, "\n") {
			lines[i] = ansi.Truncate(l, p.width, "…")
		}
	}
	return strings.Join(lines, "\n")
}

func (p *panel) tabs() string {
	st := p.env.styles
	names := p.tabNames()
	parts := make([]string, len(names))
	for i, id := range names {
		name := strings.ReplaceAll(id, "-", " ")
		if i == p.figure {
			parts[i] = st.accent.Render("▸" + name)
		} else {
			parts[i] = st.muted.Render(" " + name)
		}
	}
	return strings.Join(parts, "  ")
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
		return fmt.Sprintf("%s %s  %s %d/%d", st.accent.Render(word), bar(p.at.Done, p.at.Total, 16, st), p.at.Series, p.at.Step, p.at.Planned)
	case p.live != nil:
		return st.accent.Render("running")
	case p.note != "" && p.failed:
		return st.bad.Render("✗ " + p.note)
	case p.note != "":
		return st.muted.Render(p.note)
	case p.trial.Stale():
		return st.muted.Render("the knobs were turned: ") + st.accent.Render("space") + st.muted.Render(" runs again from the same start")
	case p.trial.Ended():
		return st.muted.Render(fmt.Sprintf("done in %.1f s", p.took.Seconds()))
	}
	return ""
}

func bar(done, total, width int, st styles) string {
	full := 0
	if total > 0 {
		full = done * width / total
	}
	return st.accent.Render(strings.Repeat("━", full)) + st.muted.Render(strings.Repeat("─", max(width-full, 0)))
}

// knobRows shows the knobs in as many columns as fit, the chosen one marked.
func (p *panel) knobRows() []string {
	offered := p.trial.Knobs()
	if len(offered) == 0 || p.width < 20 {
		return nil
	}
	st := p.env.styles
	cells := make([]string, len(offered))
	widest := 0
	for i, k := range offered {
		name := k.Name
		if k.Symbol != "" && k.Symbol != k.Name {
			name += " " + k.Symbol
		}
		value := p.trial.Settings().Text(k.Name)
		chosen := i == min(p.knob, len(offered)-1)
		if k.Kind == lab.Set {
			value = p.showSet(k, chosen)
		}
		cell := "  " + st.muted.Render(name) + " " + value
		if chosen {
			cell = st.accent.Render("▸ "+name) + " " + st.strong.Render("‹ "+value+" ›")
		}
		cells[i] = cell
		widest = max(widest, lipgloss.Width("▸ "+name+" ‹ "+value+" ›"))
	}
	columns := min(max(p.width/(widest+2), 1), 4)
	var rows []string
	for chunk := range slices.Chunk(cells, columns) {
		var b strings.Builder
		for _, c := range chunk {
			b.WriteString(c + strings.Repeat(" ", max(widest+2-lipgloss.Width(c), 0)))
		}
		rows = append(rows, b.String())
	}
	return rows
}

// showSet shows how many choices a set holds, and of the chosen knob the one
// that is looked at: ● is in, ○ is out.
func (p *panel) showSet(k lab.Knob, chosen bool) string {
	in := p.trial.Settings().Set(k.Name)
	if !chosen {
		return fmt.Sprintf("%d of %d", len(in), len(k.Choices))
	}
	choice, mark := k.Choices[min(p.choice, len(k.Choices)-1)], "○"
	if slices.Contains(in, choice) {
		mark = "●"
	}
	return fmt.Sprintf("%s %s %d/%d", mark, choice, p.choice+1, len(k.Choices))
}

// findings lists what the run has found so far, numbers aligned.
func (p *panel) findings(rows int) []string {
	st, record := p.env.styles, p.trial.Record()
	wide := 0
	for _, name := range p.trial.Table {
		if s, ok := p.trial.Experiment.Spec(name); ok {
			wide = max(wide, lipgloss.Width(s.Label))
		}
	}
	wide = min(wide, max(p.width-18, 10))
	var out []string
	for _, name := range p.trial.Table[:min(rows, len(p.trial.Table))] {
		spec, _ := p.trial.Experiment.Spec(name)
		label := ansi.Truncate(spec.Label, wide, "…")
		value := st.muted.Render("·")
		if record != nil {
			if f, ok := record.Find(name); ok {
				value = f.Text()
				if spec.Measured {
					value += st.muted.Render("  measured")
				}
			}
		}
		out = append(out, st.muted.Render(label)+strings.Repeat(" ", wide-lipgloss.Width(label)+2)+value)
	}
	return out
}

// bindings are the keys that do something now, the most useful first. page are
// those of the screen around the panel, which come right after the run's.
func (p *panel) bindings(page ...key.Binding) []key.Binding {
	k := p.env.keys
	var b []key.Binding
	if p.live != nil {
		word := "pause"
		if p.live.gate.paused() {
			word = "go on"
		}
		b = append(b, as(k.Pause, word), k.Step, k.Slow, k.Cancel)
	} else {
		word := "run"
		if p.trial.Record() != nil {
			word = "run again"
		}
		b = append(b, as(k.Run, word))
	}
	b = append(b, page...)
	if len(p.trial.Knobs()) > 0 {
		b = append(b, key.NewBinding(key.WithKeys("up"), key.WithHelp("↑↓", "knob")), key.NewBinding(key.WithKeys("left"), key.WithHelp("←→", "turn")))
	}
	if offered := p.trial.Knobs(); len(offered) > 0 && offered[min(p.knob, len(offered)-1)].Kind == lab.Set {
		b = append(b, k.Toggle)
	}
	if len(p.tabNames()) > 1 {
		b = append(b, as(k.Figure, "figure"))
	}
	if p.trial.Record() != nil {
		b = append(b, as(k.Compare, "compare"), as(k.Export, "export"))
	}
	if p.live == nil {
		b = append(b, as(k.Step, "run frame by frame"), k.Slow)
	}
	return append(b, k.Reset)
}
