package lora_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// wantGradient compares got with finite differences of loss by x, which it
// leaves as it was. The formula is of fourth order, so that a small h is not
// needed and rounding costs four digits only.
func wantGradient(t *testing.T, what string, got, x []float64, loss func() float64) {
	t.Helper()
	const h, tolerance = 1e-4, 1e-9
	if len(got) != len(x) {
		t.Fatalf("%s: %d entries, want %d", what, len(got), len(x))
	}
	at := func(i int, v float64) float64 {
		old := x[i]
		defer func() { x[i] = old }()
		x[i] = v
		return loss()
	}
	largest := 0.0
	for i, v := range x {
		want := (8*(at(i, v+h)-at(i, v-h)) - (at(i, v+2*h) - at(i, v-2*h))) / (12 * h)
		if diff := math.Abs(got[i] - want); !(diff <= tolerance*max(1, math.Abs(want))) {
			t.Errorf("%s[%d] = %.12g, differences say %.12g", what, i, got[i], want)
		}
		largest = max(largest, math.Abs(want))
	}
	if largest < 1e-6 {
		t.Errorf("%s: all differences vanish: this test would see nothing", what)
	}
}

func numbers(m *mat.Dense) []float64 { return m.RawMatrix().Data }

// wantGradients compares every gradient that is there with differences.
func wantGradients(t *testing.T, net *lora.Network, grads []lora.Gradient, loss func() float64) {
	t.Helper()
	// The loss may compute into the gradients.
	kept := make([]lora.Gradient, len(grads))
	for i, g := range grads {
		if g.A != nil {
			kept[i].A, kept[i].B = mat.DenseCopyOf(g.A), mat.DenseCopyOf(g.B)
		}
		if g.W != nil {
			kept[i].W = mat.DenseCopyOf(g.W)
		}
		kept[i].Bias = append([]float64(nil), g.Bias...)
	}
	for i, g := range kept {
		l := net.Layers[i]
		name := func(what string) string { return fmt.Sprintf("layer %d ∂%s", i, what) }
		if g.A != nil {
			wantGradient(t, name("A"), numbers(g.A), numbers(l.Active().A), loss)
			wantGradient(t, name("B"), numbers(g.B), numbers(l.Active().B), loss)
		}
		if g.W != nil {
			wantGradient(t, name("W"), numbers(g.W), numbers(l.W), loss)
		}
		if len(g.Bias) > 0 {
			wantGradient(t, name("bias"), g.Bias, l.Bias, loss)
		}
	}
}

// task returns examples for k inputs and d outputs, for either loss.
func task(k, d, n int) lora.Data {
	rng := lora.Stream(1, "task")
	data := lora.Data{X: normal(k, n, rng), Y: normal(d, n, rng), Labels: make([]int, n)}
	for i := range data.Labels {
		data.Labels[i] = rng.IntN(d)
	}
	return data
}

// network returns a network with an adapter of rank 2 on the layers named.
func network(widths []int, act lora.Activation, adapted ...int) *lora.Network {
	net := lora.NewNetwork(widths, act, lora.Stream(1, "network"))
	for _, i := range adapted {
		d, k := net.Layers[i].Dims()
		net.Layers[i].Attach("a", anAdapter(d, k, 2, uint64(i)))
	}
	return net
}

var (
	activations = []lora.Activation{lora.ReLU, lora.GELU, lora.Tanh}
	losses      = []lora.Loss{lora.MeanSquaredError, lora.CrossEntropy}
	rules       = []lora.Rule{lora.SGD, lora.Momentum, lora.Adam, lora.AdamW}
)

func TestGradientsOfTraining(t *testing.T) {
	shapes := []struct {
		name    string
		widths  []int
		adapted []int // layers; none trains in full
		batch   int
	}{
		{"one layer", []int{4, 3}, []int{0}, 0},
		{"one layer in full", []int{4, 3}, nil, 0},
		{"two layers", []int{4, 6, 3}, []int{0, 1}, 0},
		{"two layers in full", []int{4, 6, 3}, nil, 0},
		{"the first of two", []int{4, 6, 3}, []int{0}, 0},
		{"the last of two", []int{4, 6, 3}, []int{1}, 0},
		{"three layers", []int{4, 5, 6, 3}, []int{0, 1, 2}, 0},
		{"three layers in full", []int{4, 5, 6, 3}, nil, 0},
		{"the middle of three", []int{4, 5, 6, 3}, []int{1}, 0},
		{"around the middle of three", []int{4, 5, 6, 3}, []int{0, 2}, 0},
		{"mini-batches", []int{4, 6, 3}, []int{0, 1}, 4},
		{"mini-batches in full", []int{4, 6, 3}, nil, 4},
		{"one example at a time", []int{4, 6, 3}, []int{0, 1}, 1},
	}
	for _, s := range shapes {
		for _, act := range activations {
			for _, loss := range losses {
				t.Run(fmt.Sprintf("%s %v %v", s.name, act, loss), func(t *testing.T) {
					net := network(s.widths, act, s.adapted...)
					data := task(s.widths[0], s.widths[len(s.widths)-1], 9)
					trainer := lora.NewTrainer(net, data, lora.Training{
						Loss: loss, Full: len(s.adapted) == 0, Optimizer: lora.NewOptimizer(lora.SGD, 0.01),
						Batch: s.batch, Order: lora.Stream(1, "order")})
					for range 3 { // the batches of the start, and later ones
						trainer.Measure()
						wantGradients(t, net, trainer.Gradients(), trainer.Measure)
						if _, err := trainer.Step(); err != nil {
							t.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// A pass with everything asked for at once, inputs too.
func TestGradientsOfPass(t *testing.T) {
	for _, act := range activations {
		for _, loss := range losses {
			t.Run(fmt.Sprintf("%v %v", act, loss), func(t *testing.T) {
				net := network([]int{4, 5, 6, 3}, act, 0, 2)
				data := task(4, 3, 7)
				pass := lora.NewPass(net, 7)
				evaluate := func() float64 { return loss.Eval(nil, pass.Forward(data.X), data) }

				grads := make([]lora.Gradient, len(net.Layers))
				for i, l := range net.Layers {
					d, k := l.Dims()
					grads[i] = lora.Gradient{W: mat.NewDense(d, k, nil), Bias: make([]float64, d)}
					if a := l.Active(); a != nil {
						_, _, r := a.Dims()
						grads[i].A, grads[i].B = mat.NewDense(r, k, nil), mat.NewDense(d, r, nil)
					}
				}
				grads[0].X = mat.NewDense(4, 7, nil)
				loss.Eval(pass.Outgoing(), pass.Forward(data.X), data)
				pass.Backward(grads)
				wantGradients(t, net, grads, evaluate)
				wantGradient(t, "∂X", numbers(grads[0].X), numbers(data.X), evaluate)
			})
		}
	}
}

func TestGradientsOfLosses(t *testing.T) {
	for _, loss := range losses {
		t.Run(loss.String(), func(t *testing.T) {
			data := task(1, 5, 6)
			h := normal(5, 6, lora.Stream(1, "outputs"))
			gh := mat.NewDense(5, 6, nil)
			loss.Eval(gh, h, data)
			wantGradient(t, "∂H", numbers(gh), numbers(h), func() float64 { return loss.Eval(nil, h, data) })
		})
	}
}
