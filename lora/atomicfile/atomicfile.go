// Package atomicfile replaces a file as a whole: what is seen under its name is
// always the old file or the new one, also after a crash, a full disk or a
// failure in the middle of writing.
//
// The new file grows under another name in the same folder, is brought to the
// disk, and then takes the name. Through a symbolic link its target is replaced
// and the link stays. A file that is replaced keeps its permissions. Only regular
// files are replaced: renaming over a device or a pipe would take it away from
// everybody.
//
// github.com/google/renameio and github.com/natefinch/atomic do the middle of
// this. Neither follows links, refuses what is no file, keeps a file that
// appears meanwhile, or brings the folder to the disk; with one of them the
// package would be as long as it is.
package atomicfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// File is the new file while it is being written.
type File interface {
	io.Writer
	io.WriterAt
}

// Write makes write's file appear at path, complete or not at all. What exists
// there is treated as [Check] says, before write is called and again after it.
// An error of write is returned as it is; others begin with the path, and are
// [ErrFull] if there was no room. After any error the old file is as it was,
// and nothing else is left.
func Write(path string, replace bool, write func(File) error) error {
	target, old, err := check(path, replace)
	if err != nil {
		return err
	}
	folder := filepath.Dir(target)
	part := filepath.Join(folder, fmt.Sprintf(".%s.%08x", clip(filepath.Base(target)), rand.Uint32()))
	// Not os.CreateTemp: its mode 0600 would outlive the renaming, and the mode
	// that the user's umask gives cannot be asked for.
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("%s: folder %s: %w", path, folder, cause(err))
	}
	defer os.Remove(part)
	defer f.Close() // the second time after success, which does nothing
	if old != nil {
		if err := f.Chmod(old.Mode().Perm()); err != nil {
			return fmt.Errorf("%s: %w", path, cause(err))
		}
	}
	w := &written{file: f}
	if err := write(w); err != nil && w.err == nil {
		return err
	}
	// A disk that was full may have room again: what failed once is not forgotten.
	if err := cmp.Or(w.err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	return rename(part, target, path, replace)
}

// rename gives the finished part its name.
func rename(part, target, path string, replace bool) error {
	// Unlike renaming, linking does not replace what has appeared meanwhile. Where
	// something is there, or the file system has no links, look once more at what
	// renaming would replace.
	if replace || os.Link(part, target) != nil {
		if _, _, err := check(path, replace); err != nil {
			return err
		}
		if err := os.Rename(part, target); err != nil {
			return fmt.Errorf("%s: %w", path, cause(err))
		}
	}
	// The name must last like the content. The file is in its place whatever this
	// says, and not every system can sync a folder.
	if folder, err := os.Open(filepath.Dir(target)); err == nil {
		folder.Sync()
		folder.Close()
	}
	return nil
}

// written keeps the first error of the file itself, which a callback may hide in
// one of its own.
type written struct {
	file     *os.File
	err      error
	unsynced int // bytes
}

func (w *written) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	return n, w.note(n, err)
}

func (w *written) WriteAt(b []byte, at int64) (int, error) {
	n, err := w.file.WriteAt(b, at)
	return n, w.note(n, err)
}

// note brings a large file to the disk as it grows. Left to the end, gigabytes
// would be waited for in one call, which nothing interrupts.
func (w *written) note(n int, err error) error {
	const most = 64 << 20
	if w.unsynced += n; err == nil && w.unsynced >= most {
		w.unsynced = 0
		err = w.file.Sync()
	}
	w.err = cmp.Or(w.err, err)
	return err
}

// Check returns the error that [Write] would refuse to begin with, so that it
// can be asked before long work. A file that exists is an error that wraps
// [fs.ErrExist] unless it may be replaced; a missing folder, and anything but a
// regular file, is an error even then. Errors begin with the path.
func Check(path string, replace bool) error {
	_, _, err := check(path, replace)
	return err
}

// check returns also the path of the file itself, which a symbolic link leads to,
// and what is there, nil if nothing is.
func check(path string, replace bool) (target string, old fs.FileInfo, err error) {
	there, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, nil, checkFolder(path)
	case err != nil:
		return "", nil, fmt.Errorf("%s: %w", path, cause(err))
	case there.Mode().Type() == fs.ModeSymlink:
		if there, err = os.Stat(path); err != nil {
			return "", nil, fmt.Errorf("%s: a symbolic link that leads nowhere: %w", path, cause(err))
		}
		if there.Mode().IsRegular() { // the names of pipes and sockets behind links in /proc are not paths
			if target, err = filepath.EvalSymlinks(path); err != nil {
				return "", nil, fmt.Errorf("%s: %w", path, cause(err))
			}
		}
	default:
		target = path
	}
	switch {
	case !there.Mode().IsRegular():
		return "", nil, fmt.Errorf("%s: %s, not a regular file: it is not replaced", path, Kind(there.Mode()))
	case !replace:
		return "", nil, fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	return target, there, nil
}

// checkFolder returns an error unless there is a folder for the file at path.
func checkFolder(path string) error {
	folder := filepath.Dir(path)
	there, err := os.Stat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no folder %s", path, folder)
	case err != nil:
		return fmt.Errorf("%s: folder %s: %w", path, folder, cause(err))
	case !there.IsDir():
		return fmt.Errorf("%s: %s is not a folder", path, folder)
	}
	return nil
}

// Kind names what a mode is of, with its article: "a folder", "a pipe".
func Kind(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "a regular file"
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}

// clip shortens a name so that the part's is not longer than file systems allow.
func clip(name string) string {
	const longest = 200
	return strings.ToValidUTF8(name[:min(len(name), longest)], "")
}
