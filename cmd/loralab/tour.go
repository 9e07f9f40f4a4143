package main

import (
	"strings"

	"github.com/spf13/cobra"

	"loralab/lessons"
)

func newTour(l *laboratory) *cobra.Command {
	return &cobra.Command{
		Use:   "tour",
		Short: "Print the steps, really run, in plain text",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return tour(cmd, l) },
	}
}

// tour prints every page of every step with its runs, without asking.
func tour(cmd *cobra.Command, l *laboratory) error {
	all, err := l.lessons()
	if err != nil {
		return err
	}
	all, _ = all.Remember(l.experiment) // pages share runs
	ctx := cmd.Context()
	book, err := lessons.NewNotebook(ctx, nil) // the tour keeps nothing
	if err != nil {
		return err
	}
	p := newReader(strings.NewReader(""), cmd.OutOrStdout(), len(all))
	p.over, p.out.curves = true, false // the tour is long enough without curves
	p.out.say("loralab: low-rank adaptation, by running it\n\n    h = Wx + (α/r)·B·A·x\n")
	p.out.say("Every number below was computed just now. On a terminal, loralab opens the\nlaboratory instead, where you predict first and turn the knobs yourself.\n")
	for _, lesson := range all {
		p.out.say("%s\n%d  %s: %s\n", strings.Repeat("─", p.out.width), lesson.Step, lesson.Title, lesson.Question)
		if err := p.lesson(ctx, lesson, book); err != nil {
			return err
		}
	}
	return nil
}
