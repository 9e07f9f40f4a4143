package lessons

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/show"
)

// goal is what there is to reach on a page, with what the learner did about it.
type goal struct {
	Goal
	page    lab.Settings // the page's own
	hinted  bool
	reached bool
	with    string // the knobs that reached it first
}

func newGoal(g Goal, l *Lesson, p Page, book *Notebook) *goal {
	state := &goal{Goal: g, page: p.Run().Settings}
	kept, ok := book.Goal(l.ID, g.ID)
	if state.reached = ok; ok {
		state.with = difference(settingsOf(kept.Settings, state.page), state.page)
	}
	return state
}

// settingsOf reads what the journal keeps of settings. Knobs that there are no more, and
// those that there were not yet, stand as in other.
func settingsOf(kept json.RawMessage, other lab.Settings) lab.Settings {
	var values map[string]any
	if json.Unmarshal(kept, &values) != nil {
		return other
	}
	for name, value := range values {
		text := fmt.Sprint(value)
		if set, ok := value.([]any); ok {
			text = strings.Trim(strings.Join(strings.Fields(fmt.Sprint(set...)), ","), "[]")
		}
		if s, err := other.With(name, text); err == nil {
			other = s
		}
	}
	return other
}

// judge takes a run of the page. The first that reaches the goal is written down.
func (g *goal) judge(ctx context.Context, lesson string, r *lab.Record, book *Notebook) error {
	if g.reached || !g.Reached(r) {
		return nil
	}
	if err := book.SaveGoal(ctx, lesson, g.ID, r); err != nil {
		return err
	}
	g.reached, g.with = true, difference(r.Settings, g.page)
	return nil
}

// block shows how the last run stands to the goal.
func (g *goal) block(last *lab.Record) show.Block {
	b := show.Goal{Text: g.Text, Brief: g.Brief, State: "still to be reached", Mark: show.Unanswered}
	for _, c := range g.When {
		test := show.Test{Ask: c.String(), Value: c.Value(last), Mark: show.Missed}
		if c.Met(last) {
			test.Mark = show.Hit
		}
		b.Tests = append(b.Tests, test)
	}
	switch {
	case g.with != "":
		b.Mark, b.State = show.Hit, "reached with "+g.with
	case g.reached:
		b.Mark, b.State = show.Hit, "reached"
	}
	if g.hinted {
		b.Hint = g.Hint
	}
	return b
}

// plays reports whether there is a goal that the learner can still try to reach: all
// is predicted, and the page was run.
func (w *Walk) plays() bool {
	p := &w.pages[w.page]
	return p.goal != nil && !p.goal.reached && w.asking() == nil && p.trial.Finished() != nil
}
