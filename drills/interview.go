package drills

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"loralab/drills/journal"
	"loralab/drills/verdict"
	"loralab/lessons"
)

// InterviewOptions are how long an interview takes and what it draws.
type InterviewOptions struct {
	Minutes int    // 20 if 0
	Seed    uint64 // 0 takes one from the clock
	Now     func() time.Time
}

// InterviewMinutes is how long an interview takes unless told otherwise.
const InterviewMinutes = 20

// Interview asks as an interviewer would. It begins with what is conceptual,
// goes deeper when the answer is right, gives a hint when it is not and then asks
// something simpler; it goes through all steps, and through all depths, in the
// time there is. The [Scorecard] has the model answers.
//
// It asks about one question a minute: the time bounds a slow talk, the number a
// fast one.
type Interview struct {
	examiner
	bank    *Bank
	seed    uint64
	rng     *rand.Rand
	begun   time.Time
	ends    time.Time
	budget  int
	topic   topic
	asked   []*Asked
	used    map[*Family]bool
	covered map[Depth]int
	err     error
}

// NewInterview begins an interview; its time runs from now.
func NewInterview(_ context.Context, bank *Bank, book *lessons.Notebook, o InterviewOptions) (*Interview, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Minutes == 0 {
		o.Minutes = InterviewMinutes
	}
	if o.Minutes < 1 || o.Minutes > 240 {
		return nil, fmt.Errorf("an interview of %d minutes: want 1 to 240", o.Minutes)
	}
	now := o.Now()
	if o.Seed == 0 {
		o.Seed = clockSeed(now)
	}
	return &Interview{
		examiner: examiner{book, journal.Interview, o.Now}, bank: bank, seed: o.Seed, rng: rand.New(rand.NewPCG(o.Seed, 2)),
		begun: now, ends: now.Add(time.Duration(o.Minutes) * time.Minute),
		budget: max(o.Minutes, len(bank.Steps())), topic: topic{step: -1},
		used: map[*Family]bool{}, covered: map[Depth]int{},
	}, nil
}

// Next asks the next question; false ends the interview.
func (v *Interview) Next() (*Asked, bool) {
	if v.err != nil {
		return nil, false
	}
	if n := len(v.asked); n > 0 {
		v.asked[n-1].closed = true
	}
	family, lead := v.choose()
	if family == nil {
		return nil, false
	}
	question, err := family.Instance(1 + v.rng.Uint64N(999_999))
	if err != nil {
		v.err = err
		return nil, false
	}
	a := &Asked{Family: family, Question: question, Number: len(v.asked) + 1, Of: v.budget, Lead: lead}
	v.asked = append(v.asked, a)
	v.used[family] = true
	v.covered[family.Depth]++
	v.topic.asked++
	return a, true
}

// Seed is the seed the questions are drawn from.
func (v *Interview) Seed() uint64 { return v.seed }

// Left is the time left, never below zero.
func (v *Interview) Left() time.Duration { return max(v.ends.Sub(v.now()), 0) }

// Err is why Next ended the interview early: a mistake in the content.
func (v *Interview) Err() error { return v.err }

// Answer grades an answer as [Sitting.Answer] does. After the first that is not
// right the interviewer gives a hint in a.Reply, and the question stays open for
// another.
func (v *Interview) Answer(ctx context.Context, a *Asked, text string, c Confidence) (Result, error) {
	r, err := v.judge(ctx, a, text, c)
	if err != nil || r.Status == verdict.Invalid {
		return r, err
	}
	switch r.Status {
	case verdict.Right:
		a.Reply = "Right."
	case verdict.Partial:
		a.Reply = "Partly."
	default:
		a.Reply = "Not yet."
	}
	v.prompt(a)
	return r, nil
}

// GiveUp says that the learner does not know. The first time it brings a hint.
func (v *Interview) GiveUp(ctx context.Context, a *Asked) (Result, error) {
	r, err := v.giveUp(ctx, a)
	if err != nil {
		return r, err
	}
	a.Reply = "Fair enough."
	v.prompt(a)
	return r, nil
}

// prompt closes a question, unless its first answer was not right and there is
// a hint to give.
func (v *Interview) prompt(a *Asked) {
	a.closed = true
	if a.tries > 1 || a.last.Status == verdict.Right {
		return
	}
	if hint, _ := a.Hint(); hint != "" {
		a.closed = false
		a.Reply += " A hint: " + hint
	}
}

// Contest marks the last verdict on a question as disputed.
func (v *Interview) Contest(ctx context.Context, a *Asked) error { return v.contest(ctx, a) }
