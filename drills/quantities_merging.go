package drills

import (
	"loralab/drills/algebra"
	"loralab/lora"
	"loralab/lora/quant"

	"gonum.org/v1/gonum/mat"
)

// pair is two adapters on one layer, of their own ranks and scalings.
type pair struct {
	w    *mat.Dense
	a, b *lora.Adapter // the first and the second adapter
}

func (v values) pair() pair {
	rng := v.stream("pair", "d", "k", "r", "r2", "alpha", "alpha2")
	d, k := v.int("d"), v.int("k")
	p := pair{normal(d, k, rng),
		lora.NewAdapter(d, k, v.int("r"), v["alpha"].number, lora.AlphaOverR),
		lora.NewAdapter(d, k, v.int("r2"), v["alpha2"].number, lora.AlphaOverR)}
	for _, a := range []*lora.Adapter{p.a, p.b} {
		ar, ak := a.A.Dims()
		bd, br := a.B.Dims()
		a.A.Copy(normal(ar, ak, rng))
		a.B.Copy(normal(bd, br, rng))
	}
	return p
}

// operands names both adapters: A₁, B₁, s₁ and A₂, B₂, s₂.
func (p pair) operands() algebra.Layer {
	weight := func(name string, m *mat.Dense, rows, cols string) algebra.Operand {
		return algebra.Operand{Name: name, Role: algebra.Weight, Matrix: m, Rows: rows, Cols: cols}
	}
	return algebra.Layer{
		weight("W", p.w, "d", "k"),
		weight("A_1", p.a.A, "r₁", "k"), weight("B_1", p.a.B, "d", "r₁"), {Name: "s_1", Value: p.a.Scale()},
		weight("A_2", p.b.A, "r₂", "k"), weight("B_2", p.b.B, "d", "r₂"), {Name: "s_2", Value: p.b.Scale()},
	}
}

// mergedLayer merges the live adapter and returns W before and after.
func (v values) mergedLayer() (l live, before *mat.Dense, err error) {
	l = v.liveLayer(lora.AlphaOverR)
	before = mat.DenseCopyOf(l.layer.W)
	err = l.layer.Merge("lora", nil)
	return l, before, err
}

func mergingQuantities() []quantity {
	layer := []string{"d", "k", "r", "alpha"}
	two := []string{"d", "k", "r", "r2", "alpha", "alpha2"}
	return []quantity{
		{"merged-weight", layer, func(v values) (truth, error) {
			l, before, err := v.mergedLayer()
			if err != nil {
				return truth{}, err
			}
			return truth{system: &system{l.operands(before), l.layer.W}}, nil
		}},
		// W from W′: the operand called W is the merged weight.
		{"unmerged-weight", layer, func(v values) (truth, error) {
			l, before, err := v.mergedLayer()
			if err != nil {
				return truth{}, err
			}
			operands := without(l.operands(before), "x")
			for i, o := range operands {
				if o.Name == "W" {
					operands[i].Name, operands[i].Matrix = "W′", l.layer.W
					operands[i].Aliases = []string{"W_merged", "merged", "W_m", "W_new", "M"}
				}
			}
			restored := l.layer.Clone()
			if err := restored.Unmerge("lora"); err != nil {
				return truth{}, err
			}
			return truth{system: &system{operands, restored.W}}, nil
		}},
		{"two-merged", two, func(v values) (truth, error) {
			p := v.pair()
			l := lora.NewLinear(p.w, nil)
			for name, a := range map[string]*lora.Adapter{"1": p.a, "2": p.b} {
				l.Attach(name, a)
			}
			for _, name := range []string{"1", "2"} {
				if err := l.Merge(name, nil); err != nil {
					return truth{}, err
				}
			}
			return truth{system: &system{p.operands(), l.W}}, nil
		}},
		// The result of PEFT's "linear" for two adapters with α = r and weights 1.
		{"linear-combined", []string{"d", "k", "r"}, func(v values) (truth, error) {
			p := v.sameRankPair()
			c, err := lora.Combination{Method: lora.CombineLinear}.Combine([]*lora.Adapter{p.a, p.b}, []float64{1, 1}, nil)
			if err != nil {
				return truth{}, err
			}
			operands := p.operands()
			for i, o := range operands {
				rename := func(side string) string {
					if side == "r₁" || side == "r₂" {
						return "r"
					}
					return side
				}
				operands[i].Rows, operands[i].Cols = rename(o.Rows), rename(o.Cols)
			}
			return truth{system: &system{without(operands, "W", "s_1", "s_2"), c.Delta()}}, nil
		}},
		{"cat-shapes", two, func(v values) (truth, error) {
			p := v.pair()
			c, err := lora.Combination{Method: lora.CombineCat}.Combine([]*lora.Adapter{p.a, p.b}, []float64{1, 1}, nil)
			if err != nil {
				return truth{}, err
			}
			return truth{shapes: map[string][2]int{"A": dims(c.A), "B": dims(c.B)}}, nil
		}},
		{"sum-rank", two, func(v values) (truth, error) {
			p := v.pair()
			var sum mat.Dense
			sum.Add(p.a.Delta(), p.b.Delta())
			return count(int64(numericalRank(lora.SingularValues(&sum)))), nil
		}},
		{"extra-percent", []string{"d", "k", "r"}, func(v values) (truth, error) {
			extra := multiplications(v.int("r"), v.int("k"), 1) + multiplications(v.int("d"), v.int("r"), 1)
			return realTruth(100 * float64(extra) / float64(multiplications(v.int("d"), v.int("k"), 1))), nil
		}},
		{"extra-merged", []string{"d", "k", "r", "alpha"}, func(v values) (truth, error) {
			l, _, err := v.mergedLayer()
			if err != nil {
				return truth{}, err
			}
			d, k := l.layer.Dims()
			extra := multiplications(d, k, 1)
			if a := l.layer.Active(); a != nil {
				extra += int64(a.Params())
			}
			return count(extra - multiplications(d, k, 1)), nil
		}},
		// Whether an update of size u changes a bf16 weight w.
		{"bf16-notices", []string{"w", "u"}, func(v values) (truth, error) {
			w := quant.BFloat16.Round(v["w"].number)
			return pick(quant.BFloat16.Round(w+v["u"].number) == w, "lost", "kept"), nil
		}},
		{"bf16-step", []string{"w"}, func(v values) (truth, error) {
			w := v["w"].number
			return realTruth(quant.BFloat16.Decode(quant.BFloat16.Encode(w)+1) - w), nil
		}},
		{"codes-after-merge", []string{"u"}, codesAfterMerge},
		{"adapters-gb", []string{"model", "r", "tenants"}, func(v values) (truth, error) {
			m, t, err := v.tally(allLinear)
			if err != nil {
				return truth{}, err
			}
			return gigabytes(2*m.Total() + 2*t.Trainable*int64(v.int("tenants"))), nil
		}},
		{"copies-gb", []string{"model", "r", "tenants"}, func(v values) (truth, error) {
			m, _, err := v.tally(allLinear)
			if err != nil {
				return truth{}, err
			}
			return gigabytes(2 * m.Total() * int64(v.int("tenants"))), nil
		}},
		{"ties-entry", []string{"t1", "t2", "t3"}, tiesEntry},
		// Merged, and the adapter still applied beside it.
		{"merged-and-applied", layer, func(v values) (truth, error) {
			l, before, err := v.mergedLayer()
			if err != nil {
				return truth{}, err
			}
			twice := l
			twice.layer = lora.NewLinear(l.layer.W, nil)
			twice.layer.Attach("lora", l.adapter)
			return truth{system: &system{l.operands(before), twice.forward()}}, nil
		}},
		{"linear-is-sum", []string{"d", "k", "r"}, func(v values) (truth, error) {
			p := v.sameRankPair()
			c, err := lora.Combination{Method: lora.CombineLinear}.Combine([]*lora.Adapter{p.a, p.b}, []float64{1, 1}, nil)
			if err != nil {
				return truth{}, err
			}
			var sum mat.Dense
			sum.Add(p.a.Delta(), p.b.Delta())
			return pick(mat.EqualApprox(&sum, c.Delta(), 1e-9), "sum", "cross"), nil
		}},
	}
}

// sameRankPair is two adapters of rank r with s = 1, which PEFT's linear
// combination requires.
func (v values) sameRankPair() pair {
	same := values{"r2": v["r"], "alpha": v["r"], "alpha2": v["r"]}
	for _, name := range []string{"d", "k", "r"} {
		same[name] = v[name]
	}
	return same.pair()
}

// codesAfterMerge merges an update whose size is u percent of the weight's into
// an NF4 base and says how many of the codes have changed.
func codesAfterMerge(v values) (truth, error) {
	const size = 64
	rng := v.stream("codes", "u")
	w, delta := normal(size, size, rng), normal(size, size, rng)
	delta.Scale(v["u"].number/100, delta)
	base, err := quant.Format{Book: quant.NF4(), Block: 64}.QuantizeDense(w)
	if err != nil {
		return truth{}, err
	}
	_, changed, err := base.Merge(quant.Float32s(delta))
	if err != nil {
		return truth{}, err
	}
	switch share := float64(changed) / float64(base.N); {
	case share < 0.1:
		return truth{option: "few"}, nil
	case share < 0.5:
		return truth{option: "some"}, nil
	}
	return truth{option: "most"}, nil
}

// tiesEntry combines one entry of three updates by TIES, nothing trimmed.
func tiesEntry(v values) (truth, error) {
	var all []*lora.Adapter
	for _, name := range []string{"t1", "t2", "t3"} {
		a := lora.NewAdapter(1, 1, 1, 1, lora.AlphaOverR)
		a.A.Set(0, 0, v[name].number)
		a.B.Set(0, 0, 1)
		all = append(all, a)
	}
	c, err := lora.Combination{Method: lora.CombineTIESSVD, Density: 1}.Combine(all, []float64{1, 1, 1}, nil)
	if err != nil {
		return truth{}, err
	}
	return realTruth(c.Delta().At(0, 0)), nil
}
