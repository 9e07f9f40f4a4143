package plots

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// curves returns the lines in drawing order, so that what matters covers the rest:
// the last run, the other styles, style 0. The legend keeps the figure's order.
func (f plane) curves(ch *chart) []plot.Plotter {
	var curves []plot.Plotter
	var order []int // of each curve: 0 is drawn first, 2 last
	marked := f.sparse()
	for i, l := range f.Lines {
		paint := l.Style.paint(ch.ink)
		sty := draw.LineStyle{Width: 1.5, Dashes: l.Style.dash()}
		late := 1
		switch {
		case l.Faint:
			paint, sty.Dashes, late = l.Style.faint(ch.ink), faintDash(), 0
		case l.Style == 0:
			late = 2
		}
		if ch.ink.ASCII && !l.Faint {
			sty.Dashes = nil // its character tells a line apart
		}
		sty.Color = paint
		c := &curve{xs: l.X, ys: l.Y, sty: sty, glyph: draw.GlyphStyle{Color: paint, Radius: 3, Shape: l.Style.mark()}, marked: marked}
		if !marked { // staggered, so that lines that lie on each other are all seen
			c.every = max(10, 5*len(f.Lines))
			c.from = 2 + i*c.every/len(f.Lines)
		}
		at, _ := slices.BinarySearch(order, late+1)
		order = slices.Insert(order, at, late)
		curves = slices.Insert(curves, at, plot.Plotter(c))
		f.nameLine(ch, l, c)
	}
	return curves
}

// nameLine puts a line into the legend, with the value at its end. That of a run
// under way, whose XMax is fixed, keeps its place and its width.
func (f plane) nameLine(ch *chart, l Line, c *curve) {
	if l.Name == "" {
		return
	}
	e := entry{name: f.pointed(l.Name), sample: c, width: lineSample}
	if y, ok := f.end(l); ok {
		e.value, e.at = short(y), y
		if f.XMax == nil {
			e.rank = lineRank
		} else {
			e.value = fmt.Sprintf("%6s", e.value)
		}
	}
	ch.add(e)
}

// end is the last value of a line that is in one piece.
func (f plane) end(l Line) (y float64, ok bool) {
	pieces, drawn := 0, false
	for i := range min(len(l.X), len(l.Y)) {
		seen := visible(l.X[i], f.XLog) && visible(l.Y[i], f.YLog)
		if seen && !drawn {
			pieces++
		}
		if drawn = seen; seen {
			y = l.Y[i]
		}
	}
	return y, pieces == 1
}

// sparse reports whether the lines have so few points that each gets a marker. A
// chart of a run under way, whose XMax is fixed, begins with few and gets many.
func (f plane) sparse() bool {
	longest := 0
	for _, l := range f.Lines {
		longest = max(longest, min(len(l.X), len(l.Y)))
	}
	return f.XMax == nil && longest <= 12
}
