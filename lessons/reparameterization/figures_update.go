package reparameterization

import (
	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// energyFigure shows how many directions hold how much of ΔW.
func energyFigure(r *lab.Record) *plots.Figure {
	first := 1.0
	f := &plots.Figure{ID: "energy", Title: "energy of ΔW in its strongest directions, layer 1", XLabel: "directions", YLabel: "share of the energy (%)", XMin: &first,
		Caption: "Energy is the sum of the squared singular values. Where the curve crosses nine tenths, so many directions are enough.",
		Levels:  []plots.Level{{Name: "nine tenths", Y: 90, Style: train.StyleBound}},
		Shows:   []plots.Shown{{Name: "delta-rank-90", Across: true}}}
	lab.Percents(f)
	most := r.Settings.Real("width") // directions there can be
	if r.Settings.Text("problem") == "digits" {
		most = min(most, 64)
	}
	if all := r.Matrix("singular-values"); len(all) > 0 { // of the other layers the figure "spectrum" shows them
		sigma := all[0]
		line := plots.Line{Name: "full, layer 1", X: oneTo(len(sigma)), Y: make([]float64, len(sigma)), Style: train.StyleFull}
		total := 0.0
		for _, v := range sigma {
			total += float64(v * v)
		}
		sum := 0.0
		for k, v := range sigma {
			sum += float64(v * v)
			line.Y[k] = 100 * sum / total
		}
		most = float64(len(sigma))
		f.Lines = append(f.Lines, line)
	}
	f.XMax = &most
	return f
}

// sizesFigure sets the size of LoRA's update beside that of the full one.
func sizesFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "sizes", Title: "how large the two updates are, layer 1", YLabel: "times ‖ΔW‖",
		Caption: "Frobenius norms: the root of the sum of all squared entries."}
	r.DrawBars(f, 1, "×", train.StyleLoRA, lab.Bar{Name: "‖ΔW‖, full", Value: 1}, lab.Bar{Name: "‖s·B·A‖, LoRA", Finding: "size-ratio"})
	return f
}

// gapFigure shows how far above the lowest loss a training is: above the floor where
// that is known, else above what full fine-tuning comes to.
func gapFigure(r *lab.Record, digits bool) *plots.Figure {
	start, steps, low, high := 0.0, r.Settings.Real("steps"), -25.0, 100.0
	name, bound := floorName(r), r.Real("floor")
	if digits {
		name, bound = "full at its end", r.Real("loss-full")
	}
	f := &plots.Figure{ID: "gap", Title: "how far the loss is above the " + name, XLabel: "step", YLabel: "above it (%)",
		XMin: &start, XMax: &steps, YMin: &low, YMax: &high,
		Caption: "In percent of that level. A curve that begins higher comes in from above.",
		Levels:  []plots.Level{{Name: name, Style: train.StyleBound}},
		Shows:   []plots.Shown{{Name: "gap-to-floor", Scale: 100}}}
	if digits {
		f.Title, f.Shows = "how far the loss is above that of full fine-tuning", nil
	}
	f.Lines = trainingLines(r, "loss")
	for i := range f.Lines {
		for k, v := range f.Lines[i].Y {
			f.Lines[i].Y[k] = 100 * (v - bound) / bound
		}
	}
	return f
}
