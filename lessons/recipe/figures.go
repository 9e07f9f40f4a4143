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
	var bars []lab.Bar
	for i := range lastLayer + 2 {
		bars = append(bars, lab.Bar{Name: layerWord(i), Finding: "accuracy-layers-" + layerName(i)})
	}
	drawRead(r, f, bars)
	f.Shows = append(f.Shows, plots.Shown{Name: "best-layers"})
	return f
}

// brokenFigure shows what each line of the recipe is worth.
func brokenFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "broken", Title: "the recipe, and one line of it broken", YLabel: "digits read (%)",
		Caption: "Each bar is the recipe with one thing changed, trained for as many steps."}
	var bars []lab.Bar
	for _, line := range broken {
		bars = append(bars, lab.Bar{Name: line.word, Finding: "accuracy-" + line.name})
	}
	drawRead(r, f, bars)
	f.Shows = append(f.Shows, plots.Shown{Name: "costliest"})
	return f
}

// drawRead draws shares of digits, to a tenth of a percent.
func drawRead(r *lab.Record, f *plots.Figure, bars []lab.Bar) {
	r.DrawBars(f, 100, "%", train.StyleLoRA, bars...)
	lab.Percents(f)
	series := &f.Bars.Series[0]
	series.Name = "digits read"
	for i, v := range series.Values {
		series.Values[i] = math.Round(10*v) / 10
	}
}
