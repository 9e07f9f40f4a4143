package drills

import "loralab/drills/schedule"

// Confidence is how sure a learner is of an answer, said before the truth is
// shown. Errors made with high confidence are the ones that feedback corrects
// best (Butterfield and Metcalfe 2001), so they come back first.
type Confidence = schedule.Confidence

const (
	Guess = schedule.Guess
	Think = schedule.Think
	Sure  = schedule.Sure
)
