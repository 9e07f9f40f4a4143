package quantization

import (
	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/toy"
	"loralab/plots"
)

// readsAside is what the adapter on the chosen format reads in a handful of digits. At
// step 0 it adds nothing, and the quantized base alone is read with.
const readsAside = "qlora, digits"

// pickDigits chooses digits that the base reads right in full precision and wrong
// quantized, as far as there are some.
func (q *quantized) pickDigits() *train.Handful {
	tests := []lora.Data{q.p.First, q.p.Test}[:len(train.Tasks(q.s))]
	h := train.NewHandful(train.Tasks(q.s), tests, train.HandfulSize, train.ReadRightBut(q.p.Base, q.p.First, q.base.net, q.p.First))
	h.Report(q.rec, q.p.Base)
	return h
}

// digitsFigure shows what the base reads, what rounding it leaves of that, and what an
// adapter makes of the rest while it trains.
func digitsFigure(r *lab.Record) *plots.Figure {
	format := r.Settings.Text("format")
	adapter := format + " + LoRA"
	f := &plots.Figure{ID: "digits", Title: "what is read in held-out digits" + train.Now(r, readsAside),
		Caption: "The base, the same base rounded to " + format + ", and the rounded one with an adapter beside it as it trains."}
	rounded := train.Reading{Name: format, Style: train.StyleOther, Aside: readsAside, First: true, Total: r.Real("accuracy-quantized")}
	trained := train.Reading{Name: adapter, Style: train.StyleLoRA, Aside: readsAside, Total: train.Latest(r, qloraSeries(format), "accuracy")}
	rows := []train.Task{{Name: toy.Upright.String(), Readings: []train.Reading{{Name: "base", Style: train.StyleFull, Total: r.Real("accuracy-base")}, rounded}}}
	if all := train.Tasks(r.Settings); len(all) > 1 {
		rounded.Total = r.Real("accuracy-start")
		rows = append(rows, train.Task{Name: all[1], Readings: []train.Reading{rounded, trained}})
	} else {
		rows[0].Readings = append(rows[0].Readings, trained)
	}
	f.Images = train.Images(r, train.Tasks(r.Settings), train.HandfulSize, rows)
	f.Images.Totals = "of all"
	f.Shows = []plots.Shown{{Name: "accuracy-qlora", Row: adapter, Scale: 100}, {Name: "accuracy-quantized", Row: toy.Upright.String() + ": " + format, Scale: 100}}
	return f
}
