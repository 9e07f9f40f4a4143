package plots

import "math"

// flowRows is the least number of rows below a header at which all of a flow is drawn.
const flowRows = 10

// thinnest is how thin a matrix is drawn at least: the eighth of a cell. Otherwise its
// sides are true to scale.
const thinnest = 1.0 / 8

// flowPlan says where everything is, in cells from the top left. A cell is twice as
// high as wide.
type flowPlan struct {
	unit float64 // rows that one number takes; it takes twice as many columns

	in, inW, inH, inTop      int     // column, columns, rows and first row of the input
	image                    bool    // the input is drawn as one
	inAt                     int     // row in which it goes into the weight
	fork                     int     // column where it divides
	weight, weightW, weightH int     // column, columns, rows of the weight; it begins in row 1
	main                     int     // row of the way out of it
	down, downH              int     // row and rows of Down, beneath the weight
	mid, midW                int     // column and columns of what is between
	up, upW, upTop           int     // column and columns of Up and its first row, as high as the weight
	side                     int     // row of the way out of it
	sum                      int     // column of ⊕
	out, outW                int     // column and columns of the output
	tooThick                 float64 // how many times Down and Up are drawn thicker than to scale
	cols, rows               int
}

// most of what a vector between the two matrices shows, and how long the words over
// the way out of Up are.
const (
	mostMid  = 8
	sideText = 17
)

// plan finds the largest scale at which everything fits; ok is false where nothing
// does.
func (f *Flow) plan(cols, rows int, halves bool) (p flowPlan, ok bool) {
	for high := rows - 2; high >= 1; high-- {
		unit := float64(high) / float64(f.Weight.Rows)
		if p, ok = f.fit(cols, rows, unit, halves); ok {
			return p, true
		}
	}
	// A weight that is much wider than high, or thinner than what should be thin beside
	// it: less than a row.
	for unit := 1 / float64(f.Weight.Rows); unit > 1e-9 && !ok; unit /= 1.25 {
		p, ok = f.fit(cols, rows, unit, halves)
	}
	return p, ok
}

// fit arranges everything at a scale, if there is room.
func (f *Flow) fit(cols, rows int, unit float64, halves bool) (p flowPlan, ok bool) {
	cells := func(n int, unit float64) int { return max(1, int(math.Ceil(float64(float64(n)*unit)-1e-9))) }
	p = flowPlan{unit: unit, cols: cols, rows: rows, weightH: cells(f.Weight.Rows, unit), weightW: max(3, cells(f.Weight.Cols, 2*unit)), main: 1}
	need := 1 + p.weightH + 1
	rank := 0
	if f.detour() {
		rank = f.Down.Rows
		p.downH, p.upW = cells(rank, unit), cells(rank, 2*unit)
		p.midW = min(rank, mostMid)
		need += 1 + p.downH
		if thin := float64(float64(rank) * unit); thin < thinnest {
			p.tooThick = thinnest / thin
		}
	} else {
		p.main = 1 + (p.weightH-1)/2
	}
	if need > rows {
		return p, false
	}
	p.inW, p.inH = 1, min(max(1, int(float64(float64(f.In.Size)*unit)+0.5)), p.weightH)
	w := f.In.Width
	if w > 0 && f.In.Size >= w {
		high := f.In.Size / w
		if halves {
			high = (high + 1) / 2
		}
		if p.image = high <= rows-2; p.image {
			p.inW, p.inH = w, high
		}
	}
	// The ways between, as short as they may be.
	fork, before, behind, out, tail := 2, 3, 2, sideText, 4
	p.outW = 1
	least := func() int {
		n := p.inW + fork + before + p.weightW + tail + p.outW
		if f.detour() {
			n += behind + p.midW + 2 + p.upW + 2 + out + 1
		} else {
			n += 14
		}
		return n
	}
	for f.detour() && p.midW > 2 && least() > cols {
		p.midW--
	}
	if least() > cols {
		return p, false
	}
	// An image grows where there is room, then the ways do.
	if p.image {
		if grown := f.In.Size / w; 2+grown <= rows && least()+w <= cols {
			p.inW, p.inH = 2*w, grown
		}
	}
	spare := cols - least()
	grow := func(n *int, most int) {
		by := min(spare, most)
		*n += by
		spare -= by
	}
	grow(&p.outW, 1)
	grow(&behind, 1)
	grow(&out, 4)
	grow(&before, 2)
	grow(&tail, 3)
	grow(&out, 6)
	grow(&behind, 4)
	p.in = min(spare/2, 4)
	p.inAt = 1 + (p.weightH-1)/2
	p.inTop = max(1, p.inAt-(p.inH-1)/2)
	p.fork = p.in + p.inW + fork
	p.weight = p.fork + before
	p.out = cols - p.outW - max(0, min(spare-p.in, 3))
	if f.detour() {
		p.down = p.weightH + 2
		p.mid = p.weight + p.weightW + behind
		p.up = p.mid + p.midW + 2
		p.upTop = p.down + p.downH - p.weightH
		p.side = p.upTop + p.weightH/2
		p.sum = p.up + p.upW + 2 + out
		p.out = min(p.out, p.sum+1+tail)
	} else {
		p.out = min(p.out, p.weight+p.weightW+tail+24)
	}
	return p, true
}
