package quantization

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/linalg"
	"loralab/lora/quant"
)

// mergeTargets are the bases that a trained QLoRA adapter can be merged into,
// in the order in which the finding "merges" holds them.
var mergeTargets = [...]struct{ name, label string }{
	{"4bit", "quantized base"},
	{"original", "original in 16 bits"},
	{"dequantized", "dequantized in 16 bits"},
}

// mergeBack merges the trained adapter into each of the bases and compares with
// what was trained: the adapter beside the quantized base.
func (q *quantized) mergeBack() {
	if q.qlora.Diverged != nil {
		return
	}
	merged := make([]*lora.Network, len(mergeTargets))
	for i := range merged {
		merged[i] = q.qlora.net.Clone()
		merged[i].Deactivate()
	}
	var changed, codes, bytes int
	var along, size float64
	for i, l := range q.qlora.net.Layers {
		delta := l.Active().Delta()
		d, k := delta.Dims()
		before := q.base.codes[i]
		after, n, err := before.Merge(quant.Float32s(delta))
		if err != nil { // an update too large for the format
			q.note("merging the adapter of layer %d: %v", i+1, err)
			return
		}
		changed += n
		codes += after.N
		for j, b := range after.Packed {
			if b != before.Packed[j] {
				bytes++
			}
		}
		merged[0].Layers[i].W.Copy(after.Dense(d, k))
		// What of the update is in the merged base: its component along the update.
		var arrived mat.Dense
		arrived.Sub(merged[0].Layers[i].W, l.W)
		along += inner(&arrived, delta)
		size += inner(delta, delta)

		merged[1].Layers[i].W.Copy(sumInBF16(q.p.Base.Layers[i].W, delta))
		merged[2].Layers[i].W.Copy(sumInBF16(l.W, delta))
	}
	q.rec.Report("merge-codes", changed)
	q.rec.Report("merge-codes-share", float64(changed)/float64(codes))
	q.rec.Report("merge-bytes", bytes)
	if size > 0 {
		q.rec.Report("merge-kept", along/size)
	}
	q.compareMerged(merged)
}

// sumInBF16 returns w + delta as a model in bfloat16 holds it: w is rounded, and
// the sum again.
func sumInBF16(w, delta *mat.Dense) *mat.Dense {
	sum := mat.DenseCopyOf(w)
	quant.BFloat16.RoundSlice(sum.RawMatrix().Data)
	sum.Add(sum, delta)
	quant.BFloat16.RoundSlice(sum.RawMatrix().Data)
	return sum
}

// compareMerged compares the outputs of the merged networks with those of the
// trained one, on held-out digits of the task.
func (q *quantized) compareMerged(merged []*lora.Network) {
	trained := q.qlora.net.Predict(q.p.Test.X)
	size := linalg.Norm(trained)
	var rows [][]float64
	nearest, closest := math.Inf(1), ""
	for i, t := range mergeTargets {
		h := merged[i].Predict(q.p.Test.X)
		off, accuracy := frobenius(h, trained)/size, lora.Accuracy(h, q.p.Test.Labels)
		if !train.Finite(off) {
			q.note("merged, %s: outputs that are not finite", t.label)
			return
		}
		rows = append(rows, []float64{off, accuracy})
		q.rec.Report("merge-error-"+t.name, off)
		q.rec.Report("merge-accuracy-"+t.name, accuracy)
		if off < nearest {
			nearest, closest = off, t.label
		}
	}
	q.rec.Report("merges", rows)
	q.rec.Report("merge-closest", closest)
}

// inner returns Σ aᵢⱼ·bᵢⱼ.
func inner(a, b *mat.Dense) float64 {
	rows, _ := a.Dims()
	sum := 0.0
	for i := range rows {
		for j, v := range a.RawRowView(i) {
			sum += float64(v * b.At(i, j))
		}
	}
	return sum
}

// frobenius returns the Frobenius norm of a − b.
func frobenius(a, b *mat.Dense) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return linalg.Norm(&diff)
}
