package journal

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
)

// The exported file is lines of JSON. The first names the format; every other
// is one row, its "type" saying of which table. The memory is not among them:
// it follows from the answers.
//
// A file says the lowest format that has all of its rows, so that a program that is
// older than the goals still reads a journal without any.
const (
	exportType   = "loralab-journal"
	firstFormat  = 1
	goalsFormat  = 2 // has lines of type goal
	latestFormat = goalsFormat
)

// The types of lines.
const (
	answerType = "answer"
	lessonType = "lesson"
	runType    = "run"
	goalType   = "goal"
)

type exportHead struct {
	Type   string `json:"type"`
	Format int    `json:"format"`
}

type exportAnswer struct {
	Type string `json:"type"`
	Answer
}

type exportLesson struct {
	Type string `json:"type"`
	Position
}

type exportRun struct {
	Type string `json:"type"`
	Run
}

type exportGoal struct {
	Type string `json:"type"`
	Goal
}

// Export writes the whole journal as lines of JSON, answers and runs the
// oldest first. The same journal gives the same bytes.
func (j *Journal) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := j.view(ctx, func(tx *sql.Tx) error { return export(ctx, tx, out) })
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("journal: export: %w", err)
	}
	return nil
}

func export(ctx context.Context, tx *sql.Tx, w io.Writer) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false) // keeps settings byte for byte
	goals, err := collect(ctx, tx, scanGoal, selectGoals+" ORDER BY lesson, goal")
	if err != nil {
		return err
	}
	format := firstFormat
	if len(goals) > 0 {
		format = goalsFormat
	}
	if err := lines.Encode(exportHead{exportType, format}); err != nil {
		return err
	}
	if err := exportRows(ctx, tx, lines, selectAnswers+" ORDER BY time, id", scanAnswer,
		func(a Answer) any { return exportAnswer{answerType, a} }); err != nil {
		return err
	}
	if err := exportRows(ctx, tx, lines, selectPositions+" ORDER BY lesson", scanPosition,
		func(p Position) any { return exportLesson{lessonType, p} }); err != nil {
		return err
	}
	if err := exportRows(ctx, tx, lines, selectRuns+" ORDER BY time, id", scanRun,
		func(r Run) any { return exportRun{runType, r} }); err != nil {
		return err
	}
	for _, g := range goals {
		if err := lines.Encode(exportGoal{goalType, g}); err != nil {
			return err
		}
	}
	return nil
}

// exportRows writes a line for each row, one row in memory at a time.
func exportRows[T any](ctx context.Context, tx *sql.Tx, lines *json.Encoder, query string, scan func(*sql.Rows) (T, error), line func(T) any) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return err
		}
		if err := lines.Encode(line(row)); err != nil {
			return err
		}
	}
	return rows.Err()
}
