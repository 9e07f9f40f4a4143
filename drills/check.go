package drills

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"loralab/drills/verdict"
	"loralab/lessons"
	"loralab/lessons/source"
)

// checkedSeeds is how many seeds of every family are checked.
const checkedSeeds = 200

// checkedRuns is how many different runs of every family that a run decides are
// checked.
const checkedRuns = 3

// Check asks every family under many seeds and reports what is wrong with the
// content, each a [*source.Error]: a key that its own grader does not
// find right, a misconception that is right under some seed or is not
// recognized as what it is, a text with a name left open. It takes seconds; when
// ctx ends so does it, with the error of ctx.
//
// Of a family that a run decides only the first few different runs are done and
// graded: one takes a second.
func (b *Bank) Check(ctx context.Context) error { return b.check(ctx, checkedSeeds, checkedRuns) }

func (b *Bank) check(ctx context.Context, seeds, runs int) error {
	wrong := make([]error, len(b.families))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				wrong[i] = b.families[i].check(ctx, seeds, runs)
			}
		})
	}
	for i := range b.families {
		next <- i
	}
	close(next)
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	return errors.Join(wrong...)
}

// CheckRecalls reports every recall block of a lesson whose family does not
// exist.
func (b *Bank) CheckRecalls(all []*lessons.Lesson) error {
	var wrong []error
	for _, l := range all {
		for _, p := range l.Pages {
			for _, block := range p.Blocks {
				if r, ok := block.(lessons.Recall); ok {
					if _, err := b.Family(r.Family); err != nil {
						wrong = append(wrong, fmt.Errorf("%s: page %q: %w", l.File, p.Title, err))
					}
				}
			}
		}
	}
	return errors.Join(wrong...)
}

// CheckTaught reports every family that a page says it teaches and that does not
// exist, and returns those that no page teaches, in the order of the bank.
func (b *Bank) CheckTaught(all []*lessons.Lesson) (untaught []string, err error) {
	taught := map[string]bool{}
	var wrong []error
	for _, l := range all {
		for _, p := range l.Pages {
			for _, t := range p.Teaches {
				taught[t.Family] = true
				if _, err := b.Family(t.Family); err != nil {
					wrong = append(wrong, t.Errorf("%w", err))
				}
			}
		}
	}
	for _, f := range b.Families() {
		if !taught[f.ID] {
			untaught = append(untaught, f.ID)
		}
	}
	return untaught, errors.Join(wrong...)
}

// check asks the family under the first seeds, or under the few that can
// differ where nothing is drawn.
func (f *Family) check(ctx context.Context, seeds, runs int) error {
	if len(f.draws) == 0 {
		seeds = min(seeds, 10) // the order of options is drawn all the same
	}
	done := map[string]bool{}
	for seed := range uint64(seeds) {
		if err := ctx.Err(); err != nil {
			return err
		}
		q, err := f.Instance(seed)
		if err != nil {
			return err
		}
		if q.Run != nil {
			id := q.Run.Settings.String()
			if len(done) == runs && !done[id] {
				continue
			}
			done[id] = true
			if err := q.checkRun(ctx); err != nil {
				return err
			}
		}
		if text := q.Text() + q.Why + strings.Join(q.Hints, ""); strings.Contains(text, "{{") {
			return f.fields.Errorf("prompt", "%s, seed %d: a name is left open", f.ID, seed)
		}
		for i := range q.Parts {
			if err := q.checkPart(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkRun waits for the run of the question, which must decide it.
func (q *Question) checkRun(ctx context.Context) error {
	err := q.Settle(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if at := (*source.Error)(nil); errors.As(err, &at) {
		return at
	}
	return q.Family.experiment.fields.Errorf("experiment", "%s, seed %d: %w", q.Family.ID, q.Seed, err)
}

// checkPart grades the key and the misconceptions of one part.
func (q *Question) checkPart(i int) error {
	p := &q.Parts[i]
	where := fmt.Sprintf("%s, seed %d, part %d", q.Family.ID, q.Seed, i+1)
	fields := q.Family.parts[i].fields
	keys := []string{p.answer}
	if p.Key != p.answer { // what the learner is shown, too
		keys = append(keys, p.Key)
	}
	for _, key := range keys {
		v, err := p.grade(key)
		if err != nil {
			return fields.Errorf("kind", "%s: %w", where, err)
		}
		if v.Status != verdict.Right {
			return fields.Errorf("kind", "%s: its own key %q is graded %v (%s): %s", where, key, v.Status, v.Note, strings.Join(v.Feedback, "; "))
		}
	}
	for _, m := range p.expected {
		v, err := p.grade(m.answer)
		if err != nil {
			return m.fields.Errorf(m.key, "%s: %w", where, err)
		}
		switch {
		case v.Status == verdict.Right:
			return m.fields.Errorf(m.key, "%s: the misconception %q, %s, is right here: narrow what is drawn", where, m.answer, m.note)
		case v.Note != m.note:
			return m.fields.Errorf(m.key, "%s: the misconception %q is met as %s (%v), not as %s", where, m.answer, v.Note, v.Status, m.note)
		}
	}
	return nil
}
