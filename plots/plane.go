package plots

import (
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
	Faint bool // of the last run
}

// Points is a scatter, each point with an optional label.
type Points struct {
	Name   string
	X, Y   []float64
	Labels []string
	Style  Style
	Faint  bool // of the last run
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
	p := ch.plot
	f.setRanges(ch)
	p.X.Scale, p.Y.Scale = scale(f.XLog), scale(f.YLog)
	d := planeDrawing{ch: ch, marks: f.marks(p)}
	ch.under = d.marks.rowsBelow(p, 60)
	if len(f.Rugs) > 0 && !f.empty() {
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
		lv := &level{l.Y, draw.LineStyle{Color: l.Style.levelPaint(ch.ink), Width: 1, Dashes: l.Style.dash()}}
		if l.Style == 0 {
			lv.sty.Dashes = Style(5).dash() // told apart from a line
		}
		if l.Faint {
			lv.sty.Color, lv.sty.Dashes = l.Style.faint(ch.ink), faintDash()
		}
		p.Add(lv)
		if l.Name != "" {
			ch.add(entry{name: f.pointed(l.Name), value: short(l.Y), sample: lv, width: lineSample, at: l.Y, rank: levelRank})
		}
	}
	p.Add(curves...)
	for _, pts := range f.Points {
		paint := pts.Style.paint(ch.ink)
		if pts.Faint {
			paint = pts.Style.faint(ch.ink)
		}
		s := &scatter{pts, draw.GlyphStyle{Color: paint, Radius: 3.5, Shape: pts.Style.mark()}}
		p.Add(s)
		if pts.Name != "" {
			ch.name(f.pointed(pts.Name), s, markSample)
		}
	}
	p.Add(&pointLabels{f.Points, f.Lines, ch.ink.Text})
	d.marks.add(ch, f)
	if f.empty() && len(f.Marks) == 0 {
		p.Add(note{ch.ink})
	}
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

// planeDrawing is a plane on its plot.
type planeDrawing struct {
	ch    *chart
	band  *rugBand // of the rugs, nil without
	marks planeMarks
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
	var a *axes
	d.ch.under = d.marks.rowsBelow(d.ch.plot, l.cols()-6)
	for range 2 { // how many rows the marks need beneath the axis is known when its columns are
		a = l.axes(d.ch)
		if d.band != nil { // a row for each rug; the histogram keeps three
			d.band.fit(max(a.rows-3, a.rows/2))
			d.band.share = float64(d.band.rows) / float64(a.rows)
		}
		a.number()
		needed := d.marks.rowsOf(a)
		if needed == d.ch.under {
			break
		}
		d.ch.under = needed
	}
	a.draw()
	d.marks.onAxes(a)
	l.column.place(l, l.top, a.bottom(), a.rowOf)
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
