// Package quantization asks what 4 bits do to the frozen base: it rounds the
// weights of a trained network to formats of 2 to 8 bits, measures what is lost,
// and trains adapters on what is left.
package quantization

import (
	"context"
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora/quant"
	"loralab/lora/toy"
)

// New returns the experiment.
func New(src train.Sources) *lab.Experiment {
	return &lab.Experiment{
		ID:       "quantization",
		Title:    "Quantization",
		Question: "what do 4 bits do to the frozen base?",
		Knobs:    knobs(),
		Findings: findings(),
		Plots:    []string{"levels", "error", "price", "formats", "outlier", "bases", "accuracy", "loss", "loftq", "merge", "merged", "memory", "digits", "inside", "relative", "zeros", "lost", "double", "flow"},
		Check:    check,
		Figures:  figures,
		Run: func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
			return run(ctx, src, s, rec)
		},
	}
}

func knobs() []lab.Knob {
	all := []lab.Knob{
		{Name: "format", Help: "number format of the base: NormalFloat, FP4, integers, or bitsandbytes' 8-bit maps", Kind: lab.Choice,
			Default: "nf4", Choices: quant.Names()},
		{Name: "block", Help: "weights that share a scale, a power of two", Kind: lab.Whole,
			Default: "64", Min: quant.MinBlock, Max: quant.MaxBlock, Ladder: []string{"32", "64", "128", "256", "512", "1024", "2048", "4096"}},
		{Name: "double", Help: "whether the scales are quantized too, to 8 bits", Kind: lab.Choice, Default: "no", Choices: []string{"no", "yes"}},
		{Name: "weights", Help: "whose error is measured: the trained network's, or random ones of the same shapes and deviation", Kind: lab.Choice,
			Default: "network", Choices: []string{"network", "gaussian", "heavy-tailed", "outliers"}, Words: map[string]string{"heavy-tailed": "heavy tails"}},
		{Name: "outlier", Help: "size of an outlier, in standard deviations of the other weights", Kind: lab.Real,
			Default: "20", Min: 1, Max: 10000, Ladder: []string{"5", "10", "20", "50", "100"}},
		{Name: "shift", Help: "what the adapters are trained on: the digits that the base has learned, upright, or changed ones", Kind: lab.Choice,
			Default: toy.Upright.String(), Choices: append([]string{toy.Upright.String()}, toy.Shifts()...)},
		train.RankKnob("rank of the adapters", "4"),
		train.AlphaKnob("8", "64"),
		train.ScalingKnob(),
		train.OptimizerKnob(),
		train.LearningRateKnob("learning rate of the adapters", "0.01"),
		train.StepsKnob("training steps of each adapter", "200"),
		{Name: "loftq-iterations", Help: "iterations of LoftQ, which fits base and adapter together", Kind: lab.Whole,
			Default: "5", Min: 1, Max: 20, Ladder: []string{"1", "2", "3", "5", "10"}},
	}
	for _, k := range train.SizeKnobs() {
		if k.Name == "width" { // LoftQ takes a full SVD an iteration, which is slow beyond
			k.Max = 256
			k.Ladder = []string{"16", "32", "64", "128", "256"}
		}
		all = append(all, k)
	}
	return all
}

func check(s lab.Settings) error {
	if b := s.Whole("block"); b&(b-1) != 0 {
		return fmt.Errorf("knob block: %d is not allowed, want a power of two from %d to %d", b, quant.MinBlock, quant.MaxBlock)
	}
	return nil
}

// numberFormat is the format that the knobs choose.
func numberFormat(s lab.Settings) quant.Format {
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

// tracks are the series of one run, all announced before it starts.
type tracks struct {
	pretrain     *lab.Track
	lora         *lab.Track            // on the base in full precision
	formats      map[string]*lab.Track // on quantized bases, by format, the chosen one among them
	fromLoftQ    *lab.Track            // on the chosen format, from LoftQ's start
	loftqByRound *lab.Track
	reads        *lab.Track // an aside of the adapter on the chosen format
}

// qloraSeries names the series of the adapter on a base in some format.
func qloraSeries(format string) string { return "qlora " + format }

func announce(s lab.Settings, rec *lab.Recorder) tracks {
	steps := s.Whole("steps")
	t := tracks{formats: map[string]*lab.Track{}}
	t.pretrain = rec.Series("pretraining", train.PretrainSteps, "loss", "accuracy")
	t.loftqByRound = rec.Series("loftq", s.Whole("loftq-iterations"), "base", "start", "start-peft")
	t.lora = rec.Series("lora", steps, "loss", "accuracy")
	chosen := s.Text("format")
	t.formats[chosen] = rec.Series(qloraSeries(chosen), steps, "loss", "accuracy")
	t.reads = t.formats[chosen].Aside(readsAside, train.ReadColumns(train.Tasks(s), train.HandfulSize)...)
	t.fromLoftQ = rec.Series("qlora from loftq", steps, "loss", "accuracy")
	for _, name := range trainedFormats {
		if name != chosen {
			t.formats[name] = rec.Sparse(qloraSeries(name), steps, "loss", "accuracy")
		}
	}
	return t
}

func run(ctx context.Context, src train.Sources, s lab.Settings, rec *lab.Recorder) error {
	tracks := announce(s, rec)
	if err := reportMemory(rec, s); err != nil {
		return err
	}
	b, err := train.Pretrain(ctx, src, s, tracks.pretrain)
	if err != nil {
		return err
	}
	p, err := b.Shifted(s)
	if err != nil {
		return err
	}
	if err := studyFormats(ctx, rec, s, studiedWeights(s, p.Base)); err != nil {
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
	q.reportTrained()
	q.mergeBack()
	return nil
}
