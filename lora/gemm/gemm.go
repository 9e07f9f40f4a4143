// Package gemm multiplies dense float64 matrices: fast, without allocating,
// and to the same bits on every machine.
//
// # The contract
//
// Every element of the result is
//
//	acc = 0
//	for p = 0, 1, …, k-1:  acc = fma(op(A)[i,p], op(B)[p,j], acc)
//	C[i,j] = alpha·acc                        if beta = 0
//	C[i,j] = fma(beta, C[i,j], alpha·acc)     otherwise
//
// with one rounding in each fma and one in alpha·acc. There are no exceptions
// for edges, sizes or kinds of processor: an AVX-512 machine, an AVX2 machine
// and the portable code return the same bits, so that a run repeated from its
// seed is the same run anywhere. (Only which NaN stands for a NaN is left
// open: its sign and payload are the processor's choice.)
//
// The price is that the sum over p has one accumulator. A dot product would be
// latency-bound by that, so no kernel computes one: a tile of many elements
// advances together, each in its own lane of a register, and there is enough
// of them to keep the multipliers busy. Where k is cut into chunks, the raw
// accumulators are stored and taken up again, which rounds nothing. Splitting
// the sum over several accumulators, as gonum and most BLAS do, would tie the
// result to the width of the registers.
//
// # Tiles and packing
//
// A kernel keeps a tile of C in registers: 8×16 with AVX-512, 6×8 with AVX2,
// 4×4 in Go. Columns go into lanes, since a batch has its examples in columns,
// and an element of A is broadcast: so A is read where it is, transposed or not.
// A LoRA factor has few rows or, transposed, few columns: for these there are
// tiles of 4 rows and of 4 or 8 columns. Where a product has few rows and B is
// transposed, C is computed as (op(B)ᵀ·op(A)ᵀ)ᵀ, the same sums with the small
// factor in the lanes.
//
// B is read where it is as long as the caches hold a panel of its columns.
// Otherwise, and where it is transposed, panels are copied to a buffer on the
// stack: not to a pool, which is a package's state and allocates again after a
// garbage collection. The largest call takes 64 KiB of stack.
//
// # Why not gonum
//
// gonum's product has no FMA, and from a few blocks on it starts goroutines,
// which allocate. Package lora runs independent training runs side by side,
// so a product stays on one core.
package gemm

import (
	"fmt"
	"math"
)

// Mul computes C = alpha·op(A)·op(B) + beta·C for row-major matrices, where
// op(A) is m×k, op(B) is k×n and C is m×n; op is the transpose where transA or
// transB is set. lda, ldb and ldc are the row strides. With beta = 0 the old
// content of C is not read. C must not overlap A or B.
//
// Mul panics with a [ShapeError] if a matrix does not fit into its slice.
// Unlike BLAS it has no shortcut for alpha = 0: NaN and Inf in A and B reach C.
func Mul(transA, transB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	x := newProduct(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
	x.mul(best())
}

// ShapeError is the value of the panic when a matrix does not fit into the
// slice that should hold it, or a dimension is negative.
type ShapeError struct {
	Matrix             string // "A", "B" or "C", as stored: before any transpose
	Rows, Cols, Stride int
	Len                int // length of the slice
}

func (e ShapeError) Error() string {
	return fmt.Sprintf("gemm: %s is %d×%d with stride %d, which does not fit a slice of %d elements",
		e.Matrix, e.Rows, e.Cols, e.Stride, e.Len)
}

// checkFit panics unless a rows×cols matrix fits into n elements. The assembly
// relies on it: nothing checks indices after this.
func checkFit(matrix string, rows, cols, stride, n int) {
	switch {
	case rows < 0 || cols < 0 || stride < max(1, cols):
	case rows == 0 || cols == 0:
		return
	// Not (rows-1)*stride+cols <= n, which can overflow.
	case cols <= n && rows-1 <= (n-cols)/stride:
		return
	}
	panic(ShapeError{matrix, rows, cols, stride, n})
}

// kernel names a way to compute a tile. Each includes those before it: a
// machine that has avx512 has avx2.
type kernel int

const (
	portable kernel = iota
	avx2
	avx512
)

// product is one call of Mul with the transposes resolved into steps:
// op(A)[i,p] is a[i*ai+p*ap], op(B)[p,j] is b[p*bp+j*bj], C[i,j] is
// c[i*ci+j*cj].
type product struct {
	m, n, k     int
	a, b, c     []float64
	ai, ap      int
	bp, bj      int
	ci, cj      int
	alpha, beta float64
}

func newProduct(transA, transB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) product {
	x := product{
		m: m, n: n, k: k,
		a: a, ai: lda, ap: 1,
		b: b, bp: ldb, bj: 1,
		c: c, ci: ldc, cj: 1,
		alpha: alpha, beta: beta,
	}
	if transA {
		x.ai, x.ap = 1, lda
		checkFit("A", k, m, lda, len(a))
	} else {
		checkFit("A", m, k, lda, len(a))
	}
	if transB {
		x.bp, x.bj = 1, ldb
		checkFit("B", n, k, ldb, len(b))
	} else {
		checkFit("B", k, n, ldb, len(b))
	}
	checkFit("C", m, n, ldc, len(c))
	return x
}

// transposed is the same product as Cᵀ = op(B)ᵀ·op(A)ᵀ. Every element is the
// same sum in the same order.
func (x product) transposed() product {
	return product{
		m: x.n, n: x.m, k: x.k,
		a: x.b, ai: x.bj, ap: x.bp,
		b: x.a, bp: x.ap, bj: x.ai,
		c: x.c, ci: x.cj, cj: x.ci,
		alpha: x.alpha, beta: x.beta,
	}
}

// finishLine turns the accumulators of adjacent elements, step apart, into the
// elements c.
func (x *product) finishLine(c, acc []float64, step int) {
	alpha, beta := x.alpha, x.beta
	if beta == 0 {
		for i := range c {
			c[i] = alpha * acc[i*step]
		}
		return
	}
	for i := range c {
		// The conversion rounds: without it a compiler may fuse the product into
		// what it is added to.
		c[i] = math.FMA(beta, c[i], float64(alpha*acc[i*step]))
	}
}
