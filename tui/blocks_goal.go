package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/show"
)

// goal sets what is to be reached, with each thing that it asks for on a line.
func (t typesetter) goal(g show.Goal) []string {
	lines := append([]string{t.st.accent.Render("goal")}, t.wrapped(g.Text)...)
	wide := 0
	for _, test := range g.Tests {
		wide = max(wide, ansi.StringWidth(test.Ask))
	}
	for _, test := range g.Tests {
		ask := test.Ask + strings.Repeat(" ", wide-ansi.StringWidth(test.Ask))
		if t.width-4-wide-2 < ansi.StringWidth(test.Value) {
			ask = test.Ask
		}
		lines = append(lines, t.indented("  "+t.marked(test.Mark)+" ", t.st.text, ask+t.st.muted.Render("  ")+test.Value)...)
	}
	lines = append(lines, t.indented("  "+t.marked(g.Mark)+" ", t.st.text, g.State)...)
	if g.Hint != "" {
		lines = append(lines, t.indented("  → ", t.st.muted, g.Hint)...)
	}
	return lines
}

// aim sets a goal as one line or, where that has too little room, as two: what is to
// be reached, and the values of the last run.
func (t typesetter) aim(g show.Goal, width int) []string {
	word := "goal "
	if g.Mark == show.Hit {
		word = "goal reached "
	}
	left := t.st.accent.Render(word) + g.Brief
	var values []string
	for _, test := range g.Tests {
		values = append(values, test.Value+" "+t.marked(test.Mark))
	}
	right := strings.Join(values, "  ")
	if pad := width - ansi.StringWidth(left) - ansi.StringWidth(right); pad >= 2 {
		return []string{left + strings.Repeat(" ", pad) + right}
	}
	return []string{ansi.Truncate(left, width, "…"), ansi.Truncate("  "+right, width, "…")}
}
