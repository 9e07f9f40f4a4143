package lora_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"loralab/lora"
)

func TestSchemeNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range lora.Schemes() {
		name := s.String()
		if seen[name] || strings.ToLower(name) != name || strings.ContainsAny(name, " _") {
			t.Errorf("name %q: want one of its own in lower case with hyphens", name)
		}
		seen[name] = true
		if got, err := lora.ParseScheme(name); err != nil || got != s {
			t.Errorf("ParseScheme(%q) = %v, %v", name, got, err)
		}
		if s.Summary() == "" || s.Source() == "" {
			t.Errorf("%v: no summary or no source", s)
		}
	}
	for _, name := range []string{"", "kaimin", "gaussian-2/r", "kaiming uniform"} {
		_, err := lora.ParseScheme(name)
		if err == nil || !strings.Contains(err.Error(), "gaussian-1-over-r") {
			t.Errorf("ParseScheme(%q): error %v, want one that lists the names", name, err)
		}
	}
	if name := lora.Scheme(255).String(); name != "scheme-255" {
		t.Errorf("unknown scheme prints %q", name)
	}
}

func FuzzParseScheme(f *testing.F) {
	for _, s := range lora.Schemes() {
		f.Add(s.String())
		f.Add(strings.ToUpper(s.String()))
	}
	f.Add("a_zero")
	f.Add("")
	f.Fuzz(func(t *testing.T, name string) {
		s, err := lora.ParseScheme(name)
		if err != nil {
			return
		}
		again, err := lora.ParseScheme(s.String())
		if err != nil || again != s {
			t.Errorf("%q is %v, but that is %v, %v", name, s, again, err)
		}
	})
}

// initCase returns an Init of the scheme that any layer with at least r inputs
// and outputs can begin with.
func initCase(s lora.Scheme, r int, x *mat.Dense) lora.Init {
	return lora.Init{Scheme: s, Rank: r, Alpha: 3 * float64(r), Sigma: 0.02, X: x}
}

// What each scheme promises of A and B, by their sample statistics.
func TestInitDistribution(t *testing.T) {
	const d, k, r = 300, 200, 40
	rows := []struct {
		scheme         lora.Scheme
		sigmaA, sigmaB float64 // deviation of the entries; 0 for all zero
		boundA         float64 // largest |entry|, 0 for none
	}{
		{lora.Kaiming, 1 / math.Sqrt(3*k), 0, 1 / math.Sqrt(k)},
		{lora.Gaussian, 0.02, 0, 0},
		{lora.GaussianOverR, 1.0 / r, 0, 0},
		{lora.AZero, 0, 0.02, 0},
		{lora.BothZero, 0, 0, 0},
		{lora.BothGaussian, 0.02, 0.02, 0},
		// Row i of A is a combination of r/2 normals with weights of norm about √½, over 10.
		{lora.Orthogonal, math.Sqrt(0.5) / 10, math.Sqrt(0.5) / 10, 0},
	}
	for _, row := range rows {
		t.Run(row.scheme.String(), func(t *testing.T) {
			rng := lora.Stream(1, "distribution")
			l := lora.NewLinear(normal(d, k, rng), nil)
			a, err := initCase(row.scheme, r, nil).Attach(l, "x", rng)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range []struct {
				name  string
				m     *mat.Dense
				sigma float64
			}{{"A", a.A, row.sigmaA}, {"B", a.B, row.sigmaB}} {
				data := f.m.RawMatrix().Data
				if f.sigma == 0 {
					if mat.Max(f.m) != 0 || mat.Min(f.m) != 0 {
						t.Errorf("%s is not zero", f.name)
					}
					continue
				}
				mean, sigma := stat.MeanStdDev(data, nil)
				// 8,000 draws or more: the deviation is known to 1%, the mean to 0.012 deviations.
				if math.Abs(sigma/f.sigma-1) > 0.04 || math.Abs(mean) > 0.05*f.sigma {
					t.Errorf("%s: mean %.4g, deviation %.4g; want 0, %.4g", f.name, mean, sigma, f.sigma)
				}
			}
			if most := math.Max(mat.Max(a.A), -mat.Min(a.A)); row.boundA > 0 && (most > row.boundA || most < 0.99*row.boundA) {
				t.Errorf("largest |A| is %.5g, want just below %.5g", most, row.boundA)
			}
		})
	}
}

// How far the output is from the original's at step 0, and who has a gradient.
func TestInitStepZero(t *testing.T) {
	rows := map[lora.Scheme]struct {
		drift          string // "none" to the last bit, "rounding", "some"
		moveA, moveB   bool   // has a gradient at step 0
		moveA1, moveB1 bool   // has one after the first step
	}{
		lora.Kaiming:       {"none", false, true, true, true},
		lora.Gaussian:      {"none", false, true, true, true},
		lora.GaussianOverR: {"none", false, true, true, true},
		lora.AZero:         {"none", true, false, true, true},
		lora.BothZero:      {"none", false, false, false, false},
		lora.BothGaussian:  {"some", true, true, true, true},
		lora.Orthogonal:    {"rounding", true, true, true, true},
		lora.PiSSA:         {"rounding", true, true, true, true},
		lora.OLoRA:         {"rounding", true, true, true, true},
		lora.EVA:           {"none", false, true, true, true},
	}
	for _, scheme := range lora.Schemes() {
		row, ok := rows[scheme]
		if !ok {
			t.Errorf("%v: no row", scheme)
			continue
		}
		for _, rule := range []lora.Scaling{lora.AlphaOverR, lora.AlphaOverSqrtR} {
			t.Run(fmt.Sprintf("%v %v", scheme, rule), func(t *testing.T) {
				rng := lora.Stream(7, "step zero")
				net := lora.NewNetwork([]int{9, 13, 6}, lora.Tanh, rng)
				x, y := normal(9, 24, rng), normal(6, 24, rng)
				before := mat.DenseCopyOf(net.Predict(x))

				in := initCase(scheme, 4, x)
				in.Rule = rule
				if err := in.AttachAll(net, "x", lora.Stream(7, "adapters")); err != nil {
					t.Fatal(err)
				}
				drift := maxDiff(net.Predict(x), before)
				switch {
				case row.drift == "none" && drift != 0,
					row.drift == "rounding" && drift > 1e-13,
					row.drift == "some" && drift < 1e-6:
					t.Errorf("output moved by %g at step 0, want %s", drift, row.drift)
				}

				trainer := lora.NewTrainer(net, lora.Data{X: x, Y: y}, lora.Training{
					Loss: lora.MeanSquaredError, Optimizer: lora.NewOptimizer(lora.SGD, 0.01)})
				for step, want := range [][2]bool{{row.moveA, row.moveB}, {row.moveA1, row.moveB1}} {
					if _, err := trainer.Step(); err != nil {
						t.Fatal(err)
					}
					ga, gb := trainer.GradientNorms()
					if (ga != 0) != want[0] || (gb != 0) != want[1] {
						t.Errorf("step %d: ‖∂A‖ = %g, ‖∂B‖ = %g, want not zero: %v", step, ga, gb, want)
					}
				}
			})
		}
	}
}

type refLinear struct {
	Cases []struct {
		Seed   int `json:"seed"`
		Alpha  float64
		W      refTensor
		Bias   refTensor `json:"b"`
		X      refTensor `json:"x"`
		Y      refTensor `json:"y"`
		States map[string]struct{ A, B refTensor }
	}
}

// The states of the reference are what the schemes lead to; this is what they mean for training.
func TestStatesOfTheReference(t *testing.T) {
	var ref refLinear
	readRef(t, "lora_linear.json", &ref)
	meaning := map[string]struct{ moveA, moveB bool }{
		"B_zero":          {false, true},
		"A_zero_B_random": {true, false},
		"B_random":        {true, true},
		"both_zero":       {false, false},
	}
	tried := 0
	for _, c := range ref.Cases {
		for name, state := range c.States {
			want, ok := meaning[name]
			if !ok {
				continue
			}
			tried++
			t.Run(fmt.Sprintf("%s seed %d", name, c.Seed), func(t *testing.T) {
				l := lora.NewLinear(c.W.dense(), c.Bias.Data)
				a := &lora.Adapter{A: state.A.dense(), B: state.B.dense(), Alpha: c.Alpha}
				start := a.Clone()
				l.Attach("x", a)
				trainer := lora.NewTrainer(&lora.Network{Layers: []*lora.Linear{l}},
					lora.Data{X: c.X.columns(), Y: c.Y.columns()},
					lora.Training{Loss: lora.MeanSquaredError, Optimizer: lora.NewOptimizer(lora.Adam, 0.05)})
				trainer.Measure()
				if ga, gb := trainer.GradientNorms(); (ga != 0) != want.moveA || (gb != 0) != want.moveB {
					t.Errorf("at step 0 ‖∂A‖ = %g, ‖∂B‖ = %g, want not zero: %+v", ga, gb, want)
				}
				for range 100 {
					if _, err := trainer.Step(); err != nil {
						t.Fatal(err)
					}
				}
				stuck := maxDiff(a.A, start.A) == 0 && maxDiff(a.B, start.B) == 0
				if stuck == (want.moveA || want.moveB) {
					t.Errorf("after 100 steps of Adam: nothing changed is %v", stuck)
				}
			})
		}
	}
	if tried == 0 {
		t.Error("the reference has no state that this test knows")
	}
}

func TestInitStreams(t *testing.T) {
	begin := func(in lora.Init, layers ...int) []*lora.Adapter {
		rng := lora.Stream(3, "net")
		net := lora.NewNetwork([]int{10, 12, 11, 9}, lora.ReLU, rng)
		in.X = normal(10, 30, rng)
		if err := in.AttachAll(net, "x", lora.Stream(3, "adapters"), layers...); err != nil {
			t.Fatal(err)
		}
		var all []*lora.Adapter
		for _, l := range net.Layers {
			all = append(all, l.Adapter("x"))
		}
		return all
	}
	for _, s := range lora.Schemes() {
		t.Run(s.String(), func(t *testing.T) {
			all, again, some := begin(initCase(s, 4, nil)), begin(initCase(s, 4, nil)), begin(initCase(s, 4, nil), 2, 2)
			for i := range all {
				if maxDiff(all[i].A, again[i].A) != 0 || maxDiff(all[i].B, again[i].B) != 0 {
					t.Errorf("layer %d: the same stream gave another adapter", i)
				}
			}
			if some[0] != nil || some[1] != nil || some[2] == nil {
				t.Fatalf("asked for layer 2 alone, got %v", some)
			}
			if maxDiff(some[2].A, all[2].A) != 0 || maxDiff(some[2].B, all[2].B) != 0 {
				t.Error("layer 2 depends on the choice of other layers")
			}
		})
	}
	t.Run("rank", func(t *testing.T) {
		small, large := begin(initCase(lora.Kaiming, 4, nil)), begin(initCase(lora.Kaiming, 6, nil))
		for i := range small {
			_, k, r := small[i].Dims()
			if maxDiff(small[i].A, large[i].A.Slice(0, r, 0, k)) != 0 {
				t.Errorf("layer %d: a larger rank changed the first rows of A", i)
			}
		}
	})
}

func TestInitErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := func(change func(*lora.Init)) lora.Init {
		in := lora.Init{Scheme: lora.Gaussian, Rank: 2, Alpha: 4, Sigma: 0.01}
		change(&in)
		return in
	}
	rows := []struct {
		name string
		in   lora.Init
		says string
	}{
		{"rank zero", good(func(in *lora.Init) { in.Rank = 0 }), "rank 0"},
		{"rank negative", good(func(in *lora.Init) { in.Rank = -3 }), "rank -3"},
		{"alpha zero", good(func(in *lora.Init) { in.Alpha = 0 }), "alpha 0"},
		{"alpha NaN", good(func(in *lora.Init) { in.Alpha = nan }), "alpha NaN"},
		{"alpha infinite", good(func(in *lora.Init) { in.Alpha = inf }), "alpha +Inf"},
		{"sigma forgotten", good(func(in *lora.Init) { in.Sigma = 0 }), "sigma 0"},
		{"sigma NaN", good(func(in *lora.Init) { in.Sigma = nan }), "sigma NaN"},
		{"orthogonal odd", good(func(in *lora.Init) { in.Scheme, in.Rank = lora.Orthogonal, 3 }), "odd"},
		{"pissa rank", good(func(in *lora.Init) { in.Scheme, in.Rank = lora.PiSSA, 6 }), "5 directions"},
		{"olora rank", good(func(in *lora.Init) { in.Scheme, in.Rank = lora.OLoRA, 6 }), "5 directions"},
		{"eva without inputs", good(func(in *lora.Init) { in.Scheme = lora.EVA }), "no inputs"},
		{"eva rank", good(func(in *lora.Init) { in.Scheme, in.X = lora.EVA, mat.NewDense(7, 1, nil) }), "1 directions"},
		{"no scheme", good(func(in *lora.Init) { in.Scheme = 200 }), "no such scheme"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			l := lora.NewLinear(normal(5, 7, lora.Stream(1, "w")), nil)
			if err := row.in.Validate(5, 7); err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("Validate: %v, want %q in it", err, row.says)
			}
			if _, err := row.in.Attach(l, "x", lora.Stream(1, "a")); err == nil || len(l.Adapters()) != 0 {
				t.Errorf("Attach: error %v, adapters %v", err, l.Adapters())
			}
		})
	}
	if err := (lora.Init{Rank: 100, Alpha: 1}).Validate(5, 7); err != nil {
		t.Errorf("a rank above min(d, k) is allowed where W is not looked at: %v", err)
	}
}

func TestAttachAllIsAllOrNothing(t *testing.T) {
	rng := lora.Stream(1, "net")
	net := lora.NewNetwork([]int{8, 8, 3}, lora.ReLU, rng)
	before := net.Clone()
	in := lora.Init{Scheme: lora.PiSSA, Rank: 4, Alpha: 4} // layer 1 has no 4 directions
	err := in.AttachAll(net, "x", rng)
	if err == nil || !strings.Contains(err.Error(), "layer 1") {
		t.Errorf("error %v, want one about layer 1", err)
	}
	for i, l := range net.Layers {
		if len(l.Adapters()) != 0 || maxDiff(l.W, before.Layers[i].W) != 0 {
			t.Errorf("layer %d was changed", i)
		}
	}
	for _, i := range []int{-1, 2} {
		if err := in.AttachAll(net, "x", rng, i); err == nil || !strings.Contains(err.Error(), "0 to 1") {
			t.Errorf("layer %d: error %v", i, err)
		}
	}
}

func TestAttachAllSwitchesOtherLayersOff(t *testing.T) {
	rng := lora.Stream(1, "net")
	net := lora.NewNetwork([]int{4, 4, 4}, lora.ReLU, rng)
	for _, call := range []struct {
		name   string
		layers []int
	}{{"all", nil}, {"last", []int{1}}} {
		if err := (lora.Init{Rank: 2, Alpha: 2}).AttachAll(net, call.name, rng, call.layers...); err != nil {
			t.Fatal(err)
		}
	}
	if net.Layers[0].Active() != nil || net.Layers[1].Active() != net.Layers[1].Adapter("last") {
		t.Error("an adapter of another name is still active beside the new one")
	}
}

func TestReplacedBaseRefusals(t *testing.T) {
	for _, s := range []lora.Scheme{lora.PiSSA, lora.OLoRA} {
		t.Run(s.String(), func(t *testing.T) {
			rng := lora.Stream(5, "w")
			w := normal(6, 5, rng)
			l := lora.NewLinear(w, nil)
			l.Attach("other", lora.NewAdapter(6, 5, 1, 1, lora.AlphaOverR))
			if _, err := initCase(s, 2, nil).Attach(l, "x", rng); err == nil || !strings.Contains(err.Error(), "other") {
				t.Errorf("on a layer with an adapter: error %v", err)
			}
			w.Set(3, 1, math.NaN())
			l = lora.NewLinear(w, nil)
			_, err := initCase(s, 2, nil).Attach(l, "x", rng)
			var bad *lora.NotFinite
			if !errors.As(err, &bad) || bad.Row != 3 || bad.Col != 1 || len(l.Adapters()) != 0 {
				t.Errorf("W[3,1] NaN: error %v, adapters %v", err, l.Adapters())
			}
		})
	}
}
