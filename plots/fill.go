package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Fill implements vg.Canvas. A rectangle with sides along the axes becomes blocks, any
// other shape the dots whose centres it contains (by the even-odd rule), at least one.
func (s *sheet) Fill(path vg.Path) {
	if r, ok := s.rectangle(path); ok {
		s.block(float64(r.Min.X/cellW), float64(s.rows)-float64(r.Max.Y/cellH),
			float64(r.Max.X/cellW), float64(s.rows)-float64(r.Min.Y/cellH), s.state.paint)
		return
	}
	_, h := s.Size()
	fg := s.rgb(s.state.paint.c)
	var sides [][4]float64
	top, bottom := math.Inf(1), math.Inf(-1)
	var middle [2]float64
	s.walk(path, func(a, b vg.Point) {
		side := [4]float64{float64(a.X / s.dotW), float64((h - a.Y) / s.dotH), float64(b.X / s.dotW), float64((h - b.Y) / s.dotH)}
		sides = append(sides, side)
		top, bottom = min(top, side[1], side[3]), max(bottom, side[1], side[3])
		middle[0] += side[0]
		middle[1] += side[1]
	})
	if len(sides) == 0 {
		return
	}
	drawn := false
	highest := float64(s.rows) * float64(cellH/s.dotH)
	for y := int(max(0, top)); float64(y) < min(bottom, highest); y++ {
		var cuts []float64
		for _, e := range sides {
			if mid := float64(y) + 0.5; (e[1] <= mid) != (e[3] <= mid) {
				cuts = append(cuts, e[0]+float64((mid-e[1])/(e[3]-e[1])*(e[2]-e[0])))
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			right := min(cuts[i+1], float64(2*s.cols))
			for x := int(max(0, math.Ceil(cuts[i]-0.5))); float64(x)+0.5 < right; x++ {
				s.dot(x, y, fg)
				drawn = true
			}
		}
	}
	if !drawn {
		n := float64(len(sides))
		s.dot(int(middle[0]/n), int(middle[1]/n), fg)
	}
}

// rectangle recognises a closed path of four corners along the axes.
func (s *sheet) rectangle(path vg.Path) (r vg.Rectangle, ok bool) {
	n := len(path)
	if n > 0 && path[n-1].Type == vg.CloseComp {
		n--
	}
	if n < 4 || n > 5 || path[0].Type != vg.MoveComp {
		return r, false
	}
	var c [5]vg.Point
	for i := range n {
		if i > 0 && path[i].Type != vg.LineComp {
			return r, false
		}
		c[i] = s.place(path[i].Pos)
	}
	if n == 5 && c[4] != c[0] {
		return r, false
	}
	flat := c[0].Y == c[1].Y && c[1].X == c[2].X && c[2].Y == c[3].Y && c[3].X == c[0].X
	tall := c[0].X == c[1].X && c[1].Y == c[2].Y && c[2].X == c[3].X && c[3].Y == c[0].Y
	r.Min = vg.Point{X: min(c[0].X, c[2].X), Y: min(c[0].Y, c[2].Y)}
	r.Max = vg.Point{X: max(c[0].X, c[2].X), Y: max(c[0].Y, c[2].Y)}
	return r, flat || tall
}

// block fills a rectangle; x and y are in cells from the top left. An edge inside a
// cell is exact to an eighth where a character for it exists, as for fills that begin
// at the left or lower side of the cell, else to a half. Where the cell is already
// filled up to that edge, the new colour becomes its background.
func (s *sheet) block(x0, y0, x1, y1 float64, p paint) {
	if !(x1 > x0 && y1 > y0) {
		return
	}
	// At least an eighth of a cell, so that a small value is visible.
	x1, y0 = max(x1, x0+1.0/8), min(y0, y1-1.0/8)
	for row := max(0, int(y0)); row < s.rows && float64(row) < y1; row++ {
		top, bottom := max(0, y0-float64(row)), min(1, y1-float64(row))
		for col := max(0, int(x0)); col < s.cols && float64(col) < x1; col++ {
			left, right := max(0, x0-float64(col)), min(1, x1-float64(col))
			s.blockCell(&s.cells[row*s.cols+col], left, top, right, bottom, p)
		}
	}
}

func eighths(v float64) int { return int(math.Round(8 * v)) }

func (s *sheet) blockCell(c *cell, left, top, right, bottom float64, p paint) {
	fg := s.rgb(p.c)
	if s.ink.shaded() && p.shade != 0 && p.shade != '█' || s.ink.ASCII {
		if (right-left)*(bottom-top) >= 0.5 {
			c.fill, c.fillFG, c.fillBG = cmp.Or(p.shade, '#'), fg, 0
		}
		return
	}
	under := rgb(0) // the colour that an unfilled part keeps
	if c.fill == '█' {
		under = c.fillFG
	}
	// rest fills the rest of a cell that is already filled up to this edge.
	rest := func() {
		if c.fillBG = fg; s.ink.Mono {
			c.fill = '█'
		}
	}
	set := func(char rune) { c.fill, c.fillFG, c.fillBG = char, fg, under }
	switch l, r, t, b := eighths(left), eighths(right), eighths(top), eighths(bottom); {
	case r <= l || b <= t:
	case r-l == 8 && b-t == 8:
		c.fill, c.fillFG, c.fillBG = '█', fg, 0
	case r-l == 8: // part of the height
		switch {
		case b == 8:
			if c.fill == '▀' && t == 4 {
				rest()
				return
			}
			set([]rune(" ▁▂▃▄▅▆▇█")[8-t])
		case t == 0 && c.fill != 0 && c.fill == []rune("█▇▆▅▄▃▂▁ ")[b]:
			rest()
		case b >= 2:
			set('▀')
		}
	default: // part of the width
		switch {
		case l == 0:
			set([]rune(" ▏▎▍▌▋▊▉█")[r])
		case r == 8 && c.fill != 0 && c.fill == []rune(" ▏▎▍▌▋▊▉█")[l]:
			rest()
		case r == 8 && l <= 2:
			c.fill, c.fillFG, c.fillBG = '█', fg, 0
		case r == 8 && l <= 6:
			set('▐')
		case r == 8 && c.fill == 0:
			set('▕')
		case r < 8 && c.fill == 0:
			set('▏')
		case r < 8:
			set('█')
		}
	}
}
