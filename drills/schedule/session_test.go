package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// families are n due items of each of the steps named, retrievability drawn.
func families(rng *rand.Rand, perStep ...int) []Item {
	var items []Item
	for step, n := range perStep {
		for i := range n {
			items = append(items, Item{
				Family: fmt.Sprintf("%d/%d", step, i), Step: step,
				Retrievability: rng.Float64(), Lapses: rng.IntN(3),
			})
		}
	}
	rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return items
}

func names(items []Item) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = item.Family
	}
	return out
}

func TestOrder(t *testing.T) {
	for _, test := range []struct {
		name  string
		items []Item
		want  []string
	}{
		{"nothing", nil, []string{}},
		{
			"most overdue first",
			[]Item{{Family: "a", Step: 1, Retrievability: 0.9}, {Family: "b", Step: 2, Retrievability: 0.2}, {Family: "c", Step: 3, Retrievability: 0.5}},
			[]string{"b", "c", "a"},
		},
		{
			"more lapses first among equals",
			[]Item{{Family: "a", Step: 1, Retrievability: 0.5}, {Family: "b", Step: 2, Retrievability: 0.5, Lapses: 3}},
			[]string{"b", "a"},
		},
		{
			"sure but wrong before the most overdue",
			[]Item{
				{Family: "overdue", Step: 1, Retrievability: 0.1},
				{Family: "sure, right", Step: 2, Retrievability: 0.95, Confidence: Sure},
				{Family: "guess, wrong", Step: 4, Retrievability: 0.9, Confidence: Guess, Wrong: true},
				{Family: "sure, wrong", Step: 3, Retrievability: 0.99, Confidence: Sure, Wrong: true},
			},
			[]string{"sure, wrong", "overdue", "guess, wrong", "sure, right"},
		},
		{
			"new ones last, step by step, in the order given",
			[]Item{
				{Family: "n3", Step: 3, New: true}, {Family: "n1b", Step: 1, New: true}, {Family: "n2", Step: 2, New: true},
				{Family: "n1a", Step: 1, New: true}, {Family: "due", Step: 1, Retrievability: 0.99},
			},
			[]string{"due", "n1b", "n1a", "n2", "n3"},
		},
		{
			"steps mixed at the price of one place",
			[]Item{
				{Family: "a1", Step: 1, Retrievability: 0.1}, {Family: "a2", Step: 1, Retrievability: 0.2},
				{Family: "b1", Step: 2, Retrievability: 0.3}, {Family: "b2", Step: 2, Retrievability: 0.4},
			},
			[]string{"a1", "b1", "a2", "b2"},
		},
		{
			"the frequent step starts early enough",
			[]Item{
				{Family: "b", Step: 2, Retrievability: 0.1},
				{Family: "a1", Step: 1, Retrievability: 0.2}, {Family: "a2", Step: 1, Retrievability: 0.3},
			},
			[]string{"a1", "b", "a2"},
		},
		{
			"one family twice",
			[]Item{
				{Family: "a", Step: 1, Retrievability: 0.1}, {Family: "a", Step: 1, Retrievability: 0.1}, {Family: "b", Step: 1, Retrievability: 0.9},
			},
			[]string{"a", "b", "a"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := slices.Clone(test.items)
			if got := names(Order(test.items, 7)); !slices.Equal(got, test.want) {
				t.Errorf("order %q, want %q", got, test.want)
			}
			if !slices.Equal(test.items, before) {
				t.Error("the items given were changed")
			}
		})
	}
}

// Whatever is due, every item is there once and steps touch only as often as
// the most frequent one forces them to.
func TestOrderMixesSteps(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 0))
		counts := []int{rng.IntN(8), rng.IntN(8), rng.IntN(8), rng.IntN(8), rng.IntN(20)}
		items := families(rng, counts...)
		order := Order(items, seed)
		if got, want := slices.Sorted(slices.Values(names(order))), slices.Sorted(slices.Values(names(items))); !slices.Equal(got, want) {
			t.Fatalf("seed %d: asked %q, given %q", seed, got, want)
		}
		touching := 0
		for i := 1; i < len(order); i++ {
			if order[i].Step == order[i-1].Step {
				touching++
			}
		}
		most := slices.Max(counts)
		if want := max(0, most-1-(len(items)-most)); touching != want {
			t.Errorf("seed %d, steps %v: %d neighbours of one step, want %d", seed, counts, touching, want)
		}
	}
}

func TestOrderIsDeterministic(t *testing.T) {
	var items []Item
	for i := range 12 {
		items = append(items, Item{Family: fmt.Sprint(i), Step: i % 3, Retrievability: 0.5})
	}
	if a, b := names(Order(items, 3)), names(Order(items, 3)); !slices.Equal(a, b) {
		t.Errorf("seed 3 gives %q and %q", a, b)
	}
	different := false
	for seed := range uint64(5) {
		different = different || !slices.Equal(names(Order(items, 3)), names(Order(items, 100+seed)))
	}
	if !different {
		t.Error("the seed does not break ties")
	}
}

// play deals a whole session; right decides each answer.
func play(t *testing.T, s *Session, right func(turn int, q Question) bool) []Question {
	t.Helper()
	var dealt []Question
	for {
		q, ok := s.Next()
		if !ok {
			return dealt
		}
		dealt = append(dealt, q)
		if len(dealt) > 10_000 {
			t.Fatal("the session does not end")
		}
		s.Answer(right(len(dealt)-1, q))
	}
}

func always(right bool) func(int, Question) bool {
	return func(int, Question) bool { return right }
}

func TestSessionAllRight(t *testing.T) {
	items := families(rand.New(rand.NewPCG(1, 0)), 3, 4, 5)
	s := NewSession(items, 9)
	dealt := play(t, s, always(true))
	if len(dealt) != len(items) || s.Asked() != len(items) || s.Left() != 0 {
		t.Errorf("%d questions, asked %d, left %d; want %d, %d, 0", len(dealt), s.Asked(), s.Left(), len(items), len(items))
	}
	for i, item := range Order(items, 9) {
		if dealt[i].Item != item || dealt[i].Repeat || dealt[i].Seed == 0 {
			t.Errorf("question %d is %+v, want %+v, first time, with a seed", i, dealt[i], item)
		}
	}
}

func TestSessionMissComesBack(t *testing.T) {
	gaps := map[int]bool{}
	for seed := range uint64(60) {
		items := families(rand.New(rand.NewPCG(seed, 0)), 5, 5, 5, 5)
		s := NewSession(items, seed)
		missed := ""
		dealt := play(t, s, func(turn int, q Question) bool {
			if turn == 2 {
				missed = q.Family
			}
			return turn != 2
		})
		var turns []int
		seeds := map[uint64]bool{}
		for turn, q := range dealt {
			if q.Family == missed {
				turns = append(turns, turn)
				seeds[q.Seed] = true
				if q.Repeat != (len(turns) > 1) {
					t.Errorf("seed %d: turn %d says repeat %v", seed, turn, q.Repeat)
				}
			}
		}
		if len(turns) != 3 || len(seeds) != 3 {
			t.Fatalf("seed %d: the miss is asked at turns %v with %d seeds, want three times, each with its own", seed, turns, len(seeds))
		}
		for i := 1; i < len(turns); i++ {
			between := turns[i] - turns[i-1] - 1
			gaps[between] = true
			if between < 3 || between > 5 {
				t.Errorf("seed %d: %d questions between, want 3 to 5", seed, between)
			}
		}
	}
	if len(gaps) != 3 {
		t.Errorf("gaps drawn: %v, want 3, 4 and 5", gaps)
	}
}

// In any session: no neighbours of one family unless one family is all that is
// left, misses return within reach while others wait, and nothing is dropped.
func TestSessionInvariants(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 5))
		items := families(rng, 1+rng.IntN(4), rng.IntN(6), rng.IntN(6))
		s := NewSession(items, seed)
		right := map[string]int{} // in a row
		missed := map[string]bool{}
		waiting := len(items)
		due := map[string]int{} // turn of the last miss or owed answer
		lastFamily, turn := "", 0
		for {
			open := map[string]bool{}
			for _, b := range s.missed {
				open[b.item.Family] = true
			}
			for _, item := range s.waiting {
				open[item.Family] = true
			}
			q, ok := s.Next()
			if !ok {
				if len(open) > 0 {
					t.Fatalf("seed %d: over with %v open", seed, open)
				}
				break
			}
			if q.Family == lastFamily && len(open) > 1 {
				t.Errorf("seed %d, turn %d: %s twice in a row with %v open", seed, turn, q.Family, open)
			}
			if q.Repeat {
				between := turn - due[q.Family] - 1
				if between > 5 || between < 3 && waiting > 0 {
					t.Errorf("seed %d, turn %d: back after %d others with %d waiting", seed, turn, between, waiting)
				}
			} else {
				waiting--
			}
			answer := rng.Float64() < 0.6
			s.Answer(answer)
			if answer {
				right[q.Family]++
			} else {
				right[q.Family], missed[q.Family] = 0, true
			}
			due[q.Family], lastFamily = turn, q.Family
			turn++
		}
		for _, item := range items {
			if want := 1 + map[bool]int{true: 1}[missed[item.Family]]; right[item.Family] < want {
				t.Errorf("seed %d: %s ended right %d times in a row, want %d", seed, item.Family, right[item.Family], want)
			}
		}
		if s.Left() != 0 {
			t.Errorf("seed %d: left %d at the end", seed, s.Left())
		}
	}
}

func TestSessionShort(t *testing.T) {
	for _, test := range []struct {
		name  string
		items []Item
		wrong []int // turns answered wrong
		want  []string
	}{
		{"one alone", []Item{{Family: "a"}}, []int{0}, []string{"a", "a", "a"}},
		{"two", []Item{{Family: "a", Step: 1}, {Family: "b", Step: 2, Retrievability: 1}}, []int{0, 1}, []string{"a", "b", "a", "b", "a", "b"}},
		{"as far as two allow", []Item{{Family: "a", Step: 1}, {Family: "b", Step: 2, Retrievability: 0.5}, {Family: "c", Step: 3, Retrievability: 1}}, []int{0}, []string{"a", "b", "c", "a", "a"}},
		{"missed again", []Item{{Family: "a"}}, []int{0, 2}, []string{"a", "a", "a", "a", "a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := NewSession(test.items, 1)
			dealt := play(t, s, func(turn int, _ Question) bool { return !slices.Contains(test.wrong, turn) })
			got := make([]string, len(dealt))
			for i, q := range dealt {
				got[i] = q.Family
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("dealt %q, want %q", got, test.want)
			}
		})
	}
}

func TestSessionLeft(t *testing.T) {
	s := NewSession([]Item{{Family: "a", Step: 1}, {Family: "b", Step: 2, Retrievability: 1}}, 1)
	if s.Left() != 2 {
		t.Errorf("left %d before the first, want 2", s.Left())
	}
	s.Answer(false) // nothing on the table
	s.Next()
	s.Answer(false)
	s.Answer(true) // counts once
	if s.Left() != 3 {
		t.Errorf("left %d after a miss, want b and twice a: 3", s.Left())
	}
	s.Next() // b, skipped
	s.Next()
	if s.Left() != 1 {
		t.Errorf("left %d with a on the table for the second time, want its third: 1", s.Left())
	}
}

func TestSessionIsDeterministic(t *testing.T) {
	items := families(rand.New(rand.NewPCG(2, 0)), 4, 4, 4)
	run := func() []Question {
		return play(t, NewSession(items, 11), func(turn int, _ Question) bool { return turn%3 != 0 || turn > 20 })
	}
	if a, b := run(), run(); !slices.Equal(a, b) {
		t.Error("the same seed and answers dealt two different sessions")
	}
}

func BenchmarkOrder(b *testing.B) {
	items := families(rand.New(rand.NewPCG(3, 0)), 20, 20, 20, 20, 20)
	for b.Loop() {
		Order(items, 1)
	}
}
