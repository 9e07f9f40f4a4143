package journal

import (
	"context"
	"database/sql"
	"fmt"
)

// update runs f in a transaction that holds the write lock from its beginning,
// and commits it. When it returns nil the change is on the disk, in the file
// that has the journal's name: SQLite would go on writing into a file that was
// deleted, or replaced, and report no error.
func (j *Journal) update(ctx context.Context, f func(*sql.Tx) error) error {
	if j.readOnly {
		return fmt.Errorf("journal: %s was opened to be read only", j.path)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.db == nil {
		return ErrClosed
	}
	for {
		if !j.opened.inPlace(j.path) {
			if err := j.restore(ctx); err != nil {
				return err
			}
		}
		err := transact(ctx, j.db, f)
		j.written = j.written || err == nil
		switch {
		case j.opened.inPlace(j.path):
			return j.explain(err)
		case err == nil: // the file went during the write: restoring brings along what f wrote
			return j.restore(ctx)
		case ctx.Err() != nil:
			return err
		}
	}
}

// transact runs f in a transaction and commits it unless f fails.
func transact(ctx context.Context, db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// view runs f on one unchanging state of the journal.
func (j *Journal) view(ctx context.Context, f func(*sql.Tx) error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.db == nil {
		return ErrClosed
	}
	return j.explain(read(ctx, j.db, f))
}

// read runs f in a transaction that only reads.
func read(ctx context.Context, db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return f(tx)
}

// queries is what a database and a transaction have in common.
type queries interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// query reads all rows of a query on the journal.
func query[T any](ctx context.Context, j *Journal, scan func(*sql.Rows) (T, error), statement string, args ...any) (all []T, err error) {
	err = j.view(ctx, func(tx *sql.Tx) error {
		all, err = collect(ctx, tx, scan, statement, args...)
		return err
	})
	return all, err
}

// collect reads all rows of a query. The connection is free again afterwards,
// so that a caller may write while it goes through them.
func collect[T any](ctx context.Context, q queries, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{} // never nil: it is written as JSON
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
