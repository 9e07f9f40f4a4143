package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/lessons"
	"loralab/lora/number"
)

func newCheck(l *laboratory) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check lessons and questions: everything parses, every key is right, every misconception wrong",
		Long: "check reads the content of a folder (or what ships with the program) by the rules that the\n" +
			"laboratory itself teaches by. Every question is asked under many seeds: its key must be graded\n" +
			"right, and every misconception wrong, for the reason that it names. No prediction may ask for\n" +
			"what an earlier page has shown, and each word marked as a term is in the glossary. Mistakes are\n" +
			"listed as file:line:column, and then the questions that no page says it teaches.",
		Example: "  loralab check\n  loralab check ./my-course",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			checked := *l
			if len(args) == 1 {
				if args[0] == "" {
					return usagef("the name of the folder to check is empty: want a name, or none for what ships with the program")
				}
				checked.contentDir = args[0]
			}
			all, lessonsWrong := lessons.ParseLessons(checked.fsys(), l.experiment)
			bank, bankWrong := drills.ParseBank(checked.fsys(), checked.steps(), l.experiment)
			if bankWrong == nil {
				bankWrong = errors.Join(bank.Check(cmd.Context()), bank.CheckRecalls(all))
			}
			terms, termsWrong := lessons.ReadGlossary(checked.fsys())
			if lessonsWrong == nil && termsWrong == nil {
				lessonsWrong = errors.Join(all.Check(), terms.Check(all))
			}
			var untaught []string
			if lessonsWrong == nil && bankWrong == nil {
				untaught, bankWrong = bank.CheckTaught(all)
			}
			if err := errors.Join(lessonsWrong, termsWrong, bankWrong); err != nil {
				return usage(err)
			}
			return summarize(cmd.OutOrStdout(), all, bank, untaught)
		},
	}
}

// summarize counts what has been found in order.
func summarize(w io.Writer, all []*lessons.Lesson, bank *drills.Bank, untaught []string) error {
	pages := 0
	for _, l := range all {
		pages += len(l.Pages)
	}
	fmt.Fprintf(w, "%s with %s, %s: all in order\n\n",
		number.Plural(len(all), "lesson"), number.Plural(pages, "page"), number.Plural(len(bank.Families()), "question"))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, d := range drills.Depths() {
		fmt.Fprintf(table, "\t%s", d)
	}
	fmt.Fprint(table, "\tall\t\n")
	for _, step := range bank.Steps() {
		fmt.Fprint(table, step)
		for _, d := range drills.Depths() {
			fmt.Fprintf(table, "\t%d", len(bank.Select(step, d)))
		}
		fmt.Fprintf(table, "\t%d\t\n", len(bank.Select(step, "")))
	}
	fmt.Fprint(table, "all")
	for _, d := range drills.Depths() {
		fmt.Fprintf(table, "\t%d", len(bank.Select("", d)))
	}
	fmt.Fprintf(table, "\t%d\t\n", len(bank.Families()))
	if err := table.Flush(); err != nil || len(untaught) == 0 {
		return err
	}
	fmt.Fprintf(w, "\nthat no page says it teaches (a block \"teaches\" with families):\n")
	for _, id := range untaught {
		fmt.Fprintf(w, "  %s\n", id)
	}
	return nil
}
