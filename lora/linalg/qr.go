package linalg

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// QR returns m = q·r (m×n matrices of any shape) with p = min(m, n) orthonormal
// columns in q (m×p) and r (p×n) upper triangular. Signs are LAPACK's: the
// diagonal of r has the opposite sign of what it is computed from.
func QR(m mat.Matrix) (q, r *mat.Dense) {
	w := newWork(m)
	left := w.triangulate()
	return fromColumns(unit(left, w.rows, len(left))), w.triangle()
}

// Triangle returns r of [QR] alone.
func Triangle(m mat.Matrix) *mat.Dense {
	w := newWork(m)
	w.triangulate()
	return w.triangle()
}

// work is a matrix that is being reduced, scaled so that its entries are below
// 1. Columns lie one after the other in memory, as every step works on them.
type work struct {
	rows    int
	columns [][]float64
	e       int // the matrix is columns·2^e
}

func newWork(m mat.Matrix) *work {
	rows, cols := m.Dims()
	data := make([]float64, rows*cols)
	w := &work{rows: rows, columns: split(data, rows, cols)}
	for j, c := range w.columns {
		mat.Col(c, j, m)
	}
	w.e = exponent(data)
	scale(data, -w.e)
	return w
}

// split cuts data into columns.
func split(data []float64, rows, cols int) [][]float64 {
	columns := make([][]float64, cols)
	for j := range columns {
		columns[j] = data[j*rows : (j+1)*rows : (j+1)*rows]
	}
	return columns
}

func fromColumns(columns [][]float64) *mat.Dense {
	if len(columns) == 0 {
		return new(mat.Dense)
	}
	m := mat.NewDense(len(columns[0]), len(columns), nil)
	for j, c := range columns {
		m.SetCol(j, c)
	}
	return m
}

// triangulate makes the matrix upper triangular from the left and returns the
// reflections, one for each column that has one.
func (w *work) triangulate() []reflection {
	var left []reflection
	for j := range min(w.rows, len(w.columns)) {
		left = append(left, w.reflectColumn(j))
	}
	return left
}

// reflectColumn clears column j below the diagonal and changes the columns after
// it to suit.
func (w *work) reflectColumn(j int) reflection {
	r := reflect(w.columns[j][j:], j)
	for _, c := range w.columns[j+1:] {
		r.apply(c)
	}
	return r
}

// triangle returns what is on and above the diagonal.
func (w *work) triangle() *mat.Dense {
	p := min(w.rows, len(w.columns))
	r := mat.NewDense(p, len(w.columns), nil)
	for j, c := range w.columns {
		for i := range min(j+1, p) {
			r.Set(i, j, math.Ldexp(c[i], w.e))
		}
	}
	return r
}

// reflection is I − τ·v·vᵀ (Householder 1958), where v is 0 before index at and
// 1 there.
type reflection struct {
	at  int
	tau float64
	v   []float64 // from at on; the first entry is not read
}

// reflect overwrites x, a vector from index at on, with (β, 0, 0, …) and returns
// the reflection that maps it there: LAPACK's dlarfg.
func reflect(x []float64, at int) reflection {
	below := length(x[1:])
	if below == 0 {
		return reflection{at: at, v: x}
	}
	_, _, beta := rotation(x[0], below)
	beta = -math.Copysign(beta, x[0])
	r := reflection{at, (beta - x[0]) / beta, slices.Clone(x)}
	under := x[0] - beta // |under| ≥ |xᵢ|: no quotient exceeds 1
	for i := range r.v {
		r.v[i] /= under
	}
	clear(x)
	x[0] = beta
	return r
}

// apply reflects c.
func (r reflection) apply(c []float64) {
	if r.tau == 0 {
		return
	}
	v, c := r.v[1:], c[r.at:]
	f := float64(r.tau * (c[0] + dot(v, c[1:])))
	c[0] -= f
	add(c[1:], -f, v)
}

// unit returns the first columns of the product r₁·r₂·… of reflections, whose at
// rises.
func unit(rs []reflection, rows, cols int) [][]float64 {
	columns := split(make([]float64, rows*cols), rows, cols)
	for j, c := range columns {
		c[j] = 1
		for i := len(rs) - 1; i >= 0; i-- {
			if rs[i].at <= j { // others leave the unit vector as it is
				rs[i].apply(c)
			}
		}
	}
	return columns
}
