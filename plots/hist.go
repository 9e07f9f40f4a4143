package plots

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// bins is a plot.Plotter for a histogram.
type bins struct {
	hist  *Hist
	paint paint
}

// Plot implements plot.Plotter. On cells each column has the mean count of the bins
// in it, weighted by their widths.
func (b *bins) Plot(c draw.Canvas, p *plot.Plot) {
	n := b.hist.bins()
	c.SetColor(b.paint)
	base := atY(c, p.Y.Norm(max(0, p.Y.Min)))
	top := func(count float64) vg.Length {
		y := min(1, p.Y.Norm(count))
		if !(y > 0) {
			return base
		}
		return atY(c, y)
	}
	if sheetOf(c) == nil {
		for i := range n {
			if y := top(b.hist.Counts[i]); y > base {
				x0, x1 := p.X.Norm(b.hist.Edges[i]), p.X.Norm(b.hist.Edges[i+1])
				if x1 > 0 && x0 < 1 { // false for NaN
					fillRect(c, atX(c, max(0, x0)), base, atX(c, min(1, x1)), y)
				}
			}
		}
		return
	}
	cols := int(math.Round(float64(c.Size().X / cellW)))
	i := 0
	for col := range cols {
		left, right := float64(col)/float64(cols), float64(col+1)/float64(cols)
		var area, width float64
		for i < n && p.X.Norm(b.hist.Edges[i+1]) <= left {
			i++
		}
		for j := i; j < n; j++ {
			x0, x1 := p.X.Norm(b.hist.Edges[j]), p.X.Norm(b.hist.Edges[j+1])
			if !(x0 < right) {
				break
			}
			if w := min(x1, right) - max(x0, left); w > 0 && finite(b.hist.Counts[j]) {
				area += float64(w * b.hist.Counts[j])
				width += w
			}
		}
		if width <= 0 {
			continue
		}
		if y := top(area / width); y > base {
			x := c.Min.X + vg.Length(vg.Length(col)*cellW)
			fillRect(c, x, base, x+cellW, y)
		}
	}
}

// Thumbnail implements plot.Thumbnailer.
func (b *bins) Thumbnail(c *draw.Canvas) {
	c.SetColor(b.paint)
	fillRect(*c, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
}

func fillRect(c draw.Canvas, x0, y0, x1, y1 vg.Length) {
	path := make(vg.Path, 0, 5)
	path.Move(vg.Point{X: x0, Y: y0})
	path.Line(vg.Point{X: x1, Y: y0})
	path.Line(vg.Point{X: x1, Y: y1})
	path.Line(vg.Point{X: x0, Y: y1})
	path.Close()
	c.Fill(path)
}

// strokeRect draws the outline of a rectangle between two of its corners.
func strokeRect(c draw.Canvas, sty draw.LineStyle, a, b vg.Point) {
	c.StrokeLines(sty, []vg.Point{a, {X: b.X, Y: a.Y}, b, {X: a.X, Y: b.Y}, a})
}

// rugBand is the scale of a y axis whose lower part, a share of its length, is kept
// free for the rugs.
type rugBand struct {
	plot.Normalizer
	share float64
	names []string // of the rugs, shortened
	lead  float64  // free rows above the first rug, for the label of the least tick
	rows  int      // of the band
	shown int      // rugs with a row of their own; the next row names the others
}

// Normalize implements plot.Normalizer.
func (b *rugBand) Normalize(lo, hi, v float64) float64 {
	return b.share + float64((1-b.share)*b.Normalizer.Normalize(lo, hi, v))
}

// fit divides up to so many rows among the rugs, one for each. If they are too few,
// the last one names the rugs without a row.
func (b *rugBand) fit(rows int) {
	n := len(b.names)
	b.rows, b.shown = min(n, rows), min(n, rows)
	if rows < n && rows > 1 {
		b.shown = rows - 1
	}
}

// middle is the height of the middle of row i, as a share of the axis.
func (b *rugBand) middle(i int) float64 {
	return float64(b.share * (1 - (b.lead+float64(i)+0.5)/(b.lead+float64(b.rows))))
}

// rug is a plot.Plotter for row i of the band.
type rug struct {
	xs    []float64
	paint paint
	band  *rugBand
	i     int
}

// Plot implements plot.Plotter.
func (r *rug) Plot(c draw.Canvas, p *plot.Plot) {
	if r.i >= r.band.shown {
		return
	}
	y := atY(c, r.band.middle(r.i))
	half := vg.Length(vg.Length(r.band.share/(r.band.lead+float64(r.band.rows))) * c.Size().Y * 0.35)
	s := sheetOf(c)
	rect := c.Rectangle
	if s != nil {
		rect = inset(rect)
	}
	sty := draw.LineStyle{Color: r.paint, Width: 1}
	for _, x := range r.xs {
		nx := p.X.Norm(x)
		if !finite(x) || !(nx >= 0 && nx <= 1) {
			continue
		}
		pt := clamp(rect, vg.Point{X: atX(c, nx), Y: y})
		if s != nil {
			s.mark(pt, '│', r.paint)
			continue
		}
		c.StrokeLine2(sty, pt.X, y-half, pt.X, y+half)
	}
}

// rugRest is a plot.Plotter for the names of the rugs that have no row.
type rugRest struct {
	band *rugBand
	ink  *Ink
}

// Plot implements plot.Plotter.
func (r rugRest) Plot(c draw.Canvas, p *plot.Plot) {
	if r.band.shown == r.band.rows {
		return
	}
	sty := p.X.Tick.Label
	sty.Color, sty.XAlign, sty.YAlign = r.ink.Muted, draw.XLeft, draw.YCenter
	txt := strings.Join(r.band.names[r.band.shown:], ", ")
	for w := textWidth(txt); w > 0 && sty.Width(txt) > c.Size().X; w-- {
		txt = fitText(txt, w)
	}
	c.FillText(sty, vg.Point{X: c.Min.X, Y: atY(c, r.band.middle(r.band.shown))}, txt)
}

// rugTicks is a plot.Ticker that adds the names of the rugs, beside their rows.
type rugTicks struct {
	plot.Ticker
	band *rugBand
	log  bool
}

// Ticks implements plot.Ticker. The tick of a rug has a value below the least one of
// the axis, where the band is.
func (t *rugTicks) Ticks(lo, hi float64) []plot.Tick {
	ticks := t.Ticker.Ticks(lo, hi)
	b := t.band
	for i := range b.rows {
		label := b.names[i]
		if i == b.shown {
			label = "also"
		}
		below := (b.middle(i) - b.share) / (1 - b.share)
		v := lo + float64(below*(hi-lo))
		if t.log {
			v = math.Exp(math.Log(lo) + float64(below*(math.Log(hi)-math.Log(lo))))
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: label})
	}
	return ticks
}
