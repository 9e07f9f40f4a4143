// Command loralab is a laboratory for low-rank adaptation in the terminal.
//
// Exit status: 0 when all went well, 1 when something failed, 2 when the
// command line (a flag, a knob, a value, a file) cannot be used as it is, 128
// and the signal's number when the screen was ended by SIGHUP or SIGTERM.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
)

func main() {
	os.Exit(execute(context.Background(), newRoot(), os.Stderr))
}

// execute runs a command and returns the exit status. Errors are one line.
func execute(ctx context.Context, root *cobra.Command, stderr io.Writer) int {
	err := fang.Execute(ctx, root,
		fang.WithoutManpage(),
		fang.WithNotifySignal(os.Interrupt),
		fang.WithErrorHandler(func(_ io.Writer, _ fang.Styles, err error) {
			if !errors.As(err, new(signalError)) { // whoever sent it knows, and the terminal may be gone
				fmt.Fprintln(stderr, "loralab:", strings.TrimSpace(err.Error()))
			}
		}),
	)
	var usage usageError
	var ended signalError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage), isCobraUsage(err):
		return 2
	case errors.As(err, &ended):
		return ended.status()
	}
	return 1
}

// usageError marks an error that another command line would avoid.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// usage marks err as a usage error; nil stays nil.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// isCobraUsage recognizes cobra's own errors about the command line, which have
// no type.
func isCobraUsage(err error) bool {
	for _, start := range []string{"unknown command", "accepts ", "requires at least", "required flag", "if any flags in the group", "at least one of the flags"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

// one wants exactly one argument and otherwise says what it would be.
func one(what, hint string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return usagef("which %s? %s", what, hint)
		case 1:
			return nil
		}
		return usagef("one %s at a time, got %d: %s", what, len(args), strings.Join(args, " "))
	}
}
