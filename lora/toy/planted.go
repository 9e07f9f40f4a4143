package toy

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/linalg"
)

// PlantedConfig describes a planted problem.
type PlantedConfig struct {
	D, K  int     // size of W
	N     int     // examples to train on, and as many held out
	Rank  int     // rank of the change ΔW*, 1 … min(D, K)
	Decay float64 // each singular value of ΔW* is this share of the one before: 1 for flat; above 0
	Noise float64 // standard deviation of the noise on each output, where the change has 1
}

func (c PlantedConfig) check() {
	if c.D < 1 || c.K < 1 || c.N < 1 || c.Rank < 1 || c.Rank > min(c.D, c.K) || !(c.Decay > 0 && c.Decay <= 1) || !(c.Noise >= 0 && c.Noise <= math.MaxFloat64) {
		panic(lora.ShapeError{Op: "NewPlanted", Got: fmt.Sprintf("%+v", c), Want: "sizes of at least 1, a rank of 1 … min(D, K), a decay of 0 … 1, noise of at least 0"})
	}
}

// Planted is a layer W₀ that has to become W₀ + ΔW*, where ΔW* has a rank that
// we chose, and the examples from which it can learn to:
//
//	Y = (W₀ + ΔW*)·X + bias·1ᵀ + noise
type Planted struct {
	Base        *lora.Network // one layer, W₀ with a bias
	Train, Test lora.Data
	Delta       *mat.Dense // d×k  ΔW*
}

// NewPlanted draws a problem from the seed. Inputs are standard normal; the
// directions of ΔW* are uniform, and it is scaled so that an output of ΔW*·x has
// variance 1, averaged over outputs. The same seed gives the same W₀, inputs
// and, but for its size, noise, whatever the rank and the decay.
func NewPlanted(c PlantedConfig, seed uint64) *Planted {
	c.check()
	p := &Planted{
		Base:  lora.NewNetwork([]int{c.K, c.D}, lora.ReLU, lora.Stream(seed, "planted base")),
		Delta: plant(c, seed),
	}
	p.Train = p.examples(c, seed, "planted training examples")
	p.Test = p.examples(c, seed, "planted held-out examples")
	return p
}

// plant returns U·diag(σ)·Vᵀ with U and V from the SVD of normal matrices.
func plant(c PlantedConfig, seed uint64) *mat.Dense {
	delta := &lora.SVD{
		U:     lora.Decompose(gaussian(c.D, c.Rank, seed, "planted left directions")).U,
		Sigma: make([]float64, c.Rank),
		V:     lora.Decompose(gaussian(c.K, c.Rank, seed, "planted right directions")).U,
	}
	energy := 0.0
	for i := range delta.Sigma {
		delta.Sigma[i] = math.Pow(c.Decay, float64(i))
		energy += float64(delta.Sigma[i] * delta.Sigma[i])
	}
	// E‖ΔW·x‖² is ‖ΔW‖²_F for standard normal x, and is to be d.
	for i := range delta.Sigma {
		delta.Sigma[i] *= math.Sqrt(float64(c.D) / energy)
	}
	return delta.Truncate(c.Rank)
}

func gaussian(rows, cols int, seed uint64, purpose string) *mat.Dense {
	rng := lora.Stream(seed, purpose)
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j, row := 0, m.RawRowView(i); j < cols; j++ {
			row[j] = lora.Normal(rng)
		}
	}
	return m
}

func (p *Planted) examples(c PlantedConfig, seed uint64, purpose string) lora.Data {
	x := gaussian(c.K, c.N, seed, purpose)
	y, noise := p.Base.Predict(x), gaussian(c.D, c.N, seed, purpose+", noise")
	change := mat.NewDense(c.D, c.N, nil)
	linalg.Mul(change, 1, linalg.AsIs, p.Delta, linalg.AsIs, x, 0)
	noise.Scale(c.Noise, noise)
	y.Add(y, change)
	y.Add(y, noise)
	return lora.Data{X: x, Y: y}
}
