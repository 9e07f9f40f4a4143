package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Problem is what is the matter with a journal's file.
type Problem int

// The problems a file can have. None of them is repaired on its own: the file
// stays as it was found.
const (
	Damaged    Problem = iota + 1 // not an SQLite file, or one with broken pages
	Empty                         // there, but without a byte
	Foreign                       // an SQLite file of another program
	Newer                         // written by a later version
	NotAFile                      // a folder, a device, a link to nothing
	ReadOnly                      // the file or its folder can't be written
	Locked                        // another program keeps it locked
	Full                          // no space is left on the disk
	Unreadable                    // the system refuses to read it, or its folder
)

// FileError says what was found where the journal should be, and what to do.
type FileError struct {
	Path    string
	Problem Problem
	Found   string // completes "journal: PATH …"
	Advice  string
	Err     error // the cause, where there is one
}

func (e *FileError) Error() string {
	return fmt.Sprintf("journal: %s %s; %s", e.Path, e.Found, e.Advice)
}

func (e *FileError) Unwrap() error { return e.Err }

const elsewhere = "name another file with --journal or LORALAB_JOURNAL"

func damaged(path, found string, cause error) *FileError {
	return &FileError{path, Damaged, "is damaged: " + found,
		"nothing was changed; keep a copy, then recover it (sqlite3 FILE .recover) or move it away, or " + elsewhere, cause}
}

// explain turns an error of SQLite into one that the learner can act on. Errors
// that are not about the file are returned as they are.
func explain(path string, busy time.Duration, err error) error {
	var cause *sqlite.Error
	var known *FileError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case !errors.As(err, &cause):
		return err
	}
	primary := cause.Code() & 0xff // what kind of error it is; the rest says where SQLite met it
	if (primary == sqlite3.SQLITE_IOERR || primary == sqlite3.SQLITE_CANTOPEN) && diskFull(filepath.Dir(path)) {
		return full(path, err) // met while a file beside the journal was to grow
	}
	switch primary {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damaged(path, cause.Error(), err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return &FileError{path, Locked, fmt.Sprintf("is locked: another program has kept it for %v", busy),
			"close that program and try again, or " + elsewhere, err}
	case sqlite3.SQLITE_READONLY:
		return readOnly(path, "", err)
	case sqlite3.SQLITE_FULL:
		return full(path, err)
	case sqlite3.SQLITE_CANTOPEN:
		return explainCantOpen(path, err)
	case sqlite3.SQLITE_IOERR:
		return &FileError{path, Unreadable, "can't be read or written: the system reports " + cause.Error(), "check the disk, or " + elsewhere, err}
	}
	return fmt.Errorf("journal: %s: %w", path, err)
}

// explainSystem does the same for an error of the operating system.
func explainSystem(path string, err error) error {
	var system *fs.PathError
	switch {
	case noRoom(err):
		return full(path, err)
	case !errors.As(err, &system):
		return fmt.Errorf("journal: %s: %w", path, err)
	case errors.Is(err, fs.ErrPermission):
		return readOnly(path, fmt.Sprintf(" (%s %s: %v)", system.Op, system.Path, system.Err), err)
	}
	return &FileError{path, Unreadable, fmt.Sprintf("can't be reached: %s %s: %v", system.Op, system.Path, system.Err), elsewhere, err}
}

func readOnly(path, detail string, err error) *FileError {
	return &FileError{path, ReadOnly, "can't be written: it or its folder is read-only" + detail,
		"change the permissions, or " + elsewhere, err}
}

func full(path string, err error) *FileError {
	return &FileError{path, Full, "can't be written: the disk is full",
		"make room on it and try again; what was kept before is safe, and nothing was written in part", err}
}

// noRoom reports whether an error of the operating system says that the disk, or
// the user's share of it, is full.
func noRoom(err error) bool {
	const handleDiskFull, diskFull = syscall.Errno(39), syscall.Errno(112) // Windows' own numbers
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		runtime.GOOS == "windows" && (errors.Is(err, handleDiskFull) || errors.Is(err, diskFull))
}

// diskFull finds out by trying whether the disk of a folder is full: SQLite
// reports only that it could not write.
func diskFull(folder string) bool {
	probe, err := os.CreateTemp(folder, ".journal-*")
	if err != nil {
		return noRoom(err)
	}
	defer os.Remove(probe.Name())
	defer probe.Close()
	_, err = probe.Write(make([]byte, 64<<10)) // twice what SQLite's shared index takes at least
	return noRoom(errors.Join(err, probe.Sync()))
}

// explainCantOpen finds out why SQLite could not open the file or one of those
// it keeps beside it, which it does not tell.
func explainCantOpen(path string, err error) error {
	file, openErr := os.Open(path)
	if openErr != nil {
		return &FileError{path, Unreadable, fmt.Sprintf("can't be read (%v)", openErr), "change the permissions, or " + elsewhere, err}
	}
	file.Close()
	probe, probeErr := os.CreateTemp(filepath.Dir(path), ".journal-*")
	if probeErr != nil {
		return readOnly(path, fmt.Sprintf(" (%v)", probeErr), err)
	}
	probe.Close()
	os.Remove(probe.Name())
	return &FileError{path, Unreadable, "can't be opened: " + err.Error(), elsewhere, err}
}
