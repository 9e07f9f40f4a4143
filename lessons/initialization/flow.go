package initialization

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/number"
	"loralab/plots"
)

// first follows an example at step 0, where nothing is trained yet.
func (c *starts) first(net *lora.Network) train.Look {
	flow := train.NewFlow(c.rec, net, c.p.Test)
	return func(step int, t *lora.Trainer) {
		if step == 0 {
			flow.Look(step, t)
		}
	}
}

// flowFigure shows the first layer at step 0 under the first of the schemes, with the
// gradients that the first steps follow.
func flowFigure(r *lab.Record) *plots.Figure {
	scheme := r.Settings.Set("schemes")[0]
	f := train.FlowFigure(r, train.FirstLayer(r.Settings))
	f.Title = schemeWord(scheme) + " at step 0"
	f.Caption = "∂: size of the gradient at steps 0, 1 and 2, of all A and of all B. Blue or dashes: negative. Orange or shades: positive."
	for _, m := range []struct {
		matrix *plots.Matrix
		factor string
	}{{&f.Flow.Down, "a"}, {&f.Flow.Up, "b"}} {
		note := "∂"
		for step := range train.FirstSteps {
			if g, ok := r.Find(fmt.Sprintf("grad-%s-%d-%s", m.factor, step, scheme)); ok {
				note += " " + number.Real(g.Real(), 2)
			}
		}
		if note != "∂" {
			m.matrix.Notes = []string{note}
			f.Title = schemeWord(scheme) + " at step 0, its gradients at steps 0, 1, 2"
		}
	}
	f.Shows = []plots.Shown{
		{Name: "drift-" + scheme, Row: "h"},
		{Name: "first-to-move-" + scheme, Rows: map[string]string{"both": "A and B"}},
	}
	return f
}
