package gemm

import "math"

// mulPortable is the product in Go, for processors without a kernel of their
// own. Its 4×4 tile has 16 sums in flight, which is what a processor needs that
// starts four fused multiply-adds a cycle and finishes them four cycles later.
//
// A processor without any fused multiply-add gets the right bits slowly:
// [math.FMA] then computes them in software.
func (x *product) mulPortable() {
	const side = 4
	for i := 0; i < x.m; i += side {
		for j := 0; j < x.n; j += side {
			if i+side <= x.m && j+side <= x.n {
				x.tile4x4(i, j)
				continue
			}
			for ii := i; ii < min(i+side, x.m); ii++ {
				for jj := j; jj < min(j+side, x.n); jj++ {
					x.element(ii, jj)
				}
			}
		}
	}
}

// element computes one element of C: the contract, word for word.
func (x *product) element(i, j int) {
	var acc [1]float64
	for p := range x.k {
		acc[0] = math.FMA(x.a[i*x.ai+p*x.ap], x.b[p*x.bp+j*x.bj], acc[0])
	}
	x.finishLine(x.c[i*x.ci+j:][:1], acc[:], 1)
}

// tile4x4 computes the 16 elements of C from (i, j) on.
func (x *product) tile4x4(i, j int) {
	var (
		c00, c01, c02, c03 float64
		c10, c11, c12, c13 float64
		c20, c21, c22, c23 float64
		c30, c31, c32, c33 float64
	)
	ai, bj := x.ai, x.bj
	at, bt := i*ai, j*bj
	for range x.k {
		b0, b1, b2, b3 := x.b[bt], x.b[bt+bj], x.b[bt+2*bj], x.b[bt+3*bj]
		a := x.a[at]
		c00, c01, c02, c03 = math.FMA(a, b0, c00), math.FMA(a, b1, c01), math.FMA(a, b2, c02), math.FMA(a, b3, c03)
		a = x.a[at+ai]
		c10, c11, c12, c13 = math.FMA(a, b0, c10), math.FMA(a, b1, c11), math.FMA(a, b2, c12), math.FMA(a, b3, c13)
		a = x.a[at+2*ai]
		c20, c21, c22, c23 = math.FMA(a, b0, c20), math.FMA(a, b1, c21), math.FMA(a, b2, c22), math.FMA(a, b3, c23)
		a = x.a[at+3*ai]
		c30, c31, c32, c33 = math.FMA(a, b0, c30), math.FMA(a, b1, c31), math.FMA(a, b2, c32), math.FMA(a, b3, c33)
		at += x.ap
		bt += x.bp
	}
	for q, row := range [4][4]float64{
		{c00, c01, c02, c03},
		{c10, c11, c12, c13},
		{c20, c21, c22, c23},
		{c30, c31, c32, c33},
	} {
		x.finishLine(x.c[(i+q)*x.ci+j:][:len(row)], row[:], 1)
	}
}
