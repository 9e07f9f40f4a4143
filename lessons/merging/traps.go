package merging

import (
	"math"

	"loralab/lessons/train"
	"loralab/lora"
)

// traps makes the common mistakes of merging with the first adapter: those that
// package lora refuses, and those that it cannot detect, because they are valid
// arithmetic.
func (m *study) traps() {
	m.refusals()
	s := m.shared.Layers[0].Adapter(m.names[0]).Scale()
	m.rec.Report("scaling", s)
	m.rec.Report("accuracy-merged", m.accuracyWith(1))
	m.rec.Report("accuracy-unscaled", m.accuracyWith(1/s))
	m.rec.Report("accuracy-alpha", m.accuracyWith(m.s.Real("alpha")/s))
	m.mergedThenLoaded()
}

// accuracyWith returns the accuracy on the first shift when times·ΔW is added
// to W by hand, without the library.
func (m *study) accuracyWith(times float64) float64 {
	net := m.base.Clone()
	for i, l := range net.Layers {
		delta := m.shared.Layers[i].Adapter(m.names[0]).Delta()
		delta.Scale(times, delta)
		l.W.Add(l.W, delta)
	}
	_, accuracy := train.NewEvaluator(net, m.tests[1], lora.CrossEntropy).Evaluate()
	return accuracy
}

// mergedThenLoaded merges the first adapter and then loads one beside the merged
// W: the same one again, and the second. The library knows an adapter by its name
// alone and cannot tell that the base is not the one it was trained on.
func (m *study) mergedThenLoaded() {
	net := m.shared.Clone()
	if err := net.Merge(m.names[0], nil); err != nil {
		m.refuse(err)
		return
	}
	for _, l := range net.Layers {
		l.Attach("again", l.Adapter(m.names[0]).Clone())
	}
	_, accuracy := train.NewEvaluator(net, m.tests[1], lora.CrossEntropy).Evaluate()
	m.rec.Report("accuracy-double", accuracy)
	net.Activate(m.names[1])
	_, accuracy = train.NewEvaluator(net, m.tests[2], lora.CrossEntropy).Evaluate()
	m.rec.Report("accuracy-wrong-base", accuracy)
}

// refusals attempts merges that package lora must refuse, and reports its errors.
// The NaN is in the last layer: a merge that checked layer by layer would have
// written to those before it.
func (m *study) refusals() {
	name := m.names[0]
	net := m.shared.Clone()
	if err := net.Unmerge(name); err != nil {
		m.rec.Report("refused-unmerge", err.Error())
	}
	if err := net.Merge(name, nil); err != nil {
		m.refuse(err)
		return
	}
	if err := net.Merge(name, nil); err != nil {
		m.rec.Report("refused-twice", err.Error())
	}
	net = m.shared.Clone()
	net.Layers[len(net.Layers)-1].Adapter(name).B.Set(0, 0, math.NaN())
	if err := net.Merge(name, nil); err != nil {
		m.rec.Report("refused-nan", err.Error())
	}
	m.rec.Report("refused-changed", changedWeights(m.base, net))
}
