package train

import (
	"context"
	"time"

	"loralab/lessons/lab"
	"loralab/lora"
)

// Outcome is what a training came to.
type Outcome struct {
	Loss, Accuracy float64         // by the evaluator, after the last step
	Params         int             // parameters trained
	Diverged       error           // a *lora.Diverged, nil when all went well
	Gradients      []GradientNorms // of the first steps, at most FirstSteps
	InSteps        time.Duration   // time spent in steps, evaluation left out
	Steps          int
}

// FirstSteps is how many steps an Outcome keeps the gradients of: enough to see
// which of A and B moves first and that the other follows.
const FirstSteps = 3

// GradientNorms are Frobenius norms of the gradients by all A and by all B; 0
// where neither is trained.
type GradientNorms struct{ A, B float64 }

// Look is called at each step that the record keeps, before that step is recorded:
// what it reports is there when a screen draws the step. It must leave the network
// as it is.
type Look func(step int, t *lora.Trainer)

// Run takes the track's planned steps and records loss and accuracy at the
// steps that the record keeps. A divergence ends the training early and is part
// of the outcome; the only error is ctx's.
func Run(ctx context.Context, t *lora.Trainer, e *Evaluator, track *lab.Track, looks ...Look) (Outcome, error) {
	o := Outcome{Params: t.Params()}
	for step := 0; ; step++ {
		if err := ctx.Err(); err != nil {
			return o, err
		}
		if track.Keeps(step) {
			o.Loss, o.Accuracy = e.Evaluate()
			for _, look := range looks {
				look(step, t)
			}
			track.Add(step, o.Loss, o.Accuracy)
		} else {
			track.Add(step)
		}
		if step == track.Planned() {
			return o, nil
		}
		start := time.Now()
		_, err := t.Step()
		o.InSteps += time.Since(start)
		o.Steps++
		if err != nil {
			o.Diverged = err
			o.Loss, o.Accuracy = e.Evaluate()
			return o, nil
		}
		if step < FirstSteps {
			a, b := t.GradientNorms()
			o.Gradients = append(o.Gradients, GradientNorms{a, b})
		}
	}
}

// StepsPerSecond is a timing: it differs from run to run.
func (o Outcome) StepsPerSecond() float64 {
	return float64(o.Steps) / max(o.InSteps.Seconds(), 1e-9)
}
