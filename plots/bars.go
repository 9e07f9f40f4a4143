package plots

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"

	"loralab/lora/number"
)

// Bars is a bar chart: named categories with one value for each series, printed at
// the end of the bar with its unit. On cells, vertical bars become horizontal where
// their names or values do not fit.
type Bars struct {
	Names               []string
	Series              []BarSeries
	Stacked, Horizontal bool
	Unit                string // follows each value: "%" directly, words after a space
}

// BarSeries holds one value for each category.
type BarSeries struct {
	Name   string
	Values []float64
	Style  Style
}

// total is the sum of the finite values of a stack, positive and negative ones apart;
// ok is false if it has none.
func (b *Bars) total(i int) (up, down float64, ok bool) {
	for _, s := range b.Series {
		if i < len(s.Values) && finite(s.Values[i]) {
			ok = true
			if v := s.Values[i]; v > 0 {
				up += v
			} else {
				down += v
			}
		}
	}
	return up, down, ok
}

// barChart is the kind for a bar chart.
type barChart struct {
	fig  *Figure
	bars *Bars
}

// rows are those of bars that lie, one a bar: upright ones lie down where their
// names do not fit.
func (c barChart) rows() int {
	if c.bars.Stacked {
		return len(c.bars.Names)
	}
	return len(c.bars.Names) * max(1, len(c.bars.Series))
}

func (c barChart) empty() bool {
	for _, s := range c.bars.Series {
		for _, v := range s.Values[:min(len(s.Values), len(c.bars.Names))] {
			if visible(v, c.fig.YLog) {
				return false
			}
		}
	}
	return true
}

func (c barChart) build(ch *chart) drawing {
	if c.empty() {
		return ch.blank()
	}
	return c.put(ch, c.bars.Horizontal)
}

// put puts the bars onto a plot, horizontal or vertical.
func (c barChart) put(ch *chart, horizontal bool) barDrawing {
	p, b := ch.plot, c.bars
	group := max(1, len(b.Series))
	if b.Stacked {
		group = 1
	}
	d := barDrawing{c, ch, &barPlot{bars: b, slots: evenSlots(len(b.Names), group, horizontal), horizontal: horizontal, log: c.fig.YLog, ink: ch.ink}}
	values, names, vt, nt := &p.Y, &p.X, ch.y, ch.x
	if horizontal {
		values, names, vt, nt = &p.X, &p.Y, ch.x, ch.y
		vt.none = true // each bar has its value beside it
		values.Width = 0
	}
	vt.log, nt.log = c.fig.YLog, false
	lo, hi := c.span()
	if !horizontal && !c.fig.YLog {
		lo, hi = rounded(lo, hi)
	}
	values.Min, values.Max = ends(lo, hi, c.fig.YMin, c.fig.YMax, c.fig.YLog)
	values.Scale = scale(c.fig.YLog)
	names.Min, names.Max = -0.5, float64(len(b.Names))-0.5
	names.Scale = d.slots
	nt.at = []plot.Tick{}
	for i, name := range b.Names {
		nt.at = append(nt.at, plot.Tick{Value: float64(i), Label: name})
	}
	names.Tick.Length, names.Padding, values.Padding = 0, 0, 0
	for _, s := range b.Series {
		paint := s.Style.paint(ch.ink)
		if !ch.ink.shaded() {
			paint.shade = 0
		}
		d.paints = append(d.paints, paint)
		if len(b.Series) > 1 {
			ch.name(s.Name, swatch{paint}, fillSample)
		}
	}
	p.Add(d.barPlot)
	return d
}

// span returns the range of the values, or of the stacks, and of the value at which
// bars begin: zero or, on a logarithmic axis, a power of ten below the least value,
// so that this too is drawn as a bar.
func (c barChart) span() (lo, hi float64) {
	b := c.bars
	least := math.Inf(1)
	for i := range b.Names {
		for _, s := range b.Series {
			if i >= len(s.Values) || !visible(s.Values[i], c.fig.YLog) {
				continue
			}
			least = min(least, s.Values[i])
			if !b.Stacked {
				lo, hi = min(lo, s.Values[i]), max(hi, s.Values[i])
			}
		}
		if b.Stacked {
			up, down, _ := b.total(i)
			lo, hi = min(lo, down), max(hi, up)
		}
	}
	if !c.fig.YLog {
		return lo, hi
	}
	decade := math.Floor(float64(math.Log10(least)) - 1e-9)
	if least >= hi {
		decade-- // all are equal
	}
	return max(math.Pow(10, decade), math.SmallestNonzeroFloat64), hi
}

func (c barChart) table(b *strings.Builder, maxRows int) {
	head := []string{plain(cmp.Or(c.fig.XLabel, "name"))}
	for _, s := range c.bars.Series {
		head = append(head, plain(cmp.Or(s.Name, cmp.Or(c.fig.YLabel, "value"))))
	}
	totals := c.bars.Stacked && len(c.bars.Series) > 1
	if totals {
		head = append(head, "total")
	}
	rows := [][]string{head}
	shown := min(len(c.bars.Names), maxRows)
	for i, name := range c.bars.Names[:shown] {
		row := []string{plain(name)}
		for _, s := range c.bars.Series {
			if i < len(s.Values) && finite(s.Values[i]) {
				row = append(row, number.TightUnit(tabled(s.Values[i]), plain(c.bars.Unit)))
			} else {
				row = append(row, "-")
			}
		}
		if totals {
			up, down, _ := c.bars.total(i)
			row = append(row, number.TightUnit(tabled(up+down), plain(c.bars.Unit)))
		}
		rows = append(rows, row)
	}
	align(b, rows, 1)
	if rest := len(c.bars.Names) - shown; rest > 0 {
		fmt.Fprintf(b, "and %d more\n", rest)
	}
}

// barDrawing is a bar chart on its plot.
type barDrawing struct {
	chart barChart
	ch    *chart
	*barPlot
}

func (d barDrawing) onPage() {
	if !d.horizontal {
		return
	}
	p := d.ch.plot
	p.X.Label.Text, p.Y.Label.Text = p.Y.Label.Text, p.X.Label.Text
	d.ch.aside = d.valueRoom(p)
}
