package lessons

import (
	"context"
	"fmt"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// scalingRanks are the ranks of the sweep. What is said of its course leaves the
// first out: at rank 1 a single random direction decides.
var scalingRanks = [...]int{1, 4, 16, 64}

// scalingRules are the two ways to make s of α and r.
var scalingRules = [...]struct {
	rule           lora.Scaling
	suffix, symbol string
}{
	{lora.AlphaOverR, "-alpha-r", "α/r"},
	{lora.AlphaOverSqrtR, "-alpha-sqrt-r", "α/√r"},
}

// Columns of the findings sweep-…, a row a rank.
const (
	sweptRank = iota
	sweptGradientB
	sweptGradientA
	sweptUpdate
	sweptLoss
)

var scalingFindings = []Spec{
	{Name: "sweep-alpha-r", Label: "under α/r: rank, ‖∂L/∂B‖ at step 0, ‖∂L/∂A‖ at step 1, ‖s·B·A‖ and loss after the sweep's steps", Kind: KindMatrix},
	{Name: "sweep-alpha-sqrt-r", Label: "under α/√r: rank, ‖∂L/∂B‖ at step 0, ‖∂L/∂A‖ at step 1, ‖s·B·A‖ and loss after the sweep's steps", Kind: KindMatrix},
	{Name: "gradient-growth-alpha-r", Label: "under α/r: gradient of B at step 0, rank 64 over rank 4", Kind: KindReal, Digits: 3, Unit: "×"},
	{Name: "gradient-growth-alpha-sqrt-r", Label: "under α/√r: gradient of B at step 0, rank 64 over rank 4", Kind: KindReal, Digits: 3, Unit: "×"},
	{Name: "update-growth-alpha-r", Label: "under α/r: ‖s·B·A‖ after the sweep's steps, rank 64 over rank 4", Kind: KindReal, Digits: 3, Unit: "×"},
	{Name: "update-growth-alpha-sqrt-r", Label: "under α/√r: ‖s·B·A‖ after the sweep's steps, rank 64 over rank 4", Kind: KindReal, Digits: 3, Unit: "×"},
	{Name: "loss-spread-alpha-r", Label: "under α/r: highest loss of ranks 4 to 64 above the lowest", Kind: KindReal, Percent: true, Digits: 2},
	{Name: "loss-spread-alpha-sqrt-r", Label: "under α/√r: highest loss of ranks 4 to 64 above the lowest", Kind: KindReal, Percent: true, Digits: 2},
	{Name: "steadier", Label: "rule whose loss depends less on the rank", Kind: KindText},
	{Name: "trade-exact", Label: "change of s·B·A when α is traded for the learning rate and the start", Kind: KindReal, Digits: 2},
	{Name: "trade-careless-1", Label: "change of s·B·A when α is traded for the learning rate alone, after 1 step", Kind: KindReal, Digits: 2},
	{Name: "trade-careless", Label: "change of s·B·A when α is traded for the learning rate alone", Kind: KindReal, Digits: 2},
	{Name: "trade-ratio", Label: "change of s·B·A when α is traded for λ", Kind: KindReal, Digits: 2},
}

// scalingTracks are the series of the sweep, by rule and rank, and of the
// trades.
type scalingTracks struct {
	ranks  [len(scalingRules)][len(scalingRanks)]*Track
	trades []*Track
}

func announceScaling(s Settings, rec *Recorder) scalingTracks {
	var t scalingTracks
	steps := s.Whole("sweep-steps")
	for i, rule := range scalingRules {
		for j, r := range scalingRanks {
			t.ranks[i][j] = rec.Sparse(fmt.Sprintf("%s, r = %d", rule.symbol, r), steps, "loss", "accuracy")
		}
	}
	for _, b := range bargains(s) {
		t.trades = append(t.trades, rec.Sparse(b.series(), steps, "loss"))
	}
	return t
}

// scaling sweeps the rank under both rules and trades α for the learning rate.
// It starts A as PEFT does, whatever schemes are compared: A's entries then
// do not depend on the rank.
type scaling struct {
	p      *problem
	s      Settings
	tracks scalingTracks
	swept  [len(scalingRules)][len(scalingRanks)]sweptRun
	trades []tradedRun
}

type sweptRun struct {
	outcome
	update float64
}

type tradedRun struct {
	first, last []*mat.Dense // s·B·A of each layer after 1 step and after all
	diverged    error
}

func newScaling(p *problem, s Settings, tracks scalingTracks) *scaling {
	return &scaling{p: p, s: s, tracks: tracks, trades: make([]tradedRun, len(tracks.trades))}
}

// run starts all trainings in g.
func (c *scaling) run(ctx context.Context, g *errgroup.Group) {
	for i, rule := range scalingRules {
		for j, r := range scalingRanks {
			g.Go(func() (err error) {
				c.swept[i][j], err = c.sweep(ctx, rule.rule, r, c.tracks.ranks[i][j])
				return err
			})
		}
	}
	for i, b := range bargains(c.s) {
		g.Go(func() (err error) {
			c.trades[i], err = c.trade(ctx, b, c.tracks.trades[i])
			return err
		})
	}
}

// begin returns the base with a fresh adapter. The same rank begins with the same
// A, whatever the rule.
func (c *scaling) begin(rule lora.Scaling, r int) (*lora.Network, error) {
	net := c.p.base.Clone()
	start := lora.Init{Scheme: lora.Kaiming, Rank: r, Alpha: c.s.Real("alpha"), Rule: rule}
	return net, start.AttachAll(net, adapterName, lora.Stream(c.s.Seed(), fmt.Sprintf("adapter of rank %d", r)))
}

func (c *scaling) trainer(net *lora.Network, opt lora.Optimizer) *lora.Trainer {
	return lora.NewTrainer(net, c.p.train, lora.Training{Loss: c.p.loss, Optimizer: opt,
		Batch: c.s.Whole("batch"), Order: lora.Stream(c.s.Seed(), "order")})
}

func (c *scaling) optimizer() lora.Optimizer {
	opt := c.s.optimizer("learning-rate")
	opt.RatioB = c.s.Real("ratio-b")
	return opt
}

func (c *scaling) sweep(ctx context.Context, rule lora.Scaling, r int, track *Track) (sweptRun, error) {
	net, err := c.begin(rule, r)
	if err != nil {
		return sweptRun{}, err
	}
	o, err := train(ctx, c.trainer(net, c.optimizer()), c.p.exam(net), track)
	return sweptRun{o, distance(net, c.p.base)}, err
}

// bargain is a change of α that other settings are to make up for. Its fields are
// factors.
type bargain struct {
	name    string
	finding string // what its difference from the first is called
	alpha   float64
	start   float64 // of A and B at step 0
	rate    float64 // learning rate of A and of B
	ratio   float64 // learning rate of B over that of A
	decay   float64 // weight decay, of AdamW
}

// tinyEpsilon stands for Adam's ε in the bargains. ε is the one thing in Adam
// that notices how large a gradient is, and it would hide that the rest does
// not. It is small enough to be lost beside any root of v that has digits
// left, and large enough that a gradient whose square is rounded to 0 makes no
// step.
const tinyEpsilon = 1e-100

func (b bargain) series() string { return "trade: " + b.name }

// bargains returns the reference and what is compared with it. The function
// that the layer computes depends on s·B·A alone, so (A, B, s) and
// (p·A, q·B, s/(p·q)) are the same function, and stay so if every step of A
// is p times as large and every step of B q times. The gradient by p·A is 1/p of
// that by A. Gradient descent, whose step goes with the gradient, therefore needs p²
// times the learning rate for A; Adam, whose step does not, needs p times.
// Likewise q for B. Schulman et al. 2025, "LoRA Without Regret", state the rule
// for Adam; Hu et al. 2021, section 4.1, say it in passing.
func bargains(s Settings) []bargain {
	p := s.Real("trade")
	step := p
	if rule := s.optimizer("learning-rate").Rule; rule == lora.SGD || rule == lora.Momentum {
		step = p * p
	}
	return []bargain{
		{"as it is", "", 1, 1, 1, 1, 1},
		{"α for η and start", "trade-exact", 1 / (p * p), p, step, 1, 1 / p}, // p and q alike
		{"α for η alone", "trade-careless", 1 / p, 1, p, 1, 1},               // what is often done
		{"α for λ", "trade-ratio", 1 / p, 1, 1, step, 1},                     // q alone; AdamW's decay is not made up for
	}
}

func (c *scaling) trade(ctx context.Context, b bargain, track *Track) (tradedRun, error) {
	var out tradedRun
	net, err := c.begin(c.s.scaling(), c.s.Whole("rank"))
	if err != nil {
		return out, err
	}
	for _, l := range net.Layers {
		a := l.Active()
		a.Alpha *= b.alpha
		a.A.Scale(b.start, a.A)
		a.B.Scale(b.start, a.B)
	}
	opt := c.optimizer()
	opt.LR, opt.RatioB = opt.LR*b.rate, opt.RatioB*b.ratio
	opt.Epsilon, opt.WeightDecay = tinyEpsilon, opt.WeightDecay*b.decay
	t, e := c.trainer(net, opt), c.p.exam(net)
	for step := 0; ; step++ {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		if track.Keeps(step) {
			loss, _ := e.sit()
			track.Add(step, loss)
		} else {
			track.Add(step)
		}
		if step == 1 {
			out.first = deltas(net)
		}
		if step == track.series.Planned {
			out.last = deltas(net)
			return out, nil
		}
		if _, out.diverged = t.Step(); out.diverged != nil {
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
// norm. It is NaN where b is nothing.
func relativeDifference(a, b []*mat.Dense) float64 {
	difference, size := 0.0, 0.0
	for i := range b {
		var diff mat.Dense
		diff.Sub(a[i], b[i])
		difference = math.Hypot(difference, mat.Norm(&diff, 2))
		size = math.Hypot(size, mat.Norm(b[i], 2))
	}
	return difference / size
}

// find records the findings and returns what diverged, a line each.
func (c *scaling) find(rec *Recorder) (lost []string) {
	least, steadier, measured := math.Inf(1), "", 0
	for i, rule := range scalingRules {
		rows, diverged := c.rows(i)
		lost = append(lost, diverged...)
		if len(rows) > 0 {
			rec.Find("sweep"+rule.suffix, rows)
		}
		if len(rows) < len(scalingRanks) {
			continue
		}
		rows = rows[1:]
		from, to := rows[0], rows[len(rows)-1]
		rec.Find("gradient-growth"+rule.suffix, to[sweptGradientB]/from[sweptGradientB])
		rec.Find("update-growth"+rule.suffix, to[sweptUpdate]/from[sweptUpdate])
		lowest, highest := math.Inf(1), math.Inf(-1)
		for _, row := range rows {
			lowest, highest = min(lowest, row[sweptLoss]), max(highest, row[sweptLoss])
		}
		spread := highest/lowest - 1
		rec.Find("loss-spread"+rule.suffix, spread)
		if spread < least {
			least, steadier = spread, rule.symbol
		}
		measured++
	}
	if measured == len(scalingRules) {
		rec.Find("steadier", steadier)
	}
	reference := c.trades[0]
	for i, b := range bargains(c.s) {
		run := c.trades[i]
		switch {
		case run.diverged != nil:
			lost = append(lost, fmt.Sprintf("%s: %v", b.series(), run.diverged))
		case i > 0 && reference.diverged == nil:
			findReal(rec, b.finding, relativeDifference(run.last, reference.last))
			if b.finding == "trade-careless" {
				findReal(rec, "trade-careless-1", relativeDifference(run.first, reference.first))
			}
		}
	}
	return lost
}

// rows are the ranks of one rule that did not diverge.
func (c *scaling) rows(rule int) (rows [][]float64, lost []string) {
	for j, run := range c.swept[rule] {
		if run.diverged != nil {
			lost = append(lost, fmt.Sprintf("%s: %v", c.tracks.ranks[rule][j].series.Name, run.diverged))
			continue
		}
		row := []float64{float64(scalingRanks[j]), run.gradients[0].b, run.gradients[1].a, run.update, run.loss}
		if slices.ContainsFunc(row, notFinite) { // the last step did it: no step has met it yet
			lost = append(lost, fmt.Sprintf("%s: the last step left numbers that are not finite", c.tracks.ranks[rule][j].series.Name))
			continue
		}
		rows = append(rows, row)
	}
	return rows, lost
}
