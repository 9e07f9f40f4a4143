// Package reparameterization asks whether the update that adapts a model is
// really low-rank: it fine-tunes one base in full, analyses the update, and
// trains LoRA at several ranks beside it.
package reparameterization

import (
	"context"
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
)

// sweptRanks are the ranks at which LoRA is trained beside the chosen one.
var sweptRanks = [...]int{1, 2, 4, 8, 16, 32}

// New returns the experiment.
func New(src train.Sources) *lab.Experiment {
	return &lab.Experiment{
		ID:       "reparameterization",
		Title:    "Reparameterization",
		Question: "is the update that adapts a model really low-rank?",
		Knobs: append(train.ProblemKnobs(),
			train.RankKnob("rank of the adapter", "4"),
			train.AlphaKnob("8", "64"),
			train.ScalingKnob(),
			train.OptimizerKnob(),
			train.LearningRateKnob("learning rate of LoRA", "0.01"),
			lab.Knob{Name: "full-learning-rate", Symbol: "η full", Help: "learning rate of full fine-tuning", Kind: lab.Real, Default: "0.003", Min: 1e-7, Max: 100,
				Ladder: []string{"0.0001", "0.0003", "0.001", "0.003", "0.005", "0.01", "0.03", "0.1"}},
			lab.Knob{Name: "steps", Help: "training steps of LoRA and of full fine-tuning", Kind: lab.Whole, Default: "400", Min: 1, Max: 100000,
				Ladder: []string{"50", "100", "200", "400", "600", "800", "1600"}},
		),
		Findings: findings(),
		Plots:    []string{"loss", "accuracy", "count", "energy", "spectrum", "ranks", "gain", "gap", "sizes", "product", "digits", "forgetting", "forgotten", "flow"},
		Check:    check,
		Figures:  figures,
		Run: func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
			return run(ctx, src, s, rec)
		},
	}
}

func check(s lab.Settings) error {
	if s.Text("problem") == "planted" && s.Whole("planted-rank") > s.Whole("width") {
		return fmt.Errorf("knob planted-rank: a %s×%[1]s matrix has no rank of %s, want at most the width", s.Text("width"), s.Text("planted-rank"))
	}
	return nil
}

// tracks are the series of one run, all announced before it starts.
type tracks struct {
	pretrain, full, lora *lab.Track   // pretrain is nil for the planted problem
	ranks                []*lab.Track // beside sweptRanks; nil at the chosen rank
	asides               asides
}

func announce(s lab.Settings, rec *lab.Recorder) tracks {
	t := tracks{ranks: make([]*lab.Track, len(sweptRanks))}
	steps := s.Whole("steps")
	if s.Text("problem") == "digits" {
		t.pretrain = rec.Prelude("pretraining", train.PretrainSteps, "loss", "accuracy")
	}
	t.full = rec.Series("full", steps, "loss", "accuracy")
	t.lora = rec.Series("lora", steps, "loss", "accuracy")
	if t.pretrain != nil {
		t.asides = announceAsides(s, t.full, t.lora)
	}
	for i, r := range sweptRanks {
		if r != s.Whole("rank") {
			t.ranks[i] = rec.Sparse(fmt.Sprintf("rank %d", r), steps, "loss", "accuracy")
		}
	}
	return t
}

// run trains the same problem in full and by LoRA, analyses the update of full
// fine-tuning, and trains LoRA at other ranks.
func run(ctx context.Context, src train.Sources, s lab.Settings, rec *lab.Recorder) error {
	tracks := announce(s, rec)
	p, err := train.NewProblem(ctx, src, s, tracks.pretrain)
	if err != nil {
		return err
	}
	c := comparison{rec: rec, p: p, s: s, asides: tracks.asides}
	c.beforeAdapting()
	if err := c.begin(); err != nil {
		return err
	}
	if err := c.fineTune(ctx, tracks.full); err != nil {
		return err
	}
	chosen, err := c.adapt(ctx, tracks.lora)
	if err != nil {
		return err
	}
	return c.sweep(ctx, chosen, tracks.ranks)
}
