package train

import (
	"context"

	"loralab/lessons/lab"
	"loralab/lora"
	"loralab/lora/toy"
)

// Problem is what the trainings of one run share: a base that has learned one
// task, and the examples of the task that it has to adapt to.
type Problem struct {
	Base   *lora.Network // never written to: trainings and merges work on clones
	Loss   lora.Loss
	Train  lora.Data
	Test   lora.Data // held out; of the planted problem the same as Train, see Evaluator
	First  lora.Data // held out, of the task that the base learned; empty for the planted problem
	Floors []float64 // of the planted problem: the lowest training loss of any update of rank r, by r; else nil
	Before Outcome   // of the pretraining, on its own task; empty for the planted problem
}

// plantedExamples is how many examples the planted problem has for each input
// dimension: enough that ordinary least squares is well determined.
const plantedExamples = 4

// Widths are the inputs of each layer of the base, and then the outputs of the
// last.
func Widths(s lab.Settings) []int {
	width := s.Whole("width")
	if s.Text("problem") == "planted" {
		return []int{width, width}
	}
	return DigitsWidths(s)
}

// NewProblem builds the problem that the knobs choose. For digits it pretrains
// a network on upright images, recording into track.
func NewProblem(ctx context.Context, src Sources, s lab.Settings, track *lab.Track) (*Problem, error) {
	if s.Text("problem") == "planted" {
		return PlantedProblem(s), nil
	}
	b, err := Pretrain(ctx, src, s, track)
	if err != nil {
		return nil, err
	}
	return b.Shifted(s)
}

// PlantedProblem returns a base of one matrix and examples of the same matrix
// with a known low-rank change added. Nothing in it is pretrained.
func PlantedProblem(s lab.Settings) *Problem {
	width := s.Whole("width")
	planted := toy.NewPlanted(toy.PlantedConfig{
		D: width, K: width, N: plantedExamples * width, Rank: min(s.Whole("planted-rank"), width),
		Decay: s.Real("planted-decay"), Noise: s.Real("noise"),
	}, s.Seed())
	return &Problem{Base: planted.Base, Loss: lora.MeanSquaredError,
		Train: planted.Train, Test: planted.Train, Floors: exactFloors(planted)}
}

// exactFloors sets floors to 0 that are rounding error beside the loss at which
// training starts: without noise an update of the planted rank fits exactly.
func exactFloors(planted *toy.Planted) []float64 {
	floors := planted.Floors()
	for r, floor := range floors {
		if floor <= floors[0]*0x1p-40 {
			floors[r] = 0
		}
	}
	return floors
}

// Evaluator measures a network of this problem. Digits are evaluated on
// held-out images, the planted problem on its training examples, because the
// closed-form floor is a statement about them.
func (p *Problem) Evaluator(net *lora.Network) *Evaluator { return NewEvaluator(net, p.Test, p.Loss) }

// Digits reports whether the problem is handwritten digits, which have classes
// and so an accuracy; the planted problem has neither.
func (p *Problem) Digits() bool { return p.Loss == lora.CrossEntropy }

// Floor returns the lowest training loss that any update of rank r can reach:
// from full rank on it falls no further. The problem must be the planted one.
func (p *Problem) Floor(r int) float64 { return p.Floors[min(r, len(p.Floors)-1)] }
