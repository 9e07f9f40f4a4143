package recipe

import (
	"loralab/lessons/lab"
)

// triedRates are the learning rates at which LoRA and full fine-tuning are both
// trained.
var triedRates = [...]float64{0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1}

// rateColumns are those of the findings rates-lora and rates-full.
var rateColumns = [...]string{"rate", "loss", "accuracy"}

// sides are the two that are compared.
var sides = [...]struct{ suffix, name string }{{"lora", "LoRA"}, {"full", "full fine-tuning"}}

// rates are the indices of trainings, by side and rate.
type rates [len(sides)][len(triedRates)]int

func (b *bench) planRates() rates {
	var r rates
	for i, rate := range triedRates {
		lora := b.asKnobs()
		lora.rate = rate
		r[0][i], r[1][i] = b.plan(lora), b.plan(training{full: true, rate: rate, layer: -1})
	}
	return r
}

// nearBest is how far below the highest accuracy a rate still does, as a share of 1.
const nearBest = 0.02

// reportSpan reports the lowest and the highest rate that reads nearly as much as the
// one that reads most.
func (b *bench) reportSpan(rec *lab.Recorder, at [len(triedRates)]int, suffix string) {
	most := 0.0
	for _, i := range at {
		if o := b.outcomes[i]; o.Diverged == nil {
			most = max(most, o.Accuracy)
		}
	}
	low, high := 0.0, 0.0
	for i, rate := range triedRates {
		if o := b.outcomes[at[i]]; o.Diverged == nil && o.Accuracy >= most-nearBest {
			if low == 0 {
				low = rate
			}
			high = rate
		}
	}
	if low > 0 {
		rec.Report("low-rate-"+suffix, low)
		rec.Report("high-rate-"+suffix, high)
	}
}

// reportRates reports both sweeps, and for each the rate with the lowest held-out
// loss. A rate at which the training diverged is not in the sweep.
func (b *bench) reportRates(rec *lab.Recorder, r rates) {
	var best [len(sides)]float64
	for side, of := range sides {
		var rows [][]float64
		least := -1
		for i, rate := range triedRates {
			o := b.outcomes[r[side][i]]
			if o.Diverged != nil {
				continue
			}
			rows = append(rows, []float64{rate, o.Loss, o.Accuracy})
			if least < 0 || o.Loss < rows[least][1] {
				least = len(rows) - 1
			}
		}
		if least < 0 {
			continue
		}
		rec.Report("rates-"+of.suffix, rows)
		best[side] = rows[least][0]
		rec.Report("best-rate-"+of.suffix, best[side])
		rec.Report("loss-at-best-"+of.suffix, rows[least][1])
		rec.Report("accuracy-at-best-"+of.suffix, rows[least][2])
	}
	for side, of := range sides {
		b.reportSpan(rec, r[side], of.suffix)
	}
	if best[0] > 0 && best[1] > 0 {
		rec.Report("rate-ratio", best[0]/best[1])
	}
}
