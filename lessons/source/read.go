package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode"
	"unicode/utf8"
)

// The most bytes that are read of a file.
const (
	MaxText = 4 << 20  // of Markdown and YAML
	MaxData = 64 << 20 // of a data set
)

// Error is a mistake in a content file.
type Error struct {
	File         string
	Line, Column int // from 1
	Err          error
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Read returns what is in a file of fsys. It opens regular files only (to open
// a named pipe would wait for a writer, and a device may have no end) and reads
// no more than limit bytes. The error is an [*Error], with the cause in it.
func Read(fsys fs.FS, name string, limit int64) ([]byte, error) {
	text, err := read(fsys, name, limit)
	if err != nil {
		return nil, &Error{name, 1, 1, err}
	}
	return text, nil
}

func read(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name) // of what a link leads to
	if err != nil {
		return nil, cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("this is %s, want a regular file", kind(info.Mode()))
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, cause(err)
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("the file is larger than %d bytes, the most that is read", limit)
	}
	return text, nil
}

// ReadText returns what is in a file of Markdown or YAML. It must be UTF-8 and
// have no control characters but tabs and line ends: they would reach the terminal
// of whoever reads the lesson. The error is an [*Error].
func ReadText(fsys fs.FS, name string) (string, error) {
	data, err := Read(fsys, name, MaxText)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(data) {
		return "", &Error{name, 1, 1, errors.New("the file is not UTF-8 text")}
	}
	line, column := 1, 0
	for _, r := range string(data) {
		column++
		switch {
		case r == '\n':
			line, column = line+1, 0
		case unicode.IsControl(r) && r != '\t' && r != '\r':
			return "", &Error{name, line, column, fmt.Errorf("control character %U: want text alone", r)}
		}
	}
	return string(data), nil
}

// cause leaves out the operation and the name, which the error says already.
func cause(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	return err
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "no file of the usual kind (" + mode.Type().String() + ")"
}
