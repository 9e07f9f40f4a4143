package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// Line is a curve through (X[i], Y[i]); the shorter slice sets its length.
// The line of Style 0 is drawn last, over the others.
type Line struct {
	Name  string
	X, Y  []float64
	Style Style
	Faint bool // the last run, for comparison
}

// Level is a horizontal reference line: a floor, a target. Its value is
// printed beside its name in the legend.
type Level struct {
	Name  string
	Y     float64
	Style Style
}

// Points is a scatter, each point with an optional label.
type Points struct {
	Name   string
	X, Y   []float64
	Labels []string
	Style  Style
}

// Hist is a histogram: Counts[i] lies between Edges[i] and Edges[i+1].
type Hist struct {
	Name          string
	Edges, Counts []float64
	Style         Style
}

// Rug is a row of marks below the plane, with its name at the left, as the levels
// of a number format below the histogram of the weights.
type Rug struct {
	Name  string
	X     []float64
	Style Style
}

// plane is the kind with x and y axes. It draws the fields of the figure itself:
// lines, levels, points, a histogram and rugs.
type plane struct{ *Figure }

// rows are none in particular: a plane is drawn at any size.
func (f plane) rows() int { return 0 }

func (f plane) empty() bool {
	for _, l := range f.Lines {
		if f.anyVisible(l.X, l.Y) {
			return false
		}
	}
	for _, pts := range f.Points {
		if f.anyVisible(pts.X, pts.Y) {
			return false
		}
	}
	for _, r := range f.Rugs {
		for _, x := range r.X {
			if visible(x, f.XLog) {
				return false
			}
		}
	}
	return f.Hist == nil || f.Hist.bins() == 0
}

func (f plane) anyVisible(xs, ys []float64) bool {
	for i := range min(len(xs), len(ys)) {
		if visible(xs[i], f.XLog) && visible(ys[i], f.YLog) {
			return true
		}
	}
	return false
}

// bins returns how many leading bins have finite, rising edges.
func (h *Hist) bins() int {
	n := max(0, min(len(h.Counts), len(h.Edges)-1))
	for i := range n {
		if !finite(h.Edges[i]) || !finite(h.Edges[i+1]) || h.Edges[i+1] <= h.Edges[i] {
			return i
		}
	}
	return n
}

func (f plane) build(ch *chart) drawing {
	if f.empty() {
		return f.waiting(ch)
	}
	p := ch.plot
	f.setRanges(ch)
	p.X.Scale, p.Y.Scale = scale(f.XLog), scale(f.YLog)
	d := planeDrawing{ch: ch}
	if len(f.Rugs) > 0 {
		d.band = f.addRugs(ch)
	}
	if _, cells := p.TextHandler.(cellText); !cells {
		p.Add(grid{})
	}
	if f.Hist != nil {
		b := &bins{f.Hist, f.Hist.Style.paint(ch.ink)}
		b.paint.shade = 0
		p.Add(b)
		ch.name(f.Hist.Name, b, fillSample)
	}
	curves := f.curves(ch)
	for _, l := range f.Levels {
		lv := &level{l.Y, draw.LineStyle{Color: l.Style.paint(ch.ink), Width: 1, Dashes: l.Style.dash()}}
		if l.Style == 0 {
			lv.sty.Dashes = Style(5).dash() // told apart from a line
		}
		p.Add(lv)
		if l.Name != "" {
			ch.name(l.Name+" "+short(l.Y), lv, lineSample)
		}
	}
	p.Add(curves...)
	for _, pts := range f.Points {
		s := &scatter{pts, draw.GlyphStyle{Color: pts.Style.paint(ch.ink), Radius: 3.5, Shape: pts.Style.mark()}}
		p.Add(s)
		ch.name(pts.Name, s, markSample)
	}
	p.Add(&pointLabels{f.Points, f.Lines, ch.ink.Text})
	return d
}

// waiting draws the axes before there is data. One whose upper end is fixed has its
// numbers already: they stay as they are when data comes in.
func (f plane) waiting(ch *chart) drawing {
	d := ch.blank()
	axis := func(a *plot.Axis, t *ticker, lo, hi *float64, log bool) {
		t.none = hi == nil
		a.Min, a.Max = ends(0, 1, lo, hi, log)
		a.Scale = scale(log)
	}
	axis(&ch.plot.X, ch.x, f.XMin, f.XMax, f.XLog)
	axis(&ch.plot.Y, ch.y, f.YMin, f.YMax, f.YLog)
	return d
}

// addRugs adds the rugs, and the band of the y axis that holds them.
func (f plane) addRugs(ch *chart) *rugBand {
	p := ch.plot
	band := &rugBand{Normalizer: p.Y.Scale}
	p.Y.Scale = band
	for i, r := range f.Rugs {
		band.names = append(band.names, fitText(r.Name, 16))
		p.Add(&rug{r.X, r.Style.paint(ch.ink), band, i})
	}
	p.Add(rugRest{band, ch.ink})
	p.Y.Tick.Marker = &rugTicks{ch.y, band, f.YLog}
	return band
}

// curves returns the lines in drawing order, so that what matters covers the rest:
// the last run, the other styles, style 0. The legend keeps the figure's order.
func (f plane) curves(ch *chart) []plot.Plotter {
	var curves []plot.Plotter
	var order []int // of each curve: 0 is drawn first, 2 last
	marked := f.sparse()
	for _, l := range f.Lines {
		paint := l.Style.paint(ch.ink)
		sty := draw.LineStyle{Width: 1.5, Dashes: l.Style.dash()}
		late := 1
		if l.Faint {
			paint, sty.Dashes, late = l.Style.faint(ch.ink), faintDash(), 0
		} else if l.Style == 0 {
			late = 2
		}
		sty.Color = paint
		c := &curve{l.X, l.Y, sty, draw.GlyphStyle{Color: paint, Radius: 3, Shape: l.Style.mark()}, marked && !l.Faint}
		at, _ := slices.BinarySearch(order, late+1)
		order = slices.Insert(order, at, late)
		curves = slices.Insert(curves, at, plot.Plotter(c))
		ch.name(l.Name, c, lineSample)
	}
	return curves
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

// setRanges sets the ends of both axes, and where x has few values, all whole
// numbers, as in a sweep over ranks, a tick at each of them.
func (f plane) setRanges(ch *chart) {
	x := bounds{math.Inf(1), math.Inf(-1), f.XLog}
	y := bounds{math.Inf(1), math.Inf(-1), f.YLog}
	both := func(xs, ys []float64) {
		for i := range min(len(xs), len(ys)) {
			if visible(xs[i], f.XLog) && visible(ys[i], f.YLog) {
				x.add(xs[i])
				y.add(ys[i])
			}
		}
	}
	for _, l := range f.Lines {
		both(l.X, l.Y)
	}
	for _, p := range f.Points {
		both(p.X, p.Y)
	}
	for _, l := range f.Levels {
		y.add(l.Y)
	}
	for _, r := range f.Rugs {
		x.add(r.X...)
	}
	if h := f.Hist; h != nil {
		n := h.bins()
		if n > 0 {
			x.add(h.Edges[:n+1]...)
		}
		y.add(0)
		y.add(h.Counts[:n]...)
	}
	p := ch.plot
	if x.lo > x.hi {
		x.lo, x.hi = 0, 1
	}
	if y.lo > y.hi {
		y.lo, y.hi = 0, 1
	}
	if len(f.Points) > 0 && len(f.Lines) == 0 {
		x.lo, x.hi = widen(x.lo, x.hi, f.XLog)
	}
	y.lo, y.hi = widen(y.lo, y.hi, f.YLog)
	p.X.Min, p.X.Max = ends(x.lo, x.hi, f.XMin, f.XMax, f.XLog)
	p.Y.Min, p.Y.Max = ends(y.lo, y.hi, f.YMin, f.YMax, f.YLog)
	if f.XMax == nil && f.Hist == nil {
		ch.x.at = f.wholeTicks()
	}
}

// wholeTicks returns a tick at each x of the lines if these are two to eight whole
// numbers, else nil.
func (f plane) wholeTicks() []plot.Tick {
	var xs []float64
	for _, l := range f.Lines {
		for i := range min(len(l.X), len(l.Y)) {
			v := l.X[i]
			if !visible(v, f.XLog) || slices.Contains(xs, v) {
				continue
			}
			if v != math.Trunc(v) || math.Abs(v) > 1e6 || len(xs) == 8 {
				return nil
			}
			xs = append(xs, v)
		}
	}
	if len(xs) < 2 || len(f.Points) > 0 {
		return nil
	}
	slices.Sort(xs)
	ticks := make([]plot.Tick, len(xs))
	for i, v := range xs {
		ticks[i] = plot.Tick{Value: v, Label: short(v)}
	}
	return ticks
}

// planeDrawing is a plane on its plot.
type planeDrawing struct {
	ch   *chart
	band *rugBand // of the rugs, nil without
}

func (d planeDrawing) onPage() {
	if d.band == nil {
		return
	}
	// A row has the height of its name; the data keeps about half of the axis.
	d.band.lead = 0.5
	d.band.fit(8)
	d.band.share = 0.06 * (d.band.lead + float64(d.band.rows))
}

func (d planeDrawing) onCells(l *layout) {
	a := l.axes(d.ch)
	if d.band != nil { // a row for each rug, up to half of the rows
		d.band.fit(a.rows / 2)
		d.band.share = float64(d.band.rows) / float64(a.rows)
	}
	a.number()
	a.draw()
}

// grid is a plot.Plotter for faint horizontal lines at the y ticks.
type grid struct{}

// Plot implements plot.Plotter.
func (grid) Plot(c draw.Canvas, p *plot.Plot) {
	sty := draw.LineStyle{Color: hex(0xe4e7eb), Width: 0.5}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if y := p.Y.Norm(t.Value); t.Value >= p.Y.Min && y >= 0 && y <= 1 {
			c.StrokeLine2(sty, c.Min.X, atY(c, y), c.Max.X, atY(c, y))
		}
	}
}
