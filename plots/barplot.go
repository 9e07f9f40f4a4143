package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// barPlot is a plot.Plotter for the bars of all series.
type barPlot struct {
	bars       *Bars
	paints     []paint
	slots      *slots
	horizontal bool
	log        bool
	ink        *Ink
}

// ends lists the texts at the ends of the bars, to measure the room that they need.
func (b *barPlot) ends() []string {
	var texts []string
	for i := range b.bars.Names {
		for j := range b.bars.group() {
			texts = append(texts, b.bars.written(b.bars.value(i, j)))
		}
	}
	return texts
}

func (b *barPlot) axis(p *plot.Plot) plot.Axis {
	if b.horizontal {
		return p.X
	}
	return p.Y
}

// Plot implements plot.Plotter.
func (b *barPlot) Plot(c draw.Canvas, p *plot.Plot) {
	axis := b.axis(p)
	norm := func(v float64) float64 {
		n := axis.Norm(v)
		if math.IsNaN(n) {
			return 0
		}
		return min(1, max(0, n))
	}
	zero := norm(0)
	if b.log {
		zero = 0
	}
	least := b.shadeCell(c)
	ends := b.valueStyle(c, p)
	for i := range min(len(b.slots.start), len(b.bars.Names)) {
		if b.bars.Stacked {
			b.stack(c, p, ends, i, norm)
			continue
		}
		for j, s := range b.bars.Series {
			if i >= len(s.Values) || !finite(s.Values[i]) {
				continue
			}
			end := zero
			if v := s.Values[i]; visible(v, b.log) {
				end = norm(v)
			}
			if least > 0 && b.paints[j].shade != '█' && end > zero {
				end = max(math.Round(end/least)*least, zero+least)
			}
			lo, hi := b.slots.span(i, j)
			b.rect(c, b.paints[j], lo, hi, zero, end)
			b.end(c, ends, (lo+hi)/2, end, zero, b.bars.written(s.Values[i]))
		}
	}
}

// stack draws the parts of a category one after another, negative ones on the other
// side of zero, with their values inside where they fit and the total at the end.
func (b *barPlot) stack(c draw.Canvas, p *plot.Plot, ends draw.TextStyle, i int, norm func(float64) float64) {
	lo, hi := b.slots.span(i, 0)
	// Shades cannot share a cell: their ends are whole cells.
	least := b.shadeCell(c)
	snap := func(v float64) float64 {
		if least == 0 {
			return v
		}
		return math.Round(v/least) * least
	}
	var up, down float64
	top, bottom := snap(norm(0)), snap(norm(0))
	if b.log {
		top, bottom = 0, 0
	}
	first := top
	for j, s := range b.bars.Series {
		if i >= len(s.Values) || !finite(s.Values[i]) || s.Values[i] == 0 {
			continue
		}
		from, to := top, top
		if v := s.Values[i]; v > 0 {
			up += v
			to = min(1, max(snap(norm(up)), top+least))
			top = to
		} else {
			down += v
			from = bottom
			to = max(0, min(snap(norm(down)), bottom-least))
			bottom = to
		}
		b.rect(c, b.paints[j], lo, hi, from, to)
		b.inner(c, p, b.paints[j], lo, hi, from, to, short(s.Values[i]))
	}
	if _, _, ok := b.bars.total(i); ok {
		end := top
		if up == 0 {
			end = bottom
		}
		b.end(c, ends, (lo+hi)/2, end, first, b.bars.written(up+down))
	}
}

// shadeCell is the length of a cell as a share of the axis of the values where
// shades replace colours, else 0. A bar whose value is not zero is at least so long.
func (b *barPlot) shadeCell(c draw.Canvas) float64 {
	s := sheetOf(c)
	switch {
	case s == nil || !s.ink.shaded():
		return 0
	case b.horizontal:
		return float64(cellW / c.Size().X)
	}
	return float64(cellH / c.Size().Y)
}

// rect draws a bar from one position on the axis of the values to another; lo and hi
// are its sides on the axis of the categories. All are shares of the axis.
func (b *barPlot) rect(c draw.Canvas, p paint, lo, hi, from, to float64) {
	from, to = min(from, to), max(from, to)
	if from == to {
		return
	}
	c.SetColor(p)
	if b.horizontal {
		fillRect(c, atX(c, from), atY(c, lo), atX(c, to), atY(c, hi))
	} else {
		fillRect(c, atX(c, lo), atY(c, from), atX(c, hi), atY(c, to))
	}
}

// inner writes a value inside its part of a stack, if there is room.
func (b *barPlot) inner(c draw.Canvas, p *plot.Plot, on paint, lo, hi, from, to float64, txt string) {
	sty := p.X.Tick.Label
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	sty.Color = textOn(on.c)
	if b.ink.shaded() {
		sty.Color = b.ink.Text
		txt = " " + txt + " "
	}
	pt := vg.Point{X: atX(c, (from+to)/2), Y: atY(c, (lo+hi)/2)}
	w, h := atX(c, math.Abs(to-from))-atX(c, 0), atY(c, hi)-atY(c, lo)
	if !b.horizontal {
		pt = vg.Point{X: atX(c, (lo+hi)/2), Y: atY(c, (from+to)/2)}
		w, h = atX(c, hi)-atX(c, lo), atY(c, math.Abs(to-from))-atY(c, 0)
	}
	if s := sheetOf(c); s != nil {
		pt = s.centre(pt, txt)
	}
	if sty.Width(txt)+cellW <= w+slack && sty.Height(txt) <= h+slack {
		c.FillText(sty, pt, txt)
	}
}

// centre moves a point so that text centred on it begins at a whole cell, in the row
// of the point.
func (s *sheet) centre(pt vg.Point, txt string) vg.Point {
	half := vg.Length(vg.Length(textWidth(txt)) * cellW / 2)
	left := vg.Length(vg.Length(math.Round(float64((pt.X-half)/cellW))) * cellW)
	row := vg.Length(vg.Length(math.Floor(float64((pt.Y-slack)/cellH))) * cellH)
	return vg.Point{X: left + half, Y: row + cellH/2}
}

// valueStyle is the style of the values. On cells the layout makes room for them.
// On a page the size shrinks until a value is no thicker than its bar; where it could
// not be read it is 0, and the values are left out.
func (b *barPlot) valueStyle(c draw.Canvas, p *plot.Plot) draw.TextStyle {
	sty := p.X.Tick.Label
	sty.Color = b.ink.Text
	if sheetOf(c) != nil {
		return sty
	}
	const (
		readable = 5.8
		digit    = 0.8 // height of a line of digits, as a share of the font size
		gap      = 0.5
	)
	size := vg.Length(b.slots.thick)
	if b.horizontal {
		size = (vg.Length(size*c.Size().Y) - gap) / digit
	} else {
		var widest vg.Length
		for _, txt := range b.ends() {
			widest = max(widest, sty.Width(txt))
		}
		// A bar without neighbours in its category can use the gaps beside it.
		if b.slots.group == 1 || b.bars.Stacked {
			size /= 0.8
		}
		size *= c.Size().X / max(widest+gap, 1) * sty.Font.Size
	}
	if size < sty.Font.Size {
		sty.Font.Size = size
	}
	if size < readable {
		sty.Font.Size = 0
	}
	return sty
}

// end writes a value beyond the end of its bar.
func (b *barPlot) end(c draw.Canvas, sty draw.TextStyle, mid, end, zero float64, txt string) {
	s := sheetOf(c)
	if sty.Font.Size == 0 || s != nil && b.horizontal { // the rows on cells hold more
		return
	}
	if b.horizontal {
		pt := vg.Point{X: atX(c, end) + cellW, Y: atY(c, mid)}
		sty.XAlign, sty.YAlign = draw.XLeft, draw.YCenter
		if end < zero {
			pt.X, sty.XAlign = atX(c, end)-cellW, draw.XRight
		}
		pt.Y += vg.Length(0.14 * sty.Font.Size) // digits have no descender
		c.FillText(sty, pt, txt)
		return
	}
	pt := vg.Point{X: atX(c, mid), Y: atY(c, end)}
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YBottom
	if end < zero {
		sty.YAlign = draw.YTop
	}
	if s == nil {
		pt.Y += 3
		if end < zero {
			pt.Y -= 6
		}
	}
	if s != nil {
		up := beyond(pt.Y, cellH)
		if end < zero {
			up = vg.Length(vg.Length(math.Floor(float64((pt.Y+slack)/cellH)))*cellH) - cellH
		}
		sty.YAlign = draw.YCenter
		pt = s.centre(vg.Point{X: pt.X, Y: up + cellH/2}, txt)
	}
	c.FillText(sty, pt, txt)
}

// beyond is the first edge of a cell that a block ending at v, rounded to an eighth of
// a cell, does not reach beyond.
func beyond(v, cell vg.Length) vg.Length {
	return vg.Length(math.Ceil(math.Round(8*float64(v/cell))/8)) * cell
}

// GlyphBoxes implements plot.GlyphBoxer: room for the values on a page.
func (b *barPlot) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	if _, ok := p.TextHandler.(cellText); ok {
		return nil
	}
	if !b.horizontal {
		return []plot.GlyphBox{{X: 0.5, Y: 1, Rectangle: vg.Rectangle{Max: vg.Point{Y: 1.5 * cellH}}}}
	}
	room := b.valueRoom(p)
	boxes := []plot.GlyphBox{{X: 1, Y: 0.5, Rectangle: vg.Rectangle{Max: vg.Point{X: room}}}}
	if p.X.Min < 0 {
		boxes = append(boxes, plot.GlyphBox{X: 0, Y: 0.5, Rectangle: vg.Rectangle{Min: vg.Point{X: -room}}})
	}
	return boxes
}

// valueRoom is the width that the widest value takes beyond its bar, gaps included.
func (b *barPlot) valueRoom(p *plot.Plot) vg.Length {
	var widest vg.Length
	for _, txt := range b.ends() {
		widest = max(widest, p.X.Tick.Label.Width(txt))
	}
	return widest + 2*cellW
}

// swatch is the sample of a fill in the legend.
type swatch struct{ paint paint }

// Thumbnail implements plot.Thumbnailer.
func (s swatch) Thumbnail(c *draw.Canvas) {
	c.SetColor(s.paint)
	fillRect(*c, c.Min.X, c.Min.Y, c.Max.X, c.Max.Y)
}
