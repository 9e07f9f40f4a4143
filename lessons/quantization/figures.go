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
	return []*plots.Figure{levelsFigure(r), insideFigure(r), formatsFigure(r), priceFigure(r), formatsTable(r), relativeFigure(r), outlierFigure(r), zerosFigure(r),
		lostFigure(r), basesFigure(r), adaptedFigure(r), doubleFigure(r), qloraLossFigure(r), loftqFigure(r), mergeFigure(r), mergedFigure(r), memoryFigure(r), digitsFigure(r), flowFigure(r)}
}

// rugFormats are the formats whose levels are marked beneath the histogram, after
// the chosen one. Of an 8-bit format the marks would merge into a bar.
var rugFormats = [...]string{"nf4", "fp4", "int4", "nf3", "int3", "nf2", "int2"}

// levelsFigure shows a block of weights and the levels of each format.
func levelsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "levels", Title: "a block of weights, and the levels of each format",
		XLabel: "weight / largest of its block", YLabel: "weights",
		Caption: "Each weight goes to the nearest mark. Where there are many weights, marks should be close together."}
	bins := r.Table("histogram")
	if bins.Len() == 0 {
		return f
	}
	f.Hist = &plots.Hist{Name: "weights", Style: train.StyleFull,
		Edges: append([]float64{bins.At(0, "left")}, bins.Column("right")...), Counts: bins.Column("weights")}
	chosen := r.Settings.Text("format")
	names := []string{chosen}
	for _, name := range rugFormats {
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
		Caption: "Higher is better, left is cheaper. Each piece of a line is one format; along it the block falls from 4096 to 32: more scales, less error.",
		Shows:   []plots.Shown{{Name: "bits", Across: true}, {Name: "snr"}}}
	low := 0.0
	f.XMin = &low
	formats := r.Table("formats")
	for _, family := range formatFamilies {
		line := plots.Line{Name: family.name, Style: family.style}
		marks := plots.Points{Style: family.style}
		for _, name := range family.members {
			plain := formats.Where("format", formatNumber(name)).Where("double", 0)
			bits, snr := plain.Column("bits"), plain.Column("snr")
			slices.Reverse(bits)
			slices.Reverse(snr)
			line.X = append(append(line.X, bits...), math.NaN()) // a gap before the next format
			line.Y = append(append(line.Y, snr...), math.NaN())
			if chosen := plain.Where("block", block); chosen.Len() > 0 {
				marks.X, marks.Y = append(marks.X, chosen.At(0, "bits")), append(marks.Y, chosen.At(0, "snr"))
				marks.Labels = append(marks.Labels, name)
			}
		}
		if len(marks.X) > 0 {
			f.Lines, f.Points = append(f.Lines, line), append(f.Points, marks)
		}
	}
	double := formats.Where("format", formatNumber(r.Settings.Text("format"))).Where("block", block).Where("double", 1)
	if double.Len() > 0 {
		f.Points = append(f.Points, plots.Points{X: double.Column("bits"), Y: double.Column("snr"), Labels: []string{"double"}, Style: 4})
	}
	if v, ok := r.Find("snr-rows"); ok {
		f.Points = append(f.Points, plots.Points{X: []float64{r.Real("bits-rows")}, Y: []float64{v.Real()}, Labels: []string{"int8 rows"}, Style: 5})
	}
	return f
}

// outlierFigure shows what one large weight does to the others.
func outlierFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "outlier", Title: "the price of one outlier in 4096 weights", XLabel: "block size", YLabel: "mean error of the others (std)", XLog: true, YLog: true,
		Caption: fmt.Sprintf("Normal weights with and without one of %s std. The block that holds it takes its scale from it.", r.Settings.Text("outlier"))}
	for _, b := range sweptBlocks {
		f.XTicks = append(f.XTicks, float64(b))
	}
	errors := r.Table("outlier-errors")
	block := errors.Column("block")
	f.Lines = []plots.Line{
		{Name: "with the outlier", X: block, Y: errors.Column("error-outlier"), Style: train.StyleLoRA},
		{Name: "without", X: block, Y: errors.Column("error"), Style: train.StyleFull},
	}
	return f
}

// basesFigure shows what quantizing costs.
func basesFigure(r *lab.Record) *plots.Figure {
	f := adaptedFigure(r)
	f.ID, f.Title = "bases", "the base, quantized"
	f.Caption = "What the base reads of the upright digits that it has learned, in full precision and rounded to each format."
	f.Bars.Series = f.Bars.Series[:1]
	f.Bars.Series[0].Name = ""
	f.Shows = nil
	for _, name := range reportedBases {
		f.Shows = append(f.Shows, plots.Shown{Name: "accuracy-" + name, Row: name, Scale: 100})
	}
	return f
}

// adaptedFigure shows what quantizing costs and what LoRA brings back. A format
// on which no adapter was trained has the first bar alone.
func adaptedFigure(r *lab.Record) *plots.Figure {
	shift := r.Settings.Text("shift")
	f := &plots.Figure{ID: "accuracy", Title: "the quantized base, before and after LoRA", YLabel: "held-out accuracy (%)",
		Caption: "First the base on the upright digits that it has learned, in full precision and quantized. Then with a trained adapter, on the digits of its task."}
	lab.Percents(f)
	bases, trained := r.Table("bases"), r.Table("trained")
	before := plots.BarSeries{Name: "base, upright", Values: []float64{100 * r.Real("accuracy-base")}, Style: train.StyleFull}
	after := plots.BarSeries{Name: "with LoRA, " + shift, Values: []float64{100 * r.Real("accuracy-lora")}, Style: train.StyleLoRA}
	names := []string{"full precision"}
	for _, name := range formatOrder(r) {
		names = append(names, name)
		untrained, value := math.NaN(), math.NaN()
		if bases.Len() > 0 {
			untrained = 100 * bases.Cell(name, "accuracy")
		}
		if run := trained.Where("format", formatNumber(name)); run.Len() > 0 {
			value = 100 * run.At(0, "accuracy")
		}
		before.Values, after.Values = append(before.Values, untrained), append(after.Values, value)
	}
	f.Bars = &plots.Bars{Names: names, Horizontal: true, Unit: "%", Series: []plots.BarSeries{before, after}}
	f.Shows = []plots.Shown{{Name: "accuracy-qlora", Row: r.Settings.Text("format") + ": " + after.Name, Scale: 100}}
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

// memoryFigure stacks what the frozen weights of three models take.
func memoryFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "memory", Title: "the frozen base, in 16 bits and in NF4", YLabel: "GB",
		Caption: "QLoRA quantizes the linear layers of the blocks. Embeddings, norms and the output layer stay in 16 bits."}
	memory := r.Table("memory")
	if memory.Len() == 0 {
		return f
	}
	linear := plots.BarSeries{Name: "linear layers", Style: train.StyleLoRA}
	kept := plots.BarSeries{Name: "kept in 16 bits", Style: train.StyleOther}
	bars := &plots.Bars{Horizontal: true, Stacked: true, Unit: "GB"}
	const gb = 1e9
	for _, m := range memoryModels {
		whole, quantized, unchanged := memory.Cell(m.id, "16bit"), memory.Cell(m.id, "quantized"), memory.Cell(m.id, "kept")
		bars.Names = append(bars.Names, strings.ToUpper(m.size)+" 16 bits", strings.ToUpper(m.size)+" NF4")
		linear.Values = append(linear.Values, (whole-unchanged)/gb, quantized/gb)
		kept.Values = append(kept.Values, unchanged/gb, unchanged/gb)
	}
	bars.Series = []plots.BarSeries{linear, kept}
	f.Bars = bars
	return f
}
