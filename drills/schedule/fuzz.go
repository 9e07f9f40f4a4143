package schedule

import (
	"math"
	"math/rand/v2"
)

// fuzz moves an interval of days to a uniform one near it; u in [0, 1) picks
// it. The reach grows with the interval: 15 % of its part between 2.5 and 7
// days, 10 % up to 20, 5 % beyond, plus one day. Shorter intervals stay.
func (p Parameters) fuzz(days int, u float64) int {
	if float64(days) < 2.5 {
		return days
	}
	reach := 1.0
	for _, part := range [...]struct{ from, to, factor float64 }{
		{2.5, 7, 0.15}, {7, 20, 0.10}, {20, math.Inf(1), 0.05},
	} {
		reach += part.factor * max(min(float64(days), part.to)-part.from, 0)
	}
	high := min(int(math.Round(float64(days)+reach)), p.MaxInterval)
	low := min(max(2, int(math.Round(float64(days)-reach))), high)
	return low + int(u*float64(high-low+1))
}

// draw is a number in [0, 1) that depends on the seed and the review only, so
// that replaying the log of answers gives the same days.
func (p Parameters) draw(s State) float64 {
	return rand.New(rand.NewPCG(p.Seed, uint64(s.Last.UnixMilli())^uint64(s.Reps)<<48)).Float64()
}
