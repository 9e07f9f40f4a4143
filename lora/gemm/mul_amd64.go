package gemm

import "golang.org/x/sys/cpu"

func best() kernel {
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		return avx2
	}
	return portable
}

// shape is what the walk over C has to know of a set of kernels. The wide
// kernels come in two heights, so that the few rows of a LoRA factor do not pay
// for a full tile; the narrow one is for the few columns of its transpose.
type shape struct {
	wide, tall, short  int
	narrow, narrowRows int
}

func (kern kernel) shape() shape {
	return shape{wide: 8, tall: 6, short: 4, narrow: 4, narrowRows: 8}
}

// run computes a tile. It is a switch and not a function value because a call
// through a value would move the tile and its buffers to the heap.
func (kern kernel) run(rows, cols int, t *tile, a, b, from, to, c *float64) {
	switch {
	case rows == 6:
		tile6x8avx2(t, a, b, from, to, c)
	case cols == 8:
		tile4x8avx2(t, a, b, from, to, c)
	default:
		tile8x4avx2(t, a, b, from, to, c)
	}
}

const (
	panelLen  = 2048 // half of the smallest first-level cache in use, 32 KiB
	stripRows = 120  // a multiple of every tile's height
	tileLen   = 128  // the largest tile
	maxWide   = 16
)

func (x *product) mul(kern kernel) {
	if kern == portable || x.k == 0 {
		x.mulPortable()
		return
	}
	// Packing a B of strided columns and finishing a C of strided columns go
	// element by element. Take the side that moves fewer.
	y := *x
	if x.bj != 1 && x.n*x.k > x.m*x.n+x.m*x.k {
		y = x.transposed()
	}
	s := sweep{product: &y, kern: kern, shape: kern.shape()}
	s.tile = tile{
		astep: 8 * y.ap,
		cstep: 8 * y.ci,
		alpha: y.alpha,
		beta:  y.beta,
	}
	if y.beta != 0 {
		s.tile.blend = 1
	}
	j := 0
	if y.bj == 1 && s.near() {
		j = s.direct()
	}
	switch {
	case j == y.n:
	case y.k*s.wide <= panelLen:
		s.packed(j)
	default:
		s.chunked(j)
	}
}

// sweep is a walk over the tiles of C.
type sweep struct {
	*product
	shape
	kern kernel
	tile tile
	edge [tileLen]float64 // the accumulators of a tile that is cut by an edge
}

// near says whether the panels of B may be read where they are. They must be
// packed where a column of B is spread over more memory than the caches hold,
// unless few rows of A use them.
func (s *sweep) near() bool {
	return s.m <= 2*s.tall || s.k*s.bp <= 1<<15
}

// direct computes the full panels of columns from B as it is and returns the
// first column left.
func (s *sweep) direct() int {
	j := 0
	s.tile.k = s.k
	s.tile.bstep = 8 * s.bp
	for ; j+s.wide <= s.n; j += s.wide {
		s.column(s.b[j:], 0, s.m, j, s.wide, 0, nil, nil)
	}
	return j
}

// packed computes the columns from j on, panel by panel.
func (s *sweep) packed(j int) {
	var panel [panelLen]float64
	for ; j < s.n; j += s.wide {
		width := s.pack(panel[:], j, 0, s.k)
		s.column(panel[:], 0, s.m, j, width, 0, nil, nil)
	}
}

// chunked is packed for panels that the caches do not hold whole: it computes a
// strip of C chunk by chunk and keeps the accumulators in between.
func (s *sweep) chunked(j0 int) {
	var (
		panel [panelLen]float64
		strip [stripRows * maxWide]float64
	)
	chunk := panelLen / s.wide
	for i := 0; i < s.m; i += stripRows {
		end := min(i+stripRows, s.m)
		for j := j0; j < s.n; j += s.wide {
			for p := 0; p < s.k; p += chunk {
				width := s.pack(panel[:], j, p, min(chunk, s.k-p))
				from, to := strip[:], strip[:]
				if p == 0 {
					from = nil
				}
				if p+chunk >= s.k {
					to = nil
				}
				s.column(panel[:], i, end, j, width, p, from, to)
			}
		}
	}
}

// pack copies k rows of op(B) from row p on, columns j and after, to panel. It
// returns the width of the panel: columns beyond the last are zero.
func (s *sweep) pack(panel []float64, j, p, k int) int {
	width := s.wide
	if s.n-j <= s.narrow {
		width = s.narrow
	}
	s.tile.k = k
	s.tile.bstep = 8 * width
	cols := min(width, s.n-j)
	if cols < width {
		clear(panel[:k*width])
	}
	if s.bj == 1 {
		for q := range k {
			at := (p+q)*s.bp + j
			copy(panel[q*width:], s.b[at:at+cols])
		}
		return width
	}
	for r := range cols {
		at := p + (j+r)*s.bj // bp is 1: bj is not
		for q, v := range s.b[at : at+k] {
			panel[q*width+r] = v
		}
	}
	return width
}

// column computes the tiles of rows i to end and width columns from j on, for
// the terms from p on, which b begins with. Between chunks the accumulators
// come from and go to a strip, nil at the first and at the last chunk.
func (s *sweep) column(b []float64, i, end, j, width, p int, from, to []float64) {
	var start, stop *float64
	for height := 0; i < end; i += height {
		left := end - i
		height = s.height(left, width)
		for r := range height {
			s.tile.rows[r] = 8 * s.ai * min(r, left-1)
		}
		size := height * width
		if from != nil {
			start, from = &from[:size][0], from[size:]
		}
		var c *float64
		inner := height <= left && j+width <= s.n && s.cj == 1
		switch {
		case to != nil:
			stop, to = &to[:size][0], to[size:]
		case inner:
			c = &s.c[i*s.ci+j]
		default:
			stop = &s.edge[0]
		}
		s.kern.run(height, width, &s.tile, &s.a[i*s.ai+p*s.ap], &b[0], start, stop, c)
		if to != nil || inner {
			continue
		}
		for r := range min(height, left) {
			for q := range min(width, s.n-j) {
				s.finish(i+r, j+q, s.edge[r*width+q])
			}
		}
	}
}

// height is that of the next tile when left rows are left.
func (s *sweep) height(left, width int) int {
	switch {
	case width == s.narrow:
		return s.narrowRows
	case left <= s.short, left > s.tall && left <= 2*s.short:
		return s.short
	}
	return s.tall
}
