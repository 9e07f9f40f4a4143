package tui

import (
	"fmt"
	"time"

	"loralab/drills"
)

// summary says what came of a drill or an interview.
func (s *drillScreen) summary() []string {
	switch from := s.from.(type) {
	case *drills.Sitting:
		if err := from.Err(); err != nil {
			return []string{s.env.styles.bad.Render("✗ " + err.Error())}
		}
		return s.sittingSummary(from.Summary())
	case *drills.Interview:
		return s.scorecard(from.Scorecard())
	}
	return nil
}

func (s *drillScreen) sittingSummary(sum drills.SittingSummary) []string {
	st := s.env.styles
	lines := []string{st.title.Render("That was it"), "",
		fmt.Sprintf("%d questions, %d right at once, %d after a hint", sum.Asked, sum.Right, sum.Hinted)}
	if len(sum.Review) > 0 {
		lines = append(lines, "", st.strong.Render("worth another look"))
		for _, f := range sum.Review {
			lines = append(lines, "  "+f.Title+st.muted.Render("  "+f.Step))
		}
	}
	if len(sum.Comeback) > 0 {
		lines = append(lines, "", st.strong.Render("when it comes back"))
		now := time.Now()
		for _, c := range sum.Comeback {
			lines = append(lines, fmt.Sprintf("  %-14s %s", drills.Until(c.Due, now), c.Family.Title))
		}
	}
	return lines
}

// scorecard sums an interview up: by depth and step, what to review, and the
// model answers with the numbers that were drawn.
func (s *drillScreen) scorecard(card drills.Scorecard) []string {
	st := s.env.styles
	lines := []string{st.title.Render("The scorecard"), "",
		fmt.Sprintf("%d questions in %s: %d right, %d with a hint, %d %% in all", card.All.Asked, minutes(card.Took), card.All.Right, card.All.Hinted, percent(card.All.Score)), ""}
	lines = append(lines, s.marks("by depth", card.Depths)...)
	lines = append(append(lines, ""), s.marks("by step", card.Steps)...)
	if len(card.Review) > 0 {
		lines = append(lines, "", st.strong.Render("to review"))
		for _, f := range card.Review {
			lines = append(lines, "  "+f.Title+st.muted.Render("  "+f.Step))
		}
	}
	lines = append(lines, "", st.strong.Render("the questions, and what a good answer says"))
	for i, t := range card.Turns {
		lines = append(lines, "")
		lines = append(lines, s.wrapped(fmt.Sprintf("%d. %s", i+1, t.Asked.Question.Prompt))...)
		if t.Answered {
			lines = append(lines, s.labelled("you said", t.Said)...)
		}
		for _, m := range t.Model {
			lines = append(lines, s.labelled("the answer", m)...)
		}
		lines = append(lines, s.labelled("why", t.Why)...)
	}
	return lines
}

func (s *drillScreen) marks(title string, marks []drills.Mark) []string {
	st := s.env.styles
	lines := []string{st.strong.Render(title)}
	for _, m := range marks {
		if m.Asked == 0 {
			lines = append(lines, st.muted.Render(fmt.Sprintf("  %-20s not asked", m.Name)))
			continue
		}
		lines = append(lines, fmt.Sprintf("  %-20s %s %3d %%  of %d", m.Name, bar(percent(m.Score), 100, 20, st), percent(m.Score), m.Asked))
	}
	return lines
}

func percent(share float64) int { return int(100*share + 0.5) }

func minutes(d time.Duration) string {
	if d < time.Minute {
		return "less than a minute"
	}
	if n := int(d.Round(time.Minute) / time.Minute); n != 1 {
		return fmt.Sprintf("%d minutes", n)
	}
	return "a minute"
}
