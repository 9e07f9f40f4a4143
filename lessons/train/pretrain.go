package train

import (
	"context"
	"fmt"

	"loralab/lessons/lab"
	"loralab/lora"
	"loralab/lora/toy"
)

// PretrainSteps is enough for the digits network to converge; the accuracy that
// it then has is a finding of every run.
const PretrainSteps = 400

// Pretrained is a network 64→width→width→10 that has learned to read upright
// digits.
type Pretrained struct {
	Net    *lora.Network
	Digits *toy.Digits
	Test   lora.Data // upright, held out
	Before Outcome   // of the pretraining
}

// DigitsWidths are the inputs of each layer of the digits network, and then the
// outputs of the last.
func DigitsWidths(s lab.Settings) []int {
	width := s.Whole("width")
	return []int{64, width, width, 10}
}

// Pretrain trains the digits network in full on upright images, recording into
// track. A divergence is an error: there would be no base to adapt.
func Pretrain(ctx context.Context, src Sources, s lab.Settings, track *lab.Track) (*Pretrained, error) {
	d, err := src.Digits()
	if err != nil {
		return nil, err
	}
	seed := s.Seed()
	net := lora.NewNetwork(DigitsWidths(s), lora.ReLU, lora.Stream(seed, "base weights"))
	upright, test := d.Data(toy.Upright, seed)
	t := lora.NewTrainer(net, upright, lora.Training{
		Loss: lora.CrossEntropy, Optimizer: lora.NewOptimizer(lora.Adam, 0.003), Full: true,
		Batch: s.Whole("batch"), Order: lora.Stream(seed, "pretraining order"),
	})
	before, err := Run(ctx, t, NewEvaluator(net, test, lora.CrossEntropy), track)
	if err != nil {
		return nil, err
	}
	if before.Diverged != nil {
		return nil, fmt.Errorf("pretraining: %w", before.Diverged)
	}
	return &Pretrained{net, d, test, before}, nil
}

// Shifted is the problem of adapting the network to the digits that the knob
// shift chooses.
func (b *Pretrained) Shifted(s lab.Settings) (*Problem, error) {
	shift, err := toy.ParseShift(s.Text("shift"))
	if err != nil {
		return nil, err
	}
	p := &Problem{Base: b.Net, Loss: lora.CrossEntropy, Before: b.Before, First: b.Test}
	p.Train, p.Test = b.Digits.Data(shift, s.Seed())
	return p, nil
}
