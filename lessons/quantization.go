package lessons

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"loralab/lora"
	"loralab/lora/quant"
	"loralab/lora/toy"
)

// quantization rounds the weights of a trained network to formats of 2 to 8
// bits, measures what is lost, and trains adapters on what is left.
func quantization(digits digitsSource) *Experiment {
	return &Experiment{
		ID:       "quantization",
		Title:    "Quantization",
		Question: "what do 4 bits do to the frozen base?",
		Knobs:    quantizationKnobs(),
		Findings: slices.Concat(formatSpecs(), baseSpecs(), loftqSpecs(), mergeBackSpecs(), baseMemorySpecs()),
		Plots:    []string{"levels", "error", "outlier", "accuracy", "loss", "loftq", "merge", "memory"},
		Check:    checkQuantization,
		Figures:  quantizationFigures,
		Run: func(ctx context.Context, s Settings, rec *Recorder) error {
			return runQuantization(ctx, digits, s, rec)
		},
	}
}

func quantizationKnobs() []Knob {
	knobs := []Knob{
		{Name: "format", Help: "number format of the base: NormalFloat, FP4, integers, or bitsandbytes' 8-bit maps", Kind: Choice,
			Default: "nf4", Choices: quant.Names()},
		{Name: "block", Help: "weights that share a scale, a power of two", Kind: Whole,
			Default: "64", Min: quant.MinBlock, Max: quant.MaxBlock, Ladder: []string{"32", "64", "128", "256", "512", "1024", "2048", "4096"}},
		{Name: "double", Help: "whether the scales are quantized too, to 8 bits", Kind: Choice, Default: "no", Choices: []string{"no", "yes"}},
		{Name: "weights", Help: "whose error is measured: the trained network's, or random ones of the same shapes and deviation", Kind: Choice,
			Default: "network", Choices: []string{"network", "gaussian", "heavy-tailed", "outliers"}},
		{Name: "outlier", Help: "size of an outlier, in standard deviations of the other weights", Kind: Real,
			Default: "20", Min: 1, Max: 10000, Ladder: []string{"5", "10", "20", "50", "100"}},
		{Name: "shift", Help: "what the adapters are trained on: the digits that the base has learned, upright, or changed ones", Kind: Choice,
			Default: toy.Upright.String(), Choices: append([]string{toy.Upright.String()}, toy.Shifts()...)},
		{Name: "rank", Symbol: "r", Help: "rank of the adapters", Kind: Whole, Default: "4", Min: 1, Max: 1024,
			Ladder: []string{"1", "2", "4", "8", "16", "32", "64"}},
		{Name: "alpha", Symbol: "α", Help: "the constant over the rank in the scaling", Kind: Real, Default: "8", Min: 0.001, Max: 4096,
			Ladder: []string{"1", "2", "4", "8", "16", "32", "64"}},
		scalingKnob(),
		optimizerKnob(),
		{Name: "learning-rate", Symbol: "η", Help: "learning rate of the adapters", Kind: Real, Default: "0.01", Min: 1e-7, Max: 100,
			Ladder: []string{"0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"}},
		{Name: "steps", Help: "training steps of each adapter", Kind: Whole, Default: "200", Min: 1, Max: 100000,
			Ladder: []string{"50", "100", "200", "400", "800", "1600"}},
		{Name: "loftq-iterations", Help: "iterations of LoftQ, which fits base and adapter together", Kind: Whole,
			Default: "5", Min: 1, Max: 20, Ladder: []string{"1", "2", "3", "5", "10"}},
	}
	for _, k := range sizeKnobs() {
		if k.Name == "width" { // LoftQ takes a full SVD an iteration, which is slow beyond
			k.Max = 256
			k.Ladder = []string{"16", "32", "64", "128", "256"}
		}
		knobs = append(knobs, k)
	}
	return knobs
}

func checkQuantization(s Settings) error {
	if b := s.Whole("block"); b&(b-1) != 0 {
		return fmt.Errorf("knob block: %d is not allowed, want a power of two from %d to %d", b, quant.MinBlock, quant.MaxBlock)
	}
	return nil
}

// numberFormat is the format that the knobs choose.
func (s Settings) numberFormat() quant.Format {
	return quant.Format{Book: codebook(s.Text("format")), Block: s.Whole("block"), Double: s.Text("double") == "yes"}
}

// codebook returns the codebook of a name out of quant.Names.
func codebook(name string) *quant.Codebook {
	book, err := quant.Named(name)
	if err != nil {
		panic(err) // the knob takes no other names
	}
	return book
}

// trainedFormats are the formats on which an adapter is trained whatever the
// knobs say: the widths of one family, so that only the width differs.
var trainedFormats = [...]string{"nf2", "nf3", "nf4"}

// quantizationTracks are the series of one run, all announced before it starts.
type quantizationTracks struct {
	pretrain     *Track
	lora         *Track            // on the base in full precision
	formats      map[string]*Track // on quantized bases, by format, the chosen one among them
	fromLoftQ    *Track            // on the chosen format, from LoftQ's start
	loftqByRound *Track
}

// qloraSeries names the series of the adapter on a base in some format.
func qloraSeries(format string) string { return "qlora " + format }

func announceQuantization(s Settings, rec *Recorder) quantizationTracks {
	steps := s.Whole("steps")
	t := quantizationTracks{formats: map[string]*Track{}}
	t.pretrain = rec.Series("pretraining", pretrainSteps, "loss", "accuracy")
	t.loftqByRound = rec.Series("loftq", s.Whole("loftq-iterations"), "base", "start", "start-peft")
	t.lora = rec.Series("lora", steps, "loss", "accuracy")
	chosen := s.Text("format")
	t.formats[chosen] = rec.Series(qloraSeries(chosen), steps, "loss", "accuracy")
	t.fromLoftQ = rec.Series("qlora from loftq", steps, "loss", "accuracy")
	for _, name := range trainedFormats {
		if name != chosen {
			t.formats[name] = rec.Sparse(qloraSeries(name), steps, "loss", "accuracy")
		}
	}
	return t
}

func runQuantization(ctx context.Context, digits digitsSource, s Settings, rec *Recorder) error {
	tracks := announceQuantization(s, rec)
	if err := findBaseMemory(rec, s); err != nil {
		return err
	}
	shift, err := toy.ParseShift(s.Text("shift"))
	if err != nil {
		return err
	}
	b, err := pretrain(ctx, digits, s, tracks.pretrain)
	if err != nil {
		return err
	}
	p := &problem{base: b.net, loss: lora.CrossEntropy, before: b.before, first: b.test}
	p.train, p.test = b.digits.Data(shift, s.Seed())

	if err := studyFormats(ctx, rec, s, studiedWeights(s, p.base)); err != nil {
		return err
	}
	if err := studyOutlier(ctx, rec, s); err != nil {
		return err
	}
	q := &quantized{rec: rec, s: s, p: p}
	if err := q.bases(ctx); err != nil {
		return err
	}
	if err := q.fitLoftQ(ctx, tracks.loftqByRound); err != nil {
		return err
	}
	if err := q.trainAll(ctx, tracks); err != nil {
		return err
	}
	q.findTrained()
	q.mergeBack()
	return nil
}

// sideBySide calls work for 0 … n-1, as many at a time as there are processors.
func sideBySide(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return work(ctx, i)
		})
	}
	return g.Wait()
}
