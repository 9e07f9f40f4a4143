package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func newTour(l *lab) *cobra.Command {
	return &cobra.Command{
		Use:   "tour",
		Short: "Print the steps, really run, in plain text",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return tour(cmd, l) },
	}
}

// tour prints every page of every step with its runs, without asking.
func tour(cmd *cobra.Command, l *lab) error {
	all, err := l.lessons()
	if err != nil {
		return err
	}
	talk := newDialogue(strings.NewReader(""), cmd.OutOrStdout())
	talk.say("loralab: low-rank adaptation, by running it\n\n    h = Wx + (α/r)·B·A·x\n")
	talk.say("Every number below was computed just now. On a terminal, loralab opens the\nlaboratory instead, where you predict first and turn the knobs yourself.\n")
	r := newReader(cmd.Context(), talk, len(all))
	for _, lesson := range all {
		talk.say("%s\n%d  %s: %s\n", strings.Repeat("─", talk.width), lesson.Step, lesson.Title, lesson.Question)
		if err := r.lesson(lesson); err != nil {
			return err
		}
	}
	return nil
}
