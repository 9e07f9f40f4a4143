package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
)

// bounds gathers the least and the greatest of what can be drawn.
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

// setRanges sets the ends of both axes of a plane, and x ticks on the data
// itself where it has few whole places, as a sweep of ranks has.
func (f *Figure) setRanges(ch *chart) {
	x := bounds{math.Inf(1), math.Inf(-1), f.XLog}
	y := bounds{math.Inf(1), math.Inf(-1), f.YLog}
	both := func(xs, ys []float64) {
		for i := range min(len(xs), len(ys)) {
			if visible(xs[i], f.XLog) && visible(ys[i], f.YLog) {
				x.add(xs[i])
				y.add(ys[i])
			}
		}
	}
	for _, l := range f.Lines {
		both(l.X, l.Y)
	}
	for _, p := range f.Points {
		both(p.X, p.Y)
	}
	for _, l := range f.Levels {
		y.add(l.Y)
	}
	for _, r := range f.Rugs {
		x.add(r.X...)
	}
	if h := f.Hist; h != nil {
		n := h.bins()
		if n > 0 {
			x.add(h.Edges[:n+1]...)
		}
		y.add(0)
		y.add(h.Counts[:n]...)
	}
	p := ch.plot
	if x.lo > x.hi {
		x.lo, x.hi = 0, 1
	}
	if y.lo > y.hi {
		y.lo, y.hi = 0, 1
	}
	if len(f.Points) > 0 && len(f.Lines) == 0 {
		x.lo, x.hi = outward(x.lo, x.hi, f.XLog)
	}
	y.lo, y.hi = outward(y.lo, y.hi, f.YLog)
	p.X.Min, p.X.Max = ends(x.lo, x.hi, f.XMin, f.XMax, f.XLog)
	p.Y.Min, p.Y.Max = ends(y.lo, y.hi, f.YMin, f.YMax, f.YLog)
	if f.XMax == nil && f.Hist == nil {
		ch.x.at = f.places()
	}
}

// places returns a tick at each x of the lines, if there are few and whole.
func (f *Figure) places() []plot.Tick {
	var xs []float64
	for _, l := range f.Lines {
		for i := range min(len(l.X), len(l.Y)) {
			v := l.X[i]
			if !visible(v, f.XLog) || slices.Contains(xs, v) {
				continue
			}
			if v != math.Trunc(v) || math.Abs(v) > 1e6 || len(xs) == 8 {
				return nil
			}
			xs = append(xs, v)
		}
	}
	if len(xs) < 2 || len(f.Points) > 0 {
		return nil
	}
	slices.Sort(xs)
	ticks := make([]plot.Tick, len(xs))
	for i, v := range xs {
		ticks[i] = plot.Tick{Value: v, Label: short(v)}
	}
	return ticks
}

// outward widens a range to round ends, so that an axis stays where it is
// while data comes in.
func outward(lo, hi float64, log bool) (float64, float64) {
	if !log {
		return rounded(lo, hi)
	}
	return round125(lo, false), round125(hi, true)
}

// round125 is the nearest of 1, 2, 5 times a power of ten, above or below.
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

// rounded widens a linear range to multiples of about a sixteenth of it, and
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

// ends applies fixed ends and opens a range that has no length: a constant
// then runs through the middle.
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

func scale(log bool) plot.Normalizer {
	if log {
		return logScale{}
	}
	return plot.LinearScale{}
}

// logScale is plot.LogScale without its panic: what has no logarithm has no
// place.
type logScale struct{}

// Normalize implements plot.Normalizer.
func (logScale) Normalize(lo, hi, x float64) float64 {
	low := math.Log(lo)
	return (math.Log(x) - low) / (math.Log(hi) - low)
}
