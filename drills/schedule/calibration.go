package schedule

import (
	"fmt"
	"math"
)

// Confidence is what the learner said before the verdict. The zero Confidence
// is none given.
type Confidence int

// The three levels a learner can choose from.
const (
	Guess Confidence = iota + 1
	Think
	Sure
)

// Confidences are the levels, in the order they are offered.
func Confidences() []Confidence { return []Confidence{Guess, Think, Sure} }

func (c Confidence) String() string {
	switch c {
	case 0:
		return ""
	case Guess:
		return "guess"
	case Think:
		return "think"
	case Sure:
		return "sure"
	}
	return fmt.Sprintf("confidence %d", int(c))
}

// MarshalText writes the level by its name; none is the empty text.
func (c Confidence) MarshalText() ([]byte, error) {
	if c < 0 || c > Sure {
		return nil, fmt.Errorf("schedule: %v is none of guess, think, sure", c)
	}
	return []byte(c.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (c *Confidence) UnmarshalText(text []byte) error {
	for level := Confidence(0); level <= Sure; level++ {
		if string(text) == level.String() {
			*c = level
			return nil
		}
	}
	return fmt.Errorf("schedule: confidence %q is none of guess, think, sure", text)
}

// Outcome is one answer given with a confidence.
type Outcome struct {
	Confidence Confidence
	Right      bool
}

// Level is how often answers of one confidence were right, with the 95 %
// interval of that share; Low to High is 0 to 1 when there were none.
type Level struct {
	Confidence Confidence `json:"confidence"`
	Answers    int        `json:"answers"`
	Right      int        `json:"right"`
	Share      float64    `json:"share"`
	Low        float64    `json:"low"`
	High       float64    `json:"high"`
}

// Calibrate counts outcomes by confidence. It returns one level for each of
// [Confidences], also where nothing was answered, so that a figure always has
// its three places. Outcomes without a confidence are left out.
func Calibrate(outcomes []Outcome) []Level {
	levels := make([]Level, 0, Sure)
	for _, c := range Confidences() {
		level := Level{Confidence: c}
		for _, o := range outcomes {
			if o.Confidence != c {
				continue
			}
			level.Answers++
			if o.Right {
				level.Right++
			}
		}
		if level.Answers > 0 {
			level.Share = float64(level.Right) / float64(level.Answers)
		}
		level.Low, level.High = Wilson(level.Right, level.Answers)
		levels = append(levels, level)
	}
	return levels
}

// Wilson is the 95 % score interval for the share of k successes in n trials
// (Wilson 1927). The textbook p ± 1.96·√(p(1−p)/n) is of no width at 3 of 3,
// which is where a learner's first answers are.
func Wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	const z = 1.959963984540054 // the normal's 97.5 % quantile
	share, trials := float64(k)/float64(n), float64(n)
	middle := share + z*z/(2*trials)
	half := z * math.Sqrt(share*(1-share)/trials+z*z/(4*trials*trials))
	scale := 1 + z*z/trials
	return max((middle-half)/scale, 0), min((middle+half)/scale, 1)
}
