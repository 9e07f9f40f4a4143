package quantization

import (
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

// mergeFigure compares what becomes of the outputs when the adapter is merged into each
// of the bases.
func mergeFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "merge", Title: "how far merging moves the outputs", YLabel: "output error, of the outputs' size (%)",
		Caption: "Against the outputs of the quantized base with the adapter beside it. At 0 % merging changes nothing."}
	var bars []lab.Bar
	for _, target := range mergeTargets {
		bars = append(bars, lab.Bar{Name: target.label, Finding: "merge-error-" + target.name})
	}
	r.DrawBars(f, 100, "%", train.StyleLoRA, bars...)
	f.Shows = append(f.Shows, plots.Shown{Name: "merge-closest"})
	return f
}

// mergedFigure compares what the merged networks read.
func mergedFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "merged", Title: "what is read once the adapter is merged", YLabel: "digits of the task read (%)",
		Caption: "The adapter was trained beside the quantized base. Not merged, it still stands there."}
	bars := []lab.Bar{{Name: "not merged", Finding: "accuracy-qlora"}}
	for _, target := range mergeTargets {
		bars = append(bars, lab.Bar{Name: target.label, Finding: "merge-accuracy-" + target.name})
	}
	r.DrawBars(f, 100, "%", train.StyleLoRA, bars...)
	lab.Percents(f)
	return f
}
