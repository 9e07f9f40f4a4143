package schedule

import (
	"math/rand/v2"
	"testing"
)

func TestFollowIsAskedNowAndNotAgain(t *testing.T) {
	items := []Item{{Family: "a/1"}, {Family: "b/1", Step: 1}, {Family: "c/1", Step: 2}}
	s := NewSession(items, 4)
	first, _ := s.Next()
	s.Answer(true)
	last := items[0] // one that waits
	for _, item := range items {
		if item.Family != first.Family {
			last = item
		}
	}
	q := s.Follow(last)
	if q.Family != last.Family || q.Seed == 0 || q.Repeat {
		t.Fatalf("follow-up %+v, want %s with a seed, not a repeat", q, last.Family)
	}
	if s.Asked() != 2 || s.Left() != 1 {
		t.Errorf("asked %d, left %d; want 2, 1", s.Asked(), s.Left())
	}
	s.Answer(true)
	for _, q := range play(t, s, always(true)) {
		if q.Family == last.Family {
			t.Errorf("%s is asked a second time", last.Family)
		}
	}
}

func TestFollowMissedComesBackUntilRightTwice(t *testing.T) {
	items := families(rand.New(rand.NewPCG(1, 0)), 5, 5)
	s := NewSession(items, 2)
	s.Next()
	s.Answer(true)
	q := s.Follow(Item{Family: "elsewhere", Step: 3})
	s.Answer(false)
	if want := len(items) - 1 + enough; s.Left() != want {
		t.Errorf("left %d after the miss, want %d", s.Left(), want)
	}
	var back int
	seeds := map[uint64]bool{q.Seed: true}
	before := q.Family
	for _, q := range play(t, s, always(true)) {
		if q.Family == before {
			t.Errorf("%s is its own neighbour", before)
		}
		if before = q.Family; q.Family != "elsewhere" {
			continue
		}
		if back++; !q.Repeat || seeds[q.Seed] {
			t.Errorf("%+v, want a repeat with new numbers", q)
		}
		seeds[q.Seed] = true
	}
	if back != enough {
		t.Errorf("it came back %d times, want %d", back, enough)
	}
}
