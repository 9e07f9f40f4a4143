package reparameterization

import (
	"fmt"
	"slices"
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
		all = append(all, accuracy, digitsFigure(r), forgottenFigure(r), forgettingFigure(r))
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

// ranksFigure shows what each rank reaches. While the sweep is under way it
// shows the ranks that are done.
func ranksFigure(r *lab.Record, digits bool) *plots.Figure {
	column, name, scale := "loss", "training loss", 1.0
	if digits {
		column, name, scale = "accuracy", "held-out accuracy (%)", 100
	}
	f := &plots.Figure{ID: "ranks", Title: "what each rank reaches", XLabel: "rank", YLabel: name, XLog: true, YLog: !digits,
		Caption: "LoRA trained at each rank, beside the full update cut to that rank (the best approximation of it there is)."}
	line := func(name string, t lab.Table, style plots.Style) {
		if t.Len() == 0 {
			return
		}
		y := t.Column(column)
		for i := range y {
			y[i] *= scale
		}
		f.Lines = append(f.Lines, plots.Line{Name: name, X: t.Column("rank"), Y: y, Style: style})
	}
	ranks := r.Table("ranks")
	if ranks.Len() == 0 {
		ranks = finishedRanks(r)
	}
	line("full ΔW cut to r", r.Table("truncated"), train.StyleOther)
	line("floor", floorsAt(r.Table("floors"), ranks.Column("rank")), train.StyleBound)
	if line("LoRA", ranks, train.StyleLoRA); ranks.Len() > 0 {
		last := f.Lines[len(f.Lines)-1]
		f.Points = append(f.Points, plots.Points{X: last.X, Y: last.Y, Style: last.Style})
	}
	if v, ok := r.Find(column + "-full"); ok {
		f.Levels = append(f.Levels, plots.Level{Name: "full fine-tuning", Y: v.Real() * scale, Style: train.StyleFull})
	}
	return f
}

// floorsAt are the floors at the ranks that were trained: between them a line
// through floors would not lie on floors.
func floorsAt(floors lab.Table, ranks []float64) lab.Table {
	at := lab.Table{Columns: floors.Columns}
	for i, rank := range floors.Column("rank") {
		if slices.Contains(ranks, rank) {
			at.Values = append(at.Values, floors.Values[i])
		}
	}
	return at
}

// finishedRanks are the rows of the sweep so far.
func finishedRanks(r *lab.Record) lab.Table {
	ranks := lab.Table{Columns: []string{"rank", "loss", "accuracy"}}
	for _, s := range r.Series {
		var rank int
		if name, ok := strings.CutPrefix(s.Name, "rank "); !ok || len(s.Frames) == 0 {
			continue
		} else if _, err := fmt.Sscan(name, &rank); err != nil {
			continue
		}
		if last := s.Frames[len(s.Frames)-1]; last.Step == s.Planned {
			ranks.Values = append(ranks.Values, append([]float64{float64(rank)}, last.Values...))
		}
	}
	return ranks
}

func heatFigure(r *lab.Record, finding, title string) *plots.Figure {
	f := &plots.Figure{ID: finding, Title: title,
		Caption: "Each cell is the mean of a block of the matrix. Stripes that repeat are few directions."}
	if z := r.Matrix(finding); z != nil {
		f.Heat = &plots.Heat{Z: z, Diverging: true}
	}
	return f
}
