// Package recipe puts a recipe for LoRA to the test: which learning rate, which
// layers, and what it costs to break one line of it.
package recipe

import (
	"context"

	"loralab/lessons/lab"
	"loralab/lessons/train"
)

// New returns the experiment.
func New(src train.Sources) *lab.Experiment {
	return &lab.Experiment{
		ID:       "recipe",
		Title:    "Recipe",
		Question: "what is a good start with LoRA?",
		Knobs:    knobs(),
		Findings: findings(),
		Plots:    []string{"broken", "rates", "layers"},
		Figures:  figures,
		Run: func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
			return run(ctx, src, s, rec)
		},
	}
}

func knobs() []lab.Knob {
	problem := train.ProblemKnobs()
	shift := problem[1]
	shift.Only = ""
	sizes := train.SizeKnobs()
	sizes[0].Default = "64" // twenty trainings: twice the width takes three times as long
	return append([]lab.Knob{
		train.RankKnob("rank of the adapters on all layers", "4"),
		train.AlphaKnob("8", "64"),
		train.ScalingKnob(),
		train.OptimizerKnob(),
		train.LearningRateKnob("learning rate of LoRA, in the recipe", "0.01"),
		{Name: "full-learning-rate", Symbol: "η full", Help: "learning rate of full fine-tuning, which LoRA takes where that line is broken", Kind: lab.Real,
			Default: "0.003", Min: 1e-7, Max: 100, Ladder: []string{"0.0003", "0.001", "0.003", "0.01"}},
		train.StepsKnob("training steps", "200"),
		shift,
	}, sizes...)
}

// run trains everything that one of the three studies asks for, each training once.
func run(ctx context.Context, src train.Sources, s lab.Settings, rec *lab.Recorder) error {
	pretrain := rec.Prelude("pretraining", train.PretrainSteps, "loss", "accuracy")
	b := bench{s: s}
	rates, layers, lines := b.planRates(), b.planLayers(), b.planLines()
	b.announce(rec)
	base, err := train.Pretrain(ctx, src, s, pretrain)
	if err != nil {
		return err
	}
	p, err := base.Shifted(s)
	if err != nil {
		return err
	}
	if err := b.reportMove(rec, p); err != nil {
		return err
	}
	if err := b.train(ctx, p); err != nil {
		return err
	}
	_, before := p.Evaluator(p.Base).Evaluate()
	rec.Report("accuracy-before", before)
	b.reportRates(rec, rates)
	b.reportLayers(rec, layers)
	b.reportLines(rec, lines)
	return nil
}
