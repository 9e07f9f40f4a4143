package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// chart is a figure on its way to a surface: the plot, and what a surface
// still decides by its size.
type chart struct {
	plot   *plot.Plot
	legend []entry
	x, y   *ticker
	band   *banded   // of the rugs, nil without
	bars   *barPlot  // nil if the figure is not bars
	heat   *heatPlot // nil if it is no heat map
}

// entry is a row of the legend.
type entry struct {
	name   string
	sample plot.Thumbnailer
}

// noData is what an empty figure says.
const noData = "no data yet"

// Plot returns the figure as a plot for gonum's back ends, coloured as
// [LightInk]. Its legend stands at the right of the data.
func (f *Figure) Plot() *plot.Plot {
	ink := LightInk()
	ch := f.chart(&ink, printed{}, f.Bars != nil && f.Bars.Horizontal)
	p := ch.plot
	p.BackgroundColor = ink.Ground
	p.Title.Text, p.Title.Padding = f.Title, 8
	p.X.Label.Text, p.Y.Label.Text = f.XLabel, f.YLabel
	if ch.bars != nil && ch.bars.horizontal {
		p.X.Label.Text, p.Y.Label.Text = f.YLabel, f.XLabel
	}
	ch.x.n, ch.y.n = 6, 5
	ch.x.at = spread(ch.x.at, p.X)
	if ch.heat != nil {
		ch.y.at = spread(ch.y.at, p.Y)
		p.Add(heatScale{ch.heat})
	}
	if ch.band != nil {
		// A row is as high as its name, and half the axis is the data's.
		ch.band.lead = 0.5
		ch.band.fit(8)
		ch.band.share = 0.06 * (ch.band.lead + float64(ch.band.rows))
	}
	if len(ch.legend) > 0 {
		p.Add(ch.margin())
	}
	return p
}

// spread drops ticks that stand too near to the one before.
func spread(ticks []plot.Tick, axis plot.Axis) []plot.Tick {
	if ticks == nil {
		return nil
	}
	kept := ticks[:0:0]
	last := math.Inf(-1)
	for _, t := range ticks {
		if at := axis.Norm(t.Value); math.Abs(at-last) > 0.045 || math.IsInf(last, 0) {
			kept, last = append(kept, t), at
		}
	}
	return kept
}

// margin is a plot.Plotter that draws nothing and keeps room for the legend.
type margin vg.Length

// Plot implements plot.Plotter.
func (margin) Plot(draw.Canvas, *plot.Plot) {}

// GlyphBoxes implements plot.GlyphBoxer.
func (m margin) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{{X: 1, Y: 0.5, Rectangle: vg.Rectangle{Max: vg.Point{X: vg.Length(m)}}}}
}

func (ch *chart) margin() margin {
	p := ch.plot
	p.Legend.ThumbnailWidth = 28
	most := 0.4*pageW - p.Legend.ThumbnailWidth - 16
	var widest vg.Length
	for _, e := range ch.legend {
		name := e.name
		for n := textWidth(name); n > 0 && p.Legend.TextStyle.Width(name) > most; n-- {
			name = fitText(e.name, n)
		}
		p.Legend.Add(name, e.sample)
		widest = max(widest, p.Legend.TextStyle.Width(name))
	}
	p.Legend.Top = true
	p.Legend.Padding = 3
	m := widest + p.Legend.ThumbnailWidth + 16
	if ch.bars != nil && ch.bars.horizontal {
		m += ch.bars.valueRoom(p) // padding keeps room for the widest box, not for their sum
	}
	return margin(m)
}

// chart builds the plot. It is rebuilt for each drawing: that is cheap, and
// a figure stays plain data.
func (f *Figure) chart(ink *Ink, handler text.Handler, horizontal bool) *chart {
	ch := &chart{plot: plot.New(), x: &ticker{log: f.XLog}, y: &ticker{log: f.YLog}}
	p := ch.plot
	p.BackgroundColor = nil
	ch.setText(ink, handler)
	p.X.Tick.Marker, p.Y.Tick.Marker = ch.x, ch.y
	switch {
	case f.Empty():
		f.buildEmpty(ch, ink)
	case f.Heat != nil:
		f.buildHeat(ch, ink)
	case f.Bars != nil:
		f.buildBars(ch, ink, horizontal)
	default:
		f.buildPlane(ch, ink)
	}
	return ch
}

func (ch *chart) setText(ink *Ink, handler text.Handler) {
	p := ch.plot
	p.TextHandler = handler
	for _, t := range []struct {
		style *text.Style
		size  vg.Length
		muted bool
	}{
		{&p.Title.TextStyle, 14, false}, {&p.Legend.TextStyle, 10.5, false},
		{&p.X.Label.TextStyle, 11, true}, {&p.Y.Label.TextStyle, 11, true},
		{&p.X.Tick.Label, 10.5, true}, {&p.Y.Tick.Label, 10.5, true},
	} {
		t.style.Handler = handler
		t.style.Color = ink.Text
		if t.muted {
			t.style.Color = ink.Muted
		}
		t.style.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: t.size}
	}
	p.X.Color, p.Y.Color = ink.Muted, ink.Muted
	p.X.Tick.Color, p.Y.Tick.Color = ink.Muted, ink.Muted
	p.X.Label.Padding, p.Y.Label.Padding = 4, 6
}

// buildEmpty draws the axes alone, with numbers only where both ends are fixed.
func (f *Figure) buildEmpty(ch *chart, ink *Ink) {
	p := ch.plot
	fixed := f.Heat == nil && f.Bars == nil
	axis := func(a *plot.Axis, t *ticker, lo, hi *float64, log bool) {
		t.none = !fixed || hi == nil
		a.Min, a.Max = ends(0, 1, lo, hi, log)
		a.Scale = scale(log)
	}
	axis(&p.X, ch.x, f.XMin, f.XMax, f.XLog)
	axis(&p.Y, ch.y, f.YMin, f.YMax, f.YLog)
	p.Add(note{ink})
}

// note is a plot.Plotter for the words of an empty figure.
type note struct{ ink *Ink }

// Plot implements plot.Plotter.
func (n note) Plot(c draw.Canvas, p *plot.Plot) {
	sty := p.X.Tick.Label
	sty.Color, sty.XAlign, sty.YAlign = n.ink.Muted, draw.XCenter, draw.YCenter
	pt := c.Center()
	if s := sheetOf(c); s != nil {
		pt = s.centre(pt, noData)
	}
	if sty.Width(noData) <= c.Size().X {
		c.FillText(sty, pt, noData)
	}
}

func (f *Figure) buildHeat(ch *chart, ink *Ink) {
	p, h := ch.plot, f.Heat
	ch.heat = newHeatPlot(h, ink)
	rows, cols := h.dims()
	p.X.Min, p.X.Max = 0, float64(cols)
	p.Y.Min, p.Y.Max = 0, float64(rows)
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	named := func(t *ticker, names []string, n int) {
		t.at = []plot.Tick{}
		for i, name := range names[:min(n, len(names))] {
			t.at = append(t.at, plot.Tick{Value: float64(i) + 0.5, Label: name})
		}
	}
	named(ch.x, h.ColNames, cols)
	named(ch.y, h.RowNames, rows)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Width, a.Tick.Length, a.Padding = 0, 0, 0
	}
	p.Add(ch.heat)
}

func (f *Figure) buildBars(ch *chart, ink *Ink, horizontal bool) {
	p, b := ch.plot, f.Bars
	group := max(1, len(b.Series))
	if b.Stacked {
		group = 1
	}
	ch.bars = &barPlot{bars: b, slots: freeSlots(len(b.Names), group, horizontal), horizontal: horizontal, log: f.YLog, ink: ink}
	lo, hi := 0.0, 0.0
	least := math.Inf(1)
	for i := range b.Names {
		up, down, _ := b.total(i)
		for _, s := range b.Series {
			if i >= len(s.Values) || !visible(s.Values[i], f.YLog) {
				continue
			}
			least = min(least, s.Values[i])
			if !b.Stacked {
				lo, hi = min(lo, s.Values[i]), max(hi, s.Values[i])
			}
		}
		if b.Stacked {
			lo, hi = min(lo, down), max(hi, up)
		}
	}
	if f.YLog {
		// A decade beneath the least, so that the least is a bar too.
		lo = math.Pow(10, math.Floor(math.Log10(least)-1e-9)-oneIf(least >= hi))
		lo = max(lo, math.SmallestNonzeroFloat64)
	} else if !horizontal {
		lo, hi = rounded(lo, hi)
	}
	values, names, vt, nt := &p.Y, &p.X, ch.y, ch.x
	if horizontal {
		values, names, vt, nt = &p.X, &p.Y, ch.x, ch.y
		vt.none = true
	}
	vt.log, nt.log = f.YLog, false
	values.Min, values.Max = ends(lo, hi, f.YMin, f.YMax, f.YLog)
	values.Scale = scale(f.YLog)
	names.Min, names.Max = -0.5, float64(len(b.Names))-0.5
	names.Scale = ch.bars.slots
	nt.at = []plot.Tick{}
	for i, name := range b.Names {
		nt.at = append(nt.at, plot.Tick{Value: float64(i), Label: name})
	}
	names.Tick.Length, names.Padding, values.Padding = 0, 0, 0
	if horizontal {
		values.Width = 0
	}
	for i, s := range b.Series {
		paint := s.Style.paint(ink)
		if !ink.Mono {
			paint.shade = 0
		}
		ch.bars.paints = append(ch.bars.paints, paint)
		if s.Name != "" && len(b.Series) > 1 {
			ch.legend = append(ch.legend, entry{s.Name, swatch{ch.bars.paints[i]}})
		}
	}
	p.Add(ch.bars)
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// buildPlane draws x and y: histogram, rugs, levels, lines, points.
func (f *Figure) buildPlane(ch *chart, ink *Ink) {
	p := ch.plot
	f.setRanges(ch)
	if ch.y.log {
		p.Y.Scale = scale(true)
	}
	p.X.Scale = scale(f.XLog)
	if len(f.Rugs) > 0 {
		ch.band = &banded{Normalizer: p.Y.Scale}
		p.Y.Scale = ch.band
		for i, r := range f.Rugs {
			ch.band.names = append(ch.band.names, fitText(r.Name, 16))
			p.Add(&rug{r.X, r.Style.paint(ink), ch.band, i})
		}
		p.Add(rugRest{ch.band, ink})
		p.Y.Tick.Marker = &ruggedTicks{ch.y, ch.band, f.YLog}
	}
	if _, cells := p.TextHandler.(cellText); !cells {
		p.Add(grid{})
	}
	if f.Hist != nil {
		b := &bins{f.Hist, f.Hist.Style.paint(ink)}
		b.paint.shade = 0
		p.Add(b)
		ch.add(f.Hist.Name, b)
	}
	var curves []plot.Plotter
	var order []int // how late a curve is drawn
	marked := f.few()
	for _, l := range f.Lines {
		paint := l.Style.paint(ink)
		sty := draw.LineStyle{Width: 1.5, Dashes: l.Style.dash()}
		late := 1
		if l.Faint {
			paint, sty.Dashes, late = l.Style.faint(ink), faintDash(), 0
		} else if l.Style == 0 {
			late = 2
		}
		sty.Color = paint
		c := &curve{l.X, l.Y, sty, draw.GlyphStyle{Color: paint, Radius: 3, Shape: l.Style.mark()}, marked && !l.Faint}
		at, _ := slices.BinarySearch(order, late+1)
		order = slices.Insert(order, at, late)
		curves = slices.Insert(curves, at, plot.Plotter(c))
		ch.add(l.Name, c)
	}
	for _, l := range f.Levels {
		lv := &level{l.Y, draw.LineStyle{Color: l.Style.paint(ink), Width: 1, Dashes: l.Style.dash()}}
		if l.Style == 0 {
			lv.sty.Dashes = Style(5).dash() // told apart from a line
		}
		p.Add(lv)
		if l.Name != "" {
			ch.add(l.Name+" "+short(l.Y), lv)
		}
	}
	p.Add(curves...)
	for _, pts := range f.Points {
		s := &scatter{pts, draw.GlyphStyle{Color: pts.Style.paint(ink), Radius: 3.5, Shape: pts.Style.mark()}}
		p.Add(s)
		ch.add(pts.Name, s)
	}
	p.Add(&pointLabels{f.Points, f.Lines, ink.Text})
}

func (ch *chart) add(name string, sample plot.Thumbnailer) {
	if name != "" {
		ch.legend = append(ch.legend, entry{name, sample})
	}
}

// few reports whether the lines have so few points that each is marked. A
// live chart, whose XMax is fixed, starts with few but does not stay so.
func (f *Figure) few() bool {
	longest := 0
	for _, l := range f.Lines {
		longest = max(longest, min(len(l.X), len(l.Y)))
	}
	return f.XMax == nil && longest <= 12
}

// grid is a plot.Plotter for faint horizontal lines at the y ticks.
type grid struct{}

// Plot implements plot.Plotter.
func (grid) Plot(c draw.Canvas, p *plot.Plot) {
	sty := draw.LineStyle{Color: hex(0xe4e7eb), Width: 0.5}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if y := p.Y.Norm(t.Value); t.Value >= p.Y.Min && y >= 0 && y <= 1 {
			c.StrokeLine2(sty, c.Min.X, c.Y(y), c.Max.X, c.Y(y))
		}
	}
}
