package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// connect opens the file through one connection. A pool would let reads run
// beside a write, but one learner never waits for either, and one connection
// makes every pragma hold for every statement.
//
// Its errors appear with the first statement, as database/sql connects late.
func connect(path, mode string, busy time.Duration) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // C:/… is written file:///C:/…
	}
	name := url.URL{Scheme: "file", Path: abs}
	db, err := sql.Open("sqlite", fmt.Sprintf(
		// FULL: a commit waits for the disk, also in WAL. fullfsync: on macOS
		// the plain fsync stops at the drive's cache.
		"%s?%s&_busy_timeout=%d&_synchronous=FULL&_pragma=fullfsync(1)&_txlock=immediate&_defensive=1&_dqs=0",
		name.String(), mode, busy.Milliseconds()))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// inspect tells whether there is a journal that this version can read, and of
// which version it is. It writes nothing: what is not ours stays as it is.
//
// The file is only opened through SQLite. Reading its header by hand would be
// shorter, but closing that second descriptor drops the POSIX locks of a
// journal that this process may have open.
func inspect(ctx context.Context, path string, busy time.Duration, newest int) (version int, exists bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if target, linkErr := os.Readlink(path); linkErr == nil {
			return 0, false, &FileError{path, NotAFile, "is a link to " + target + ", which does not exist", "remove the link, or " + elsewhere, err}
		}
		return 0, false, nil
	}
	if err != nil {
		return 0, false, &FileError{path, Unreadable, fmt.Sprintf("can't be reached (%v)", err), elsewhere, err}
	}
	switch {
	case info.IsDir():
		return 0, true, &FileError{path, NotAFile, "is a folder", elsewhere, nil}
	case !info.Mode().IsRegular():
		return 0, true, &FileError{path, NotAFile, "is not a regular file", elsewhere, nil}
	case info.Size() == 0:
		return 0, true, &FileError{path, Empty, "is empty: 0 bytes, no journal", "remove it to begin a new journal there, or " + elsewhere, nil}
	}

	if settled(path) {
		version, err = examine(ctx, path, "mode=ro&immutable=1", busy, newest)
		var found *FileError
		if !errors.As(err, &found) || found.Problem != Damaged {
			return version, true, err
		}
		// Reading without locks may have met another program's write. Look
		// again with them; a settled file is not written by that.
		version, err = examine(ctx, path, "mode=rw", busy, newest)
		return version, true, err
	}
	version, err = examine(ctx, path, "mode=ro", busy, newest)
	var found *FileError
	if errors.As(err, &found) && found.Problem == Full && unlogged(path) {
		version, err = examine(ctx, path, "mode=ro&immutable=1", busy, newest)
	}
	return version, true, err
}

// settled reports whether no program has the file open and none left work
// behind: then it can be read without locks, and without SQLite making the
// files it keeps beside it.
func settled(path string) bool { return len(logs(path)) == 0 }

// unlogged reports whether everything that was written is in the file itself.
// Another program may have it open.
func unlogged(path string) bool {
	return !slices.ContainsFunc(logs(path), func(log fs.FileInfo) bool { return log.Size() > 0 })
}

// logs are the files beside a journal that work may be left in.
func logs(path string) (found []fs.FileInfo) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // SQLite puts its files beside the real one
	}
	for _, suffix := range []string{"-wal", "-journal"} { // -shm is an index of -wal
		if info, err := os.Lstat(path + suffix); err == nil {
			found = append(found, info)
		}
	}
	return found
}

// examine reads the marks of a journal and checks its pages.
func examine(ctx context.Context, path, mode string, busy time.Duration, newest int) (version int, err error) {
	db, err := connect(path, mode, busy)
	if err != nil {
		return 0, explain(path, busy, err)
	}
	defer db.Close()
	var id int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return 0, explain(path, busy, err)
	}
	if id != applicationID {
		return 0, &FileError{path, Foreign, fmt.Sprintf("is an SQLite file of another program (application id %#x, a journal has %#x)", uint32(id), applicationID), elsewhere, nil}
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, explain(path, busy, err)
	}
	if version > newest {
		return version, &FileError{path, Newer, fmt.Sprintf("is of version %d; this loralab reads up to %d", version, newest), "update loralab, or " + elsewhere, nil}
	}
	if version < 1 {
		return version, damaged(path, fmt.Sprintf("its version is %d", version), nil)
	}
	var check string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&check); err != nil {
		return version, explain(path, busy, err)
	}
	if check != "ok" {
		return version, damaged(path, strings.Join(strings.Fields(check), " "), nil)
	}
	return version, nil
}

// create makes a new journal where there is none. It is built under another
// name and then linked to its own, so that neither a second program nor a crash
// finds half a journal; a file that appeared meanwhile is kept.
func create(ctx context.Context, path string, busy time.Duration, steps []string) (err error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return explainSystem(path, err)
	}
	draft, err := os.CreateTemp(folder, ".journal-*.db")
	if err != nil {
		return explainSystem(path, err)
	}
	draft.Close()
	defer os.Remove(draft.Name())
	if err := build(ctx, draft.Name(), busy, steps); err != nil {
		return explain(path, busy, err)
	}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		// A journal that was deleted may have left its log behind, which SQLite
		// would apply to the new one, and so destroy that.
		for _, suffix := range besideSuffixes() {
			if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return explainSystem(path, err)
			}
		}
	}
	err = os.Link(draft.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = copyNew(draft.Name(), path) // a file system without hard links
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return explainSystem(path, err)
	}
	// The name must last like the content. Not every system can sync a folder.
	if entries, openErr := os.Open(folder); openErr == nil {
		entries.Sync()
		entries.Close()
	}
	return nil
}

// build writes the schema and the marks into an empty file.
func build(ctx context.Context, path string, busy time.Duration, steps []string) error {
	db, err := connect(path, "mode=rw", busy)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return err
	}
	if err := migrate(ctx, db, steps); err != nil {
		return err
	}
	// The file remembers it. Where the system can't share memory (network
	// drives) SQLite keeps its older, slower way, and that is as safe.
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	return db.Close()
}

// copyNew copies a file to a name that must not exist yet.
func copyNew(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(target, source); err == nil {
		err = target.Sync()
	}
	return errors.Join(err, target.Close())
}
