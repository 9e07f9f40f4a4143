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
	"os/signal"
	"runtime/debug"
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
)

func main() {
	os.Exit(execute(context.Background(), newRoot(), os.Stdout, os.Stderr))
}

// execute runs a command and returns the exit status. What went wrong is printed
// here and nowhere else.
func execute(ctx context.Context, root *cobra.Command, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second ctrl+c ends the program at once
	out := &output{w: stdout, callOff: stop}
	root.SetOut(out)
	root.SetErr(stderr)
	var failed error
	keepErrors(root, &failed)
	err := fang.Execute(ctx, root,
		fang.WithoutManpage(),
		fang.WithVersion(version(debug.ReadBuildInfo())),
		fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}),
	)
	if failed != nil {
		err = failed
	}
	var ended signalError
	if out.err != nil && !errors.As(err, &ended) {
		err = out.err // what the command says after that follows from it
	}
	var wrongUsage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended): // whoever sent the signal knows, and the terminal may be gone
		return ended.status()
	case brokenPipe(err):
		return 1
	case errors.Is(err, context.Canceled):
		err = errors.New("interrupted")
	}
	fmt.Fprintln(stderr, "loralab:", escape(strings.TrimSpace(err.Error())))
	if errors.As(err, &wrongUsage) || isCobraUsage(err) {
		return 2
	}
	return 1
}

// keepErrors has a command and those below it leave their error in failed instead
// of returning it. fang asks the terminal for its background whenever it is given
// an error, to style what we print ourselves, and may wait for the answer for ever
// where the screen was ended by a signal or the terminal is gone.
func keepErrors(cmd *cobra.Command, failed *error) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			*failed = run(cmd, args)
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		keepErrors(sub, failed)
	}
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
