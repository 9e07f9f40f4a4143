package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// signalError is the end of the program by a signal.
type signalError struct{ syscall.Signal }

func (e signalError) Error() string { return "ended from outside: " + e.Signal.String() }

// status is what shells report of a program that a signal has ended.
func (e signalError) status() int { return 128 + int(e.Signal) }

// untilEnded returns a context that ends when the terminal is closed or the
// program is told to end, with a [signalError] as the cause. Without it the
// program would be gone before the terminal is restored.
func untilEnded(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			cancel(signalError{s.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}
