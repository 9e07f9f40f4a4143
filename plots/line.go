package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// curve is a plot.Plotter for a line. Unlike plotter.Line it leaves gaps at values
// that cannot be placed, is cut at the edges, and draws only the least and the greatest
// of the points that fall into one column of dots.
type curve struct {
	xs, ys []float64
	sty    draw.LineStyle
	glyph  draw.GlyphStyle
	marked bool // a marker at each point

	// Without one at each point: one every so many cells from a first one on.
	every, from int
}

// Plot implements plot.Plotter.
func (l *curve) Plot(c draw.Canvas, p *plot.Plot) {
	n := min(len(l.xs), len(l.ys))
	t := pen{canvas: &c, rect: c.Rectangle, column: 0.5, prevCol: math.MinInt}
	var dash []vg.Length
	if s := sheetOf(c); s != nil {
		t.column = s.dotW
		t.rect = inset(c.Rectangle)
		// Where points are denser than dots, a line zigzags within a column, and
		// dashes measured along it look random: they are measured in columns.
		if dense(l.xs[:n], p, c) > 2*float64(c.Size().X/t.column) {
			dash = l.sty.Dashes
		}
	}
	t.dash = dash
	t.path = make(vg.Path, 0, min(n, 4*int(c.Size().X/t.column)+4)+1)
	sty := l.sty
	if dash != nil {
		sty.Dashes = nil
	}
	c.SetLineStyle(sty)
	place := placer(p, &c)
	for i := range n {
		pt, ok := place(l.xs[i], l.ys[i])
		if !ok {
			t.gap()
			continue
		}
		t.add(pt)
	}
	t.gap()
	if len(t.path) > 0 {
		c.Stroke(t.path)
	}
	for _, pt := range t.lone {
		c.DrawGlyphNoClip(l.glyph, pt)
	}
	if !l.marked {
		l.stagger(c, place, t.rect, n)
		return
	}
	for i := range n {
		if pt, ok := place(l.xs[i], l.ys[i]); ok && contains(c.Rectangle, pt) {
			c.DrawGlyphNoClip(l.glyph, clamp(t.rect, pt))
		}
	}
}

// stagger draws a marker every so many cells, so that a line is known by its marker
// where it crosses others or lies on one.
func (l *curve) stagger(c draw.Canvas, place func(x, y float64) (vg.Point, bool), rect vg.Rectangle, n int) {
	if l.every <= 0 {
		return
	}
	next := l.from
	for i := range n {
		pt, ok := place(l.xs[i], l.ys[i])
		if !ok || !contains(c.Rectangle, pt) {
			continue
		}
		if at := int(float64((pt.X - c.Min.X) / cellW)); at >= next {
			c.DrawGlyphNoClip(l.glyph, clamp(rect, pt))
			next += (at-next)/l.every*l.every + l.every
		}
	}
}

// Thumbnail implements plot.Thumbnailer.
func (l *curve) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.sty, c.Min.X, y, c.Max.X-slack, y)
	c.DrawGlyphNoClip(l.glyph, c.Center())
}

// slack keeps a point on the upper or right edge of a rectangle inside its last dot.
const slack vg.Length = 0.01

func inset(r vg.Rectangle) vg.Rectangle {
	r.Min = r.Min.Add(vg.Point{X: slack, Y: slack})
	r.Max = r.Max.Sub(vg.Point{X: slack, Y: slack})
	return r
}

func clamp(r vg.Rectangle, pt vg.Point) vg.Point {
	return vg.Point{X: min(max(pt.X, r.Min.X), r.Max.X), Y: min(max(pt.Y, r.Min.Y), r.Max.Y)}
}

func contains(r vg.Rectangle, pt vg.Point) bool {
	return pt.X >= r.Min.X-slack && pt.X <= r.Max.X+slack && pt.Y >= r.Min.Y-slack && pt.Y <= r.Max.Y+slack
}

// placer returns the function that maps data to the canvas; ok is false for values
// that have no place on it.
func placer(p *plot.Plot, c *draw.Canvas) func(x, y float64) (pt vg.Point, ok bool) {
	// Axis.Norm would copy the whole axis for each point.
	sx, x0, x1 := p.X.Scale, p.X.Min, p.X.Max
	sy, y0, y1 := p.Y.Scale, p.Y.Min, p.Y.Max
	canvas := *c
	return func(x, y float64) (vg.Point, bool) {
		nx, ny := sx.Normalize(x0, x1, x), sy.Normalize(y0, y1, y)
		if !(math.Abs(nx) < 1e12 && math.Abs(ny) < 1e12) || !finite(x) || !finite(y) {
			return vg.Point{}, false
		}
		return vg.Point{X: atX(canvas, nx), Y: atY(canvas, ny)}, true
	}
}

// atX returns the x coordinate at a share of the width of a canvas, as c.X(share)
// does, but rounded alike on all processors: see [dot].
func atX(c draw.Canvas, share float64) vg.Length {
	return vg.Length(vg.Length(share)*(c.Max.X-c.Min.X)) + c.Min.X
}

// atY is [atX] for the height.
func atY(c draw.Canvas, share float64) vg.Length {
	return vg.Length(vg.Length(share)*(c.Max.Y-c.Min.Y)) + c.Min.Y
}

// dense estimates how many points the line would have over the full width.
func dense(xs []float64, p *plot.Plot, c draw.Canvas) float64 {
	if len(xs) < 2 {
		return 0
	}
	span := math.Abs(p.X.Norm(xs[len(xs)-1]) - p.X.Norm(xs[0]))
	return float64(len(xs)) / max(min(span, 1), 1e-9)
}

// pen collects points column by column into a path, with a break at each gap.
type pen struct {
	canvas   *draw.Canvas
	rect     vg.Rectangle
	column   vg.Length
	dash     []vg.Length // measured in columns, nil for none
	path     vg.Path
	prevCol  int
	lo, hi   vg.Point // lowest and highest point of the column
	loFirst  bool
	many     bool // the column holds more than one point
	last     vg.Point
	run      int // points emitted since the last gap
	lone     []vg.Point
	drawnEnd vg.Point // the end of the path so far
}

func (t *pen) add(pt vg.Point) {
	col := int(math.Floor(float64(pt.X / t.column)))
	if t.prevCol != math.MinInt && col == t.prevCol {
		t.many = true
		if pt.Y < t.lo.Y {
			t.lo, t.loFirst = pt, false
		}
		if pt.Y > t.hi.Y {
			t.hi, t.loFirst = pt, true
		}
		return
	}
	t.flush()
	t.prevCol, t.lo, t.hi, t.many, t.loFirst = col, pt, pt, false, true
}

func (t *pen) flush() {
	if t.prevCol == math.MinInt {
		return
	}
	first, second := t.lo, t.hi
	if !t.loFirst {
		first, second = second, first
	}
	t.to(first)
	if t.many {
		t.to(second)
	}
}

func (t *pen) gap() {
	t.flush()
	if t.run == 1 && contains(t.rect, t.last) {
		t.lone = append(t.lone, clamp(t.rect, t.last))
	}
	t.prevCol, t.run = math.MinInt, 0
}

// to extends the path to a point, cut at the rectangle.
func (t *pen) to(pt vg.Point) {
	from := t.last
	t.last = pt
	t.run++
	if t.run == 1 || t.dash != nil && !dashOn(t.dash, float64(pt.X)) {
		return
	}
	a, b, ok := clip(from, pt, t.rect)
	if !ok {
		return
	}
	if len(t.path) == 0 || t.drawnEnd != a {
		t.path.Move(a)
	}
	t.path.Line(b)
	t.drawnEnd = b
}

// level is a plot.Plotter for a horizontal reference line.
type level struct {
	y   float64
	sty draw.LineStyle
}

// Plot implements plot.Plotter.
func (l *level) Plot(c draw.Canvas, p *plot.Plot) {
	y := p.Y.Norm(l.y)
	if !(y >= 0 && y <= 1) {
		return
	}
	r := inset(c.Rectangle)
	pt := clamp(r, vg.Point{X: r.Min.X, Y: atY(c, y)})
	c.StrokeLine2(l.sty, r.Min.X, pt.Y, r.Max.X, pt.Y)
}

// Thumbnail implements plot.Thumbnailer.
func (l *level) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.sty, c.Min.X, y, c.Max.X-slack, y)
}
