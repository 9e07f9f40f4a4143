package lora_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// layerReference is lora_linear.json: what PyTorch computes for one layer,
// examples in rows.
type layerReference struct {
	Cases []struct {
		Seed        int
		Alpha       float64
		Scale       float64
		W           refTensor
		Bias        refTensor `json:"b"`
		X           refTensor `json:"x"`
		Y           refTensor `json:"y"`
		BaseForward refTensor `json:"base_forward"`
		FullGradW   refTensor `json:"full_ft_grad_W_at_base"`
		States      map[string]struct {
			A       refTensor
			B       refTensor
			Forward refTensor
			Loss    float64   `json:"mse_loss"`
			GradA   refTensor `json:"grad_A"`
			GradB   refTensor `json:"grad_B"`
			GradX   refTensor `json:"grad_x"`
		}
	}
}

func TestLinearAgainstPyTorch(t *testing.T) {
	const tolerance = 1e-12
	var ref layerReference
	readRef(t, "lora_linear.json", &ref)
	if len(ref.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range ref.Cases {
		x, y := c.X.columns(), c.Y.columns()
		l := lora.NewLinear(c.W.dense(), c.Bias.Data)
		d, k := l.Dims()
		_, n := x.Dims()
		h, gh, tape := mat.NewDense(d, n, nil), mat.NewDense(d, n, nil), new(lora.Tape)

		t.Run(fmt.Sprintf("seed %d base", c.Seed), func(t *testing.T) {
			l.Forward(h, x, tape)
			wantRelative(t, "forward", h, c.BaseForward.columns(), tolerance)
			lora.MeanSquaredError.Eval(gh, h, lora.Data{X: x, Y: y})
			g := lora.Gradient{W: mat.NewDense(d, k, nil)}
			l.Backward(&g, gh, x, tape)
			wantRelative(t, "∂W", g.W, c.FullGradW.dense(), tolerance)
		})
		if len(c.States) == 0 {
			t.Errorf("seed %d: no states", c.Seed)
		}
		for name, state := range c.States {
			t.Run(fmt.Sprintf("seed %d %s", c.Seed, name), func(t *testing.T) {
				l := l.Clone()
				a := &lora.Adapter{A: state.A.dense(), B: state.B.dense(), Alpha: c.Alpha}
				if a.Scale() != c.Scale {
					t.Fatalf("s = %v, want %v", a.Scale(), c.Scale)
				}
				l.Attach("reference", a)
				l.Forward(h, x, tape)
				wantRelative(t, "forward", h, state.Forward.columns(), tolerance)
				loss := lora.MeanSquaredError.Eval(gh, h, lora.Data{X: x, Y: y})
				if !(math.Abs(loss-state.Loss) <= tolerance*math.Abs(state.Loss)) {
					t.Errorf("loss %.17g, want %.17g", loss, state.Loss)
				}
				_, _, r := a.Dims()
				g := lora.Gradient{A: mat.NewDense(r, k, nil), B: mat.NewDense(d, r, nil), X: mat.NewDense(k, n, nil)}
				l.Backward(&g, gh, x, tape)
				wantRelative(t, "∂A", g.A, state.GradA.dense(), tolerance)
				wantRelative(t, "∂B", g.B, state.GradB.dense(), tolerance)
				wantRelative(t, "∂X", g.X, state.GradX.columns(), tolerance)
			})
		}
	}
}

// anAdapter returns an adapter with nothing zero.
func anAdapter(d, k, r int, seed uint64) *lora.Adapter {
	rng := lora.Stream(seed, "an adapter")
	return &lora.Adapter{A: normal(r, k, rng), B: normal(d, r, rng), Alpha: 1.5}
}

func TestNamedAdapters(t *testing.T) {
	rng := lora.Stream(1, "named adapters")
	l := lora.NewLinear(normal(5, 4, rng), []float64{1, 2, 3, 4, 5})
	x := normal(4, 7, rng)
	flat := func() []float64 { return output(l, x).RawMatrix().Data }

	base := flat()
	one, two := anAdapter(5, 4, 2, 1), anAdapter(5, 4, 3, 2)
	l.Attach("one", one)
	withOne := flat()
	l.Attach("two", two)
	withTwo := flat()
	if slices.Equal(withOne, base) || slices.Equal(withTwo, base) || slices.Equal(withOne, withTwo) {
		t.Fatal("the adapters do not change the output: this test would see nothing")
	}
	var want mat.Dense
	want.Mul(two.Delta(), x)
	var got mat.Dense
	got.Sub(mat.NewDense(5, 7, withTwo), mat.NewDense(5, 7, base))
	wantClose(t, "what the adapter adds", &got, &want, 1e-13)

	if !l.Activate("one") {
		t.Error("there is no adapter one")
	}
	wantBits(t, "swapped back", flat(), withOne)
	if l.Activate("three") || l.Active() != one {
		t.Error("activating an unknown name changed something")
	}
	l.Deactivate()
	wantBits(t, "deactivated", flat(), base)
	if l.Active() != nil {
		t.Error("an adapter is active")
	}
	l.Activate("two")
	wantBits(t, "the second", flat(), withTwo)

	replaced := anAdapter(5, 4, 1, 3)
	l.Attach("one", replaced)
	if l.Active() != replaced || l.Adapter("one") != replaced || l.Adapter("three") != nil {
		t.Error("attaching under a known name does not replace")
	}
	if names := l.Adapters(); !slices.Equal(names, []string{"one", "two"}) {
		t.Errorf("adapters %q", names)
	}
}

func TestClonesShareNoMemory(t *testing.T) {
	rng := lora.Stream(1, "clones")
	net := lora.NewNetwork([]int{4, 6, 3}, lora.GELU, rng)
	for i, l := range net.Layers {
		d, k := l.Dims()
		l.Attach("a", anAdapter(d, k, 2, uint64(i)))
	}
	x := normal(4, 5, rng)
	before := predict(net, x).RawMatrix().Data
	c := net.Clone()
	wantBits(t, "clone", predict(c, x).RawMatrix().Data, before)
	for _, l := range c.Layers {
		l.W.Scale(2, l.W)
		l.Bias[0]++
		l.Active().A.Scale(2, l.Active().A)
		l.Active().B.Scale(2, l.Active().B)
	}
	c.Activation = lora.Tanh
	wantBits(t, "original", predict(net, x).RawMatrix().Data, before)
}

func TestCounts(t *testing.T) {
	net := lora.NewNetwork([]int{7, 5, 3}, lora.ReLU, lora.Stream(1, "counts"))
	if got, want := net.Params(), (7*5+5)+(5*3+3); got != want {
		t.Errorf("%d parameters, want %d", got, want)
	}
	if got := net.AdapterParams(); got != 0 {
		t.Errorf("%d parameters of no adapter", got)
	}
	net.Layers[0].Attach("a", lora.NewAdapter(5, 7, 2, 1, lora.AlphaOverR))
	net.Layers[1].Attach("a", lora.NewAdapter(3, 5, 4, 1, lora.AlphaOverR))
	if got, want := net.AdapterParams(), 2*(5+7)+4*(3+5); got != want {
		t.Errorf("%d parameters of adapters, want %d", got, want)
	}
	net.Layers[1].Deactivate()
	if got, want := net.AdapterParams(), 2*(5+7); got != want {
		t.Errorf("%d parameters of active adapters, want %d", got, want)
	}
	if got := lora.NewLinear(mat.NewDense(2, 3, nil), nil).Params(); got != 6 {
		t.Errorf("%d parameters of a 2×3 layer without bias", got)
	}
}
