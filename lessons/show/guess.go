package show

import (
	"loralab/lessons/lab"
	"loralab/plots"
)

// Guess is a prediction as a figure can show it.
type Guess struct {
	Finding string  // what was predicted
	Value   float64 // in the unit in which a record keeps it; of a number
	Word    string  // of a choice
	Label   string  // "you 85 %"
	Known   bool    // the truth may stand beside it
}

// Figure draws a record with the guesses in it, and beside each what the record
// says where that may be known. A record without frames has axes to guess on. It is
// nil where the experiment has no such figure under these settings.
func (e Experiment) Figure(r *lab.Record, id string) *plots.Figure {
	f := e.Trial.Experiment.Figure(r, id)
	if f == nil {
		return nil
	}
	var marks []plots.Mark
	for _, g := range e.Guesses {
		said, ok := f.Place(g.Finding, g.Value, g.Word, g.Label)
		if !ok {
			continue
		}
		marks = append(marks, said)
		found, ok := r.Find(g.Finding)
		if !g.Known || !ok {
			continue
		}
		word := ""
		if found.Spec.Kind == lab.KindText {
			word = found.Text()
		}
		truth, _ := f.Place(g.Finding, found.Real(), word, "the run "+found.Text())
		truth.Truth = true
		marks = append(marks, truth)
	}
	if len(marks) == 0 {
		return f
	}
	return f.With(marks)
}
