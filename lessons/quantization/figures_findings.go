package quantization

import (
	"math"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora/libm"
	"loralab/plots"
)

// insideFigure counts the levels of the chosen format.
func insideFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "inside", Title: "where the levels of " + r.Settings.Text("format") + " lie", YLabel: "levels",
		Caption: "All levels lie between −1 and 1."}
	r.DrawBars(f, 1, "", train.StyleLoRA, lab.Bar{Name: "between −1/2 and 1/2", Finding: "levels-inside"}, lab.Bar{Name: "all", Finding: "level-count"})
	return f
}

// relativeFigure shows how far off weights are.
func relativeFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "relative", Title: "how far off a weight is", YLabel: "error, of the weights' own size (%)",
		Caption: "Root mean square of the errors over that of the weights, at the same block size. int8 has a scale for each row."}
	bars := []lab.Bar{{Name: r.Settings.Text("format"), Finding: "error-relative"}}
	for _, other := range []struct{ name, finding string }{{"int4", "snr-int4"}, {"fp4", "snr-fp4"}, {"int8 rows", "snr-rows"}, {"bf16", "snr-bf16"}} {
		if other.name != bars[0].Name {
			bars = append(bars, lab.Bar{Name: other.name, Value: libm.Exp(-r.Real(other.finding) * math.Ln10 / 20)})
		}
	}
	r.DrawBars(f, 100, "%", train.StyleLoRA, bars...)
	return f
}

// zerosFigure shows how many weights an outlier turns into zeros.
func zerosFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "zeros", Title: "weights that become exactly 0", YLabel: "share of the others (%)",
		Caption: "One outlier of " + r.Settings.Text("outlier") + " std in 4096 normal weights. Its block takes its scale from it."}
	r.DrawBars(f, 100, "%", train.StyleLoRA, lab.Bar{Name: "no outlier, block 4096", Finding: "outlier-zeros-none"},
		lab.Bar{Name: "outlier, block 64", Finding: "outlier-zeros-64"}, lab.Bar{Name: "outlier, block 4096", Finding: "outlier-zeros-4096"})
	lab.Percents(f)
	return f
}

// reportedBases are the formats whose accuracy is a finding of its own.
var reportedBases = [...]string{"nf4", "nf3", "nf2", "int2"}

// lostFigure shows what rounding costs the base.
func lostFigure(r *lab.Record) *plots.Figure {
	reads := plots.BarSeries{Name: "reads (%)", Style: train.StyleLoRA}
	lost := plots.BarSeries{Name: "lost (points)", Style: train.StyleFull}
	f := &plots.Figure{ID: "lost", Title: "what rounding the base costs it", YLabel: "upright digits read, and points lost",
		Caption: "On the upright digits that it has learned. A few images more or less are chance: a format may even gain.",
		Shows:   []plots.Shown{{Name: "accuracy-lost-nf4", Row: "nf4: " + lost.Name}}}
	bases := r.Table("bases")
	var names []string
	for _, name := range formatOrder(r) {
		accuracy := math.NaN()
		if bases.Len() > 0 {
			accuracy = 100 * bases.Cell(name, "accuracy")
		}
		names = append(names, name)
		reads.Values, lost.Values = append(reads.Values, accuracy), append(lost.Values, float64(100*r.Real("accuracy-base"))-accuracy)
	}
	for _, name := range reportedBases {
		f.Shows = append(f.Shows, plots.Shown{Name: "accuracy-" + name, Row: name, Scale: 100})
	}
	f.Bars = &plots.Bars{Names: names, Horizontal: true, Series: []plots.BarSeries{reads, lost}}
	return f
}

// doubleFigure shows what quantizing the scales saves.
func doubleFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "double", Title: "what double quantization saves", YLabel: "GB",
		Caption: "The scales of the blocks in 8 bits instead of 32."}
	r.DrawBars(f, 1, "GB", train.StyleLoRA, lab.Bar{Name: "Llama 2 7B", Finding: "double-saves-7b"}, lab.Bar{Name: "LLaMA 65B", Finding: "double-saves-65b"})
	return f
}
