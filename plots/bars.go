package plots

import (
	"math"

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
	Before []float64 // of the last run, for comparison; NaN or missing where it had none
}

// group is how many bars a category has side by side.
func (b *Bars) group() int {
	if b.Stacked {
		return 1
	}
	return max(1, len(b.Series))
}

// value is that of a bar, series j of category i, or of the stack there (j is 0
// then); NaN where there is none.
func (b *Bars) value(i, j int) float64 {
	if b.Stacked {
		if up, down, ok := b.total(i); ok {
			return up + down
		}
		return math.NaN()
	}
	return valueAt(b.Series, j, func(s BarSeries) []float64 { return s.Values }, i)
}

// before is the value of the run before, NaN where there is none.
func (b *Bars) before(i, j int) float64 {
	old := func(s BarSeries) []float64 { return s.Before }
	if !b.Stacked {
		return valueAt(b.Series, j, old, i)
	}
	sum, found := 0.0, false
	for k := range b.Series {
		if v := valueAt(b.Series, k, old, i); finite(v) {
			sum, found = sum+v, true
		}
	}
	if !found {
		return math.NaN()
	}
	return sum
}

func valueAt(series []BarSeries, j int, of func(BarSeries) []float64, i int) float64 {
	if j < len(series) && i < len(of(series[j])) && finite(of(series[j])[i]) {
		return of(series[j])[i]
	}
	return math.NaN()
}

// written is a value with its unit, "" where it is none.
func (b *Bars) written(v float64) string {
	if !finite(v) {
		return ""
	}
	return number.TightUnit(number.Minus(exact(v)), b.Unit)
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
	return len(c.bars.Names) * c.bars.group()
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
	c = c.withRows()
	if len(c.bars.Names) == 0 {
		return ch.blank()
	}
	return c.put(ch, c.bars.Horizontal)
}

// put puts the bars onto a plot, horizontal or vertical.
func (c barChart) put(ch *chart, horizontal bool) barDrawing {
	p, b := ch.plot, c.bars
	d := barDrawing{chart: c, ch: ch, barPlot: &barPlot{bars: b, slots: evenSlots(len(b.Names), c.bars.group(), horizontal), horizontal: horizontal, log: c.fig.YLog, ink: ch.ink}}
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
	for _, v := range c.others() {
		values.Min, values.Max = reach(values.Min, values.Max, v, c.fig.YLog)
	}
	values.Scale = scale(c.fig.YLog)
	names.Min, names.Max = -0.5, float64(len(b.Names))-0.5
	names.Scale = d.slots
	nt.at = []plot.Tick{}
	for i, name := range b.Names {
		for j := range c.bars.group() {
			for _, m := range c.in(i, j) {
				if m.sign == 0 {
					name += " ◂ " + m.label
				}
			}
		}
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
	if c.empty() && len(c.fig.Marks) == 0 {
		p.Add(note{ch.ink})
	}
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
	if math.IsInf(least, 1) { // nothing yet: as far as what stands there
		for _, v := range c.others() {
			if visible(v, c.fig.YLog) {
				least, lo, hi = min(least, v), min(lo, v), max(hi, v)
			}
		}
	}
	switch {
	case !c.fig.YLog:
		return lo, hi
	case math.IsInf(least, 1):
		return 0.1, 1
	}
	decade := math.Floor(float64(math.Log10(least)) - 1e-9)
	if least >= hi {
		decade-- // all are equal
	}
	return max(math.Pow(10, decade), math.SmallestNonzeroFloat64), hi
}

// barDrawing is a bar chart on its plot.
type barDrawing struct {
	chart barChart
	ch    *chart
	*barPlot
	terse bool     // what was predicted is in words below the bars
	all   []string // the names of all bars, where others are drawn beside these
	from  int      // index of the first of these among them
}

func (d barDrawing) onPage() {
	d.addTicks()
	if !d.horizontal {
		return
	}
	p := d.ch.plot
	p.X.Label.Text, p.Y.Label.Text = p.Y.Label.Text, p.X.Label.Text
	d.ch.aside = d.valueRoom(p)
}
