package linalg

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// SVD returns the thin singular value decomposition m = u·diag(sigma)·vᵀ of a
// d×k matrix: with p = min(d, k), u is d×p and v is k×p, both with orthonormal
// columns, and sigma falls. Where a value is 0 its vectors are orthonormal to
// the others and otherwise arbitrary. ok is false if the iteration did not end,
// which no finite matrix is known to cause.
//
// Reflections from both sides leave two diagonals (Golub and Kahan 1965), which
// rotations then make one (Golub and Reinsch 1970).
func SVD(m mat.Matrix) (u *mat.Dense, sigma []float64, v *mat.Dense, ok bool) {
	if d, k := m.Dims(); d < k {
		v, sigma, u, ok = SVD(m.T())
		return u, sigma, v, ok
	}
	w := newWork(m)
	b, left, right := w.bidiagonalize()
	p := len(b.d)
	b.u, b.v = unit(left, w.rows, p), unit(right, p, p)
	ok = b.diagonalize()
	b.sort()
	scale(b.d, w.e)
	return fromColumns(b.u), b.d, fromColumns(b.v), ok
}

// SingularValues returns the min(d, k) singular values of m, falling, without
// vectors: several times faster than [SVD]. ok is as there.
func SingularValues(m mat.Matrix) (sigma []float64, ok bool) {
	if d, k := m.Dims(); d < k {
		m = m.T()
	}
	w := newWork(m)
	b, _, _ := w.bidiagonalize()
	ok = b.diagonalize()
	b.sort()
	scale(b.d, w.e)
	return b.d, ok
}

// bidiagonalize reduces a matrix with at least as many rows as columns to its
// diagonal and the one above it, by reflections of its columns from the left and
// of its rows from the right.
func (w *work) bidiagonalize() (b *bidiagonal, left, right []reflection) {
	p := len(w.columns)
	b = &bidiagonal{d: make([]float64, p), e: make([]float64, p)}
	row, sum := make([]float64, p), make([]float64, w.rows)
	for j := range p {
		left = append(left, w.reflectColumn(j))
		b.d[j] = w.columns[j][j]
		rest := w.columns[j+1:]
		if len(rest) == 0 {
			break
		}
		row := row[:len(rest)]
		for i, c := range rest {
			row[i] = c[j]
		}
		r := reflect(row, j+1)
		b.e[j] = row[0]
		right = append(right, r)
		if r.tau == 0 {
			continue
		}
		// Rows below times I − τ·v·vᵀ, whole columns at a time.
		sum := sum[:w.rows-j-1]
		copy(sum, rest[0][j+1:])
		for i, c := range rest[1:] {
			add(sum, r.v[i+1], c[j+1:])
		}
		add(rest[0][j+1:], -r.tau, sum)
		for i, c := range rest[1:] {
			add(c[j+1:], -float64(r.tau*r.v[i+1]), sum)
		}
	}
	return b, left, right
}

// bidiagonal is u·B·vᵀ, where B has the diagonal d and above it e, whose last
// entry is 0.
type bidiagonal struct {
	d, e []float64
	u, v [][]float64 // columns; nil if no vectors are wanted
}

// diagonalize rotates until e is 0. It is LINPACK's dsvdc.
func (b *bidiagonal) diagonalize() bool {
	steps := 60 * len(b.d) // 2 to 3 for each value are usual
	for hi := len(b.d) - 1; hi > 0; {
		// From lo to hi nothing above the diagonal is negligible.
		lo := hi
		for lo > 0 && !b.negligible(lo-1) {
			lo--
		}
		if lo == hi {
			hi--
			continue
		}
		if steps--; steps < 0 {
			return false
		}
		if i := b.zero(lo, hi); i == hi {
			b.clearColumn(lo, hi)
		} else if i >= 0 {
			b.clearRow(i, hi)
		} else {
			b.chase(lo, hi)
		}
	}
	return true
}

const epsilon = 0x1p-52

// negligible sets e[i] to 0, and says so, if it is nothing beside its neighbours.
func (b *bidiagonal) negligible(i int) bool {
	// The matrix is scaled: what is this small is nothing in it.
	const least = 1e-290
	if math.Abs(b.e[i]) > least+float64(epsilon*(math.Abs(b.d[i])+math.Abs(b.d[i+1]))) {
		return false
	}
	b.e[i] = 0
	return true
}

// zero sets an entry of the diagonal from lo to hi that is nothing beside its
// neighbours to 0 and returns its index, −1 if there is none.
func (b *bidiagonal) zero(lo, hi int) int {
	for i := hi; i >= lo; i-- {
		beside := 0.0
		if i < hi {
			beside += math.Abs(b.e[i])
		}
		if i > lo {
			beside += math.Abs(b.e[i-1])
		}
		if math.Abs(b.d[i]) <= float64(epsilon*beside) {
			b.d[i] = 0
			return i
		}
	}
	return -1
}

// clearColumn takes out e[hi−1] where d[hi] is 0, rotating the columns above.
func (b *bidiagonal) clearColumn(lo, hi int) {
	f := b.e[hi-1]
	b.e[hi-1] = 0
	for j := hi - 1; j >= lo; j-- {
		c, s, r := rotation(b.d[j], f)
		b.d[j] = r
		if j > lo {
			f = -float64(s * b.e[j-1])
			b.e[j-1] *= c
		}
		b.turn(b.v, j, hi, c, s)
	}
}

// clearRow takes out e[i] where d[i] is 0, rotating the rows below.
func (b *bidiagonal) clearRow(i, hi int) {
	f := b.e[i]
	b.e[i] = 0
	for j := i + 1; j <= hi; j++ {
		c, s, r := rotation(b.d[j], f)
		b.d[j] = r
		f = -float64(s * b.e[j])
		b.e[j] *= c
		b.turn(b.u, j, i, c, s)
	}
}

// chase makes one step of the QR iteration on BᵀB from lo to hi, without forming
// it: a first rotation, chosen by the shift, makes an entry beside the diagonals
// that the others push down and out.
func (b *bidiagonal) chase(lo, hi int) {
	f, g := b.shifted(lo, hi)
	for j := lo; j < hi; j++ {
		c, s, r := rotation(f, g)
		if j > lo {
			b.e[j-1] = r
		}
		f = float64(c*b.d[j]) + float64(s*b.e[j])
		b.e[j] = float64(c*b.e[j]) - float64(s*b.d[j])
		g = float64(s * b.d[j+1])
		b.d[j+1] *= c
		b.turn(b.v, j, j+1, c, s)

		c, s, r = rotation(f, g)
		b.d[j] = r
		f = float64(c*b.e[j]) + float64(s*b.d[j+1])
		b.d[j+1] = float64(c*b.d[j+1]) - float64(s*b.e[j])
		g = float64(s * b.e[j+1])
		b.e[j+1] *= c
		b.turn(b.u, j, j+1, c, s)
	}
	b.e[hi-1] = f
}

// shifted returns the first column of BᵀB − μ·I from lo to hi, divided by
// something, where μ is the eigenvalue of its last 2×2 block that is nearer to
// the last entry (Wilkinson's shift).
func (b *bidiagonal) shifted(lo, hi int) (f, g float64) {
	top := max(math.Abs(b.d[hi]), math.Abs(b.d[hi-1]), math.Abs(b.e[hi-1]), math.Abs(b.d[lo]), math.Abs(b.e[lo]))
	last, before, above := b.d[hi]/top, b.d[hi-1]/top, b.e[hi-1]/top
	first, beside := b.d[lo]/top, b.e[lo]/top
	half := float64((float64((before+last)*(before-last)) + float64(above*above)) / 2)
	cross := float64(last * above)
	cross = float64(cross * cross)
	shift := 0.0
	if half != 0 || cross != 0 {
		shift = cross / (half + math.Copysign(math.Sqrt(float64(half*half)+cross), half))
	}
	return float64((first+last)*(first-last)) + shift, float64(first * beside)
}

// turn rotates two columns of u or v.
func (b *bidiagonal) turn(columns [][]float64, i, j int, c, s float64) {
	if columns != nil {
		rotate(columns[i], columns[j], c, s)
	}
}

// sort makes the values positive and falling.
func (b *bidiagonal) sort() {
	order, d := make([]int, len(b.d)), slices.Clone(b.d)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(math.Abs(d[j]), math.Abs(d[i])) })
	u, v := slices.Clone(b.u), slices.Clone(b.v)
	for to, from := range order {
		b.d[to] = math.Abs(d[from])
		if v == nil {
			continue
		}
		b.u[to], b.v[to] = u[from], v[from]
		if math.Signbit(d[from]) {
			for i := range b.v[to] {
				b.v[to][i] = -b.v[to][i]
			}
		}
	}
}
