package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/lessons"
)

func newInterview(l *laboratory) *cobra.Command {
	var minutes int
	var seed uint64
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
			if l.screen() {
				return openInterview(cmd, l, o)
			}
			return interview(cmd, l, o)
		},
	}
	cmd.Flags().IntVar(&minutes, "minutes", drills.InterviewMinutes, "how long it takes, about a question a minute")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "draws questions and numbers (default: others every time)")
	return cmd
}

// interview talks in plain text.
func interview(cmd *cobra.Command, l *laboratory, o drills.InterviewOptions) error {
	rules := fmt.Sprintf("All steps, all depths, %d minutes.", o.Minutes)
	return converse(cmd, l, rules, func(ctx context.Context, bank *drills.Bank, book *lessons.Notebook) (*drills.Talk, error) {
		return drills.NewConversation(ctx, bank, book, o)
	})
}
