package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/lessons"
	"loralab/lessons/show"
)

func newDrill(l *laboratory) *cobra.Command {
	var step, depth, family, interview string
	var count int
	var seed uint64
	cmd := &cobra.Command{
		Use:   "drill",
		Short: "Answer questions from memory: what is due, then what is new",
		Long: "drill asks what is due and what is new, with new numbers every time, and grades what you\n" +
			"write against what the laboratory computes. A miss comes back in a few questions. On a\n" +
			"terminal it opens the screen; with --plain, or on a pipe, it talks line by line.",
		Example: "  loralab drill\n  loralab drill --step merging --depth systems -n 5\n  loralab drill --plain --interview-on 2027-01-31",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o := drills.SittingOptions{Family: family, Seed: seed, Now: time.Now}
			var err error
			if step != "" {
				bank, err := l.bank()
				if err != nil {
					return err
				}
				if o.Step, err = pickStep(step, bank.Steps()); err != nil {
					return usage(err)
				}
			}
			if o.Depth, err = pickDepth(depth); err != nil {
				return usage(err)
			}
			if cmd.Flags().Changed("number") {
				if count < 1 || count > drills.MaxQuestions {
					return usagef("-n %d: want 1 question or more, at most %d", count, drills.MaxQuestions)
				}
				o.Count = count
			}
			if o.Interview, err = futureDate("--interview-on", interview, time.Now()); err != nil {
				return usage(err)
			}
			if l.screen() {
				return openDrill(cmd, l, o)
			}
			return drill(cmd, l, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&step, "step", "", "only this `step`: a number or a name")
	f.StringVar(&depth, "depth", "", "only this `depth`: conceptual, implementation, applied, systems, failure-modes")
	f.StringVar(&family, "family", "", "only this question `family`, such as merging/latency (loralab ask lists them)")
	f.IntVarP(&count, "number", "n", 0, "how many `questions` (default: what is due, 5 to 12)")
	f.Uint64Var(&seed, "seed", 0, "draws questions and numbers (default: others every time)")
	f.StringVar(&interview, "interview-on", "", "`date` of your interview, as 2027-01-31: what would rest for too long comes back in time")
	return cmd
}

// pickStep reads a step's number or name.
func pickStep(text string, steps []string) (string, error) {
	if slices.Contains(steps, text) {
		return text, nil
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(steps) {
		return steps[n-1], nil
	}
	return "", fmt.Errorf("unknown step %q (steps: 1 to %d, or %s)", text, len(steps), strings.Join(steps, ", "))
}

// pickDepth reads a depth; "" is any.
func pickDepth(text string) (drills.Depth, error) {
	d := drills.Depth(text)
	if text == "" || slices.Contains(drills.Depths(), d) {
		return d, nil
	}
	names := make([]string, len(drills.Depths()))
	for i, d := range drills.Depths() {
		names[i] = string(d)
	}
	return "", fmt.Errorf("unknown depth %q (depths: %s)", text, strings.Join(names, ", "))
}

// futureDate reads the day that a flag names; "" is none.
func futureDate(flag, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, now.Location())
	if err != nil {
		return day, fmt.Errorf("%s %q: want a date such as %s", flag, text, now.AddDate(0, 1, 0).Format(time.DateOnly))
	}
	if !day.After(now) {
		return day, fmt.Errorf("%s %s is not in the future: want %s or later", flag, text, now.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	return day, nil
}

// drill asks in plain text.
func drill(cmd *cobra.Command, l *laboratory, o drills.SittingOptions) error {
	return converse(cmd, l, "A hint costs; what cannot be read does not.", func(ctx context.Context, bank *drills.Bank, book *lessons.Notebook) (*drills.Talk, error) {
		return drills.NewDrill(ctx, bank, book, o)
	})
}

// converse is a drill or an interview in plain text.
func converse(cmd *cobra.Command, l *laboratory, rules string, begin func(context.Context, *drills.Bank, *lessons.Notebook) (*drills.Talk, error)) error {
	bank, err := l.bank()
	if err != nil {
		return err
	}
	return l.withNotebook(cmd, func(book *lessons.Notebook) error {
		ctx := cmd.Context()
		talk, err := begin(ctx, bank, book)
		if err != nil {
			return usage(err)
		}
		p := newPlain(interruptible(ctx, cmd.InOrStdin()), cmd.OutOrStdout())
		p.head = func(s show.Scene) string {
			return fmt.Sprintf("%s. %s.", sentence(s.Where), strings.ReplaceAll(s.Topic, " · ", ", "))
		}
		p.ended = func(show.Scene) show.Deed { return show.Deed{Act: show.Stop} }
		p.out.say("%s, seed %d. %s", sentence(talk.Scene().Name), talk.Seed(), rules)
		p.out.say("Instead of an answer: ? for a hint, skip to pass it over, give up to see the answer,\nstop to end.\n")
		return cmp.Or(p.talk(ctx, talk), talk.Err())
	})
}
