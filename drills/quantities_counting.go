package drills

import (
	"math/big"
	"slices"

	"loralab/lora"
	"loralab/lora/models"
)

// builtAdapter is an adapter of the drawn sizes, whose parameters can be
// counted.
func (v values) builtAdapter() *lora.Adapter {
	return lora.NewAdapter(v.int("d"), v.int("k"), v.int("r"), 1, lora.AlphaOverR)
}

// tally counts the drawn adapter on the drawn model.
func (v values) tally(targets models.Targets) (*models.Model, *models.Tally, error) {
	m, err := models.Find(v["model"].text)
	if err != nil {
		return nil, nil, err
	}
	t, err := models.Count(m, models.Adapter{Targets: targets, Rank: int64(v.int("r"))})
	return m, t, err
}

var (
	queryValue = models.Targets{Names: []string{"q_proj", "v_proj"}}
	allLinear  = models.Targets{AllLinear: true}
)

// counted is a quantity of the drawn model under an adapter on the targets.
func counted(name string, targets models.Targets, of func(*models.Model, *models.Tally) truth) quantity {
	return quantity{name, []string{"model", "r"}, func(v values) (truth, error) {
		m, t, err := v.tally(targets)
		if err != nil {
			return truth{}, err
		}
		return of(m, t), nil
	}}
}

// budgeted is a quantity of the memory of training the drawn model with AdamW
// and an adapter on every linear module.
func budgeted(name string, of func(*models.Memory) truth) quantity {
	return quantity{name, []string{"model", "r"}, func(v values) (truth, error) {
		m, t, err := v.tally(allLinear)
		if err != nil {
			return truth{}, err
		}
		anonymous := *m
		anonymous.ID = "" // the figures that papers print of the model are not asked
		e, err := models.Estimate(&anonymous, t, models.MemoryOptions{})
		if err != nil {
			return truth{}, err
		}
		return of(e), nil
	}}
}

func gigabytes(n int64) truth { return realTruth(float64(n) / 1e9) }

func countingQuantities() []quantity {
	sizes := []string{"d", "k", "r"}
	all := []quantity{
		{"lora-params", sizes, func(v values) (truth, error) {
			return count(int64(v.builtAdapter().Params())), nil
		}},
		{"full-params", []string{"d", "k"}, func(v values) (truth, error) {
			return count(int64(v.int("d")) * int64(v.int("k"))), nil
		}},
		{"fewer-times", sizes, func(v values) (truth, error) {
			return realTruth(float64(v.int("d")*v.int("k")) / float64(v.builtAdapter().Params())), nil
		}},
		{"percent-of-layer", sizes, func(v values) (truth, error) {
			t, err := models.CountLayer(int64(v.int("d")), int64(v.int("k")), int64(v.int("r")), true)
			if err != nil {
				return truth{}, err
			}
			return realTruth(t.Percent), nil
		}},
		{"all-params-of-layer", sizes, func(v values) (truth, error) {
			t, err := models.CountLayer(int64(v.int("d")), int64(v.int("k")), int64(v.int("r")), true)
			if err != nil {
				return truth{}, err
			}
			return count(t.All), nil
		}},
		{"break-even", []string{"d", "k"}, func(v values) (truth, error) {
			exact, _ := models.BreakEven(int64(v.int("d")), int64(v.int("k")))
			x, _ := exact.Float64()
			return realTruth(x), nil
		}},
		{"largest-saving-rank", []string{"d", "k"}, largestSavingRank},
		{"saves", sizes, func(v values) (truth, error) {
			lora, full := v.builtAdapter().Params(), v.int("d")*v.int("k")
			switch {
			case lora < full:
				return truth{option: "fewer"}, nil
			case lora > full:
				return truth{option: "more"}, nil
			}
			return truth{option: "same"}, nil
		}},
		{"params-growth", []string{"d", "k", "r", "r2", "d2"}, func(v values) (truth, error) {
			after := lora.NewAdapter(v.int("d2"), v.int("k"), v.int("r2"), 1, lora.AlphaOverR)
			return realTruth(float64(after.Params()) / float64(v.builtAdapter().Params())), nil
		}},
		{"same-budget-rank", []string{"d", "r", "m"}, sameBudgetRank},
		counted("model-adapter", queryValue, func(_ *models.Model, t *models.Tally) truth { return count(t.Trainable) }),
		counted("model-adapter-all-linear", allLinear, func(_ *models.Model, t *models.Tally) truth { return count(t.Trainable) }),
		counted("model-base", queryValue, func(_ *models.Model, t *models.Tally) truth { return count(t.Base) }),
		counted("layers", queryValue, func(_ *models.Model, t *models.Tally) truth { return count(t.Modules[0].Count) }),
		counted("width", queryValue, func(_ *models.Model, t *models.Tally) truth { return count(t.Modules[0].In) }),
		counted("value-width", queryValue, func(_ *models.Model, t *models.Tally) truth { return count(t.Modules[1].Out) }),
		counted("widest-module", allLinear, widestModule),
		budgeted("full-optimizer-gb", func(e *models.Memory) truth { return gigabytes(e.Full.Optimizer) }),
		budgeted("lora-optimizer-gb", func(e *models.Memory) truth { return gigabytes(e.LoRA.Optimizer) }),
		budgeted("full-gb", func(e *models.Memory) truth { return gigabytes(e.Full.Total) }),
		budgeted("lora-gb", func(e *models.Memory) truth { return gigabytes(e.LoRA.Total) }),
		budgeted("qlora-gb", func(e *models.Memory) truth { return gigabytes(e.QLoRA.Total) }),
		budgeted("base-gb", func(e *models.Memory) truth { return gigabytes(e.LoRA.Weights) }),
		budgeted("adapter-bytes", func(e *models.Memory) truth { return count(e.Checkpoint) }),
		budgeted("lora-memory-order", func(e *models.Memory) truth {
			return descending(map[string]int64{"weights": e.LoRA.Weights, "moments": e.LoRA.Optimizer, "gradients": e.LoRA.Gradients})
		}),
	}
	return all
}

// largestSavingRank builds adapters of growing rank until one trains no fewer
// numbers than the matrix has.
func largestSavingRank(v values) (truth, error) {
	d, k := v.int("d"), v.int("k")
	r := 0
	for r < min(d, k) && lora.NewAdapter(d, k, r+1, 1, lora.AlphaOverR).Params() < d*k {
		r++
	}
	return count(int64(r)), nil
}

// sameBudgetRank looks for the rank on one of m square matrices that trains as
// many numbers as rank r on all of them.
func sameBudgetRank(v values) (truth, error) {
	d := v.int("d")
	budget := v.int("m") * lora.NewAdapter(d, d, v.int("r"), 1, lora.AlphaOverR).Params()
	for r := 1; ; r++ {
		if lora.NewAdapter(d, d, r, 1, lora.AlphaOverR).Params() >= budget {
			return count(int64(r)), nil
		}
	}
}

// widestModule says whether the module whose adapters have the most parameters
// belongs to the attention, whose projections are square or hold q, k and v in
// one.
func widestModule(_ *models.Model, t *models.Tally) truth {
	most := slices.MaxFunc(t.Modules, func(a, b models.Module) int { return int(a.Params - b.Params) })
	if most.In == most.Out || most.Out == 3*most.In { // GPT-2 has q, k and v in one module
		return truth{option: "attention"}
	}
	return truth{option: "mlp"}
}

// descending orders ids by size, the largest first.
func descending(sizes map[string]int64) truth {
	var ids []string
	for id := range sizes {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return big.NewInt(sizes[b]).Cmp(big.NewInt(sizes[a]))
	})
	return truth{order: ids}
}
