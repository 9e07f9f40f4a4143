package initialization

import (
	"fmt"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// styleTarget is one that no curve of up to five has.
const styleTarget plots.Style = 5

// figures draws a record, finished or not.
func figures(r *lab.Record) []*plots.Figure {
	return append(digitsFigures(r),
		startsLossFigure(r), firstStepsFigure(r), driftFigure(r), firstTaskFigure(r), movesFigure(r), switchedOffFigure(r), growthFigure(r),
		sweepFigure(r, "update", "size of the update against rank", "‖s·B·A‖", "update",
			"The norm of the update after the sweep's steps, the same α at every rank."),
		sweepFigure(r, "gradient-size", "gradient of B against rank", "‖∂L/∂B‖ at step 0", "gradient-b",
			"Under α/r the first gradient of B shrinks as the rank grows, under α/√r it keeps its size."),
		sweepFigure(r, "sweep-loss", "loss against rank", "loss", "loss",
			"The loss after the sweep's steps, the same α and learning rate at every rank."),
		tradeFigure(r, "trade-alone", "trade-careless"),
		tradeFigure(r, "trade", "trade-careless", "trade-exact"),
		tradeFigure(r, "trade-ratio", "trade-ratio"),
		apartFigure(r, "apart-alone", "trade-careless-1", "trade-careless"),
		apartFigure(r, "apart", "trade-careless", "trade-exact"),
		apartFigure(r, "apart-ratio", "trade-ratio"),
		flowFigure(r),
	)
}

func startsLossFigure(r *lab.Record) *plots.Figure {
	steps := r.Settings.Real("steps")
	caption := "One base, the same batches in the same order: only the start of A and B differs. Numbers: the step at which a curve reaches the target."
	if r.Settings.Real("ratio-b") != 1 {
		caption = "One base, the same batches in the same order. B learns λ times as fast as A. Numbers: the step at which a curve reaches the target."
	}
	f := &plots.Figure{ID: "loss", Title: "loss while training", XLabel: "step", YLabel: "training loss", XMax: &steps, YLog: true,
		Caption: caption}
	if r.Settings.Text("problem") == "digits" {
		f.YLabel = "held-out loss (nats)"
	}
	names := r.Settings.Set("schemes")
	f.Shows = []plots.Shown{{Name: "fastest"}}
	for _, name := range names {
		f.Shows = append(f.Shows, plots.Shown{Name: "steps-to-target-" + name, Across: true})
	}
	target := r.Settings.Real("target-loss")
	line := func(series, name, steps string) {
		x, y := r.Curve(series, "loss")
		style := plots.Style(len(f.Lines))
		f.Lines = append(f.Lines, plots.Line{Name: name, X: x, Y: y, Style: style})
		if at, ok := r.Find(steps); ok { // where the curve first is at the target
			f.Points = append(f.Points, plots.Points{X: []float64{at.Real()}, Y: []float64{target}, Labels: []string{at.Bare()}, Style: style})
		}
	}
	ratio := r.Settings.Real("ratio-b") != 1
	for _, name := range names {
		word := schemeWord(name)
		if ratio && len(names) == 1 { // λ is all that differs
			word = "λ = " + r.Settings.Text("ratio-b")
		}
		line(name, word, "steps-to-target-"+name)
	}
	if ratio {
		word := schemeWord(names[0]) + ", λ = 1"
		if len(names) == 1 {
			word = "λ = 1"
		}
		f.Shows = append(f.Shows, plots.Shown{Name: "steps-to-target-ratio-1", Across: true})
		line(names[0]+", λ = 1", word, "steps-to-target-ratio-1")
	}
	f.Levels = append(f.Levels, plots.Level{Name: "target", Y: target, Style: styleTarget})
	return f
}

// firstStepsFigure is a table as a heat map: what counts is which entries are
// zero, and a curve on a logarithmic axis cannot show that.
func firstStepsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "gradients", Title: "gradients in the first steps",
		Caption: "‖∂L/∂A‖ and ‖∂L/∂B‖ just before steps 0, 1 and 2. What has no gradient does not move."}
	heat := &plots.Heat{ColNames: []string{"step 0", "step 1", "step 2"}, Values: true, Digits: 3}
	for _, name := range r.Settings.Set("schemes") {
		for _, factor := range []string{"a", "b"} {
			row := make([]float64, 0, train.FirstSteps)
			for step := range train.FirstSteps {
				row = append(row, r.Real(fmt.Sprintf("grad-%s-%d-%s", factor, step, name)))
			}
			heat.Z = append(heat.Z, row)
			heat.RowNames = append(heat.RowNames, gradientRow(name, factor))
		}
		f.Shows = append(f.Shows, firstToMove(name))
	}
	f.Heat = heat
	return f
}

// gradientRow is what the gradient of a factor is called.
func gradientRow(scheme, factor string) string {
	return schemeWord(scheme) + " ∂" + strings.ToUpper(factor)
}

func driftFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "drift", Title: "output drift at step 0", YLabel: "max |h − h₀|",
		Caption: "How far the outputs move from the base's when the adapter is attached, and nothing is trained."}
	r.DrawBars(f, 1, "", train.StyleLoRA, schemeBars(r, "drift")...)
	return f
}

// sweepFigure draws one column of the sweep under both rules.
func sweepFigure(r *lab.Record, id, title, label, column, caption string) *plots.Figure {
	f := &plots.Figure{ID: id, Title: title, XLabel: "rank", YLabel: label, XLog: true, YLog: true, Caption: caption}
	if column == "loss" {
		f.Shows = []plots.Shown{{Name: "steadier", Rows: map[string]string{}}}
		for _, rule := range scalingRules {
			f.Shows[0].Rows[rule.symbol] = "s = " + rule.symbol
		}
	}
	for _, r := range scalingRanks {
		f.XTicks = append(f.XTicks, float64(r))
	}
	for i, rule := range scalingRules {
		swept := r.Table("sweep" + rule.suffix)
		f.Lines = append(f.Lines, plots.Line{Name: "s = " + rule.symbol, X: swept.Column("rank"), Y: swept.Column(column), Style: plots.Style(i)})
	}
	return f
}

// tradeFigure draws some of the trades over the reference: those that are one
// function are one curve. A page shows what it has asked for, and no more.
func tradeFigure(r *lab.Record, id string, findings ...string) *plots.Figure {
	steps := r.Settings.Real("sweep-steps")
	f := &plots.Figure{ID: id, Title: "loss while α is traded", XLabel: "step", YLabel: "loss", XMax: &steps, YLog: true,
		Caption: "Curves that lie on each other are the same function, step by step."}
	for i, t := range trades(r.Settings) {
		if t.finding != "" && !slices.Contains(findings, t.finding) {
			continue
		}
		if x, y := r.Curve(t.series(), "loss"); len(x) > 0 {
			f.Lines = append(f.Lines, plots.Line{Name: t.said(), X: x, Y: y, Style: plots.Style(i)})
		}
	}
	return f
}
