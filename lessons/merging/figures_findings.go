package merging

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/plots"
)

// wrongFigure shows what the first adapter does on the second shift.
func wrongFigure(r *lab.Record) *plots.Figure {
	shifts := r.Settings.Set("shifts")
	f := &plots.Figure{ID: "wrong", YLabel: "held-out accuracy (%)", Title: "one shift, read with each adapter",
		Caption: "Each adapter was trained for one shift, and alone. None is the base as it was."}
	if len(shifts) < 2 {
		return f
	}
	f.Title = train.TaskName(shifts[1]) + " digits, by the adapter that is active"
	wrong := shifts[0]
	r.DrawBars(f, 100, "%", train.StyleLoRA, lab.Bar{Name: "no adapter", Finding: "accuracy-none"}, lab.Bar{Name: wrong, Finding: "accuracy-wrong"}, lab.Bar{Name: shifts[1], Finding: "accuracy-second"})
	f.Shows = append(f.Shows, plots.Shown{Name: "wrong-helps", Rows: map[string]string{"yes": wrong, "no": wrong}})
	lab.Percents(f)
	return f
}

// offFigure counts the outputs that differ from the base's.
func offFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "off", Title: "outputs that differ from the base's in any bit", YLabel: "outputs",
		Caption: "All held-out digits, upright and in each shift. An untrained adapter is one whose B is still zero."}
	r.DrawBars(f, 1, "", train.StyleLoRA, lab.Bar{Name: "all adapters off", Finding: "off-changed"}, lab.Bar{Name: "an untrained adapter on", Finding: "fresh-changed"}, lab.Bar{Name: "compared", Finding: "outputs"})
	return f
}

// flipsFigure counts the digits that merging makes the network read otherwise.
func flipsFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "flips", Title: "digits read otherwise once merged", YLabel: "held-out digits", Caption: "Of all held-out digits of the first shift, by the format that W, A and B are kept in."}
	r.DrawBars(f, 1, "", train.StyleLoRA, precisionRows("merge-flips-")...)
	return f
}

// precisionRows are a bar for each format: of a finding that each has.
func precisionRows(prefix string) []lab.Bar {
	var bars []lab.Bar
	for _, p := range precisions() {
		bars = append(bars, lab.Bar{Name: p.name, Finding: prefix + p.name})
	}
	return bars
}

// detourFigure shows the work that the detour adds.
func detourFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "detour", Title: "multiplications that the detour adds, rank " + r.Settings.Text("rank"), YLabel: "more than the base alone (%)",
		Caption: "r·(d + k) over d·k: the wider the layer, the less. Merged, it is 0 at every width."}
	square := func(width int) string { return fmt.Sprintf("%d×%d", width, width) }
	r.DrawBars(f, 100, "%", train.StyleLoRA, lab.Bar{Name: square(latencyWidths[0]), Finding: "theory-narrow"},
		lab.Bar{Name: square(latencyWidths[len(latencyWidths)-1]), Finding: "theory-wide"}, lab.Bar{Name: square(4096), Finding: "theory-4096"})
	return f
}

// restoredFigure shows how many weights unmerging does not bring back.
func restoredFigure(r *lab.Record) *plots.Figure {
	f := &plots.Figure{ID: "restored", Title: "weights that are not what they were", YLabel: "share after merging and unmerging once (%)",
		Caption: "Had unmerging been undoing, there would be no bars."}
	r.DrawBars(f, 100, "%", train.StyleLoRA, precisionRows("not-restored-share-")...)
	lab.Percents(f)
	return f
}

// methodRows are the rows of the combinations, before the run those there will be.
func methodRows(combinations lab.Table) []string {
	if combinations.Len() > 0 {
		return combinations.Rows
	}
	var names []string
	for _, m := range lora.Methods() {
		names = append(names, m.String())
	}
	return names
}
