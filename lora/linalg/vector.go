package linalg

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// dot returns Σ xᵢ·yᵢ in four sums, of i modulo 4, or each addition would wait
// for the one before.
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var a, b, c, d float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		x, y := x[i:i+4:i+4], y[i:i+4:i+4]
		a += float64(x[0] * y[0])
		b += float64(x[1] * y[1])
		c += float64(x[2] * y[2])
		d += float64(x[3] * y[3])
	}
	for ; i < len(x); i++ {
		a += float64(x[i] * y[i])
	}
	return (a + b) + (c + d)
}

// add adds f·x to y.
func add(y []float64, f float64, x []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += float64(f * v)
	}
}

// rotate turns x and y in their plane: x becomes c·x + s·y, y becomes c·y − s·x.
func rotate(x, y []float64, c, s float64) {
	y = y[:len(x)]
	for i, a := range x {
		b := y[i]
		x[i] = float64(c*a) + float64(s*b)
		y[i] = float64(c*b) - float64(s*a)
	}
}

// rotation returns c, s and r = √(f² + g²) with c·f + s·g = r and c·g − s·f = 0.
func rotation(f, g float64) (c, s, r float64) {
	p, q := math.Abs(f), math.Abs(g)
	if p < q {
		p, q = q, p
	}
	if p == 0 {
		return 1, 0, 0
	}
	ratio := q / p
	r = p * math.Sqrt(1+float64(ratio*ratio))
	return f / r, g / r, r
}

// length returns √Σxᵢ², without overflow or underflow of the squares.
func length(x []float64) float64 {
	e := exponent(x)
	if -400 < e && e < 400 {
		return math.Sqrt(dot(x, x))
	}
	x = slices.Clone(x)
	scale(x, -e)
	return math.Ldexp(math.Sqrt(dot(x, x)), e)
}

// exponent returns e with 2^(e−1) ≤ max|xᵢ| < 2^e, 0 if all are 0.
func exponent(x []float64) int {
	top := 0.0
	for _, v := range x {
		top = max(top, math.Abs(v))
	}
	_, e := math.Frexp(top)
	return e
}

// scale multiplies x by 2^e.
func scale(x []float64, e int) {
	for i, v := range x {
		x[i] = math.Ldexp(v, e)
	}
}

// Norm returns the Frobenius norm of matrices taken together, √Σ‖mᵢ‖².
func Norm(ms ...*mat.Dense) float64 {
	var rows []float64
	for _, m := range ms {
		raw := m.RawMatrix()
		for i := range raw.Rows {
			rows = append(rows, length(raw.Data[i*raw.Stride:i*raw.Stride+raw.Cols]))
		}
	}
	return length(rows)
}
