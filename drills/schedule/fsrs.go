package schedule

import "math"

// Bounds of the model's two quantities. Stability is in days; py-fsrs leaves
// it without an upper bound, go-fsrs and fsrs-rs do not.
const (
	minStability  = 0.001
	maxStability  = 36500
	minDifficulty = 1
	maxDifficulty = 10
)

// curve returns the exponent and the factor of the forgetting curve. The
// factor is such that recall is 0.9 when as many days have passed as the
// stability counts.
func (p Parameters) curve() (decay, factor float64) {
	decay = -p.Weights[20]
	return decay, math.Pow(0.9, 1/decay) - 1
}

// Recall is the chance of recall t days after a review that left the given
// stability: R(t, S) = (1 + factor·t/S)^decay.
func (p Parameters) Recall(t, stability float64) float64 {
	decay, factor := p.curve()
	return math.Pow(1+factor*max(t, 0)/clampStability(stability), decay)
}

// Interval is the whole number of days, at least 1, after which recall has
// fallen to the desired retention.
func (p Parameters) Interval(stability float64) int {
	decay, factor := p.curve()
	days := clampStability(stability) / factor * (math.Pow(p.Retention, 1/decay) - 1)
	// Compared as floats: at a low retention the days overflow an int.
	return int(min(max(math.Round(days), 1), float64(p.MaxInterval)))
}

// firstStability is the stability after the first review ever.
func (p Parameters) firstStability(r Rating) float64 { return clampStability(p.Weights[r-1]) }

// firstDifficulty is D₀, not clamped: the mean reversion of nextDifficulty
// pulls towards the unclamped D₀(Easy).
func (p Parameters) firstDifficulty(r Rating) float64 {
	w := &p.Weights
	return w[4] - math.Exp(w[5]*float64(r-1)) + 1
}

// nextDifficulty damps the change as difficulty nears its upper bound, then
// reverts a little towards the difficulty of what is easy at first sight.
func (p Parameters) nextDifficulty(d float64, r Rating) float64 {
	w := &p.Weights
	damped := d - w[6]*float64(r-3)*(10-d)/9
	return clampDifficulty(w[7]*p.firstDifficulty(Easy) + (1-w[7])*damped)
}

// recalled is the stability after a review that was passed a day or more
// after the last one. d is the difficulty before this review, recall the
// chance of recall at its moment.
func (p Parameters) recalled(d, s, recall float64, r Rating) float64 {
	w := &p.Weights
	gain := math.Exp(w[8]) * (11 - d) * math.Pow(s, -w[9]) * (math.Exp(w[10]*(1-recall)) - 1)
	switch r {
	case Hard:
		gain *= w[15]
	case Easy:
		gain *= w[16]
	}
	return clampStability(s * (1 + gain))
}

// forgotten is the stability after a review that was failed a day or more
// after the last one. The bound keeps a Good later the same day, which
// multiplies by about e^(w17·w18), from lifting it above where it was.
func (p Parameters) forgotten(d, s, recall float64) float64 {
	w := &p.Weights
	next := w[11] * math.Pow(d, -w[12]) * (math.Pow(s+1, w[13]) - 1) * math.Exp(w[14]*(1-recall))
	return clampStability(min(next, s/math.Exp(w[17]*w[18])))
}

// sameDay is the stability after a review less than a day after the last one.
// No pass lowers it: Hard counts as a pass here, as in go-fsrs and fsrs-rs.
// (py-fsrs 6.3 floors the factor from Good on only; there a Hard at S = 10
// leaves 5.25.)
func (p Parameters) sameDay(s float64, r Rating) float64 {
	w := &p.Weights
	factor := math.Exp(w[17]*(float64(r-3)+w[18])) * math.Pow(s, -w[19])
	if r >= Hard {
		factor = max(factor, 1)
	}
	return clampStability(s * factor)
}

func clampStability(s float64) float64  { return min(max(s, minStability), maxStability) }
func clampDifficulty(d float64) float64 { return min(max(d, minDifficulty), maxDifficulty) }
