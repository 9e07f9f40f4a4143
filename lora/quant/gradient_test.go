package quant_test

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/quant"
)

// QLoRA trains A and B through a base that is stored quantized: what the layer
// computes with is the dequantized weight, the gradients of A, B and X go
// through it, and the codes stay as they were.
func TestGradientsThroughQuantizedBase(t *testing.T) {
	const d, k, r, n = 7, 11, 3, 5 // 77 weights: a full block and a short one
	rng := lora.Stream(4, "quantized base")
	normal := func(rows, cols int) *mat.Dense {
		m := mat.NewDense(rows, cols, nil)
		m.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, m)
		return m
	}
	for _, name := range quant.Names() {
		book, err := quant.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, double := range []bool{false, true} {
			f := quant.Format{Book: book, Block: 64, Double: double}
			t.Run(f.String(), func(t *testing.T) {
				w := normal(d, k)
				q, err := f.QuantizeDense(w)
				if err != nil {
					t.Fatal(err)
				}
				packed, scales := bytes.Clone(q.Packed), slices.Clone(q.Scales())
				base := q.Dense(d, k)
				l := lora.NewLinear(base, nil)
				a := &lora.Adapter{A: normal(r, k), B: normal(d, r), Alpha: 2}
				l.Attach("x", a)
				x, data := normal(k, n), lora.Data{Y: normal(d, n)}
				h, gh := mat.NewDense(d, n, nil), mat.NewDense(d, n, nil)
				tape := new(lora.Tape)
				loss := func() float64 {
					l.Forward(h, x, tape)
					return lora.MeanSquaredError.Eval(gh, h, data)
				}

				// The layer is (dq(W) + s·B·A)·x, from the codes themselves.
				var want, delta mat.Dense
				delta.Mul(a.B, a.A)
				delta.Scale(a.Scale(), &delta)
				delta.Add(q.Dense(d, k), &delta)
				want.Mul(&delta, x)
				loss()
				if !mat.EqualApprox(h, &want, 1e-12) {
					t.Error("the layer does not compute with the dequantized weight")
				}

				g := lora.Gradient{A: mat.NewDense(r, k, nil), B: mat.NewDense(d, r, nil), X: mat.NewDense(k, n, nil)}
				l.Backward(&g, gh, x, tape)
				for _, c := range []struct {
					what    string
					got, of *mat.Dense
				}{{"∂A", g.A, a.A}, {"∂B", g.B, a.B}, {"∂X", g.X, x}} {
					checkGradient(t, c.what, c.got.RawMatrix().Data, c.of.RawMatrix().Data, loss)
				}

				// A step of training moves A and B, and the codes not by a bit.
				trainer := lora.NewTrainer(&lora.Network{Layers: []*lora.Linear{l}},
					lora.Data{X: x, Y: data.Y}, lora.Training{Optimizer: lora.Optimizer{Rule: lora.SGD, LR: 0.01, RatioB: 1}})
				before := mat.DenseCopyOf(a.B)
				if _, err := trainer.Step(); err != nil {
					t.Fatal(err)
				}
				if mat.Equal(before, a.B) {
					t.Error("the step did not move B: this test would see nothing")
				}
				if !bytes.Equal(q.Packed, packed) || !slices.Equal(q.Scales(), scales) || !mat.Equal(l.W, q.Dense(d, k)) {
					t.Error("training touched the base")
				}
				again, err := f.QuantizeDense(w)
				if err != nil || !bytes.Equal(again.Packed, q.Packed) {
					t.Errorf("the weight quantizes to other codes: %v", err)
				}
			})
		}
	}
}

// checkGradient compares with differences of fourth order.
func checkGradient(t *testing.T, what string, got, x []float64, loss func() float64) {
	t.Helper()
	const h = 1e-4
	largest := 0.0
	for i, v := range x {
		at := func(v float64) float64 {
			x[i] = v
			return loss()
		}
		want := (8*(at(v+h)-at(v-h)) - (at(v+2*h) - at(v-2*h))) / (12 * h)
		x[i] = v
		if !(math.Abs(got[i]-want) <= 1e-8*max(1, math.Abs(want))) {
			t.Errorf("%s[%d] = %.12g, differences say %.12g", what, i, got[i], want)
		}
		largest = max(largest, math.Abs(want))
	}
	if largest < 1e-6 {
		t.Errorf("%s: all differences vanish: this test would see nothing", what)
	}
}
