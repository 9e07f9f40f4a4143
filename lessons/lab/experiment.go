package lab

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"loralab/plots"
)

// Experiment is one question that the laboratory answers by computing.
type Experiment struct {
	ID       string // lower case with hyphens
	Title    string
	Question string
	Knobs    []Knob // without the seed, which every experiment has
	Findings []Spec
	Plots    []string // ids of the figures that Figures can draw

	// Check refuses settings that are allowed one by one but not together; nil
	// allows all.
	Check func(Settings) error

	// Run computes. It emits what it sees into rec, obeys ctx at every step and
	// returns ctx's error when cancelled. A training that diverges is a finding.
	Run func(ctx context.Context, s Settings, rec *Recorder) error

	// Figures draws a record, also one of a run that is under way. It depends on
	// the record alone.
	Figures func(*Record) []*plots.Figure
}

// Defaults returns the settings with every knob at its default.
func (e *Experiment) Defaults() Settings {
	knobs := append(slices.Clone(e.Knobs), seedKnob)
	s := Settings{knobs, map[string]string{}}
	for _, k := range knobs {
		s.values[k.Name] = k.Default
	}
	return s
}

// Validate reports whether the experiment can run under s.
func (e *Experiment) Validate(s Settings) error {
	if e.Check == nil {
		return nil
	}
	return e.Check(s)
}

// Spec returns the declaration of a finding.
func (e *Experiment) Spec(name string) (Spec, bool) {
	for _, s := range e.Findings {
		if s.Name == name {
			return s, true
		}
	}
	return Spec{}, false
}

// Start returns a recorder for a run under s. watch, unless nil, is called
// after every step, from the goroutines that compute, and may block to pause
// them.
func (e *Experiment) Start(s Settings, watch func(Progress)) *Recorder {
	return &Recorder{
		specs: e.Findings, found: map[string]Finding{}, watch: watch,
		base: Record{Experiment: e.ID, Settings: s},
	}
}

// Do runs the experiment to its end and returns its record.
func (e *Experiment) Do(ctx context.Context, s Settings, watch func(Progress)) (*Record, error) {
	if err := e.Validate(s); err != nil {
		return nil, fmt.Errorf("experiment %s: %w", e.ID, err)
	}
	rec := e.Start(s, watch)
	if err := e.Run(ctx, s, rec); err != nil {
		return nil, fmt.Errorf("experiment %s: %w", e.ID, err)
	}
	return rec.Record(), nil
}

// CommandLine is what repeats a run under s: the knobs that matter and stand
// elsewhere than by default, and the seed.
func (e *Experiment) CommandLine(s Settings) string {
	line := "loralab run " + e.ID
	for _, k := range s.Knobs() {
		switch {
		case k.Name == "seed":
			line += " --seed " + s.Text(k.Name)
		case s.Matters(k) && s.Text(k.Name) != k.Default:
			line += " --set " + k.Name + "=" + s.Text(k.Name)
		}
	}
	return line
}

// Figure returns the figure of that id drawn from a record, nil if the
// record has nothing for it.
func (e *Experiment) Figure(r *Record, id string) *plots.Figure {
	for _, f := range e.Figures(r) {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// Laboratory is the set of experiments there are, in the order of the steps.
type Laboratory []*Experiment

// Experiment returns the one with that id, or an error that lists them all.
func (l Laboratory) Experiment(id string) (*Experiment, error) {
	ids := make([]string, len(l))
	for i, e := range l {
		if ids[i] = e.ID; e.ID == id {
			return e, nil
		}
	}
	return nil, fmt.Errorf("unknown experiment %q (experiments: %s)", id, strings.Join(ids, ", "))
}
