package lora

import (
	"gonum.org/v1/gonum/mat"

	"loralab/lora/linalg"
)

// Short names for the products of this package.
const (
	asIs       = linalg.AsIs
	transposed = linalg.Transposed
)

// mul computes c = alpha·op(a)·op(b) + beta·c. All products of this package go
// through here: [mat.Dense.Mul] allocates for transposed views and for large
// matrices, and its last digits are the processor's.
func mul(c *mat.Dense, alpha float64, ta linalg.Op, a *mat.Dense, tb linalg.Op, b *mat.Dense, beta float64) {
	m, k := a.Dims()
	if ta {
		m, k = k, m
	}
	k2, n := b.Dims()
	if tb {
		k2, n = n, k2
	}
	if k != k2 {
		checkDims("product", "second factor", b, k, n)
	}
	checkDims("product", "result", c, m, n)
	linalg.Mul(c, alpha, ta, a, tb, b, beta)
}
