package lessons

import (
	"strings"
	"testing"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
)

// conditionRows are texts of conditions with how they are read, or what is wrong.
var conditionRows = []struct{ text, want string }{
	{"count < 1200", "a count < 1,200"},
	{"count<1,200", "a count < 1,200"},
	{"count >= 12", "a count ≥ 12"},
	{"count = 12", "a count = 12"},
	{"count != -1", "a count ≠ -1"},
	{"share >= 95 %", "a share ≥ 95 %"},
	{"share >= 95%", "a share ≥ 95 %"},
	{"share <= 0.5 %", "a share ≤ 0.5 %"},
	{"loss < 0.25", "a loss < 0.25 nats"},
	{"loss < 2.5e-1 nats", "a loss < 2.5e-1 nats"},
	{"answer = yes", "an answer = yes"},
	{"answer != A and B", "an answer ≠ A and B"},
	{"rank <= 8", "rank ≤ 8"},
	{"knob rank = 8", "rank = 8"},
	{"rate > 0.010", "rate > 0.01"},
	{"shift = mirror", "shift = mirror"},
	{"schemes = c,a", "schemes = a, c"},
	{"", "is no condition"},
	{"count", "is no condition"},
	{"count <", "is no condition"},
	{"< 5", "is no condition"},
	{"count ~ 5", "is no condition"},
	{"count ! 5", "is no condition"},
	{"count == 5", `"= 5" is no number`},
	{"cuont < 5", `unknown finding or knob "cuont" (findings: count, share`},
	{"knob count < 5", `unknown knob "count" (knobs: rank`},
	{"count < many", `"many" is no number`},
	{"count < 12,00", `"12,00" has a unit`},
	{"count < 5 GB", "this is a bare number"},
	{"count < 1e999", "too large"},
	{"share >= 0.95", "write 0.95 %"},
	{"loss < 5 GB", "is not in its unit, nats"},
	{"loss = 0.5", "is no whole number"},
	{"answer > no", "is a text"},
	{"map < 5", "is a matrix"},
	{"size = 3×4", "is a shape"},
	{"speed > 5", "is measured"},
	{"rank < 0", "want a whole number from 1 to 64"},
	{"rank < 4.5", "want a whole number"},
	{"shift = rot9", "want one of rot90, mirror"},
	{"shift > mirror", "has no order"},
	{"both < 5", "is a finding and a knob"},
	{"knob both < 5", "both < 5"},
}

// conditioned is the experiment of the rows: its findings have labels, and a knob has
// the name of a finding.
func conditioned() *lab.Experiment {
	e := labtest.Experiment()
	for i, s := range e.Findings {
		e.Findings[i].Label = "a " + s.Name
		if s.Name == "answer" {
			e.Findings[i].Label = "an answer"
		}
	}
	e.Findings = append(e.Findings, lab.Spec{Name: "both", Kind: lab.KindCount})
	e.Knobs = append(e.Knobs, lab.Knob{Name: "both", Kind: lab.Whole, Default: "1", Min: 0, Max: 9})
	return e
}

func TestParseCondition(t *testing.T) {
	for _, row := range conditionRows {
		c, err := ParseCondition(row.text, conditioned())
		got := c.String()
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != row.want || err != nil && !strings.Contains(got, row.want) {
			t.Errorf("%q: %q, want %q", row.text, got, row.want)
		}
	}
}

// TestConditionMet: on both sides of every comparison; what was not found meets none.
func TestConditionMet(t *testing.T) {
	e := conditioned()
	rec := e.Start(e.Defaults(), nil)
	rec.Report("count", 1200)
	rec.Report("share", 0.95)
	rec.Report("answer", "yes")
	r := rec.Record()
	for text, want := range map[string]bool{
		"count < 1,200": false, "count < 1,201": true, "count <= 1200": true, "count > 1200": false, "count >= 1200": true,
		"count = 1200": true, "count != 1200": false, "count != 1": true,
		"share >= 95 %": true, "share > 95 %": false, "share < 95.1 %": true,
		"answer = yes": true, "answer = no": false, "answer != no": true,
		"loss < 5": false, "loss > 5": false,
		"rank = 4": true, "rank < 4": false, "rate >= 0.01": true, "shift = rot90": true, "shift != rot90": false, "schemes = b,a": true,
	} {
		c, err := ParseCondition(text, e)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if c.Met(r) != want {
			t.Errorf("%s is met by %s: %v", text, c.Value(r), !want)
		}
	}
}

// FuzzParseCondition: what is read says what it asks in a way that can be shown, and can
// be judged by a record with nothing in it.
func FuzzParseCondition(f *testing.F) {
	for _, row := range conditionRows {
		f.Add(row.text)
	}
	e := conditioned()
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCondition(text, e)
		if err != nil {
			return
		}
		empty := &lab.Record{Experiment: e.ID, Settings: e.Defaults()}
		if c.Spec != nil && c.Met(empty) {
			t.Errorf("%q is met by a record without findings", text)
		}
		if !c.words() && c.Op.compare(c.Bound, c.Bound) != strings.ContainsAny(string(c.Op), "=") && c.Op != IsNot {
			t.Errorf("%q: its own bound is on the wrong side", text)
		}
		if c.shown == "" || c.Value(empty) == "" {
			t.Errorf("%q has nothing to show: %q, %q", text, c.shown, c.Value(empty))
		}
	})
}

// TestGoalsCanBeReached runs what is said to reach each goal. That a page does not reach
// its own as it stands is a rule of the screens.
func TestGoalsCanBeReached(t *testing.T) {
	all, err := ParseLessons(content.FS, laboratory(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		goals := 0
		for _, page := range l.Pages {
			g := page.Goal()
			if g == nil {
				continue
			}
			goals++
			t.Run(l.ID+"/"+g.ID, func(t *testing.T) {
				t.Parallel()
				r, err := page.Experiment.Do(t.Context(), g.Solve, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range g.When {
					if !c.Met(r) {
						t.Errorf("%s: it is %s", c, c.Value(r))
					}
				}
			})
		}
		if goals == 0 {
			t.Errorf("%s has no goal", l.ID)
		}
	}
}
