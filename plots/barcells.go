package plots

import (
	"slices"

	"gonum.org/v1/plot"
)

// onCells draws horizontal bars where they are asked for, and where there is no room
// for the names and values of vertical ones.
func (d barDrawing) onCells(l *layout) {
	switch {
	case d.horizontal:
		d.drawLying(l)
	case d.fitsVertical(l):
		d.drawVertical(l)
	default:
		d.chart.put(d.ch.again(), true).drawLying(l)
	}
}

// drawLying draws horizontal bars in the form that leaves none out: a row for each,
// else two or more columns of them, else a grid of names and values.
func (d barDrawing) drawLying(l *layout) {
	n, group := len(d.bars.Names), d.slots.group
	columns := (n + l.rows() - 1) / l.rows()
	switch {
	case n*group <= l.rows() || l.rows() < 3:
		d.drawRows(l)
	case group > 1:
		d.drawGrid(l)
	case l.cols()/columns < leastPanel:
		d.drawRows(l)
	default:
		if d.terse = d.words() != ""; d.terse {
			d.writeWords(l)
			columns = (n + l.rows() - 1) / l.rows()
		}
		each := (n + columns - 1) / columns
		l.panels(n, columns, each, func(part *layout, from, to int) {
			part.bottom = part.top + each // without gaps: the rows of all panels are in line
			d.part(from, to).drawRows(part)
		})
	}
}

// leastPanel is the width of a column of bars, at least.
const leastPanel = 18

// panels deals n things to columns of equal width, so many to each, and draws those
// of each column in its own part of the layout.
func (l *layout) panels(n, columns, each int, draw func(part *layout, from, to int)) {
	const gap = 2
	width := (l.cols()+gap)/columns - gap
	for i := range columns {
		part := *l
		part.left = l.left + i*(width+gap)
		part.right = part.left + width
		draw(&part, min(n, i*each), min(n, (i+1)*each))
	}
}

// part is the drawing of some of the categories, on the scale of all.
func (d barDrawing) part(from, to int) barDrawing {
	c, bars := d.chart, *d.chart.bars
	bars.Names = bars.Names[from:to]
	bars.Series = slices.Clone(bars.Series)
	cut := func(values []float64) []float64 { return values[min(from, len(values)):min(to, len(values))] }
	for i := range bars.Series {
		bars.Series[i].Values, bars.Series[i].Before = cut(bars.Series[i].Values), cut(bars.Series[i].Before)
	}
	c.bars = &bars
	part := c.put(d.ch.again(), true)
	part.ch.plot.X.Min, part.ch.plot.X.Max = d.ch.plot.X.Min, d.ch.plot.X.Max
	part.terse, part.all, part.from = d.terse, d.bars.Names, from
	return part
}

// fitsVertical reports whether vertical bars have room for their names and values.
func (d barDrawing) fitsVertical(l *layout) bool {
	n := len(d.bars.Names)
	room := l.cols() - 8 // less the axis and its numbers
	slot := room / max(1, n)
	return l.rows() >= 7 && len(d.chart.fig.Marks) == 0 && len(d.chart.others()) == 0 && slot >= max(widestOf(d.bars.Names), widestOf(d.ends())*d.slots.group)+2
}

// drawVertical draws bars that stand on an axis, with a row for the values above them.
func (d barDrawing) drawVertical(l *layout) {
	a := l.axes(d.ch)
	if a.fit {
		d.ch.plot.Y.Scale = headroom{d.ch.plot.Y.Scale, 1 - 1/float64(a.rows)}
		a.number()
		d.slots.placeColumns(len(d.bars.Names), a.cols)
	}
	a.draw()
}

// headroom is a scale that leaves the top of its axis free: the greatest value is at
// the share top.
type headroom struct {
	plot.Normalizer
	top float64
}

// Normalize implements plot.Normalizer.
func (h headroom) Normalize(lo, hi, v float64) float64 {
	return h.top * h.Normalizer.Normalize(lo, hi, v)
}
