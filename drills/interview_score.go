package drills

import (
	"time"

	"loralab/drills/verdict"
)

// Scorecard is what came of an interview.
type Scorecard struct {
	Took   time.Duration
	All    Mark
	Steps  []Mark // all steps in their order, also those not reached
	Depths []Mark
	Turns  []Turn
	Review []*Family // missed, or right only with a hint, in the order of the course
}

// Mark sums up some questions.
type Mark struct {
	Name   string
	Asked  int
	Right  int     // at once and without a hint
	Hinted int     // right after a hint
	Score  float64 // 0 to 1, the mean; a hint halves what a question gives
}

// Turn is one question of an interview with what was said.
type Turn struct {
	Asked    *Asked
	Answered bool
	Said     string   // the last answer
	Echo     string   // as it was read
	Feedback string   // of the last answer, a line each
	Right    bool     // the last answer was
	Hinted   bool     // the last answer came after a hint
	Score    float64  // 0 to 1; a hint halves it
	Model    []string // the model answer to each part, with the numbers of this question
	Why      string
}

// Scorecard sums the interview up as far as it has come.
func (v *Interview) Scorecard() Scorecard {
	card := Scorecard{Took: v.now().Sub(v.begun)}
	for _, step := range v.bank.Steps() {
		card.Steps = append(card.Steps, Mark{Name: step})
	}
	for _, depth := range Depths() {
		card.Depths = append(card.Depths, Mark{Name: string(depth)})
	}
	review := map[*Family]bool{}
	for _, a := range v.asked {
		if a.void {
			continue
		}
		t := a.turn()
		card.Turns = append(card.Turns, t)
		if !t.Answered && !a.closed { // on the table when the interview was left
			continue
		}
		review[a.Family] = a.missed || !t.Right
		for _, m := range []*Mark{&card.All, &card.Steps[v.bank.stepIndex(a.Family.Step)], &card.Depths[depthIndex(a.Family.Depth)]} {
			m.add(t)
		}
	}
	for _, f := range v.bank.families {
		if review[f] {
			card.Review = append(card.Review, f)
		}
	}
	return card
}

func (a *Asked) turn() Turn {
	t := Turn{
		Asked: a, Answered: a.tries > 0, Said: a.said, Echo: a.last.Echo, Feedback: a.last.Feedback,
		Right: a.last.Status == verdict.Right, Score: a.last.Score, Why: a.Question.Why,
	}
	if t.Hinted = a.helped; t.Hinted {
		t.Score /= 2
	}
	for _, p := range a.Question.Parts {
		if p.Key == "" { // its run is not over
			continue
		}
		t.Model = append(t.Model, p.Key)
	}
	return t
}

// add counts a turn in.
func (m *Mark) add(t Turn) {
	m.Score = (m.Score*float64(m.Asked) + t.Score) / float64(m.Asked+1)
	m.Asked++
	switch {
	case t.Right && t.Hinted:
		m.Hinted++
	case t.Right:
		m.Right++
	}
}
