package train_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// TestFlow: the record of an example on its way is of the network as it stands, and
// looking changes nothing.
func TestFlow(t *testing.T) {
	s, p := planted(t, "batch", "4")
	e := experiment()
	e.Findings = train.FlowSpecs()
	losses := func(look bool) []float64 {
		net, err := p.WithAdapter(s, train.Scaling(s), 2)
		if err != nil {
			t.Fatal(err)
		}
		var rec *lab.Recorder
		rec = e.Start(s, func(at lab.Progress) {
			if look {
				checkFlow(t, rec.Record(), at.Step)
			}
		})
		var looks []train.Look
		if look {
			looks = append(looks, train.NewFlow(rec, net, p.Test).Look)
		}
		if _, err := p.Adapt(t.Context(), net, s, train.Optimizer(s, "learning-rate"), rec.Series("lora", 12, "loss", "accuracy"), looks...); err != nil {
			t.Fatal(err)
		}
		_, values := rec.Record().Curve("lora", "loss")
		return values
	}
	if a, b := losses(false), losses(true); len(a) != 13 || !slices.Equal(a, b) {
		t.Errorf("losses %v; with somebody looking %v", a, b)
	}
}

func checkFlow(t *testing.T, r *lab.Record, step int) {
	t.Helper()
	sizes, flow := r.Table("flow-sizes"), r.Matrix("flow")
	if sizes.Len() != 1 || len(flow) != 5 || len(flow[0]) != 8 || len(flow[2]) != 2 {
		t.Fatalf("step %d: %v, %v", step, sizes, flow)
	}
	for i := range flow[4] {
		if h := flow[1][i] + flow[3][i]; h != flow[4][i] {
			t.Errorf("step %d: output %d is %v, the sum of both ways %v", step, i, flow[4][i], h)
		}
	}
	at := func(column string) float64 { return sizes.At(0, column) }
	if at("step") != float64(step) || at("label") != -1 || at("size-a") == 0 || at("main") == 0 {
		t.Errorf("step %d: %v", step, sizes.Values)
	}
	first := step == 0
	for column, zero := range map[string]bool{"side": first, "size-b": first, "grad-a": step < 2, "grad-b": false} {
		if (at(column) == 0) != zero {
			t.Errorf("step %d: %s is %v", step, column, at(column))
		}
	}
	f := train.FlowFigure(r, train.FirstLayer(r.Settings))
	out := f.Cells(76, 13, plots.MonoInk())
	if strings.Contains(out, "B 8×2 = 0") != first || !strings.Contains(out, "∂ ") || math.IsNaN(at("out")) {
		t.Errorf("step %d:\n%s", step, out)
	}
}
