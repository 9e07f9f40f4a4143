package journal

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"loralab/drills/schedule"
)

// Kind is where an answer was given.
type Kind string

// The kinds of answers.
const (
	Drill      Kind = "drill"
	Prediction Kind = "prediction" // before a run, graded against it
	Interview  Kind = "interview"
)

// Status is a grader's verdict.
type Status string

// The verdicts. An invalid answer could not be read; it costs nothing.
const (
	Invalid Status = "invalid"
	Wrong   Status = "wrong"
	Partial Status = "partial"
	Right   Status = "right"
)

// Answer is one answer to one question, or to one part of a page of them.
type Answer struct {
	ID         string              `json:"id"` // given by Record if empty
	Time       time.Time           `json:"time"`
	Session    string              `json:"session,omitempty"` // any name for one sitting
	Kind       Kind                `json:"kind"`
	Family     string              `json:"family"`
	Part       int                 `json:"part,omitempty"` // from 1; 0 for a question without parts
	Seed       uint64              `json:"seed"`
	Raw        string              `json:"answer"`         // as it was typed
	Echo       string              `json:"echo,omitempty"` // as it was read
	Status     Status              `json:"status"`
	Score      float64             `json:"score"`                // 0 to 1
	Note       string              `json:"note,omitempty"`       // id of the misconception met
	Confidence schedule.Confidence `json:"confidence,omitempty"` // said before the verdict
	Hints      int                 `json:"hints,omitempty"`      // shown before the answer
	Contested  bool                `json:"contested,omitempty"`  // the learner disputes the verdict

	// Rating makes the answer a review of its family; 0 does not. Of a page of
	// parts one answer carries the rating of them all.
	Rating schedule.Rating `json:"rating,omitempty"`

	// Experiment and Settings name the run that graded it, if one did.
	Experiment string          `json:"experiment,omitempty"`
	Settings   json.RawMessage `json:"settings,omitempty"` // a JSON value
}

// Record writes answers, all or none, and returns them as they were kept: with
// their ids, times to the millisecond, and text that was not UTF-8 made so.
// When it returns without an error they are on the disk.
func (j *Journal) Record(ctx context.Context, answers ...Answer) ([]Answer, error) {
	kept := make([]Answer, len(answers))
	for i, a := range answers {
		if a.ID == "" {
			a.ID = rand.Text()
		}
		var err error
		if kept[i], err = a.normal(); err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
	}
	err := j.update(ctx, func(tx *sql.Tx) error {
		for _, a := range kept {
			if err := insertAnswer(ctx, tx, a); err != nil {
				return err
			}
			if err := j.remember(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return kept, nil
}

// ErrNoAnswer is returned when no answer has the id asked for.
var ErrNoAnswer = errors.New("journal: no answer with this id")

// Contest marks an answer whose verdict the learner disputes. Its verdict and
// rating stay: what was not recognised is asked again.
func (j *Journal) Contest(ctx context.Context, id string) error {
	return j.update(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "UPDATE answers SET contested = 1 WHERE id = ?", id)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("%w: %q", ErrNoAnswer, id))
		}
		return nil
	})
}

// Filter selects answers; a zero field selects all.
type Filter struct {
	Family  string
	Session string
	Kind    Kind
	Since   time.Time // from this moment on
}

// Answers are the answers selected, the oldest first.
func (j *Journal) Answers(ctx context.Context, f Filter) ([]Answer, error) {
	since := int64(math.MinInt64)
	if !f.Since.IsZero() {
		since = f.Since.UnixMilli()
	}
	return query(ctx, j, scanAnswer, selectAnswers+`
		WHERE (?1 = '' OR family = ?1) AND (?2 = '' OR session = ?2) AND (?3 = '' OR kind = ?3) AND time >= ?4
		ORDER BY time, id`, f.Family, f.Session, string(f.Kind), since)
}

// History is what was typed last, the newest first, each text once: what the
// arrow keys bring back on an answer line.
func (j *Journal) History(ctx context.Context, limit int) ([]string, error) {
	return query(ctx, j, scanText, `
		SELECT answer FROM answers WHERE answer <> ''
		GROUP BY answer ORDER BY max(time) DESC, max(id) LIMIT ?`, limit)
}

const answerColumns = `id, time, session, kind, family, part, seed, answer, echo, status, score, note,
	confidence, hints, contested, rating, experiment, settings`

const selectAnswers = "SELECT " + answerColumns + " FROM answers"

func scanText(rows *sql.Rows) (text string, err error) {
	err = rows.Scan(&text)
	return text, err
}

func scanAnswer(rows *sql.Rows) (Answer, error) {
	var a Answer
	var when, seed int64
	var settings string
	err := rows.Scan(&a.ID, &when, &a.Session, &a.Kind, &a.Family, &a.Part, &seed, &a.Raw, &a.Echo, &a.Status, &a.Score, &a.Note,
		&a.Confidence, &a.Hints, &a.Contested, &a.Rating, &a.Experiment, &settings)
	a.Time, a.Seed, a.Settings = moment(when), uint64(seed), rawJSON(settings)
	return a, err
}

func insertAnswer(ctx context.Context, tx *sql.Tx, a Answer) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO answers ("+answerColumns+") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		a.ID, a.Time.UnixMilli(), a.Session, string(a.Kind), a.Family, a.Part, int64(a.Seed), a.Raw, a.Echo, string(a.Status), a.Score, a.Note,
		int(a.Confidence), a.Hints, a.Contested, int(a.Rating), a.Experiment, string(a.Settings))
	return err
}

// normal is the answer as the journal keeps it, or what is wrong with it.
func (a Answer) normal() (Answer, error) {
	switch a.Kind {
	case Drill, Prediction, Interview:
	default:
		return a, fmt.Errorf("answer: the kind is %q; want drill, prediction or interview", a.Kind)
	}
	switch a.Status {
	case Invalid, Wrong, Partial, Right:
	default:
		return a, fmt.Errorf("answer: the status is %q; want invalid, wrong, partial or right", a.Status)
	}
	switch {
	case a.ID == "":
		return a, errors.New("answer: it has no id")
	case a.Family == "":
		return a, errors.New("answer: it names no family")
	case !(a.Score >= 0 && a.Score <= 1):
		return a, fmt.Errorf("answer: the score is %v; want 0 to 1", a.Score)
	case a.Part < 0 || a.Hints < 0:
		return a, fmt.Errorf("answer: part %d, hints %d; neither may be negative", a.Part, a.Hints)
	case a.Confidence < 0 || a.Confidence > schedule.Sure:
		return a, fmt.Errorf("answer: the confidence is %d; want 0 to %d", int(a.Confidence), int(schedule.Sure))
	case a.Rating < 0 || a.Rating > schedule.Easy:
		return a, fmt.Errorf("answer: the rating is %d; want 0 (no review) to 4", int(a.Rating))
	case a.Rating > 0 && a.Status == Invalid:
		return a, errors.New("answer: an invalid answer is no review; want rating 0")
	}
	var err error
	if a.Time, err = normalTime(a.Time); err != nil {
		return a, fmt.Errorf("answer: %w", err)
	}
	if a.Settings, err = normalJSON(a.Settings); err != nil {
		return a, fmt.Errorf("answer: the settings are no JSON: %w", err)
	}
	normalText(&a.ID, &a.Session, &a.Family, &a.Raw, &a.Echo, &a.Note, &a.Experiment)
	return a, nil
}

// normalText replaces what is no UTF-8, which SQLite would keep and JSON would not.
func normalText(texts ...*string) {
	for _, text := range texts {
		*text = strings.ToValidUTF8(*text, "\uFFFD")
	}
}

func moment(milliseconds int64) time.Time { return time.UnixMilli(milliseconds).UTC() }

// normalTime cuts a time to what the journal keeps. The bounds catch a time
// that was never set, and keep what is due a century later within the years
// that RFC 3339 can write.
func normalTime(t time.Time) (time.Time, error) {
	t = t.UTC().Truncate(time.Millisecond)
	if t.Year() < 1970 || t.Year() > 2999 {
		return t, fmt.Errorf("the time is %v; want a year from 1970 to 2999", t)
	}
	return moment(t.UnixMilli()), nil
}

// normalJSON writes JSON without spaces, so that equal rows are equal bytes.
func normalJSON(raw json.RawMessage) (json.RawMessage, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	return rawJSON(strings.ToValidUTF8(compact.String(), "\uFFFD")), nil
}

func rawJSON(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}
