package gemm

import "golang.org/x/sys/cpu"

func best() kernel {
	switch {
	case !cpu.X86.HasAVX2 || !cpu.X86.HasFMA:
		return portable
	case !cpu.X86.HasAVX512F:
		return avx2
	}
	return avx512
}

// shape is what the walk over C has to know of a set of kernels. The wide
// kernels come in two heights, so that the few rows of a LoRA factor do not pay
// for a full tile; the narrow one is for the few columns of its transpose.
type shape struct {
	wide, tall, short  int
	narrow, narrowRows int
}

// shape is that of the kernels for n columns.
func (kern kernel) shape(n int) shape {
	switch {
	case kern == avx2:
		return shape{wide: 8, tall: 6, short: 4, narrow: 4, narrowRows: 8}
	case n <= 4:
		return shape{wide: 16, tall: 8, short: 4, narrow: 4, narrowRows: 8}
	}
	return shape{wide: 16, tall: 8, short: 4, narrow: 8, narrowRows: 8}
}

// run computes a tile. It is a switch and not a function value because a call
// through a value would move the tile and its buffers to the heap.
func run(rows, cols int, t *tile, a, b, from, to, c *float64) {
	switch {
	case cols == 16 && rows == 8:
		tile8x16avx512(t, a, b, from, to, c)
	case cols == 16:
		tile4x16avx512(t, a, b, from, to, c)
	case cols == 4:
		tile8x4avx2(t, a, b, from, to, c)
	case rows == 8:
		tile8x8avx512(t, a, b, from, to, c)
	case rows == 6:
		tile6x8avx2(t, a, b, from, to, c)
	default:
		tile4x8avx2(t, a, b, from, to, c)
	}
}

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
	s := sweep{product: &y, shape: kern.shape(y.n)}
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
	case y.k <= chunk:
		s.packed(j)
	default:
		s.chunked(j)
	}
}
