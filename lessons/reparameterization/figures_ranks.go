package reparameterization

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// ranksFigure shows what each rank reaches. While the sweep is under way it
// shows the ranks that are done.
func ranksFigure(r *lab.Record, digits bool) *plots.Figure {
	column, name, scale := "loss", "training loss", 1.0
	if digits {
		column, name, scale = "accuracy", "held-out accuracy (%)", 100
	}
	f := &plots.Figure{ID: "ranks", Title: "what each rank reaches", XLabel: "rank", YLabel: name, XLog: true, YLog: !digits, XTicks: rankTicks(),
		Caption: "LoRA trained at each rank, beside the full update cut to that rank (the best approximation of it there is).",
		Shows:   []plots.Shown{{Name: "rank-95", Across: true}, {Name: "low-rank", Rows: map[string]string{"yes": enough, "no": enough}}}}
	if digits {
		lab.Percents(f)
	}
	line := func(name string, t lab.Table, style plots.Style) {
		if t.Len() == 0 && name != "LoRA" {
			return
		}
		y := t.Column(column)
		for i := range y {
			y[i] *= scale
		}
		f.Lines = append(f.Lines, plots.Line{Name: name, X: t.Column("rank"), Y: y, Style: style})
	}
	ranks := finishedRanks(r)
	line("full ΔW cut to r", r.Table("truncated"), train.StyleOther)
	line("floor", floorsAt(r.Table("floors"), ranks.Column("rank")), train.StyleBound)
	line("LoRA", ranks, train.StyleLoRA)
	full, before := r.Real(column+"-full"), r.Real(column+"-before")
	for _, l := range []plots.Level{
		{Name: "full fine-tuning", Y: full * scale, Style: train.StyleFull},
		{Name: enough, Y: (before + float64(recovered*(full-before))) * scale, Style: train.StyleOther + 1},
	} {
		if !math.IsNaN(l.Y) {
			f.Levels = append(f.Levels, l)
		}
	}
	return f
}

// gainFigure shows the same as a share of what full fine-tuning gains.
func gainFigure(r *lab.Record, digits bool) *plots.Figure {
	f := &plots.Figure{ID: "gain", Title: "what each rank recovers", XLabel: "rank", YLabel: "share of full fine-tuning's gain (%)", XLog: true, XTicks: rankTicks(),
		Caption: "0 % is the base, 100 % is full fine-tuning. The finding is the share at the chosen rank.",
		Levels:  []plots.Level{{Name: enough, Y: 100 * recovered, Style: train.StyleOther + 1}},
		Shows:   []plots.Shown{{Name: "gain-lora", Scale: 100}, {Name: "rank-95", Across: true}, {Name: "low-rank", Rows: map[string]string{"yes": enough, "no": enough}}}}
	lab.Percents(f)
	column := "loss"
	if digits {
		column = "accuracy"
	}
	ranks := finishedRanks(r)
	full, before := r.Real(column+"-full"), r.Real(column+"-before")
	line := plots.Line{Name: "LoRA", X: ranks.Column("rank"), Style: train.StyleLoRA}
	for _, v := range ranks.Column(column) {
		line.Y = append(line.Y, 100*(v-before)/(full-before))
	}
	f.Lines = []plots.Line{line}
	return f
}

// enough is the name of the level that rank-95 has to reach.
var enough = fmt.Sprintf("%g %% of the gain", 100*recovered)

// rankTicks are the ranks that the sweep trains.
func rankTicks() []float64 {
	ticks := make([]float64, len(sweptRanks))
	for i, r := range sweptRanks {
		ticks[i] = float64(r)
	}
	return ticks
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

// finishedRanks are the rows of the sweep, while it is under way those so far.
func finishedRanks(r *lab.Record) lab.Table {
	ranks := r.Table("ranks")
	if ranks.Len() > 0 {
		return ranks
	}
	ranks = lab.Table{Columns: []string{"rank", "loss", "accuracy"}}
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
