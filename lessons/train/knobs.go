package train

import (
	"slices"

	"loralab/lessons/lab"
	"loralab/lora"
	"loralab/lora/toy"
)

// ProblemKnobs are the knobs that [NewProblem] reads.
func ProblemKnobs() []lab.Knob {
	knobs := []lab.Knob{
		{Name: "problem", Help: "handwritten digits that change, or a planted low-rank change of one matrix", Kind: lab.Choice,
			Default: "digits", Choices: []string{"digits", "planted"}},
		{Name: "shift", Help: "what happens to the digits after the base has learned them upright", Kind: lab.Choice, Only: "problem=digits",
			Default: "rot90", Choices: toy.Shifts(), Words: ShiftWords()},
		{Name: "planted-rank", Help: "rank of the change that is to be found", Kind: lab.Whole, Only: "problem=planted",
			Default: "4", Min: 1, Max: 256, Ladder: []string{"1", "2", "4", "8", "16", "32"}},
		{Name: "planted-decay", Help: "each singular value of the planted change is this share of the one before", Kind: lab.Real, Only: "problem=planted",
			Default: "0.8", Min: 0.01, Max: 1, Ladder: []string{"0.5", "0.7", "0.8", "0.9", "1"}},
		{Name: "noise", Help: "noise on the targets of the planted problem, in standard deviations of the output's change", Kind: lab.Real, Only: "problem=planted",
			Default: "0.1", Min: 0, Max: 10, Ladder: []string{"0", "0.05", "0.1", "0.2", "0.5", "1"}},
	}
	return append(knobs, SizeKnobs()...)
}

// SizeKnobs are the knobs that [Pretrain] reads.
func SizeKnobs() []lab.Knob {
	return []lab.Knob{
		{Name: "width", Help: "width of the hidden layers; of the planted problem, where there is one, d = k", Kind: lab.Whole,
			Default: "128", Min: 2, Max: 1024, Ladder: []string{"16", "32", "64", "128", "256"}},
		{Name: "batch", Help: "examples in a training step", Kind: lab.Whole,
			Default: "64", Min: 1, Max: 4096, Ladder: []string{"8", "16", "32", "64", "128", "256"}},
	}
}

// RankKnob is the knob "rank".
func RankKnob(help, start string) lab.Knob {
	return lab.Knob{Name: "rank", Symbol: "r", Help: help, Kind: lab.Whole, Default: start, Min: 1, Max: 1024,
		Ladder: []string{"1", "2", "4", "8", "16", "32", "64"}}
}

// AlphaKnob is the knob "alpha"; one key press doubles or halves it, up to most.
func AlphaKnob(start, most string) lab.Knob {
	ladder := []string{"1", "2", "4", "8", "16", "32", "64", "128"}
	return lab.Knob{Name: "alpha", Symbol: "α", Help: "the constant over the rank in the scaling", Kind: lab.Real,
		Default: start, Min: 0.001, Max: 4096, Ladder: ladder[:slices.Index(ladder, most)+1]}
}

// ScalingKnob is the knob that [Scaling] reads.
func ScalingKnob() lab.Knob {
	return lab.Knob{Name: "scaling", Symbol: "s", Help: "how α becomes s: α/r, or α/√r (rsLoRA)", Kind: lab.Choice,
		Default: "alpha/r", Choices: []string{"alpha/r", "alpha/sqrt-r"},
		Words: map[string]string{"alpha/r": "α/r", "alpha/sqrt-r": "α/√r"}}
}

// Scaling returns how s is made of α and r.
func Scaling(s lab.Settings) lora.Scaling {
	if s.Text("scaling") == "alpha/sqrt-r" {
		return lora.AlphaOverSqrtR
	}
	return lora.AlphaOverR
}

// OptimizerKnob is the knob that [Optimizer] reads beside a learning rate.
func OptimizerKnob() lab.Knob {
	k := lab.Knob{Name: "optimizer", Help: "how parameters follow gradients", Kind: lab.Choice, Default: lora.Adam.String()}
	for _, rule := range rules {
		k.Choices = append(k.Choices, rule.String())
	}
	return k
}

// rules are the optimizers that can be chosen.
var rules = [...]lora.Rule{lora.SGD, lora.Momentum, lora.Adam, lora.AdamW}

// Optimizer returns the chosen optimizer with the learning rate of the named
// knob.
func Optimizer(s lab.Settings, rate string) lora.Optimizer {
	i := slices.IndexFunc(rules[:], func(r lora.Rule) bool { return r.String() == s.Text("optimizer") })
	return lora.NewOptimizer(rules[i], s.Real(rate))
}

// LearningRateKnob is the knob "learning-rate".
func LearningRateKnob(help, start string) lab.Knob {
	return lab.Knob{Name: "learning-rate", Symbol: "η", Help: help, Kind: lab.Real, Default: start, Min: 1e-7, Max: 100,
		Ladder: []string{"0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1"}}
}

// StepsKnob is the knob "steps".
func StepsKnob(help, start string) lab.Knob {
	return lab.Knob{Name: "steps", Help: help, Kind: lab.Whole, Default: start, Min: 1, Max: 100000,
		Ladder: []string{"50", "100", "200", "400", "800", "1600"}}
}
