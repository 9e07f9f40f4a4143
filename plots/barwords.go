package plots

import (
	"slices"
	"strings"
)

// guesses are what was predicted of a category, and what came out, in words.
func (d barDrawing) guesses(i int) []string {
	var labels []string
	for j := range d.slots.group {
		for _, m := range d.chart.in(i, j) {
			if m.sign != beforeSign {
				labels = append(labels, unbroken(m.label))
			}
		}
	}
	return labels
}

// words says what was predicted of all: "◂ cat: you 85 %, the run 73.6 %".
func (d barDrawing) words() string {
	var all []string
	for i, name := range d.bars.Names {
		if labels := d.guesses(i); len(labels) > 0 {
			for j := range d.bars.Series { // of another series than the first, it is named
				full := name + ": " + d.bars.Series[j].Name
				if slices.ContainsFunc(d.chart.fig.Marks, func(m Mark) bool { return slices.Contains(m.rows(), full) }) {
					name += ", " + d.bars.Series[j].Name
				}
			}
			all = append(all, "◂ "+name+": "+strings.Join(labels, ", "))
		}
	}
	return strings.Join(all, "  ")
}

// writeWords writes what was predicted into rows of its own, below the bars.
func (d barDrawing) writeWords(l *layout) {
	words := d.words()
	if words == "" {
		return
	}
	lines := wrapLabel(words, l.cols())
	if len(lines) > max(2, l.rows()/4) {
		lines = []string{fitText(broken(words), l.cols())}
	}
	if l.rows()-len(lines) < 3 {
		return
	}
	l.bottom -= len(lines)
	for i, line := range lines {
		l.sheet.put(l.left, l.bottom+i, line, l.ink.Text, false)
	}
}
