package merging

import (
	"fmt"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/plots"
)

// figures draws a record, finished or not.
func figures(r *lab.Record) []*plots.Figure {
	return []*plots.Figure{
		swapFigure(r), precisionFigure(r), latencyFigure(r), unmergeFigure(r), swapsFigure(r),
		combineFigure(r), combineErrorFigure(r), trapsFigure(r), lossFigure(r),
	}
}

func swapFigure(r *lab.Record) *plots.Figure {
	shifts := r.Settings.Set("shifts")
	f := &plots.Figure{ID: "swap", Title: "held-out accuracy (%)", XLabel: "digits shown", YLabel: "adapter active",
		Caption: "One base, one adapter active at a time. The diagonal is each adapter on the shift that it was trained for."}
	if rows := r.Matrix("accuracies"); rows != nil {
		low, high := 0.0, 100.0
		f.Heat = &plots.Heat{Values: true, Digits: 1, Min: &low, Max: &high,
			RowNames: append([]string{"none"}, shifts...), ColNames: append([]string{"upright"}, shifts...)}
		for _, row := range rows {
			z := append([]float64(nil), row...)
			train.Percent(z)
			f.Heat.Z = append(f.Heat.Z, z)
		}
	}
	return f
}

// precisionBars are columns of the finding precisions, a bar a format.
func precisionBars(r *lab.Record, names []string, columns []int) *plots.Bars {
	rows := r.Matrix("precisions")
	if rows == nil {
		return nil
	}
	b := &plots.Bars{}
	for i, name := range names {
		b.Series = append(b.Series, plots.BarSeries{Name: name, Style: plots.Style(i)})
	}
	all := precisions()
	for _, row := range rows {
		b.Names = append(b.Names, all[int(row[0])].name)
		for i, c := range columns {
			b.Series[i].Values = append(b.Series[i].Values, row[c])
		}
	}
	return b
}

func precisionFigure(r *lab.Record) *plots.Figure {
	return &plots.Figure{ID: "precision", Title: "merged or beside it: largest difference of outputs", YLabel: "max |difference|", YLog: true,
		Caption: "The same function on paper. What is left is rounding, and how much depends on the format that W is kept in.",
		Bars:    precisionBars(r, []string{"difference"}, []int{1})}
}

func unmergeFigure(r *lab.Record) *plots.Figure {
	return &plots.Figure{ID: "drift", Title: "how far W is from what it was", YLabel: "max |W − W before|", YLog: true,
		Caption: "Merge and unmerge, once and again and again. Had unmerging been undoing, there would be no bars.",
		Bars:    precisionBars(r, []string{"one swap", r.Settings.Text("swaps") + " swaps"}, []int{2, 4})}
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
	rows := r.Matrix("latency")
	if rows == nil {
		return f
	}
	theory := plots.Line{Name: "theory, r = " + rank, Style: train.StyleBound}
	merged := plots.Points{Name: "merged", Style: train.StyleOther}
	for _, batch := range latencyBatches {
		style := train.StyleLoRA
		if batch != latencyBatches[0] {
			style = train.StyleFull
		}
		unmerged := plots.Points{Name: fmt.Sprintf("unmerged, batch %d", batch), Style: style}
		for _, row := range rows {
			if row[1] != float64(batch) {
				continue
			}
			unmerged.X, unmerged.Y = append(unmerged.X, row[0]), append(unmerged.Y, row[5])
			merged.X, merged.Y = append(merged.X, row[0]), append(merged.Y, row[6])
			if batch == latencyBatches[0] {
				theory.X, theory.Y = append(theory.X, row[0]), append(theory.Y, row[7])
			}
		}
		f.Points = append(f.Points, unmerged)
	}
	f.Points = append(f.Points, merged)
	f.Lines = []plots.Line{theory}
	return f
}

// combineFigure puts what every method keeps of both tasks beside what each
// adapter does alone.
func combineFigure(r *lab.Record) *plots.Figure {
	shifts := r.Settings.Set("shifts")
	f := &plots.Figure{ID: "combine", Title: "two adapters made into one", YLabel: "held-out accuracy (%)",
		Caption: "What one combined adapter does on each of the two tasks, below what each adapter does alone."}
	rows := r.Matrix("combinations")
	if rows == nil || len(shifts) < 2 {
		return f
	}
	first, second := plots.BarSeries{Name: "on " + shifts[0], Style: train.StyleLoRA}, plots.BarSeries{Name: "on " + shifts[1], Style: train.StyleFull}
	f.Bars = &plots.Bars{Horizontal: true, Unit: "%"}
	add := func(name string, a, b float64) {
		f.Bars.Names = append(f.Bars.Names, name)
		first.Values, second.Values = append(first.Values, 100*a), append(second.Values, 100*b)
	}
	if alone := r.Matrix("accuracies"); len(alone) > 2 {
		add(shifts[0]+" alone", alone[1][1], alone[1][2])
		add(shifts[1]+" alone", alone[2][1], alone[2][2])
	}
	for _, row := range rows {
		add(lora.Method(row[0]).String(), row[1], row[2])
	}
	f.Bars.Series = []plots.BarSeries{first, second}
	return f
}

func combineErrorFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "combine-error", Title: "how far from the sum of both updates", YLabel: "‖combined − sum‖ / ‖sum‖ (%)",
		Caption: "At 100 % the error is as large as the sum itself. Only a method at 0 adds the two updates."}
	rows := r.Matrix("combinations")
	if rows == nil {
		return f
	}
	f.Bars = &plots.Bars{Horizontal: true, Unit: "%"}
	errors := plots.BarSeries{Name: "error", Style: train.StyleLoRA}
	for _, row := range rows {
		f.Bars.Names = append(f.Bars.Names, lora.Method(row[0]).String())
		errors.Values = append(errors.Values, 100*row[3])
	}
	f.Bars.Series = []plots.BarSeries{errors}
	return f
}

func trapsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "traps", Title: "what was added to W, and what it then reads", YLabel: "held-out accuracy (%)",
		Caption: "Every bar is a sum that runs without complaint. Only the first is the adapted model."}
	bars := plots.BarSeries{Name: "accuracy", Style: train.StyleLoRA}
	var names []string
	for _, b := range []struct{ name, finding string }{
		{"W + s·B·A", "accuracy-merged"}, {"W + B·A", "accuracy-unscaled"}, {"W + α·B·A", "accuracy-alpha"},
		{"s·B·A twice", "accuracy-double"}, {"another base", "accuracy-wrong-base"},
	} {
		if v, ok := r.Find(b.finding); ok {
			names, bars.Values = append(names, b.name), append(bars.Values, 100*v.Real())
		}
	}
	if names != nil {
		f.Bars = &plots.Bars{Names: names, Series: []plots.BarSeries{bars}, Horizontal: true, Unit: "%"}
	}
	return f
}

func lossFigure(r *lab.Record) *plots.Figure {
	steps := r.Settings.Real("steps")
	f := &plots.Figure{ID: "loss", Title: "loss while training", XLabel: "step", YLabel: "held-out loss (nats)", XMax: &steps, YLog: true,
		Caption: "An adapter for each shift, all trained from the same base: " + strings.Join(r.Settings.Set("shifts"), ", ") + "."}
	for i, name := range r.Settings.Set("shifts") {
		if x, y := r.Curve(name, "loss"); len(x) > 0 {
			f.Lines = append(f.Lines, plots.Line{Name: name, X: x, Y: y, Style: plots.Style(i)})
		}
	}
	return f
}
