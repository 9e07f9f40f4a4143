package lab

import (
	"context"
	"slices"
	"sync"
)

// Trial is an experiment on the table: settings that can be turned, the run of
// now and the one before it. A page of a lesson and the bench show one each. It has
// no screen and no clock.
//
// A Trial is safe for several goroutines: a run ends in one while another
// draws.
type Trial struct {
	Experiment *Experiment
	Figures    []string // ids, the first is shown first
	Table      []string // findings listed beside the figure

	offered []string // knobs, by name

	mu       sync.Mutex
	start    Settings // to go back to
	settings Settings
	turned   []Settings // how the knobs stood before each turn, the last one last
	record   *Record    // of the run of now, also while it is under way
	before   *Record    // the finished run before it
	ended    bool       // record is of a run that came to its end
}

// NewTrial offers some knobs, figures and findings of an experiment.
func NewTrial(e *Experiment, s Settings, knobs, figures, table []string) *Trial {
	return &Trial{Experiment: e, Figures: figures, Table: table, offered: knobs, start: s, settings: s}
}

// FullTrial offers all that an experiment has.
func FullTrial(e *Experiment) *Trial {
	t := NewTrial(e, e.Defaults(), nil, e.Plots, nil)
	for _, k := range t.settings.Knobs() {
		t.offered = append(t.offered, k.Name)
	}
	for _, s := range e.Findings {
		if s.Kind != KindMatrix {
			t.Table = append(t.Table, s.Name)
		}
	}
	return t
}

// Settings are how the knobs stand.
func (t *Trial) Settings() Settings {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.settings
}

// Knobs returns the knobs that are offered and matter under the present settings.
func (t *Trial) Knobs() []Knob {
	s := t.Settings()
	var all []Knob
	for _, name := range t.offered {
		if k, ok := s.Knob(name); ok && s.Matters(k) {
			all = append(all, k)
		}
	}
	return all
}

// Turn sets a knob. The error says what the knob takes.
func (t *Trial) Turn(name, value string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	next, err := t.settings.With(name, value)
	if err != nil {
		return err
	}
	t.set(next)
	return nil
}

// Reset turns all knobs back to where they stood at first.
func (t *Trial) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.set(t.start)
}

// set turns to other settings, which Undo can take back.
func (t *Trial) set(next Settings) {
	if !next.Equal(t.settings) {
		t.turned = append(t.turned, t.settings)
		t.settings = next
	}
}

// Undo takes back the last turn of a knob, or a reset; it reports whether there
// was one.
func (t *Trial) Undo() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := len(t.turned) - 1
	if last < 0 {
		return false
	}
	t.settings, t.turned = t.turned[last], t.turned[:last]
	return true
}

// Begin says that a run under the present settings starts; the error is of
// settings that are allowed one by one but not together.
func (t *Trial) Begin() (Settings, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.Experiment.Validate(t.settings); err != nil {
		return t.settings, err
	}
	if t.ended {
		t.before = t.record
	}
	t.ended = false
	return t.settings, nil
}

// See takes what a run that is under way has found so far.
func (t *Trial) See(r *Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.record = r
}

// End takes the record of a run that came to its end.
func (t *Trial) End(r *Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.record, t.ended = r, true
}

// Drop forgets a run that did not come to its end, for the one before it.
func (t *Trial) Drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended && t.before != nil {
		t.record, t.ended = t.before, true
	}
}

// Run begins a run and takes it to its end, without anybody watching. Whoever
// asked for it hands the record to End.
func (t *Trial) Run(ctx context.Context, watch func(Progress)) (*Record, error) {
	s, err := t.Begin()
	if err != nil {
		return nil, err
	}
	return t.Experiment.Do(ctx, s, watch)
}

// Record is of the run of now, finished or not; nil before the first.
func (t *Trial) Record() *Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.record
}

// Before is the finished run before the one of now; nil where there is none.
func (t *Trial) Before() *Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.before == t.record {
		return nil
	}
	return t.before
}

// Ended reports whether Record is of a run that came to its end.
func (t *Trial) Ended() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ended
}

// Finished returns the record of the last run that came to its end, nil where
// there is none.
func (t *Trial) Finished() *Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return t.record
	}
	return t.before
}

// Stale reports whether the record is of other settings than the knobs show.
func (t *Trial) Stale() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.record != nil && !t.record.Settings.Equal(t.settings)
}

// Offers reports whether a knob can be turned here.
func (t *Trial) Offers(knob string) bool { return slices.Contains(t.offered, knob) }
