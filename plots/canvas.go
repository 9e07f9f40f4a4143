package plots

import (
	"cmp"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A cell is 6 × 12 points and holds 2 × 4 braille dots, so that a dot is a
// square of 3 points and a sheet of 80 × 20 is a page of 480 × 240.
const (
	cellW vg.Length = 6
	cellH vg.Length = 12
)

// sheet is a vg.Canvas of terminal cells. Strokes become dots, one dot wide
// whatever their width; filled rectangles become blocks, exact to an eighth of a
// cell where a character for it exists; text becomes characters.
type sheet struct {
	cols, rows int
	ink        *Ink
	dotW, dotH vg.Length
	cells      []cell
	clusters   []string // texts of more than one rune, see put
	state      state
	stack      []state
}

// cell has three layers. Text hides dots, and dots hide a fill. A fill of the whole
// cell shows behind both as the background.
type cell struct {
	text, fill             rune // 0: none. text < 0: clusters[-text-1]
	dots                   uint8
	stroke                 rune // what dots are in ASCII
	bold                   bool
	textFG, dotFG          rgb
	fillFG, fillBG, textBG rgb
}

// covered marks the second cell of a wide character. It is no valid rune.
const covered rune = 0x110000

// rgb is 0x01RRGGBB, or 0 for the terminal's own colour.
type rgb uint32

type state struct {
	paint     paint
	width     vg.Length
	dash      []vg.Length
	offset    vg.Length
	transform [6]float64 // x' = t0·x + t1·y + t2, y' = t3·x + t4·y + t5
}

func newSheet(cols, rows int, ink *Ink) *sheet {
	s := &sheet{cols: cols, rows: rows, ink: ink, dotW: cellW / 2, dotH: cellH / 4}
	switch {
	case ink.ASCII:
		s.dotW, s.dotH = cellW, cellH
	case ink.Blocks:
		s.dotH = cellH / 2
	}
	s.cells = make([]cell, cols*rows)
	s.state.width = 1
	s.state.transform = [6]float64{1, 0, 0, 0, 1, 0}
	return s
}

// sheetOf returns the sheet that a canvas draws on, or nil if it is another back end.
func sheetOf(c vg.Canvas) *sheet {
	for {
		switch v := c.(type) {
		case *sheet:
			return v
		case draw.Canvas:
			c = v.Canvas
		case *draw.Canvas:
			c = v.Canvas
		default:
			return nil
		}
	}
}

// area is a canvas of cols × rows whole cells from (col, row), counted from the top
// left.
func (s *sheet) area(col, row, cols, rows int) draw.Canvas {
	bottom := s.rows - row - rows
	return draw.Canvas{Canvas: s, Rectangle: vg.Rectangle{
		Min: vg.Point{X: vg.Length(col) * cellW, Y: vg.Length(bottom) * cellH},
		Max: vg.Point{X: vg.Length(col+cols) * cellW, Y: vg.Length(bottom+rows) * cellH},
	}}
}

// at returns the cell that contains a point. A point on the right or the upper edge
// of a cell belongs to the next one: callers that mean this one use inset or slack.
func (s *sheet) at(pt vg.Point) (col, row int) {
	return int(math.Floor(float64(pt.X / cellW))), s.rows - 1 - int(math.Floor(float64(pt.Y/cellH)))
}

func (s *sheet) cell(col, row int) *cell {
	if col < 0 || row < 0 || col >= s.cols || row >= s.rows {
		return nil
	}
	return &s.cells[row*s.cols+col]
}

func (s *sheet) rgb(c color.RGBA) rgb {
	if s.ink.Mono || c.A == 0 {
		return 0
	}
	return 1<<24 | rgb(c.R)<<16 | rgb(c.G)<<8 | rgb(c.B)
}

func toPaint(c color.Color) paint {
	switch v := c.(type) {
	case nil:
		return paint{c: color.RGBA{A: 255}}
	case paint:
		return v
	case color.RGBA:
		return paint{c: v}
	}
	return paint{c: color.RGBAModel.Convert(c).(color.RGBA)}
}

// Size implements vg.CanvasSizer.
func (s *sheet) Size() (w, h vg.Length) {
	return vg.Length(s.cols) * cellW, vg.Length(s.rows) * cellH
}

// SetLineWidth implements vg.Canvas; a stroke with any width is one dot wide.
func (s *sheet) SetLineWidth(w vg.Length) { s.state.width = w }

// SetLineDash implements vg.Canvas.
func (s *sheet) SetLineDash(pattern []vg.Length, offset vg.Length) {
	s.state.dash, s.state.offset = pattern, offset
}

// SetColor implements vg.Canvas.
func (s *sheet) SetColor(c color.Color) { s.state.paint = toPaint(c) }

// Rotate implements vg.Canvas.
func (s *sheet) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	s.compose(cos, -sin, sin, cos, 0, 0)
}

// Translate implements vg.Canvas.
func (s *sheet) Translate(pt vg.Point) { s.compose(1, 0, 0, 1, float64(pt.X), float64(pt.Y)) }

// Scale implements vg.Canvas.
func (s *sheet) Scale(x, y float64) { s.compose(x, 0, 0, y, 0, 0) }

func (s *sheet) compose(a, b, c, d, x, y float64) {
	t := s.state.transform
	s.state.transform = [6]float64{
		dot(t[0], a, t[1], c), dot(t[0], b, t[1], d), dot(t[0], x, t[1], y) + t[2],
		dot(t[3], a, t[4], c), dot(t[3], b, t[4], d), dot(t[3], x, t[4], y) + t[5],
	}
}

func (s *sheet) place(pt vg.Point) vg.Point {
	t := &s.state.transform
	x, y := float64(pt.X), float64(pt.Y)
	return vg.Point{X: vg.Length(dot(t[0], x, t[1], y) + t[2]), Y: vg.Length(dot(t[3], x, t[4], y) + t[5])}
}

// dot is a·x + b·y. Everywhere in this package a product is converted before
// something is added to it: the language then forbids to fuse the two operations,
// which on some processors would be rounded differently. A point on the edge between
// two cells could fall into another one there.
func dot(a, x, b, y float64) float64 { return float64(a*x) + float64(b*y) }

// Push implements vg.Canvas.
func (s *sheet) Push() { s.stack = append(s.stack, s.state) }

// Pop implements vg.Canvas.
func (s *sheet) Pop() {
	s.state = s.stack[len(s.stack)-1]
	s.stack = s.stack[:len(s.stack)-1]
}

// Stroke implements vg.Canvas.
func (s *sheet) Stroke(path vg.Path) {
	if s.state.width <= 0 {
		return
	}
	phase := float64(s.state.offset)
	s.walk(path, func(from, to vg.Point) { phase = s.segment(from, to, phase) })
}

// segment draws dots from one point to another. phase is the position in the dash
// pattern, in points, at its beginning; the one at its end is returned.
func (s *sheet) segment(from, to vg.Point, phase float64) float64 {
	length := math.Hypot(float64(to.X-from.X), float64(to.Y-from.Y))
	w, h := s.Size()
	page := vg.Rectangle{Max: vg.Point{X: w, Y: h}}
	a, b, ok := clip(from, to, page)
	if !ok {
		return phase + length
	}
	start := phase + math.Hypot(float64(a.X-from.X), float64(a.Y-from.Y))
	x0, y0 := float64(a.X/s.dotW), float64((h-a.Y)/s.dotH)
	x1, y1 := float64(b.X/s.dotW), float64((h-b.Y)/s.dotH)
	n := int(math.Ceil(max(math.Abs(x1-x0), math.Abs(y1-y0))))
	fg := s.rgb(s.state.paint.c)
	if n == 0 {
		s.dot(int(x0), int(y0), fg)
		return phase + length
	}
	dx, dy := (x1-x0)/float64(n), (y1-y0)/float64(n)
	dp := math.Hypot(dx*float64(s.dotW), dy*float64(s.dotH))
	for i := 0; i <= n; i++ {
		if len(s.state.dash) == 0 || dashOn(s.state.dash, start+float64(float64(i)*dp)) {
			s.dot(int(x0+float64(float64(i)*dx)), int(y0+float64(float64(i)*dy)), fg)
		}
	}
	return phase + length
}

func dashOn(pattern []vg.Length, phase float64) bool {
	var period float64
	for _, d := range pattern {
		period += float64(d)
	}
	if !(period > 0) {
		return true
	}
	phase = math.Mod(phase, period)
	for i, d := range pattern {
		if phase -= float64(d); phase < 0 {
			return i%2 == 0
		}
	}
	return true
}

// dot sets the dot in column x and row y of dots, counted from the top left. Where
// two strokes share a cell its colour, in ASCII its character, is that of the later
// one in two columns of four, so that both are seen where they lie on each other.
func (s *sheet) dot(x, y int, fg rgb) {
	if x < 0 || y < 0 {
		return
	}
	wide, high := 2, 4
	switch {
	case s.ink.ASCII:
		wide, high = 1, 1
	case s.ink.Blocks:
		high = 2
	}
	col := x / wide
	c := s.cell(col, y/high)
	if c == nil {
		return
	}
	first := c.dots == 0 || col&2 == 0
	if stroke := cmp.Or(s.state.paint.ascii, '.'); first {
		c.dotFG, c.stroke = fg, stroke
	}
	switch {
	case s.ink.ASCII:
		c.dots = 1
	case s.ink.Blocks:
		c.dots |= 1 << (y%2*2 + x%2)
	default:
		c.dots |= [8]uint8{0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80}[x%2*4+y%4]
	}
}

// mark puts a marker into the cell of a point, over dots and text. On the edge of two
// rows it is the lower one, which has the dots too.
func (s *sheet) mark(pt vg.Point, char rune, col color.Color) {
	c, r := s.at(vg.Point{X: pt.X, Y: pt.Y - slack/2})
	if cell := s.cell(c, r); cell != nil && cell.text != covered {
		cell.text, cell.textFG = char, s.rgb(toPaint(col).c)
	}
}

// walk flattens a path into straight segments, on the sheet.
func (s *sheet) walk(path vg.Path, line func(from, to vg.Point)) {
	var start, cur vg.Point
	to := func(pt vg.Point) {
		line(cur, pt)
		cur = pt
	}
	for _, comp := range path {
		switch comp.Type {
		case vg.MoveComp:
			cur = s.place(comp.Pos)
			start = cur
		case vg.LineComp:
			to(s.place(comp.Pos))
		case vg.ArcComp:
			n := 2 + int(math.Abs(float64(comp.Radius)*comp.Angle/3))
			for i := range min(n, 720) + 1 {
				sin, cos := math.Sincos(comp.Start + comp.Angle*float64(i)/float64(min(n, 720)))
				to(s.place(comp.Pos.Add(vg.Point{X: comp.Radius * vg.Length(cos), Y: comp.Radius * vg.Length(sin)})))
			}
		case vg.CurveComp:
			from, ctl := cur, comp.Control
			end := s.place(comp.Pos)
			for i := 1; i <= 12; i++ {
				t := vg.Length(i) / 12
				u := 1 - t
				if len(ctl) == 1 {
					a := s.place(ctl[0])
					to(from.Scale(u * u).Add(a.Scale(2 * u * t)).Add(end.Scale(t * t)))
				} else if len(ctl) == 2 {
					a, b := s.place(ctl[0]), s.place(ctl[1])
					to(from.Scale(u * u * u).Add(a.Scale(3 * u * u * t)).Add(b.Scale(3 * u * t * t)).Add(end.Scale(t * t * t)))
				}
			}
		case vg.CloseComp:
			to(start)
		}
	}
}

// FillString implements vg.Canvas.
func (s *sheet) FillString(_ font.Face, pt vg.Point, text string) {
	pt = s.place(pt)
	s.put(int(math.Round(float64(pt.X/cellW))), s.rows-1-int(math.Round(float64(pt.Y/cellH))), text, s.state.paint.c, false)
}

// DrawImage implements vg.Canvas: each half of a cell shows the pixel at its middle.
func (s *sheet) DrawImage(rect vg.Rectangle, img image.Image) {
	b, size := img.Bounds(), rect.Size()
	if size.X <= 0 || size.Y <= 0 || b.Empty() {
		return
	}
	_, h := s.Size()
	for row := range 2 * s.rows {
		for col := range s.cols {
			x := vg.Length((vg.Length(col)+0.5)*cellW) - rect.Min.X
			y := rect.Max.Y - h + vg.Length((vg.Length(row)+0.5)*cellH/2)
			if x < 0 || y < 0 || x >= size.X || y >= size.Y {
				continue
			}
			c := img.At(b.Min.X+int(x/size.X*vg.Length(b.Dx())), b.Min.Y+int(y/size.Y*vg.Length(b.Dy())))
			s.block(float64(col), float64(row)/2, float64(col+1), float64(row+1)/2, toPaint(c))
		}
	}
}

// clip cuts a segment to a rectangle (Liang and Barsky, 1984); the result is false if
// all of it is outside.
func clip(a, b vg.Point, r vg.Rectangle) (vg.Point, vg.Point, bool) {
	t0, t1 := vg.Length(0), vg.Length(1)
	dx, dy := b.X-a.X, b.Y-a.Y
	edge := func(p, q vg.Length) bool {
		switch {
		case p == 0:
			return q >= 0
		case p < 0:
			t0 = max(t0, q/p)
		default:
			t1 = min(t1, q/p)
		}
		return t0 <= t1
	}
	if !(edge(-dx, a.X-r.Min.X) && edge(dx, r.Max.X-a.X) && edge(-dy, a.Y-r.Min.Y) && edge(dy, r.Max.Y-a.Y)) {
		return a, b, false
	}
	p, q := a, b
	if t0 > 0 {
		p = vg.Point{X: a.X + vg.Length(t0*dx), Y: a.Y + vg.Length(t0*dy)}
	}
	if t1 < 1 {
		q = vg.Point{X: a.X + vg.Length(t1*dx), Y: a.Y + vg.Length(t1*dy)}
	}
	return p, q, true
}
