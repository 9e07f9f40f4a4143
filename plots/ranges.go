package plots

import (
	"math"

	"gonum.org/v1/plot"
)

// bounds collects the least and the greatest of the values that can be drawn.
type bounds struct {
	lo, hi float64
	log    bool
}

func (b *bounds) add(vs ...float64) {
	for _, v := range vs {
		if visible(v, b.log) {
			b.lo, b.hi = min(b.lo, v), max(b.hi, v)
		}
	}
}

// widen widens a range to round ends, so that the axis rarely moves while data comes
// in.
func widen(lo, hi float64, log bool) (float64, float64) {
	if !log {
		return rounded(lo, hi)
	}
	return round125(lo, false), round125(hi, true)
}

// round125 rounds v > 0 up or down to 1, 2 or 5 times a power of ten.
func round125(v float64, up bool) float64 {
	pow := math.Pow(10, math.Floor(math.Log10(v)))
	if pow == 0 {
		return v
	}
	best := pow
	for _, m := range [...]float64{1, 2, 5, 10} {
		switch {
		case up && m*pow >= v*(1-1e-9):
			return m * pow
		case !up && m*pow <= v*(1+1e-9):
			best = m * pow
		}
	}
	return best
}

// rounded widens a linear range to multiples of about a sixteenth of its length, and
// to zero where that is near.
func rounded(lo, hi float64) (float64, float64) {
	switch {
	case lo > 0 && lo < 0.3*hi:
		lo = 0
	case hi < 0 && hi > 0.3*lo:
		hi = 0
	}
	if hi-lo <= 1e-9*max(math.Abs(lo), math.Abs(hi)) {
		return lo, hi
	}
	step := roundStep((hi - lo) / 16)
	if !(step > 0) {
		return lo, hi
	}
	return math.Floor(lo/step+1e-6) * step, math.Ceil(hi/step-1e-6) * step
}

// ends applies fixed ends, and widens a range of length zero, so that a constant is
// drawn in the middle.
func ends(lo, hi float64, fixedLo, fixedHi *float64, log bool) (float64, float64) {
	lowFixed := fixedLo != nil && visible(*fixedLo, log)
	highFixed := fixedHi != nil && visible(*fixedHi, log)
	if lowFixed {
		lo = *fixedLo
	}
	if highFixed {
		hi = *fixedHi
	}
	if log && lo <= 0 {
		lo = hi / 10
	}
	if lo > hi && lowFixed && highFixed {
		lo, hi = hi, lo
	}
	if hi-lo > 1e-9*max(math.Abs(lo), math.Abs(hi)) && hi > lo {
		return lo, hi
	}
	switch {
	case log && lowFixed:
		return lo, lo * 10
	case log:
		v := max(hi, 1e-290)
		return v / 10, v * 10
	case lowFixed:
		return lo, lo + max(1, math.Abs(lo))
	case highFixed:
		return hi - max(1, math.Abs(hi)), hi
	case hi == 0:
		return 0, 1
	}
	return min(0, 2*hi), max(0, 2*hi)
}

// reach moves an end of a range outward to a mark, so that a guess is seen; but not
// so far that less than a third of the axis, on a logarithmic one a third or three
// powers of ten, is left for the data.
func reach(lo, hi, v float64, log bool) (float64, float64) {
	if !visible(v, log) {
		return lo, hi
	}
	span, over, under := hi-lo, v-hi, lo-v
	most := 2 * span
	if log {
		span, over, under = math.Log(hi/lo), math.Log(v/hi), math.Log(lo/v)
		most = max(2*span, math.Log(1000))
	}
	switch {
	case over > 0 && over <= most:
		if hi = v; !log {
			hi = v + float64(0.03*span)
		}
	case under > 0 && under <= most:
		if lo = v; !log {
			lo = v - float64(0.03*span)
		}
	}
	return lo, hi
}

func scale(log bool) plot.Normalizer {
	if log {
		return logScale{}
	}
	return plot.LinearScale{}
}

// logScale is plot.LogScale without its panic: values <= 0 become NaN or infinite,
// and nothing is drawn there.
type logScale struct{}

// Normalize implements plot.Normalizer.
func (logScale) Normalize(lo, hi, x float64) float64 {
	low := math.Log(lo)
	return (math.Log(x) - low) / (math.Log(hi) - low)
}
