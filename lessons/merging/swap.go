package merging

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// swap judges every adapter on every shift, by activating one after the other
// on the shared network.
func (m *mergeRun) swap() {
	evaluators := make([]*train.Evaluator, len(m.tests))
	for i, test := range m.tests {
		evaluators[i] = train.NewEvaluator(m.shared, test, lora.CrossEntropy)
	}
	evaluate := func() []float64 {
		row := make([]float64, len(evaluators))
		for i, e := range evaluators {
			_, row[i] = e.Evaluate()
		}
		return row
	}
	m.shared.Deactivate()
	rows := [][]float64{evaluate()}
	for _, name := range m.names {
		m.shared.Activate(name)
		rows = append(rows, evaluate())
	}
	m.rec.Report("accuracies", rows)
	hardest := 0
	for i := range m.names {
		if rows[i+1][i+1] < rows[hardest+1][hardest+1] {
			hardest = i
		}
	}
	m.rec.Report("hardest", m.names[hardest])
	m.rec.Report("accuracy-hardest", rows[hardest+1][hardest+1])
	m.rec.Report("accuracy-before", rows[0][1])
	m.rec.Report("accuracy-first", rows[1][1])
	m.rec.Report("accuracy-second", rows[2][2])
	m.rec.Report("accuracy-wrong", rows[1][2])
	m.rec.Report("accuracy-none", rows[0][2])
	m.rec.Report("wrong-helps", lab.YesNo(rows[1][2] > rows[0][2]))
	m.rec.Report("accuracy-upright", rows[1][0])
	m.rec.Report("base-change", train.LargestChange(m.base, m.shared))
	changed := 0
	for i, l := range m.shared.Layers {
		changed += differentBits(l.W, m.base.Layers[i].W)
	}
	m.rec.Report("base-changed", changed)
}

// switchOff compares the shared network with its base, all adapters off, and
// reads off what a reference policy is needed for: how far training has moved.
func (m *mergeRun) switchOff() {
	outputs, different, apart := 0, 0, 0.0
	for _, test := range m.tests {
		m.shared.Deactivate()
		off, base := m.shared.Predict(test.X), m.base.Predict(test.X)
		d, n := base.Dims()
		outputs += d * n
		different += differentBits(off, base)
		apart = max(apart, train.LargestDifference(off, base))
	}
	m.rec.Report("outputs", outputs)
	m.rec.Report("digits", m.tests[1].Len())
	m.rec.Report("off-changed", different)
	m.rec.Report("off-difference", apart)

	x := m.tests[1].X
	base := m.base.Predict(x)
	if fresh, err := m.begin(m.names[0]); err == nil {
		m.rec.Report("fresh-changed", differentBits(fresh.Predict(x), base))
		m.rec.Report("kl-start", meanDivergence(fresh.Predict(x), base))
	}
	m.shared.Activate(m.names[0])
	on := m.shared.Predict(x)
	m.shared.Deactivate()
	m.rec.Report("on-difference", train.LargestDifference(on, base))
	m.rec.Report("kl-trained", meanDivergence(on, m.shared.Predict(x)))
	m.rec.Report("kl-error", math.Abs(meanDivergence(on, m.shared.Predict(x))-meanDivergence(on, base)))
}

// meanDivergence returns the mean over examples (columns) of KL(p‖q) in nats,
// for p and q the softmax of h and of ref.
func meanDivergence(h, ref *mat.Dense) float64 {
	d, n := h.Dims()
	sum := 0.0
	for j := range n {
		zp, zq := logSumExp(h, j), logSumExp(ref, j)
		for i := range d {
			lp, lq := h.At(i, j)-zp, ref.At(i, j)-zq
			sum += math.Exp(lp) * (lp - lq)
		}
	}
	return sum / float64(n)
}

// logSumExp returns ln Σᵢ exp(h[i,j]).
func logSumExp(h *mat.Dense, j int) float64 {
	d, _ := h.Dims()
	top := math.Inf(-1)
	for i := range d {
		top = max(top, h.At(i, j))
	}
	sum := 0.0
	for i := range d {
		sum += math.Exp(h.At(i, j) - top)
	}
	return top + math.Log(sum)
}

// differentBits counts the entries in which two matrices are not the same to
// the last bit.
func differentBits(a, b *mat.Dense) int {
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
