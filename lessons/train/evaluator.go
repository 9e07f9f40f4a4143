package train

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// Evaluator measures a network on a fixed set of examples. Repeated evaluation
// allocates nothing.
type Evaluator struct {
	net  *lora.Network
	pass *lora.Pass
	data lora.Data
	loss lora.Loss
}

// NewEvaluator returns an evaluator of net on data. It sees every later change
// of the network.
func NewEvaluator(net *lora.Network, data lora.Data, loss lora.Loss) *Evaluator {
	return &Evaluator{net, lora.NewPass(net, data.Len()), data, loss}
}

// Evaluate returns the loss and, for classes, the accuracy as a share of 1
// (0 otherwise).
func (e *Evaluator) Evaluate() (loss, accuracy float64) {
	h := e.pass.Forward(e.data.X)
	loss = e.loss.Eval(nil, h, e.data)
	if e.data.Labels != nil {
		accuracy = lora.Accuracy(h, e.data.Labels)
	}
	return loss, accuracy
}

// LargestDifference returns max |a − b| over the entries of two matrices of one
// shape.
func LargestDifference(a, b *mat.Dense) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return max(mat.Max(&diff), -mat.Min(&diff))
}

// DifferentBits counts the entries in which two matrices of one shape are not the same
// to the last bit.
func DifferentBits(a, b *mat.Dense) int {
	rows, cols := a.Dims()
	count := 0
	for i := range rows {
		for j := range cols {
			if math.Float64bits(a.At(i, j)) != math.Float64bits(b.At(i, j)) {
				count++
			}
		}
	}
	return count
}

// LargestChange returns the largest absolute difference between the frozen
// parts, W and bias, of two networks of the same widths.
func LargestChange(a, b *lora.Network) float64 {
	largest := 0.0
	for i, l := range b.Layers {
		largest = max(largest, LargestDifference(l.W, a.Layers[i].W))
		for j, bias := range l.Bias {
			largest = max(largest, math.Abs(bias-a.Layers[i].Bias[j]))
		}
	}
	return largest
}

// Finite reports whether all values are finite: the rows of a matrix are
// recorded whole or not at all.
func Finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
