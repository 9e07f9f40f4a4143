// Package initialization asks why B starts at zero and A does not: it compares
// ways for A and B to begin on one problem, and then looks at what scales them:
// α, the rank and the learning rate.
package initialization

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// New returns the experiment.
func New(src train.Sources) *lab.Experiment {
	return &lab.Experiment{
		ID:       "initialization",
		Title:    "Initialization",
		Question: "why is B zero and A not?",
		Knobs:    knobs(),
		Findings: findings(),
		Plots:    []string{"loss", "gradients", "drift", "update", "gradient-size", "sweep-loss", "trade-alone", "trade", "trade-ratio", "digits", "trained", "first-task", "moves", "switched-off", "growth", "apart-alone", "apart", "apart-ratio", "flow"},
		Check:    check,
		Figures:  figures,
		Run: func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
			return run(ctx, src, s, rec)
		},
	}
}

func knobs() []lab.Knob {
	return append(train.ProblemKnobs(),
		lab.Knob{Name: "schemes", Help: "the ways to begin that are compared", Kind: lab.Set,
			Default: "kaiming,a-zero,both-zero,both-gaussian", Choices: schemeNames(), Words: schemeWords},
		lab.Knob{Name: "sigma", Symbol: "std", Help: "standard deviation of the random numbers in gaussian, A zero and both random", Kind: lab.Real,
			Default: "0.01", Min: 1e-6, Max: 100, Ladder: []string{"0.001", "0.01", "0.03", "0.1", "0.3", "1"}},
		train.RankKnob("rank of the adapter", "4"),
		train.AlphaKnob("8", "128"),
		train.ScalingKnob(),
		train.OptimizerKnob(),
		train.LearningRateKnob("learning rate of A, and of B where ratio-b is 1", "0.01"),
		lab.Knob{Name: "ratio-b", Symbol: "λ", Help: "learning rate of B over that of A (LoRA+)", Kind: lab.Real, Default: "1", Min: 0.001, Max: 1024,
			Ladder: []string{"1", "2", "4", "8", "16", "32"}},
		train.StepsKnob("training steps of each scheme", "400"),
		lab.Knob{Name: "target-loss", Help: "the loss that each scheme is timed to", Kind: lab.Real, Default: "0.5", Min: 1e-9, Max: 1e6,
			Ladder: []string{"0.1", "0.2", "0.3", "0.5", "1", "2"}},
		lab.Knob{Name: "sweep-steps", Help: "training steps at each rank, and of each pair that trades α for the learning rate", Kind: lab.Whole,
			Default: "20", Min: 2, Max: 10000, Ladder: []string{"2", "5", "10", "20", "50", "100"}},
		lab.Knob{Name: "trade", Symbol: "p", Help: "how many times larger the learning rate gets when α is made smaller for it", Kind: lab.Real,
			Default: "4", Min: 0.001, Max: 1024, Ladder: []string{"0.0625", "0.25", "0.5", "2", "3", "4", "8", "16"}},
	)
}

func schemeNames() []string {
	var names []string
	for _, s := range lora.Schemes() {
		names = append(names, s.String())
	}
	return names
}

// schemeWords are what schemes are called on a screen, where their names are
// not words.
var schemeWords = map[string]string{
	lora.GaussianOverR.String(): "gaussian 1/r", lora.AZero.String(): "A zero", lora.BothZero.String(): "both zero",
	lora.BothGaussian.String(): "both random", lora.PiSSA.String(): "PiSSA", lora.OLoRA.String(): "OLoRA", lora.EVA.String(): "EVA",
}

// schemeWord is what a scheme is called on a screen.
func schemeWord(name string) string { return lab.Knob{Words: schemeWords}.Word(name) }

// startOf returns how an adapter of this run begins. The inputs x are for EVA,
// the one scheme that depends on them.
func startOf(s lab.Settings, scheme lora.Scheme, x *mat.Dense) lora.Init {
	start := train.Start(s)
	start.Scheme, start.Sigma, start.X = scheme, s.Real("sigma"), x
	return start
}

func schemes(s lab.Settings) []lora.Scheme {
	var all []lora.Scheme
	for _, name := range s.Set("schemes") {
		scheme, err := lora.ParseScheme(name)
		if err != nil {
			panic(err) // the knob takes no other names
		}
		all = append(all, scheme)
	}
	return all
}

// check refuses ranks that a chosen scheme cannot have in one of
// the layers.
func check(s lab.Settings) error {
	widths, rank := train.Widths(s), s.Whole("rank")
	for _, scheme := range schemes(s) {
		for i, k := range widths[:len(widths)-1] {
			// Any problem has more examples than the rank asks for.
			start := startOf(s, scheme, mat.NewDense(k, rank, nil))
			if err := start.Validate(widths[i+1], k); err != nil {
				return fmt.Errorf("knob rank: %d does not go with the schemes, at layer %d: %w", rank, i+1, err)
			}
		}
	}
	return nil
}

// tracks are the series of one run, all announced before it starts.
type tracks struct {
	pretrain *lab.Track // nil for the planted problem
	schemes  []*lab.Track
	reads    []*lab.Track // asides of them; none for the planted problem
	ratio1   *lab.Track   // the first scheme with λ = 1, where another λ is chosen; else nil
	sweep    sweepTracks
	trades   []*lab.Track
}

func announce(s lab.Settings, rec *lab.Recorder) tracks {
	var t tracks
	if s.Text("problem") == "digits" {
		t.pretrain = rec.Prelude("pretraining", train.PretrainSteps, "loss", "accuracy")
	}
	for _, name := range s.Set("schemes") {
		track := rec.Series(name, s.Whole("steps"), "loss", "accuracy")
		t.schemes = append(t.schemes, track)
		if t.pretrain != nil {
			t.reads = append(t.reads, track.Aside(readsOf(name), train.ReadColumns(train.Tasks(s), train.HandfulSize)...))
		}
	}
	if s.Real("ratio-b") != 1 {
		t.ratio1 = rec.Series(s.Set("schemes")[0]+", λ = 1", s.Whole("steps"), "loss", "accuracy")
	}
	t.sweep = announceSweep(s, rec)
	t.trades = announceTrades(s, rec)
	return t
}

// run trains each scheme on the same problem, sweeps the rank and trades α for
// the learning rate. Every training is on its own, so they run side by side.
func run(ctx context.Context, src train.Sources, s lab.Settings, rec *lab.Recorder) error {
	tracks := announce(s, rec)
	p, err := train.NewProblem(ctx, src, s, tracks.pretrain)
	if err != nil {
		return err
	}
	starts := newStarts(p, s, rec, tracks)
	sweep := &sweep{p: p, s: s, tracks: tracks.sweep}
	trades := newTrades(p, s, tracks.trades)
	jobs := slices.Concat(starts.jobs(), sweep.jobs(), trades.jobs())
	err = train.SideBySide(ctx, len(jobs), func(ctx context.Context, i int) error { return jobs[i](ctx) })
	if err != nil {
		return err
	}
	failures := slices.Concat(starts.report(), sweep.report(rec), trades.report(rec))
	if len(failures) > 0 {
		rec.Report("diverged", strings.Join(failures, "; "))
	}
	return nil
}

// job is one training of a run.
type job = func(context.Context) error

// optimizer is the chosen one with λ, the learning rate of B over that of A.
func optimizer(s lab.Settings, ratio float64) lora.Optimizer {
	o := train.Optimizer(s, "learning-rate")
	o.RatioB = ratio
	return o
}
