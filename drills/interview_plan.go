package drills

import (
	"slices"
	"time"

	"loralab/drills/verdict"
)

// topic is the step that an interview is at, with its share of questions and
// time.
type topic struct {
	step   int // index in Steps, -1 before the first
	asked  int
	share  int
	ends   time.Time
	misses int // in a row
}

// choose picks the next family and says what leads to it; nil ends the
// interview.
//
// Steps take turns in their order, each with an equal share of the questions
// and of the time that are left when it begins. Within a step what was said
// decides (deeper, simpler), except that depths not met yet take precedence once
// there are only as many questions left as there are such depths.
func (v *Interview) choose() (family *Family, lead string) {
	now := v.now()
	if len(v.asked) >= v.budget || !now.Before(v.ends) {
		return nil, ""
	}
	var last *Asked
	if len(v.asked) > 0 {
		last = v.asked[len(v.asked)-1]
		v.topic.misses++
		if last.last.Status == verdict.Right {
			v.topic.misses = 0
		}
	}
	if v.topic.step < 0 || v.topic.asked >= v.topic.share || !now.Before(v.topic.ends) || len(v.fresh(v.topic.step)) == 0 {
		if !v.turn(now) {
			return nil, ""
		}
		lead = "Next: " + v.bank.Steps()[v.topic.step] + "."
		if last == nil {
			lead = "Let us begin with " + v.bank.Steps()[v.topic.step] + "."
		}
	}
	return v.within(last, lead, now)
}

// turn goes on to the next step that has a question left; false if there is none.
func (v *Interview) turn(now time.Time) bool {
	for step := v.topic.step + 1; step < len(v.bank.Steps()); step++ {
		if len(v.fresh(step)) == 0 {
			continue
		}
		steps := len(v.bank.Steps()) - step
		v.topic = topic{
			step:  step,
			share: (v.budget - len(v.asked) + steps - 1) / steps,
			ends:  now.Add(v.ends.Sub(now) / time.Duration(steps)),
		}
		return true
	}
	return false
}

// within picks the next question of the topic.
func (v *Interview) within(last *Asked, lead string, now time.Time) (*Family, string) {
	opening := v.topic.asked == 0
	here := min(v.topic.share-v.topic.asked, v.room(v.topic.ends, now))
	left := min(v.budget-len(v.asked), v.room(v.ends, now))
	const aside = "From another side."
	if !opening {
		lead = aside
	}
	switch missing := v.missing(); {
	case len(missing) >= left:
		return v.near(missing[0]), lead
	case opening && v.topic.share > 2:
		return v.near(Conceptual), lead
	case opening:
		return v.near(v.rarest(Depths())), lead
	case v.topic.misses == 0:
		if f, lead := v.deeper(last.Family, here); f != nil {
			return f, lead
		}
	case v.topic.misses == 1:
		if f, lead := v.simpler(last.Family); f != nil {
			return f, lead
		}
	}
	v.topic.misses = 0
	return v.near(v.rarest(Depths())), aside
}

// deeper follows a right answer: with the question that the bank knows to come
// next, else with the next depth; nil if there is none. The last question of a
// topic goes to the depth met least.
func (v *Interview) deeper(last *Family, here int) (*Family, string) {
	fresh := v.fresh(v.topic.step)
	below := Depths()[depthIndex(last.Depth)+1:]
	if here > 1 {
		for _, u := range last.followUps {
			if f := v.bank.Find(u.Family); slices.Contains(fresh, f) && depthIndex(f.Depth) >= depthIndex(last.Depth) {
				return f, u.Text
			}
		}
		for _, d := range below {
			if f := v.draw(fresh, d); f != nil {
				return f, "Deeper."
			}
		}
	}
	below = slices.DeleteFunc(below, func(d Depth) bool { return v.draw(fresh, d) == nil })
	if len(below) == 0 {
		return nil, ""
	}
	return v.draw(fresh, v.rarest(below)), "Deeper."
}

// simpler follows a wrong answer: with a shallower depth of the step, else with
// options to choose from, else with another question of the same depth; nil if
// there is none.
func (v *Interview) simpler(last *Family) (*Family, string) {
	const simpler = "Something simpler."
	fresh := v.fresh(v.topic.step)
	for i := depthIndex(last.Depth) - 1; i >= 0; i-- {
		if f := v.draw(fresh, Depths()[i]); f != nil {
			return f, simpler
		}
	}
	if !last.offers() {
		if f := v.draw(slices.DeleteFunc(slices.Clone(fresh), func(f *Family) bool { return !f.offers() }), last.Depth); f != nil {
			return f, simpler
		}
	}
	return v.draw(fresh, last.Depth), "Another one like it."
}

// offers reports whether every answer is among options: to recognize is easier
// than to recall.
func (f *Family) offers() bool {
	return !slices.ContainsFunc(f.parts, func(p part) bool { return p.kind != ChoiceKind })
}

// fresh returns the families of a step that were not asked.
func (v *Interview) fresh(step int) []*Family {
	if step < 0 {
		return nil
	}
	return slices.DeleteFunc(v.bank.Select(v.bank.Steps()[step], ""), func(f *Family) bool { return v.used[f] })
}

// draw picks any of the families that are of a depth, nil if none is.
func (v *Interview) draw(from []*Family, d Depth) *Family {
	var all []*Family
	for _, f := range from {
		if f.Depth == d {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[v.rng.IntN(len(all))]
}

// near picks a family of the topic of a depth or, if there is none left, of the
// depth nearest to it. The topic has one.
func (v *Interview) near(d Depth) *Family {
	fresh := v.fresh(v.topic.step)
	depths := Depths()
	at := depthIndex(d)
	for away := range depths {
		for _, i := range []int{at - away, at + away} {
			if i >= 0 && i < len(depths) {
				if f := v.draw(fresh, depths[i]); f != nil {
					return f
				}
			}
		}
	}
	return nil
}

// rarest returns the depth asked least so far, the shallowest of equals.
func (v *Interview) rarest(depths []Depth) Depth {
	return slices.MinFunc(depths, func(a, b Depth) int { return v.covered[a] - v.covered[b] })
}

// missing returns the depths not asked yet that the bank could still ask.
func (v *Interview) missing() []Depth {
	var all []Depth
	for _, d := range Depths() {
		if v.covered[d] == 0 && len(v.bank.Select("", d)) > 0 {
			all = append(all, d)
		}
	}
	return all
}

// room is how many questions fit until a time at the pace so far; at least one.
func (v *Interview) room(until, now time.Time) int {
	if len(v.asked) == 0 || !now.After(v.begun) {
		return v.budget
	}
	pace := now.Sub(v.begun) / time.Duration(len(v.asked))
	return max(int(until.Sub(now)/max(pace, 1)), 1)
}
