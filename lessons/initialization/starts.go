package initialization

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/linalg"
)

// starts compares ways to begin on one problem.
type starts struct {
	rec     *lab.Recorder
	p       *train.Problem
	s       lab.Settings
	h0      *mat.Dense // the base's outputs for the held-out inputs
	schemes []lora.Scheme
	tracks  []*lab.Track // one a scheme, and then that of λ = 1, where there is one
	reads   []*lab.Track // one a scheme; none for the planted problem
	handful *train.Handful
	ended   []train.Outcome
}

func newStarts(p *train.Problem, s lab.Settings, rec *lab.Recorder, t tracks) *starts {
	loss, accuracy := p.Evaluator(p.Base).Evaluate()
	rec.Report("loss-before", loss)
	if p.Digits() {
		rec.Report("accuracy-base", p.Before.Accuracy)
		rec.Report("accuracy-before", accuracy)
	}
	c := &starts{rec: rec, p: p, s: s, h0: p.Base.Predict(p.Test.X), schemes: schemes(s), tracks: t.schemes, reads: t.reads}
	if p.Digits() {
		c.handful = train.NewHandful(train.Tasks(s), []lora.Data{p.First, p.Test}, train.HandfulSize, train.ReadRightBut(p.Base, p.First, p.Base, p.Test))
		c.handful.Report(rec, p.Base)
	}
	if t.ratio1 != nil {
		c.tracks = append(c.tracks, t.ratio1)
	}
	c.ended = make([]train.Outcome, len(c.tracks))
	return c
}

func (c *starts) jobs() []job {
	var all []job
	for i := range c.tracks {
		all = append(all, func(ctx context.Context) error {
			if i == len(c.schemes) {
				return c.withRatio1(ctx, i)
			}
			return c.compare(ctx, i)
		})
	}
	return all
}

// compare reports on a scheme before training, then trains it.
func (c *starts) compare(ctx context.Context, i int) error {
	scheme := c.schemes[i]
	net, err := c.begin(scheme)
	if err != nil {
		return err
	}
	suffix := "-" + scheme.String()
	c.atStart(net, suffix)
	if c.ended[i], err = c.p.Adapt(ctx, net, c.s, optimizer(c.s, c.s.Real("ratio-b")), c.tracks[i], c.watch(net, i)...); err != nil {
		return err
	}
	c.atEnd(c.ended[i], c.tracks[i], suffix)
	c.firstSteps(c.ended[i], suffix)
	c.rec.Report("update"+suffix, updateNorm(net, c.p.Base))
	return nil
}

// withRatio1 trains the first scheme as if LoRA+ had not been chosen.
func (c *starts) withRatio1(ctx context.Context, i int) error {
	net, err := c.begin(c.schemes[0])
	if err != nil {
		return err
	}
	if c.ended[i], err = c.p.Adapt(ctx, net, c.s, optimizer(c.s, 1), c.tracks[i]); err != nil {
		return err
	}
	c.atEnd(c.ended[i], c.tracks[i], "-ratio-1")
	return nil
}

// begin returns the base with an adapter on every layer.
func (c *starts) begin(scheme lora.Scheme) (*lora.Network, error) {
	net := c.p.Base.Clone()
	return net, startOf(c.s, scheme, c.p.Train.X).AttachAll(net, train.AdapterName, lora.Stream(c.s.Seed(), "adapter"))
}

// atStart reports what attaching the adapter has changed before any training.
func (c *starts) atStart(net *lora.Network, suffix string) {
	c.rec.Report("drift"+suffix, train.LargestDifference(net.Predict(c.p.Test.X), c.h0))
	if c.p.Digits() {
		c.rec.Report("first-task"+suffix, lora.Accuracy(net.Predict(c.p.First.X), c.p.First.Labels))
	}
	var as []*mat.Dense
	entries := 0
	for _, l := range net.Layers {
		a := l.Active().A
		rows, cols := a.Dims()
		as, entries = append(as, a), entries+rows*cols
	}
	c.rec.Report("size-a"+suffix, linalg.Norm(as...)/math.Sqrt(float64(entries)))

	net.Deactivate()
	off := train.LargestDifference(net.Predict(c.p.Test.X), c.h0)
	net.Activate(train.AdapterName)
	c.rec.Report("switched-off"+suffix, off)
	what := "the base"
	if off != 0 {
		what = "another network"
	}
	c.rec.Report("when-off"+suffix, what)
}

// firstSteps reports which of A and B the first steps change. The gradients at
// step i are those of the batch of step i, before the step is taken.
func (c *starts) firstSteps(o train.Outcome, suffix string) {
	for i, name := range [train.FirstSteps]string{"0", "1", "2"} {
		if i < len(o.Gradients) {
			c.rec.Report("grad-a-"+name+suffix, o.Gradients[i].A)
			c.rec.Report("grad-b-"+name+suffix, o.Gradients[i].B)
		}
	}
	if len(o.Gradients) == 0 {
		return
	}
	first := "both"
	switch g := o.Gradients[0]; {
	case g.A == 0 && g.B == 0:
		first = "neither"
	case g.A == 0:
		first = "B"
	case g.B == 0:
		first = "A"
	}
	c.rec.Report("first-to-move"+suffix, first)
}

func (c *starts) atEnd(o train.Outcome, track *lab.Track, suffix string) {
	c.rec.Report("loss"+suffix, o.Loss)
	if c.p.Digits() {
		c.rec.Report("accuracy"+suffix, o.Accuracy)
	}
	if step, ok := firstStepBelow(track, c.s.Real("target-loss")); ok {
		c.rec.Report("steps-to-target"+suffix, step)
	}
}

// report reports what concerns all schemes and returns the trainings that
// diverged.
func (c *starts) report() (failures []string) {
	c.fastest()
	for i, o := range c.ended {
		if o.Diverged != nil {
			failures = append(failures, fmt.Sprintf("%s: %v", c.tracks[i].Name(), o.Diverged))
		}
	}
	return failures
}

// fastest names the scheme that reached the target loss in the fewest steps,
// the first of those that tie.
func (c *starts) fastest() {
	best, fewest := "", math.MaxInt
	for i, scheme := range c.schemes {
		if step, ok := firstStepBelow(c.tracks[i], c.s.Real("target-loss")); ok && step < fewest {
			best, fewest = scheme.String(), step
		}
	}
	if best != "" {
		c.rec.Report("fastest", schemeWord(best))
	}
}

// firstStepBelow returns the first recorded step with at most that loss.
func firstStepBelow(track *lab.Track, target float64) (step int, ok bool) {
	for _, f := range track.Frames() {
		if f.Values[0] <= target {
			return f.Step, true
		}
	}
	return 0, false
}

// updateNorm returns ‖ΔW‖, the Frobenius norm over all layers of what net, with
// its adapters, computes with beyond the weights of base. It counts alike
// what training changed, what a random start added, and what PiSSA and OLoRA
// moved from W to the adapter and back.
func updateNorm(net, base *lora.Network) float64 {
	deltas := make([]*mat.Dense, len(net.Layers))
	for i, l := range net.Layers {
		deltas[i] = new(mat.Dense)
		deltas[i].Sub(l.W, base.Layers[i].W)
		deltas[i].Add(deltas[i], l.Active().Delta())
	}
	return linalg.Norm(deltas...)
}
