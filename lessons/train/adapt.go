package train

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"loralab/lessons/lab"
	"loralab/lora"
)

// AdapterName is the name of the adapter that an experiment trains, where it
// trains one.
const AdapterName = "adapter"

// Start is how an adapter begins under the knobs rank, alpha and scaling: A
// random as PEFT draws it, B zero.
func Start(s lab.Settings) lora.Init {
	return lora.Init{Scheme: lora.Kaiming, Rank: s.Whole("rank"), Alpha: s.Real("alpha"), Rule: Scaling(s)}
}

// WithAdapter returns a copy of the base with a fresh adapter of rank r on every
// layer. The same rank begins with the same A in every training of a run,
// whatever the scaling.
func (p *Problem) WithAdapter(s lab.Settings, rule lora.Scaling, r int) (*lora.Network, error) {
	start := Start(s)
	start.Rank, start.Rule = r, rule
	return p.Begin(start, s.Seed())
}

// Begin is WithAdapter for any start, also on some layers alone: those of the indices
// given, all if none is.
func (p *Problem) Begin(start lora.Init, seed uint64, layers ...int) (*lora.Network, error) {
	net := p.Base.Clone()
	return net, start.AttachAll(net, AdapterName, lora.Stream(seed, fmt.Sprintf("adapter of rank %d", start.Rank)), layers...)
}

// Trainer trains net on the problem's examples: its active adapters, or all of
// it where full is true. Every trainer of a run sees the same batches in the same
// order.
func (p *Problem) Trainer(net *lora.Network, s lab.Settings, o lora.Optimizer, full bool) *lora.Trainer {
	return lora.NewTrainer(net, p.Train, lora.Training{Loss: p.Loss, Optimizer: o, Full: full,
		Batch: s.Whole("batch"), Order: lora.Stream(s.Seed(), "order")})
}

// Adapt trains the active adapters of net.
func (p *Problem) Adapt(ctx context.Context, net *lora.Network, s lab.Settings, o lora.Optimizer, track *lab.Track, looks ...Look) (Outcome, error) {
	return Run(ctx, p.Trainer(net, s, o, false), p.Evaluator(net), track, looks...)
}

// FineTune trains all of net, with the knob full-learning-rate.
func (p *Problem) FineTune(ctx context.Context, net *lora.Network, s lab.Settings, track *lab.Track, looks ...Look) (Outcome, error) {
	return Run(ctx, p.Trainer(net, s, Optimizer(s, "full-learning-rate"), true), p.Evaluator(net), track, looks...)
}

// SideBySide calls work for 0 … n-1, as many at a time as there are processors:
// trainings of this size gain nothing from parallelism within a step. It returns
// the first error, after all calls have returned.
func SideBySide(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return lab.Catch(func() error { return work(ctx, i) })
		})
	}
	return g.Wait()
}
