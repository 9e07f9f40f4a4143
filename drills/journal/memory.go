package journal

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"loralab/drills/schedule"
)

// Memory is what is remembered of one family: its state in the schedule and
// the last review.
type Memory struct {
	Family string         `json:"family"`
	State  schedule.State `json:"state"`
	Last   Answer         `json:"last"`
}

// Item is the family as a session orders it at a time. step is the place of
// its step in the course.
func (m Memory) Item(p schedule.Parameters, step int, now time.Time) schedule.Item {
	return schedule.Item{
		Family:         m.Family,
		Step:           step,
		New:            m.State.Phase == schedule.New,
		Retrievability: p.Retrievability(m.State, now),
		Lapses:         m.State.Lapses,
		Confidence:     m.Last.Confidence,
		Wrong:          m.Last.Status != Right,
	}
}

// Memories are the families reviewed so far, in the order of their names.
func (j *Journal) Memories(ctx context.Context) (all []Memory, err error) {
	err = j.view(ctx, func(tx *sql.Tx) error {
		all, err = memories(ctx, tx)
		return err
	})
	return all, err
}

func memories(ctx context.Context, q queries) ([]Memory, error) {
	states, err := collect(ctx, q, scanMemory, selectMemory+" ORDER BY family")
	if err != nil {
		return nil, err
	}
	last, err := collect(ctx, q, scanAnswer, selectAnswers+" WHERE id IN (SELECT answer FROM memory)")
	if err != nil {
		return nil, err
	}
	answers := make(map[string]Answer, len(last))
	for _, a := range last {
		answers[a.ID] = a
	}
	for i := range states {
		states[i].Last = answers[states[i].Last.ID]
	}
	return states, nil
}

const selectMemory = "SELECT family, phase, step, stability, difficulty, last, due, reps, lapses, answer FROM memory"

// scanMemory reads a state; of the last review it knows the id.
func scanMemory(rows *sql.Rows) (Memory, error) {
	var m Memory
	var last, due int64
	s := &m.State
	err := rows.Scan(&m.Family, &s.Phase, &s.Step, &s.Stability, &s.Difficulty, &last, &due, &s.Reps, &s.Lapses, &m.Last.ID)
	s.Last, s.Due = moment(last), moment(due)
	return m, err
}

// review is what the schedule reads of an answer.
type review struct {
	id     string
	time   time.Time
	rating schedule.Rating
}

// remember takes an answer that was just inserted into the memory of its
// family. Reviews count in the order of their times, ids breaking ties,
// whatever the order in which they were written.
func (j *Journal) remember(ctx context.Context, tx *sql.Tx, a Answer) error {
	if a.Rating == 0 {
		return nil
	}
	known, err := collect(ctx, tx, scanMemory, selectMemory+" WHERE family = ?", a.Family)
	if err != nil {
		return err
	}
	var m Memory
	if len(known) > 0 {
		m = known[0]
	}
	if cmp.Or(a.Time.Compare(m.State.Last), cmp.Compare(a.ID, m.Last.ID)) < 0 {
		return j.replayFamily(ctx, tx, a.Family) // written after a later one
	}
	return j.saveMemory(ctx, tx, a.Family, m.State, review{a.ID, a.Time, a.Rating})
}

// Replay forgets the memory and derives it again from the answers.
func (j *Journal) Replay(ctx context.Context) error {
	return j.update(ctx, func(tx *sql.Tx) error { return j.replay(ctx, tx) })
}

func (j *Journal) replay(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM memory"); err != nil {
		return err
	}
	families, err := collect(ctx, tx, scanText, "SELECT DISTINCT family FROM answers WHERE rating > 0")
	if err != nil {
		return err
	}
	for _, family := range families {
		if err := j.replayFamily(ctx, tx, family); err != nil {
			return err
		}
	}
	return nil
}

func (j *Journal) replayFamily(ctx context.Context, tx *sql.Tx, family string) error {
	reviews, err := collect(ctx, tx, func(rows *sql.Rows) (r review, err error) {
		var when int64
		err = rows.Scan(&r.id, &when, &r.rating)
		r.time = moment(when)
		return r, err
	}, "SELECT id, time, rating FROM answers WHERE family = ? AND rating > 0 ORDER BY time, id", family)
	if err != nil {
		return err
	}
	return j.saveMemory(ctx, tx, family, schedule.State{}, reviews...)
}

// saveMemory carries a state through reviews and keeps it.
func (j *Journal) saveMemory(ctx context.Context, tx *sql.Tx, family string, s schedule.State, reviews ...review) error {
	var last string
	for _, r := range reviews {
		s, last = j.schedule.Next(s, r.rating, r.time), r.id
	}
	_, err := tx.ExecContext(ctx, `REPLACE INTO memory (family, phase, step, stability, difficulty, last, due, reps, lapses, answer)
		VALUES (?,?,?,?,?,?,?,?,?,?)`,
		family, int(s.Phase), s.Step, s.Stability, s.Difficulty, s.Last.UnixMilli(), s.Due.UnixMilli(), s.Reps, s.Lapses, last)
	return err
}
