package journal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Run is an experiment that was run, with what it found.
type Run struct {
	ID         string          `json:"id"` // given by RecordRun if empty
	Time       time.Time       `json:"time"`
	Session    string          `json:"session,omitempty"`
	Experiment string          `json:"experiment"`
	Settings   json.RawMessage `json:"settings,omitempty"` // a JSON value
	Findings   json.RawMessage `json:"findings,omitempty"` // a JSON value
}

// RecordRun writes a run and returns it as it was kept.
func (j *Journal) RecordRun(ctx context.Context, r Run) (Run, error) {
	if r.ID == "" {
		r.ID = rand.Text()
	}
	r, err := r.normal()
	if err != nil {
		return Run{}, fmt.Errorf("journal: %w", err)
	}
	return r, j.update(ctx, func(tx *sql.Tx) error { return insertRun(ctx, tx, r) })
}

// Runs are the runs of an experiment (of all if it is empty), the newest
// first, at most limit of them.
func (j *Journal) Runs(ctx context.Context, experiment string, limit int) ([]Run, error) {
	return query(ctx, j, scanRun, selectRuns+" WHERE ?1 = '' OR experiment = ?1 ORDER BY time DESC, id LIMIT ?2", experiment, limit)
}

const selectRuns = "SELECT id, time, session, experiment, settings, findings FROM runs"

func scanRun(rows *sql.Rows) (r Run, err error) {
	var when int64
	var settings, findings string
	err = rows.Scan(&r.ID, &when, &r.Session, &r.Experiment, &settings, &findings)
	r.Time, r.Settings, r.Findings = moment(when), rawJSON(settings), rawJSON(findings)
	return r, err
}

func insertRun(ctx context.Context, tx *sql.Tx, r Run) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO runs (id, time, session, experiment, settings, findings) VALUES (?,?,?,?,?,?)",
		r.ID, r.Time.UnixMilli(), r.Session, r.Experiment, string(r.Settings), string(r.Findings))
	return err
}

// normal is the run as the journal keeps it, or what is wrong with it.
func (r Run) normal() (Run, error) {
	switch {
	case r.ID == "":
		return r, errors.New("run: it has no id")
	case r.Experiment == "":
		return r, errors.New("run: it names no experiment")
	}
	var err error
	if r.Time, err = normalTime(r.Time); err != nil {
		return r, fmt.Errorf("run: %w", err)
	}
	if r.Settings, err = normalJSON(r.Settings); err != nil {
		return r, fmt.Errorf("run: the settings are no JSON: %w", err)
	}
	if r.Findings, err = normalJSON(r.Findings); err != nil {
		return r, fmt.Errorf("run: the findings are no JSON: %w", err)
	}
	normalText(&r.ID, &r.Session, &r.Experiment)
	return r, nil
}
