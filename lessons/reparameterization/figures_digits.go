package reparameterization

import (
	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// digitsFigure shows what the network reads: the base upright and shifted, and the two
// trainings as they go on.
func digitsFigure(r *lab.Record) *plots.Figure {
	now := train.Now(r, loraReads)
	if now != "" {
		now += " of LoRA"
	} else if now = train.Now(r, fullReads); now != "" { // comes first
		now += " of full fine-tuning"
	}
	f := &plots.Figure{ID: "digits", Title: "what is read in held-out digits" + now,
		Caption: "The same digits for all, none of them ever trained on: what is read, ✓ if right, and how sure the network is."}
	f.Images = train.Images(r, train.Tasks(r.Settings), train.HandfulSize, []train.Task{
		{Name: train.Tasks(r.Settings)[0], Readings: []train.Reading{
			{Name: "base", Style: train.StyleBase, Total: r.Real("accuracy-base")},
		}},
		{Name: train.Tasks(r.Settings)[1], Readings: []train.Reading{
			{Name: "base", Style: train.StyleBase, Total: r.Real("accuracy-before")},
			{Name: "full", Style: train.StyleFull, Aside: fullReads, Total: train.Latest(r, "full", "accuracy")},
			{Name: loraName(r), Style: train.StyleLoRA, Aside: loraReads, Total: train.Latest(r, "lora", "accuracy")},
		}},
	})
	f.Images.Totals = "of all"
	f.Shows = []plots.Shown{
		{Name: "accuracy-lora", Row: loraName(r), Scale: 100},
		{Name: "accuracy-full", Row: "full", Scale: 100},
		{Name: "accuracy-before", Row: train.TaskName(train.Tasks(r.Settings)[1]) + ": base", Scale: 100},
	}
	return f
}

func loraName(r *lab.Record) string { return "LoRA r=" + r.Settings.Text("rank") }

// forgottenFigure shows what has become of the first task.
func forgottenFigure(r *lab.Record) *plots.Figure {
	const on, off = "LoRA on", "LoRA off"
	f := &plots.Figure{ID: "forgotten", Title: "what is left of the first task" + train.Now(r, loraReads),
		Caption: "Upright digits again. Full fine-tuning has no switch. With the adapter off the base is back, to the last bit."}
	f.Images = train.Images(r, train.Tasks(r.Settings), train.HandfulSize, []train.Task{
		{Name: train.Tasks(r.Settings)[0], Readings: []train.Reading{
			{Name: "base", Style: train.StyleBase, Total: r.Real("accuracy-base")},
			{Name: "full", Style: train.StyleFull, Aside: fullReads, Total: train.Latest(r, fullReads, train.FirstTask)},
			{Name: on, Style: train.StyleLoRA, Aside: loraReads, Total: train.Latest(r, loraReads, train.FirstTask)},
			{Name: off, Style: train.StyleLoRA, Aside: offReads, Total: r.Real("accuracy-upright-off")},
		}},
	})
	f.Images.Totals = "of all"
	f.Shows = []plots.Shown{
		{Name: "accuracy-upright-on", Row: on, Scale: 100},
		{Name: "accuracy-upright-off", Row: off, Scale: 100},
		{Name: "accuracy-upright-full", Row: "full", Scale: 100},
	}
	return f
}

// forgettingFigure shows how the first task is lost while the second is learned.
func forgettingFigure(r *lab.Record) *plots.Figure {
	steps := r.Settings.Real("steps")
	f := &plots.Figure{ID: "forgetting", Title: "the first task, while the second is learned", XLabel: "step", YLabel: "upright digits read (%)",
		XMax: &steps, Caption: "Nobody trains on upright digits any more. The level is the network with its adapter off: the base."}
	lab.Percents(f)
	for _, l := range []struct {
		aside, name string
		style       plots.Style
	}{{fullReads, "full", train.StyleFull}, {loraReads, "LoRA on", train.StyleLoRA}} {
		if x, y := r.Curve(l.aside, train.FirstTask); len(x) > 0 {
			train.Percent(y)
			f.Lines = append(f.Lines, plots.Line{Name: l.name, X: x, Y: y, Style: l.style})
		}
	}
	if v, ok := r.Find("accuracy-upright-off"); ok {
		f.Levels = append(f.Levels, plots.Level{Name: "LoRA off", Y: 100 * v.Real(), Style: train.StyleBound})
	}
	f.Shows = []plots.Shown{{Name: "accuracy-upright-on", Scale: 100}, {Name: "accuracy-upright-off", Scale: 100}, {Name: "accuracy-upright-full", Scale: 100}}
	return f
}
