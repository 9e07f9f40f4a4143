package quantization

import (
	"math"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// qloraLossFigure shows the trainings.
func qloraLossFigure(r *lab.Record) *plots.Figure {
	steps := r.Settings.Real("steps")
	f := &plots.Figure{ID: "loss", Title: "LoRA on a full base and on a quantized one", XLabel: "step", YLabel: "held-out loss (nats)", XMax: &steps, YLog: true,
		Caption: "The same adapter, the same examples in the same order. Only the frozen base differs, and for LoftQ the start."}
	chosen, other := qloraSeries(r.Settings.Text("format")), train.StyleOther
	for _, s := range r.Series {
		line := plots.Line{Name: s.Name}
		switch name, qlora := strings.CutPrefix(s.Name, "qlora "); {
		case s.Name == "lora":
			line.Name, line.Style = "full precision", train.StyleFull
		case s.Name == "qlora from loftq":
			line.Name, line.Style = r.Settings.Text("format")+" from LoftQ", train.StyleBound
		case s.Name == chosen:
			line.Name, line.Style = name, train.StyleLoRA
		case qlora:
			line.Name, line.Style = name, other
			other++
		default:
			continue
		}
		if line.X, line.Y = r.Curve(s.Name, "loss"); len(line.X) > 0 {
			f.Lines = append(f.Lines, line)
		}
	}
	return f
}

// asPEFT is the name of the curve with the scaling left out.
const asPEFT = "as PEFT scales it"

// loftqFigure shows what is left of the quantization error by iteration.
func loftqFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "loftq", Title: "what LoftQ leaves of the error", XLabel: "iteration", YLabel: "error (% of ‖W‖)",
		Caption: "Iteration 0 is plain quantization. LoftQ fits base and adapter in turn; with the scaling left out the fit is lost.",
		Shows:   []plots.Shown{{Name: "loftq-peft-helps", Rows: map[string]string{"yes": asPEFT, "no": asPEFT}}}}
	low, steps := 0.0, r.Settings.Real("loftq-iterations")
	f.YMin, f.XMin, f.XMax = &low, &low, &steps
	for _, l := range []struct {
		column, name string
		style        plots.Style
	}{{"start", "base and adapter", train.StyleLoRA}, {"start-peft", asPEFT, train.StyleOther}, {"base", "base alone", train.StyleFull}} {
		x, y := r.Curve("loftq", l.column)
		train.Percent(y)
		f.Lines = append(f.Lines, plots.Line{Name: l.name, X: x, Y: y, Style: l.style})
	}
	return f
}

// noError is the error of the adapter that is not merged, once there are others.
func noError(merges lab.Table) float64 {
	if merges.Len() == 0 {
		return math.NaN()
	}
	return 0
}

// mergeFigure compares the bases that the adapter can be merged into.
func mergeFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "merge", Title: "where to merge a QLoRA adapter", YLabel: "%",
		Caption: "The error of the outputs against the adapter beside its quantized base, and the accuracy, after merging into each base."}
	lab.Percents(f)
	f.Shows = []plots.Shown{{Name: "merge-closest"}}
	merges := r.Table("merges")
	errors := plots.BarSeries{Name: "output error", Style: train.StyleOther}
	accuracy := plots.BarSeries{Name: "accuracy", Style: train.StyleLoRA}
	names := []string{"not merged"}
	errors.Values, accuracy.Values = append(errors.Values, noError(merges)), append(accuracy.Values, 100*r.Real("accuracy-qlora"))
	for _, target := range mergeTargets {
		names = append(names, target.label)
		off, reads := math.NaN(), math.NaN()
		if merges.Len() > 0 {
			off, reads = 100*merges.Cell(target.name, "error"), 100*merges.Cell(target.name, "accuracy")
		}
		errors.Values, accuracy.Values = append(errors.Values, off), append(accuracy.Values, reads)
	}
	f.Bars = &plots.Bars{Names: names, Horizontal: true, Unit: "%", Series: []plots.BarSeries{accuracy, errors}}
	return f
}
