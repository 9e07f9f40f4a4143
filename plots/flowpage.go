package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A page is laid out as so many cells would be.
const pageCols, pageRows = 74, 20

func (d flowDrawing) onPage() { d.ch.plot.Add(flowPage{d}) }

// flowPage is a plot.Plotter that draws the flow on a page.
type flowPage struct{ flowDrawing }

// Plot implements plot.Plotter.
func (d flowPage) Plot(c draw.Canvas, p *plot.Plot) {
	plan, ok := d.data.plan(pageCols, pageRows, true)
	if !ok {
		return
	}
	sty := p.X.Tick.Label
	sty.XAlign, sty.YAlign = draw.XLeft, draw.YCenter
	sty.Font.Size = 9.5
	d.draw(plan, &pagePen{c, p, d.flowDrawing, sty})
}

// pagePen is a flowPen for a page.
type pagePen struct {
	c    draw.Canvas
	plot *plot.Plot
	d    flowDrawing
	sty  draw.TextStyle
}

// at is a point in cells from the top left.
func (g *pagePen) at(x, y float64) vg.Point {
	return vg.Point{X: atX(g.c, x/pageCols), Y: atY(g.c, 1-y/pageRows)}
}

func (g *pagePen) line(width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: g.d.ch.ink.Muted, Width: width}
}

func (g *pagePen) text(col, row int, text string, tone flowTone) {
	sty := g.sty
	sty.Color = g.d.ch.ink.Text
	switch tone {
	case toneMuted:
		sty.Color = g.d.ch.ink.Muted
	case toneMark:
		sty.Color = Style(0).paint(g.d.ch.ink).c
	}
	from := g.at(float64(col), float64(row)+0.5)
	if tone == toneWay {
		g.c.SetColor(g.d.ch.ink.Ground)
		fillRect(g.c, from.X, from.Y-2, from.X+sty.Width(text), from.Y+2)
	}
	g.c.FillText(sty, from, text)
}

func (g *pagePen) wire(arrow bool, corners ...[2]int) {
	points := make([]vg.Point, len(corners))
	for i, corner := range corners {
		points[i] = g.at(float64(corner[0])+0.5, float64(corner[1])+0.5)
	}
	g.c.StrokeLines(g.line(0.8), points)
	if !arrow {
		return
	}
	tip := points[len(points)-1]
	tip.X += 3
	g.c.FillPolygon(g.d.ch.ink.Muted, []vg.Point{tip, {X: tip.X - 5, Y: tip.Y + 2.5}, {X: tip.X - 5, Y: tip.Y - 2.5}})
}

func (g *pagePen) sum(col, row int) {
	centre := g.at(float64(col)+0.5, float64(row)+0.5)
	sty := draw.GlyphStyle{Color: g.d.ch.ink.Ground, Radius: 5, Shape: draw.CircleGlyph{}}
	g.c.DrawGlyph(sty, centre)
	sty.Color, sty.Shape = g.d.ch.ink.Text, draw.RingGlyph{}
	g.c.DrawGlyph(sty, centre)
	sty.Shape = draw.PlusGlyph{}
	g.c.DrawGlyph(sty, centre)
}

func (g *pagePen) frame(col, row, cols, rows int, codes []string) {
	a, b := g.at(float64(col), float64(row)), g.at(float64(col+cols), float64(row+rows))
	strokeRect(g.c, g.line(1), a, b)
	for y, i := range thinned(len(codes), rows-2) {
		for x, code := range fitCodes(codes[i], cols-2) {
			g.text(col+1+x, row+1+y, string(code), toneMuted)
		}
	}
}

func (g *pagePen) block(x0, y0, x1, y1 float64, zero bool) {
	a, b := g.at(x0, y1), g.at(x1, y0)
	g.c.SetColor(Style(0).paint(g.d.ch.ink).c)
	if zero {
		g.c.SetColor(Style(0).faint(g.d.ch.ink).c)
	}
	fillRect(g.c, a.X, a.Y, b.X, b.Y)
}

func (g *pagePen) heat(z [][]float64, diverging bool, top float64, col, row, cols, rows int) {
	a, b := g.at(float64(col), float64(row+rows)), g.at(float64(col+cols), float64(row))
	if len(z) == 0 || len(z[0]) == 0 {
		strokeRect(g.c, g.line(0.5), a, b)
		return
	}
	scaledHeat(z, diverging, top, g.d.ch.ink).Plot(draw.Canvas{Canvas: g.c.Canvas, Rectangle: vg.Rectangle{Min: a, Max: b}}, g.plot)
}
