package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"loralab/lessons/lab"
)

func newExperiments(l *laboratory) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "experiments",
		Short: "List the experiments: ids, questions, knobs, findings, figures",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := cmd.OutOrStdout()
			if asJSON {
				return json.NewEncoder(w).Encode(describe(l.experiment))
			}
			for i, e := range l.experiment {
				if i > 0 {
					fmt.Fprintln(w)
				}
				fmt.Fprintf(w, "%s\n  %s\n\n", e.ID, e.Question)
				for _, k := range e.Defaults().Knobs() {
					fmt.Fprintf(w, "  %-22s %s\n  %-22s %s; default %s\n", k.Name, k.Help, "", k.Allowed(), k.Default)
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return cmd
}

type experimentJSON struct {
	ID       string        `json:"id"`
	Question string        `json:"question"`
	Knobs    []knobJSON    `json:"knobs"`
	Findings []findingJSON `json:"findings"`
	Figures  []string      `json:"figures"`
}

type knobJSON struct {
	Name    string `json:"name"`
	Help    string `json:"help"`
	Allowed string `json:"allowed"`
	Default string `json:"default"`
}

type findingJSON struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Unit     string `json:"unit,omitempty"`
	Label    string `json:"label"`
	Measured bool   `json:"measured,omitempty"`
}

func describe(all lab.Laboratory) []experimentJSON {
	var out []experimentJSON
	for _, e := range all {
		j := experimentJSON{ID: e.ID, Question: e.Question, Figures: e.Plots}
		for _, k := range e.Defaults().Knobs() {
			j.Knobs = append(j.Knobs, knobJSON{k.Name, k.Help, k.Allowed(), k.Default})
		}
		for _, s := range e.Findings {
			j.Findings = append(j.Findings, findingJSON{s.Name, s.Kind.String(), s.Unit, s.Label, s.Measured})
		}
		out = append(out, j)
	}
	return out
}
