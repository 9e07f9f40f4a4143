package lora

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/libm"
	"loralab/lora/linalg"
)

// SVD is a singular value decomposition U·diag(Sigma)·Vᵀ of a d×k matrix in
// its thin form: with p values, U is d×p and V is k×p, both with orthonormal
// columns. The values fall. A decomposition of numbers that are not finite, such
// as a run that diverged leaves, is NaN throughout.
type SVD struct {
	U     *mat.Dense // d×p
	Sigma []float64  // p
	V     *mat.Dense // k×p
}

// Decompose returns the SVD of m, with p = min(d, k). It is slow beyond 256×256
// (a second at 512×512): of a larger matrix take [SingularValues], of a product
// of factors [Adapter.SVD].
func Decompose(m mat.Matrix) *SVD {
	u, sigma, v, err := thinSVD("the matrix", mat.DenseCopyOf(m))
	if err != nil {
		d, k := m.Dims()
		p := min(d, k)
		return &SVD{notNumbers(d, p), notNumbers(1, p).RawRowView(0), notNumbers(k, p)}
	}
	return &SVD{u, sigma, v}
}

// SingularValues returns the min(d, k) singular values of m, falling, without
// the vectors: several times faster than [Decompose]. All are NaN if m holds a
// number that is not finite.
func SingularValues(m mat.Matrix) []float64 {
	if checkFinite("the matrix", mat.DenseCopyOf(m)) == nil {
		if sigma, ok := linalg.SingularValues(m); ok {
			return sigma
		}
	}
	d, k := m.Dims()
	return notNumbers(1, min(d, k)).RawRowView(0)
}

func notNumbers(rows, cols int) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	for i, data := 0, values("SVD", m); i < len(data); i++ {
		data[i] = math.NaN()
	}
	return m
}

// SVD returns the decomposition of ΔW = s·B·A, with p = min(d, k, r). With
// B = Q·R and Aᵀ = P·T it is that of the small matrix s·R·Tᵀ, at most r×r,
// between Q and P: O((d+k)·r²) operations, and no d×k matrix is formed. Where
// a value is zero its vectors are orthonormal to the others and otherwise
// arbitrary.
func (a *Adapter) SVD() *SVD {
	core, q, p := a.core()
	svd := Decompose(core)
	d, k, _ := a.Dims()
	u, v := mat.NewDense(d, len(svd.Sigma), nil), mat.NewDense(k, len(svd.Sigma), nil)
	mul(u, 1, asIs, q, asIs, svd.U, 0)
	mul(v, 1, asIs, p, asIs, svd.V, 0)
	return &SVD{u, svd.Sigma, v}
}

// SingularValues returns the min(d, k, r) singular values of ΔW = s·B·A, as
// [Adapter.SVD] does.
func (a *Adapter) SingularValues() []float64 {
	core, _, _ := a.core()
	return SingularValues(core)
}

// core returns the small matrix with s·B·A = q·core·pᵀ.
func (a *Adapter) core() (core, q, p *mat.Dense) {
	a.Dims() // panics if the ranks differ
	q, r := linalg.QR(a.B)
	p, t := linalg.QR(a.A.T())
	rows, _ := r.Dims()
	cols, _ := t.Dims()
	core = mat.NewDense(rows, cols, nil)
	mul(core, a.Scale(), asIs, r, transposed, t, 0)
	return core, q, p
}

// Truncate returns the matrix of rank at most r that is nearest to the one
// decomposed, in the Frobenius and in the spectral norm (Eckart and Young 1936,
// Mirsky 1960): the sum of the first r triplets. r may exceed the number of values.
func (s *SVD) Truncate(r int) *mat.Dense {
	checkRank("SVD.Truncate", r)
	r = min(r, len(s.Sigma))
	d, _ := s.U.Dims()
	k, _ := s.V.Dims()
	nearest := mat.NewDense(d, k, nil)
	if r == 0 {
		return nearest
	}
	left := mat.DenseCopyOf(s.U.Slice(0, d, 0, r))
	for i := range d {
		for j, row := 0, left.RawRowView(i); j < r; j++ {
			row[j] *= s.Sigma[j]
		}
	}
	mul(nearest, 1, asIs, left, transposed, s.V.Slice(0, k, 0, r).(*mat.Dense), 0)
	return nearest
}

// Truncate returns the matrix of rank at most r that is nearest to m. For several
// ranks of one matrix, [Decompose] it once.
func Truncate(m mat.Matrix, r int) *mat.Dense { return Decompose(m).Truncate(r) }

// TruncationError returns how far a matrix of these singular values is from the
// nearest one of rank r: √Σ_{i>r} σᵢ² in the Frobenius norm, σ_{r+1} in the
// spectral norm (Eckart and Young 1936, Mirsky 1960).
func TruncationError(sigma []float64, r int) (frobenius, spectral float64) {
	checkRank("TruncationError", r)
	if r >= len(sigma) {
		return 0, 0
	}
	return norm(sigma[r:]), sigma[r]
}

func checkRank(op string, r int) {
	if r < 0 {
		panic(ShapeError{op, fmt.Sprintf("rank %d", r), "rank of at least 0"})
	}
}

// norm returns √Σσ² of falling values, without overflow or underflow of squares.
func norm(sigma []float64) float64 {
	if len(sigma) == 0 || sigma[0] == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range sigma {
		sum += float64((v / sigma[0]) * (v / sigma[0]))
	}
	return sigma[0] * math.Sqrt(sum)
}

// Energy returns, for i = 0 … len(sigma), the share of Σσ² that the first i of
// the falling values hold: 0 first, 1 last. Without any energy nothing is
// left to hold: all shares are 1.
func Energy(sigma []float64) []float64 {
	share := make([]float64, len(sigma)+1)
	if len(sigma) == 0 || sigma[0] == 0 {
		for i := range share {
			share[i] = 1
		}
		return share
	}
	for i, v := range sigma {
		ratio := v / sigma[0] // the square of a small value itself might be 0
		share[i+1] = share[i] + float64(ratio*ratio)
	}
	total := share[len(sigma)]
	for i := range share {
		share[i] /= total
	}
	return share
}

// RankForEnergy returns the smallest number of directions that hold at least
// that share (0 … 1) of the energy. Where they hold just that share, rounding does not
// ask for one more.
func RankForEnergy(sigma []float64, share float64) int {
	const rounding = 1e-14
	for i, e := range Energy(sigma) {
		if e >= share-rounding {
			return i
		}
	}
	return len(sigma) // NaN, or a share above 1
}

// EffectiveRank returns exp of the entropy (nats) of σ/Σσ (Roy and Vetterli
// 2007, "The effective rank"): the number of directions if all are equally
// strong, fewer the more they differ, never more than the rank. It is 0 without
// any energy.
func EffectiveRank(sigma []float64) float64 {
	if len(sigma) == 0 || sigma[0] == 0 {
		return 0
	}
	sum, entropy := 0.0, 0.0
	for _, v := range sigma {
		sum += v / sigma[0]
	}
	for _, v := range sigma {
		if p := v / sigma[0] / sum; p != 0 { // 0·ln 0 = 0
			entropy -= float64(p * libm.Log(p))
		}
	}
	return libm.Exp(entropy)
}

// StableRank returns Σσ²/σ₁² = ‖·‖²_F/‖·‖²₂ of falling values (Rudelson and
// Vershynin 2007, "numerical rank"): like the rank, but small values hardly count. It
// is 0 without any energy.
func StableRank(sigma []float64) float64 {
	if len(sigma) == 0 || sigma[0] == 0 {
		return 0
	}
	ratio := norm(sigma) / sigma[0]
	return ratio * ratio
}
