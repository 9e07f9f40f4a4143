package lessons

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// initialization compares ways for A and B to begin on one problem, and then
// looks at what scales them: α, the rank and the learning rate.
func initialization(digits digitsSource) *Experiment {
	e := &Experiment{
		ID:       "initialization",
		Title:    "Initialization",
		Question: "why is B zero and A not?",
		Knobs: append(problemKnobs(),
			Knob{Name: "schemes", Help: "the ways to begin that are compared", Kind: Set,
				Default: "kaiming,a-zero,both-zero,both-gaussian", Choices: schemeNames()},
			Knob{Name: "sigma", Symbol: "σ", Help: "deviation of the random numbers in gaussian, a-zero and both-gaussian", Kind: Real,
				Default: "0.01", Min: 1e-6, Max: 100, Ladder: []string{"0.001", "0.01", "0.03", "0.1", "0.3", "1"}},
			Knob{Name: "rank", Symbol: "r", Help: "rank of the adapter", Kind: Whole, Default: "4", Min: 1, Max: 1024,
				Ladder: []string{"1", "2", "4", "8", "16", "32", "64"}},
			Knob{Name: "alpha", Symbol: "α", Help: "the constant over the rank in the scaling", Kind: Real, Default: "8", Min: 0.001, Max: 4096,
				Ladder: []string{"1", "2", "4", "8", "16", "32", "64", "128"}},
			scalingKnob(),
			optimizerKnob(),
			Knob{Name: "learning-rate", Symbol: "η", Help: "learning rate of A, and of B where ratio-b is 1", Kind: Real, Default: "0.01", Min: 1e-7, Max: 100,
				Ladder: []string{"0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"}},
			Knob{Name: "ratio-b", Symbol: "λ", Help: "learning rate of B over that of A (LoRA+)", Kind: Real, Default: "1", Min: 0.001, Max: 1024,
				Ladder: []string{"1", "2", "4", "8", "16", "32"}},
			Knob{Name: "steps", Help: "training steps of each scheme", Kind: Whole, Default: "400", Min: 1, Max: 100000,
				Ladder: []string{"50", "100", "200", "400", "800", "1600"}},
			Knob{Name: "target-loss", Help: "the loss that each scheme is timed to", Kind: Real, Default: "0.5", Min: 1e-9, Max: 1e6,
				Ladder: []string{"0.1", "0.2", "0.3", "0.5", "1", "2"}},
			Knob{Name: "sweep-steps", Help: "training steps at each rank, and of each pair that trades α for the learning rate", Kind: Whole,
				Default: "20", Min: 2, Max: 10000, Ladder: []string{"2", "5", "10", "20", "50", "100"}},
			Knob{Name: "trade", Symbol: "p", Help: "how many times larger the learning rate gets when α is made smaller for it", Kind: Real,
				Default: "4", Min: 0.001, Max: 1024, Ladder: []string{"0.0625", "0.25", "0.5", "2", "3", "4", "8", "16"}},
		),
		Findings: initializationFindings(),
		Plots:    []string{"loss", "gradients", "drift", "update", "gradient-size", "sweep-loss", "trade"},
		Check:    checkInitialization,
		Figures:  initializationFigures,
	}
	e.Run = func(ctx context.Context, s Settings, rec *Recorder) error {
		return runInitialization(ctx, digits, s, rec)
	}
	return e
}

func schemeNames() []string {
	var names []string
	for _, s := range lora.Schemes() {
		names = append(names, s.String())
	}
	return names
}

// schemeFindings are declared for every scheme, as name-scheme; a run finds
// those of the schemes that it compares.
var schemeFindings = [...]Spec{
	{Name: "drift", Symbol: "max |h − h₀|", Label: "output drift at step 0", Kind: KindReal, Digits: 3},
	{Name: "switched-off", Label: "output drift with the adapter switched off", Kind: KindReal, Digits: 3},
	{Name: "when-off", Label: "the network with the adapter switched off", Kind: KindText},
	{Name: "first-task", Label: "accuracy on the first task at step 0", Kind: KindReal, Percent: true, Digits: 3},
	{Name: "size-a", Label: "root mean square of A at step 0", Kind: KindReal, Digits: 3},
	{Name: "first-to-move", Label: "what has a gradient at step 0", Kind: KindText},
	{Name: "grad-a-0", Symbol: "‖∂L/∂A‖", Label: "gradient of A at step 0", Kind: KindReal},
	{Name: "grad-b-0", Symbol: "‖∂L/∂B‖", Label: "gradient of B at step 0", Kind: KindReal},
	{Name: "grad-a-1", Symbol: "‖∂L/∂A‖", Label: "gradient of A at step 1", Kind: KindReal},
	{Name: "grad-b-1", Symbol: "‖∂L/∂B‖", Label: "gradient of B at step 1", Kind: KindReal},
	{Name: "grad-a-2", Symbol: "‖∂L/∂A‖", Label: "gradient of A at step 2", Kind: KindReal},
	{Name: "grad-b-2", Symbol: "‖∂L/∂B‖", Label: "gradient of B at step 2", Kind: KindReal},
	{Name: "steps-to-target", Label: "steps to the target loss", Kind: KindCount},
	{Name: "loss", Label: "loss at the end", Kind: KindReal},
	{Name: "accuracy", Label: "accuracy at the end", Kind: KindReal, Percent: true, Digits: 3},
	{Name: "update", Symbol: "‖ΔW‖", Label: "size of the change of all weights", Kind: KindReal},
}

func initializationFindings() []Spec {
	specs := []Spec{
		{Name: "accuracy-base", Label: "accuracy on the first task, held out", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "accuracy-before", Label: "accuracy before adapting", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "loss-before", Label: "loss before adapting", Kind: KindReal},
		{Name: "fastest", Label: "first scheme at the target loss", Kind: KindText},
		{Name: "diverged", Label: "trainings that diverged", Kind: KindText},
		{Name: "steps-to-target-ratio-1", Label: "first scheme with λ = 1: steps to the target loss", Kind: KindCount},
		{Name: "loss-ratio-1", Label: "first scheme with λ = 1: loss at the end", Kind: KindReal},
		{Name: "accuracy-ratio-1", Label: "first scheme with λ = 1: accuracy at the end", Kind: KindReal, Percent: true, Digits: 3},
	}
	for _, scheme := range schemeNames() {
		for _, spec := range schemeFindings {
			spec.Name, spec.Label = spec.Name+"-"+scheme, scheme+": "+spec.Label
			specs = append(specs, spec)
		}
	}
	return append(specs, scalingFindings...)
}

// startOf returns how an adapter of this run begins.
func (s Settings) startOf(scheme lora.Scheme, p *problem) lora.Init {
	return lora.Init{Scheme: scheme, Rank: s.Whole("rank"), Alpha: s.Real("alpha"), Rule: s.scaling(),
		Sigma: s.Real("sigma"), X: p.train.X}
}

func (s Settings) schemes() []lora.Scheme {
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

// checkInitialization refuses ranks that a chosen scheme cannot have in one of
// the layers.
func checkInitialization(s Settings) error {
	widths, rank := s.widths(), s.Whole("rank")
	for _, scheme := range s.schemes() {
		for i, k := range widths[:len(widths)-1] {
			start := s.startOf(scheme, &problem{})
			if scheme == lora.EVA {
				start.X = mat.NewDense(k, rank, nil) // any problem has more examples than inputs
			}
			if err := start.Validate(widths[i+1], k); err != nil {
				return fmt.Errorf("knob rank: %d does not go with the schemes, at layer %d: %w", rank, i+1, err)
			}
		}
	}
	return nil
}

// initializationTracks are the series of one run, all announced before it
// starts.
type initializationTracks struct {
	pretrain *Track // nil for the planted problem
	schemes  []*Track
	ratio1   *Track // the first scheme with λ = 1, where another λ is chosen; else nil
	scaling  scalingTracks
}

func announceInitialization(s Settings, rec *Recorder) initializationTracks {
	var t initializationTracks
	if s.Text("problem") == "digits" {
		t.pretrain = rec.Prelude("pretraining", pretrainSteps, "loss", "accuracy")
	}
	for _, name := range s.Set("schemes") {
		t.schemes = append(t.schemes, rec.Series(name, s.Whole("steps"), "loss", "accuracy"))
	}
	if s.Real("ratio-b") != 1 {
		t.ratio1 = rec.Series(s.Set("schemes")[0]+", λ = 1", s.Whole("steps"), "loss", "accuracy")
	}
	t.scaling = announceScaling(s, rec)
	return t
}

// runInitialization trains each scheme on the same problem, then sweeps the
// rank and trades α for the learning rate. Every training is on its own, so
// they run side by side, as many as there are processors.
func runInitialization(ctx context.Context, digits digitsSource, s Settings, rec *Recorder) error {
	tracks, schemes := announceInitialization(s, rec), s.schemes()
	p, err := newProblem(ctx, digits, s, tracks.pretrain)
	if err != nil {
		return err
	}
	c := newStarts(p, s, rec)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	outcomes := make([]outcome, len(schemes))
	for i, scheme := range schemes {
		g.Go(func() (err error) {
			outcomes[i], err = c.compare(ctx, scheme, tracks.schemes[i])
			return err
		})
	}
	var ratio1 outcome
	if tracks.ratio1 != nil {
		g.Go(func() (err error) {
			ratio1, err = c.withRatio1(ctx, schemes[0], tracks.ratio1)
			return err
		})
	}
	scaling := newScaling(p, s, tracks.scaling)
	scaling.run(ctx, g)
	if err := g.Wait(); err != nil {
		return err
	}
	c.fastest(schemes, tracks.schemes)

	var lost []string
	for i, o := range append(outcomes, ratio1) {
		if o.diverged != nil {
			track := tracks.ratio1
			if i < len(schemes) {
				track = tracks.schemes[i]
			}
			lost = append(lost, fmt.Sprintf("%s: %v", track.series.Name, o.diverged))
		}
	}
	lost = append(lost, scaling.find(rec)...)
	if len(lost) > 0 {
		rec.Find("diverged", strings.Join(lost, "; "))
	}
	return nil
}
