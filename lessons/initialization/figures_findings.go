package initialization

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// schemeBars are a bar for each scheme that is compared: of a finding that each has.
func schemeBars(r *lab.Record, finding string) []lab.Bar {
	var bars []lab.Bar
	for _, name := range r.Settings.Set("schemes") {
		bars = append(bars, lab.Bar{Name: schemeWord(name), Finding: finding + "-" + name})
	}
	return bars
}

// firstTaskFigure shows what each start leaves of the first task.
func firstTaskFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "first-task", Title: "the first task at step 0", YLabel: "upright digits read (%)",
		Caption: "An adapter is attached and nothing is trained. A start at the base reads what the base reads."}
	r.DrawBars(f, 100, "%", train.StyleLoRA, append([]lab.Bar{{Name: "base", Finding: "accuracy-base"}}, schemeBars(r, "first-task")...)...)
	lab.Percents(f)
	return f
}

// movesFigure shows what can move in the first step, and how far each start has come.
func movesFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "moves", Title: "what moves, and how far", YLabel: "norms",
		Caption: "∂A and ∂B: the gradients just before step 0. ‖ΔW‖: the change of all weights after training. A start without gradients stays at 0."}
	var bars []lab.Bar
	for _, name := range r.Settings.Set("schemes") {
		bars = append(bars, lab.Bar{Name: gradientRow(name, "a"), Finding: "grad-a-0-" + name},
			lab.Bar{Name: gradientRow(name, "b"), Finding: "grad-b-0-" + name}, lab.Bar{Name: schemeWord(name) + " ‖ΔW‖", Finding: "update-" + name})
	}
	r.DrawBars(f, 1, "", train.StyleLoRA, bars...)
	for _, name := range r.Settings.Set("schemes") {
		f.Shows = append(f.Shows, firstToMove(name))
	}
	return f
}

// firstToMove says which rows a scheme's first gradients are in.
func firstToMove(scheme string) plots.Shown {
	a, b := gradientRow(scheme, "a"), gradientRow(scheme, "b")
	return plots.Shown{Name: "first-to-move-" + scheme, Rows: map[string]string{"A": a, "B": b, "both": a + "|" + b}}
}

// switchedOffFigure shows whether the base is back with the adapter off.
func switchedOffFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "switched-off", Title: "adapter off: how far from the base", YLabel: "max |h − h₀|",
		Caption: "The largest change of any output, against the network that was there before the adapter. At 0 the base is back."}
	r.DrawBars(f, 1, "", train.StyleLoRA, schemeBars(r, "switched-off")...)
	for _, name := range r.Settings.Set("schemes") {
		row := schemeWord(name)
		f.Shows = append(f.Shows, plots.Shown{Name: "when-off-" + name, Rows: map[string]string{"the base": row, "another network": row}})
	}
	return f
}

// growthFigure shows what becomes of the first gradient as the rank grows.
func growthFigure(r *lab.Record) *plots.Figure {
	last := scalingRanks[len(scalingRanks)-1]
	f := &plots.Figure{ID: "growth", Title: "the first gradient of B, by rule", YLabel: fmt.Sprintf("rank %d, times that of rank %d", last, scalingRanks[1]),
		Caption: "At 1× the gradient has the same size at both ranks."}
	var bars []lab.Bar
	for _, rule := range scalingRules {
		bars = append(bars, lab.Bar{Name: "s = " + rule.symbol, Finding: "gradient-growth" + rule.suffix})
	}
	r.DrawBars(f, 1, "×", train.StyleLoRA, bars...)
	return f
}

// apartFigure shows how far the trades are from what they are to equal.
func apartFigure(r *lab.Record, id string, findings ...string) *plots.Figure {
	steps := r.Settings.Text("sweep-steps")
	f := &plots.Figure{ID: id, Title: "how far the trade leads away", YLabel: "difference of s·B·A, times its size",
		Caption: "The norm of the difference of the two updates, over that of the update without the trade. At 0 they are one training."}
	names := map[string]string{}
	for _, t := range trades(r.Settings) {
		names[t.finding] = t.said() + ": " + steps + " steps"
		if t.finding == "trade-careless" {
			names["trade-careless-1"] = t.said() + ": 1 step"
		}
	}
	var bars []lab.Bar
	for _, finding := range findings {
		bars = append(bars, lab.Bar{Name: names[finding], Finding: finding})
	}
	r.DrawBars(f, 1, "", train.StyleLoRA, bars...)
	return f
}
