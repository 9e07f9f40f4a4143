package show

import (
	"testing"

	"loralab/lessons/lab"
	"loralab/plots"
)

// TestTruthBesideItsGuess: what a run found stands beside a guess once that is
// graded, and only in a run of the settings that were asked of.
func TestTruthBesideItsGuess(t *testing.T) {
	e := &lab.Experiment{
		ID: "e", Plots: []string{"f"}, Findings: []lab.Spec{{Name: "size", Kind: lab.KindReal}},
		Knobs: []lab.Knob{{Name: "rank", Kind: lab.Whole, Default: "4", Min: 1, Max: 9}},
		Figures: func(*lab.Record) []*plots.Figure {
			return []*plots.Figure{{ID: "f", Shows: []plots.Shown{{Name: "size"}}}}
		},
	}
	run := func(rank string) *lab.Record {
		s, err := e.Defaults().With("rank", rank)
		if err != nil {
			t.Fatal(err)
		}
		rec := e.Start(s, nil)
		rec.Report("size", 2.5)
		return rec.Record()
	}
	asked, turned := run("4"), run("8")
	for _, c := range []struct {
		graded, shown *lab.Record
		marks         int
	}{{nil, asked, 1}, {asked, asked, 2}, {asked, turned, 1}} {
		guess := Guess{Finding: "size", Value: 2, Label: "you 2", Graded: c.graded}
		f := Experiment{Trial: lab.FullTrial(e), Guesses: []Guess{guess}}.Figure(c.shown, "f")
		if len(f.Marks) != c.marks {
			t.Errorf("graded %v, of other settings %v: marks %v, want %d", c.graded != nil, c.shown == turned, f.Marks, c.marks)
		}
	}
}
