package toy

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// PlantedConfig describes a planted problem.
type PlantedConfig struct {
	D, K  int     // size of W
	N     int     // examples to train on, and as many held out
	Rank  int     // rank of the change ΔW*
	Decay float64 // each singular value of ΔW* is this share of the one before
	Noise float64 // standard deviation of the noise on each output, where the change alone has 1
}

// Planted is a layer W₀ that has to become W₀ + ΔW*, where ΔW* is of a rank that
// we chose, and the examples from which it can be learned:
// Y = (W₀ + ΔW*)·X + bias·1ᵀ + noise.
type Planted struct {
	Base        *lora.Network // one layer, W₀ with a bias
	Train, Test lora.Data
	Delta       *mat.Dense // d×k  ΔW*
}

// NewPlanted draws a problem. Inputs are standard normal; ΔW* has random
// directions and is scaled so that ΔW*·x has variance 1 on average.
func NewPlanted(c PlantedConfig, seed uint64) *Planted {
	p := &Planted{
		Base:  lora.NewNetwork([]int{c.K, c.D}, lora.ReLU, lora.Stream(seed, "planted base")),
		Delta: plant(c, seed),
	}
	p.Train = p.examples(c, seed, "planted training examples")
	p.Test = p.examples(c, seed, "planted held-out examples")
	return p
}

// plant returns U·diag(σ)·Vᵀ with U and V from the QR of Gaussian matrices.
func plant(c PlantedConfig, seed uint64) *mat.Dense {
	u, v := directions(c.D, c.Rank, seed, "planted left"), directions(c.K, c.Rank, seed, "planted right")
	energy := 0.0
	for i := range c.Rank {
		energy += math.Pow(c.Decay, 2*float64(i))
	}
	// E‖ΔW·x‖² = ‖ΔW‖²_F for standard normal x; over d outputs that is to be d.
	first := math.Sqrt(float64(c.D) / energy)
	for i := range c.Rank {
		sigma := first * math.Pow(c.Decay, float64(i))
		for row := range c.D {
			u.Set(row, i, u.At(row, i)*sigma)
		}
	}
	delta := mat.NewDense(c.D, c.K, nil)
	delta.Mul(u, v.T())
	return delta
}

// directions returns n×r random orthonormal columns.
func directions(n, r int, seed uint64, purpose string) *mat.Dense {
	var qr mat.QR
	qr.Factorize(gaussian(n, r, seed, purpose))
	var q mat.Dense
	qr.QTo(&q)
	return mat.DenseCopyOf(q.Slice(0, n, 0, r))
}

func gaussian(rows, cols int, seed uint64, purpose string) *mat.Dense {
	rng := lora.Stream(seed, purpose)
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			m.Set(i, j, rng.NormFloat64())
		}
	}
	return m
}

func (p *Planted) examples(c PlantedConfig, seed uint64, purpose string) lora.Data {
	x := gaussian(c.K, c.N, seed, purpose)
	y := p.Base.Predict(x)
	var change mat.Dense
	change.Mul(p.Delta, x)
	y.Add(y, &change)
	noise := gaussian(c.D, c.N, seed, purpose+", noise")
	noise.Scale(c.Noise, noise)
	y.Add(y, noise)
	return lora.Data{X: x, Y: y}
}

// Floors returns, for r = 0 … min(d, k), the lowest mean squared error on the
// training examples that W₀ plus any matrix of rank r can have: reduced-rank
// regression (Izenman 1975). With the residual E = Y − W₀X − bias·1ᵀ and Q an
// orthonormal basis of the rows of X,
//
//	‖E − M·X‖² = ‖E − E·Q·Qᵀ‖² + ‖E·Q − M·X·Q‖²
//
// The first part no M can touch. X·Q is invertible, so in the second M·X·Q is
// any matrix of rank r, and the best one leaves the singular values of E·Q
// beyond the r-th (Eckart and Young 1936).
func (p *Planted) Floors() []float64 {
	x := p.Train.X
	k, n := x.Dims()
	var e mat.Dense
	e.Sub(p.Train.Y, p.Base.Predict(x))
	d, _ := e.Dims()

	inside := &e // with n ≤ k examples in general position the rows of X span everything
	if n > k {
		var qr mat.QR
		qr.Factorize(x.T())
		var q, projected mat.Dense
		qr.QTo(&q)
		projected.Mul(&e, q.Slice(0, n, 0, k))
		inside = &projected
	}
	total, kept := math.Pow(mat.Norm(&e, 2), 2), math.Pow(mat.Norm(inside, 2), 2)
	sigma := lora.SingularValues(inside)
	floors := make([]float64, min(d, k)+1)
	for r := range floors {
		left, _ := lora.TruncationError(sigma, r)
		floors[r] = (max(total-kept, 0) + left*left) / float64(d*n)
	}
	return floors
}
