package lora

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/linalg"
)

// The two schemes here move a part of W into the adapter and leave the rest
// as the base, so that s·B·A + base is W up to rounding and the output at step
// 0 is the original's, though neither A nor B is zero. The price: switching the
// adapter off gives the residual, not the original model.

// pissa sets s·B·A to the best approximation of w (d×k) of rank r, by the r largest
// singular values σ with their vectors u and v, shared out evenly: with
// W = Σ σᵢ·uᵢ·vᵢᵀ, row i of A is √(σᵢ/s)·vᵢᵀ and column i of B is √(σᵢ/s)·uᵢ
// (Meng et al. 2024; the division by s is PEFT's).
func pissa(a *Adapter, w *mat.Dense) error {
	u, sigma, v, err := thinSVD("W", w)
	if err != nil {
		return err
	}
	_, _, r := a.Dims()
	s := a.Scale()
	for i := range r {
		root := math.Sqrt(sigma[i] / s)
		a.A.SetRow(i, scaledColumn(v, i, root))
		a.B.SetCol(i, scaledColumn(u, i, root))
	}
	return nil
}

// olora sets B to the first r columns of Q and A to the first r rows of R in
// W = Q·R (Büyükakyüz 2024). Unlike pissa, and as in PEFT, they are not divided by s, so
// that with s > 1 the base loses more than the projection that B·A is.
//
// The first r columns of Q depend on the first r columns of W alone, so no
// more is factored, and A = Qᵀ·W, which is R: B·A projects W on the span of its
// first r columns. Nothing but the order of the inputs chooses these.
func olora(a *Adapter, w *mat.Dense) error {
	if err := checkFinite("W", w); err != nil {
		return err
	}
	d, _, r := a.Dims()
	q, _ := linalg.QR(w.Slice(0, d, 0, r))
	a.B.Copy(q)
	mul(a.A, 1, transposed, a.B, asIs, w, 0)
	return nil
}

// eva sets the rows of A to the r leading principal directions of the inputs x
// (k×n): orthonormal, largest variance first. As in PEFT the mean input is
// subtracted before; its rank redistribution between layers is left out, so
// that every layer keeps the rank it was given.
func eva(a *Adapter, x *mat.Dense) error {
	_, k, r := a.Dims()
	_, n := x.Dims()
	checkDims("EVA", "inputs", x, k, n)
	centred := mat.DenseCopyOf(x)
	for i := range k {
		row := centred.RawRowView(i)
		mean := 0.0
		for _, v := range row {
			mean += v
		}
		mean /= float64(n)
		for j := range row {
			row[j] -= mean
		}
	}
	u, _, _, err := thinSVD("X less its mean", centred)
	if err != nil {
		return err
	}
	for i := range r {
		a.A.SetRow(i, scaledColumn(u, i, 1))
	}
	return nil
}

// baseInputs returns what each layer is given when x (k×n) goes through the
// network with all adapters off.
func (net *Network) baseInputs(x *mat.Dense) []*mat.Dense {
	base := &Network{Activation: net.Activation}
	for _, l := range net.Layers {
		base.Layers = append(base.Layers, &Linear{W: l.W, Bias: l.Bias, active: -1})
	}
	_, n := x.Dims()
	p := NewPass(base, n)
	p.Forward(x)
	inputs := make([]*mat.Dense, len(base.Layers))
	for i := range inputs {
		inputs[i] = p.input(i)
	}
	return inputs
}

// thinSVD returns m = u·diag(sigma)·vᵀ with the singular values falling. The
// error is a [*NotFinite] under the given name, or that the iteration failed.
func thinSVD(name string, m *mat.Dense) (u *mat.Dense, sigma []float64, v *mat.Dense, err error) {
	if err := checkFinite(name, m); err != nil {
		return nil, nil, nil, err
	}
	u, sigma, v, ok := linalg.SVD(m)
	if !ok {
		return nil, nil, nil, errors.New("the singular value decomposition of " + name + " did not converge")
	}
	return u, sigma, v, nil
}

// scaledColumn returns column j of m times c.
func scaledColumn(m *mat.Dense, j int, c float64) []float64 {
	col := mat.Col(nil, j, m)
	for i := range col {
		col[i] *= c
	}
	return col
}
