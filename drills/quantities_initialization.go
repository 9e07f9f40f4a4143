package drills

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"loralab/drills/algebra"
	"loralab/lora"
)

// The size of the layer on which initializations are compared: small, since
// which gradient is exactly zero does not depend on it.
const (
	toyOut, toyIn, toyRank, toyExamples = 6, 5, 2, 12
)

// beginning is a layer whose adapter is initialized by the drawn scheme, and a
// trainer on examples that it has to fit.
func (v values) beginning(rule lora.Rule, rate float64) (*lora.Linear, *lora.Trainer, error) {
	scheme, err := lora.ParseScheme(v["scheme"].text)
	if err != nil {
		return nil, nil, err
	}
	rng := lora.Stream(1, "drills beginning")
	l := lora.NewLinear(normal(toyOut, toyIn, rng), nil)
	data := lora.Data{X: normal(toyIn, toyExamples, rng), Y: normal(toyOut, toyExamples, rng)}
	in := lora.Init{Scheme: scheme, Rank: toyRank, Alpha: 2 * toyRank, Sigma: 0.1, X: data.X}
	if _, err := in.Attach(l, "lora", rng); err != nil {
		return nil, nil, err
	}
	net := &lora.Network{Layers: []*lora.Linear{l}}
	return l, lora.NewTrainer(net, data, lora.Training{Optimizer: lora.NewOptimizer(rule, rate)}), nil
}

func initializationQuantities() []quantity {
	scheme := []string{"scheme"}
	return []quantity{
		{"zero-gradients", scheme, func(v values) (truth, error) {
			_, t, err := v.beginning(lora.SGD, 0.01)
			if err != nil {
				return truth{}, err
			}
			t.Measure()
			a, b := t.GradientNorms()
			switch {
			case a == 0 && b == 0:
				return truth{option: "both"}, nil
			case a == 0:
				return truth{option: "a"}, nil
			case b == 0:
				return truth{option: "b"}, nil
			}
			return truth{option: "neither"}, nil
		}},
		{"moves-first", scheme, func(v values) (truth, error) {
			l, t, err := v.beginning(lora.SGD, 0.01)
			if err != nil {
				return truth{}, err
			}
			before := l.Active().Clone()
			if _, err := t.Step(); err != nil {
				return truth{}, err
			}
			a, b := !mat.Equal(before.A, l.Active().A), !mat.Equal(before.B, l.Active().B)
			switch {
			case a && b:
				return truth{option: "both"}, nil
			case a:
				return truth{option: "a"}, nil
			case b:
				return truth{option: "b"}, nil
			}
			return truth{option: "neither"}, nil
		}},
		{"starts-as-base", scheme, func(v values) (truth, error) {
			l, _, err := v.beginning(lora.SGD, 0.01)
			if err != nil {
				return truth{}, err
			}
			x := normal(toyIn, batch, lora.Stream(1, "drills drift"))
			adapted, base := mat.NewDense(toyOut, batch, nil), mat.NewDense(toyOut, batch, nil)
			l.Forward(adapted, x, new(lora.Tape))
			l.Deactivate()
			l.Forward(base, x, new(lora.Tape))
			return pick(mat.Equal(adapted, base), "same", "moved"), nil
		}},
		{"loss-after-training", scheme, func(v values) (truth, error) {
			_, t, err := v.beginning(lora.SGD, 0.02)
			if err != nil {
				return truth{}, err
			}
			first := t.Measure()
			for range 200 {
				if _, err := t.Step(); err != nil {
					return truth{}, err
				}
			}
			return pick(t.Measure() == first, "stuck", "falls"), nil
		}},
		{"first-step-of-a", scheme, func(v values) (truth, error) {
			l, t, err := v.beginning(lora.SGD, 0.01)
			if err != nil {
				return truth{}, err
			}
			before := mat.DenseCopyOf(l.Active().A)
			for step := int64(1); step <= 50; step++ {
				if _, err := t.Step(); err != nil {
					return truth{}, err
				}
				if !mat.Equal(before, l.Active().A) {
					return truth{option: strconv.FormatInt(step, 10)}, nil
				}
			}
			return truth{option: "0"}, nil
		}},
		{"kaiming-bound", []string{"k"}, func(v values) (truth, error) {
			k := v.int("k")
			l := lora.NewLinear(mat.NewDense(1, k, nil), nil)
			a, err := lora.Init{Scheme: lora.Kaiming, Rank: 1 + 40_000/k, Alpha: 1}.Attach(l, "lora", lora.Stream(1, "drills bound"))
			if err != nil {
				return truth{}, err
			}
			return realTruth(max(mat.Max(a.A), -mat.Min(a.A))), nil
		}},
		{"update-size", []string{"r", "sigma", "alpha"}, func(v values) (truth, error) {
			const size = 160
			l := lora.NewLinear(mat.NewDense(size, size, nil), nil)
			in := lora.Init{Scheme: lora.BothGaussian, Rank: v.int("r"), Alpha: v["alpha"].number, Sigma: v["sigma"].number}
			a, err := in.Attach(l, "lora", v.stream("update size", "r", "sigma"))
			if err != nil {
				return truth{}, err
			}
			return realTruth(mat.Norm(a.Delta(), 2) / size), nil
		}},
		{"scale-change", []string{"r", "r2", "alpha"}, scaleChange(lora.AlphaOverR)},
		{"scale-change-rs", []string{"r", "r2", "alpha"}, scaleChange(lora.AlphaOverSqrtR)},
		{"adam-first-step", []string{"rate"}, func(v values) (truth, error) {
			step, err := firstStepOfB(v["rate"].number, 1)
			return realTruth(step), err
		}},
		{"rate-of-b", []string{"rate", "ratio"}, func(v values) (truth, error) {
			one, err := firstStepOfB(v["rate"].number, 1)
			if err != nil {
				return truth{}, err
			}
			many, err := firstStepOfB(v["rate"].number, v["ratio"].number)
			if err != nil {
				return truth{}, err
			}
			return realTruth(v["rate"].number * many / one), nil
		}},
		{"pissa-base", []string{"d", "k", "r", "alpha"}, pissaBase},
		{"pissa-as-lora-rank", []string{"d", "k", "r"}, pissaAsLoRA},
		{"gradient-b", []string{"d", "k", "r", "alpha"}, func(v values) (truth, error) { return v.gradients(false) }},
		{"gradient-a", []string{"d", "k", "r", "alpha"}, func(v values) (truth, error) { return v.gradients(true) }},
	}
}

func scaleChange(rule lora.Scaling) func(values) (truth, error) {
	return func(v values) (truth, error) {
		return realTruth(rule.Factor(v["alpha"].number, v.int("r2")) / rule.Factor(v["alpha"].number, v.int("r"))), nil
	}
}

// firstStepOfB returns how far Adam's first step moves the entries of B, which
// begins at zero, under LoRA+'s ratio.
func firstStepOfB(rate, ratio float64) (float64, error) {
	v := values{"scheme": wordValue(lora.Kaiming.String())}
	l, _, err := v.beginning(lora.Adam, rate)
	if err != nil {
		return 0, err
	}
	rng := lora.Stream(1, "drills rate")
	data := lora.Data{X: normal(toyIn, toyExamples, rng), Y: normal(toyOut, toyExamples, rng)}
	o := lora.NewOptimizer(lora.Adam, rate)
	o.RatioB = ratio
	t := lora.NewTrainer(&lora.Network{Layers: []*lora.Linear{l}}, data, lora.Training{Optimizer: o})
	if _, err := t.Step(); err != nil {
		return 0, err
	}
	return mat.Max(absolute(l.Active().B)), nil
}

func absolute(m *mat.Dense) *mat.Dense {
	all := mat.DenseCopyOf(m)
	all.Apply(func(_, _ int, x float64) float64 { return math.Abs(x) }, all)
	return all
}

// gradients runs a layer forward and backward and returns ∂L/∂B or ∂L/∂A with
// everything that it is made of; G is ∂L/∂H.
func (v values) gradients(byA bool) (truth, error) {
	l := v.liveLayer(lora.AlphaOverR)
	g := normal(v.int("d"), batch, v.stream("gradient", "d", "k"))
	tape := new(lora.Tape)
	h := mat.NewDense(v.int("d"), batch, nil)
	l.layer.Forward(h, l.x, tape)
	grad := lora.Gradient{A: mat.DenseCopyOf(l.adapter.A), B: mat.DenseCopyOf(l.adapter.B)}
	l.layer.Backward(&grad, g, l.x, tape)
	operands := append(l.operands(l.layer.W), algebra.Operand{Name: "G", Role: algebra.Batch, Matrix: g, Rows: "d", Cols: "n",
		Aliases: []string{"dH", "dh", "grad", "g"}})
	if byA {
		return truth{system: &system{operands, grad.A}}, nil
	}
	return truth{system: &system{operands, grad.B}}, nil
}

// pissaBase initializes a layer by PiSSA and returns what remains as its base,
// together with the original weight.
func pissaBase(v values) (truth, error) {
	l := v.liveLayer(lora.AlphaOverR)
	w := mat.DenseCopyOf(l.layer.W)
	fresh := lora.NewLinear(w, nil)
	a, err := lora.Init{Scheme: lora.PiSSA, Rank: v.int("r"), Alpha: v["alpha"].number}.Attach(fresh, "lora", lora.Stream(1, "drills pissa"))
	if err != nil {
		return truth{}, err
	}
	l.adapter = a
	return truth{system: &system{without(l.operands(w), "x"), fresh.W}}, nil
}

// pissaAsLoRA counts the rank of what PiSSA's training has added to the
// original weight: ΔW after training less ΔW before.
func pissaAsLoRA(v values) (truth, error) {
	rng := v.stream("pissa", "d", "k", "r")
	l := lora.NewLinear(normal(v.int("d"), v.int("k"), rng), nil)
	a, err := lora.Init{Scheme: lora.PiSSA, Rank: v.int("r"), Alpha: v["r"].number}.Attach(l, "lora", rng)
	if err != nil {
		return truth{}, err
	}
	before := a.Delta()
	for _, m := range []*mat.Dense{a.A, a.B} {
		r, c := m.Dims()
		m.Add(m, normal(r, c, rng)) // in the place of training
	}
	var change mat.Dense
	change.Sub(a.Delta(), before)
	return count(int64(numericalRank(lora.SingularValues(&change)))), nil
}
