package gemm

const (
	// chunk is how many terms a tile adds before it is the next tile's turn: 16
	// columns of them take 16 KiB, half of the smallest first-level cache in use.
	chunk = 128
	// stripRows share a packed panel. It is a multiple of every tile's height, and
	// so many rows that the packing costs a few per cent.
	stripRows = 120
	// groupCols are packed together when there are several chunks, so that a row
	// of B is read in runs of four cache lines.
	groupCols = 32
	// tileLen is that of the largest tile.
	tileLen = 128
)

// sweep is a walk over the tiles of C.
type sweep struct {
	*product
	shape
	tile tile
	edge [tileLen]float64 // the accumulators of a tile that is cut by an edge
}

// near says whether the panels of B may be read where they are. Copies pay if
// many rows of A use them and a panel, read in place, would not stay in the
// caches: because it is spread over more memory than they hold, or because its
// rows, a multiple of 4096 bytes apart, all compete for one place in them.
func (s *sweep) near() bool {
	const spread, page = 1 << 20 / 8, 4096 / 8
	return s.m <= 4*s.tall || s.bp%page != 0 && s.k*s.bp <= spread
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

// packed computes the columns from j on from copies of B's panels. It is for
// sums of one chunk.
func (s *sweep) packed(j int) {
	var buf [chunk * 16]float64
	group := len(buf) / s.k / s.wide * s.wide
	for ; j < s.n; j += group {
		end := min(j+group, s.n)
		s.pack(buf[:], j, end, 0, s.k)
		for at := j; at < end; at += s.wide {
			width := s.width(at)
			s.tile.bstep = 8 * width
			s.column(buf[(at-j)*s.k:], 0, s.m, at, width, 0, nil, nil)
		}
	}
}

// chunked is packed for sums of several chunks: it computes a block of C chunk
// by chunk and keeps the accumulators in between.
func (s *sweep) chunked(j0 int) {
	var (
		buf   [chunk * groupCols]float64
		strip [stripRows * groupCols]float64
	)
	for i := 0; i < s.m; i += stripRows {
		bottom := min(i+stripRows, s.m)
		for j := j0; j < s.n; j += groupCols {
			end := min(j+groupCols, s.n)
			for p := 0; p < s.k; p += chunk {
				k := min(chunk, s.k-p)
				s.pack(buf[:], j, end, p, k)
				for at := j; at < end; at += s.wide {
					from, to := strip[(at-j)*stripRows:], strip[(at-j)*stripRows:]
					if p == 0 {
						from = nil
					}
					if p+k == s.k {
						to = nil
					}
					width := s.width(at)
					s.tile.bstep = 8 * width
					s.column(buf[(at-j)*k:], i, bottom, at, width, p, from, to)
				}
			}
		}
	}
}

// width is that of the panel of columns from j on.
func (s *sweep) width(j int) int {
	if s.n-j <= s.narrow {
		return s.narrow
	}
	return s.wide
}

// pack copies k rows of op(B) from row p on, columns j to end, to buf: panel
// after panel, in each panel row after row. Where a panel has columns beyond the
// last, buf keeps what it holds: their sums are computed and dropped.
func (s *sweep) pack(buf []float64, j, end, p, k int) {
	s.tile.k = k
	if s.bj == 1 {
		// Row by row, because the rows may be pages apart.
		for q := range k {
			row := s.b[(p+q)*s.bp+j:][:end-j]
			at := q * s.wide
			for ; len(row) >= s.wide; row, at = row[s.wide:], at+k*s.wide {
				copyWide(buf[at:], row, s.wide)
			}
			if len(row) > 0 {
				at -= q * (s.wide - s.width(end-len(row)))
				for r, v := range row {
					buf[at+r] = v
				}
			}
		}
		return
	}
	for at := 0; j < end; j, at = j+s.wide, at+k*s.wide {
		width := s.width(j)
		panel := buf[at : at+k*width]
		for r := range min(width, end-j) {
			// bp is 1, since bj is not.
			for q, v := range s.b[p+(j+r)*s.bj:][:k] {
				panel[q*width+r] = v
			}
		}
	}
}

// copyWide copies a row of a panel, of 8 columns or 16. By way of a variable,
// because it does not overlap anything: from slice to slice, the compiler has to
// call the runtime, which is several times slower.
func copyWide(dst, src []float64, wide int) {
	v := *(*[8]float64)(src)
	*(*[8]float64)(dst) = v
	if wide == 16 {
		v = *(*[8]float64)(src[8:])
		*(*[8]float64)(dst[8:]) = v
	}
}

// column computes the tiles of rows i to end and width columns from j on, for
// the terms from p on, which b begins with. Between chunks the accumulators
// come from and go to a strip, nil at the first and at the last chunk.
func (s *sweep) column(b []float64, i, end, j, width, p int, from, to []float64) {
	whole := j+width <= s.n && s.cj == 1
	height := 0
	for ; i < end; i += height {
		left := end - i
		if h := s.height(left, width); h != height || h > left {
			height = h
			for r := range height {
				s.tile.rows[r] = 8 * s.ai * min(r, left-1)
			}
		}
		size := height * width
		a := &s.a[i*s.ai+p*s.ap]
		var start *float64
		if from != nil {
			start, from = &from[:size][0], from[size:]
		}
		switch {
		case to != nil:
			run(height, width, &s.tile, a, &b[0], start, &to[:size][0], nil)
			to = to[size:]
		case whole && height <= left:
			run(height, width, &s.tile, a, &b[0], start, nil, &s.c[i*s.ci+j])
		default:
			run(height, width, &s.tile, a, &b[0], start, &s.edge[0], nil)
			s.finishTile(i, j, min(height, left), min(width, s.n-j), width)
		}
	}
}

// finishTile moves a part of a tile from edge to C, along the rows of C or of
// Cᵀ, whichever are contiguous.
func (s *sweep) finishTile(i, j, rows, cols, width int) {
	if s.cj == 1 {
		for r := range rows {
			s.finishLine(s.c[(i+r)*s.ci+j:][:cols], s.edge[r*width:], 1)
		}
		return
	}
	for q := range cols {
		s.finishLine(s.c[i+(j+q)*s.cj:][:rows], s.edge[q:], width)
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
