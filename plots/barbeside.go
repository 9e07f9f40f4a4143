package plots

import (
	"math"
	"slices"
)

// beside puts the old value of each bar into its row. Bars are the same where the
// names of their category and of their series are; series without a namesake are
// matched by their order.
func (c barChart) beside(before *Figure) *Figure {
	both, bars, old := *c.fig, *c.bars, before.Bars
	bars.Series = slices.Clone(bars.Series)
	for j := range bars.Series {
		s := &bars.Series[j]
		k := slices.IndexFunc(old.Series, func(o BarSeries) bool { return o.Name == s.Name })
		if k < 0 && len(old.Series) == len(bars.Series) {
			k = j
		}
		if k < 0 {
			continue
		}
		s.Before = make([]float64, len(bars.Names))
		for i, name := range bars.Names {
			s.Before[i] = math.NaN()
			if at := slices.Index(old.Names, name); at >= 0 && at < len(old.Series[k].Values) {
				s.Before[i] = old.Series[k].Values[at]
			}
		}
	}
	both.Bars = &bars
	return &both
}
