package main

import (
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"loralab/drills"
)

func newInterview(l *lab) *cobra.Command {
	var minutes int
	var seed uint64
	var plain bool
	cmd := &cobra.Command{
		Use:   "interview",
		Short: "Be interviewed: from the concept to what fails, with follow-ups and a scorecard",
		Long: "interview begins with what is conceptual, goes deeper when you are right, and gives a hint\n" +
			"and then something simpler when you are not. It goes through all steps and depths in the\n" +
			"time, and ends with a scorecard and the model answers.",
		Example: "  loralab interview\n  loralab interview --minutes 10 --plain",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if minutes < 1 || minutes > 240 {
				return usagef("--minutes %d: want 1 to 240", minutes)
			}
			o := drills.InterviewOptions{Minutes: minutes, Seed: seed, Now: time.Now}
			if !plain && interactive() {
				return openInterview(cmd, l, o)
			}
			return interview(cmd, l, o)
		},
	}
	cmd.Flags().IntVar(&minutes, "minutes", drills.InterviewMinutes, "how long it takes, about a question a minute")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "draws questions and numbers (default: others every time)")
	cmd.Flags().BoolVar(&plain, "plain", false, "plain text, line by line, instead of the screen")
	return cmd
}

// interview talks in plain text.
func interview(cmd *cobra.Command, l *lab, o drills.InterviewOptions) error {
	bank, err := l.bank()
	if err != nil {
		return err
	}
	return l.withNotebook(cmd, func(book *drills.Notebook) error {
		v, err := drills.NewInterview(cmd.Context(), bank, book, o)
		if err != nil {
			return usage(err)
		}
		q := newQuiz(cmd, v)
		q.talk.say("Interview, seed %d: all steps, all depths, %d minutes.\n%s\n", v.Seed(), o.Minutes, q.help())
		q.run(func(a *drills.Asked) string {
			return fmt.Sprintf("Question %d of about %d, %d min left. %s, %s.", a.Number, a.Of, int(math.Ceil(v.Left().Minutes())), a.Family.Step, a.Family.Depth)
		})
		if q.err == nil {
			q.err = v.Err()
		}
		q.talk.say("")
		q.scorecard(v.Scorecard())
		return q.err
	})
}

// scorecard prints marks, what to review, and the model answers.
func (q *quiz) scorecard(card drills.Scorecard) {
	if card.All.Asked == 0 {
		q.talk.say("No question answered: no scorecard.")
		return
	}
	line := fmt.Sprintf("Scorecard: %s in %s, %d right at once", many(card.All.Asked, "question"), many(int(math.Ceil(card.Took.Minutes())), "minute"), card.All.Right)
	if card.All.Hinted > 0 {
		line += fmt.Sprintf(", %d after a hint", card.All.Hinted)
	}
	q.talk.say("%s, score %.0f %%.\nA hint halves what a question gives.", line, 100*card.All.Score)
	for _, group := range []struct {
		name  string
		marks []drills.Mark
	}{{"by step", card.Steps}, {"by depth", card.Depths}} {
		q.talk.say("\n%-20s %5s %5s %10s %7s", group.name, "asked", "right", "with hint", "score")
		for _, m := range group.marks {
			if m.Asked == 0 {
				q.talk.say("%-20s %5s", m.Name, "none")
				continue
			}
			q.talk.say("%-20s %5d %5d %10d %5.0f %%", m.Name, m.Asked, m.Right, m.Hinted, 100*m.Score)
		}
	}
	printReview(q.talk, card.Review)
	q.talk.say("\nModel answers, with the numbers you had:")
	for i, t := range card.Turns {
		q.turn(i+1, t)
	}
}

func (q *quiz) turn(number int, t drills.Turn) {
	f := t.Asked.Family
	q.talk.say("\n%d. %s (%s, %s): %s", number, f.Title, f.Step, f.Depth, outcome(t))
	q.prose(t.Asked.Question.Prompt)
	if t.Said != "" {
		q.label("You said: ", t.Said)
	}
	for i, model := range t.Model {
		if len(t.Model) > 1 {
			q.prose(fmt.Sprintf("Part %d: %s", i+1, t.Asked.Question.Parts[i].Ask))
		}
		q.label("The answer: ", model)
	}
	q.prose("Why: " + t.Why)
}

func outcome(t drills.Turn) string {
	switch {
	case !t.Answered:
		return "not answered"
	case t.Right && t.Hinted:
		return "right after a hint"
	case t.Right:
		return "right"
	case t.Score > 0:
		return "right in part"
	}
	return "not right"
}
