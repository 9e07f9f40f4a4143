package drills

import (
	"fmt"
	"math"
	"time"

	"loralab/lessons/show"
	"loralab/lora/number"
)

// summary says what came of a drill.
func (s *Sitting) summary() []show.Block {
	sum := s.Summary()
	if sum.Asked == 0 {
		return append(stopped(s.err), show.Words{Text: "No question answered. Nothing changed."})
	}
	line := fmt.Sprintf("%s answered, %d right at once", number.Plural(sum.Asked, "question"), sum.Right)
	if sum.Hinted > 0 {
		line += fmt.Sprintf(", %d after a hint", sum.Hinted)
	}
	if sum.Passed > 0 {
		line += fmt.Sprintf("; %d passed over", sum.Passed)
	}
	all := append(stopped(s.err), show.Heading{Text: "That was it"}, show.Words{Text: line + "."})
	all = append(all, review("worth another look", sum.Review)...)
	back := show.Table{Title: "when it comes back"}
	for _, c := range sum.Comeback {
		missed := ""
		if c.Missed {
			missed = "missed"
		}
		back.Rows = append(back.Rows, []string{Until(c.Due, s.now()), c.Family.Title, missed})
	}
	return append(all, back)
}

// summary is the scorecard: marks, what to review, and the model answers with
// the numbers that were drawn.
func (v *Interview) summary() []show.Block {
	card := v.Scorecard()
	if card.All.Asked == 0 {
		return append(stopped(v.err), show.Words{Text: "No question answered: no scorecard."})
	}
	line := fmt.Sprintf("%s in %s: %d right at once", number.Plural(card.All.Asked, "question"), took(card.Took), card.All.Right)
	if card.All.Hinted > 0 {
		line += fmt.Sprintf(", %d after a hint", card.All.Hinted)
	}
	line += fmt.Sprintf(". Score %s; a hint halves what a question gives.", number.Percent(card.All.Score))
	all := append(stopped(v.err), show.Heading{Text: "The scorecard"}, show.Words{Text: line},
		marks("by depth", card.Depths), marks("by step", card.Steps))
	all = append(all, review("to review", card.Review)...)
	all = append(all, show.Heading{Text: "The questions, and what a good answer says"})
	for i, turn := range card.Turns {
		all = append(all, turn.blocks(i+1))
	}
	return all
}

func (t Turn) blocks(number int) show.Block {
	f := t.Asked.Family
	prompt := fmt.Sprintf("%s (%s, %s). %s", f.Title, f.Step, f.Depth, t.Asked.Question.Prompt)
	q := show.Question{Title: fmt.Sprintf("%d.", number), State: show.Taken, Blocks: []show.Block{show.Words{Text: prompt}}}
	if t.Said != "" {
		q.Blocks = append(q.Blocks, show.Label{Name: "you said", Text: t.Said})
	}
	v := show.Verdict{Read: t.Echo}
	v.Mark, v.Word = t.mark()
	q.Blocks = append(q.Blocks, v)
	for i, model := range t.Model {
		name := "the answer"
		if len(t.Model) > 1 {
			name = fmt.Sprintf("the answer to %d", i+1)
		}
		q.Blocks = append(q.Blocks, show.Label{Name: name, Text: model})
	}
	if t.Why != "" {
		q.Blocks = append(q.Blocks, show.Label{Name: "why", Text: t.Why})
	}
	return q
}

func (t Turn) mark() (show.Mark, string) {
	switch {
	case !t.Answered || t.Said == "":
		return show.Unanswered, "not answered"
	case t.Right && t.Hinted:
		return show.Partly, "right after a hint"
	case t.Right:
		return show.Hit, "right"
	case t.Score > 0:
		return show.Partly, "right in part"
	}
	return show.Missed, "not quite"
}

// stopped says why a talk ended before its time.
func stopped(err error) []show.Block {
	if err == nil {
		return nil
	}
	return []show.Block{show.Verdict{Mark: show.Missed, Word: err.Error()}}
}

func marks(title string, all []Mark) show.Table {
	t := show.Table{Title: title, Head: []string{"", "asked", "right", "with a hint", "score"}}
	for _, m := range all {
		if m.Asked == 0 {
			t.Rows, t.Shares = append(t.Rows, []string{m.Name, "none", "", "", ""}), append(t.Shares, math.NaN())
			continue
		}
		t.Rows = append(t.Rows, []string{m.Name, fmt.Sprint(m.Asked), fmt.Sprint(m.Right), fmt.Sprint(m.Hinted), number.Percent(m.Score)})
		t.Shares = append(t.Shares, m.Score)
	}
	return t
}

// review says where to look again.
func review(title string, families []*Family) []show.Block {
	if len(families) == 0 {
		return nil
	}
	t := show.Table{Title: title}
	for _, f := range families {
		t.Rows = append(t.Rows, []string{f.Step, f.Title, string(f.Depth)})
	}
	return []show.Block{t}
}

func took(d time.Duration) string {
	return number.Plural(max(int(math.Ceil(d.Minutes())), 1), "minute")
}
