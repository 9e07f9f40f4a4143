package merging

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/libm"
)

// upright and none name what the finding accuracies has beside the shifts: the
// digits that the base has learned, and no adapter.
const upright, none = "upright", "none"

// swap evaluates every adapter on every shift, by activating one after the other
// on the shared network.
func (m *study) swap() {
	accuracies := m.accuracies()
	m.rec.Report("accuracies", accuracies)
	hardest := m.names[0]
	for _, name := range m.names {
		if accuracies.Cell(name, name) < accuracies.Cell(hardest, hardest) {
			hardest = name
		}
	}
	m.rec.Report("hardest", hardest)
	m.rec.Report("accuracy-hardest", accuracies.Cell(hardest, hardest))
	first, second := m.names[0], m.names[1]
	m.rec.Report("accuracy-before", accuracies.Cell(none, first))
	m.rec.Report("accuracy-first", accuracies.Cell(first, first))
	m.rec.Report("accuracy-second", accuracies.Cell(second, second))
	m.rec.Report("accuracy-wrong", accuracies.Cell(first, second))
	m.rec.Report("accuracy-none", accuracies.Cell(none, second))
	m.rec.Report("wrong-helps", lab.YesNo(accuracies.Cell(first, second) > accuracies.Cell(none, second)))
	m.rec.Report("accuracy-upright", accuracies.Cell(first, upright))
	_, before := train.NewEvaluator(m.base, m.tests[0], lora.CrossEntropy).Evaluate()
	m.rec.Report("forgotten-on", 100*(before-accuracies.Cell(first, upright)))
	m.rec.Report("forgotten-off", 100*(before-accuracies.Cell(none, upright)))
	m.rec.Report("base-change", train.LargestChange(m.base, m.shared))
	changed := 0
	for i, l := range m.shared.Layers {
		changed += train.DifferentBits(l.W, m.base.Layers[i].W)
	}
	m.rec.Report("base-changed", changed)
}

// accuracies has a row for each adapter, no adapter first, and a column for
// upright digits and each shift.
func (m *study) accuracies() lab.Table {
	evaluators := make([]*train.Evaluator, len(m.tests))
	for i, test := range m.tests {
		evaluators[i] = train.NewEvaluator(m.shared, test, lora.CrossEntropy)
	}
	table := lab.Table{Columns: append([]string{upright}, m.names...), Rows: append([]string{none}, m.names...)}
	for _, name := range table.Rows {
		m.shared.Deactivate()
		if name != none {
			m.shared.Activate(name)
		}
		row := make([]float64, len(evaluators))
		for i, e := range evaluators {
			_, row[i] = e.Evaluate()
		}
		table.Values = append(table.Values, row)
	}
	return table
}

// switchOff compares the shared network, all adapters off, with its base. It also
// reports the divergence of the adapted outputs from the base's, for which
// preference training needs a reference policy.
func (m *study) switchOff() {
	outputs, different, largest := 0, 0, 0.0
	for _, test := range m.tests {
		m.shared.Deactivate()
		off, base := m.shared.Predict(test.X), m.base.Predict(test.X)
		d, n := base.Dims()
		outputs += d * n
		different += train.DifferentBits(off, base)
		largest = max(largest, train.LargestDifference(off, base))
	}
	m.rec.Report("outputs", outputs)
	m.rec.Report("digits", m.tests[1].Len())
	m.rec.Report("off-changed", different)
	m.rec.Report("off-difference", largest)

	x := m.tests[1].X
	base := m.base.Predict(x)
	if fresh, err := m.begin(m.names[0]); err == nil {
		m.rec.Report("fresh-changed", train.DifferentBits(fresh.Predict(x), base))
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
		zp, zq := train.LogSumExp(h, j), train.LogSumExp(ref, j)
		for i := range d {
			lp, lq := h.At(i, j)-zp, ref.At(i, j)-zq
			sum += float64(libm.Exp(lp) * (lp - lq))
		}
	}
	return sum / float64(n)
}
