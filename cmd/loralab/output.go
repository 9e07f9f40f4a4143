package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"
)

// output is the standard output of all commands. They print without looking at
// errors; output remembers the first one, and [execute] reports it. Nothing is
// written after that, and what the command is doing is called off: nobody would
// see the rest.
//
// It does not buffer. What takes time prints as it goes, and the one long text,
// an export, is buffered by the journal.
type output struct {
	w       io.Writer
	callOff func()
	err     error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	if err != nil {
		o.err = outputError{err}
		o.callOff()
	}
	return n, o.err
}

// Fd, Read and Close let the printer of the help see the terminal behind an
// output, which decides about colours.

func (o *output) Fd() uintptr {
	if file, ok := o.w.(interface{ Fd() uintptr }); ok {
		return file.Fd()
	}
	return ^uintptr(0)
}

func (o *output) Read([]byte) (int, error) { return 0, io.EOF }

func (o *output) Close() error { return nil }

// outputError says that standard output could not be written.
type outputError struct{ err error }

func (e outputError) Error() string {
	cause := e.err
	var path *fs.PathError
	if errors.As(cause, &path) { // its path is /dev/stdout, which is not what the learner named
		cause = path.Err
	}
	return fmt.Sprintf("the output is not complete, standard output can't be written: %v", cause)
}

func (e outputError) Unwrap() error { return e.err }

// brokenPipe reports that the reader of the output, such as head, has left. On
// most systems the write itself ends the program; elsewhere there is nothing to
// say either.
func brokenPipe(err error) bool {
	const windowsNoData = syscall.Errno(232) // a pipe that is being closed
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, windowsNoData)
}
