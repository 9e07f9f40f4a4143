// Package gemm multiplies dense float64 matrices without allocating.
//
// It exists because a training step must not allocate, and gonum's product
// starts goroutines (which allocate) once a matrix has a few blocks. Package
// lora runs independent training runs side by side instead, so a product
// itself stays on one core.
package gemm

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// Mul computes C = alpha·op(A)·op(B) + beta·C for row-major matrices, where
// op(A) is m×k, op(B) is k×n and C is m×n; op is the transpose where transA or
// transB is set. lda, ldb and ldc are the row strides. With beta = 0 the old
// content of C is not read.
func Mul(transA, transB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	// gonum works on 64×64 blocks and goes parallel from 4 of them on: panels of
	// at most 3 blocks keep it serial.
	const block = 64
	for i := 0; i < m; i += block {
		rows := min(block, m-i)
		ai := a[i*lda:]
		if transA {
			ai = a[i:]
		}
		for j := 0; j < n; j += 3 * block {
			cols := min(3*block, n-j)
			bj := b[j:]
			if transB {
				bj = b[j*ldb:]
			}
			gonum.Implementation{}.Dgemm(op(transA), op(transB), rows, cols, k, alpha, ai, lda, bj, ldb, beta, c[i*ldc+j:], ldc)
		}
	}
}

func op(transposed bool) blas.Transpose {
	if transposed {
		return blas.Trans
	}
	return blas.NoTrans
}
