package drills

import (
	"testing"
	"time"

	"loralab/drills/verdict"
)

// Three questions right at once, two after a hint, one wrong: no two of the
// counts are equal, so that none can stand for another.
func TestSummaryTellsRightFromHinted(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 2), SittingOptions{Count: 6})
	for n := 1; n <= 6; n++ {
		a, ok := s.Next()
		if !ok {
			t.Fatal("too few questions")
		}
		text := right(a)
		switch n {
		case 2, 5:
			a.Hint()
		case 4:
			text = wrong
		}
		if _, err := s.Answer(d.ctx, a, text, Sure); err != nil {
			t.Fatal(err)
		}
	}
	if sum := s.Summary(); sum.Asked != 6 || sum.Right != 3 || sum.Hinted != 2 || len(sum.Review) != 3 {
		t.Errorf("%d asked, %d right, %d after a hint, %d to review; want 6, 3, 2, 3", sum.Asked, sum.Right, sum.Hinted, len(sum.Review))
	}
}

func TestScorecardTellsRightFromHinted(t *testing.T) {
	d := newDesk(t)
	v := d.interview(smallBank(t, 3), 6, 3)
	for n := 1; n <= 6; n++ {
		a, ok := v.Next()
		if !ok {
			t.Fatal("too few questions")
		}
		d.time = d.time.Add(10 * time.Second)
		var texts []string
		switch n {
		case 2, 5:
			texts = []string{wrong, right(a)}
		case 4:
			texts = []string{wrong, wrong}
		default:
			texts = []string{right(a)}
		}
		for _, text := range texts {
			if r, err := v.Answer(d.ctx, a, text, Sure); err != nil || r.Status == verdict.Invalid {
				t.Fatalf("%q: %v, %v", text, r.Status, err)
			}
		}
	}
	card := v.Scorecard()
	if m := card.All; m.Asked != 6 || m.Right != 3 || m.Hinted != 2 {
		t.Errorf("%+v, want 6 asked, 3 right, 2 after a hint", m)
	}
	var steps, depths Mark
	for _, m := range card.Steps {
		steps.Right, steps.Hinted = steps.Right+m.Right, steps.Hinted+m.Hinted
	}
	for _, m := range card.Depths {
		depths.Right, depths.Hinted = depths.Right+m.Right, depths.Hinted+m.Hinted
	}
	if steps.Right != 3 || steps.Hinted != 2 || depths.Right != 3 || depths.Hinted != 2 {
		t.Errorf("steps %+v, depths %+v: want 3 right, 2 after a hint", steps, depths)
	}
	right, hinted := 0, 0
	for _, turn := range card.Turns {
		switch {
		case turn.Right && turn.Hinted:
			hinted++
		case turn.Right:
			right++
		}
	}
	if right != 3 || hinted != 2 {
		t.Errorf("%d turns right, %d after a hint; want 3, 2", right, hinted)
	}
}

// TestSittingPlansAsTheJournal: what a sitting says of when a question comes back
// is what the journal will say, after a miss as after a success.
func TestSittingPlansAsTheJournal(t *testing.T) {
	d := newDesk(t)
	s := d.sit(smallBank(t, 1), SittingOptions{Count: 4})
	for i := range 4 {
		a, ok := s.Next()
		if !ok {
			t.Fatal("the sitting ends early")
		}
		answer := right(a)
		if i%2 == 0 {
			answer = wrong
		}
		if _, err := s.Answer(d.ctx, a, answer, Think); err != nil {
			t.Fatal(err)
		}
	}
	memories, err := d.j.Memories(d.ctx)
	if err != nil {
		t.Fatal(err)
	}
	due := map[string]time.Time{}
	for _, m := range memories {
		due[m.Family] = m.State.Due
	}
	for _, c := range s.Summary().Comeback {
		if !c.Due.Equal(due[c.Family.ID]) {
			t.Errorf("%s (missed: %v) comes back at %v, the journal says %v", c.Family.ID, c.Missed, c.Due, due[c.Family.ID])
		}
	}
	if len(due) < 2 {
		t.Errorf("%d families reviewed: too few to compare", len(due))
	}
}
