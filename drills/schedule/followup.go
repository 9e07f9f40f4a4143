package schedule

import "slices"

// Follow deals a question of an item out of turn: the learner went after a
// follow-up. If the family was still to come it is asked now instead. From then
// on it is a question like any other: a miss comes back.
func (s *Session) Follow(item Item) Question {
	same := func(i Item) bool { return i.Family == item.Family }
	s.waiting = slices.DeleteFunc(s.waiting, same)
	s.missed = slices.DeleteFunc(s.missed, func(b booking) bool { return same(b.item) })
	s.asked++
	s.current, s.last = &item, item.Family
	return Question{Item: item, Seed: s.draw(item.Family), Repeat: s.owed[item.Family] > 0}
}
