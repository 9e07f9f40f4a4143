package lessons

import (
	"context"
	"fmt"

	"loralab/lora"
	"loralab/lora/toy"
)

// problem is what the trainings of one run share: a base that has learned one
// task, and the examples of the task it has to adapt to.
type problem struct {
	base   *lora.Network
	loss   lora.Loss
	train  lora.Data
	test   lora.Data // held out; of the planted problem the same as train, see exam
	first  lora.Data // held out of the task that the base learned; empty for planted
	floors []float64 // planted: the best training loss of any update of rank r, by r; nil for digits
	before outcome   // the pretraining, on its own task
}

// problemKnobs are the knobs of newProblem.
func problemKnobs() []Knob {
	knobs := []Knob{
		{Name: "problem", Help: "handwritten digits that change, or a planted low-rank change of one matrix", Kind: Choice,
			Default: "digits", Choices: []string{"digits", "planted"}},
		{Name: "shift", Help: "what happens to the digits after the base has learned them upright", Kind: Choice, Only: "problem=digits",
			Default: "rot90", Choices: toy.Shifts()},
		{Name: "planted-rank", Help: "rank of the change that is to be found", Kind: Whole, Only: "problem=planted",
			Default: "4", Min: 1, Max: 256, Ladder: []string{"1", "2", "4", "8", "16", "32"}},
		{Name: "planted-decay", Help: "each singular value of the planted change is this share of the one before", Kind: Real, Only: "problem=planted",
			Default: "0.8", Min: 0.01, Max: 1, Ladder: []string{"0.5", "0.7", "0.8", "0.9", "1"}},
		{Name: "noise", Help: "noise on the targets of the planted problem, in standard deviations of the output's change", Kind: Real, Only: "problem=planted",
			Default: "0.1", Min: 0, Max: 10, Ladder: []string{"0", "0.05", "0.1", "0.2", "0.5", "1"}},
	}
	return append(knobs, sizeKnobs()...)
}

// sizeKnobs are the knobs of pretrain.
func sizeKnobs() []Knob {
	return []Knob{
		{Name: "width", Help: "width of the hidden layers; of the planted problem, where there is one, d = k", Kind: Whole,
			Default: "128", Min: 2, Max: 1024, Ladder: []string{"16", "32", "64", "128", "256"}},
		{Name: "batch", Help: "examples in a training step", Kind: Whole,
			Default: "64", Min: 1, Max: 4096, Ladder: []string{"8", "16", "32", "64", "128", "256"}},
	}
}

// plantedExamples is how many examples the planted problem has for each input
// dimension: enough that ordinary least squares is well determined.
const plantedExamples = 4

// pretrainSteps is enough for the digits network to come to rest; what it then
// reaches is a finding of every run.
const pretrainSteps = 400

// widths are the inputs of each layer of the base, and then the outputs of the
// last.
func (s Settings) widths() []int {
	width := s.Whole("width")
	if s.Text("problem") == "planted" {
		return []int{width, width}
	}
	return digitsWidths(s)
}

func digitsWidths(s Settings) []int {
	width := s.Whole("width")
	return []int{64, width, width, 10}
}

// newProblem builds the base. For digits it pretrains a network on upright
// images, recording into track.
func newProblem(ctx context.Context, digits digitsSource, s Settings, track *Track) (*problem, error) {
	if s.Text("problem") == "planted" {
		return newPlanted(s), nil
	}
	b, err := pretrain(ctx, digits, s, track)
	if err != nil {
		return nil, err
	}
	shift, err := toy.ParseShift(s.Text("shift"))
	if err != nil {
		return nil, err
	}
	p := &problem{base: b.net, loss: lora.CrossEntropy, before: b.before, first: b.test}
	p.train, p.test = b.digits.Data(shift, s.Seed())
	return p, nil
}

// pretrained is a network 64-width-width-10 that has learned to read upright
// digits.
type pretrained struct {
	net    *lora.Network
	digits *toy.Digits
	test   lora.Data // upright, held out
	before outcome   // of the pretraining
}

func pretrain(ctx context.Context, digits digitsSource, s Settings, track *Track) (*pretrained, error) {
	d, err := digits()
	if err != nil {
		return nil, err
	}
	seed := s.Seed()
	net := lora.NewNetwork(digitsWidths(s), lora.ReLU, lora.Stream(seed, "base weights"))
	upright, test := d.Data(toy.Upright, seed)
	t := lora.NewTrainer(net, upright, lora.Training{
		Loss: lora.CrossEntropy, Optimizer: lora.NewOptimizer(lora.Adam, 0.003), Full: true,
		Batch: s.Whole("batch"), Order: lora.Stream(seed, "pretraining order"),
	})
	before, err := train(ctx, t, newExam(net, test, lora.CrossEntropy), track)
	if err != nil {
		return nil, err
	}
	if before.diverged != nil {
		return nil, fmt.Errorf("pretraining: %w", before.diverged)
	}
	return &pretrained{net, d, test, before}, nil
}

func newPlanted(s Settings) *problem {
	width := s.Whole("width")
	planted := toy.NewPlanted(toy.PlantedConfig{
		D: width, K: width, N: plantedExamples * width, Rank: min(s.Whole("planted-rank"), width),
		Decay: s.Real("planted-decay"), Noise: s.Real("noise"),
	}, s.Seed())
	return &problem{base: planted.Base, loss: lora.MeanSquaredError,
		train: planted.Train, test: planted.Train, floors: exactFloors(planted)}
}

// exactFloors takes a floor that is rounding, next to the loss that training
// starts from, for the zero that it is: without noise the planted rank fits all.
func exactFloors(planted *toy.Planted) []float64 {
	floors := planted.Floors()
	for r, floor := range floors {
		if floor <= floors[0]*0x1p-40 {
			floors[r] = 0
		}
	}
	return floors
}

// exam measures a network of this problem. Digits are judged by held-out
// images. The planted problem is judged by its training examples, because the
// closed-form floor is a statement about them.
func (p *problem) exam(net *lora.Network) *exam { return newExam(net, p.test, p.loss) }

// layers names the layers for tables: 1, 2, 3.
func (p *problem) digits() bool { return p.loss == lora.CrossEntropy }
