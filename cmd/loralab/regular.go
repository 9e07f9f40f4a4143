package main

import (
	"fmt"
	"io/fs"
	"os"
)

// largestContent is far more than a lesson or a file of questions takes.
const largestContent = 16 << 20

// regularFS is a folder of the learner's, of which folders and regular files of
// sensible sizes are opened and nothing else: to open a pipe waits until
// somebody writes to it, and a device may never end.
type regularFS struct{ fs.FS }

func (r regularFS) Open(name string) (fs.File, error) {
	info, err := fs.Stat(r.FS, name) // without opening it, in a folder of the system
	if err != nil {
		return nil, err
	}
	switch mode := info.Mode(); {
	case mode.IsDir(): // to be listed
	case !mode.IsRegular():
		return nil, &fs.PathError{Op: "open", Path: name, Err: irregular(mode)}
	case info.Size() > largestContent:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fmt.Errorf("it has %d bytes, want at most %d", info.Size(), largestContent)}
	}
	return r.FS.Open(name)
}

// openRegular opens a file that the command line names. What is not a regular
// file is refused: see [regularFS].
func openRegular(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if err := irregular(info.Mode()); err != nil {
		return nil, fmt.Errorf("%s: %w", printable(name), err)
	}
	return os.Open(name)
}

// irregular says what a file is that is no regular one; nil if it is.
func irregular(mode fs.FileMode) error {
	kind := "it is special"
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		kind = "it is a folder"
	case mode&fs.ModeNamedPipe != 0:
		kind = "it is a pipe"
	case mode&fs.ModeSocket != 0:
		kind = "it is a socket"
	case mode&fs.ModeDevice != 0:
		kind = "it is a device"
	}
	return fmt.Errorf("%s, want a regular file", kind)
}
