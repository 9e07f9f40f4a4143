package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// chart is a figure put onto a plot, and what is left to decide when the size of the
// surface is known.
type chart struct {
	fig     *Figure
	ink     *Ink
	plot    *plot.Plot
	x, y    *ticker // of the plot's axes
	legend  []entry
	aside   vg.Length // on a page: width between the data and the legend
	under   int       // on cells: rows beneath the axis, for marks
	drawing drawing
}

// noData is what an empty figure says.
const noData = "no data yet"

// Plot returns the figure as a plot for gonum's back ends, coloured as
// [LightInk]. Its legend stands at the right of the data.
func (f *Figure) Plot() *plot.Plot {
	ink := LightInk()
	ch := f.chart(&ink, printed{})
	p := ch.plot
	p.BackgroundColor = ink.Ground
	p.Title.Text, p.Title.Padding = f.Title, 8
	p.X.Label.Text, p.Y.Label.Text = f.XLabel, f.YLabel
	ch.x.n, ch.y.n = 6, 5
	ch.x.at = spread(ch.x.at, p.X)
	ch.drawing.onPage()
	if len(ch.legend) > 0 {
		p.Add(ch.margin())
	}
	return p
}

// spread drops ticks too close to the one before, so that their labels keep apart.
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

// margin is a plot.Plotter that draws nothing and reserves room for the legend.
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
		name := e.text()
		for n := textWidth(name); n > 0 && p.Legend.TextStyle.Width(name) > most; n-- {
			name = fitMiddle(e.text(), n, n/2)
		}
		if e.sample == nil {
			p.Legend.Add(name)
		} else {
			p.Legend.Add(name, e.sample)
		}
		widest = max(widest, p.Legend.TextStyle.Width(name))
	}
	p.Legend.Top = true
	p.Legend.Padding = 3
	// gonum reserves room for the widest box, not for the sum of all: values beside
	// the bars are added here.
	return margin(widest + p.Legend.ThumbnailWidth + 16 + ch.aside)
}

// chart puts the figure onto a plot. Each drawing builds its own: that is cheap, and
// a figure remains plain data.
func (f *Figure) chart(ink *Ink, handler text.Handler) *chart {
	ch := newChart(f, ink, handler)
	ch.drawing = f.kind().build(ch)
	return ch
}

// newChart returns a chart whose plot has text styles and colours, but no data.
func newChart(f *Figure, ink *Ink, handler text.Handler) *chart {
	ch := &chart{fig: f, ink: ink, plot: plot.New(), x: &ticker{log: f.XLog}, y: &ticker{log: f.YLog}}
	ch.plot.BackgroundColor = nil
	ch.plot.X.Tick.Marker, ch.plot.Y.Tick.Marker = ch.x, ch.y
	ch.setText(handler)
	return ch
}

// again returns a chart of the same figure for the same surface, without data.
func (ch *chart) again() *chart { return newChart(ch.fig, ch.ink, ch.plot.TextHandler) }

func (ch *chart) setText(handler text.Handler) {
	p, ink := ch.plot, ch.ink
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

// blank makes the plot axes without numbers and the words that there is no data yet.
func (ch *chart) blank() drawing {
	ch.x.none, ch.y.none = true, true
	ch.plot.X.Min, ch.plot.X.Max = 0, 1
	ch.plot.Y.Min, ch.plot.Y.Max = 0, 1
	ch.plot.Add(note{ch.ink})
	return blankDrawing{ch}
}

// blankDrawing is a figure without data on its plot.
type blankDrawing struct{ ch *chart }

func (blankDrawing) onPage() {}

func (d blankDrawing) onCells(l *layout) {
	a := l.axes(d.ch)
	a.number()
	a.draw()
}

// note is a plot.Plotter for what an empty figure says.
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
