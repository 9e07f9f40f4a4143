package plots

import "math"

// slots says where on the axis of the categories the bars of each one are, as shares
// of the axis. It is the plot.Normalizer of that axis, so that a name stands at the
// middle of its bars. Categories from len(start) on are not shown.
type slots struct {
	start    []float64
	thick    float64 // of one bar
	group    int     // bars side by side in a category
	downward bool    // the first category at the top
}

// evenSlots divides an axis evenly among n categories. Where there are many bars,
// the gaps are smaller: the bars then have room for their values.
func evenSlots(n, group int, downward bool) *slots {
	used := 0.72
	if n*group > 12 && group > 1 {
		used = 0.88
	}
	s := &slots{group: group, downward: downward, thick: used / float64(n*group)}
	for i := range n {
		s.start = append(s.start, (float64(i)+float64((1-used)/2))/float64(n))
	}
	return s
}

// placeRows gives each of n horizontal categories whole rows: one row for a bar, or
// three, so that its name can stand at its middle, with gaps where there is room. If
// not all categories fit, the last ones are not shown.
func (s *slots) placeRows(n, cells int) {
	thick, gap := 1, 0
	fits := func(t, g int) bool { return n*s.group*t+(n-1)*g <= cells }
	switch {
	case !fits(1, 0):
		n = cells / s.group
	case fits(3, 1):
		thick, gap = 3, 1
	case fits(1, 1):
		gap = 1
	}
	s.thick = float64(thick) / float64(cells)
	s.start = s.start[:0]
	for i := range n {
		s.start = append(s.start, float64(i*(s.group*thick+gap))/float64(cells))
	}
}

// placeColumns gives each of n vertical categories the same whole number of columns.
func (s *slots) placeColumns(n, cells int) {
	slot := cells / n
	thick := max(1, (slot-2)/s.group)
	s.thick = float64(thick) / float64(cells)
	s.start = s.start[:0]
	for i := range n {
		s.start = append(s.start, float64(i*slot+(slot-thick*s.group)/2)/float64(cells))
	}
}

// used is the share of the axis up to the end of the last bar.
func (s *slots) used() float64 {
	if len(s.start) == 0 {
		return 0
	}
	return s.start[len(s.start)-1] + float64(s.thick*float64(s.group))
}

// span returns the ends of bar j of category i as shares of the axis.
func (s *slots) span(i, j int) (lo, hi float64) {
	lo = s.start[i] + float64(float64(j)*s.thick)
	hi = lo + s.thick
	if s.downward {
		return 1 - hi, 1 - lo
	}
	return lo, hi
}

// Normalize implements plot.Normalizer; x is the index of a category.
func (s *slots) Normalize(_, _, x float64) float64 {
	i := int(x)
	if i < 0 || i >= len(s.start) {
		return math.NaN()
	}
	mid := s.start[i] + float64(s.thick*float64(s.group)/2)
	if s.downward {
		return 1 - mid
	}
	return mid
}
