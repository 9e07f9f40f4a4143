package recipe

import (
	"math"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// figures draws a record, finished or not.
func figures(r *lab.Record) []*plots.Figure {
	return []*plots.Figure{brokenFigure(r), ratesFigure(r), layersFigure(r)}
}

// ratesFigure shows what becomes of each learning rate.
func ratesFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "rates", Title: "loss against learning rate", XLabel: "η", YLabel: "held-out loss (nats)", XLog: true, YLog: true, XTicks: triedRates[:],
		Caption: "The loss after training at each η. The lowest point of a line is its best η."}
	for i, side := range sides {
		t := r.Table("rates-" + side.suffix)
		f.Lines = append(f.Lines, plots.Line{Name: side.name, X: t.Column("rate"), Y: t.Column("loss"),
			Style: [...]plots.Style{train.StyleLoRA, train.StyleFull}[i]})
		f.Shows = append(f.Shows, plots.Shown{Name: "best-rate-" + side.suffix, Across: true})
	}
	return f
}

// layersFigure shows how much is read with adapters on some layers alone.
func layersFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "layers", Title: "one layer or all", YLabel: "digits read (%)",
		Caption: "Adapters on one layer alone, with about as many numbers as on all three together."}
	f.Bars = &plots.Bars{Horizontal: true, Unit: "%"}
	var values []float64
	for i := range lastLayer + 2 {
		f.Bars.Names = append(f.Bars.Names, layerWord(i))
		values = append(values, 100*r.Real("accuracy-layers-"+layerName(i)))
		f.Shows = append(f.Shows, plots.Shown{Name: "accuracy-layers-" + layerName(i), Row: layerWord(i), Scale: 100})
	}
	f.Shows = append(f.Shows, plots.Shown{Name: "best-layers"})
	return read(f, values)
}

// brokenFigure shows what each line of the recipe is worth.
func brokenFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "broken", Title: "the recipe, and one line of it broken", YLabel: "digits read (%)",
		Caption: "Each bar is the recipe with one thing changed, trained for as many steps."}
	f.Bars = &plots.Bars{Horizontal: true, Unit: "%"}
	var values []float64
	for _, line := range broken {
		f.Bars.Names = append(f.Bars.Names, line.word)
		values = append(values, 100*r.Real("accuracy-"+line.name))
		f.Shows = append(f.Shows, plots.Shown{Name: "accuracy-" + line.name, Row: line.word, Scale: 100})
	}
	f.Shows = append(f.Shows, plots.Shown{Name: "costliest"})
	return read(f, values)
}

// read fills in bars of shares; before anything is found there are none.
func read(f *plots.Figure, values []float64) *plots.Figure {
	low, high := 0.0, 100.0
	f.YMin, f.YMax = &low, &high
	for i, v := range values {
		values[i] = math.Round(10*v) / 10
	}
	f.Bars.Series = []plots.BarSeries{{Name: "digits read", Values: values, Style: train.StyleLoRA}}
	return f
}
