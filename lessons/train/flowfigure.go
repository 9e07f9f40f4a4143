package train

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lora/number"
	"loralab/plots"
)

// FlowLayer is the layer that [FlowFigure] draws.
type FlowLayer struct {
	D, K, Rank int
	Digits     bool    // what goes in is an image of 8×8 pixels
	Scale      float64 // s; 0 for a layer that is only counted
	Name       string  // "layer 1"
}

// FirstLayer is the first layer of the problem that the knobs choose.
func FirstLayer(s lab.Settings) FlowLayer {
	rank := s.Whole("rank")
	layer := FlowLayer{K: 64, D: s.Whole("width"), Rank: rank, Digits: true, Scale: Scaling(s).Factor(s.Real("alpha"), rank), Name: "layer 1"}
	if _, ok := s.Knob("problem"); ok {
		widths := Widths(s)
		layer.K, layer.D, layer.Digits = widths[0], widths[1], s.Text("problem") == "digits"
	}
	return layer
}

// FlowFigure draws a layer and its adapter in proportion and, where the record has
// one, an example on its way.
func FlowFigure(r *lab.Record, l FlowLayer) *plots.Figure {
	f := &plots.Flow{
		In: plots.Signal{Name: "x", Size: l.K}, Out: plots.Signal{Name: "h", Size: l.D},
		Weight: plots.Matrix{Name: "W", Rows: l.D, Cols: l.K, Notes: []string{"frozen", "no gradient"}}, Main: plots.Signal{Name: "Wx"},
		Down: plots.Matrix{Name: "A", Rows: l.Rank, Cols: l.K, Trained: true}, Mid: plots.Signal{Name: "A·x", Size: l.Rank},
		Up: plots.Matrix{Name: "B", Rows: l.D, Cols: l.Rank, Trained: true}, Side: plots.Signal{Name: "s·B·A·x"},
	}
	fig := &plots.Figure{ID: "flow", Title: l.Name + ", and LoRA beside it", Flow: f,
		Caption: "h sums both ways, through W and through A and B; sizes are to scale. Blue or dashes: negative. Orange or shades: positive. ∂: size of a gradient."}
	if l.Digits {
		f.In.Width = 8
	}
	if l.Scale != 0 {
		f.Factor = "×" + number.Short(l.Scale, 3)
	}
	sizes, vectors := r.Table("flow-sizes"), r.Matrix("flow")
	if sizes.Len() == 0 || len(vectors) != len(flowRows) {
		return fig
	}
	f.In.Values, f.Main.Values, f.Mid.Values, f.Side.Values, f.Out.Values = vectors[0], vectors[1], vectors[2], vectors[3], vectors[4]
	size := func(column string) string { return number.Real(sizes.At(0, column), 3) }
	f.Main.Note, f.Side.Note, f.Out.Note = "‖Wx‖ "+size("main"), "‖s·B·A·x‖ "+size("side"), "‖h‖ "+size("out")
	f.Down.Notes, f.Up.Notes = []string{"∂ " + size("grad-a")}, []string{"∂ " + size("grad-b")}
	f.Down.Zero, f.Up.Zero = sizes.At(0, "size-a") == 0, sizes.At(0, "size-b") == 0
	what := "one example"
	if label := sizes.At(0, "label"); label >= 0 {
		what, f.In.Note = "a digit", fmt.Sprintf("a %g", label)
		if shift, ok := r.Settings.Knob("shift"); ok {
			f.In.Note += ", " + TaskName(r.Settings.Text(shift.Name))
		}
	}
	fig.Title = fmt.Sprintf("%s on its way through %s, step %g", what, l.Name, sizes.At(0, "step"))
	return fig
}
