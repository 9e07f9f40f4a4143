package drills

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"loralab/drills/journal"
	"loralab/drills/schedule"
	"loralab/drills/verdict"
	"loralab/lessons"
)

// SittingOptions choose what is asked. The zero value asks what is due, of all
// steps and depths.
type SittingOptions struct {
	Step   string
	Depth  Depth
	Family string // one family alone, "" for all
	Count  int    // questions, at most MaxQuestions; 0 is what is due, but 5 to 12
	Seed   uint64 // 0 takes one from the clock

	// Interview is when the learner wants to know it all: it shortens what the
	// schedule would let rest for longer. The zero time does not.
	Interview time.Time

	Now func() time.Time // time.Now if nil
}

// MaxQuestions is how many questions one sitting plans at most: more than anybody
// answers, and few enough to plan at once.
const MaxQuestions = 1000

// A sitting that was not given a number of questions has a handful even when
// less is due, and ends before attention does.
const (
	handful = 5
	plenty  = 12
)

// Sitting asks what is due: what the learner was sure of and had wrong first,
// the steps mixed, new families last. A miss comes back with other numbers after
// a few other questions until it was right twice.
type Sitting struct {
	examiner
	bank    *Bank
	options SittingOptions
	dealt   *schedule.Session
	plan    schedule.Parameters
	states  map[string]schedule.State // of every family reviewed so far
	next    *Family                   // a follow-up to be asked out of turn
	current *Asked
	asked   []*Asked
	err     error
}

// NewSitting chooses the questions. The error says what is wrong with the
// options, or with the journal.
func NewSitting(ctx context.Context, bank *Bank, book *lessons.Notebook, o SittingOptions) (*Sitting, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	families := bank.Select(o.Step, o.Depth)
	if o.Family != "" {
		f, err := bank.Family(o.Family)
		if err != nil {
			return nil, err
		}
		families, o.Count = []*Family{f}, max(o.Count, 1)
	}
	if len(families) == 0 {
		return nil, fmt.Errorf("no question of step %q and depth %q (steps: %q; depths: %q)", o.Step, o.Depth, bank.Steps(), Depths())
	}
	if o.Count < 0 || o.Count > MaxQuestions {
		return nil, fmt.Errorf("%d questions: want 1 to %d", o.Count, MaxQuestions)
	}
	now := o.Now()
	if o.Seed == 0 {
		o.Seed = clockSeed(now)
	}
	remembered, plan, err := memories(ctx, book.Journal())
	if err != nil {
		return nil, err
	}
	s := &Sitting{
		examiner: examiner{book, journal.Drill, o.Now}, bank: bank, options: o,
		plan: plan, states: map[string]schedule.State{},
	}
	for id, m := range remembered {
		s.states[id] = m.State
	}
	s.dealt = schedule.NewSession(choose(bank, families, remembered, plan, o, now), o.Seed)
	return s, nil
}

// clockSeed is a seed that is another one every time, small enough to be typed.
func clockSeed(now time.Time) uint64 { return 1 + uint64(now.UnixNano())%999_999 }

// Seed is the seed the questions are drawn from.
func (s *Sitting) Seed() uint64 { return s.options.Seed }

// memories returns what is remembered of each family, and the schedule that it
// follows.
func memories(ctx context.Context, j *journal.Journal) (map[string]journal.Memory, schedule.Parameters, error) {
	all := map[string]journal.Memory{}
	if j == nil {
		return all, schedule.DefaultParameters(), nil
	}
	list, err := j.Memories(ctx)
	for _, m := range list {
		all[m.Family] = m
	}
	return all, j.Schedule(), err
}

// choose picks the families of a sitting: what is due, then new ones in the
// order of the course, then what will be due, the least certain first. If more
// are asked for than there are families, it goes round again.
func choose(bank *Bank, families []*Family, memories map[string]journal.Memory, plan schedule.Parameters, o SittingOptions, now time.Time) []schedule.Item {
	var due, fresh, later []schedule.Item
	// As an interviewer would: a step begins with what is conceptual.
	slices.SortStableFunc(families, func(a, b *Family) int {
		return cmp.Or(bank.stepIndex(a.Step)-bank.stepIndex(b.Step), depthIndex(a.Depth)-depthIndex(b.Depth))
	})
	for _, f := range families {
		m, seen := memories[f.ID]
		m.Family = f.ID
		item := m.Item(plan, bank.stepIndex(f.Step), now)
		switch {
		case !seen:
			fresh = append(fresh, item)
		case m.State.DueBy(o.Interview).After(now):
			later = append(later, item)
		default:
			due = append(due, item)
		}
	}
	count := o.Count
	if count == 0 {
		count = min(max(len(due), handful), plenty, len(families))
	}
	slices.SortStableFunc(later, func(a, b schedule.Item) int { return cmp.Compare(a.Retrievability, b.Retrievability) })
	all := append(append(schedule.Order(due, o.Seed), fresh...), later...)
	items := all[:min(count, len(all))]
	for len(items) < count {
		items = append(items, all[len(items)%len(all)])
	}
	return items
}

func depthIndex(d Depth) int { return slices.Index(Depths(), d) }

// Next deals the next question; false ends the sitting. A question that was not
// answered is passed over for this sitting.
func (s *Sitting) Next() (*Asked, bool) {
	var q schedule.Question
	if f := s.next; f != nil {
		s.next = nil
		m := journal.Memory{Family: f.ID, State: s.states[f.ID]}
		q = s.dealt.Follow(m.Item(s.plan, s.bank.stepIndex(f.Step), s.now()))
	} else {
		var ok bool
		if q, ok = s.dealt.Next(); !ok || s.err != nil {
			s.current = nil
			return nil, false
		}
	}
	family := s.bank.Find(q.Family)
	question, err := family.Instance(q.Seed)
	if err != nil {
		s.err, s.current = err, nil
		return nil, false
	}
	s.current = &Asked{
		Family: family, Question: question, Repeat: q.Repeat,
		Number: s.dealt.Asked(), Of: s.dealt.Asked() + s.dealt.Left(),
	}
	s.asked = append(s.asked, s.current)
	return s.current, true
}

// Err is why Next ended the sitting early: a mistake in the content.
func (s *Sitting) Err() error { return s.err }

// Answer grades an answer, a page if the question has parts. When it returns
// what was written is in the journal. An answer that cannot be read costs
// nothing, and the question stays open; any other closes it. There is no second
// try at the same numbers: the verdict says where the answer and the truth part,
// which gives the truth away, so the second try is the same family with others.
func (s *Sitting) Answer(ctx context.Context, a *Asked, text string, c Confidence) (Result, error) {
	r, err := s.judge(ctx, a, text, c)
	if err != nil || r.Status == verdict.Invalid {
		return r, err
	}
	s.close(a)
	return r, nil
}

// GiveUp says that the learner does not know: a miss, and the key is shown.
func (s *Sitting) GiveUp(ctx context.Context, a *Asked) (Result, error) {
	r, err := s.giveUp(ctx, a)
	if err != nil {
		return r, err
	}
	s.close(a)
	return r, nil
}

// close takes the verdict into the schedule.
func (s *Sitting) close(a *Asked) {
	a.closed = true
	rating := schedule.Good
	if a.missed {
		rating = schedule.Again
	}
	s.states[a.Family.ID] = s.plan.Next(s.states[a.Family.ID], rating, a.when)
	if a == s.current {
		s.dealt.Answer(!a.missed)
		a.Of = max(a.Of, s.dealt.Asked()+s.dealt.Left())
	}
}

// Contest marks the last verdict on a question as disputed.
func (s *Sitting) Contest(ctx context.Context, a *Asked) error { return s.contest(ctx, a) }

// Follow makes a follow-up the next question; it reports whether the bank has
// it.
func (s *Sitting) Follow(u FollowUp) bool {
	f := s.bank.Find(u.Family)
	if f == nil {
		return false
	}
	s.next = f
	return true
}
