package merging

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/plots"
)

// each is how many digits are looked at: every one upright and in each shift.
const each = 3

// divergence is the column of an aside for KL(adapter on ‖ adapter off) on the digits
// that the adapter is trained for.
const divergence = "kl"

// readsOf names the aside of the training for a shift.
func readsOf(shift string) string { return shift + " active" }

// tasks are what a digit is seen as.
func tasks(s lab.Settings) []string { return append([]string{upright}, s.Set("shifts")...) }

func readColumns(s lab.Settings) []string {
	return append([]string{divergence}, train.ReadColumns(tasks(s), each)...)
}

// pickDigits chooses digits that the base reads right upright and wrong in as many
// shifts as there are.
func (m *study) pickDigits() *train.Handful {
	scores := make([]int, m.tests[0].Len())
	for i, test := range m.tests {
		for j, right := range train.ReadRight(m.base, test) {
			switch {
			case i == 0 && right:
				scores[j] += len(m.tests) // more than all shifts
			case i > 0 && !right:
				scores[j]++
			}
		}
	}
	h := train.NewHandful(tasks(m.s), m.tests, each, func(j int) int { return scores[j] })
	h.Report(m.rec, m.base)
	return h
}

// watch records what net reads in the handful, and how far its outputs for x have moved
// from those of the base, which are what it computes with its adapter off.
func (m *study) watch(h *train.Handful, net *lora.Network, x *mat.Dense, aside *lab.Track) train.Look {
	_, n := x.Dims()
	off, pass := m.base.Predict(x), lora.NewPass(net, n)
	return h.Watch(net, aside, func() float64 { return meanDivergence(pass.Forward(x), off) })
}

// digitsFigure shows what is read in the same digits with each adapter active.
func digitsFigure(r *lab.Record) *plots.Figure {
	names := r.Settings.Set("shifts")
	f := &plots.Figure{ID: "digits", Title: "what is read, by the adapter that is active" + train.Now(r, readsOf(names[0])),
		Caption: "One base. A line is the active adapter, a column what is shown: each adapter reads what it was trained for, and forgets the rest."}
	readings := []train.Reading{{Name: none, Style: train.StyleBase, Total: math.NaN()}}
	for i, name := range names {
		readings = append(readings, train.Reading{Name: name, Style: plots.Style(i), Aside: readsOf(name), Total: math.NaN()})
	}
	f.Images = train.SideBySideImages(r, tasks(r.Settings), each, "active", readings)
	return f
}

// klFigure shows how far each adapter moves the outputs away from the base's.
func klFigure(r *lab.Record) *plots.Figure {
	steps, low := r.Settings.Real("steps"), 0.0
	f := &plots.Figure{ID: "kl", Title: "KL(adapter on ‖ adapter off)", XLabel: "step", YLabel: "nats, mean over held-out digits", XMax: &steps, YMin: &low,
		Caption: "How far the outputs have moved from the base's. At step 0 B is zero, and on is off."}
	for i, name := range r.Settings.Set("shifts") {
		if x, y := r.Curve(readsOf(name), divergence); len(x) > 0 {
			f.Lines = append(f.Lines, plots.Line{Name: name, X: x, Y: y, Style: plots.Style(i)})
		}
	}
	f.Shows = []plots.Shown{{Name: "kl-trained"}, {Name: "kl-start"}}
	return f
}
