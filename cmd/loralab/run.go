package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"loralab/lessons/lab"
	"loralab/plots"
)

func newRun(l *laboratory) *cobra.Command {
	var set []string
	var seed, figure string
	var plot destination
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "run EXPERIMENT",
		Short: "Run an experiment and print what it finds",
		Example: "  loralab run reparameterization\n" +
			"  loralab run reparameterization --set problem=planted --set rank=2 --json\n" +
			"  loralab run reparameterization --plot run.svg --figure loss",
		Args: one("experiment", "loralab experiments lists them"),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := l.experiment.Experiment(args[0])
			if err != nil {
				return usage(err)
			}
			settings, err := turn(e, set, seed)
			if err != nil {
				return usage(err)
			}
			if err := l.checkPlot(&plot); err != nil {
				return usage(err)
			}
			if err := checkFigure(e, plot.file, figure); err != nil {
				return usage(err)
			}
			record, err := runWithBar(cmd.Context(), e, settings, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if plot.file != "" {
				if err := savePlot(e, record, plot.file, figure); err != nil {
					return err
				}
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(record)
			}
			printRecord(cmd.OutOrStdout(), e, record)
			if plot.file != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "\nwritten: %s\n", printable(plot.file))
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&set, "set", nil, "turn a knob: `knob=value`; may be given several times (loralab experiments lists them)")
	cmd.Flags().StringVar(&seed, "seed", "", "where all random numbers start")
	plot.addTo(cmd.Flags(), "plot", "", "draw the figures to a `file` ending in .png, .svg or .pdf")
	cmd.Flags().StringVar(&figure, "figure", "", "with --plot: only the figure of this `id`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the whole record as one JSON object")
	return cmd
}

// turn returns the experiment's settings after --set and --seed.
func turn(e *lab.Experiment, set []string, seed string) (lab.Settings, error) {
	settings := e.Defaults()
	if seed != "" {
		set = append(slices.Clone(set), "seed="+seed)
	}
	for _, s := range set {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return settings, fmt.Errorf("--set %q: want knob=value", s)
		}
		var err error
		if settings, err = settings.With(name, value); err != nil {
			return settings, err
		}
	}
	return settings, e.Validate(settings)
}

// checkFigure refuses a figure that the experiment does not have.
func checkFigure(e *lab.Experiment, file, figure string) error {
	switch {
	case figure == "":
		return nil
	case file == "":
		return fmt.Errorf("--figure needs --plot FILE")
	case !slices.Contains(e.Plots, figure):
		return fmt.Errorf("unknown figure %q (figures of %s: %s)", figure, e.ID, strings.Join(e.Plots, ", "))
	}
	return nil
}

func savePlot(e *lab.Experiment, r *lab.Record, file, figure string) error {
	figures := e.Figures(r)
	if figure != "" {
		figures = []*plots.Figure{e.Figure(r, figure)}
		if figures[0] == nil {
			return fmt.Errorf("the figure %s has nothing to draw under these settings", figure)
		}
	}
	return plots.Save(file, figures)
}

// runWithBar runs an experiment with a progress bar on stderr where that is a
// terminal.
func runWithBar(ctx context.Context, e *lab.Experiment, s lab.Settings, stderr io.Writer) (*lab.Record, error) {
	bar := newBar(stderr, e.ID)
	defer bar.clear()
	return e.Do(ctx, s, bar.show)
}

// printRecord writes settings and findings as plain text.
func printRecord(w io.Writer, e *lab.Experiment, r *lab.Record) {
	fmt.Fprintf(w, "%s: %s\n\n", e.Title, e.Question)
	fmt.Fprintln(w, "settings")
	for _, k := range r.Settings.Knobs() {
		if r.Settings.Matters(k) {
			fmt.Fprintf(w, "  %-20s %s\n", k.Name, r.Settings.Text(k.Name))
		}
	}
	fmt.Fprintln(w, "\nfindings")
	printFindings(w, r.Findings)
}

// printFindings writes one finding a line, the values under each other. Matrices
// are left to the figures and to --json.
func printFindings(w io.Writer, findings []lab.Finding) {
	label := func(f lab.Finding) string {
		return strings.TrimSpace(f.Spec.Label + " " + f.Spec.Symbol)
	}
	wide := 0
	for _, f := range findings {
		if f.Spec.Kind != lab.KindMatrix {
			wide = max(wide, ansi.StringWidth(label(f)))
		}
	}
	for _, f := range findings {
		if f.Spec.Kind == lab.KindMatrix {
			continue
		}
		mark := ""
		if f.Spec.Measured {
			mark = "  (measured: differs from run to run)"
		}
		l := label(f)
		fmt.Fprintf(w, "  %s%s  %s%s\n", l, strings.Repeat(" ", wide-ansi.StringWidth(l)), f.Text(), mark)
	}
}
