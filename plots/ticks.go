package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"

	"loralab/lora/number"
)

// ticker is a plot.Ticker of few, round ticks. Each surface sets n to the number it
// has room for.
type ticker struct {
	n    int // at most so many
	log  bool
	none bool
	at   []plot.Tick // instead of round ones: the ranks of a sweep, names
}

// Ticks implements plot.Ticker.
func (t *ticker) Ticks(lo, hi float64) []plot.Tick {
	switch {
	case t.none || t.n <= 0 || !(lo < hi) || math.IsInf(hi-lo, 0):
		return nil
	case t.at != nil:
		var in []plot.Tick
		for _, tick := range t.at {
			if tick.Value >= lo && tick.Value <= hi {
				in = append(in, tick)
			}
		}
		return in
	case t.log && lo > 0:
		if ticks := logTicks(lo, hi, t.n); len(ticks) > 1 {
			return ticks
		}
	}
	return linearTicks(lo, hi, t.n)
}

// roundStep returns the smallest of 1, 2, 5 times a power of ten that is >= raw.
func roundStep(raw float64) float64 {
	pow := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range [...]float64{1, 2, 5} {
		if m*pow >= raw*(1-1e-9) {
			return m * pow
		}
	}
	return 10 * pow
}

func linearTicks(lo, hi float64, n int) []plot.Tick {
	step := roundStep((hi - lo) / float64(n))
	if !(step > 0) || math.IsInf(step, 0) {
		return nil
	}
	ticks := multiples(lo, hi, step)
	if len(ticks) > n {
		step = roundStep(step * 1.5)
		ticks = multiples(lo, hi, step)
	}
	if len(ticks) < 2 && n >= 2 {
		// No two multiples are in the range: take the outermost of a finer step.
		for range 3 {
			step = roundStep(step / 2.6)
			if ticks = multiples(lo, hi, step); len(ticks) >= 2 {
				ticks = []plot.Tick{ticks[0], ticks[len(ticks)-1]}
				break
			}
		}
	}
	biggest := max(math.Abs(lo), math.Abs(hi))
	for i := range ticks {
		ticks[i].Label = tickLabel(ticks[i].Value, step, biggest)
	}
	return ticks
}

func multiples(lo, hi, step float64) []plot.Tick {
	first, last := math.Ceil(lo/step-1e-6), math.Floor(hi/step+1e-6)
	if last-first > 1000 || last-first < 0 { // steps too fine for float64
		return nil
	}
	ticks := make([]plot.Tick, 0, int(last-first)+1)
	for i := first; i <= last; i++ {
		ticks = append(ticks, plot.Tick{Value: min(hi, max(lo, i*step))})
		if i+1 == i {
			break
		}
	}
	return ticks
}

// logTicks returns at most n ticks: powers of ten or, where the range has few of
// them, their multiples by 1, 2 and 5.
func logTicks(lo, hi float64, n int) []plot.Tick {
	const slack = 1e-9
	first := int(math.Ceil(float64(math.Log10(lo)) - slack))
	last := int(math.Floor(float64(math.Log10(hi)) + slack))
	var fine []plot.Tick
	if last-first <= 2 {
		for e := first - 1; e <= last; e++ {
			for _, m := range [...]float64{1, 2, 5} {
				if v := m * math.Pow10(e); v >= lo*(1-slack) && v <= hi*(1+slack) {
					fine = append(fine, plot.Tick{Value: v, Label: logLabel(v)})
				}
			}
		}
		if len(fine) <= n {
			return fine
		}
	}
	count := last - first + 1
	if count < 2 {
		if len(fine) >= 2 && n >= 2 {
			return []plot.Tick{fine[0], fine[len(fine)-1]}
		}
		return nil
	}
	stride := (count + n - 1) / n
	var ticks []plot.Tick
	for e := last; e >= first; e-- {
		if (last-e)%stride == 0 {
			v := math.Pow10(e)
			ticks = append(ticks, plot.Tick{Value: v, Label: logLabel(v)})
		}
	}
	for i, j := 0, len(ticks)-1; i < j; i, j = i+1, j-1 {
		ticks[i], ticks[j] = ticks[j], ticks[i]
	}
	return ticks
}

// logLabel prints a round number: 0.01, 500, 1k, 1e-6.
func logLabel(v float64) string {
	if v >= 999 && v < 0.9e15 {
		div, suffix := number.Prefix(v * (1 + 1e-9))
		return strconv.FormatFloat(math.Round(v/div), 'f', -1, 64) + suffix
	}
	return short(v)
}

// tickLabel prints v with the decimals that the step between ticks needs, so that all
// labels of an axis have the same number of them.
func tickLabel(v, step, biggest float64) string {
	if math.Abs(v) < step/1e3 {
		return "0"
	}
	if biggest < 1e-3 || biggest >= 1e15 {
		digits := int(math.Floor(float64(math.Log10(math.Abs(v)))+1e-9) - math.Floor(float64(math.Log10(step))+1e-9))
		return number.Minus(number.Exponent(v, max(0, min(6, digits))))
	}
	div, suffix := 1.0, ""
	if biggest >= 1e4 {
		div, suffix = number.Prefix(biggest)
	}
	decimals := int(math.Ceil(float64(-math.Log10(step/div)) - 1e-9))
	return number.Minus(strconv.FormatFloat(v/div, 'f', max(0, min(9, decimals)), 64) + suffix)
}

// short writes a number of an axis, of a level or at the end of a scale: 0.0312,
// 12.5, 400, 65.5k, 1e-6.
func short(v float64) string { return number.Minus(number.Short(v, 3)) }

// exact writes a value that stands on its own: at a bar's end or in a table. Whole
// numbers below ten million have all of their digits, others four of them.
func exact(v float64) string {
	if v != math.Trunc(v) || math.Abs(v) >= 1e7 {
		return number.Short(v, 4)
	}
	return number.Count(int64(v))
}
