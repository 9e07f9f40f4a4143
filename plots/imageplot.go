package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// onPage puts the pictures onto the plot.
func (d imageDrawing) onPage() { d.ch.plot.Add(imagePlot(d)) }

// imagePlot is a plot.Plotter for pictures on a page.
type imagePlot imageDrawing

// A picture on a page keeps a share of its slot free, and a line of captions takes so
// many points.
const (
	imageGap  = 0.15
	imageLine = 14
)

// Plot implements plot.Plotter.
func (d imagePlot) Plot(c draw.Canvas, p *plot.Plot) {
	m := d.images
	sty := p.X.Tick.Label
	sty.XAlign, sty.YAlign = draw.XLeft, draw.YTop
	var names, totals vg.Length
	lines := 0
	for _, row := range m.Rows {
		names = max(names, sty.Width(row.Name)+12)
		for _, line := range row.Readings {
			names, totals = max(names, sty.Width(line.Name)+12), max(totals, sty.Width(line.Total), sty.Width(m.Totals))
			lines++
		}
	}
	heads := vg.Length(0)
	if len(m.Groups) > 0 {
		heads = imageLine
	}
	wide, high := m.pixels()
	n := max(1, m.count())
	slot := (c.Size().X - names - totals) / vg.Length(n)
	room := (c.Size().Y-heads-vg.Length(lines*imageLine))/vg.Length(len(m.Rows)) - 10
	pixel := max(0.5, min(slot*(1-imageGap)/vg.Length(wide), room/vg.Length(high)))

	put := func(x, y vg.Length, txt string, muted bool) {
		if sty.Color = d.ch.ink.Text; muted {
			sty.Color = d.ch.ink.Muted
		}
		c.FillText(sty, vg.Point{X: x, Y: y}, txt)
	}
	y := c.Max.Y
	if len(m.Groups) > 0 {
		for g, name := range m.Groups[:m.groups()] {
			put(c.Min.X+names+vg.Length(g*(n/m.groups()))*slot, y, name, true)
		}
		y -= heads
	}
	for i, row := range m.Rows {
		put(c.Min.X, y, row.Name, true)
		for j, pic := range row.Pictures {
			d.picture(c, pic, c.Min.X+names+vg.Length(j)*slot, y, pixel)
		}
		y -= pixel*vg.Length(high) + 4
		if i == 0 {
			put(c.Max.X-totals, y+imageLine, m.Totals, true)
		}
		for _, line := range row.Readings {
			sty.Color = line.Style.paint(d.ch.ink).c
			c.FillText(sty, vg.Point{X: c.Min.X, Y: y}, line.Name)
			for j := range row.Pictures {
				said := line.caption(j)
				txt := said.Text + said.Verdict.sign(false)
				if full := txt + " " + said.More; said.More != "" && sty.Width(full) < slot-2 {
					txt = full
				}
				put(c.Min.X+names+vg.Length(j)*slot, y, txt, said.Verdict == Wrong)
			}
			put(c.Max.X-totals, y, line.Total, false)
			y -= imageLine
		}
		y -= 6
	}
}

// picture fills the pixels of one picture, the top left corner at (x, y).
func (d imagePlot) picture(c draw.Canvas, p Picture, x, y, pixel vg.Length) {
	wide, high := d.images.pixels()
	for row := range high {
		for col := range wide {
			c.SetColor(d.ch.ink.grey(p.grey(col, row)))
			left, top := x+vg.Length(col)*pixel, y-vg.Length(row)*pixel
			// Neighbours overlap a little: gaps between them would show as lines.
			fillRect(c, left, top-pixel, left+pixel+0.2, top+0.2)
		}
	}
}
