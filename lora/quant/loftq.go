package quant

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/linalg"
)

// LoftQ is an initialization that fits the quantized base and the adapter
// together (Li et al. 2023, arXiv:2310.08659, algorithm 1), so that training
// starts near the weight it is meant to adapt.
type LoftQ struct {
	Base *Blockwise // the quantized base Q
	A    *mat.Dense // r×k
	B    *mat.Dense // d×r
	// Errors by iteration, in the Frobenius norm. Neither need fall every time:
	// only the second half of a step is a best approximation.
	Steps []LoftQStep
}

// LoftQStep is one iteration.
type LoftQStep struct {
	Base  float64 // ‖W - Q‖
	Start float64 // ‖W - Q - s·B·A‖, what is left when training starts
}

// NewLoftQ quantizes w (d×k) and finds A and B of rank r. An iteration sets
// Q to the quantized W - s·B·A, and then s·B·A to the best rank-r approximation
// of W - Q, split evenly: B = U·√(Σ/s) and A = √(Σ/s)·Vᵀ. scale is the layer's
// scaling s (α/r or α/√r), a positive number. PEFT leaves s out, so that
// its start is the best one only where s = 1, that is α = r; elsewhere it adds
// s times the correction.
//
// Each iteration takes a full SVD of a d×k matrix. It panics if r is not between
// 1 and min(d, k) or iterations is below 1.
func NewLoftQ(w *mat.Dense, f Format, r, iterations int, scale float64) (*LoftQ, error) {
	d, k := w.Dims()
	if r < 1 || r > min(d, k) || iterations < 1 {
		panic(ShapeError{"NewLoftQ", fmt.Sprintf("rank %d, %d iterations", r, iterations), fmt.Sprintf("rank 1 to %d, at least 1 iteration", min(d, k))})
	}
	if !(scale > 0) || math.IsInf(scale, 0) {
		return nil, fmt.Errorf("quant: LoftQ: scaling %v: want a positive number", scale)
	}
	l := &LoftQ{A: mat.NewDense(r, k, nil), B: mat.NewDense(d, r, nil)}
	correction := mat.NewDense(d, k, nil) // s·B·A
	rest := mat.NewDense(d, k, nil)
	for range iterations {
		rest.Sub(w, correction)
		var err error
		if l.Base, err = f.QuantizeDense(rest); err != nil {
			return nil, fmt.Errorf("quant: LoftQ: %w", err)
		}
		rest.Sub(w, l.Base.Dense(d, k))
		step := LoftQStep{Base: linalg.Norm(rest)}
		u, sigma, v, ok := linalg.SVD(rest)
		if !ok {
			return nil, errors.New("quant: LoftQ: the singular value decomposition did not converge")
		}
		for j, σ := range sigma[:r] {
			root := math.Sqrt(σ / scale)
			for i := range d {
				l.B.Set(i, j, root*u.At(i, j))
			}
			for i := range k {
				l.A.Set(j, i, root*v.At(i, j))
			}
		}
		linalg.Mul(correction, scale, linalg.AsIs, l.B, linalg.AsIs, l.A, 0)
		rest.Sub(rest, correction)
		step.Start = linalg.Norm(rest)
		l.Steps = append(l.Steps, step)
	}
	return l, nil
}
