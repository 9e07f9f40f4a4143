package initialization

import (
	"context"
	"fmt"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/linalg"
	"loralab/lora/number"
)

// trade is a change of α that changes of other settings are to compensate. Its
// fields are factors.
type trade struct {
	name    string
	finding string // the name under which its difference from the reference is reported
	alpha   float64
	start   float64 // of A and B at step 0
	rate    float64 // learning rate of A and of B
	ratio   float64 // learning rate of B over that of A
	decay   float64 // weight decay, of AdamW
}

// tinyEpsilon replaces Adam's ε in the trades. With ε = 0 an Adam step would not
// depend on the scale of the gradient at all; the usual ε makes it depend
// slightly, which would hide that the trades are exact. The value is too small to
// change √v + ε where v > 0, and large enough that a gradient whose square
// underflows to 0 takes no step.
const tinyEpsilon = 1e-100

func (t trade) series() string { return "trade: " + t.name }

// said is the trade in what it multiplies and divides: "α/4, 4·η".
func (t trade) said() string {
	var parts []string
	for _, f := range []struct {
		name string
		by   float64
	}{{"α", t.alpha}, {"η", t.rate}, {"A", t.start}, {"λ", t.ratio}} {
		switch {
		case f.by > 1:
			parts = append(parts, number.Short(f.by, 3)+"·"+f.name)
		case f.by < 1:
			parts = append(parts, f.name+"/"+number.Short(1/f.by, 3))
		}
	}
	if len(parts) == 0 {
		return "no trade"
	}
	return strings.Join(parts, ", ")
}

// trades returns the reference and what is compared with it. The function
// that the layer computes depends on s·B·A alone, so (A, B, s) and
// (p·A, q·B, s/(p·q)) are the same function, and stay so if every step of A
// is p times as large and every step of B q times. The gradient by p·A is 1/p of
// that by A. Gradient descent, whose step goes with the gradient, therefore needs p²
// times the learning rate for A; Adam, whose step does not, needs p times.
// Likewise q for B. Schulman et al. 2025, "LoRA Without Regret", state the rule
// for Adam; Hu et al. 2021, section 4.1, say it in passing.
func trades(s lab.Settings) []trade {
	p := s.Real("trade")
	step := p
	if rule := train.Optimizer(s, "learning-rate").Rule; rule == lora.SGD || rule == lora.Momentum {
		step = p * p
	}
	return []trade{
		{"as it is", "", 1, 1, 1, 1, 1},
		{"α for η and start", "trade-exact", 1 / (p * p), p, step, 1, 1 / p}, // p and q alike
		{"α for η alone", "trade-careless", 1 / p, 1, p, 1, 1},               // what is often done
		{"α for λ", "trade-ratio", 1 / p, 1, 1, step, 1},                     // q alone; AdamW's decay is not compensated
	}
}

func announceTrades(s lab.Settings, rec *lab.Recorder) []*lab.Track {
	var all []*lab.Track
	for _, t := range trades(s) {
		all = append(all, rec.Sparse(t.series(), s.Whole("sweep-steps"), "loss"))
	}
	return all
}

// tradeRuns trains every trade from the same start as the reference.
type tradeRuns struct {
	p      *train.Problem
	s      lab.Settings
	trades []trade
	tracks []*lab.Track
	traded []tradedRun
}

type tradedRun struct {
	first, last []*mat.Dense // s·B·A of each layer after 1 step and after all
	diverged    error
}

func newTrades(p *train.Problem, s lab.Settings, tracks []*lab.Track) *tradeRuns {
	return &tradeRuns{p, s, trades(s), tracks, make([]tradedRun, len(tracks))}
}

func (c *tradeRuns) jobs() []job {
	var all []job
	for i := range c.trades {
		all = append(all, func(ctx context.Context) (err error) {
			c.traded[i], err = c.run(ctx, c.trades[i], c.tracks[i])
			return err
		})
	}
	return all
}

// run trains the layer with its α, its start and its optimizer changed.
func (c *tradeRuns) run(ctx context.Context, t trade, track *lab.Track) (tradedRun, error) {
	var out tradedRun
	net, err := c.p.WithAdapter(c.s, train.Scaling(c.s), c.s.Whole("rank"))
	if err != nil {
		return out, err
	}
	for _, l := range net.Layers {
		a := l.Active()
		a.Alpha *= t.alpha
		a.A.Scale(t.start, a.A)
		a.B.Scale(t.start, a.B)
	}
	opt := optimizer(c.s, c.s.Real("ratio-b")*t.ratio)
	opt.LR *= t.rate
	opt.Epsilon = tinyEpsilon
	opt.WeightDecay *= t.decay
	trainer, e := c.p.Trainer(net, c.s, opt, false), c.p.Evaluator(net)
	for step := 0; ; step++ {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		if track.Keeps(step) {
			loss, _ := e.Evaluate()
			track.Add(step, loss)
		} else {
			track.Add(step)
		}
		if step == 1 {
			out.first = deltas(net)
		}
		if step == track.Planned() {
			out.last = deltas(net)
			return out, nil
		}
		if _, out.diverged = trainer.Step(); out.diverged != nil {
			return out, nil
		}
	}
}

func deltas(net *lora.Network) []*mat.Dense {
	var all []*mat.Dense
	for _, l := range net.Layers {
		all = append(all, l.Active().Delta())
	}
	return all
}

// relativeDifference returns ‖a − b‖/‖b‖ over all layers, by the Frobenius
// norm. It is NaN where b is 0.
func relativeDifference(a, b []*mat.Dense) float64 {
	differences := make([]*mat.Dense, len(b))
	for i := range b {
		differences[i] = new(mat.Dense)
		differences[i].Sub(a[i], b[i])
	}
	return linalg.Norm(differences...) / linalg.Norm(b...)
}

// report reports how far each trade ends from the reference, and returns the
// trainings that diverged.
func (c *tradeRuns) report(rec *lab.Recorder) (failures []string) {
	reference := c.traded[0]
	for i, t := range c.trades {
		run := c.traded[i]
		switch {
		case run.diverged != nil:
			failures = append(failures, fmt.Sprintf("%s: %v", t.series(), run.diverged))
		case i > 0 && reference.diverged == nil:
			rec.Report(t.finding, relativeDifference(run.last, reference.last))
			if t.finding == "trade-careless" {
				rec.Report("trade-careless-1", relativeDifference(run.first, reference.first))
			}
		}
	}
	return failures
}
