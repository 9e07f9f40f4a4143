package lessons

import (
	"context"
	"time"

	"loralab/lora"
)

// exam measures a network on a set of examples again and again without
// allocating.
type exam struct {
	net  *lora.Network
	pass *lora.Pass
	data lora.Data
	loss lora.Loss
}

func newExam(net *lora.Network, data lora.Data, loss lora.Loss) *exam {
	return &exam{net, lora.NewPass(net, data.Len()), data, loss}
}

// sit returns the loss and, for classes, the accuracy (0 otherwise).
func (e *exam) sit() (loss, accuracy float64) {
	h := e.pass.Forward(e.data.X)
	loss = e.loss.Eval(nil, h, e.data)
	if e.data.Labels != nil {
		accuracy = lora.Accuracy(h, e.data.Labels)
	}
	return loss, accuracy
}

// outcome is what a training came to.
type outcome struct {
	loss, accuracy float64 // of the exam after the last step
	params         int     // trained
	diverged       error   // a *lora.Diverged, nil when all went well
	gradients      []norms // of the first steps, at most firstSteps
	inSteps        time.Duration
	steps          int
}

// firstSteps is how many steps an outcome keeps the gradients of: enough to see
// which of A and B moves first and that the other follows.
const firstSteps = 3

// norms are Frobenius norms of the gradients by all A and by all B; 0 where
// neither is trained.
type norms struct{ a, b float64 }

// train takes the track's planned steps and records the exam at the steps that
// the record keeps. A divergence ends the training early and is part of the
// outcome; the only error is ctx's.
func train(ctx context.Context, t *lora.Trainer, e *exam, track *Track) (outcome, error) {
	o := outcome{params: t.Params()}
	for step := 0; ; step++ {
		if err := ctx.Err(); err != nil {
			return o, err
		}
		if track.Keeps(step) {
			o.loss, o.accuracy = e.sit()
			track.Add(step, o.loss, o.accuracy)
		} else {
			track.Add(step)
		}
		if step == track.series.Planned {
			return o, nil
		}
		start := time.Now()
		_, err := t.Step()
		o.inSteps += time.Since(start)
		o.steps++
		if err != nil {
			o.diverged = err
			o.loss, o.accuracy = e.sit()
			return o, nil
		}
		if step < firstSteps {
			a, b := t.GradientNorms()
			o.gradients = append(o.gradients, norms{a, b})
		}
	}
}

// stepsPerSecond is a timing: it differs from run to run.
func (o outcome) stepsPerSecond() float64 {
	return float64(o.steps) / max(o.inSteps.Seconds(), 1e-9)
}
