package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// ticker is a plot.Ticker of few, round ticks. A surface sets n to what it has
// room for.
type ticker struct {
	n    int // at most so many
	log  bool
	none bool
	at   []plot.Tick // ticks at given places (a sweep's ranks, names), instead of round ones
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
		// Coarse steps missed the range: take the outermost of finer ones.
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

// logTicks returns powers of ten, thinned to n, or 1-2-5 where there are few.
func logTicks(lo, hi float64, n int) []plot.Tick {
	const slack = 1e-9
	first := int(math.Ceil(math.Log10(lo) - slack))
	last := int(math.Floor(math.Log10(hi) + slack))
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
		div, suffix := thousands(v * (1 + 1e-9))
		return strconv.FormatFloat(math.Round(v/div), 'f', -1, 64) + suffix
	}
	return short(v)
}

// tickLabel prints v with the decimals that the step needs: the labels of one
// axis have the same number of them.
func tickLabel(v, step, biggest float64) string {
	if math.Abs(v) < step/1e3 {
		return "0"
	}
	if biggest < 1e-3 || biggest >= 1e15 {
		digits := int(math.Floor(math.Log10(math.Abs(v))+1e-9) - math.Floor(math.Log10(step)+1e-9))
		return minus(exponent(v, max(0, min(6, digits))))
	}
	div, suffix := 1.0, ""
	if biggest >= 1e4 {
		div, suffix = thousands(biggest)
	}
	decimals := int(math.Ceil(-math.Log10(step/div) - 1e-9))
	return minus(strconv.FormatFloat(v/div, 'f', max(0, min(9, decimals)), 64) + suffix)
}

func thousands(v float64) (div float64, suffix string) {
	switch {
	case v >= 1e12:
		return 1e12, "T"
	case v >= 1e9:
		return 1e9, "G"
	case v >= 1e6:
		return 1e6, "M"
	}
	return 1e3, "k"
}

// exponent prints v as 1.5e-6: no plus, no leading zero.
func exponent(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'e', digits, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	n, err := strconv.Atoi(exp)
	if err != nil {
		return s // NaN, Inf
	}
	return mantissa + "e" + strconv.Itoa(n)
}

// minus writes the sign as a minus, not as a hyphen.
func minus(s string) string {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return "−" + rest
	}
	return s
}

// short prints v in at most four digits: 0.0312, 12.5, 400, 65.5k, 1e-6.
func short(v float64) string { return minus(significant(v, 3)) }

func significant(v float64, digits int) string {
	a := math.Abs(v)
	switch {
	case v == 0:
		return "0"
	case math.IsNaN(v) || math.IsInf(v, 0):
		return strconv.FormatFloat(v, 'g', -1, 64)
	case a < 0.9995e-3 || a >= 0.9995e15:
		m, e, _ := strings.Cut(exponent(v, digits-1), "e")
		return trimZeros(m) + "e" + e
	case a >= 9999.5:
		div, suffix := thousands(a * 1.0005)
		return trimZeros(decimal(v/div, digits)) + suffix
	}
	return trimZeros(decimal(v, max(digits, 4*boolInt(a >= 1000))))
}

// decimal prints v with so many significant digits and no exponent.
func decimal(v float64, digits int) string {
	whole := int(math.Floor(math.Log10(math.Abs(v)))) + 1
	return strconv.FormatFloat(v, 'f', max(0, min(12, digits-whole)), 64)
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// exact prints whole numbers below ten million to the last digit, in groups of
// three, and others to four digits. It is for values that stand on their own.
func exact(v float64) string {
	if v != math.Trunc(v) || math.Abs(v) >= 1e7 {
		return minus(significant(v, 4))
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if v < 0 {
		return "−" + s
	}
	return s
}

// withUnit appends a unit: "97.4%", "14.2 GB".
func withUnit(s, unit string) string {
	if unit == "" || unit == "%" || unit == "×" {
		return s + unit
	}
	return s + " " + unit
}
