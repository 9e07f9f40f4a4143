package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The signs of values that stand in the row of a bar beside its own.
const (
	saidSign, truthSign, beforeSign = '◇', '◆', '╎'
	gapSign                         = '╌'
)

// barMark is a value that stands in the row of a bar; without a sign it is a word
// about the bar.
type barMark struct {
	sign  rune
	value float64
	label string
	truth bool
}

// in returns what stands in the row of a bar, series j of category i or the stack
// there (j is 0 then), beside the bar.
func (c barChart) in(i, j int) []barMark {
	var all []barMark
	if v := c.bars.before(i, j); finite(v) {
		all = append(all, barMark{sign: beforeSign, value: v, label: "before " + c.bars.written(v)})
	}
	for _, m := range c.fig.Marks {
		if !slices.ContainsFunc(m.rows(), func(row string) bool { return c.concerns(row, i, j) }) {
			continue
		}
		b := barMark{sign: saidSign, value: m.Value, label: m.Label, truth: m.Truth}
		switch {
		case math.IsNaN(m.Value):
			b.sign = 0
		case m.Truth:
			b.sign = truthSign
		}
		all = append(all, b)
	}
	return all
}

// concerns reports whether a name means series j of category i: it is that of the
// category, for its first series, or both with ": " between.
func (c barChart) concerns(row string, i, j int) bool {
	name := c.bars.Names[i]
	if row == name {
		return j == 0
	}
	series, ok := strings.CutPrefix(row, name+": ")
	return ok && j < len(c.bars.Series) && c.bars.Series[j].Name == series
}

// known reports whether a name means a bar.
func (c barChart) known(row string) bool {
	for i := range c.bars.Names {
		for j := range max(1, len(c.bars.Series)) {
			if c.concerns(row, i, j) {
				return true
			}
		}
	}
	return false
}

// withRows returns the chart with a row for each name that a mark has and no bar: what
// was predicted may be none of them.
func (c barChart) withRows() barChart {
	bars := *c.bars
	bars.Names = slices.Clip(bars.Names)
	c.bars = &bars
	for _, m := range c.fig.Marks {
		for _, row := range m.rows() {
			if !c.known(row) {
				bars.Names = append(bars.Names, row)
			}
		}
	}
	return c
}

// others are the values that stand in rows beside the bars' own.
func (c barChart) others() (values []float64) {
	for i := range c.bars.Names {
		for j := range c.bars.group() {
			for _, m := range c.in(i, j) {
				if m.sign != 0 {
					values = append(values, m.value)
				}
			}
		}
	}
	return values
}

// barTick is a plot.Plotter for a value beside a bar, on a page: a line across the bar.
type barTick struct {
	*barPlot
	i, j  int
	value float64
	truth bool
}

// Plot implements plot.Plotter.
func (b *barTick) Plot(c draw.Canvas, p *plot.Plot) {
	at := b.axis(p).Norm(b.value)
	if !(at > -1e-9 && at < 1+1e-9) {
		return
	}
	lo, hi := b.slots.span(b.i, b.j)
	if b.horizontal {
		c.StrokeLine2(b.style(), atX(c, at), atY(c, lo)-2, atX(c, at), atY(c, hi)+2)
	} else {
		c.StrokeLine2(b.style(), atX(c, lo)-2, atY(c, at), atX(c, hi)+2, atY(c, at))
	}
}

func (b *barTick) style() draw.LineStyle {
	sty := draw.LineStyle{Color: b.ink.Text, Width: 2}
	if !b.truth {
		sty.Width, sty.Dashes = 1.5, []vg.Length{3, 2}
	}
	return sty
}

// Thumbnail implements plot.Thumbnailer.
func (b *barTick) Thumbnail(c *draw.Canvas) {
	c.StrokeLine2(b.style(), c.Center().X, c.Min.Y, c.Center().X, c.Max.Y)
}

// addTicks puts the values beside the bars onto a page, with a row of the legend each.
func (d barDrawing) addTicks() {
	for i, name := range d.chart.bars.Names {
		for j := range d.bars.group() {
			for _, m := range d.chart.in(i, j) {
				if m.sign == 0 {
					continue
				}
				tick := &barTick{d.barPlot, i, j, m.value, m.truth}
				d.ch.plot.Add(tick)
				d.ch.name(fmt.Sprintf("%s, %s", m.label, name), tick, markSample)
			}
		}
	}
}
