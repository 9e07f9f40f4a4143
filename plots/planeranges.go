package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
)

// setRanges sets the ends of both axes, and where x has few values, as in a sweep
// over ranks, a tick at each of them. An axis without data and without an end that is
// fixed has no numbers.
func (f plane) setRanges(ch *chart) {
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
	if h := f.Hist; h != nil && h.bins() > 0 {
		n := h.bins()
		x.add(h.Edges[:n+1]...)
		y.add(0)
		y.add(h.Counts[:n]...)
	}
	x.add(f.XTicks...)
	f.setEnds(&ch.plot.X, ch.x, x, true)
	f.setEnds(&ch.plot.Y, ch.y, y, false)
	if f.XMax == nil && f.Hist == nil {
		ch.x.at = f.testedTicks()
	}
}

// setEnds sets the ends of one axis to those of its data, rounded, or to fixed ones,
// and then moves them outward to the marks on it.
func (f plane) setEnds(a *plot.Axis, t *ticker, b bounds, across bool) {
	lo, hi := f.YMin, f.YMax
	if across {
		lo, hi = f.XMin, f.XMax
	}
	if b.lo > b.hi {
		for _, m := range f.Marks {
			if m.Across == across && !m.Truth {
				b.add(m.Value)
			}
		}
		if b.lo <= b.hi && !b.log {
			b.add(0)
		}
	}
	t.none = b.lo > b.hi && hi == nil
	if b.lo > b.hi {
		b.lo, b.hi = 0, 1
	}
	if !across || len(f.Points) > 0 && len(f.Lines) == 0 {
		b.lo, b.hi = widen(b.lo, b.hi, b.log)
	}
	a.Min, a.Max = ends(b.lo, b.hi, lo, hi, b.log)
	for _, m := range f.Marks {
		if m.Across == across {
			a.Min, a.Max = reach(a.Min, a.Max, m.Value, b.log)
		}
	}
}

// testedTicks returns a tick at each x of the lines if these are two to ten, or those
// that the figure names.
func (f plane) testedTicks() []plot.Tick {
	xs := slices.Clone(f.XTicks)
	if xs == nil && len(f.Points) > 0 && len(f.Lines) == 0 {
		return nil
	}
	for _, l := range f.Lines {
		for i := range min(len(l.X), len(l.Y)) {
			if v := l.X[i]; visible(v, f.XLog) && !slices.Contains(xs, v) {
				xs = append(xs, v)
			}
			if len(xs) > 10 {
				return nil
			}
		}
	}
	if len(xs) < 2 {
		return nil
	}
	slices.Sort(xs)
	ticks := make([]plot.Tick, len(xs))
	for i, v := range xs {
		ticks[i] = plot.Tick{Value: v, Label: short(v)}
	}
	return ticks
}
