package drills

import (
	"fmt"
	"strings"

	"loralab/drills/schedule"
)

// Confidence is how sure a learner is of an answer, tapped before the truth is
// shown. Errors made with high confidence are the ones that feedback corrects
// best (Butterfield and Metcalfe 2001), so they come back first.
type Confidence = schedule.Confidence

const (
	Guess = schedule.Guess
	Think = schedule.Think
	Sure  = schedule.Sure
)

// ParseConfidence reads "1" … "3" or the words.
func ParseConfidence(text string) (Confidence, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	for i, c := range schedule.Confidences() {
		if text == c.String() || text == fmt.Sprint(i+1) {
			return c, nil
		}
	}
	return 0, fmt.Errorf("%q: want 1 (guess), 2 (think) or 3 (sure)", text)
}
