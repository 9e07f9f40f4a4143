package lessons

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/plots"
)

func laboratory(t *testing.T) lab.Laboratory {
	t.Helper()
	return NewLaboratory(content.FS)
}

var properName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// TestDeclarations holds every experiment to the rules of a declaration.
func TestDeclarations(t *testing.T) {
	for _, e := range laboratory(t) {
		t.Run(e.ID, func(t *testing.T) {
			if !properName.MatchString(e.ID) || e.Title == "" || !strings.HasSuffix(e.Question, "?") {
				t.Errorf("id %q, title %q, question %q", e.ID, e.Title, e.Question)
			}
			if err := e.Validate(e.Defaults()); err != nil {
				t.Errorf("the defaults are refused: %v", err)
			}
			var names []string
			for _, k := range e.Defaults().Knobs() {
				names = append(names, k.Name)
				checkKnob(t, e, k)
			}
			for _, s := range e.Findings {
				names = append(names, "finding "+s.Name)
				if !properName.MatchString(s.Name) || s.Label == "" {
					t.Errorf("finding %q with label %q", s.Name, s.Label)
				}
			}
			slices.Sort(names)
			if len(slices.Compact(slices.Clone(names))) != len(names) {
				t.Errorf("a name stands twice: %v", names)
			}
		})
	}
}

func checkKnob(t *testing.T, e *lab.Experiment, k lab.Knob) {
	t.Helper()
	if !properName.MatchString(k.Name) || k.Help == "" {
		t.Errorf("knob %q with help %q", k.Name, k.Help)
	}
	s := e.Defaults()
	for _, value := range append(slices.Clone(k.Ladder), k.Default) {
		set, err := s.With(k.Name, value)
		if err != nil {
			t.Error(err)
		} else if set.Text(k.Name) != value {
			t.Errorf("knob %s: %q is written as %q", k.Name, value, set.Text(k.Name))
		}
	}
	last := ""
	for _, rung := range k.Ladder {
		if a, _ := strconv.ParseFloat(last, 64); last != "" {
			if b, _ := strconv.ParseFloat(rung, 64); b <= a {
				t.Errorf("knob %s: the ladder does not ascend from %s to %s", k.Name, last, rung)
			}
		}
		last = rung
	}
	if k.Only != "" {
		name, value, _ := strings.Cut(k.Only, "=")
		if _, err := s.With(name, value); err != nil {
			t.Errorf("knob %s matters only under %s: %v", k.Name, k.Only, err)
		}
	}
}

// TestEveryRecord runs every experiment as it stands by default: same record
// twice, byte for byte; every figure drawn, also of a record cut off anywhere;
// nothing emitted that was not announced.
func TestEveryRecord(t *testing.T) {
	for _, e := range laboratory(t) {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			var records [2]*lab.Record
			var bytes [2]string
			for i := range records {
				var err error
				if records[i], err = e.Do(t.Context(), e.Defaults(), nil); err != nil {
					t.Fatal(err)
				}
				text, err := json.Marshal(records[i].Lasting())
				if err != nil {
					t.Fatal(err)
				}
				bytes[i] = string(text)
			}
			if bytes[0] != bytes[1] {
				t.Error("two runs with the same seed and settings differ")
			}
			for _, id := range e.Plots {
				if f := e.Figure(records[0], id); f == nil || f.Empty() {
					t.Errorf("figure %s has nothing to draw", id)
				}
			}
			for _, f := range e.Figures(records[0]) {
				if !slices.Contains(e.Plots, f.ID) || f.Title == "" || f.Caption == "" {
					t.Errorf("figure %q (title %q, caption %q) is not declared whole", f.ID, f.Title, f.Caption)
				}
			}
			for _, part := range cutOff(records[0]) {
				for _, f := range e.Figures(part) {
					f.Cells(60, 12, plots.MonoInk())
				}
			}
		})
	}
}

// cutOff returns records such as a screen sees while a run is under way.
func cutOff(r *lab.Record) []*lab.Record {
	parts := []*lab.Record{{Experiment: r.Experiment, Settings: r.Settings}}
	for i := range r.Series {
		part := *r
		part.Findings = nil
		part.Series = slices.Clone(r.Series[:i+1])
		part.Series[i].Frames = part.Series[i].Frames[:len(part.Series[i].Frames)/2]
		parts = append(parts, &part)
	}
	for i := range r.Findings {
		part := *r
		part.Findings = r.Findings[:i]
		parts = append(parts, &part)
	}
	return parts
}

// TestCancelling stops every experiment at its first step.
func TestCancelling(t *testing.T) {
	for _, e := range laboratory(t) {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			_, err := e.Do(ctx, e.Defaults(), func(lab.Progress) { cancel() })
			if !errors.Is(err, context.Canceled) {
				t.Errorf("after a cancel: %v", err)
			}
		})
	}
}
