package lessons

import (
	"strings"
	"testing"

	"loralab/lessons/lab"
)

// TestReadPrediction: units that are typed are understood, and a share where
// percents are asked is asked back, not judged.
func TestReadPrediction(t *testing.T) {
	percent := Predict{Finding: lab.Spec{Name: "accuracy", Kind: lab.KindReal, Percent: true}, Points: 5}
	bytes := Predict{Finding: lab.Spec{Name: "memory", Kind: lab.KindReal, Unit: "GB"}, Within: 0.05}
	count := Predict{Finding: lab.Spec{Name: "params", Kind: lab.KindCount}}
	choice := Predict{Finding: lab.Spec{Name: "fastest", Kind: lab.KindText}, Choices: []string{"A", "B"}}
	for _, c := range []struct {
		ask        Predict
		text, said string
		wrong      string // what the error says
	}{
		{percent, "85", "85 %", ""},
		{percent, "85 %", "85%", ""},
		{percent, "0.9", "", "Write 90"},
		{percent, "9/10", "", "Write 90"},
		{percent, "0.9 %", "0.9%", ""},
		{percent, "0", "0 %", ""},
		{percent, "1", "1 %", ""},
		{bytes, "0.9", "0.9", ""},
		{bytes, "900 MB", "900 MB", ""},
		{count, "4*(64+128)", "4·(64 + 128)", ""},
		{count, "seven", "", "seven"},
		{choice, "b", "B", ""},
		{choice, "C", "", "not one of: A, B"},
	} {
		p, err := ReadPrediction(c.ask, c.text)
		switch {
		case c.wrong == "" && err != nil:
			t.Errorf("%q: %v", c.text, err)
		case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%q: %v, want an error that says %q", c.text, err, c.wrong)
		case c.wrong == "" && !strings.Contains(p.Said(), c.said):
			t.Errorf("%q is read as %q, want %q", c.text, p.Said(), c.said)
		}
	}
}

// TestGap: how far off a prediction is has the unit of what was predicted.
func TestGap(t *testing.T) {
	for _, c := range []struct {
		spec  lab.Spec
		ask   Predict
		truth any
		said  string
		want  string
	}{
		{lab.Spec{Kind: lab.KindReal, Percent: true}, Predict{Points: 5}, 0.96, "76", "20 points off; within 5 points counts"},
		{lab.Spec{Kind: lab.KindReal, Unit: "points"}, Predict{Points: 3}, 0.5, "3", "2.5 points off, near enough"},
		{lab.Spec{Kind: lab.KindCount}, Predict{Points: 1}, 10, "8", "2 off; 1 more or less counts"},
		{lab.Spec{Kind: lab.KindCount}, Predict{}, 2344, "8", "293 × too low; only the exact number counts"},
		{lab.Spec{Kind: lab.KindCount}, Predict{}, 16846848, "8", "2,100,000 × too low; only the exact number counts"},
		{lab.Spec{Kind: lab.KindReal, Unit: "×"}, Predict{Within: 0.3}, 4.0, "3", "25 % off, near enough"},
	} {
		c.spec.Name, c.ask.Finding = "it", c.spec
		c.ask.Finding.Name = "it"
		e := &lab.Experiment{ID: "test", Findings: []lab.Spec{c.spec}}
		rec := e.Start(e.Defaults(), nil)
		rec.Report("it", c.truth)
		p, err := ReadPrediction(c.ask, c.said)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Grade(rec.Record()).Gap; got != c.want {
			t.Errorf("%s, where it is %v: %q, want %q", c.said, c.truth, got, c.want)
		}
	}
}
