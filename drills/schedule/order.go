package schedule

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Item is one family that could be asked now, with what decides its turn.
type Item struct {
	Family         string
	Step           int     // place of the family's step in the course
	New            bool    // never answered before
	Retrievability float64 // chance of recall now, 0 to 1
	Lapses         int
	Confidence     Confidence // given with the last answer
	Wrong          bool       // the last answer was not right
}

// SureButWrong reports whether the learner was sure of the last answer and had
// it wrong. Such errors are corrected best when they are met again soon
// (Butterfield & Metcalfe 2001).
func (i Item) SureButWrong() bool { return !i.New && i.Wrong && i.Confidence == Sure }

// tier ranks what must not wait for the rest: 0 sure but wrong, 1 due, 2 new.
func (i Item) tier() int {
	switch {
	case i.New:
		return 2
	case i.SureButWrong():
		return 0
	}
	return 1
}

// Order returns the items in the order to ask them, without changing them.
//
// What the learner was sure of and had wrong comes first, then the other
// reviews, the most overdue (least retrievable) before the rest, the more
// often forgotten first among equals; the seed breaks the ties that remain.
// New families come last, step after step in the order given: the first pass
// through a step is blocked, every later one mixed. Within a tier two
// neighbours are of different steps as long as what is left allows it, even if
// the more overdue one waits for a question; and two neighbours are never of
// one family unless nothing else is left.
func Order(items []Item, seed uint64) []Item {
	queue := slices.Clone(items)
	rng := rand.New(rand.NewPCG(seed, 0))
	rng.Shuffle(len(queue), func(i, j int) {
		if !queue[i].New && !queue[j].New {
			queue[i], queue[j] = queue[j], queue[i]
		}
	})
	slices.SortStableFunc(queue, func(a, b Item) int {
		if c := cmp.Compare(a.tier(), b.tier()); c != 0 {
			return c
		}
		if a.New {
			return cmp.Compare(a.Step, b.Step)
		}
		return cmp.Or(cmp.Compare(a.Retrievability, b.Retrievability), cmp.Compare(b.Lapses, a.Lapses))
	})
	return interleave(queue)
}

// interleave takes, again and again, the first item of the queue after which
// the rest can still be laid out with the fewest neighbours alike. Taking
// simply the first item that differs from the last would be shorter and leave
// the items of the most frequent step in one heap at the end.
func interleave(queue []Item) []Item {
	families := crowd[string]{}
	var steps [3]crowd[int] // by tier
	for i := range steps {
		steps[i] = crowd[int]{}
	}
	for _, item := range queue {
		families[item.Family]++
		steps[item.tier()][item.Step]++
	}

	order := make([]Item, 0, len(queue))
	var last *Item
	for len(queue) > 0 {
		best, bestCost := 0, [3]int{math.MaxInt}
		for i, item := range queue {
			cost := [3]int{families.repeats(item.Family), item.tier(), 0}
			if last != nil && last.Family == item.Family {
				cost[0]++
			}
			if !item.New {
				cost[2] = steps[item.tier()].repeats(item.Step)
				if last != nil && last.Step == item.Step {
					cost[2]++
				}
			}
			if slices.Compare(cost[:], bestCost[:]) < 0 {
				best, bestCost = i, cost
			}
		}
		order = append(order, queue[best])
		last = &order[len(order)-1]
		families[last.Family]--
		steps[last.tier()][last.Step]--
		queue = slices.Delete(queue, best, best+1)
	}
	return order
}

// crowd counts the items left by a key that neighbours should not share.
type crowd[K comparable] map[K]int

// repeats is the least number of neighbours with one key that any layout can
// have once an item of the key next is taken. Of m items left with one key and
// o others, m-1-o must touch each other; one more if next is of that key.
func (c crowd[K]) repeats(next K) int {
	total := -1 // without the item taken
	for _, m := range c {
		total += m
	}
	worst := 0
	for key, m := range c {
		if key == next {
			worst = max(worst, 2*(m-1)-total)
		} else {
			worst = max(worst, 2*m-1-total)
		}
	}
	return worst
}
