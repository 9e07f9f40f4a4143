package schedule

import "time"

// CapInterval shortens an interval that begins now so that the family comes
// back in good time before an interview: to a fifth of the time left, but not
// under one day. The zero interview time, and one that has passed, cap nothing.
//
// The fifth is from Cepeda, Vul, Rohrer, Wixted & Pashler, "Spacing effects in
// learning: a temporal ridgeline of optimal retention", Psychological Science
// 19 (2008): for tests some weeks off, recall is best when the gap between
// study sessions is about 20 % of the delay. It falls to about 5 % at a year;
// the cap does not follow it down, because at such distances the forgetting
// curve asks for a review before the cap does.
func CapInterval(interval time.Duration, now, interview time.Time) time.Duration {
	left := interview.Sub(now)
	if interview.IsZero() || left <= 0 {
		return interval
	}
	return min(interval, max(left/5, Day))
}

// DueBy is when the family is due for someone with an interview at the given
// time. The state itself is not changed: without the date the schedule is what
// it was.
func (s State) DueBy(interview time.Time) time.Time {
	return s.Last.Add(CapInterval(s.Due.Sub(s.Last), s.Last, interview))
}
