package lessons

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"loralab/content"
	"loralab/lessons/lab"
)

// quick are the settings of knobs that make a run short, in every experiment
// that has them.
var quick = map[string]string{"width": "8", "steps": "20", "target-loss": "100", "sweep-steps": "4", "swaps": "2", "d": "48", "k": "32", "loftq-iterations": "2"}

// unread are knobs that may be turned without another record, and why.
var unread = map[string]string{
	"counting seed": "nothing in it is random",
}

// TestEveryKnobIsRead turns every knob of every experiment, and expects that the
// run finds something else.
func TestEveryKnobIsRead(t *testing.T) {
	for _, e := range NewLaboratory(content.FS) {
		base := shortened(t, e)
		asItIs := sync.OnceValue(func() string { return found(t, e, base) })
		for _, k := range base.Knobs() {
			t.Run(e.ID+"/"+k.Name, func(t *testing.T) {
				t.Parallel()
				s, before := base, asItIs
				if name, value, ok := strings.Cut(k.Only, "="); ok {
					s = turn(t, s, name, value)
					before = func() string { return found(t, e, s) }
				}
				other := turn(t, s, k.Name, another(k, s.Text(k.Name)))
				_, excused := unread[e.ID+" "+k.Name]
				if same := before() == found(t, e, other); same != excused {
					t.Errorf("%s and %s find the same: %v, excused: %v", s.Text(k.Name), other.Text(k.Name), same, excused)
				}
			})
		}
	}
}

// shortened returns the settings of a short run.
func shortened(t *testing.T, e *lab.Experiment) lab.Settings {
	t.Helper()
	s := e.Defaults()
	for _, k := range s.Knobs() {
		if value, ok := quick[k.Name]; ok {
			s = turn(t, s, k.Name, value)
		}
	}
	return s
}

func turn(t *testing.T, s lab.Settings, name, value string) lab.Settings {
	t.Helper()
	s, err := s.With(name, value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// another returns a value that the knob does not have: far away where there are
// choices, since neighbours can be alike (bf16 and fp16 take as many bytes), one
// rung away where there are numbers.
func another(k lab.Knob, value string) string {
	switch k.Kind {
	case lab.Set:
		return k.Toggle(value, k.Choices[len(k.Choices)-1])
	case lab.Choice:
		if last := k.Choices[len(k.Choices)-1]; last != value {
			return last
		}
		return k.Choices[0]
	}
	if up := k.Next(value, 1); up != value {
		return up
	}
	return k.Next(value, -1)
}

// found returns all that a run has found but its settings and its timings.
func found(t *testing.T, e *lab.Experiment, s lab.Settings) string {
	t.Helper()
	r, err := e.Do(t.Context(), s, nil)
	if err != nil {
		t.Error(err) // of the parent, which goes on
		return ""
	}
	r = r.Lasting()
	r.Settings = e.Defaults()
	text, err := json.Marshal(r)
	if err != nil {
		t.Error(err) // of the parent, which goes on
		return ""
	}
	return string(text)
}
