package reparameterization

import (
	"context"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/linalg"
)

// comparison sets LoRA beside full fine-tuning on one problem.
type comparison struct {
	rec    *lab.Recorder
	p      *train.Problem
	s      lab.Settings
	before train.Outcome // the base on the new task
	full   train.Outcome
	net    *lora.Network // with the adapter of the chosen rank
	flow   *train.Flow   // through its first layer
	delta  *mat.Dense    // of the first layer, trained in full; nil where that diverged

	handful *train.Handful // nil for the planted problem
	asides  asides
}

// beforeAdapting finds what the base does on both tasks.
func (c *comparison) beforeAdapting() {
	c.before.Loss, c.before.Accuracy = c.p.Evaluator(c.p.Base).Evaluate()
	c.rec.Report("loss-before", c.before.Loss)
	if c.p.Digits() {
		c.rec.Report("accuracy-base", c.p.Before.Accuracy)
		c.rec.Report("accuracy-before", c.before.Accuracy)
		c.pickDigits()
		return
	}
	c.rec.Report("floor", c.p.Floor(c.s.Whole("rank")))
	var rows [][]float64
	for r, floor := range c.p.Floors[:min(len(c.p.Floors), 33)] {
		rows = append(rows, []float64{float64(r), floor})
	}
	c.rec.Report("floors", rows)
}

// outcome reports what a training came to.
func (c *comparison) outcome(name string, o train.Outcome) {
	c.rec.Report("params-"+name, o.Params)
	if o.Diverged != nil {
		c.rec.Report("diverged", fmt.Sprintf("%s: %v", name, o.Diverged))
		return
	}
	c.rec.Report("loss-"+name, o.Loss)
	if c.p.Digits() {
		c.rec.Report("accuracy-"+name, o.Accuracy)
	}
}

// fineTune trains a copy of the base in full and reports on its update.
func (c *comparison) fineTune(ctx context.Context, track *lab.Track) (err error) {
	net := c.p.Base.Clone()
	if c.full, err = c.p.FineTune(ctx, net, c.s, track, append(c.watch(net, c.asides.full), c.showFull(net))...); err != nil {
		return err
	}
	c.outcome("full", c.full)
	c.rec.Report("full-steps-per-second", c.full.StepsPerSecond())
	if c.full.Diverged == nil {
		c.forgottenInFull(net)
		c.analyseUpdate(net)
	}
	return nil
}

// analyseUpdate reports on ΔW, the difference between the fine-tuned weights and
// the base.
func (c *comparison) analyseUpdate(net *lora.Network) {
	var spectra [][]float64
	var deltas []*mat.Dense
	kept, total := 0.0, 0.0
	for i, l := range net.Layers {
		var delta mat.Dense
		delta.Sub(l.W, c.p.Base.Layers[i].W)
		deltas = append(deltas, &delta)
		sigma := lora.SingularValues(&delta)
		spectra = append(spectra, sigma)
		for j, v := range sigma {
			energy := float64(v * v)
			total += energy
			if j < c.s.Whole("rank") {
				kept += energy
			}
		}
	}
	c.rec.Report("singular-values", spectra)
	if total > 0 {
		c.rec.Report("delta-energy", kept/total)
		c.rec.Report("delta-rank-90", lora.RankForEnergy(spectra[0], 0.9))
	}
	c.rec.Report("delta-directions", len(spectra[0]))
	c.delta = deltas[0]
	c.rec.Report("size-full", linalg.Norm(c.delta))
	c.truncated(deltas)
}

// truncated evaluates the base plus ΔW cut to rank r in every layer (Eckart and
// Young 1936): how well the best approximation of the full update does.
func (c *comparison) truncated(deltas []*mat.Dense) {
	net := c.p.Base.Clone()
	e := c.p.Evaluator(net)
	parts := make([]*lora.SVD, len(deltas))
	for i, delta := range deltas {
		parts[i] = lora.Decompose(delta)
	}
	var rows [][]float64
	for _, r := range sweptRanks {
		for i, part := range parts {
			net.Layers[i].W.Add(c.p.Base.Layers[i].W, part.Truncate(r))
		}
		// The biases are part of full fine-tuning's update and not of ΔW; LoRA has
		// none either, so they stay at the base's.
		loss, accuracy := e.Evaluate()
		rows = append(rows, []float64{float64(r), loss, accuracy})
	}
	c.rec.Report("truncated", rows)
}
