package train_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"gonum.org/v1/gonum/mat"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora"
)

// experiment has the knobs of this package and runs nothing.
func experiment() *lab.Experiment {
	return &lab.Experiment{ID: "test", Knobs: append(train.ProblemKnobs(), train.RankKnob("rank", "2"), train.AlphaKnob("8", "64"),
		train.ScalingKnob(), train.OptimizerKnob(), train.LearningRateKnob("rate", "0.01"))}
}

// planted returns settings of a small planted problem, and it.
func planted(t *testing.T, turned ...string) (lab.Settings, *train.Problem) {
	t.Helper()
	s := labtest.Settings(t, experiment(), append([]string{"problem", "planted", "width", "8", "planted-rank", "2", "noise", "0"}, turned...)...)
	return s, train.PlantedProblem(s)
}

func TestPlantedProblem(t *testing.T) {
	s, p := planted(t)
	if p.Digits() || len(p.Floors) != 9 {
		t.Fatalf("digits %v, floors %v", p.Digits(), p.Floors)
	}
	if p.Floor(2) != 0 || p.Floor(1) <= 0 || p.Floor(1) >= p.Floor(0) || p.Floor(100) != p.Floor(8) {
		t.Errorf("without noise the planted rank fits all: floors %v", p.Floors)
	}
	if loss, _ := p.Evaluator(p.Base).Evaluate(); loss < p.Floor(0)*(1-1e-12) || loss > p.Floor(0)*(1+1e-12) {
		t.Errorf("the base has loss %v, rank 0 has the floor %v", loss, p.Floor(0))
	}
	if got := train.Widths(s); len(got) != 2 || got[0] != 8 || got[1] != 8 {
		t.Errorf("widths %v", got)
	}
}

// TestRunRecordsAndStops: the track gets its planned steps, the outcome is that of
// the last, and the base is not written to.
func TestRunRecordsAndStops(t *testing.T) {
	s, p := planted(t)
	before := p.Base.Clone()
	net, err := p.WithAdapter(s, train.Scaling(s), 2)
	if err != nil {
		t.Fatal(err)
	}
	e := experiment()
	rec := e.Start(s, nil)
	o, err := p.Adapt(t.Context(), net, s, train.Optimizer(s, "learning-rate"), rec.Series("lora", 12, "loss", "accuracy"))
	if err != nil || o.Diverged != nil {
		t.Fatal(err, o.Diverged)
	}
	steps, losses := rec.Record().Curve("lora", "loss")
	if len(steps) != 13 || losses[12] != o.Loss || losses[0] <= o.Loss {
		t.Errorf("%d frames, losses %v, outcome %v", len(steps), losses, o.Loss)
	}
	if o.Steps != 12 || o.Params != 2*(8+8) || len(o.Gradients) != train.FirstSteps {
		t.Errorf("outcome %+v", o)
	}
	if g := o.Gradients[0]; g.A != 0 || g.B <= 0 {
		t.Errorf("with B at zero only B has a gradient at step 0: %+v", g)
	}
	if train.LargestChange(before, p.Base) != 0 || train.LargestChange(before, net) != 0 {
		t.Error("a frozen weight has changed")
	}
}

func TestRunObeysContext(t *testing.T) {
	s, p := planted(t)
	ctx, cancel := context.WithCancel(t.Context())
	e := experiment()
	rec := e.Start(s, func(at lab.Progress) {
		if at.Step == 3 {
			cancel()
		}
	})
	net, err := p.WithAdapter(s, train.Scaling(s), 2)
	if err != nil {
		t.Fatal(err)
	}
	o, err := p.Adapt(ctx, net, s, train.Optimizer(s, "learning-rate"), rec.Series("lora", 50, "loss", "accuracy"))
	if !errors.Is(err, context.Canceled) || o.Steps > 4 {
		t.Errorf("after %d steps: %v", o.Steps, err)
	}
}

// TestSameRankSameA: the start of A depends on the seed and the rank, and on nothing
// else.
func TestSameRankSameA(t *testing.T) {
	a := func(rule lora.Scaling, rank int, turned ...string) *mat.Dense {
		s, p := planted(t, turned...)
		net, err := p.WithAdapter(s, rule, rank)
		if err != nil {
			t.Fatal(err)
		}
		return net.Layers[0].Active().A
	}
	first := a(lora.AlphaOverR, 2)
	if !mat.Equal(first, a(lora.AlphaOverSqrtR, 2)) || !mat.Equal(first, a(lora.AlphaOverR, 2, "alpha", "3", "optimizer", "sgd")) {
		t.Error("another scaling or optimizer starts with another A")
	}
	if mat.Equal(first, a(lora.AlphaOverR, 2, "seed", "8")) {
		t.Error("another seed starts with the same A")
	}
}

func TestOptimizerKnob(t *testing.T) {
	for _, name := range train.OptimizerKnob().Choices {
		s := labtest.Settings(t, experiment(), "optimizer", name, "learning-rate", "0.25")
		if o := train.Optimizer(s, "learning-rate"); o.Rule.String() != name || o.LR != 0.25 {
			t.Errorf("%s: %+v", name, o)
		}
	}
}

// TestSideBySide: all calls are made unless one fails, whose error is returned.
func TestSideBySide(t *testing.T) {
	var calls atomic.Int64
	if err := train.SideBySide(t.Context(), 100, func(context.Context, int) error { calls.Add(1); return nil }); err != nil || calls.Load() != 100 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
	broken := errors.New("broken")
	calls.Store(0)
	err := train.SideBySide(t.Context(), 10000, func(_ context.Context, i int) error {
		calls.Add(1)
		if i == 3 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || calls.Load() == 10000 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}

func TestSourcesReadOnce(t *testing.T) {
	src := train.NewSources(content.FS)
	a, err := src.Digits()
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := src.Digits(); a != b {
		t.Error("the digits are read twice")
	}
	_, err = train.NewSources(fstest.MapFS{"data/digits.csv.gz": {Data: []byte("no gzip")}}).Digits()
	if err == nil || !strings.HasPrefix(err.Error(), "data/digits.csv.gz: digits: not a gzip file") {
		t.Errorf("another file: %v", err)
	}
}
