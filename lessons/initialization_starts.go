package lessons

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// starts compares ways to begin on one problem.
type starts struct {
	rec *Recorder
	p   *problem
	s   Settings
	h0  *mat.Dense // the base's outputs for the held-out inputs
}

func newStarts(p *problem, s Settings, rec *Recorder) *starts {
	loss, accuracy := p.exam(p.base).sit()
	rec.Find("loss-before", loss)
	if p.digits() {
		rec.Find("accuracy-base", p.before.accuracy)
		rec.Find("accuracy-before", accuracy)
	}
	return &starts{rec, p, s, p.base.Predict(p.test.X)}
}

// findReal records a finding unless it is not finite, as after a divergence.
func findReal(rec *Recorder, name string, x float64) {
	if !notFinite(x) {
		rec.Find(name, x)
	}
}

func notFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

func (c *starts) real(name string, x float64) { findReal(c.rec, name, x) }

// compare looks at a scheme before training, then trains it.
func (c *starts) compare(ctx context.Context, scheme lora.Scheme, track *Track) (outcome, error) {
	net, err := c.begin(scheme)
	if err != nil {
		return outcome{}, err
	}
	c.atStart(net, "-"+scheme.String())
	o, err := c.train(ctx, net, c.s.Real("ratio-b"), track)
	if err != nil {
		return o, err
	}
	c.atEnd(o, track, "-"+scheme.String())
	c.firstSteps(o, "-"+scheme.String())
	c.real("update-"+scheme.String(), distance(net, c.p.base))
	return o, nil
}

// withRatio1 trains a scheme as if LoRA+ had not been chosen.
func (c *starts) withRatio1(ctx context.Context, scheme lora.Scheme, track *Track) (outcome, error) {
	net, err := c.begin(scheme)
	if err != nil {
		return outcome{}, err
	}
	o, err := c.train(ctx, net, 1, track)
	if err == nil {
		c.atEnd(o, track, "-ratio-1")
	}
	return o, err
}

// begin returns the base with an adapter on every layer.
func (c *starts) begin(scheme lora.Scheme) (*lora.Network, error) {
	net := c.p.base.Clone()
	return net, c.s.startOf(scheme, c.p).AttachAll(net, adapterName, lora.Stream(c.s.Seed(), "adapter"))
}

func (c *starts) train(ctx context.Context, net *lora.Network, ratio float64, track *Track) (outcome, error) {
	opt := c.s.optimizer("learning-rate")
	opt.RatioB = ratio
	t := lora.NewTrainer(net, c.p.train, lora.Training{Loss: c.p.loss, Optimizer: opt,
		Batch: c.s.Whole("batch"), Order: lora.Stream(c.s.Seed(), "order")})
	return train(ctx, t, c.p.exam(net), track)
}

// atStart tells what attaching the adapter alone has done to the network.
func (c *starts) atStart(net *lora.Network, suffix string) {
	c.real("drift"+suffix, outputDrift(net.Predict(c.p.test.X), c.h0))
	if c.p.digits() {
		c.rec.Find("first-task"+suffix, lora.Accuracy(net.Predict(c.p.first.X), c.p.first.Labels))
	}
	sum, n := 0.0, 0
	for _, l := range net.Layers {
		a := l.Active().A
		size := mat.Norm(a, 2)
		rows, cols := a.Dims()
		sum, n = sum+size*size, n+rows*cols
	}
	c.rec.Find("size-a"+suffix, math.Sqrt(sum/float64(n)))

	net.Deactivate()
	off := outputDrift(net.Predict(c.p.test.X), c.h0)
	net.Activate(adapterName)
	c.real("switched-off"+suffix, off)
	what := "the base"
	if off != 0 {
		what = "another network"
	}
	c.rec.Find("when-off"+suffix, what)
}

// firstSteps tells which of A and B the first steps move. The gradients at
// step i are those that step i follows, of its own batch.
func (c *starts) firstSteps(o outcome, suffix string) {
	for i, name := range [firstSteps]string{"0", "1", "2"} {
		if i < len(o.gradients) {
			c.real("grad-a-"+name+suffix, o.gradients[i].a)
			c.real("grad-b-"+name+suffix, o.gradients[i].b)
		}
	}
	if len(o.gradients) == 0 {
		return
	}
	first := "both"
	switch g := o.gradients[0]; {
	case g.a == 0 && g.b == 0:
		first = "neither"
	case g.a == 0:
		first = "B"
	case g.b == 0:
		first = "A"
	}
	c.rec.Find("first-to-move"+suffix, first)
}

func (c *starts) atEnd(o outcome, track *Track, suffix string) {
	c.real("loss"+suffix, o.loss)
	if c.p.digits() {
		c.rec.Find("accuracy"+suffix, o.accuracy)
	}
	if step, ok := reached(track, c.s.Real("target-loss")); ok {
		c.rec.Find("steps-to-target"+suffix, step)
	}
}

// fastest names the scheme that reached the target loss in the fewest steps,
// the first of those that tie.
func (c *starts) fastest(schemes []lora.Scheme, tracks []*Track) {
	best, fewest := "", math.MaxInt
	for i, track := range tracks {
		if step, ok := reached(track, c.s.Real("target-loss")); ok && step < fewest {
			best, fewest = schemes[i].String(), step
		}
	}
	if best != "" {
		c.rec.Find("fastest", best)
	}
}

// reached returns the first recorded step with at most that loss.
func reached(track *Track, target float64) (step int, ok bool) {
	for _, f := range track.series.Frames {
		if f.Values[0] <= target {
			return f.Step, true
		}
	}
	return 0, false
}

func outputDrift(a, b *mat.Dense) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return max(mat.Max(&diff), -mat.Min(&diff))
}

// distance returns ‖ΔW‖, the Frobenius norm over all layers of what net, with
// its adapters, computes with beyond the weights of base. It counts alike
// what training changed, what a random start added, and what PiSSA and OLoRA
// moved from W to the adapter and back.
func distance(net, base *lora.Network) float64 {
	sum := 0.0
	for i, l := range net.Layers {
		var delta mat.Dense
		delta.Sub(l.W, base.Layers[i].W)
		delta.Add(&delta, l.Active().Delta())
		size := mat.Norm(&delta, 2)
		sum += size * size
	}
	return math.Sqrt(sum)
}
