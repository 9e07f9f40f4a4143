package drills

import (
	"fmt"
	"math"
	"slices"
	"time"

	"loralab/drills/schedule"
	"loralab/drills/verdict"
)

// SittingSummary is what came of a sitting.
type SittingSummary struct {
	Asked    int        // questions answered, those that came back among them
	Right    int        // of them, at once and without a hint
	Hinted   int        // right after a hint
	Passed   int        // questions that were passed over
	Comeback []Comeback // the families answered, the soonest due first
	Review   []*Family  // missed here, in the order of the course
}

// Comeback is when a family is due again.
type Comeback struct {
	Family *Family
	Due    time.Time
	Missed bool // in this sitting
}

// Summary sums the sitting up as far as it has come.
func (s *Sitting) Summary() SittingSummary {
	var sum SittingSummary
	missed, seen := map[*Family]bool{}, map[*Family]bool{}
	for _, a := range s.asked {
		if a.tries == 0 {
			if a != s.current && !a.void {
				sum.Passed++
			}
			continue
		}
		sum.Asked++
		seen[a.Family] = true
		switch {
		case !a.missed:
			sum.Right++
		case a.last.Status == verdict.Right:
			sum.Hinted++
		}
		missed[a.Family] = missed[a.Family] || a.missed
	}
	for _, f := range s.bank.families {
		if missed[f] {
			sum.Review = append(sum.Review, f)
		}
		if seen[f] {
			sum.Comeback = append(sum.Comeback, Comeback{f, s.states[f.ID].DueBy(s.options.Interview), missed[f]})
		}
	}
	slices.SortStableFunc(sum.Comeback, func(a, b Comeback) int { return a.Due.Compare(b.Due) })
	return sum
}

// Until says in words when something is due: now, in 10 minutes, tomorrow, in 8
// days. Days are of 24 hours, as the schedule counts them.
func Until(due, now time.Time) string {
	left := due.Sub(now)
	switch days := int(math.Round(left.Hours() / schedule.Day.Hours())); {
	case left <= 30*time.Second:
		return "now"
	case left < 90*time.Second:
		return "in a minute"
	case left < 90*time.Minute:
		return fmt.Sprintf("in %d minutes", int(math.Round(left.Minutes())))
	case left < 20*time.Hour:
		return fmt.Sprintf("in %d hours", int(math.Round(left.Hours())))
	case days <= 1:
		return "in a day"
	default:
		return fmt.Sprintf("in %d days", days)
	}
}
