package show

import (
	"loralab/lessons/lab"
	"loralab/plots"
)

// Guess is a prediction as a figure can show it.
type Guess struct {
	Finding string      // what was predicted
	Value   float64     // in the unit in which a record keeps it; of a number
	Word    string      // of a choice
	Label   string      // "you 85 %"
	Graded  *lab.Record // the run that it was graded against, nil before
}

// Figure draws a record with the guesses in it, and beside each what the record
// says where that may be known. A record without frames has axes to guess on. It is
// nil where the experiment has no such figure under these settings.
func (e Experiment) Figure(r *lab.Record, id string) *plots.Figure {
	if e.Covered {
		r = &lab.Record{Experiment: r.Experiment, Settings: r.Settings}
	}
	f := e.Trial.Experiment.Figure(r, id)
	if f == nil {
		return nil
	}
	var marks []plots.Mark
	for _, name := range e.Truths { // first: a gap belongs to one guess, not to many
		if found, ok := r.Find(name); ok {
			if m, ok := truth(f, found); ok {
				marks = append(marks, m)
			}
		}
	}
	for _, g := range e.Guesses {
		said, ok := f.Place(g.Finding, g.Value, g.Word, g.Label)
		if !ok {
			continue
		}
		marks = append(marks, said)
		found, ok := r.Find(g.Finding)
		if !ok || g.Graded == nil || !r.Settings.Equal(g.Graded.Settings) { // of other settings nothing was said
			continue
		}
		m, _ := truth(f, found)
		marks = append(marks, m)
	}
	if len(marks) == 0 {
		return f
	}
	return f.With(marks)
}

// truth is the mark of what a run found, where the figure shows it.
func truth(f *plots.Figure, found lab.Finding) (plots.Mark, bool) {
	word := ""
	if found.Spec.Kind == lab.KindText {
		word = found.Text()
	}
	m, ok := f.Place(found.Spec.Name, found.Real(), word, "the run "+found.Text())
	m.Truth = true
	return m, ok
}
