package recipe

import (
	"context"
	"fmt"
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// training is one way to train. Two that are equal are done once.
type training struct {
	full  bool
	rate  float64
	rank  int     // of LoRA
	scale float64 // of LoRA: s
	layer int     // of LoRA: the one that is adapted, from 0; -1 for all
}

// name tells a training from others while it runs.
func (t training) name() string {
	switch {
	case t.full:
		return fmt.Sprintf("full, η = %v", t.rate)
	case t.layer >= 0:
		return fmt.Sprintf("layer %d, r = %d", t.layer+1, t.rank)
	}
	return fmt.Sprintf("LoRA, r = %d, s = %v, η = %v", t.rank, t.scale, t.rate)
}

// bench is where all trainings of a run are done.
type bench struct {
	s        lab.Settings
	planned  []training
	tracks   []*lab.Track
	outcomes []train.Outcome
}

// plan has a training done, and returns its index.
func (b *bench) plan(t training) int {
	if i := slices.Index(b.planned, t); i >= 0 {
		return i
	}
	b.planned = append(b.planned, t)
	return len(b.planned) - 1
}

// asKnobs is LoRA as the knobs say, on all layers.
func (b *bench) asKnobs() training {
	rank := b.s.Whole("rank")
	return training{rate: b.s.Real("learning-rate"), rank: rank, scale: train.Scaling(b.s).Factor(b.s.Real("alpha"), rank), layer: -1}
}

func (b *bench) announce(rec *lab.Recorder) {
	for _, t := range b.planned {
		b.tracks = append(b.tracks, rec.Sparse(t.name(), b.s.Whole("steps"), "loss", "accuracy"))
	}
}

func (b *bench) train(ctx context.Context, p *train.Problem) error {
	b.outcomes = make([]train.Outcome, len(b.planned))
	return train.SideBySide(ctx, len(b.planned), func(ctx context.Context, i int) (err error) {
		b.outcomes[i], err = b.one(ctx, p, b.planned[i], b.tracks[i])
		return err
	})
}

func (b *bench) one(ctx context.Context, p *train.Problem, t training, track *lab.Track) (train.Outcome, error) {
	net, err := b.network(p, t)
	if err != nil {
		return train.Outcome{}, err
	}
	return train.Run(ctx, p.Trainer(net, b.s, b.optimizer(t), t.full), p.Evaluator(net), track)
}

// network is a copy of the base as the training begins. The scaling is set through α,
// under the rule α/r.
func (b *bench) network(p *train.Problem, t training) (*lora.Network, error) {
	if t.full {
		return p.Base.Clone(), nil
	}
	start := lora.Init{Scheme: lora.Kaiming, Rank: t.rank, Alpha: t.scale * float64(t.rank), Rule: lora.AlphaOverR}
	var layers []int
	if t.layer >= 0 {
		layers = []int{t.layer}
	}
	return p.Begin(start, b.s.Seed(), layers...)
}

func (b *bench) optimizer(t training) lora.Optimizer {
	o := train.Optimizer(b.s, "learning-rate")
	o.LR = t.rate
	return o
}
