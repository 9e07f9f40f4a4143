package merging

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/quant"
)

// precision is a number format that weights are kept in while merging.
type precision struct {
	name  string
	round func([]float64) // nil keeps float64
}

// precisions are the formats that are compared, the widest first.
func precisions() []precision {
	return []precision{
		{"float64", nil},
		{"float32", quant.Float32.RoundSlice},
		{"fp16", quant.Float16.RoundSlice},
		{"bf16", quant.BFloat16.RoundSlice},
	}
}

// precisionResult is what merging and unmerging do in one precision.
type precisionResult struct {
	difference  float64 // max |merged − unmerged| over the outputs
	flips       int     // digits whose predicted class changes by merging
	swallowed   int     // weights that merging left as they were, though ΔW is not 0 there
	drift       float64 // max |W after merge and unmerge − W before|
	notRestored int     // weights whose bits differ then
	swapped     float64 // accuracy of the base on its own task after all swaps
	swapDrift   float64
	swapMissing int
	refused     error // of package lora; the numbers above are then those from before it
}

// comparePrecisions merges, unmerges and swaps in every precision, side by side.
func (m *study) comparePrecisions(ctx context.Context, tracks []*lab.Track) error {
	all := precisions()
	trials := make([]precisionResult, len(all))
	err := train.SideBySide(ctx, len(all), func(ctx context.Context, i int) (err error) {
		trials[i], err = m.trial(ctx, all[i], tracks[i])
		return err
	})
	if err != nil {
		return err
	}
	m.rec.Report("weights", m.weights())
	var table lab.Table
	for i, t := range trials {
		if t.refused != nil {
			m.refuse(fmt.Errorf("%s: %w", all[i].name, t.refused))
			continue
		}
		m.reportTrial(t, "-"+all[i].name)
		if all[i].name == m.s.Text("precision") {
			m.reportTrial(t, "")
		}
		if train.Finite(t.difference, t.drift, t.swapDrift) {
			table.Rows = append(table.Rows, all[i].name)
			table.Values = append(table.Values, []float64{float64(i), t.difference, t.drift, float64(t.notRestored), t.swapDrift, float64(t.swapMissing)})
		}
	}
	if table.Len() > 0 {
		m.rec.Report("precisions", table)
	}
	return nil
}

// reportTrial records a trial under names with a suffix.
func (m *study) reportTrial(t precisionResult, suffix string) {
	weights := float64(m.weights())
	m.rec.Report("merge-difference"+suffix, t.difference)
	m.rec.Report("merge-flips"+suffix, t.flips)
	m.rec.Report("swallowed"+suffix, float64(t.swallowed)/weights)
	m.rec.Report("merge-exact"+suffix, lab.YesNo(t.difference == 0))
	m.rec.Report("drift"+suffix, t.drift)
	m.rec.Report("not-restored"+suffix, t.notRestored)
	m.rec.Report("not-restored-share"+suffix, float64(t.notRestored)/weights)
	m.rec.Report("swap-drift"+suffix, t.swapDrift)
	m.rec.Report("swap-missing"+suffix, t.swapMissing)
	m.rec.Report("accuracy-swapped"+suffix, t.swapped)
}

// weights is how many entries all W have together.
func (m *study) weights() int {
	sum := 0
	for _, l := range m.base.Layers {
		d, k := l.Dims()
		sum += d * k
	}
	return sum
}

// trial puts base and adapters into a format, merges the first adapter, takes
// it out again, and goes on with the next, as a server would that swaps
// adapters by merging them. The activations stay in float64 throughout, so
// that all differences come from the weights alone.
func (m *study) trial(ctx context.Context, p precision, track *lab.Track) (t precisionResult, err error) {
	net := m.shared.Clone()
	if p.round != nil {
		net.Round(p.round)
	}
	before := net.Clone()
	test := m.tests[1]
	net.Activate(m.names[0])
	unmerged := net.Predict(test.X)
	track.Add(0, 0, 0)
	for swap := range m.s.Whole("swaps") {
		if err := ctx.Err(); err != nil {
			return t, err
		}
		name := m.names[swap%len(m.names)]
		if t.refused = net.Merge(name, p.round); t.refused != nil {
			return t, nil
		}
		if swap == 0 {
			merged := net.Predict(test.X)
			t.difference = train.LargestDifference(merged, unmerged)
			t.flips = differentPredictions(merged, unmerged)
			t.swallowed = swallowedWeights(before, net, name)
		}
		if t.refused = net.Unmerge(name); t.refused != nil {
			return t, nil
		}
		t.swapDrift, t.swapMissing = train.LargestChange(before, net), changedWeights(before, net)
		if swap == 0 {
			t.drift, t.notRestored = t.swapDrift, t.swapMissing
		}
		track.Add(swap+1, t.swapDrift, float64(t.swapMissing))
	}
	net.Deactivate()
	_, t.swapped = train.NewEvaluator(net, m.tests[0], lora.CrossEntropy).Evaluate()
	return t, nil
}

// changedWeights counts the entries of all W whose bits differ.
func changedWeights(a, b *lora.Network) int {
	sum := 0
	for i, l := range a.Layers {
		sum += train.DifferentBits(l.W, b.Layers[i].W)
	}
	return sum
}

// swallowedWeights counts the entries that merging leaves unchanged although the
// adapter's ΔW is not 0 there: it is less than half the distance to the next number
// of the format.
func swallowedWeights(before, after *lora.Network, name string) int {
	count := 0
	for i, l := range after.Layers {
		d, k := l.Dims()
		delta := l.Adapter(name).Delta()
		for row := range d {
			for col := range k {
				if delta.At(row, col) != 0 && l.W.At(row, col) == before.Layers[i].W.At(row, col) {
					count++
				}
			}
		}
	}
	return count
}

// differentPredictions counts the columns (examples) whose largest entries are in
// different rows (classes).
func differentPredictions(a, b *mat.Dense) int {
	_, n := a.Dims()
	count := 0
	for j := range n {
		if train.PredictedClass(a, j) != train.PredictedClass(b, j) {
			count++
		}
	}
	return count
}
