package journal

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// openedFiles are the files of an open journal, to tell them from others that
// have their names later.
type openedFiles struct {
	real   string // the journal's path without symbolic links
	main   os.FileInfo
	beside map[string]os.FileInfo // by name: what SQLite keeps next to it
}

// besideSuffixes are what SQLite adds to the name of a database for the files it
// keeps next to it.
func besideSuffixes() []string { return []string{"-wal", "-shm", "-journal"} }

// identify notes which files are open.
func identify(path string) (openedFiles, error) {
	o := openedFiles{beside: map[string]os.FileInfo{}}
	var err error
	if o.real, err = filepath.EvalSymlinks(path); err != nil {
		return o, err
	}
	if o.main, err = os.Stat(path); err != nil {
		return o, err
	}
	for _, suffix := range besideSuffixes() {
		if info, err := os.Lstat(o.real + suffix); err == nil {
			o.beside[o.real+suffix] = info
		}
	}
	return o, nil
}

// inPlace reports whether the journal's name still leads to the file that is
// open. What cannot be found out counts as yes: the write itself will tell.
func (o openedFiles) inPlace(path string) bool {
	now, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	return err != nil || os.SameFile(o.main, now)
}

// removeLeftovers removes the files beside the journal that belong to the one
// that is open. SQLite would apply a log that was left behind to any database
// that takes the name, and so destroy that.
func (o openedFiles) removeLeftovers() error {
	for name, opened := range o.beside {
		now, err := os.Lstat(name)
		if err != nil || !os.SameFile(opened, now) {
			continue
		}
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Restored reports whether the file was deleted or replaced while it was open.
// Everything that was in it was then written again, to what has its name now, or
// to a new file.
func (j *Journal) Restored() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.restored
}

// restore writes everything that is in the open file, whose name is gone or
// taken by another, to the journal that has the name now, and goes on with
// that. The caller holds the lock.
func (j *Journal) restore(ctx context.Context) error {
	fail := func(err error) error {
		return fmt.Errorf("the journal was deleted or replaced while it was open, and could not be written again: %w", err)
	}
	var rows bytes.Buffer
	if err := read(ctx, j.db, func(tx *sql.Tx) error { return export(ctx, tx, &rows) }); err != nil {
		return fail(j.explain(err))
	}
	if err := j.opened.removeLeftovers(); err != nil {
		return fail(explainSystem(j.path, err))
	}
	next, err := Open(ctx, j.path, Options{Schedule: j.schedule, Busy: j.busy})
	if err != nil {
		return fail(err)
	}
	if _, err := next.Import(ctx, &rows); err != nil {
		return fail(errors.Join(err, next.Close()))
	}
	old := j.db
	j.db, j.opened, j.restored = next.db, next.opened, true
	// What it held is kept; SQLite does not touch the name of a file that moved.
	old.Close()
	return nil
}
