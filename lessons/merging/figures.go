package merging

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// figures draws a record, finished or not.
func figures(r *lab.Record) []*plots.Figure {
	return []*plots.Figure{
		swapFigure(r), precisionFigure(r), latencyFigure(r), unmergeFigure(r), swapsFigure(r),
		wrongFigure(r), offFigure(r), flipsFigure(r), detourFigure(r), restoredFigure(r), combineFigure(r), combineErrorFigure(r), trapsFigure(r), lossFigure(r), digitsFigure(r), klFigure(r), flowFigure(r),
	}
}

func swapFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "swap", Title: "held-out accuracy (%)", XLabel: "digits shown", YLabel: "adapter active",
		Caption: "One base, one adapter active at a time. The diagonal is each adapter on the shift that it was trained for."}
	accuracies := r.Table("accuracies")
	if accuracies.Len() == 0 {
		return f
	}
	if shifts := r.Settings.Set("shifts"); len(shifts) > 1 {
		f.Shows = []plots.Shown{{Name: "wrong-helps", Rows: map[string]string{"yes": shifts[0], "no": shifts[0]}}}
	}
	low, high := 0.0, 100.0
	f.Heat = &plots.Heat{Values: true, Digits: 1, Min: &low, Max: &high, RowNames: accuracies.Rows, ColNames: accuracies.Columns}
	for _, row := range accuracies.Values {
		z := slices.Clone(row)
		train.Percent(z)
		f.Heat.Z = append(f.Heat.Z, z)
	}
	return f
}

// bar is a column of the finding precisions, and what the figure calls it.
type bar struct{ name, column string }

// precisionBars has a group of bars for each format.
func precisionBars(r *lab.Record, bars ...bar) *plots.Bars {
	found := r.Table("precisions")
	b := &plots.Bars{Names: found.Rows}
	if found.Len() == 0 {
		for _, p := range precisions() {
			b.Names = append(b.Names, p.name)
		}
	}
	for i, bar := range bars {
		b.Series = append(b.Series, plots.BarSeries{Name: bar.name, Values: found.Column(bar.column), Style: plots.Style(i)})
	}
	return b
}

func precisionFigure(r *lab.Record) *plots.Figure {
	return &plots.Figure{ID: "precision", Title: "how far merging moves the outputs", YLabel: "max |difference|, logarithmic scale", YLog: true,
		Caption: "The same function on paper. What is left is rounding, and how much depends on the format that W is kept in.",
		Shows:   []plots.Shown{{Name: "merge-exact-float64", Rows: map[string]string{"yes": "float64", "no": "float64"}}},
		Bars:    precisionBars(r, bar{"difference", "difference"})}
}

func unmergeFigure(r *lab.Record) *plots.Figure {
	return &plots.Figure{ID: "drift", Title: "how far W is from what it was", YLabel: "max |W − W before|, logarithmic scale", YLog: true,
		Caption: "Merge and unmerge, once and again and again. Had unmerging been undoing, there would be no bars.",
		Bars:    precisionBars(r, bar{"one swap", "drift"}, bar{r.Settings.Text("swaps") + " swaps", "swap-drift"})}
}

// swapsFigure shows the drift swap by swap, also while the run is under way.
func swapsFigure(r *lab.Record) *plots.Figure {
	swaps := r.Settings.Real("swaps")
	f := &plots.Figure{ID: "swaps", Title: "drift of W, swap by swap", XLabel: "adapters merged and unmerged", YLabel: "max |W − W before|", YLog: true, XMax: &swaps,
		Caption: "Each swap merges an adapter and takes it out again. A base that is only ever read would be at 0."}
	for i, p := range precisions() {
		style := train.StyleFull + plots.Style(i)
		if p.name == r.Settings.Text("precision") {
			style = train.StyleLoRA
		}
		if x, y := r.Curve("swaps in "+p.name, "drift"); len(x) > 1 {
			f.Lines = append(f.Lines, plots.Line{Name: p.name, X: x[1:], Y: y[1:], Style: style})
		}
	}
	return f
}

func latencyFigure(r *lab.Record) *plots.Figure {
	rank := r.Settings.Text("rank")
	f := &plots.Figure{ID: "latency", Title: "time of a layer, over that of its base", XLabel: "width d = k", YLabel: "times the base", XLog: true,
		Caption: "Points are measured here and now, and differ from run to run. The line counts multiplications: 1 + r(d+k)/(dk)."}
	latency := r.Table("latency")
	if latency.Len() == 0 {
		return f
	}
	single := latency.Where("batch", float64(latencyBatches[0]))
	f.Lines = []plots.Line{{Name: "theory, r = " + rank, X: single.Column("width"), Y: single.Column("theory"), Style: train.StyleBound}}
	merged := plots.Points{Name: "merged", Style: train.StyleOther}
	for i, batch := range latencyBatches {
		timed := latency.Where("batch", float64(batch))
		f.Points = append(f.Points, plots.Points{Name: fmt.Sprintf("unmerged, batch %d", batch),
			X: timed.Column("width"), Y: timed.Column("unmerged-ratio"), Style: train.StyleLoRA + plots.Style(i)})
		merged.X, merged.Y = append(merged.X, timed.Column("width")...), append(merged.Y, timed.Column("merged-ratio")...)
	}
	f.Points = append(f.Points, merged)
	return f
}

// combineFigure compares the accuracy of every combination on both tasks with that
// of each adapter alone.
func combineFigure(r *lab.Record) *plots.Figure {
	shifts := r.Settings.Set("shifts")
	f := &plots.Figure{ID: "combine", Title: "two adapters made into one", YLabel: "held-out accuracy (%)",
		Caption: "What one combined adapter does on each of the two tasks, below what each adapter does alone."}
	combinations, accuracies := r.Table("combinations"), r.Table("accuracies")
	if len(shifts) < 2 {
		return f
	}
	lab.Percents(f)
	first, second := plots.BarSeries{Name: "on " + shifts[0], Style: train.StyleLoRA}, plots.BarSeries{Name: "on " + shifts[1], Style: train.StyleFull}
	f.Bars = &plots.Bars{Horizontal: true, Unit: "%"}
	add := func(name string, a, b float64) {
		f.Bars.Names = append(f.Bars.Names, name)
		first.Values, second.Values = append(first.Values, 100*a), append(second.Values, 100*b)
	}
	if accuracies.Len() > 0 {
		for _, name := range shifts[:2] {
			add(name+" alone", accuracies.Cell(name, shifts[0]), accuracies.Cell(name, shifts[1]))
		}
	}
	for _, method := range methodRows(combinations) {
		if combinations.Len() == 0 {
			add(r.Settings.Word(method), math.NaN(), math.NaN())
			continue
		}
		add(r.Settings.Word(method), combinations.Cell(method, "first"), combinations.Cell(method, "second"))
	}
	for _, way := range []string{"cat", "linear", "svd"} {
		f.Shows = append(f.Shows, plots.Shown{Name: "combined-first-" + way, Row: way + ": " + first.Name, Scale: 100},
			plots.Shown{Name: "combined-second-" + way, Row: way + ": " + second.Name, Scale: 100})
	}
	f.Shows = append(f.Shows, plots.Shown{Name: "keeps-both", Rows: map[string]string{"yes": "cat", "no": "cat"}})
	f.Bars.Series = []plots.BarSeries{first, second}
	return f
}

func combineErrorFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "combine-error", Title: "how far from the sum of both updates", YLabel: "‖combined − sum‖ / ‖sum‖",
		Caption: "At 1 the error is as large as the sum itself. Only a method at 0, but for rounding, adds the two updates."}
	f.Shows = []plots.Shown{{Name: "exact"}}
	combinations := r.Table("combinations")
	errors := combinations.Column("error")
	var names []string
	for _, method := range methodRows(combinations) {
		names = append(names, r.Settings.Word(method))
	}
	f.Bars = &plots.Bars{Names: names, Horizontal: true,
		Series: []plots.BarSeries{{Values: errors, Style: train.StyleLoRA}}}
	return f
}

func trapsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "traps", Title: "what was added to W, and what it then reads", YLabel: "held-out accuracy (%)",
		Caption: "Every bar is a sum that runs without complaint. Only the first is the adapted model."}
	r.DrawBars(f, 100, "%", train.StyleLoRA, lab.Bar{Name: "W + s·B·A", Finding: "accuracy-merged"}, lab.Bar{Name: "W + B·A", Finding: "accuracy-unscaled"},
		lab.Bar{Name: "W + α·B·A", Finding: "accuracy-alpha"}, lab.Bar{Name: "s·B·A twice", Finding: "accuracy-double"}, lab.Bar{Name: "another base", Finding: "accuracy-wrong-base"})
	lab.Percents(f)
	return f
}

func lossFigure(r *lab.Record) *plots.Figure {
	steps := r.Settings.Real("steps")
	f := &plots.Figure{ID: "loss", Title: "loss while training", XLabel: "step", YLabel: "held-out loss (nats)", XMax: &steps, YLog: true,
		Caption: "An adapter for each shift, all trained from the same base: " + strings.Join(r.Settings.Set("shifts"), ", ") + "."}
	for i, name := range r.Settings.Set("shifts") {
		x, y := r.Curve(name, "loss")
		f.Lines = append(f.Lines, plots.Line{Name: name, X: x, Y: y, Style: plots.Style(i)})
	}
	return f
}
