package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/drills/verdict"
)

func newGrade(l *laboratory) *cobra.Command {
	var seed uint64
	var answer string
	var part int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "grade FAMILY --answer TEXT",
		Short: "Grade an answer to a question of the bank",
		Long: "grade reads an answer to the question that `loralab ask FAMILY --seed N` prints and says\n" +
			"what is right, what is not and why. Parts are numbered from 1; without --part the answer is\n" +
			"read as a whole page, and every part is graded from it. What cannot be read is invalid and\n" +
			"costs nothing. The exit status is 0 whatever the grade.",
		Example: "  loralab grade counting/lora-vs-full --seed 7 --part 1 --answer 'r(d+k)'\n" +
			"  loralab grade reparameterization/write-it --answer 'h = Wx + (alpha/r)BAx; A: r×k, B: d×r' --json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("answer") {
				return usagef("--answer is missing: write the answer as you would on paper")
			}
			q, err := l.question(args[0], seed)
			if err != nil {
				return err
			}
			if part < 0 || part > len(q.Parts) {
				return usagef("--part: %s has parts 1 to %d, found %d", args[0], len(q.Parts), part)
			}
			if err := q.Settle(cmd.Context()); err != nil {
				return err
			}
			r, err := q.Grade(answer, part)
			if err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(cmd.OutOrStdout())
				encoder.SetEscapeHTML(false)
				return encoder.Encode(r)
			}
			printResult(cmd, r)
			if r.Status == verdict.Invalid { // the question is still open
				return nil
			}
			for _, text := range (plainText{width: 76}).blocks(q.Evidence()) {
				fmt.Fprintln(cmd.OutOrStdout(), text)
			}
			return nil
		},
	}
	cmd.Flags().Uint64Var(&seed, "seed", 1, "the seed of the question")
	cmd.Flags().StringVar(&answer, "answer", "", "the answer, as you would write it on paper")
	cmd.Flags().IntVar(&part, "part", 0, "grade one part of the question (default: the answer is the whole page)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

func printResult(cmd *cobra.Command, r drills.Result) {
	w := cmd.OutOrStdout()
	for _, p := range r.Parts {
		if len(r.Parts) > 1 {
			fmt.Fprintf(w, "%d. %s\n", p.Part, p.Ask)
		}
		fmt.Fprintf(w, "%v (%s)\n", p.Status, p.Note)
		if p.Echo != "" {
			fmt.Fprintf(w, "  read as  %s\n", p.Echo)
		}
		for _, line := range p.Feedback {
			fmt.Fprintf(w, "  %s\n", line)
		}
	}
	if len(r.Parts) > 1 {
		fmt.Fprintf(w, "%v, %.0f %%\n", r.Status, 100*r.Score)
	}
}
