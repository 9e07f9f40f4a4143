package main

import (
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"loralab/content"
	"loralab/drills"
	"loralab/lessons"
)

// bank reads the question bank.
func (l *laboratory) bank() (*drills.Bank, error) {
	if l.parsed != nil {
		return l.parsed, nil
	}
	b, err := drills.ParseBank(l.fsys(), l.steps(), l.experiment)
	if err != nil {
		return nil, usage(err)
	}
	l.parsed = b
	return b, nil
}

// steps are those of the course that the questions are about: of the folder's
// own, or, where it has questions alone, of the one in this program. They are nil
// where the lessons cannot be read, which is no reason not to ask.
func (l *laboratory) steps() []string {
	course := l.fsys()
	if files, err := fs.Glob(course, "lessons/*.md"); err == nil && len(files) == 0 {
		course = content.FS
	}
	all, err := lessons.ParseLessons(course, l.experiment)
	if err != nil {
		return nil
	}
	return all.Steps()
}

// question draws the numbers of a family. Ids that do not exist and content
// that does not compute are usage errors: other words on the command line, or
// another folder, would avoid them.
func (l *laboratory) question(id string, seed uint64) (*drills.Question, error) {
	b, err := l.bank()
	if err != nil {
		return nil, err
	}
	f, err := b.Family(id)
	if err != nil {
		return nil, usage(err)
	}
	q, err := f.Instance(seed)
	return q, usage(err)
}

func newAsk(l *laboratory) *cobra.Command {
	var seed uint64
	cmd := &cobra.Command{
		Use:     "ask [FAMILY]",
		Short:   "Print a question of the bank; without a family, list them all",
		Long:    "ask prints a question with the numbers that a seed draws. loralab grade grades an answer\nto it. Without FAMILY it lists the bank.",
		Example: "  loralab ask\n  loralab ask counting/lora-vs-full --seed 7",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listFamilies(cmd, l)
			}
			q, err := l.question(args[0], seed)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), q.Text())
			return nil
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "draws the numbers")
	return cmd
}

func listFamilies(cmd *cobra.Command, l *laboratory) error {
	b, err := l.bank()
	if err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	for _, step := range b.Steps() {
		fmt.Fprintf(w, "%s\n", step)
		for _, f := range b.Select(step, "") {
			fmt.Fprintf(w, "  %-44s %-15s %s\n", f.ID, f.Depth, f.Title)
		}
	}
	return nil
}
