package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// scatter is a plot.Plotter for points.
type scatter struct {
	pts   Points
	glyph draw.GlyphStyle
}

// Plot implements plot.Plotter.
func (s *scatter) Plot(c draw.Canvas, p *plot.Plot) {
	n := min(len(s.pts.X), len(s.pts.Y))
	sh := sheetOf(c)
	s.pts.eachPlace(c, p, func(_ int, pt vg.Point) {
		if sh != nil && n > 4*sh.cols {
			// So many markers would fill all cells: dots instead.
			c.SetColor(s.glyph.Color)
			c.Stroke(vg.Path{{Type: vg.MoveComp, Pos: pt}, {Type: vg.LineComp, Pos: pt}})
			return
		}
		c.DrawGlyphNoClip(s.glyph, pt)
	})
}

// Thumbnail implements plot.Thumbnailer.
func (s *scatter) Thumbnail(c *draw.Canvas) { c.DrawGlyphNoClip(s.glyph, c.Center()) }

// eachPlace yields the index and the place of each point that lies on the canvas.
func (pts *Points) eachPlace(c draw.Canvas, p *plot.Plot, yield func(i int, pt vg.Point)) {
	rect := c.Rectangle
	if sheetOf(c) != nil {
		rect = inset(rect)
	}
	place := placer(p, &c)
	for i := range min(len(pts.X), len(pts.Y)) {
		if pt, ok := place(pts.X[i], pts.Y[i]); ok && contains(rect, pt) {
			yield(i, clamp(rect, pt))
		}
	}
}

// pointLabels is a plot.Plotter for the labels of all points of a plane together, so
// that they do not cover each other. A label is put where it covers no marker and no
// other label and, if possible, no line; if there is no such place it is left out.
type pointLabels struct {
	points []Points
	lines  []Line
	text   color.Color
}

// Plot implements plot.Plotter.
func (l *pointLabels) Plot(c draw.Canvas, p *plot.Plot) {
	const radius = 3.5
	side, above, apart := vg.Length(radius+3), vg.Length(radius+1), vg.Length(3)
	sh := sheetOf(c)
	if sh != nil {
		side, above, apart = 1.5*cellW, cellH/2, cellW
	}
	var marks, written []vg.Rectangle
	var owners []int // of texts, in marks
	var texts []string
	for k := range l.points {
		l.points[k].eachPlace(c, p, func(i int, pt vg.Point) {
			mark := vg.Rectangle{Min: vg.Point{X: pt.X - radius, Y: pt.Y - radius}, Max: vg.Point{X: pt.X + radius, Y: pt.Y + radius}}
			if sh != nil { // whole cells, so that two texts in one row do not half overlap
				col, row := sh.at(pt)
				mark = sh.area(col, row, 1, 1).Rectangle
			}
			if i < len(l.points[k].Labels) && l.points[k].Labels[i] != "" {
				owners, texts = append(owners, len(marks)), append(texts, l.points[k].Labels[i])
			}
			marks = append(marks, mark)
		})
	}
	if len(texts) == 0 {
		return
	}
	sty := p.X.Tick.Label
	sty.Color, sty.XAlign, sty.YAlign = l.text, draw.XLeft, draw.YTop
	strokes := l.strokes(c, p)
	for k, txt := range texts {
		own := marks[owners[k]]
		w, h := sty.Width(txt), sty.Height(txt)
		mid := vg.Point{X: (own.Min.X + own.Max.X) / 2, Y: (own.Min.Y + own.Max.Y) / 2}
		right, left, middle, up, down := mid.X+side, mid.X-side-w, mid.X-w/2, mid.Y+above, mid.Y-above-h
		var best vg.Rectangle
		found := false
		for _, at := range [...]vg.Point{
			{X: right, Y: mid.Y - h/2}, {X: left, Y: mid.Y - h/2}, {X: middle, Y: up}, {X: middle, Y: down},
			{X: right, Y: up}, {X: left, Y: up}, {X: right, Y: down}, {X: left, Y: down},
		} {
			if sh != nil {
				at.X = vg.Length(math.Round(float64(at.X/cellW))) * cellW
			}
			box := vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: w, Y: h})}
			wide := vg.Rectangle{Min: vg.Point{X: box.Min.X - apart, Y: box.Min.Y}, Max: vg.Point{X: box.Max.X + apart, Y: box.Max.Y}}
			if !within(box, c.Rectangle) || overlaps(box, marks) || overlaps(wide, written) || ambiguous(box, own, marks) {
				continue
			}
			if crosses := crossed(box, strokes); !found || !crosses {
				best, found = box, true
				if !crosses {
					break
				}
			}
		}
		if found {
			written = append(written, best)
			c.FillText(sty, vg.Point{X: best.Min.X, Y: best.Max.Y}, txt)
		}
	}
}

// ambiguous reports whether a label would be nearer to another marker than to its own.
func ambiguous(box, own vg.Rectangle, marks []vg.Rectangle) bool {
	gap := func(mark vg.Rectangle) float64 {
		dx := max(0, mark.Min.X-box.Max.X, box.Min.X-mark.Max.X)
		dy := max(0, mark.Min.Y-box.Max.Y, box.Min.Y-mark.Max.Y)
		return math.Hypot(float64(dx), float64(dy))
	}
	least := gap(own) - float64(slack)
	for _, m := range marks {
		if gap(m) < least {
			return true
		}
	}
	return false
}

// strokes are the segments of the lines, cut to the canvas.
func (l *pointLabels) strokes(c draw.Canvas, p *plot.Plot) [][2]vg.Point {
	var pieces [][2]vg.Point
	place := placer(p, &c)
	for _, line := range l.lines {
		var last vg.Point
		joined := false
		for i := range min(len(line.X), len(line.Y)) {
			pt, ok := place(line.X[i], line.Y[i])
			if ok && joined {
				if a, b, seen := clip(last, pt, c.Rectangle); seen {
					pieces = append(pieces, [2]vg.Point{a, b})
				}
			}
			last, joined = pt, ok
		}
	}
	return pieces
}

func crossed(box vg.Rectangle, strokes [][2]vg.Point) bool {
	for _, s := range strokes {
		if _, _, ok := clip(s[0], s[1], box); ok {
			return true
		}
	}
	return false
}

func within(box, page vg.Rectangle) bool {
	return box.Min.X >= page.Min.X-slack && box.Max.X <= page.Max.X+slack &&
		box.Min.Y >= page.Min.Y-slack && box.Max.Y <= page.Max.Y+slack
}

func overlaps(box vg.Rectangle, others []vg.Rectangle) bool {
	for _, o := range others {
		if box.Min.X < o.Max.X-slack && o.Min.X < box.Max.X-slack && box.Min.Y < o.Max.Y-slack && o.Min.Y < box.Max.Y-slack {
			return true
		}
	}
	return false
}
