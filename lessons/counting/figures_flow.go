package counting

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// flowFigure draws the layer in proportion, with how many numbers each matrix holds.
func flowFigure(r *lab.Record) *plots.Figure {
	s := r.Settings
	f := train.FlowFigure(r, train.FlowLayer{D: s.Whole("d"), K: s.Whole("k"), Rank: s.Whole("rank"), Name: fmt.Sprintf("a %s×%s layer", s.Text("d"), s.Text("k"))})
	f.Caption = "The area of each matrix is the number of its entries: what is filled is trained, the outline is frozen."
	for _, m := range []struct {
		matrix *plots.Matrix
		name   string
	}{{&f.Flow.Weight, "params-full"}, {&f.Flow.Down, "params-a"}, {&f.Flow.Up, "params-b"}} {
		if n, ok := r.Find(m.name); ok {
			m.matrix.Notes = append(m.matrix.Notes[:min(1, len(m.matrix.Notes))], n.Text())
		}
	}
	f.Shows = []plots.Shown{{Name: "params-lora", Row: "A and B"}, {Name: "params-a", Row: "A"}, {Name: "params-b", Row: "B"}, {Name: "params-full", Row: "W"}}
	return f
}
