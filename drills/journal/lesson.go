package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Position is where the learner is in a lesson.
type Position struct {
	Lesson string    `json:"lesson"`
	Page   int       `json:"page"` // from 1
	Done   bool      `json:"done"` // was at its end once
	Time   time.Time `json:"time"` // when the page was turned
}

// SetPosition keeps the page of a lesson. A lesson once done stays done, also
// when its first page is opened again.
func (j *Journal) SetPosition(ctx context.Context, p Position) error {
	p, err := p.normal()
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return j.update(ctx, func(tx *sql.Tx) error { return upsertPosition(ctx, tx, p) })
}

// Positions are the lessons opened so far, in the order of their names.
func (j *Journal) Positions(ctx context.Context) ([]Position, error) {
	return query(ctx, j, scanPosition, selectPositions+" ORDER BY lesson")
}

const selectPositions = "SELECT lesson, page, done, time FROM lessons"

func scanPosition(rows *sql.Rows) (p Position, err error) {
	var when int64
	err = rows.Scan(&p.Lesson, &p.Page, &p.Done, &when)
	p.Time = moment(when)
	return p, err
}

// upsertPosition keeps the later of two positions, so that importing an older
// journal does not turn pages back.
func upsertPosition(ctx context.Context, tx *sql.Tx, p Position) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO lessons (lesson, page, done, time) VALUES (?,?,?,?)
		ON CONFLICT (lesson) DO UPDATE SET
			page = iif(excluded.time >= time, excluded.page, page),
			done = max(done, excluded.done),
			time = max(time, excluded.time)`,
		p.Lesson, p.Page, p.Done, p.Time.UnixMilli())
	return err
}

// normal is the position as the journal keeps it, or what is wrong with it.
func (p Position) normal() (Position, error) {
	switch {
	case p.Lesson == "":
		return p, errors.New("lesson: it has no name")
	case p.Page < 1:
		return p, fmt.Errorf("lesson: the page is %d; want 1 or more", p.Page)
	}
	normalText(&p.Lesson)
	var err error
	if p.Time, err = normalTime(p.Time); err != nil {
		return p, fmt.Errorf("lesson: %w", err)
	}
	return p, nil
}
