package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Goal is a goal of a lesson that was reached, with the run that was the first to.
type Goal struct {
	Lesson     string          `json:"lesson"`
	Goal       string          `json:"goal"` // its id within the lesson
	Time       time.Time       `json:"time"`
	Session    string          `json:"session,omitempty"`
	Experiment string          `json:"experiment"`
	Settings   json.RawMessage `json:"settings,omitempty"` // a JSON value
}

// ReachGoal keeps a goal that was reached. One that was reached before stays as
// it was kept then.
func (j *Journal) ReachGoal(ctx context.Context, g Goal) error {
	g, err := g.normal()
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return j.update(ctx, func(tx *sql.Tx) error { return upsertGoal(ctx, tx, g) })
}

// Goals are the goals reached so far, in the order of lessons and ids.
func (j *Journal) Goals(ctx context.Context) ([]Goal, error) {
	return query(ctx, j, scanGoal, selectGoals+" ORDER BY lesson, goal")
}

const selectGoals = "SELECT lesson, goal, time, session, experiment, settings FROM goals"

func scanGoal(rows *sql.Rows) (g Goal, err error) {
	var when int64
	var settings string
	err = rows.Scan(&g.Lesson, &g.Goal, &when, &g.Session, &g.Experiment, &settings)
	g.Time, g.Settings = moment(when), rawJSON(settings)
	return g, err
}

// upsertGoal keeps the earlier of two times that a goal was reached.
func upsertGoal(ctx context.Context, tx *sql.Tx, g Goal) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO goals (lesson, goal, time, session, experiment, settings) VALUES (?,?,?,?,?,?)
		ON CONFLICT (lesson, goal) DO UPDATE SET
			time = excluded.time, session = excluded.session, experiment = excluded.experiment, settings = excluded.settings
		WHERE excluded.time < time`,
		g.Lesson, g.Goal, g.Time.UnixMilli(), g.Session, g.Experiment, string(g.Settings))
	return err
}

// normal is the goal as the journal keeps it, or what is wrong with it.
func (g Goal) normal() (Goal, error) {
	switch {
	case g.Lesson == "":
		return g, errors.New("goal: it names no lesson")
	case g.Goal == "":
		return g, errors.New("goal: it has no id")
	case g.Experiment == "":
		return g, errors.New("goal: it names no experiment")
	}
	var err error
	if g.Time, err = normalTime(g.Time); err != nil {
		return g, fmt.Errorf("goal: %w", err)
	}
	if g.Settings, err = normalJSON(g.Settings); err != nil {
		return g, fmt.Errorf("goal: the settings are no JSON: %w", err)
	}
	normalText(&g.Lesson, &g.Goal, &g.Session, &g.Experiment)
	return g, nil
}
