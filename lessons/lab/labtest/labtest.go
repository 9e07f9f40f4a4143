// Package labtest helps to test experiments.
package labtest

import (
	"testing"

	"loralab/lessons/lab"
)

// Settings returns the defaults of an experiment with some knobs turned, given
// as name, value, name, value. A refused value ends the test.
func Settings(t testing.TB, e *lab.Experiment, turned ...string) lab.Settings {
	t.Helper()
	s := e.Defaults()
	for i := 0; i < len(turned); i += 2 {
		var err error
		if s, err = s.With(turned[i], turned[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// Run runs an experiment under [Settings]. An error ends the test.
func Run(t testing.TB, e *lab.Experiment, turned ...string) *lab.Record {
	t.Helper()
	r, err := e.Do(t.Context(), Settings(t, e, turned...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Text returns a finding as it is shown. That the record lacks it ends the test.
func Text(t testing.TB, r *lab.Record, name string) string {
	t.Helper()
	f, ok := r.Find(name)
	if !ok {
		t.Fatalf("no finding %s", name)
	}
	return f.Text()
}

// Experiment returns an experiment with a knob and a finding of every kind. It
// cannot run.
func Experiment() *lab.Experiment {
	return &lab.Experiment{
		ID: "test",
		Knobs: []lab.Knob{
			{Name: "rank", Symbol: "r", Kind: lab.Whole, Default: "4", Min: 1, Max: 64, Ladder: []string{"1", "2", "4", "8"}},
			{Name: "rate", Kind: lab.Real, Default: "0.01", Min: 1e-6, Max: 10, Ladder: []string{"0.001", "0.01", "0.1"}},
			{Name: "shift", Kind: lab.Choice, Default: "rot90", Choices: []string{"rot90", "mirror"}},
			{Name: "schemes", Kind: lab.Set, Default: "a,b", Choices: []string{"a", "b", "c"}},
			{Name: "sigma", Kind: lab.Real, Default: "1", Min: 0, Max: 10, Only: "shift=mirror"},
		},
		Findings: []lab.Spec{
			{Name: "count", Kind: lab.KindCount}, {Name: "share", Kind: lab.KindReal, Percent: true},
			{Name: "loss", Kind: lab.KindReal, Unit: "nats"}, {Name: "answer", Kind: lab.KindText},
			{Name: "speed", Kind: lab.KindReal, Measured: true}, {Name: "map", Kind: lab.KindMatrix}, {Name: "size", Kind: lab.KindShape},
		},
		Plots: []string{"loss"},
	}
}
