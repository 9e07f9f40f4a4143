package reparameterization

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// figures draws a record, finished or not.
func figures(r *lab.Record) []*plots.Figure {
	digits := r.Settings.Text("problem") == "digits"
	all := []*plots.Figure{countFigure(r), lossFigure(r, digits)}
	if digits {
		all = append(all, accuracyFigure(r), digitsFigure(r), forgottenFigure(r), forgettingFigure(r))
	}
	return append(all, gapFigure(r, digits), energyFigure(r), spectrumFigure(r), gainFigure(r, digits), ranksFigure(r, digits), sizesFigure(r), productFigure(r), flowFigure(r))
}

// flowFigure shows what LoRA puts beside the first layer.
func flowFigure(r *lab.Record) *plots.Figure {
	f := train.FlowFigure(r, train.FirstLayer(r.Settings))
	f.Shows = []plots.Shown{{Name: "params-lora", Row: "A and B"}}
	return f
}

// countFigure shows how many numbers are trained.
func countFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "count", Title: "how many numbers are trained", YLabel: "numbers, all layers",
		Caption: "Full fine-tuning trains every weight and bias. LoRA trains A and B of each layer."}
	r.DrawBars(f, 1, "", train.StyleLoRA, lab.Bar{Name: "full", Finding: "params-full"}, lab.Bar{Name: loraName(r), Finding: "params-lora"})
	return f
}

func lossFigure(r *lab.Record, digits bool) *plots.Figure {
	steps := r.Settings.Real("steps")
	f := &plots.Figure{ID: "loss", Title: "loss while training", XLabel: "step", YLabel: "training loss", XMax: &steps, YLog: true,
		Caption: "Both start at the base. LoRA trains the few numbers of A and B, full fine-tuning all of W."}
	if digits {
		f.YLabel = "held-out loss (nats)"
	}
	f.Lines = trainingLines(r, "loss")
	if floor, ok := r.Find("floor"); ok {
		f.Levels = append(f.Levels, plots.Level{Name: floorName(r), Y: floor.Real(), Style: train.StyleBound})
	}
	return f
}

func floorName(r *lab.Record) string { return "floor of rank " + r.Settings.Text("rank") }

func accuracyFigure(r *lab.Record) *plots.Figure {
	start, steps := 0.0, r.Settings.Real("steps")
	f := &plots.Figure{ID: "accuracy", Title: "accuracy while training", XLabel: "step", YLabel: "held-out accuracy (%)", XMin: &start, XMax: &steps,
		Caption: "Held-out digits: none of them was trained on.",
		Shows:   []plots.Shown{{Name: "accuracy-lora", Scale: 100}, {Name: "accuracy-full", Scale: 100}}}
	lab.Percents(f)
	f.Lines = trainingLines(r, "accuracy")
	for _, line := range f.Lines {
		train.Percent(line.Y)
	}
	return f
}

// trainingLines are the curves of full fine-tuning and of LoRA.
func trainingLines(r *lab.Record, column string) []plots.Line {
	var lines []plots.Line
	for _, l := range []struct {
		series, name string
		style        plots.Style
	}{{"full", "full", train.StyleFull}, {"lora", loraName(r), train.StyleLoRA}} {
		x, y := r.Curve(l.series, column)
		lines = append(lines, plots.Line{Name: l.name, X: x, Y: y, Style: l.style})
	}
	return lines
}

// spectrumFigure shows how many directions ΔW really uses.
func spectrumFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "spectrum", Title: "singular values of ΔW", XLabel: "direction", YLabel: "singular value σ", YLog: true,
		Caption: "An update of rank r has r singular values and no more. If those of the full ΔW fall fast, few directions hold most of it."}
	for i, sigma := range r.Matrix("singular-values") {
		sigma = aboveRounding(sigma)
		f.Lines = append(f.Lines, plots.Line{Name: fmt.Sprintf("full, layer %d", i+1), X: oneTo(len(sigma)), Y: sigma, Style: train.StyleFull + plots.Style(i)})
	}
	if lora := r.Matrix("singular-values-lora"); len(lora) > 0 {
		f.Points = append(f.Points, plots.Points{Name: "s·B·A, layer 1", X: oneTo(len(lora[0])), Y: lora[0], Style: train.StyleLoRA})
	}
	return f
}

// aboveRounding leaves out the singular values that are rounding of zeros: pixels
// that are blank in every image leave such directions.
func aboveRounding(sigma []float64) []float64 {
	for i, v := range sigma {
		if v <= sigma[0]*float64(len(sigma))*0x1p-52 {
			return sigma[:i]
		}
	}
	return sigma
}

// oneTo returns 1, 2, … n.
func oneTo(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}
