package lora_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// Between two layers that change nothing stands the activation alone.
func TestActivations(t *testing.T) {
	one := mat.NewDense(1, 1, []float64{1})
	for _, row := range []struct {
		act  lora.Activation
		z, y float64
	}{
		{lora.ReLU, -2, 0}, {lora.ReLU, 0, 0}, {lora.ReLU, 3, 3},
		// z·Φ(z), with the values of Φ that tables of the normal distribution give
		{lora.GELU, 0, 0}, {lora.GELU, 1, 0.8413447460685429}, {lora.GELU, -1, -0.15865525393145705}, {lora.GELU, 40, 40}, {lora.GELU, -40, 0},
		{lora.Tanh, 0.5, 0.46211715726000979}, {lora.Tanh, -50, -1},
	} {
		net := &lora.Network{Layers: []*lora.Linear{lora.NewLinear(one, nil), lora.NewLinear(one, nil)}, Activation: row.act}
		got := net.Predict(mat.NewDense(1, 1, []float64{row.z})).At(0, 0)
		if math.Abs(got-row.y) > 1e-15*max(1, math.Abs(row.y)) {
			t.Errorf("%v(%v) = %.17g, want %.17g", row.act, row.z, got, row.y)
		}
	}
}

func TestLosses(t *testing.T) {
	column := func(v ...float64) *mat.Dense { return mat.NewDense(len(v), 1, v) }
	for _, row := range []struct {
		name string
		loss lora.Loss
		h    *mat.Dense
		data lora.Data
		want float64
	}{
		{"all outputs equal", lora.CrossEntropy, column(7, 7, 7, 7), lora.Data{Labels: []int{2}}, math.Log(4)},
		{"odds of three to one", lora.CrossEntropy, column(math.Log(3), 0), lora.Data{Labels: []int{0}}, math.Log(4. / 3)},
		{"exp would overflow", lora.CrossEntropy, column(0, 1000), lora.Data{Labels: []int{0}}, 1000},
		{"exp would underflow", lora.CrossEntropy, column(-1000, -1000), lora.Data{Labels: []int{0}}, math.Ln2},
		{"certain and right", lora.CrossEntropy, column(800, 0), lora.Data{Labels: []int{0}}, 0},
		{"mean over examples", lora.CrossEntropy, mat.NewDense(2, 2, []float64{0, 0, 0, math.Log(3)}), lora.Data{Labels: []int{0, 0}}, (math.Log(2) + math.Log(4)) / 2},
		{"mean over all elements", lora.MeanSquaredError, mat.NewDense(2, 2, []float64{1, 2, 3, 4}), lora.Data{Y: mat.NewDense(2, 2, []float64{1, 0, 0, 0})}, (4. + 9 + 16) / 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			gh := mat.DenseCopyOf(row.h)
			got := row.loss.Eval(gh, row.h, row.data)
			if math.Abs(got-row.want) > 1e-14*max(1, row.want) {
				t.Errorf("%v = %.17g, want %.17g", row.loss, got, row.want)
			}
			if without := row.loss.Eval(nil, row.h, row.data); without != got {
				t.Errorf("%v = %v without a gradient and %v with one", row.loss, without, got)
			}
			for _, g := range numbers(gh) {
				if math.IsNaN(g) || math.IsInf(g, 0) {
					t.Errorf("gradient %v", mat.Formatted(gh))
				}
			}
		})
	}
}

func TestAccuracy(t *testing.T) {
	h := mat.NewDense(3, 4, []float64{
		9, 1, 0, 2,
		1, 8, 0, 3,
		2, 2, 7, 1,
	})
	if got := lora.Accuracy(h, []int{0, 1, 2, 0}); got != 0.75 {
		t.Errorf("accuracy %v, want 0.75", got)
	}
}

func TestLossNames(t *testing.T) {
	if lora.CrossEntropy.Unit() != "nats" || lora.MeanSquaredError.Unit() != "" {
		t.Error("cross-entropy is in nats, squared outputs have no unit of their own")
	}
}
