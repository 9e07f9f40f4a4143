package lessons

import (
	"context"

	"loralab/lessons/lab"
)

// Bench is every experiment with every knob, without prose and without a screen.
type Bench struct {
	Trials []*lab.Trial
	book   *Notebook
}

// NewBench puts every experiment on the bench.
func NewBench(l lab.Laboratory, book *Notebook) *Bench {
	b := &Bench{book: book}
	for _, e := range l {
		b.Trials = append(b.Trials, lab.FullTrial(e))
	}
	return b
}

// Ran takes the record of a run that came to its end: it is written down, then it
// is the trial's. A run that cannot be written down is the trial's all the same:
// it is on the screen, and can be run again.
func (b *Bench) Ran(ctx context.Context, t *lab.Trial, r *lab.Record) error {
	defer t.End(r)
	return b.book.SaveRun(ctx, r)
}
