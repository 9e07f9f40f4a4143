package toy

import (
	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/linalg"
)

// Floors returns, for r = 0 … min(d, k), the smallest mean squared error on the
// training examples that W₀ + ΔW can have with any ΔW of rank r, and so with
// any adapter of that rank: reduced-rank regression (Izenman 1975; Reinsel and
// Velu 1998, "Multivariate Reduced-Rank Regression") of what the base leaves over,
//
//	E = Y − W₀·X − bias·1ᵀ
//
// Let the rows of Qᵀ be an orthonormal basis of the rows of X. Pythagoras parts
// the error into what no ΔW can reach and what an unrestricted one could
// take away:
//
//	‖E − ΔW·X‖² = ‖E − E·Q·Qᵀ‖² + ‖E·Q − ΔW·X·Q‖²
//
// X·Q has full column rank, so ΔW·X·Q can be any matrix of rank r (at most the
// rank of X), and by Eckart and Young the best one leaves the singular values of E·Q
// beyond the r-th. These are not those of the least squares solution, which
// would count all directions of the input alike, however much the examples vary
// along them.
//
// Q itself is not needed. In the triangle of the QR decomposition of [Xᵀ Eᵀ],
// the columns of Eᵀ hold (E·Q)ᵀ in their first min(n, k) rows and below them what
// is out of reach. The normal equations would be faster and square the
// condition of X. With n ≤ k every E is within reach. The rows of X, or with
// n < k its columns, are taken to be independent, as normal ones are.
func (p *Planted) Floors() []float64 {
	x, e := p.Train.X, new(mat.Dense)
	e.Sub(p.Train.Y, p.Base.Predict(x))
	k, n := x.Dims()
	d, _ := e.Dims()

	both := mat.NewDense(n, k+d, nil)
	both.Slice(0, n, 0, k).(*mat.Dense).Copy(x.T())
	both.Slice(0, n, k, k+d).(*mat.Dense).Copy(e.T())
	triangle := linalg.Triangle(both)
	within := triangle.Slice(0, min(n, k), k, k+d)
	outside := 0.0
	if rows, _ := triangle.Dims(); rows > k {
		norm := linalg.Norm(triangle.Slice(k, rows, k, k+d).(*mat.Dense))
		outside = norm * norm
	}
	sigma := lora.SingularValues(within)
	floors := make([]float64, min(d, k)+1)
	for r := range floors {
		left, _ := lora.TruncationError(sigma, r)
		floors[r] = (outside + float64(left*left)) / float64(d*n)
	}
	return floors
}
