package lessons

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"loralab/lora"
)

// adapterName is the name of the adapter that an experiment trains.
const adapterName = "adapter"

// sweptRanks are the ranks at which LoRA is trained beside the chosen one.
var sweptRanks = [...]int{1, 2, 4, 8, 16, 32}

// recovered is the share of full fine-tuning's gain that counts as recovering
// it.
const recovered = 0.95

// lowRankShare draws the line of the finding "low-rank": yes where a rank of at
// most a quarter of the first layer's directions recovers the gain.
const lowRankShare = 4

func reparameterization(digits digitsSource) *Experiment {
	e := &Experiment{
		ID:       "reparameterization",
		Title:    "Reparameterization",
		Question: "is the update that adapts a model really low-rank?",
		Knobs: append(problemKnobs(),
			Knob{Name: "rank", Symbol: "r", Help: "rank of the adapter", Kind: Whole, Default: "4", Min: 1, Max: 1024,
				Ladder: []string{"1", "2", "4", "8", "16", "32", "64"}},
			Knob{Name: "alpha", Symbol: "α", Help: "the constant over the rank in the scaling", Kind: Real, Default: "8", Min: 0.001, Max: 4096,
				Ladder: []string{"1", "2", "4", "8", "16", "32", "64"}},
			scalingKnob(),
			optimizerKnob(),
			Knob{Name: "learning-rate", Symbol: "η", Help: "learning rate of LoRA", Kind: Real, Default: "0.01", Min: 1e-7, Max: 100,
				Ladder: []string{"0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"}},
			Knob{Name: "full-learning-rate", Symbol: "η full", Help: "learning rate of full fine-tuning", Kind: Real, Default: "0.003", Min: 1e-7, Max: 100,
				Ladder: []string{"0.0001", "0.0003", "0.001", "0.003", "0.005", "0.01", "0.03", "0.1"}},
			Knob{Name: "steps", Help: "training steps of LoRA and of full fine-tuning", Kind: Whole, Default: "400", Min: 1, Max: 100000,
				Ladder: []string{"50", "100", "200", "400", "600", "800", "1600"}},
		),
		Findings: []Spec{
			{Name: "params-full", Label: "parameters trained in full", Kind: KindCount},
			{Name: "params-lora", Label: "parameters trained by LoRA", Kind: KindCount},
			{Name: "params-ratio", Label: "times fewer", Kind: KindReal, Digits: 3, Unit: "×"},
			{Name: "shape-w", Symbol: "W", Label: "shape of the first layer's weight", Kind: KindShape},
			{Name: "shape-a", Symbol: "A", Label: "shape of its first factor", Kind: KindShape},
			{Name: "shape-b", Symbol: "B", Label: "shape of its second factor", Kind: KindShape},
			{Name: "accuracy-base", Label: "accuracy on the first task, held out", Kind: KindReal, Percent: true, Digits: 3},
			{Name: "accuracy-before", Label: "accuracy before adapting", Kind: KindReal, Percent: true, Digits: 3},
			{Name: "accuracy-full", Label: "accuracy after full fine-tuning", Kind: KindReal, Percent: true, Digits: 3},
			{Name: "accuracy-lora", Label: "accuracy after LoRA", Kind: KindReal, Percent: true, Digits: 3},
			{Name: "loss-before", Label: "loss before adapting", Kind: KindReal},
			{Name: "loss-full", Label: "loss after full fine-tuning", Kind: KindReal},
			{Name: "loss-lora", Label: "loss after LoRA", Kind: KindReal},
			{Name: "floor", Label: "lowest loss any update of this rank can reach", Kind: KindReal},
			{Name: "gap-to-floor", Label: "LoRA's loss above that floor", Kind: KindReal, Percent: true, Digits: 3},
			{Name: "delta-energy", Label: "energy of the full ΔW in its first r directions", Kind: KindReal, Percent: true, Digits: 3},
			{Name: "delta-rank-90", Label: "directions that hold 90 % of the energy of ΔW, layer 1", Kind: KindCount},
			{Name: "delta-directions", Label: "directions there are in that layer", Kind: KindCount},
			{Name: "rank-95", Label: "smallest rank with 95 % of full fine-tuning's gain", Kind: KindCount},
			{Name: "low-rank", Label: "does a low rank recover 95 % of the gain?", Kind: KindText},
			{Name: "merge-difference", Label: "max |(W+sBA)x − (Wx+sB(Ax))|", Kind: KindReal, Digits: 2},
			{Name: "frozen-change", Label: "max change of the frozen W and bias", Kind: KindReal},
			{Name: "steps-per-second", Label: "LoRA steps a second", Kind: KindReal, Unit: "steps/s", Digits: 3, Measured: true},
			{Name: "full-steps-per-second", Label: "full steps a second", Kind: KindReal, Unit: "steps/s", Digits: 3, Measured: true},
			{Name: "diverged", Label: "a training that diverged", Kind: KindText},
			{Name: "singular-values", Label: "singular values of the full ΔW, a row a layer", Kind: KindMatrix},
			{Name: "singular-values-lora", Label: "singular values of s·B·A, a row a layer", Kind: KindMatrix},
			{Name: "ranks", Label: "rank, LoRA's loss and accuracy, a row a rank", Kind: KindMatrix},
			{Name: "truncated", Label: "rank, loss and accuracy of ΔW cut to that rank", Kind: KindMatrix},
			{Name: "floors", Label: "rank, lowest loss of that rank", Kind: KindMatrix},
			{Name: "delta-full", Label: "ΔW of full fine-tuning, layer 1, averaged to fit", Kind: KindMatrix},
			{Name: "delta-lora", Label: "s·B·A, layer 1, averaged to fit", Kind: KindMatrix},
		},
		Check: func(s Settings) error {
			if s.Text("problem") == "planted" && s.Whole("planted-rank") > s.Whole("width") {
				return fmt.Errorf("knob planted-rank: a %s×%[1]s matrix has no rank of %s, want at most the width", s.Text("width"), s.Text("planted-rank"))
			}
			return nil
		},
		Plots:   []string{"loss", "accuracy", "spectrum", "ranks", "delta-full", "delta-lora"},
		Figures: reparameterizationFigures,
	}
	e.Run = func(ctx context.Context, s Settings, rec *Recorder) error {
		return runReparameterization(ctx, digits, s, rec)
	}
	return e
}

func scalingKnob() Knob {
	return Knob{Name: "scaling", Symbol: "s", Help: "how α becomes s: α/r, or α/√r (rsLoRA)", Kind: Choice,
		Default: "alpha/r", Choices: []string{"alpha/r", "alpha/sqrt-r"}}
}

func optimizerKnob() Knob {
	return Knob{Name: "optimizer", Help: "how parameters follow gradients", Kind: Choice,
		Default: "adam", Choices: []string{"sgd", "momentum", "adam", "adamw"}}
}

func (s Settings) scaling() lora.Scaling {
	if s.Text("scaling") == "alpha/sqrt-r" {
		return lora.AlphaOverSqrtR
	}
	return lora.AlphaOverR
}

func (s Settings) optimizer(rate string) lora.Optimizer {
	rules := []lora.Rule{lora.SGD, lora.Momentum, lora.Adam, lora.AdamW}
	i := slices.IndexFunc(rules, func(r lora.Rule) bool { return r.String() == s.Text("optimizer") })
	return lora.NewOptimizer(rules[i], s.Real(rate))
}

// runReparameterization trains the same problem in full and by LoRA, takes
// the update of full fine-tuning apart, and trains LoRA at other ranks.
func runReparameterization(ctx context.Context, digits digitsSource, s Settings, rec *Recorder) error {
	tracks := announce(s, rec)
	p, err := newProblem(ctx, digits, s, tracks.pretrain)
	if err != nil {
		return err
	}
	if p.digits() {
		rec.Find("accuracy-base", p.before.accuracy)
	}
	var before outcome
	before.loss, before.accuracy = p.exam(p.base).sit()
	rec.Find("loss-before", before.loss)
	if p.digits() {
		rec.Find("accuracy-before", before.accuracy)
	} else {
		findFloors(rec, p, s.Whole("rank"))
	}

	full, fullNet, err := fineTune(ctx, p, s, tracks.full)
	if err != nil {
		return err
	}
	found := comparison{rec: rec, p: p, s: s, before: before, full: full}
	found.fullFineTuning(fullNet)

	adapted, adaptedNet, err := adapt(ctx, p, s, s.Whole("rank"), tracks.lora)
	if err != nil {
		return err
	}
	found.lora(adapted, adaptedNet)

	others, err := sweep(ctx, p, s, tracks.ranks)
	if err != nil {
		return err
	}
	found.ranks(append(others, ranked{s.Whole("rank"), adapted}))
	return nil
}

// tracks are the series of one run, all announced before it starts.
type reparameterizationTracks struct {
	pretrain, full, lora *Track
	ranks                map[int]*Track
}

func announce(s Settings, rec *Recorder) reparameterizationTracks {
	t := reparameterizationTracks{ranks: map[int]*Track{}}
	steps := s.Whole("steps")
	if s.Text("problem") == "digits" {
		t.pretrain = rec.Prelude("pretraining", pretrainSteps, "loss", "accuracy")
	}
	t.full = rec.Series("full", steps, "loss", "accuracy")
	t.lora = rec.Series("lora", steps, "loss", "accuracy")
	for _, r := range sweptRanks {
		if r != s.Whole("rank") {
			t.ranks[r] = rec.Sparse(fmt.Sprintf("rank %d", r), steps, "loss", "accuracy")
		}
	}
	return t
}

func findFloors(rec *Recorder, p *problem, rank int) {
	rec.Find("floor", p.floors[min(rank, len(p.floors)-1)])
	var rows [][]float64
	for r, floor := range p.floors[:min(len(p.floors), 33)] {
		rows = append(rows, []float64{float64(r), floor})
	}
	rec.Find("floors", rows)
}

// fineTune trains a copy of the base in full.
func fineTune(ctx context.Context, p *problem, s Settings, track *Track) (outcome, *lora.Network, error) {
	net := p.base.Clone()
	t := lora.NewTrainer(net, p.train, lora.Training{Loss: p.loss, Optimizer: s.optimizer("full-learning-rate"),
		Full: true, Batch: s.Whole("batch"), Order: lora.Stream(s.Seed(), "order")})
	o, err := train(ctx, t, p.exam(net), track)
	return o, net, err
}

// adapt trains an adapter of rank r on every layer of a copy of the base.
func adapt(ctx context.Context, p *problem, s Settings, r int, track *Track) (outcome, *lora.Network, error) {
	net := p.base.Clone()
	start := lora.Init{Scheme: lora.Kaiming, Rank: r, Alpha: s.Real("alpha"), Rule: s.scaling()}
	if err := start.AttachAll(net, adapterName, lora.Stream(s.Seed(), fmt.Sprintf("adapter of rank %d", r))); err != nil {
		return outcome{}, nil, err
	}
	t := lora.NewTrainer(net, p.train, lora.Training{Loss: p.loss, Optimizer: s.optimizer("learning-rate"),
		Batch: s.Whole("batch"), Order: lora.Stream(s.Seed(), "order")})
	o, err := train(ctx, t, p.exam(net), track)
	return o, net, err
}

// ranked is the outcome of LoRA at one rank.
type ranked struct {
	rank int
	outcome
}

// sweep trains the other ranks, as many at a time as there are processors: runs
// side by side are the only parallelism that pays at this size.
func sweep(ctx context.Context, p *problem, s Settings, tracks map[int]*Track) ([]ranked, error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	all := make([]ranked, 0, len(sweptRanks))
	for _, r := range sweptRanks {
		if tracks[r] == nil {
			continue
		}
		all = append(all, ranked{rank: r})
		result := &all[len(all)-1]
		g.Go(func() (err error) {
			result.outcome, _, err = adapt(ctx, p, s, r, tracks[r])
			return err
		})
	}
	return all, g.Wait()
}
