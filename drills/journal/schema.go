package journal

import (
	"context"
	"database/sql"
	"fmt"
)

// applicationID marks the file as a journal of loralab: "LoRA" in ASCII.
const applicationID = 0x4C6F5241

// migrations lead from an empty file to the present version: the nth makes
// version n out of n-1. A migration that was published is never edited; it
// must keep every row.
//
// Times are milliseconds since 1970 in UTC. A seed is a uint64 in the bits of
// an int64. The values a column may take are checked in Go, by one function
// for what is recorded and what is imported, so that a new status needs no new
// table.
func migrations() []string {
	return []string{`
CREATE TABLE answers (
	id         TEXT    PRIMARY KEY,
	time       INTEGER NOT NULL,
	session    TEXT    NOT NULL,
	kind       TEXT    NOT NULL,
	family     TEXT    NOT NULL,
	part       INTEGER NOT NULL,
	seed       INTEGER NOT NULL,
	answer     TEXT    NOT NULL,
	echo       TEXT    NOT NULL,
	status     TEXT    NOT NULL,
	score      REAL    NOT NULL,
	note       TEXT    NOT NULL,
	confidence INTEGER NOT NULL,
	hints      INTEGER NOT NULL,
	contested  INTEGER NOT NULL,
	rating     INTEGER NOT NULL,
	experiment TEXT    NOT NULL,
	settings   TEXT    NOT NULL
) STRICT;
CREATE INDEX answers_by_family ON answers (family, time, id);
CREATE INDEX answers_by_time ON answers (time, id);

-- Derived from the answers with a rating.
CREATE TABLE memory (
	family     TEXT    PRIMARY KEY,
	phase      INTEGER NOT NULL,
	step       INTEGER NOT NULL,
	stability  REAL    NOT NULL,
	difficulty REAL    NOT NULL,
	last       INTEGER NOT NULL,
	due        INTEGER NOT NULL,
	reps       INTEGER NOT NULL,
	lapses     INTEGER NOT NULL,
	answer     TEXT    NOT NULL -- id of the last review
) STRICT, WITHOUT ROWID;

CREATE TABLE lessons (
	lesson TEXT    PRIMARY KEY,
	page   INTEGER NOT NULL,
	done   INTEGER NOT NULL,
	time   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
	id         TEXT    PRIMARY KEY,
	time       INTEGER NOT NULL,
	session    TEXT    NOT NULL,
	experiment TEXT    NOT NULL,
	settings   TEXT    NOT NULL,
	findings   TEXT    NOT NULL
) STRICT;
CREATE INDEX runs_by_time ON runs (time, id);

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`, `
CREATE TABLE goals (
	lesson     TEXT    NOT NULL,
	goal       TEXT    NOT NULL,
	time       INTEGER NOT NULL,
	session    TEXT    NOT NULL,
	experiment TEXT    NOT NULL,
	settings   TEXT    NOT NULL,
	PRIMARY KEY (lesson, goal)
) STRICT, WITHOUT ROWID;
`}
}

// migrate brings the file to the present version, a transaction a step. The
// version is read inside the transaction: another program may have migrated
// the file while this one waited for the lock.
func migrate(ctx context.Context, db *sql.DB, steps []string) error {
	for {
		done, err := migrateOnce(ctx, db, steps)
		if done || err != nil {
			return err
		}
	}
}

func migrateOnce(ctx context.Context, db *sql.DB, steps []string) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	if version >= len(steps) {
		return true, nil
	}
	if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
		return false, fmt.Errorf("migration to version %d: %w", version+1, err)
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return false, err
	}
	return false, tx.Commit()
}
