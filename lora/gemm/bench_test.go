package gemm

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BenchmarkMul measures the products of a training step beside gonum's and the
// portable code's, so that ratios can be read from one run. The names give m×n×k.
func BenchmarkMul(b *testing.B) {
	shapes := []struct {
		what           string
		transA, transB bool
		m, n, k        int
		beta           float64
	}{
		{"W·X", false, false, 128, 64, 64, 0},
		{"W·X", false, false, 128, 64, 128, 0},
		{"W·X", false, false, 10, 64, 128, 0},
		{"W·X", false, false, 128, 1500, 64, 0},
		{"Wᵀ·G", true, false, 128, 64, 128, 0},
		{"G·Xᵀ", false, true, 128, 128, 64, 0},
		{"A·X", false, false, 4, 64, 128, 0},
		{"B·H", false, false, 128, 64, 4, 1},
		{"Bᵀ·G", true, false, 4, 64, 128, 0},
		{"Aᵀ·D", true, false, 128, 64, 4, 1},
		{"G·Hᵀ", false, true, 128, 4, 64, 0},
		{"D·Xᵀ", false, true, 4, 128, 64, 0},
		{"D·Xᵀ", false, true, 16, 128, 64, 0},
		{"W·x", false, false, 1024, 1, 1024, 0},
		{"W·X", false, false, 1024, 32, 1024, 0},
		{"W·X", false, false, 1024, 1024, 1024, 0},
		{"Wᵀ·G", true, false, 1024, 1024, 1024, 0},
		{"G·Xᵀ", false, true, 1024, 1024, 1024, 0},
	}
	for _, s := range shapes {
		p := problem{transA: s.transA, transB: s.transB, m: s.m, n: s.n, k: s.k, alpha: 1, beta: s.beta}
		p.fill(rand.New(rand.NewPCG(1, 2)))
		run := func(name string, mul func()) {
			b.Run(fmt.Sprintf("%s=%d×%d×%d/%s", s.what, s.m, s.n, s.k, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					mul()
				}
				flops := 2 * float64(s.m) * float64(s.n) * float64(s.k) * float64(b.N)
				b.ReportMetric(flops/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
		run("gonum", func() {
			op := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
			gonum.Implementation{}.Dgemm(op[s.transA], op[s.transB], s.m, s.n, s.k, 1, p.a, p.lda, p.b, p.ldb, s.beta, p.c, p.ldc)
		})
		for _, kern := range kernels() {
			run(kern.String(), func() { p.into(kern, p.c) })
		}
	}
}
