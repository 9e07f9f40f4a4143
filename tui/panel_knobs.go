package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/lab"
	"loralab/lora/ascii"
)

// A run that takes less than quickRun follows every turn of a knob. Others start
// when a knob has rested for so long: while it is being turned each would be thrown
// away.
const (
	quickRun  = 50 * time.Millisecond
	knobRests = 600 * time.Millisecond
)

// rested says that so much time has passed since that turn.
type rested struct {
	panel *panel
	turns int
}

// chosen is the knob that is turned, and whether there is one.
func (p *panel) chosen() (lab.Knob, bool) {
	offered := p.trial.Knobs()
	if len(offered) == 0 {
		return lab.Knob{}, false
	}
	p.knob = min(p.knob, len(offered)-1)
	return offered[p.knob], true
}

func (p *panel) turn(by int) tea.Cmd {
	k, ok := p.chosen()
	switch {
	case !ok:
		return nil
	case k.Kind == lab.Set:
		p.choice = min(max(p.choice+by, 0), len(k.Choices)-1)
		return nil
	}
	return p.set(k, k.Next(p.trial.Settings().Text(k.Name), by))
}

// toggle puts the choice that is looked at into the set, or takes it out.
func (p *panel) toggle() tea.Cmd {
	k, ok := p.chosen()
	if !ok || k.Kind != lab.Set {
		return nil
	}
	return p.set(k, k.Toggle(p.trial.Settings().Text(k.Name), k.Choices[min(p.choice, len(k.Choices)-1)]))
}

func (p *panel) set(k lab.Knob, value string) tea.Cmd {
	if err := p.trial.Turn(k.Name, value); err != nil { // a ladder that leaves its own range: a test forbids it
		p.say(err.Error(), true)
		return nil
	}
	return p.turned()
}

// turned is after the knobs stand elsewhere: what was run once runs again by itself,
// unless that is switched off.
func (p *panel) turned() tea.Cmd {
	p.note = ""
	p.turns++
	if p.live != nil { // the run under way is of other settings now
		p.stop()
	}
	p.draw() // other knobs may matter now and take rows from the figure
	switch {
	case p.env.manual || p.trial.Record() == nil || !p.trial.Stale():
		return nil
	case p.took > 0 && p.took < quickRun:
		return p.run()
	}
	now := rested{p, p.turns}
	return tea.Tick(knobRests, func(time.Time) tea.Msg { return now })
}

// knobRows shows the knobs, the chosen one marked: in as many columns as fit or,
// where rows are dear, in one row around the chosen one.
func (p *panel) knobRows() []string {
	offered := p.trial.Knobs()
	if len(offered) == 0 || p.width < 20 {
		return nil
	}
	cells := make([]string, len(offered))
	widest := 0
	for i, k := range offered {
		cells[i] = p.knobCell(k, i == min(p.knob, len(offered)-1))
		widest = max(widest, lipgloss.Width(cells[i]))
	}
	if p.env.narrow() {
		return []string{p.row(cells, p.knob)}
	}
	widest += 4 // of the marks around a value
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

// row is one row of cells that has a chosen one in it, and says which of how many
// that is where it does not have all.
func (p *panel) row(cells []string, at int) string {
	if len(cells) == 0 {
		return ""
	}
	at = min(at, len(cells)-1)
	first, last := at, at
	row := cells[at]
	counted := fmt.Sprintf("  %d of %d", at+1, len(cells))
	fits := func(row string, all bool) bool {
		room := p.width
		if !all {
			room -= len(counted)
		}
		return lipgloss.Width(row) <= room
	}
	for grown := true; grown; {
		grown = false
		for _, next := range []int{first - 1, last + 1} {
			if next < 0 || next >= len(cells) {
				continue
			}
			longer, from, to := row+"  "+cells[next], first, next
			if next < first {
				longer, from, to = cells[next]+"  "+row, next, last
			}
			if fits(longer, from == 0 && to == len(cells)-1) {
				row, first, last, grown = longer, from, to, true
			}
		}
	}
	if first == 0 && last == len(cells)-1 {
		return row
	}
	row = ansi.Truncate(row, p.width-len(counted), "…")
	return row + strings.Repeat(" ", max(p.width-len(counted)-lipgloss.Width(row), 0)) + p.env.styles.muted.Render(counted)
}

func (p *panel) knobCell(k lab.Knob, chosen bool) string {
	st, name := p.env.styles, k.Name
	switch {
	case k.Symbol == "" || k.Symbol == k.Name || st.ink.ASCII && !ascii.Is(k.Symbol):
	case p.env.narrow():
		name = k.Symbol
	default:
		name += " " + k.Symbol
	}
	value := p.trial.Settings().Shown(k.Name)
	if k.Kind == lab.Set {
		value = p.showSet(k, chosen)
	}
	if chosen {
		return st.accent.Render("▸ "+name) + " " + st.strong.Render("‹ "+value+" ›")
	}
	return "  " + st.muted.Render(name) + " " + value
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
	return fmt.Sprintf("%s %s %d/%d", mark, k.Word(choice), p.choice+1, len(k.Choices))
}
