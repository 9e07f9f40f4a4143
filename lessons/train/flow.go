package train

import (
	"slices"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lora"
	"loralab/lora/linalg"
)

// FlowSpecs declares what a [Flow] records and [FlowFigure] draws.
func FlowSpecs() []lab.Spec {
	return []lab.Spec{
		{Name: "flow", Label: "one example on its way through layer 1: x, Wx, A·x, s·B·A·x, h; some entries of each", Kind: lab.KindMatrix, Rows: flowRows[:]},
		{Name: "flow-sizes", Label: "step, ‖Wx‖, ‖s·B·A·x‖, ‖h‖, ‖A‖, ‖B‖, ‖∂L/∂A‖, ‖∂L/∂B‖ on that way, and the digit", Kind: lab.KindMatrix,
			Columns: []string{"step", "main", "side", "out", "size-a", "size-b", "grad-a", "grad-b", "label"}},
	}
}

// flowRows are what is recorded of the example: x, and what comes of it.
var flowRows = [...]string{"x", "main", "mid", "side", "out"}

// flowInputs and flowValues are how many entries of x and of the other vectors are
// recorded. An image of 8×8 is recorded whole.
const (
	flowInputs = 64
	flowValues = 32
)

// Flow follows one held-out example through the first layer of a network whose
// adapter is active. The bias, frozen as W is, is left out.
type Flow struct {
	rec                  *lab.Recorder
	layer                *lora.Linear
	x                    *mat.Dense // k×1
	label                int        // the digit, -1 for none
	main, mid, side, out *mat.Dense
}

// flowDigit is the digit that is followed: one that is still seen to be turned in 8×8
// pixels.
const flowDigit = 3

// NewFlow follows an example of data through net.
func NewFlow(rec *lab.Recorder, net *lora.Network, data lora.Data) *Flow {
	l := net.Layers[0]
	d, k := l.Dims()
	f := &Flow{rec: rec, layer: l, label: -1, main: mat.NewDense(d, 1, nil), side: mat.NewDense(d, 1, nil), out: mat.NewDense(d, 1, nil)}
	at := 0
	if data.Labels != nil {
		at = max(0, slices.Index(data.Labels, flowDigit))
		f.label = data.Labels[at]
	}
	f.x = mat.DenseCopyOf(data.X.Slice(0, k, at, at+1))
	r, _ := l.Active().A.Dims()
	f.mid = mat.NewDense(r, 1, nil)
	return f
}

// Look reports the example's way at a step. At step 0 it reports the gradients that the
// first step will follow, later those that the last step has followed: by all A
// together, and by all B.
func (f *Flow) Look(step int, t *lora.Trainer) {
	if step == 0 {
		t.Measure()
	}
	gradA, gradB := t.GradientNorms()
	f.Report(step, gradA, gradB)
}

// Report reports the example's way at a step, with norms of gradients.
func (f *Flow) Report(step int, gradA, gradB float64) {
	a := f.layer.Active()
	linalg.Mul(f.main, 1, linalg.AsIs, f.layer.W, linalg.AsIs, f.x, 0)
	linalg.Mul(f.mid, 1, linalg.AsIs, a.A, linalg.AsIs, f.x, 0)
	linalg.Mul(f.side, a.Scale(), linalg.AsIs, a.B, linalg.AsIs, f.mid, 0)
	f.out.Add(f.main, f.side)
	some := func(m *mat.Dense, most int) []float64 {
		rows, _ := m.Dims()
		values := make([]float64, min(rows, most))
		for i := range values {
			values[i] = m.At(i*rows/len(values), 0)
		}
		return values
	}
	f.rec.Report("flow", [][]float64{some(f.x, flowInputs), some(f.main, flowValues), some(f.mid, flowValues), some(f.side, flowValues), some(f.out, flowValues)})
	f.rec.Report("flow-sizes", [][]float64{{float64(step), linalg.Norm(f.main), linalg.Norm(f.side), linalg.Norm(f.out),
		linalg.Norm(a.A), linalg.Norm(a.B), gradA, gradB, float64(f.label)}})
}
