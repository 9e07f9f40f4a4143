package gemm

// tile says how an assembly kernel finds its operands. It holds no pointers: a
// pointer stored in it would send the buffers it points to to the heap.
//
// Steps are in bytes.
type tile struct {
	k     int    // terms, at least 1
	astep int    // from a term of op(A) to the next
	rows  [8]int // from the first row of op(A) to each row of the tile
	bstep int    // from a term of op(B) to the next; its columns are adjacent

	cstep       int // from a row of C to the next
	alpha, beta float64
	blend       int // 0 if beta is 0 and C must not be read
}

// The kernels are named by rows and columns of their tile. a and b are the first
// term of the first row and column. from has accumulators to go on with, row
// after row; nil starts at 0. to is where the accumulators are left; if it is
// nil, they are finished into c.
//
// A tile at an edge is computed whole: rows repeats the last row, b is a panel of
// full width whatever its last columns hold, and to leaves the sums where Go
// picks those that exist.

//go:noescape
func tile6x8avx2(t *tile, a, b, from, to, c *float64)

//go:noescape
func tile4x8avx2(t *tile, a, b, from, to, c *float64)

//go:noescape
func tile8x4avx2(t *tile, a, b, from, to, c *float64)

//go:noescape
func tile8x16avx512(t *tile, a, b, from, to, c *float64)

//go:noescape
func tile4x16avx512(t *tile, a, b, from, to, c *float64)

//go:noescape
func tile8x8avx512(t *tile, a, b, from, to, c *float64)
