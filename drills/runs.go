package drills

import (
	"context"
	"fmt"
	"sync"

	"loralab/lessons/lab"
)

// keptRuns bounds the records that are kept: more than one sitting asks for, and
// a few megabytes at most.
const keptRuns = 32

// runs does the runs that questions ask for: each once for the same settings, in
// a goroutine of its own, for as long as somebody wants it. It is safe for
// several goroutines. The zero runs is empty.
type runs struct {
	mu   sync.Mutex
	all  map[string]*background // under way and done, by experiment and settings
	done []string               // of all, the oldest first
}

// background is a run that somebody waits for or will.
type background struct {
	ended  chan struct{} // closed when record and err are set
	record *lab.Record
	err    error

	cancel context.CancelFunc
	wanted int // contexts that have not ended
}

// begin starts a run unless it is under way or done, and wants it until ctx ends.
// When nobody wants it any more it is cancelled.
func (r *runs) begin(ctx context.Context, e *lab.Experiment, s lab.Settings) *background {
	id := e.ID + " " + s.String()
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.all[id]
	if b == nil {
		if r.all == nil {
			r.all = map[string]*background{}
		}
		run, cancel := context.WithCancel(context.WithoutCancel(ctx))
		b = &background{ended: make(chan struct{}), cancel: cancel}
		r.all[id] = b
		go r.do(run, id, b, e, s)
	}
	b.wanted++
	context.AfterFunc(ctx, func() { r.leave(id, b) })
	return b
}

// do runs and keeps what came of it. Who waits is told first.
func (r *runs) do(ctx context.Context, id string, b *background, e *lab.Experiment, s lab.Settings) {
	defer b.cancel()
	b.err = lab.Catch(func() (err error) {
		b.record, err = e.Do(ctx, s, nil)
		return err
	})
	close(b.ended)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all[id] != b { // nobody wants it
		return
	}
	r.done = append(r.done, id)
	if len(r.done) > keptRuns {
		delete(r.all, r.done[0])
		r.done = r.done[1:]
	}
}

// leave wants a run no longer.
func (r *runs) leave(id string, b *background) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.wanted--; b.wanted > 0 {
		return
	}
	select {
	case <-b.ended:
	default:
		if r.all[id] == b { // or it would be joined while it ends
			delete(r.all, id)
		}
		b.cancel()
	}
}

// record does a run, or waits for the one under way, and returns its record.
func (r *runs) record(ctx context.Context, e *lab.Experiment, s lab.Settings) (*lab.Record, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b := r.begin(ctx, e, s)
	select {
	case <-b.ended:
		return b.record, b.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// RunError is a run that was to decide a question and could not: it diverged, or
// found nothing that tells one answer from another. Nobody's answer is wrong
// then.
type RunError struct {
	Command string // repeats the run
	Err     error
}

func (e *RunError) Error() string {
	return fmt.Sprintf("the run that was to decide it did not (%v): %s", e.Err, e.Command)
}

func (e *RunError) Unwrap() error { return e.Err }
