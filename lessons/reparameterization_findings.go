package lessons

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// comparison turns outcomes into findings.
type comparison struct {
	rec    *Recorder
	p      *problem
	s      Settings
	before outcome // the base on the new task
	full   outcome
}

func (c *comparison) diverged(what string, o outcome) {
	if o.diverged != nil {
		c.rec.Find("diverged", fmt.Sprintf("%s: %v", what, o.diverged))
	}
}

func (c *comparison) outcome(name string, o outcome) {
	c.diverged(name, o)
	c.rec.Find("params-"+name, o.params)
	if o.diverged != nil {
		return
	}
	c.rec.Find("loss-"+name, o.loss)
	if c.p.digits() {
		c.rec.Find("accuracy-"+name, o.accuracy)
	}
}

// fullFineTuning takes ΔW, the difference between the fine-tuned weights and
// the base, apart.
func (c *comparison) fullFineTuning(net *lora.Network) {
	c.outcome("full", c.full)
	c.rec.Find("full-steps-per-second", c.full.stepsPerSecond())
	if c.full.diverged != nil {
		return
	}
	var spectra [][]float64
	var deltas []*mat.Dense
	kept, total := 0.0, 0.0
	for i, l := range net.Layers {
		var delta mat.Dense
		delta.Sub(l.W, c.p.base.Layers[i].W)
		deltas = append(deltas, &delta)
		sigma := lora.SingularValues(&delta)
		spectra = append(spectra, sigma)
		for j, v := range sigma {
			total += v * v
			if j < c.s.Whole("rank") {
				kept += v * v
			}
		}
	}
	c.rec.Find("singular-values", spectra)
	if total > 0 {
		c.rec.Find("delta-energy", kept/total)
		c.rec.Find("delta-rank-90", lora.RankForEnergy(spectra[0], 0.9))
	}
	c.rec.Find("delta-directions", len(spectra[0]))
	c.rec.Find("delta-full", averaged(deltas[0], heatRows, heatCols))
	c.truncated(deltas)
}

// truncated judges the base plus ΔW cut to rank r in every layer (Eckart and
// Young 1936): how well the best approximation of the full update does.
func (c *comparison) truncated(deltas []*mat.Dense) {
	net := c.p.base.Clone()
	e := c.p.exam(net)
	parts := make([]*lora.SVD, len(deltas))
	for i, delta := range deltas {
		parts[i] = lora.Decompose(delta)
	}
	var rows [][]float64
	for _, r := range sweptRanks {
		for i, part := range parts {
			net.Layers[i].W.Add(c.p.base.Layers[i].W, part.Truncate(r))
		}
		// The biases are part of full fine-tuning's update and not of ΔW; LoRA has
		// none either, so they stay at the base's.
		loss, accuracy := e.sit()
		rows = append(rows, []float64{float64(r), loss, accuracy})
	}
	c.rec.Find("truncated", rows)
}

// Heat maps are averaged to at most this size: more than a terminal shows.
const heatRows, heatCols = 32, 64

// lora compares the adapted network with its base.
func (c *comparison) lora(o outcome, net *lora.Network) {
	c.outcome("lora", o)
	c.rec.Find("params-ratio", float64(c.full.params)/float64(o.params))
	c.rec.Find("steps-per-second", o.stepsPerSecond())
	l := net.Layers[0]
	d, k, r := l.Active().Dims()
	c.rec.Find("shape-w", []int{d, k})
	c.rec.Find("shape-a", []int{r, k})
	c.rec.Find("shape-b", []int{d, r})
	c.rec.Find("frozen-change", largestChange(c.p.base, net))
	if o.diverged != nil {
		return
	}
	if c.p.floors != nil {
		floor := c.p.floors[min(c.s.Whole("rank"), len(c.p.floors)-1)]
		if floor > 0 {
			c.rec.Find("gap-to-floor", o.loss/floor-1)
		}
	}
	var spectra [][]float64
	for _, l := range net.Layers {
		spectra = append(spectra, l.Active().SingularValues())
	}
	c.rec.Find("singular-values-lora", spectra)
	c.rec.Find("delta-lora", averaged(l.Active().Delta(), heatRows, heatCols))
	c.rec.Find("merge-difference", mergeDifference(net, c.p.test.X))
}

// ranks looks for the smallest rank that does as well as training everything.
func (c *comparison) ranks(all []ranked) {
	slices.SortFunc(all, func(a, b ranked) int { return a.rank - b.rank })
	var rows [][]float64
	smallest := 0
	for _, r := range all {
		if r.diverged != nil {
			continue
		}
		rows = append(rows, []float64{float64(r.rank), r.loss, r.accuracy})
		if smallest == 0 && c.gain(r.outcome) >= recovered*c.gain(c.full) {
			smallest = r.rank
		}
	}
	c.rec.Find("ranks", rows)
	if c.full.diverged != nil || c.gain(c.full) <= c.chance() {
		c.rec.Find("low-rank", "unknown: full fine-tuning gained no more than chance would")
		return
	}
	answer := "no"
	if smallest > 0 {
		c.rec.Find("rank-95", smallest)
		if smallest*lowRankShare <= min(c.p.base.Layers[0].Dims()) {
			answer = "yes"
		}
	}
	c.rec.Find("low-rank", answer)
}

// gain is how much of the loss (planted) or of the errors (digits) is gone.
func (c *comparison) gain(o outcome) float64 {
	if c.p.digits() {
		return o.accuracy - c.before.accuracy
	}
	return c.before.loss - o.loss
}

// chance is a gain that may be luck: two standard errors of an accuracy that was
// measured on so many held-out images. The planted problem's loss is exact.
func (c *comparison) chance() float64 {
	if !c.p.digits() {
		return 0
	}
	p := c.full.accuracy
	return 2 * math.Sqrt(p*(1-p)/float64(c.p.test.Len()))
}

// largestChange returns the largest absolute difference between the frozen
// parts of two networks.
func largestChange(base, net *lora.Network) float64 {
	largest := 0.0
	for i, l := range net.Layers {
		var diff mat.Dense
		diff.Sub(l.W, base.Layers[i].W)
		largest = max(largest, mat.Max(&diff), -mat.Min(&diff))
		for j, b := range l.Bias {
			largest = max(largest, math.Abs(b-base.Layers[i].Bias[j]))
		}
	}
	return largest
}

// mergeDifference returns the largest difference between the outputs of the
// network with its adapter apart and merged into W.
func mergeDifference(net *lora.Network, x *mat.Dense) float64 {
	merged := net.Clone()
	for _, l := range merged.Layers {
		l.W.Add(l.W, l.Active().Delta())
	}
	merged.Deactivate()
	var diff mat.Dense
	diff.Sub(merged.Predict(x), net.Predict(x))
	return max(mat.Max(&diff), -mat.Min(&diff))
}

// averaged returns m as rows, made smaller by averaging blocks so that it has
// at most so many rows and columns.
func averaged(m *mat.Dense, maxRows, maxCols int) [][]float64 {
	rows, cols := m.Dims()
	br, bc := (rows+maxRows-1)/maxRows, (cols+maxCols-1)/maxCols
	var out [][]float64
	for i := 0; i < rows; i += br {
		var line []float64
		for j := 0; j < cols; j += bc {
			block := m.Slice(i, min(i+br, rows), j, min(j+bc, cols)).(*mat.Dense)
			h, w := block.Dims()
			line = append(line, mat.Sum(block)/float64(h*w))
		}
		out = append(out, line)
	}
	return out
}
