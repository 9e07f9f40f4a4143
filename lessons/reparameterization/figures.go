package reparameterization

import (
	"fmt"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// figures draws a record, finished or not.
func figures(r *lab.Record) []*plots.Figure {
	digits := r.Settings.Text("problem") == "digits"
	steps := r.Settings.Real("steps")
	loss := &plots.Figure{ID: "loss", Title: "loss while training", XLabel: "step", YLabel: "training loss", XMax: &steps, YLog: true,
		Caption: "Both start at the base. LoRA trains the few numbers of A and B, full fine-tuning all of W."}
	if digits {
		loss.YLabel = "held-out loss (nats)"
	}
	loss.Lines = trainingLines(r, "loss")
	if f, ok := r.Find("floor"); ok {
		loss.Levels = append(loss.Levels, plots.Level{Name: "floor of rank " + r.Settings.Text("rank"), Y: f.Real(), Style: train.StyleBound})
	}
	all := []*plots.Figure{loss}
	if digits {
		accuracy := &plots.Figure{ID: "accuracy", Title: "accuracy while training", XLabel: "step", YLabel: "held-out accuracy (%)", XMax: &steps,
			Caption: "The share of held-out digits that are read right."}
		accuracy.Lines = trainingLines(r, "accuracy")
		for _, line := range accuracy.Lines {
			train.Percent(line.Y)
		}
		all = append(all, accuracy)
	}
	all = append(all, spectrumFigure(r), ranksFigure(r, digits))
	return append(all, heatFigure(r, "delta-full", "ΔW of full fine-tuning, layer 1"), heatFigure(r, "delta-lora", "s·B·A of LoRA, layer 1"))
}

// trainingLines are the curves of full fine-tuning and of LoRA.
func trainingLines(r *lab.Record, column string) []plots.Line {
	var lines []plots.Line
	for _, l := range []struct {
		series, name string
		style        plots.Style
	}{{"full", "full", train.StyleFull}, {"lora", "LoRA, r = " + r.Settings.Text("rank"), train.StyleLoRA}} {
		if x, y := r.Curve(l.series, column); len(x) > 0 {
			lines = append(lines, plots.Line{Name: l.name, X: x, Y: y, Style: l.style})
		}
	}
	return lines
}

// spectrumFigure shows how many directions ΔW really uses.
func spectrumFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "spectrum", Title: "singular values of ΔW", XLabel: "direction", YLabel: "σ", YLog: true,
		Caption: "An update of rank r has r singular values and no more. If those of the full ΔW fall fast, few directions hold most of it."}
	for i, sigma := range r.Matrix("singular-values") {
		sigma = aboveRounding(sigma)
		f.Lines = append(f.Lines, plots.Line{Name: fmt.Sprintf("full, layer %d", i+1), X: counting(len(sigma)), Y: sigma, Style: train.StyleFull + plots.Style(i)})
	}
	if lora := r.Matrix("singular-values-lora"); len(lora) > 0 {
		f.Points = append(f.Points, plots.Points{Name: "s·B·A, layer 1", X: counting(len(lora[0])), Y: lora[0], Style: train.StyleLoRA})
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

// counting returns 1, 2, … n.
func counting(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

// ranksFigure shows what each rank reaches. While the sweep is under way it
// shows the ranks that are done.
func ranksFigure(r *lab.Record, digits bool) *plots.Figure {
	column, name, scale := 1, "training loss", 1.0
	if digits {
		column, name, scale = 2, "held-out accuracy (%)", 100
	}
	f := &plots.Figure{ID: "ranks", Title: "what each rank reaches", XLabel: "rank", YLabel: name, XLog: true, YLog: !digits,
		Caption: "LoRA trained at each rank, beside the full update cut to that rank (the best approximation of it there is)."}
	pick := func(rows [][]float64) (x, y []float64) {
		for _, row := range rows {
			if row[0] >= 1 {
				x, y = append(x, row[0]), append(y, row[min(column, len(row)-1)]*scale)
			}
		}
		return x, y
	}
	rows := r.Matrix("ranks")
	if rows == nil {
		rows = finishedRanks(r)
	}
	if x, y := pick(r.Matrix("truncated")); len(x) > 0 {
		f.Lines = append(f.Lines, plots.Line{Name: "full ΔW cut to r", X: x, Y: y, Style: train.StyleOther})
	}
	if x, y := pick(floorsAt(r, rows)); len(x) > 0 {
		f.Lines = append(f.Lines, plots.Line{Name: "floor", X: x, Y: y, Style: train.StyleBound})
	}
	if x, y := pick(rows); len(x) > 0 {
		f.Lines = append(f.Lines, plots.Line{Name: "LoRA", X: x, Y: y, Style: train.StyleLoRA})
		f.Points = append(f.Points, plots.Points{X: x, Y: y, Style: train.StyleLoRA})
	}
	full := "loss-full"
	if digits {
		full = "accuracy-full"
	}
	if v, ok := r.Find(full); ok {
		f.Levels = append(f.Levels, plots.Level{Name: "full fine-tuning", Y: v.Real() * scale, Style: train.StyleFull})
	}
	return f
}

// floorsAt are the floors at the ranks that were trained: between them a line
// through floors would not lie on floors.
func floorsAt(r *lab.Record, rows [][]float64) [][]float64 {
	var at [][]float64
	for _, floor := range r.Matrix("floors") {
		for _, row := range rows {
			if row[0] == floor[0] {
				at = append(at, floor)
			}
		}
	}
	return at
}

// finishedRanks are the rows of the sweep so far.
func finishedRanks(r *lab.Record) [][]float64 {
	var rows [][]float64
	for _, s := range r.Series {
		var rank int
		if name, ok := strings.CutPrefix(s.Name, "rank "); !ok || len(s.Frames) == 0 {
			continue
		} else if _, err := fmt.Sscan(name, &rank); err != nil {
			continue
		}
		if last := s.Frames[len(s.Frames)-1]; last.Step == s.Planned {
			rows = append(rows, append([]float64{float64(rank)}, last.Values...))
		}
	}
	return rows
}

func heatFigure(r *lab.Record, finding, title string) *plots.Figure {
	f := &plots.Figure{ID: finding, Title: title,
		Caption: "Each cell is the mean of a block of the matrix. Stripes that repeat are few directions."}
	if z := r.Matrix(finding); z != nil {
		f.Heat = &plots.Heat{Z: z, Diverging: true}
	}
	return f
}
