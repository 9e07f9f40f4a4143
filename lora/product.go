package lora

import (
	"gonum.org/v1/gonum/mat"

	"loralab/lora/gemm"
)

// trans says whether a factor of a product is transposed.
type trans bool

const (
	asIs       trans = false
	transposed trans = true
)

// mul computes c = alpha·op(a)·op(b) + beta·c. All products of a training step
// go through here: [mat.Dense.Mul] is not used because it allocates for
// transposed views and for large matrices.
func mul(c *mat.Dense, alpha float64, ta trans, a *mat.Dense, tb trans, b *mat.Dense, beta float64) {
	ra, rb, rc := a.RawMatrix(), b.RawMatrix(), c.RawMatrix()
	m, k := ra.Rows, ra.Cols
	if ta {
		m, k = k, m
	}
	k2, n := rb.Rows, rb.Cols
	if tb {
		k2, n = n, k2
	}
	if k != k2 {
		checkDims("product", "second factor", b, k, n)
	}
	checkDims("product", "result", c, m, n)
	gemm.Mul(bool(ta), bool(tb), m, n, k, alpha, ra.Data, ra.Stride, rb.Data, rb.Stride, beta, rc.Data, rc.Stride)
}
