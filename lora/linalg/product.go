package linalg

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/gemm"
)

// ShapeError is the value of the panic when matrices do not fit together.
type ShapeError struct {
	Op   string // what was asked, e.g. "Mul"
	Got  string // the shapes found
	Want string // the shapes that fit
}

func (e ShapeError) Error() string {
	return fmt.Sprintf("linalg: %s: got %s, want %s", e.Op, e.Got, e.Want)
}

// Op says whether a factor of a product is transposed.
type Op bool

const (
	AsIs       Op = false
	Transposed Op = true
)

// Mul computes c = alpha·op(a)·op(b) + beta·c by [gemm.Mul], without
// allocating. c must not overlap a or b. It panics with a [ShapeError] if the
// shapes do not fit.
func Mul(c *mat.Dense, alpha float64, ta Op, a *mat.Dense, tb Op, b *mat.Dense, beta float64) {
	ra, rb, rc := a.RawMatrix(), b.RawMatrix(), c.RawMatrix()
	m, k := ra.Rows, ra.Cols
	if ta {
		m, k = k, m
	}
	k2, n := rb.Rows, rb.Cols
	if tb {
		k2, n = n, k2
	}
	if k != k2 || rc.Rows != m || rc.Cols != n {
		panic(ShapeError{"Mul", fmt.Sprintf("%d×%d · %d×%d into %d×%d", m, k, k2, n, rc.Rows, rc.Cols), "m×k · k×n into m×n"})
	}
	gemm.Mul(bool(ta), bool(tb), m, n, k, alpha, ra.Data, ra.Stride, rb.Data, rb.Stride, beta, rc.Data, rc.Stride)
}
