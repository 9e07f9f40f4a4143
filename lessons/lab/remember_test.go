package lab

import (
	"context"
	"encoding/json"
	"testing"
)

// TestRemember runs settings once and gives the same record to all who run them,
// under their own settings: a knob that does not matter may stand elsewhere.
func TestRemember(t *testing.T) {
	runs := 0
	e := Remember(&Experiment{
		ID:       "double",
		Knobs:    []Knob{{Name: "n", Kind: Whole, Default: "2", Min: 1, Max: 9}},
		Findings: []Spec{{Name: "twice", Label: "twice", Kind: KindCount}},
		Run: func(_ context.Context, s Settings, rec *Recorder) error {
			runs++
			track := rec.Series("way", 3, "value")
			for step := range 4 {
				track.Add(step, float64(step))
			}
			rec.Report("twice", 2*s.Whole("n"))
			return nil
		},
	})
	do := func(n string) string {
		t.Helper()
		s, err := e.Defaults().With("n", n)
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Do(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	first, other, again := do("3"), do("4"), do("3")
	if first != again || first == other {
		t.Errorf("first %s\nagain %s\nother %s", first, again, other)
	}
	if runs != 2 {
		t.Errorf("%d runs of two settings", runs)
	}
}
