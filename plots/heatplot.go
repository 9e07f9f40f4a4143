package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"loralab/lora/number"
)

// heatPlot is a plot.Plotter for a matrix. The one of gonum cannot leave gaps on
// cells, tell positive from negative without colour, or print numbers.
type heatPlot struct {
	heat   *Heat
	lo, hi float64
	ink    *Ink
	values bool
}

func newHeatPlot(h *Heat, ink *Ink) *heatPlot {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, row := range h.Z {
		for _, z := range row {
			if finite(z) {
				lo, hi = min(lo, z), max(hi, z)
			}
		}
	}
	if h.Diverging {
		hi = max(math.Abs(lo), math.Abs(hi))
		lo = -hi
	}
	if h.Min != nil && finite(*h.Min) {
		lo = *h.Min
	}
	if h.Max != nil && finite(*h.Max) {
		hi = *h.Max
	}
	if !(lo < hi) { // constant, or nothing
		if !finite(lo) || lo == 0 {
			lo = 0
		}
		lo, hi = min(0, lo), max(0, lo)
		if lo == hi {
			hi = 1
		}
	}
	return &heatPlot{heat: h, lo: lo, hi: hi, ink: ink, values: h.Values}
}

// scaledHeat is a heat map on a scale to top, around 0 or from it.
func scaledHeat(z [][]float64, diverging bool, top float64, ink *Ink) *heatPlot {
	if top == 0 {
		top = 1 // all of it is 0
	}
	low := 0.0
	if diverging {
		low = -top
	}
	return newHeatPlot(&Heat{Z: z, Diverging: diverging, Min: &low, Max: &top}, ink)
}

// paint is the colour at a position on the scale, from 0 to 1, or the shade where
// there are no colours.
func (h *heatPlot) paint(t float64) paint {
	shade := scaleShade(t, h.heat.Diverging, h.ink.ASCII)
	if shade == ' ' {
		shade = '\u00a0' // filled, but looks empty; a space would be no fill
	}
	if h.ink.Mono {
		return paint{shade: shade}
	}
	p := paint{c: scaleColor(t, h.heat.Diverging, h.ink)}
	if h.ink.ASCII {
		p.shade = shade
	}
	return p
}

// centred reports whether 0 is in the middle of the scale.
func (h *heatPlot) centred() bool { return h.heat.Diverging && h.lo < 0 && h.hi > 0 }

func (h *heatPlot) share(z float64) float64 {
	if h.centred() {
		if z < 0 {
			return 0.5 - float64(0.5*z/h.lo)
		}
		return 0.5 + float64(0.5*z/h.hi)
	}
	return (z - h.lo) / (h.hi - h.lo)
}

// reduce is the value that stands for a block of entries, rows [r0,r1) and
// columns [c0,c1); ok is false if the block has no finite entry.
func (h *heatPlot) reduce(r0, r1, c0, c1 int) (z float64, ok bool) {
	var sum, n float64
	for _, row := range h.heat.Z[r0:r1] {
		for _, v := range row[min(c0, len(row)):min(c1, len(row))] {
			if !finite(v) {
				continue
			}
			if math.Abs(v) > math.Abs(z) {
				z = v
			}
			sum, n = sum+v/float64((r1-r0)*(c1-c0)), n+1
		}
	}
	if n > 0 && !h.heat.Diverging {
		z = sum * float64((r1-r0)*(c1-c0)) / n
	}
	return z, n > 0
}

// number prints an entry with the digits that the figure asks for. An exact zero is
// "0", so that it differs from a value rounded to 0.000.
func (h *heatPlot) number(z float64) string {
	switch {
	case !finite(z):
		return "–"
	case z == 0:
		return "0"
	}
	if math.Abs(z) >= 1e7 {
		return short(z)
	}
	return number.Minus(strconv.FormatFloat(z, 'f', min(max(h.heat.Digits, 0), 12), 64))
}

// widest is the width in cells of the widest number.
func (h *heatPlot) widest() int {
	w := 1
	for _, row := range h.heat.Z {
		for _, z := range row {
			w = max(w, textWidth(h.number(z)))
		}
	}
	return w
}

// Plot implements plot.Plotter. On cells the rectangle is a whole number of
// cells, chosen by heatSize.
func (h *heatPlot) Plot(c draw.Canvas, p *plot.Plot) {
	rows, cols := h.heat.dims()
	if s := sheetOf(c); s != nil {
		if !(h.values && h.ink.shaded()) { // digits on ▒ cannot be read
			h.plotCells(s, c, rows, cols)
		}
	} else {
		for i := range rows {
			for j := range cols {
				if z, ok := h.reduce(i, i+1, j, j+1); ok {
					c.SetColor(h.paint(h.share(z)).c)
					x, y := float64(cols), float64(rows)
					// Neighbours overlap a little: gaps between them would show as lines.
					fillRect(c, atX(c, float64(j)/x), atY(c, 1-float64(i+1)/y)-0.2, min(c.Max.X, atX(c, float64(j+1)/x)+0.2), atY(c, 1-float64(i)/y))
				}
			}
		}
	}
	if h.values {
		h.numbers(c, p, rows, cols)
	}
}

func (h *heatPlot) plotCells(s *sheet, c draw.Canvas, rows, cols int) {
	left, bottomRow := s.at(c.Min.Add(vg.Point{X: slack, Y: slack}))
	wide := int(math.Round(float64(c.Size().X / cellW)))
	high := int(math.Round(float64(c.Size().Y / cellH)))
	top := bottomRow - high + 1
	step := 0.5
	if h.ink.shaded() || h.values {
		step = 1
	}
	lines := drawnOf(int(float64(high)/step), rows)
	wide = drawnOf(wide, cols)
	for i := range lines {
		r0, r1 := part(i, lines, rows)
		y := float64(top) + float64(float64(i)*step)
		for j := range wide {
			c0, c1 := part(j, wide, cols)
			if z, ok := h.reduce(r0, r1, c0, c1); ok {
				s.block(float64(left+j), y, float64(left+j+1), y+step, h.paint(h.share(z)))
			}
		}
	}
}

// drawnOf returns how many of the available cells n entries take: a multiple of n
// if each has at least one, else all of them.
func drawnOf(available, n int) int {
	if n <= 0 || available < n {
		return available
	}
	return available / n * n
}

// part returns which of n entries cell i of so many places shows: at least one.
func part(i, places, n int) (from, to int) {
	from = i * n / places
	return from, max(from+1, (i+1)*n/places)
}

func (h *heatPlot) numbers(c draw.Canvas, p *plot.Plot, rows, cols int) {
	sty := p.X.Tick.Label
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	wide, high := c.Size().X/vg.Length(cols), c.Size().Y/vg.Length(rows)
	s := sheetOf(c)
	var widest vg.Length
	for _, row := range h.heat.Z {
		for _, z := range row {
			widest = max(widest, sty.Width(h.number(z)))
		}
	}
	if widest > wide || sty.Height("0") > high+slack {
		return // they would run together
	}
	for i, row := range h.heat.Z {
		for j, z := range row {
			if !finite(z) {
				continue
			}
			txt := h.number(z)
			sty.Color = textOn(h.paint(h.share(z)).c)
			if h.ink.shaded() {
				sty.Color = h.ink.Text
			}
			pt := vg.Point{X: c.Min.X + vg.Length((vg.Length(j)+0.5)*wide), Y: c.Max.Y - vg.Length((vg.Length(i)+0.5)*high)}
			if s != nil {
				// Points of one column stand beneath each other.
				if z != 0 {
					pt.X += (widest - sty.Width(txt)) / 2
				}
				pt = s.centre(pt, txt)
			}
			c.FillText(sty, pt, txt)
		}
	}
}

// heatSize returns how many of the wide × high cells the matrix takes, and whether
// its numbers fit. Where there is room an entry takes whole cells and is about square.
func (h *heatPlot) heatSize(wide, high int) (w, t int, values bool) {
	rows, cols := h.heat.dims()
	if h.heat.Values {
		if each := h.widest() + 2; each*cols <= wide && rows <= high {
			for _, name := range h.heat.ColNames[:min(cols, len(h.heat.ColNames))] {
				each = max(each, textWidth(name)+2)
			}
			lines := min(high/rows, 3)
			if h.ink.shaded() {
				lines = 1
			}
			return cols * min(each, wide/cols), rows * (lines - (lines+1)%2), true
		}
	}
	step := 2 // halves in a cell
	if h.ink.shaded() {
		step = 1
	}
	sx, sy := max(1, wide/cols), max(1, step*high/rows)
	if wide >= cols && step*high >= rows {
		// A half cell is square; a whole one is twice as high as wide.
		sx = min(sx, max(1, 2*sy*(3-step)))
		sy = min(sy, max(1, 2*sx))
	}
	return min(wide, cols*sx), min(high, (rows*sy+step-1)/step), false
}

// ends are the texts at the two ends of the scale.
func (h *heatPlot) ends() (lo, hi string) { return short(h.lo), short(h.hi) }

// heatScale is a plot.Plotter for the colour scale, to the right of the data.
type heatScale struct{ *heatPlot }

// Plot implements plot.Plotter.
func (h heatScale) Plot(c draw.Canvas, p *plot.Plot) {
	const steps = 64
	x := c.Max.X + 12
	for i := range steps {
		c.SetColor(h.paint((float64(i) + 0.5) / steps).c)
		fillRect(c, x, atY(c, float64(i)/steps), x+12, min(c.Max.Y, atY(c, float64(i+1)/steps)+0.2))
	}
	sty := p.X.Tick.Label
	sty.XAlign, sty.YAlign = draw.XLeft, draw.YBottom
	lo, hi := h.ends()
	c.FillText(sty, vg.Point{X: x + 16, Y: c.Min.Y}, lo)
	sty.YAlign = draw.YTop
	c.FillText(sty, vg.Point{X: x + 16, Y: c.Max.Y}, hi)
	if h.centred() {
		sty.YAlign = draw.YCenter
		c.FillText(sty, vg.Point{X: x + 16, Y: atY(c, 0.5)}, "0")
	}
}

// GlyphBoxes implements plot.GlyphBoxer: the room that the scale takes.
func (h heatScale) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	lo, hi := h.ends()
	w := max(p.X.Tick.Label.Width(lo), p.X.Tick.Label.Width(hi))
	return []plot.GlyphBox{{X: 1, Y: 0.5, Rectangle: vg.Rectangle{Max: vg.Point{X: w + 32}}}}
}
