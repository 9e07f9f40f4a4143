package quantization

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
	return []*plots.Figure{levelsFigure(r), formatsFigure(r), outlierFigure(r), basesFigure(r),
		qloraLossFigure(r), loftqFigure(r), mergeFigure(r), memoryFigure(r)}
}

// ruggedFormats are those whose levels stand beneath the histogram, the chosen
// one before them: with 8 bits the marks would be a bar.
var ruggedFormats = [...]string{"nf4", "fp4", "int4", "nf3", "int3", "nf2", "int2"}

// levelsFigure shows a block of weights, and where each format can put them.
func levelsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "levels", Title: "a block of weights, and the levels of each format",
		XLabel: "weight / largest of its block", YLabel: "weights",
		Caption: "Each weight goes to the nearest mark. Where there are many weights, marks should be close together."}
	rows := r.Matrix("histogram")
	if len(rows) == 0 {
		return f
	}
	hist := &plots.Hist{Name: "weights", Style: train.StyleFull, Edges: []float64{rows[0][0]}}
	for _, row := range rows {
		hist.Edges = append(hist.Edges, row[1])
		hist.Counts = append(hist.Counts, row[2])
	}
	f.Hist = hist
	chosen := r.Settings.Text("format")
	names := []string{chosen}
	for _, name := range ruggedFormats {
		if name != chosen {
			names = append(names, name)
		}
	}
	for _, name := range names {
		rug := plots.Rug{Name: name, X: float64s(codebook(name).Levels()), Style: train.StyleOther}
		if name == chosen {
			rug.Style = train.StyleLoRA
		}
		f.Rugs = append(f.Rugs, rug)
	}
	return f
}

// formatFamilies are the lines of the figure "error": formats of one kind,
// from narrow to wide. linear8 is left out, it lies on int8.
var formatFamilies = [...]struct {
	name    string
	style   plots.Style
	members []string
}{
	{"NormalFloat", 0, []string{"nf2", "nf3", "nf4"}},
	{"integers", 1, []string{"int2", "int3", "int4", "int8"}},
	{"FP4", 2, []string{"fp4"}},
	{"8-bit map", 3, []string{"dynamic8"}},
}

// formatsFigure sets the error of every format against what it costs, at all
// block sizes. Marks stand at the chosen one.
func formatsFigure(r *lab.Record) *plots.Figure {
	block := r.Settings.Real("block")
	f := &plots.Figure{ID: "error", Title: "error against bits, every format and block size", XLabel: "bits a weight, scales counted", YLabel: "signal to noise (dB)",
		Caption: "Higher is better, left is cheaper. Each piece of a line is one format; along it the block falls from 4096 to 32: more scales, less error."}
	for _, family := range formatFamilies {
		line := plots.Line{Name: family.name, Style: family.style}
		marks := plots.Points{Style: family.style}
		for _, name := range family.members {
			for _, row := range slices.Backward(r.Matrix("formats")) {
				double := row[2] == 1
				if formatNames()[int(row[0])] != name || double {
					continue
				}
				line.X, line.Y = append(line.X, row[3]), append(line.Y, row[6])
				if row[1] == block {
					marks.X, marks.Y, marks.Labels = append(marks.X, row[3]), append(marks.Y, row[6]), append(marks.Labels, name)
				}
			}
			line.X, line.Y = append(line.X, math.NaN()), append(line.Y, math.NaN()) // a gap before the next format
		}
		if len(marks.X) > 0 {
			f.Lines, f.Points = append(f.Lines, line), append(f.Points, marks)
		}
	}
	for _, row := range r.Matrix("formats") {
		if formatNames()[int(row[0])] == r.Settings.Text("format") && row[1] == block && row[2] == 1 {
			f.Points = append(f.Points, plots.Points{X: row[3:4], Y: row[6:7], Labels: []string{"double"}, Style: 4})
		}
	}
	if v, ok := r.Find("snr-rows"); ok {
		f.Points = append(f.Points, plots.Points{X: []float64{r.Real("bits-rows")}, Y: []float64{v.Real()}, Labels: []string{"int8 rows"}, Style: 5})
	}
	return f
}

// outlierFigure shows what one large weight does to the others.
func outlierFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "outlier", Title: "the price of one outlier in 4096 weights", XLabel: "block size", YLabel: "mean error of the others (σ)", XLog: true, YLog: true,
		Caption: fmt.Sprintf("Normal weights with and without one of %s σ. The block that holds it takes its scale from it.", r.Settings.Text("outlier"))}
	var block, without, with []float64
	for _, row := range r.Matrix("outlier-errors") {
		block, without, with = append(block, row[0]), append(without, row[1]), append(with, row[3])
	}
	if len(block) > 0 {
		f.Lines = []plots.Line{
			{Name: "with the outlier", X: block, Y: with, Style: train.StyleLoRA},
			{Name: "without", X: block, Y: without, Style: train.StyleFull},
		}
	}
	return f
}

// basesFigure shows what quantizing costs and what LoRA brings back. A format
// on which no adapter was trained has the first bar alone.
func basesFigure(r *lab.Record) *plots.Figure {
	shift := r.Settings.Text("shift")
	f := &plots.Figure{ID: "accuracy", Title: "the quantized base, before and after LoRA", YLabel: "held-out accuracy (%)",
		Caption: "First the base on the upright digits that it has learned, in full precision and quantized. Then with a trained adapter, on the digits of its task."}
	bases := r.Matrix("bases")
	if len(bases) == 0 {
		return f
	}
	before := plots.BarSeries{Name: "base, upright", Values: []float64{100 * r.Real("accuracy-base")}, Style: train.StyleFull}
	after := plots.BarSeries{Name: "with LoRA, " + shift, Values: []float64{100 * r.Real("accuracy-lora")}, Style: train.StyleLoRA}
	names := []string{"full precision"}
	for _, name := range formatOrder(r) {
		i := slices.Index(formatNames(), name)
		if i >= len(bases) {
			continue
		}
		names = append(names, name)
		before.Values = append(before.Values, 100*bases[i][2])
		value := math.NaN()
		for _, row := range r.Matrix("trained") {
			if int(row[0]) == i {
				value = 100 * row[2]
			}
		}
		after.Values = append(after.Values, value)
	}
	f.Bars = &plots.Bars{Names: names, Horizontal: true, Unit: "%", Series: []plots.BarSeries{before, after}}
	return f
}

// formatOrder are the formats of the figure "accuracy": from wide to narrow,
// the chosen one among them.
func formatOrder(r *lab.Record) []string {
	order := []string{"int8", "nf4", "int4", "fp4", "nf3", "int3", "nf2", "int2"}
	if chosen := r.Settings.Text("format"); !slices.Contains(order, chosen) {
		order = append([]string{chosen}, order...)
	}
	return order
}

// qloraLossFigure shows the trainings.
func qloraLossFigure(r *lab.Record) *plots.Figure {
	steps := r.Settings.Real("steps")
	f := &plots.Figure{ID: "loss", Title: "LoRA on a full base and on a quantized one", XLabel: "step", YLabel: "held-out loss (nats)", XMax: &steps, YLog: true,
		Caption: "The same adapter, the same examples in the same order. Only the frozen base differs, and for LoftQ the start."}
	chosen := qloraSeries(r.Settings.Text("format"))
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
			line.Name, line.Style, line.Faint = name, train.StyleOther, true
		default:
			continue
		}
		if line.X, line.Y = r.Curve(s.Name, "loss"); len(line.X) > 0 {
			f.Lines = append(f.Lines, line)
		}
	}
	return f
}

// loftqFigure shows what is left of the quantization error by iteration.
func loftqFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "loftq", Title: "what LoftQ leaves of the error", XLabel: "iteration", YLabel: "error (% of ‖W‖)",
		Caption: "Iteration 0 is plain quantization. LoftQ fits base and adapter in turn; with the scaling left out the fit is lost."}
	for _, l := range []struct {
		column, name string
		style        plots.Style
	}{{"start", "base and adapter", train.StyleLoRA}, {"start-peft", "as PEFT scales it", train.StyleOther}, {"base", "base alone", train.StyleFull}} {
		if x, y := r.Curve("loftq", l.column); len(x) > 0 {
			train.Percent(y)
			f.Lines = append(f.Lines, plots.Line{Name: l.name, X: x, Y: y, Style: l.style})
		}
	}
	return f
}

// mergeFigure compares the bases that the adapter can be merged into.
func mergeFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "merge", Title: "where to merge a QLoRA adapter", YLabel: "%",
		Caption: "The error of the outputs against the adapter beside its quantized base, and the accuracy, after merging into each base."}
	rows := r.Matrix("merges")
	if len(rows) != len(mergeTargets) {
		return f
	}
	errors := plots.BarSeries{Name: "output error", Style: train.StyleOther}
	accuracy := plots.BarSeries{Name: "accuracy", Style: train.StyleLoRA}
	names := []string{"not merged"}
	errors.Values, accuracy.Values = append(errors.Values, 0), append(accuracy.Values, 100*r.Real("accuracy-qlora"))
	for i, row := range rows {
		names = append(names, mergeTargets[i].label)
		errors.Values, accuracy.Values = append(errors.Values, 100*row[0]), append(accuracy.Values, 100*row[1])
	}
	f.Bars = &plots.Bars{Names: names, Horizontal: true, Unit: "%", Series: []plots.BarSeries{accuracy, errors}}
	return f
}

// memoryFigure stacks what the frozen weights of three models take.
func memoryFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "memory", Title: "the frozen base, in 16 bits and in NF4", YLabel: "GB",
		Caption: "QLoRA quantizes the linear layers of the blocks. Embeddings, norms and the output layer stay in 16 bits."}
	rows := r.Matrix("memory")
	if len(rows) != len(memoryModels) {
		return f
	}
	linear := plots.BarSeries{Name: "linear layers", Style: train.StyleLoRA}
	kept := plots.BarSeries{Name: "kept in 16 bits", Style: train.StyleOther}
	bars := &plots.Bars{Horizontal: true, Stacked: true, Unit: "GB"}
	const gb = 1e9
	for i, row := range rows {
		for _, way := range []struct {
			name   string
			linear float64
		}{{" 16 bits", row[0] - row[2]}, {" NF4", row[1]}} {
			bars.Names = append(bars.Names, strings.ToUpper(memoryModels[i].size)+way.name)
			linear.Values = append(linear.Values, way.linear/gb)
			kept.Values = append(kept.Values, row[2]/gb)
		}
	}
	bars.Series = []plots.BarSeries{linear, kept}
	f.Bars = bars
	return f
}
