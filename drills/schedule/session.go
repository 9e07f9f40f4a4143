package schedule

import (
	"math/rand/v2"
	"slices"
)

// A miss comes back after nearest to furthest other questions, until it was
// right enough times.
const (
	nearest  = 3
	furthest = 5
	enough   = 2
)

// Question is one turn of a session: what to ask, and the seed its numbers are
// drawn from.
type Question struct {
	Item
	Seed   uint64 // small enough to be typed, never the same twice for a family
	Repeat bool   // it comes back because it was missed in this session
}

// Session deals the questions of one sitting. A miss comes back with other
// numbers after three to five other questions, or as many as are left, until
// it was right twice in a row. It is used by one goroutine.
type Session struct {
	rng     *rand.Rand
	waiting []Item         // not asked yet, in order
	missed  []booking      // to come back, the longest unseen first
	owed    map[string]int // right answers a missed family still owes
	used    map[drawn]bool
	asked   int
	current *Item  // on the table, not answered
	last    string // family of the last question dealt
}

// booking is a miss and the turn (questions dealt before it) it is booked for.
type booking struct {
	item Item
	turn int
}

// drawn is one set of numbers of one family.
type drawn struct {
	family string
	seed   uint64
}

// NewSession deals the items in the order of [Order]. The same items and seed
// give the same session for the same answers.
func NewSession(items []Item, seed uint64) *Session {
	return &Session{
		rng:     rand.New(rand.NewPCG(seed, 1)),
		waiting: Order(items, seed),
		owed:    map[string]int{},
		used:    map[drawn]bool{},
	}
}

// Asked is how many questions were dealt, the one on the table included.
func (s *Session) Asked() int { return s.asked }

// Left is how many questions follow the one on the table if it and all of them
// are answered right.
func (s *Session) Left() int {
	left := len(s.waiting)
	if s.current != nil {
		left += max(s.owed[s.current.Family]-1, 0)
	}
	for _, b := range s.missed {
		left += s.owed[b.item.Family]
	}
	return left
}

// Next deals a question; ok is false when the session is over. A question that
// was not answered before Next is skipped for this session.
func (s *Session) Next() (q Question, ok bool) {
	item, repeat, ok := s.take()
	if !ok {
		s.current = nil
		return Question{}, false
	}
	s.asked++
	s.current, s.last = &item, item.Family
	return Question{Item: item, Seed: s.draw(item.Family), Repeat: repeat}, true
}

// Answer says how the question on the table went. With none on the table it
// does nothing, so that a second call cannot count twice.
func (s *Session) Answer(right bool) {
	if s.current == nil {
		return
	}
	item := *s.current
	s.current = nil
	switch {
	case !right:
		s.owed[item.Family] = enough
	case s.owed[item.Family] > 0:
		s.owed[item.Family]--
	}
	if s.owed[item.Family] > 0 {
		s.bringBack(item)
	}
}

// bringBack books a turn for a miss. A turn books at most one, and the
// furthest it can book is out of reach of every earlier turn: one is free.
func (s *Session) bringBack(item Item) {
	if slices.ContainsFunc(s.missed, func(b booking) bool { return b.item.Family == item.Family }) {
		return
	}
	for _, more := range s.rng.Perm(furthest - nearest + 1) {
		turn := s.asked + nearest + more
		if !slices.ContainsFunc(s.missed, func(b booking) bool { return b.turn == turn }) {
			s.missed = append(s.missed, booking{item, turn})
			return
		}
	}
}

// take removes and returns the item for this turn: a miss whose turn has come,
// else the first one waiting, else the miss unseen for longest. Any of another
// family than the last goes before one of the same.
func (s *Session) take() (item Item, repeat, ok bool) {
	var next string // the family booked for the turn after this one
	for _, b := range s.missed {
		if b.turn == s.asked+1 {
			next = b.item.Family
		}
	}
	other := func(family string) bool { return family != s.last }
	for _, pick := range []struct {
		from int // index in missed or waiting, -1 if none fits
		back bool
	}{
		{slices.IndexFunc(s.missed, func(b booking) bool { return b.turn <= s.asked && other(b.item.Family) }), true},
		{slices.IndexFunc(s.waiting, func(i Item) bool { return other(i.Family) && i.Family != next }), false},
		{slices.IndexFunc(s.waiting, func(i Item) bool { return other(i.Family) }), false},
		{slices.IndexFunc(s.missed, func(b booking) bool { return other(b.item.Family) }), true},
		{min(len(s.waiting), 1) - 1, false},
		{min(len(s.missed), 1) - 1, true},
	} {
		switch {
		case pick.from < 0:
		case pick.back:
			item = s.missed[pick.from].item
			s.missed = slices.Delete(s.missed, pick.from, pick.from+1)
			return item, true, true
		default:
			item = s.waiting[pick.from]
			s.waiting = slices.Delete(s.waiting, pick.from, pick.from+1)
			return item, s.owed[item.Family] > 0, true
		}
	}
	return Item{}, false, false
}

// draw picks numbers the family has not had in this session.
func (s *Session) draw(family string) uint64 {
	for {
		d := drawn{family, 1 + s.rng.Uint64N(999_999)}
		if !s.used[d] {
			s.used[d] = true
			return d.seed
		}
	}
}
