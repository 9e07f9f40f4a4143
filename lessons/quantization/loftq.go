package quantization

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/linalg"
	"loralab/lora/quant"
)

// fitLoftQ fits base and adapter together in every layer, and records what
// is left of the quantization error by iteration.
//
// PEFT's LoftQ leaves the scaling out: it finds B·A as if s were 1, and the
// layer then adds s·B·A. With P the best correction of rank r for the rest R,
// that leaves R − s·P, and as P is orthogonal to R − P
//
//	‖R − s·P‖² = ‖R − P‖² + (s − 1)²·‖P‖²,
//
// so with s = 2 the error is as large as without a correction.
func (q *quantized) fitLoftQ(ctx context.Context, track *lab.Track) error {
	iterations := q.s.Whole("loftq-iterations")
	fits := make([]*quant.LoftQ, len(q.p.Base.Layers))
	scale := train.Scaling(q.s).Factor(q.s.Real("alpha"), q.s.Whole("rank"))
	q.rec.Report("scaling-factor", scale)
	err := train.SideBySide(ctx, len(fits), func(_ context.Context, i int) (err error) {
		w := q.p.Base.Layers[i].W
		d, k := w.Dims()
		// A correction of full rank leaves nothing; a higher rank has nothing to add.
		rank := min(q.s.Whole("rank"), d, k)
		if fits[i], err = quant.NewLoftQ(w, numberFormat(q.s), rank, iterations, scale); err != nil {
			return fmt.Errorf("layer %d: %w", i+1, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	q.recordLoftQ(fits, scale, track)
	q.loftqNet = q.loftqNetwork(fits, 1)
	_, right := q.p.Evaluator(q.loftqNet).Evaluate()
	q.rec.Report("accuracy-start-loftq", right)
	_, peft := q.p.Evaluator(q.loftqNetwork(fits, scale)).Evaluate()
	q.rec.Report("accuracy-start-peft", peft)
	return nil
}

// rounding is the relative error allowed between sums of squares that are equal in
// exact arithmetic: with s = 2 and one iteration PEFT's start is exactly as far from W as
// no correction.
const rounding = 1e-9

// residual is the squared error that an iteration leaves, summed over the layers:
// of the base alone, with the correction, and with the correction as PEFT scales
// it.
type residual struct{ base, start, peft float64 }

// recordLoftQ adds the layers' errors up. Iteration 0 is plain quantization
// with no correction.
func (q *quantized) recordLoftQ(fits []*quant.LoftQ, scale float64, track *lab.Track) {
	residuals := make([]residual, len(fits[0].Steps))
	weights := make([]*mat.Dense, len(fits))
	for i, l := range q.p.Base.Layers {
		weights[i] = l.W
	}
	size := linalg.Norm(weights...)
	for _, fit := range fits {
		for i, step := range fit.Steps {
			base, start := float64(step.Base*step.Base), float64(step.Start*step.Start)
			residuals[i].base += base
			residuals[i].start += start
			residuals[i].peft += start + float64((scale-1)*(scale-1)*max(base-start, 0))
		}
	}
	share := func(square float64) float64 { return math.Sqrt(square) / size }
	plain, best := residuals[0].base, 0
	track.Add(0, share(plain), share(plain), share(plain))
	for i, rest := range residuals {
		track.Add(i+1, share(rest.base), share(rest.start), share(rest.peft))
		if rest.start < residuals[best].start {
			best = i
		}
	}
	last := residuals[len(residuals)-1]
	q.rec.Report("loftq-before", share(plain))
	q.rec.Report("loftq-after", share(last.start))
	q.rec.Report("loftq-peft", share(last.peft))
	q.rec.Report("loftq-peft-helps", lab.YesNo(last.peft < plain*(1-rounding)))
	q.rec.Report("loftq-gain", 1-share(last.start)/share(plain))
	q.rec.Report("loftq-best", best+1)
}

// loftqNetwork returns the network of LoftQ's bases and adapters, with the
// product B·A multiplied by times: PEFT's by s, since it divides by no s.
func (q *quantized) loftqNetwork(fits []*quant.LoftQ, times float64) *lora.Network {
	net := q.p.Base.Clone()
	for i, l := range net.Layers {
		d, k := l.Dims()
		l.W.Copy(fits[i].Base.Dense(d, k))
		a := lora.NewAdapter(d, k, q.s.Whole("rank"), q.s.Real("alpha"), train.Scaling(q.s))
		// Rows and columns beyond a full rank stay 0.
		a.A.Copy(fits[i].A)
		a.B.Copy(fits[i].B)
		a.B.Scale(times, a.B)
		l.Attach(train.AdapterName, a)
	}
	net.Activate(train.AdapterName)
	return net
}
