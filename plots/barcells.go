package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"loralab/lora/number"
)

// onCells draws horizontal bars where they are asked for, and where there is no room
// for the names and values of vertical ones.
func (d barDrawing) onCells(l *layout) {
	switch {
	case d.horizontal:
		d.drawHorizontal(l)
	case d.fitsVertical(l):
		d.drawVertical(l)
	default:
		d.chart.put(newChart(d.ch.fig, d.ch.ink, d.ch.plot.TextHandler), true).drawHorizontal(l)
	}
}

// fitsVertical reports whether vertical bars have room for their names and values.
func (d barDrawing) fitsVertical(l *layout) bool {
	n := len(d.bars.Names)
	widest := 0
	for _, name := range d.bars.Names {
		widest = max(widest, textWidth(name))
	}
	value := 0
	for _, txt := range d.ends() {
		value = max(value, textWidth(txt))
	}
	room := l.cols() - 8 // less the axis and its numbers
	slot := room / max(1, n)
	return l.rows() >= 7 && slot >= max(widest, value*d.slots.group)+2
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

// drawHorizontal draws a row or three for each bar: name, bar, value.
func (d barDrawing) drawHorizontal(l *layout) {
	p, b := d.ch.plot, d.barPlot
	n := len(b.bars.Names)
	b.slots.placeRows(n, l.rows())
	shown := len(b.slots.start)
	if shown < n && l.rows() > b.slots.group {
		// The last row says how many are missing.
		l.bottom--
		b.slots.placeRows(n, l.rows())
		shown = len(b.slots.start)
		l.sheet.put(l.left, l.bottom, fitText("… "+number.Count(int64(n-shown))+" more", l.cols()), l.ink.Muted, false)
	}
	names, values := 0, 0
	for _, name := range b.bars.Names[:shown] {
		names = max(names, textWidth(name))
	}
	for _, txt := range b.ends() {
		values = max(values, textWidth(txt))
	}
	names = min(names, l.cols()*2/5)
	first := l.left + names + 2
	if names == 0 {
		first = l.left + 1
	}
	wide := l.right - first - values - 1
	if wide < 4 {
		wide = l.right - first
	}
	if wide < 1 {
		return
	}
	if p.X.Min < 0 { // room for values left of zero too
		first += min(values+1, wide/4)
		wide = l.right - first - values - 1
	}
	if wide < 1 {
		return
	}
	zero := 0
	if !b.log {
		zero = zeroColumn(&p.X, wide)
	}
	area := l.sheet.area(first, l.top, wide, l.rows())
	l.drawData(p, area)
	base := first - 1 + zero
	used := int(math.Round(b.slots.used() * float64(l.rows())))
	for row := l.top; row < l.top+used; row++ {
		if c := l.sheet.cell(base, row); c != nil && c.text == 0 && c.fill == 0 {
			l.sheet.put(base, row, "│", l.ink.Muted, false)
		}
	}
	for i, name := range b.bars.Names[:shown] {
		_, row := l.sheet.at(clamp(inset(area.Rectangle), vg.Point{X: area.Min.X, Y: atY(area, p.Y.Norm(float64(i))) + slack}))
		name = fitText(name, names)
		l.sheet.put(l.left+names-textWidth(name), row, name, l.ink.Text, false)
	}
}

// zeroColumn moves one end of a linear axis outward until zero lies on the edge
// between two of its columns, and returns the number of columns left of zero.
func zeroColumn(a *plot.Axis, wide int) int {
	switch {
	case a.Min >= 0:
		return 0
	case a.Max <= 0:
		return wide
	case wide < 2:
		return 0
	}
	left := min(max(1, int(math.Round(float64(wide)*-a.Min/(a.Max-a.Min)))), wide-1)
	units := max(-a.Min/float64(left), a.Max/float64(wide-left))
	a.Min, a.Max = -units*float64(left), units*float64(wide-left)
	return left
}
