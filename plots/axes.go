package plots

import (
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// tickAt is a tick in its row or column of the sheet.
type tickAt struct {
	at    int
	label string
}

// axes divides what is left of the sheet between the axes of a plot and its data. The
// rows are known first. Which numbers fit beside them decides in which column the data
// begins.
type axes struct {
	layout     *layout
	ch         *chart
	fit        bool // there is room for axes; else the data takes everything
	rows, cols int  // of the data; cols is known after number
	first      int  // column of the data
	line       int  // row of the x axis
	end        int  // row behind its numbers and its label
	ownRow     bool // the label of the x axis has a row of its own below the numbers
	left       []tickAt
	widest     int // of the labels at the left
}

// axes reserves the rows of the x axis.
func (l *layout) axes(ch *chart) *axes {
	a := &axes{layout: l, ch: ch, first: l.left, rows: l.rows(), cols: l.cols()}
	if a.rows < 4 || a.cols < 12 {
		return a
	}
	a.fit = true
	a.end = l.bottom
	if a.rows >= 4+ch.under {
		a.end -= ch.under
	}
	a.line = a.end - 2
	a.ownRow = l.fig.XLabel != "" && a.rows >= 13 && l.column == nil
	if ch.x.at != nil && l.fig.XLabel != "" && a.rows >= 8 { // numbers that are all wanted
		aside := 0
		if l.column != nil {
			aside = l.sheet.cols - l.right
		}
		a.ownRow = textWidth(l.fig.XLabel)+3 > aside
	}
	if a.ownRow {
		a.line--
	}
	a.rows = a.line - l.top
	return a
}

// number reserves the columns of the y axis. From here on the scale of that axis must
// not change.
func (a *axes) number() {
	if !a.fit {
		return
	}
	l := a.layout
	a.left = l.rowTicks(a.ch, a.rows)
	for _, t := range a.left {
		a.widest = max(a.widest, textWidth(t.label))
	}
	a.widest = min(a.widest, l.cols()/3)
	a.first = l.left + a.widest + 2
	if a.widest == 0 {
		a.first = l.left + 1
	}
	a.cols = l.right - a.first
}

// bottom is the row behind those that a legend beside the data can use.
func (a *axes) bottom() int {
	if !a.fit {
		return a.layout.bottom
	}
	return a.line + 1
}

// rowOf and colOf are the row and the column of a value, the nearest one of the data
// where it lies outside.
func (a *axes) rowOf(y float64) int {
	_, row := a.place(0.5, a.ch.plot.Y.Norm(y))
	return row
}

func (a *axes) colOf(x float64) int {
	col, _ := a.place(a.ch.plot.X.Norm(x), 0.5)
	return col
}

func (a *axes) place(x, y float64) (col, row int) {
	s := a.layout.sheet
	area := s.area(a.first, a.layout.top, max(a.cols, 1), max(a.rows, 1))
	if math.IsNaN(x) || math.IsNaN(y) {
		x, y = 0, 0
	}
	return s.at(clamp(inset(area.Rectangle), vg.Point{X: atX(area, min(1, max(0, x))), Y: atY(area, min(1, max(0, y)))}))
}

// draw draws the data, then the axes at its left and below.
func (a *axes) draw() {
	l := a.layout
	area := l.sheet.area(a.first, l.top, a.cols, a.rows)
	l.drawData(a.ch.plot, area)
	if !a.fit {
		return
	}
	for row := l.top; row < a.line; row++ {
		l.sheet.put(a.first-1, row, "│", l.ink.Muted, false)
	}
	for _, t := range a.left {
		label := fitText(t.label, a.widest)
		l.sheet.put(a.first-2-textWidth(label), t.at, label, l.ink.Muted, false)
		l.sheet.put(a.first-1, t.at, "┤", l.ink.Muted, false)
	}
	l.sheet.put(a.first-1, a.line, "└"+strings.Repeat("─", a.cols), l.ink.Muted, false)
	label := fitText(l.fig.XLabel, a.cols)
	if a.ownRow {
		l.sheet.put(l.right-textWidth(label), a.end-1, label, l.ink.Muted, false)
		label = ""
	}
	l.columnTicks(a.ch, area, a.first, a.line, label)
}

// rowTicks returns y ticks that are at least two rows apart, if there are rows for it.
func (l *layout) rowTicks(ch *chart, rows int) []tickAt {
	p := ch.plot
	area := l.sheet.area(0, l.top, 1, rows)
	rect := inset(area.Rectangle)
	apart := 2
	if rows < 5 {
		apart = 1
	}
	for n := 2 + min(rows/4, 4); n > 0; n-- {
		ch.y.n = n
		var ticks []tickAt
		clear := true
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			y := p.Y.Norm(t.Value)
			if !(y >= -1e-9 && y <= 1+1e-9) {
				continue
			}
			_, row := l.sheet.at(clamp(rect, vg.Point{X: rect.Min.X, Y: atY(area, y)}))
			if k := len(ticks); k > 0 {
				gap := ticks[k-1].at - row
				if gap == 0 || gap > 0 && gap < apart {
					clear = false
				}
			}
			ticks = append(ticks, tickAt{row, t.Label})
		}
		if clear || n == 1 {
			return ticks
		}
	}
	return nil
}

// columnTicks draws x ticks whose labels are at least two cells apart, and the label
// of the axis at the right end of their row.
func (l *layout) columnTicks(ch *chart, area draw.Canvas, first, lineRow int, label string) {
	p := ch.plot
	rect := inset(area.Rectangle)
	end := l.sheet.cols // labels may extend below the column of the legend
	if l.column == nil {
		end = l.right
	}
	apart := 2
	if ch.x.at != nil {
		apart = 1
	}
	for n := min(8, max(2, (l.right-first)/8)); n > 0; n-- {
		ch.x.n = n
		var ticks []tickAt
		free, all := l.left, 0
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			x := p.X.Norm(t.Value)
			if !(x >= -1e-9 && x <= 1+1e-9) {
				continue
			}
			all++
			col, _ := l.sheet.at(clamp(rect, vg.Point{X: atX(area, x), Y: rect.Min.Y}))
			w := textWidth(t.Label)
			from := min(max(col-w/2, l.left), end-w)
			if from < free && len(ticks) > 0 {
				continue
			}
			ticks = append(ticks, tickAt{col, t.Label})
			free = from + w + apart
		}
		if len(ticks) < all && ch.x.at == nil && n > 1 {
			continue
		}
		if label != "" && free+textWidth(label) > end {
			// The label replaces the last ticks.
			for k := len(ticks); k > 2 && free+textWidth(label) > end; k-- {
				ticks = ticks[:k-1]
				last := ticks[k-2]
				w := textWidth(last.label)
				free = min(max(last.at-w/2, l.left), end-w) + w + 2
			}
			if label = fitText(label, end-free); textWidth(label) < min(8, textWidth(l.fig.XLabel)) {
				label = ""
			}
		}
		for _, t := range ticks {
			l.sheet.put(t.at, lineRow, "┬", l.ink.Muted, false)
			w := textWidth(t.label)
			l.sheet.put(min(max(t.at-w/2, l.left), end-w), lineRow+1, t.label, l.ink.Muted, false)
		}
		if label != "" {
			// At the right end of the data, or behind the last number.
			l.sheet.put(max(free, l.right-textWidth(label)), lineRow+1, label, l.ink.Muted, false)
		}
		return
	}
}
