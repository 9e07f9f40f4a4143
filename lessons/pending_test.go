package lessons

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestFinishDoesWhatIsPendingOnce(t *testing.T) {
	book, err := NewNotebook(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	write := func(what string, err error) func() error {
		return book.Pending(func() error { done = append(done, what); return err })
	}
	full := errors.New("disk full")
	write("run", full)
	position := write("position", nil)
	write("answer", nil)
	if err := position(); err != nil {
		t.Fatal(err)
	}
	if err := book.Finish(t.Context()); !errors.Is(err, full) {
		t.Errorf("Finish says %v, want %v", err, full)
	}
	if err := position(); err != nil {
		t.Error(err)
	}
	if err := book.Finish(t.Context()); err != nil {
		t.Errorf("a second Finish says %v", err)
	}
	if want := []string{"position", "run", "answer"}; !slices.Equal(done, want) {
		t.Errorf("done %q, want %q", done, want)
	}
}

// TestFinishWaits: a write under way in another goroutine ends before Finish does.
func TestFinishWaits(t *testing.T) {
	book, err := NewNotebook(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	begun, end := make(chan struct{}), make(chan struct{})
	written := false
	save := book.Pending(func() error {
		close(begun)
		<-end
		written = true
		return nil
	})
	go save()
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := book.Finish(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Finish says %v before the write has ended, want %v", err, context.Canceled)
	}
	close(end)
	if err := book.Finish(t.Context()); err != nil || !written {
		t.Errorf("Finish says %v, written: %v", err, written)
	}
}
