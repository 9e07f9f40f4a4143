package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"loralab/drills/schedule"
)

// Options of an open journal. The zero value is what the learner gets.
type Options struct {
	// Schedule turns answers into memory; schedule.DefaultParameters() if zero.
	Schedule schedule.Parameters
	// Busy is how long to wait for another program's write; 5 s if zero.
	Busy time.Duration
}

// Journal is an open journal. It may be used by several goroutines; their
// reads and writes are done one after another.
type Journal struct {
	path     string
	schedule schedule.Parameters
	busy     time.Duration
	readOnly bool

	mu       sync.Mutex  // held while the database is used, exchanged or closed
	db       *sql.DB     // nil once closed
	opened   openedFiles // what is open, to notice when something else has its name
	written  bool        // something was kept since it was opened
	restored bool        // see Restored
}

// Open opens the journal at path, and makes it and its folders if there is
// none. A journal of an earlier version is brought to the present one, keeping
// everything. What it can't or may not use it leaves alone and reports as a
// [*FileError].
func Open(ctx context.Context, path string, o Options) (*Journal, error) {
	return open(ctx, path, o, migrations())
}

func open(ctx context.Context, path string, o Options, steps []string) (*Journal, error) {
	j, err := prepare(path, o)
	if err != nil {
		return nil, err
	}
	_, exists, err := inspect(ctx, path, j.busy, len(steps))
	if err != nil {
		return nil, err
	}
	if !exists {
		if err := create(ctx, path, j.busy, steps); err != nil {
			return nil, err
		}
		// Another program may have been first, with another version.
		if _, _, err := inspect(ctx, path, j.busy, len(steps)); err != nil {
			return nil, err
		}
	}
	if j.db, err = connect(path, "mode=rw", j.busy); err != nil {
		return nil, j.explain(err)
	}
	if err := j.settle(ctx, steps); err != nil {
		j.db.Close()
		return nil, j.explain(err)
	}
	if j.opened, err = identify(path); err != nil {
		j.db.Close()
		return nil, explainSystem(path, err)
	}
	return j, nil
}

// prepare checks the options and fills in what they leave out.
func prepare(path string, o Options) (*Journal, error) {
	if o.Schedule.Retention == 0 {
		o.Schedule = schedule.DefaultParameters()
	}
	if err := o.Schedule.Validate(); err != nil {
		return nil, err
	}
	if o.Busy == 0 {
		o.Busy = 5 * time.Second
	}
	if path == "" {
		return nil, errors.New("journal: the name of the file is empty; " + elsewhere)
	}
	if os.IsPathSeparator(path[len(path)-1]) {
		return nil, &FileError{path, NotAFile, "names a folder", "name a file in it, such as " + filepath.Join(path, "journal.db"), nil}
	}
	return &Journal{path: path, schedule: o.Schedule, busy: o.Busy}, nil
}

// settle makes sure that the file can be written, is of the present version,
// and holds the memory that this schedule makes of the answers.
func (j *Journal) settle(ctx context.Context, steps []string) error {
	if err := j.writable(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, j.db, steps); err != nil {
		return err
	}
	want, err := json.Marshal(j.schedule)
	if err != nil {
		return err
	}
	var have string
	err = j.db.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'schedule'").Scan(&have)
	if err == nil && have == string(want) {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return transact(ctx, j.db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "REPLACE INTO meta (key, value) VALUES ('schedule', ?)", string(want)); err != nil {
			return err
		}
		return j.replay(ctx, tx)
	})
}

// writable reports a file that SQLite could open for reading only. SQLite falls
// back to that without an error, so that only the first answer would fail.
func (j *Journal) writable(ctx context.Context) error {
	conn, err := j.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		file, ok := driver.(interface {
			IsReadOnly(schema string) (bool, error)
		})
		if !ok {
			return nil // the first write will tell
		}
		if is, err := file.IsReadOnly("main"); err != nil || !is {
			return err
		}
		return readOnly(j.path, "", nil)
	})
}

// OpenReadOnly opens the journal to be read. Where there is none it makes none
// and gives an empty one. A journal of an earlier version is brought to the
// present one first.
func OpenReadOnly(ctx context.Context, path string, o Options) (*Journal, error) {
	j, err := prepare(path, o)
	if err != nil {
		return nil, err
	}
	j.readOnly = true
	steps := migrations()
	version, exists, err := inspect(ctx, path, j.busy, len(steps))
	switch {
	case err != nil:
		return nil, err
	case !exists:
		if err := j.openEmpty(ctx, steps); err != nil {
			return nil, err
		}
		return j, nil
	case version < len(steps):
		older, err := Open(ctx, path, o)
		if err != nil {
			return nil, err
		}
		if err := older.Close(); err != nil {
			return nil, err
		}
	}
	// Not mode=ro: such a connection can't clear away the files that SQLite
	// makes beside the journal.
	err = j.openReading(ctx, "mode=rw&_query_only=1")
	var found *FileError
	if errors.As(err, &found) && (found.Problem == ReadOnly || found.Problem == Full) && unlogged(path) {
		// SQLite can't make the files by which programs share the journal, but
		// where nothing can be written nobody else changes it either.
		err = j.openReading(ctx, "mode=ro&immutable=1")
	}
	if err != nil {
		return nil, err
	}
	return j, nil
}

// openReading opens the file in a mode and makes sure that it can be read.
func (j *Journal) openReading(ctx context.Context, mode string) error {
	db, err := connect(j.path, mode, j.busy)
	if err != nil {
		return j.explain(err)
	}
	if _, err := collect(ctx, db, scanPosition, selectPositions); err != nil {
		db.Close()
		return j.explain(err)
	}
	j.db = db
	return nil
}

// openEmpty gives the journal an empty database in memory.
func (j *Journal) openEmpty(ctx context.Context, steps []string) error {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return j.explain(err)
	}
	db.SetMaxOpenConns(1)
	j.db = db
	return j.explain(migrate(ctx, db, steps))
}

// Path is the file the journal was opened with.
func (j *Journal) Path() string { return j.path }

// Schedule are the parameters that made the memory in this journal.
func (j *Journal) Schedule() schedule.Parameters { return j.schedule }

// ErrClosed is returned for what is asked of a journal after Close.
var ErrClosed = errors.New("journal: it is closed already")

// Close waits for reads and writes under way, moves what was written into the
// main file and closes it; what is asked of the journal later is refused with
// [ErrClosed]. The last program to close leaves that one file alone. A second
// Close does nothing.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.db == nil {
		return nil
	}
	var errs []error
	if j.written && !j.opened.inPlace(j.path) {
		errs = append(errs, j.restore(context.Background()))
	}
	db := j.db
	j.db = nil
	if !j.readOnly {
		// Passive: it does not wait for other programs, which will do the rest.
		_, err := db.Exec("PRAGMA wal_checkpoint(PASSIVE)")
		errs = append(errs, j.explain(err))
	}
	return errors.Join(append(errs, j.explain(db.Close()))...)
}

func (j *Journal) explain(err error) error { return explain(j.path, j.busy, err) }
