package lessons

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// pendings are the writes that were begun or are to begin: a screen makes a
// write where a key was pressed, and its loop does it some time later, or never
// if the program is left at once.
type pendings struct {
	mu    sync.Mutex
	saves []*pending // in the order in which they were made
}

type pending struct{ do func() error }

// Pending returns do as a function that does it once, however often it is
// called, and counts it as not yet done from now on. [Notebook.Finish] does
// what nobody has called by then.
func (n *Notebook) Pending(do func() error) (save func() error) {
	p := &n.pending
	this := &pending{}
	this.do = sync.OnceValue(func() error {
		err := do()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.saves = slices.DeleteFunc(p.saves, func(s *pending) bool { return s == this })
		return err
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.saves = append(p.saves, this)
	return this.do
}

// Finish does every write that is pending, and waits for those under way, until
// ctx ends. It is called before the journal is closed, when no more are made.
func (n *Notebook) Finish(ctx context.Context) error {
	p := &n.pending
	p.mu.Lock()
	left := slices.Clone(p.saves)
	p.mu.Unlock()
	if len(left) == 0 {
		return nil
	}
	done := make(chan error, 1)
	go func() {
		var errs []error
		for _, s := range left {
			errs = append(errs, s.do())
		}
		done <- errors.Join(errs...)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("what was done last may not be in the journal: %w", context.Cause(ctx))
	}
}
