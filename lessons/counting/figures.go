package counting

import (
	"cmp"
	"fmt"
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// figures draws a record, finished or not.
func figures(r *lab.Record) []*plots.Figure {
	return []*plots.Figure{
		layerFigure(r), wholeLayerFigure(r), paramsFigure(r), savingFigure(r), frozenFigure(r),
		modelsFigure(r), modulesFigure(r), methodsFigure(r), memoryFigure(r), flowFigure(r),
	}
}

// paramsFigure is the line r·(d+k) beside the level d·k.
func paramsFigure(r *lab.Record) *plots.Figure {
	s := r.Settings
	f := &plots.Figure{ID: "params", Title: fmt.Sprintf("parameters of a %s×%s layer", s.Text("d"), s.Text("k")),
		XLabel: "rank", YLabel: "trained parameters",
		Caption: "r·(d+k) is a straight line. It meets d·k, the size of W, at the break-even rank; from there on LoRA saves nothing.",
		Shows:   []plots.Shown{{Name: "break-even", Across: true}, {Name: "saves", Rows: map[string]string{"yes": wholeW, "no": wholeW}}}}
	low := 0.0
	f.XMin, f.YMin = &low, &low
	most := max(min(s.Real("d"), s.Real("k")), s.Real("rank")) // that far the run counts
	f.XMax = &most
	if x, y := r.Curve("rank sweep", "parameters"); len(x) > 0 {
		f.Lines = append(f.Lines, plots.Line{Name: "LoRA", X: x, Y: y, Style: train.StyleLoRA})
	}
	full, ok := r.Find("params-full")
	if !ok {
		return f
	}
	f.Levels = append(f.Levels, plots.Level{Name: wholeW, Y: full.Real(), Style: train.StyleFull})
	for _, p := range []struct {
		name string
		x, y float64
		plots.Style
	}{
		{"this rank", s.Real("rank"), r.Real("params-lora"), train.StyleLoRA},
		{"break-even", r.Real("break-even"), full.Real(), train.StyleBound},
	} {
		f.Points = append(f.Points, plots.Points{Name: p.name, X: []float64{p.x}, Y: []float64{p.y}, Style: p.Style})
	}
	return f
}

// wholeW is the name of the level that LoRA's line must stay below.
const wholeW = "W in full"

// modelsFigure compares the catalogue's models under one adapter, by size.
func modelsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "models", Title: fmt.Sprintf("share that LoRA of rank %s trains", r.Settings.Text("rank")),
		YLabel:  "trained share (%)",
		Caption: "From the smallest model to the largest: r·(d+k) grows with the width of a matrix, d·k with its square. The arrow marks the chosen one."}
	models := r.Table("catalogue")
	order := make([]int, models.Len())
	for i := range order {
		order[i] = i
	}
	size := func(i int) float64 { return models.At(i, "all") - models.At(i, "trainable") }
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(size(i), size(j)) })
	bars := &plots.Bars{Horizontal: true, Unit: "%", Series: []plots.BarSeries{{Name: "trained", Style: train.StyleLoRA}}}
	for _, i := range order {
		name := models.Rows[i]
		if name == r.Settings.Text("model") {
			name = "→ " + name
		}
		bars.Names = append(bars.Names, name)
		bars.Series[0].Values = append(bars.Series[0].Values, 100*models.At(i, "share"))
	}
	f.Bars = bars
	return f
}

// modulesFigure shows which modules hold the adapter's parameters.
func modulesFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "modules", Title: "where the adapter of " + r.Settings.Text("model") + " sits",
		YLabel:  "trained parameters",
		Caption: "The parameters of A and B, all layers together, by the module they stand beside."}
	const together = "together"
	modules := r.Table("module-params")
	f.Shows = []plots.Shown{{Name: "model-trainable", Row: together}}
	f.Bars = &plots.Bars{Names: append(slices.Clone(modules.Rows), together), Horizontal: true,
		Series: []plots.BarSeries{{Values: append(modules.Column("params"), r.Real("model-trainable")), Style: train.StyleLoRA}}}
	return f
}

// memoryFigure stacks what training in full, with LoRA and with QLoRA takes.
func memoryFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "memory", Title: "memory to train " + r.Settings.Text("model"), YLabel: "GB",
		Caption: "Activations are not counted: they grow with batch and sequence. A master copy is the weights once more, in 32 bits; some trainings keep one."}
	memory := r.Table("memory")
	if memory.Len() == 0 {
		return f
	}
	f.Bars = &plots.Bars{Horizontal: true, Stacked: true, Unit: "GB"}
	for i, part := range memoryParts {
		f.Bars.Series = append(f.Bars.Series, plots.BarSeries{Name: part, Style: plots.Style(i)})
	}
	for _, way := range []struct{ row, name string }{{"full", "full"}, {"master", "full + master"}, {"lora", "LoRA"}, {"qlora", "QLoRA"}} {
		if way.row == "master" && memory.Cell("master", masterCopy) == 0 {
			continue // fp32 weights are their own master copy
		}
		f.Bars.Names = append(f.Bars.Names, way.name)
		for i, part := range memoryParts {
			f.Bars.Series[i].Values = append(f.Bars.Series[i].Values, memory.Cell(way.row, part)/1e9)
		}
	}
	f.Bars.Series = slices.DeleteFunc(f.Bars.Series, func(s plots.BarSeries) bool { return slices.Max(s.Values) == 0 })
	return f
}
