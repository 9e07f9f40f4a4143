package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/drills/journal"
	"loralab/lessons"
	"loralab/lora/number"
	"loralab/plots"
)

func newStats(l *laboratory) *cobra.Command {
	var asJSON bool
	var plot destination
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "What you know, what is due, what is shaky, and how well you know it",
		Long: "stats sums the journal up: what is known, due and shaky by step and depth, the\n" +
			"misconceptions and predictions that slip, and how often you were right when you guessed, thought or were sure.",
		Example: "  loralab stats\n  loralab stats --json\n  loralab stats --plot progress.svg",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := l.checkPlot(&plot); err != nil {
				return usage(err)
			}
			bank, err := l.bank()
			if err != nil {
				return err
			}
			s, err := l.progress(cmd.Context(), bank, time.Now())
			if err != nil {
				return err
			}
			if plot.file != "" {
				figures := slices.DeleteFunc(drills.ProgressFigures(s.Stats), (*plots.Figure).Empty)
				if err := plots.Save(plot.file, figures); err != nil {
					return err
				}
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(s)
			}
			printStats(cmd.OutOrStdout(), s, drills.Slips(bank, l.experiment, s.Stats))
			if plot.file != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "\nwritten: %s\n", printable(plot.file))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	plot.addTo(cmd.Flags(), "plot", "", "draw the figures to a `file` ending in .png, .svg or .pdf")
	return cmd
}

// checkPlot refuses a file that no figure can be drawn to, or may not be.
func (l *laboratory) checkPlot(plot *destination) error {
	if plot.file == "" {
		return l.mayWrite(plot)
	}
	extension := strings.ToLower(strings.TrimPrefix(filepath.Ext(plot.file), "."))
	if !slices.Contains(plots.Formats(), extension) {
		return fmt.Errorf("--plot %s: the name must end in .png, .svg or .pdf", printable(plot.file))
	}
	return l.mayWrite(plot)
}

// progress reads the journal without changing it.
func (l *laboratory) progress(ctx context.Context, bank *drills.Bank, now time.Time) (p progress, err error) {
	j, err := l.readJournal(ctx)
	if err != nil {
		return p, err
	}
	defer j.Close()
	book, err := lessons.NewNotebook(ctx, j)
	if err != nil {
		return p, err
	}
	if course, err := l.lessons(); err == nil { // a bank may come without lessons
		p.Goals.Reached, p.Goals.All = course.Goals(book)
	}
	p.Stats, err = drills.Progress(ctx, bank, book, now)
	return p, err
}

// progress is what the journal says of the learner, with the goals of the course.
type progress struct {
	journal.Stats
	Goals struct {
		Reached int `json:"reached"`
		All     int `json:"all"`
	} `json:"goals"`
}

func printStats(w io.Writer, s progress, slips []drills.Slip) {
	all := s.All
	fmt.Fprintf(w, "%s: %d known, %d still being learnt, %d shaky, %d not asked yet.\n",
		number.Plural(all.Families, "question"), all.Known, learning(all), all.Shaky, all.Unseen)
	fmt.Fprintf(w, "%d due now, %d of them shaky.\n", all.Due, all.DueShaky)
	fmt.Fprintf(w, "%s, %d right", number.Plural(s.Answers, "answer"), s.Right)
	if s.Contested > 0 {
		fmt.Fprintf(w, ", %d contested", s.Contested)
	}
	fmt.Fprintln(w, ".")
	if s.Goals.All > 0 {
		fmt.Fprintf(w, "Goals: %d of %d reached.\n", s.Goals.Reached, s.Goals.All)
	}
	for _, g := range []struct {
		name   string
		groups []journal.Group
	}{{"by step", s.Steps}, {"by depth", s.Depths}} {
		fmt.Fprintf(w, "\n%-20s %6s %9s %6s %6s %5s\n", g.name, "known", "learning", "shaky", "unseen", "due")
		for _, g := range g.groups {
			fmt.Fprintf(w, "%-20s %6d %9d %6d %6d %5d\n", g.Name, g.Known, learning(g), g.Shaky, g.Unseen, g.Due)
		}
	}
	if s.Answers == 0 {
		return
	}
	head := fmt.Sprintf("\n%-20s %6s %9s\n", "how sure", "right", "95 %")
	for _, level := range s.Calibration {
		if level.Answers > 0 {
			fmt.Fprintf(w, "%s%-20s %4.0f %% %4.0f–%.0f %%   %d of %d\n", head, level.Confidence, 100*level.Share, 100*level.Low, 100*level.High, level.Right, level.Answers)
			head = ""
		}
	}
	head = "\nwhat slips: misconceptions, and predictions that were wrong\n"
	for _, n := range slips[:min(len(slips), 8)] {
		fmt.Fprintf(w, "%s  %-50s %d, last on %s\n", head, n.What, n.Count, n.Last.In(s.At.Location()).Format(time.DateOnly))
		head = ""
	}
	printWaiting(w, s.Stats)
}

// printWaiting lists the families that are due or shaky, the least certain
// first.
func printWaiting(w io.Writer, s journal.Stats) {
	head := "\nleast certain\n"
	for _, f := range s.Families {
		if !f.Due && !f.Shaky {
			continue
		}
		state := ""
		if f.Shaky {
			state = ", shaky"
		}
		fmt.Fprintf(w, "%s  %-40s %3.0f %% recalled, due %s%s\n", head, f.Family, 100*f.Retrievability, drills.Until(f.DueAt, s.At), state)
		head = ""
	}
}

func learning(g journal.Group) int { return g.Families - g.Unseen - g.Known - g.Shaky }
