package schedule

import (
	"fmt"
	"math"
	"time"
)

// Day is the unit of intervals: 24 hours, whatever the clocks do in spring.
const Day = 24 * time.Hour

// Rating is how a review went. The zero Rating is no review at all.
type Rating int

// The four ratings of FSRS.
const (
	Again Rating = iota + 1
	Hard
	Good
	Easy
)

// Rate is the laboratory's rating of an answer: Good if it was right and no
// hint was shown, Again otherwise. Hard and Easy are not asked for: FSRS takes
// Hard as a pass, learners use it as a failure, and two buttons predict better
// than four that are misused.
func Rate(right bool, hints int) Rating {
	if right && hints == 0 {
		return Good
	}
	return Again
}

// RatingError is the value of the panic when [Parameters.Next] is given
// something other than the four ratings.
type RatingError struct{ Rating Rating }

func (e RatingError) Error() string {
	return fmt.Sprintf("schedule: rating %d; want 1 (again) to 4 (easy)", int(e.Rating))
}

// Phase is where a family stands between its first review and trust.
type Phase int

// A family is new until its first review; then it goes through the learning
// steps to review, and through the relearning steps after each lapse.
const (
	New Phase = iota
	Learning
	Review
	Relearning
)

// State is what is remembered of one question family. The zero State is a
// family never reviewed.
type State struct {
	Phase      Phase     `json:"phase"`
	Step       int       `json:"step"`       // index of the (re)learning step it waits for
	Stability  float64   `json:"stability"`  // days until recall has fallen to 0.9
	Difficulty float64   `json:"difficulty"` // 1 (easy) to 10
	Last       time.Time `json:"last"`       // the last review
	Due        time.Time `json:"due"`        // when the next one is due
	Reps       int       `json:"reps"`       // reviews so far
	Lapses     int       `json:"lapses"`     // failures after it had once been trusted
}

// Next is the state after a review at the given time.
//
// Days are counted in whole spans of 24 hours since the last review, as
// py-fsrs does. Calendar days, which go-fsrs counts in UTC, would turn a
// second look ten minutes after midnight into a day's memory. A review before
// the last one (a clock set back) counts as the same day.
func (p Parameters) Next(s State, r Rating, now time.Time) State {
	if r < Again || r > Easy {
		panic(RatingError{r})
	}
	next := s
	next.Reps++
	next.Last = now
	if s.Phase == New {
		next.Stability = p.firstStability(r)
		next.Difficulty = clampDifficulty(p.firstDifficulty(r))
		return p.wait(next, Learning, 0, r)
	}

	days := math.Floor(max(now.Sub(s.Last), 0).Hours() / 24)
	next.Difficulty = p.nextDifficulty(s.Difficulty, r)
	switch {
	case days < 1:
		next.Stability = p.sameDay(s.Stability, r)
	case r == Again:
		next.Stability = p.forgotten(s.Difficulty, s.Stability, p.Recall(days, s.Stability))
	default:
		next.Stability = p.recalled(s.Difficulty, s.Stability, p.Recall(days, s.Stability), r)
	}

	if s.Phase != Review {
		return p.wait(next, s.Phase, s.Step, r)
	}
	if r != Again {
		return p.trust(next)
	}
	next.Lapses++
	return p.wait(next, Relearning, 0, r)
}

// wait sets the (re)learning step that follows a rating given at step: Again
// goes to the first, Hard stays (at the first it waits between the first and
// the second), Good goes on, Easy and the end of the steps lead to review.
func (p Parameters) wait(s State, phase Phase, step int, r Rating) State {
	steps := p.Learning
	if phase == Relearning {
		steps = p.Relearning
	}
	if r == Again {
		step = 0
	}
	if r == Good {
		step++
	}
	if r == Easy || step >= len(steps) {
		return p.trust(s)
	}
	delay := steps[step]
	if r == Hard && step == 0 {
		if len(steps) == 1 {
			delay += delay / 2
		} else {
			delay = (steps[0] + steps[1]) / 2
		}
	}
	s.Phase, s.Step, s.Due = phase, step, s.Last.Add(delay)
	return s
}

// trust sends a family to review, due after an interval of days.
func (p Parameters) trust(s State) State {
	days := p.Interval(s.Stability)
	if p.Fuzz {
		days = p.fuzz(days, p.draw(s))
	}
	s.Phase, s.Step, s.Due = Review, 0, s.Last.Add(time.Duration(days)*Day)
	return s
}

// Retrievability is the chance that the learner knows the answer now; 0 for a
// family never reviewed. Unlike Next it counts fractions of days: it orders
// what is due and is drawn as a curve.
func (p Parameters) Retrievability(s State, now time.Time) float64 {
	if s.Phase == New {
		return 0
	}
	return p.Recall(now.Sub(s.Last).Hours()/24, s.Stability)
}

// A family is shaky when its recall has fallen well under the retention asked
// for, or when it was forgotten and has not yet held for a week again.
const (
	shakyRecall    = 0.8
	shakyStability = 7
)

// Shaky reports whether a reviewed family is likely forgotten now (recall
// under 0.8) or was forgotten before and lasts less than a week since.
func (p Parameters) Shaky(s State, now time.Time) bool {
	if s.Phase == New {
		return false
	}
	return p.Retrievability(s, now) < shakyRecall || s.Lapses > 0 && s.Stability < shakyStability
}

// Known reports whether a family has left the learning steps and is not shaky.
func (p Parameters) Known(s State, now time.Time) bool {
	return s.Phase == Review && !p.Shaky(s, now)
}
