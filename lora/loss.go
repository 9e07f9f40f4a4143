package lora

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/libm"
)

// Data is a set of n examples: inputs in columns, and what the outputs should
// be, either as values (Y) or as classes (Labels).
type Data struct {
	X      *mat.Dense // k×n
	Y      *mat.Dense // d×n, for MeanSquaredError
	Labels []int      // n values in 0 … d-1, for CrossEntropy
}

// Len returns n.
func (d Data) Len() int {
	_, n := d.X.Dims()
	return n
}

// Loss is what training makes small.
type Loss uint8

const (
	// MeanSquaredError is the mean of (H−Y)² over all d·n elements, as
	// PyTorch's default reduction has it.
	MeanSquaredError Loss = iota
	// CrossEntropy is the mean over examples of −ln softmax(h)[label], in nats.
	CrossEntropy
)

func (l Loss) String() string {
	if l == CrossEntropy {
		return "cross-entropy"
	}
	return "mean squared error"
}

// Unit returns the unit of the loss: "nats", or "" for squared outputs.
func (l Loss) Unit() string {
	if l == CrossEntropy {
		return "nats"
	}
	return ""
}

// Eval returns the loss of outputs h (d×n) against the targets in data and,
// unless gh is nil, sets gh (d×n) to the gradient of the loss by h.
// It panics if data lacks the targets of this loss or has another n.
func (l Loss) Eval(gh, h *mat.Dense, data Data) float64 {
	d, n := h.Dims()
	if gh != nil {
		checkDims("Loss.Eval", "gh", gh, d, n)
	}
	if l == CrossEntropy {
		if len(data.Labels) != n {
			panic(ShapeError{"CrossEntropy", fmt.Sprintf("%d labels", len(data.Labels)), fmt.Sprintf("%d labels", n)})
		}
		return crossEntropy(gh, h, data.Labels)
	}
	checkDims("MeanSquaredError", "Y", data.Y, d, n)
	return meanSquaredError(gh, h, data.Y)
}

func meanSquaredError(gh, h, y *mat.Dense) float64 {
	d, n := h.Dims()
	rh, ry := h.RawMatrix(), y.RawMatrix()
	sum, scale := 0.0, 2/float64(d*n)
	for i := range d {
		hs := rh.Data[i*rh.Stride : i*rh.Stride+n]
		ys := ry.Data[i*ry.Stride : i*ry.Stride+n]
		var gs []float64
		if gh != nil {
			rg := gh.RawMatrix()
			gs = rg.Data[i*rg.Stride : i*rg.Stride+n]
		}
		for j, v := range hs {
			e := v - ys[j]
			sum += float64(e * e)
			if gs != nil {
				gs[j] = scale * e
			}
		}
	}
	return sum / float64(d*n)
}

// crossEntropy subtracts the largest output of a column before it
// exponentiates: softmax does not change, and nothing overflows.
func crossEntropy(gh, h *mat.Dense, labels []int) float64 {
	d, n := h.Dims()
	rh := h.RawMatrix()
	sum := 0.0
	for j, label := range labels {
		if label < 0 || label >= d {
			panic(ShapeError{"CrossEntropy", fmt.Sprintf("label %d", label), fmt.Sprintf("labels 0 … %d", d-1)})
		}
		top := math.Inf(-1)
		for i := range d {
			top = max(top, rh.Data[i*rh.Stride+j])
		}
		z := 0.0
		for i := range d {
			z += libm.Exp(rh.Data[i*rh.Stride+j] - top)
		}
		logZ := libm.Log(z) // less top: adding it would round where outputs are large
		sum += logZ - (rh.Data[label*rh.Stride+j] - top)
		if gh == nil {
			continue
		}
		rg := gh.RawMatrix()
		for i := range d {
			p := libm.Exp(rh.Data[i*rh.Stride+j] - top - logZ)
			if i == label {
				p--
			}
			rg.Data[i*rg.Stride+j] = p / float64(n)
		}
	}
	return sum / float64(n)
}

// Accuracy returns the share of columns of h (d×n) whose largest output is at
// the label.
func Accuracy(h *mat.Dense, labels []int) float64 {
	d, n := h.Dims()
	if len(labels) != n || n == 0 {
		panic(ShapeError{"Accuracy", fmt.Sprintf("%d labels for %d columns", len(labels), n), "one label a column"})
	}
	right := 0
	for j, label := range labels {
		best := 0
		for i := 1; i < d; i++ {
			if h.At(i, j) > h.At(best, j) {
				best = i
			}
		}
		if best == label {
			right++
		}
	}
	return float64(right) / float64(n)
}
