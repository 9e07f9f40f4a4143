package lora

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Scaling is the rule that turns α and r into the factor s before B·A.
type Scaling uint8

const (
	AlphaOverR     Scaling = iota // s = α/r, Hu et al. 2021, section 4.1
	AlphaOverSqrtR                // s = α/√r, rsLoRA, Kalajdzievski 2023
)

func (s Scaling) String() string {
	if s == AlphaOverSqrtR {
		return "α/√r"
	}
	return "α/r"
}

// Factor returns s for a given α and rank r ≥ 1.
func (s Scaling) Factor(alpha float64, r int) float64 {
	if s == AlphaOverSqrtR {
		return alpha / math.Sqrt(float64(r))
	}
	return alpha / float64(r)
}

// Adapter is a low-rank update s·B·A of a d×k weight.
type Adapter struct {
	A     *mat.Dense // r×k
	B     *mat.Dense // d×r
	Alpha float64
	Rule  Scaling
}

// NewAdapter returns an adapter of rank r for a d×k weight with A and B zero.
// Both zero is a state from which training never moves: initialize it (see
// [Scheme]) before training. It panics if a size is not positive.
func NewAdapter(d, k, r int, alpha float64, rule Scaling) *Adapter {
	if d <= 0 || k <= 0 || r <= 0 {
		panic(ShapeError{"NewAdapter", fmt.Sprintf("d=%d k=%d r=%d", d, k, r), "sizes of at least 1"})
	}
	return &Adapter{A: mat.NewDense(r, k, nil), B: mat.NewDense(d, r, nil), Alpha: alpha, Rule: rule}
}

// Dims returns d, k and r. It panics if A and B do not share the rank.
func (a *Adapter) Dims() (d, k, r int) {
	r, k = a.A.Dims()
	d, rb := a.B.Dims()
	if r != rb {
		panic(ShapeError{"Adapter", fmt.Sprintf("A %d×%d, B %d×%d", r, k, d, rb), "A r×k, B d×r"})
	}
	return d, k, r
}

// Scale returns s.
func (a *Adapter) Scale() float64 {
	_, _, r := a.Dims()
	return a.Rule.Factor(a.Alpha, r)
}

// Delta returns ΔW = s·B·A, d×k. It is for looking at and for merging:
// training never forms it, because d·k numbers are what LoRA saves.
func (a *Adapter) Delta() *mat.Dense {
	d, k, _ := a.Dims()
	delta := mat.NewDense(d, k, nil)
	mul(delta, a.Scale(), asIs, a.B, asIs, a.A, 0)
	return delta
}

// Params returns the number of trained parameters, r·(d+k).
func (a *Adapter) Params() int {
	d, k, r := a.Dims()
	return r * (d + k)
}

// Clone returns an adapter with its own copy of A and B.
func (a *Adapter) Clone() *Adapter {
	return &Adapter{A: mat.DenseCopyOf(a.A), B: mat.DenseCopyOf(a.B), Alpha: a.Alpha, Rule: a.Rule}
}
