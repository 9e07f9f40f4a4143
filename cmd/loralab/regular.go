package main

import (
	"fmt"
	"io/fs"
	"os"
)

// openRegular opens a file that the command line names, if it is a regular one:
// to open a pipe waits until somebody writes to it, and a device may never end.
// Content is guarded in the same way where it is read, by source.Read.
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
