package reparameterization

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// recovered is the share of full fine-tuning's gain that counts as recovering
// it.
const recovered = 0.95

// lowRankShare draws the line of the finding "low-rank": yes where a rank of at
// most a quarter of the first layer's directions recovers the gain.
const lowRankShare = 4

// begin attaches the adapter of the chosen rank to a copy of the base, and shows the
// first layer as it then is: that can be looked at while full fine-tuning is under way.
func (c *comparison) begin() (err error) {
	if c.net, err = c.p.WithAdapter(c.s, train.Scaling(c.s), c.s.Whole("rank")); err != nil {
		return err
	}
	c.flow = train.NewFlow(c.rec, c.net, c.p.Test)
	c.flow.Look(0, c.p.Trainer(c.net, c.s, train.Optimizer(c.s, "learning-rate"), false))
	return nil
}

// adapt trains LoRA at the chosen rank and compares the adapted network with
// its base.
func (c *comparison) adapt(ctx context.Context, track *lab.Track) (train.Outcome, error) {
	net := c.net
	o, err := c.train(ctx, net, track, append(c.watch(net, c.asides.lora), c.showFactors(net), c.flow.Look)...)
	if err != nil {
		return o, err
	}
	c.outcome("lora", o)
	if o.Diverged == nil {
		c.forgottenByLoRA(net)
	}
	c.rec.Report("params-ratio", float64(c.full.Params)/float64(o.Params))
	c.rec.Report("steps-per-second", o.StepsPerSecond())
	l := net.Layers[0]
	d, k, r := l.Active().Dims()
	c.rec.Report("shape-w", []int{d, k})
	c.rec.Report("shape-a", []int{r, k})
	c.rec.Report("shape-b", []int{d, r})
	c.rec.Report("frozen-change", train.LargestChange(c.p.Base, net))
	if o.Diverged != nil {
		return o, nil
	}
	if !c.p.Digits() {
		if floor := c.p.Floor(r); floor > 0 {
			c.rec.Report("gap-to-floor", o.Loss/floor-1)
		}
	}
	var spectra [][]float64
	for _, l := range net.Layers {
		spectra = append(spectra, l.Active().SingularValues())
	}
	c.rec.Report("singular-values-lora", spectra)
	c.compareUpdates(l)
	c.rec.Report("merge-difference", mergeDifference(net, c.p.Test.X))
	return o, nil
}

// train trains the adapters of net.
func (c *comparison) train(ctx context.Context, net *lora.Network, track *lab.Track, looks ...train.Look) (train.Outcome, error) {
	return c.p.Adapt(ctx, net, c.s, train.Optimizer(c.s, "learning-rate"), track, looks...)
}

// atRank trains an adapter of rank r on every layer of a copy of the base.
func (c *comparison) atRank(ctx context.Context, r int, track *lab.Track) (train.Outcome, error) {
	net, err := c.p.WithAdapter(c.s, train.Scaling(c.s), r)
	if err != nil {
		return train.Outcome{}, err
	}
	return c.train(ctx, net, track)
}

// rankOutcome is the outcome of LoRA at one rank.
type rankOutcome struct {
	rank int
	train.Outcome
}

// sweep trains the ranks that have a track and reports them with the chosen one.
func (c *comparison) sweep(ctx context.Context, chosen train.Outcome, tracks []*lab.Track) error {
	all := make([]rankOutcome, len(sweptRanks))
	err := train.SideBySide(ctx, len(sweptRanks), func(ctx context.Context, i int) (err error) {
		all[i] = rankOutcome{sweptRanks[i], chosen}
		if tracks[i] != nil {
			all[i].Outcome, err = c.atRank(ctx, sweptRanks[i], tracks[i])
		}
		return err
	})
	if err != nil {
		return err
	}
	if r := c.s.Whole("rank"); !slices.Contains(sweptRanks[:], r) {
		all = append(all, rankOutcome{r, chosen})
	}
	c.ranks(all)
	if full := c.gain(c.full); chosen.Diverged == nil && c.full.Diverged == nil && full > c.chance() {
		c.rec.Report("gain-lora", c.gain(chosen)/full)
	}
	return nil
}

// ranks reports every rank and the smallest that recovers enough of what full
// fine-tuning gains.
func (c *comparison) ranks(all []rankOutcome) {
	slices.SortFunc(all, func(a, b rankOutcome) int { return a.rank - b.rank })
	var rows [][]float64
	smallest := 0
	for _, r := range all {
		if r.Diverged != nil {
			continue
		}
		rows = append(rows, []float64{float64(r.rank), r.Loss, r.Accuracy})
		if smallest == 0 && c.gain(r.Outcome) >= recovered*c.gain(c.full) {
			smallest = r.rank
		}
	}
	c.rec.Report("ranks", rows)
	if c.full.Diverged != nil || c.gain(c.full) <= c.chance() {
		c.rec.Report("low-rank", "unknown: full fine-tuning gained no more than chance would")
		return
	}
	answer := "no"
	if smallest > 0 {
		c.rec.Report("rank-95", smallest)
		if smallest*lowRankShare <= min(c.p.Base.Layers[0].Dims()) {
			answer = "yes"
		}
	}
	c.rec.Report("low-rank", answer)
}

// gain is how much of the loss (planted) or of the errors (digits) is gone.
func (c *comparison) gain(o train.Outcome) float64 {
	if c.p.Digits() {
		return o.Accuracy - c.before.Accuracy
	}
	return c.before.Loss - o.Loss
}

// chance is the largest gain that may be chance: two standard errors of an
// accuracy measured on that many held-out images. The planted problem's loss has
// no sampling error.
func (c *comparison) chance() float64 {
	if !c.p.Digits() {
		return 0
	}
	p := c.full.Accuracy
	return 2 * math.Sqrt(p*(1-p)/float64(c.p.Test.Len()))
}

// mergeDifference returns the largest difference between the outputs of the
// network with its adapter apart and merged into W.
func mergeDifference(net *lora.Network, x *mat.Dense) float64 {
	merged := net.Clone()
	for _, l := range merged.Layers {
		l.W.Add(l.W, l.Active().Delta())
	}
	merged.Deactivate()
	return train.LargestDifference(merged.Predict(x), net.Predict(x))
}
