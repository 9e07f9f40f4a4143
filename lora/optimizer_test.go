package lora_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// trajectories is optim_trajectories.json: full-batch training of A and B in
// PyTorch, mean squared error.
type trajectories struct {
	Cases []struct {
		Seed      int
		Alpha     float64
		W, A0, B0 refTensor
		Bias      refTensor `json:"b"`
		X         refTensor `json:"x"`
		Y         refTensor `json:"y"`
		Runs      []trajectory
	}
}

type trajectory struct {
	Optimizer string
	LR        float64
	Defaults  struct {
		Momentum    float64
		WeightDecay float64 `json:"weight_decay"`
		Betas       [2]float64
		Epsilon     float64 `json:"eps"`
	}
	Losses []float64                           `json:"loss_before_step_1_to_20"`
	Last   float64                             `json:"loss_after_20"`
	After  map[string]struct{ A, B refTensor } `json:"AB_after_step"`
}

// optimizer returns the optimizer by its hyper-parameters; the name decides between
// rules that have the same ones.
func (r trajectory) optimizer(t *testing.T) lora.Optimizer {
	t.Helper()
	o := lora.Optimizer{LR: r.LR, RatioB: 1, WeightDecay: r.Defaults.WeightDecay,
		Mu: r.Defaults.Momentum, Beta1: r.Defaults.Betas[0], Beta2: r.Defaults.Betas[1], Epsilon: r.Defaults.Epsilon}
	switch {
	case strings.HasPrefix(r.Optimizer, "adamw"):
		o.Rule = lora.AdamW
	case strings.HasPrefix(r.Optimizer, "adam"):
		o.Rule = lora.Adam
	case strings.HasPrefix(r.Optimizer, "sgd") && r.Defaults.Momentum != 0:
		o.Rule = lora.Momentum
	case strings.HasPrefix(r.Optimizer, "sgd"):
		o.Rule = lora.SGD
	default:
		t.Fatalf("unknown optimizer %q", r.Optimizer)
	}
	return o
}

func TestTrajectoriesAgainstPyTorch(t *testing.T) {
	const tolerance = 1e-10
	var ref trajectories
	readRef(t, "optim_trajectories.json", &ref)
	if len(ref.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range ref.Cases {
		if len(c.Runs) == 0 {
			t.Errorf("seed %d: no runs", c.Seed)
		}
		for _, run := range c.Runs {
			t.Run(fmt.Sprintf("seed %d %s %g", c.Seed, run.Optimizer, run.LR), func(t *testing.T) {
				l := lora.NewLinear(c.W.dense(), c.Bias.Data)
				a := &lora.Adapter{A: c.A0.dense(), B: c.B0.dense(), Alpha: c.Alpha}
				l.Attach("reference", a)
				trainer := lora.NewTrainer(&lora.Network{Layers: []*lora.Linear{l}},
					lora.Data{X: c.X.columns(), Y: c.Y.columns()}, lora.Training{Optimizer: run.optimizer(t)})

				wantLoss := func(step int, got, want float64) {
					if !(math.Abs(got/want-1) <= tolerance) {
						t.Errorf("loss after %d steps %.17g, want %.17g", step, got, want)
					}
				}
				compared := 0
				for i, want := range run.Losses {
					loss, err := trainer.Step()
					if err != nil {
						t.Fatal(err)
					}
					wantLoss(i, loss, want)
					if after, ok := run.After[fmt.Sprint(i+1)]; ok {
						wantRelative(t, fmt.Sprintf("A after %d steps", i+1), a.A, after.A.dense(), tolerance)
						wantRelative(t, fmt.Sprintf("B after %d steps", i+1), a.B, after.B.dense(), tolerance)
						compared++
					}
				}
				wantLoss(len(run.Losses), trainer.Measure(), run.Last)
				if compared == 0 || compared != len(run.After) {
					t.Errorf("compared A and B at %d steps of %d", compared, len(run.After))
				}
			})
		}
	}
}

// With a ratio λ, the first step of every rule moves B by λ times as much, and A by the
// same.
func TestRatioMovesBAlone(t *testing.T) {
	step := func(rule lora.Rule, ratio float64) (a, b *mat.Dense) {
		net := network([]int{4, 5, 3}, lora.Tanh, 0, 1)
		o := lora.NewOptimizer(rule, 0.01)
		o.RatioB = ratio
		trainer := lora.NewTrainer(net, task(4, 3, 8), lora.Training{Optimizer: o})
		if _, err := trainer.Step(); err != nil {
			t.Fatal(err)
		}
		start := network([]int{4, 5, 3}, lora.Tanh, 0, 1)
		a, b = new(mat.Dense), new(mat.Dense)
		a.Sub(net.Layers[0].Active().A, start.Layers[0].Active().A)
		b.Sub(net.Layers[0].Active().B, start.Layers[0].Active().B)
		return a, b
	}
	for _, rule := range rules {
		t.Run(rule.String(), func(t *testing.T) {
			a1, b1 := step(rule, 1)
			a16, b16 := step(rule, 16)
			b1.Scale(16, b1)
			wantBits(t, "A", numbers(a16), numbers(a1))
			wantRelative(t, "B", b16, b1, 1e-12)
			aDefault, _ := step(rule, 0)
			wantBits(t, "A with the ratio left out", numbers(aDefault), numbers(a1))
		})
	}
}

// Weight decay on its own, with a gradient of zero: AdamW shrinks, the other
// rules add λ·p to the gradient.
func TestWeightDecay(t *testing.T) {
	const lr, decay, w = 0.1, 0.5, 3.0
	for _, row := range []struct {
		rule lora.Rule
		want float64
	}{
		{lora.SGD, w - lr*decay*w},
		{lora.Momentum, w - lr*decay*w},
		{lora.Adam, w - lr}, // the first step of Adam is lr, whatever the size of the gradient
		{lora.AdamW, w * (1 - lr*decay)},
	} {
		net := &lora.Network{Layers: []*lora.Linear{lora.NewLinear(mat.NewDense(1, 1, []float64{w}), nil)}}
		o := lora.NewOptimizer(row.rule, lr)
		o.WeightDecay = decay
		zero := mat.NewDense(1, 1, nil)
		trainer := lora.NewTrainer(net, lora.Data{X: zero, Y: zero}, lora.Training{Full: true, Optimizer: o})
		if _, err := trainer.Step(); err != nil {
			t.Fatal(err)
		}
		if got := net.Layers[0].W.At(0, 0); math.Abs(got-row.want) > 1e-8 {
			t.Errorf("%v: %v → %v, want %v", row.rule, w, got, row.want)
		}
	}
}

func TestStateSize(t *testing.T) {
	for rule, want := range map[lora.Rule]int{lora.SGD: 0, lora.Momentum: 1, lora.Adam: 2, lora.AdamW: 2} {
		if got := rule.StateSize(); got != want {
			t.Errorf("%v keeps %d numbers a parameter, want %d", rule, got, want)
		}
	}
}
