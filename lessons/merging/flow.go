package merging

import (
	"fmt"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// flowFigure shows the first layer with the first adapter beside it and, once that is
// merged, as the one weight that is left.
func flowFigure(r *lab.Record) *plots.Figure {
	f := train.FlowFigure(r, train.FirstLayer(r.Settings))
	f.Shows = []plots.Shown{{Name: "merge-exact-float64", Rows: map[string]string{"yes": "h", "no": "h"}}}
	if f.Flow.In.Note != "" {
		f.Flow.In.Note += ", " + train.TaskName(r.Settings.Set("shifts")[0])
	}
	exact, ok := r.Find("merge-difference-float64")
	if !ok {
		return f
	}
	f.Title = "layer 1 with the adapter merged into it"
	f.Caption = fmt.Sprintf("One weight does what W and the detour did. In float64 no output of the network differs by more than %s.", exact.Text())
	f.Flow.Weight.Name, f.Flow.Weight.Notes = "W′ = W + s·B·A", nil
	f.Flow.Main = plots.Signal{Name: "W′x", Values: f.Flow.Out.Values, Note: strings.Replace(f.Flow.Out.Note, "h", "W′x", 1)}
	f.Flow.Down, f.Flow.Up, f.Flow.Mid, f.Flow.Side = plots.Matrix{}, plots.Matrix{}, plots.Signal{}, plots.Signal{}
	return f
}
