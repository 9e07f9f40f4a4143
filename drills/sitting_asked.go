package drills

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"loralab/drills/journal"
	"loralab/drills/schedule"
	"loralab/drills/verdict"
	"loralab/lessons"
)

// Asked is a question on the table: of a [Sitting] or of an [Interview].
type Asked struct {
	Family     *Family
	Question   *Question
	Number, Of int  // Of grows with every miss that will come back
	Repeat     bool // it was missed in this sitting; the numbers are new

	// Lead is what the interviewer says before the question, and Reply what is
	// said to the last answer. A drill has neither.
	Lead, Reply string

	hints  int      // shown so far
	tries  int      // answers that could be read
	missed bool     // the first of them was not right, or took a hint
	helped bool     // a hint was shown before the last of them
	closed bool     // no answer is taken any more
	void   bool     // the run that was to decide it could not: nobody is asked
	kept   []string // ids in the journal of the last of them, by part
	last   Result   // its verdict
	said   string   // its text
	when   time.Time
}

// Hint returns the next hint and how many are left after it; "" where there is
// none. A hint that is shown before the question is answered makes it a miss for
// the schedule: it was not recalled. Afterwards it costs nothing.
func (a *Asked) Hint() (text string, left int) {
	if a.hints >= len(a.Question.Hints) {
		return "", 0
	}
	text = a.Question.Hints[a.hints]
	a.hints++
	return text, len(a.Question.Hints) - a.hints
}

// Open reports whether an answer is still taken: none was given yet, or it could
// not be read, or the interviewer gave a hint and waits.
func (a *Asked) Open() bool { return !a.closed }

// Missed reports whether the first answer was not right or took a hint. In a
// sitting the family then comes back with other numbers.
func (a *Asked) Missed() bool { return a.missed }

// Draws reports whether the question has other numbers every time.
func (a *Asked) Draws() bool { return len(a.Family.draws) > 0 }

// Page writes answers to the parts, one each, as the page that Answer takes.
func (a *Asked) Page(answers []string) string {
	if len(a.Question.Parts) == 1 {
		return strings.Join(answers, "\n")
	}
	lines := make([]string, len(answers))
	for i, text := range answers {
		lines[i] = fmt.Sprintf("%d. %s", i+1, text)
	}
	return strings.Join(lines, "\n")
}

// Read reads an answer to a part (from 1; 0 is the whole page) without judging
// it: how it was read, or, where that is "", why it could not be. It costs
// nothing and writes nothing down.
func (a *Asked) Read(answer string, part int) (echo, trouble string, err error) {
	r, err := a.Question.grade(answer, part)
	if err != nil {
		return "", "", err
	}
	if r.Status == verdict.Invalid {
		return "", r.Feedback, nil
	}
	return r.Echo, "", nil
}

// ErrAnswered is returned for an answer to a question that takes none any more.
var ErrAnswered = errors.New("drills: the question has been answered")

// ErrNotAnswered is returned by Contest where there is no verdict to dispute.
var ErrNotAnswered = errors.New("drills: there is no verdict to contest yet")

// examiner judges answers and writes them down; a sitting and an interview
// differ in what they ask next.
type examiner struct {
	book *lessons.Notebook
	kind journal.Kind
	now  func() time.Time
}

// judge grades an answer and commits it to the journal. When it returns without
// an error the answer is on the disk; with one, nothing has changed and the
// question can be answered again.
func (e *examiner) judge(ctx context.Context, a *Asked, text string, c Confidence) (Result, error) {
	if a.closed {
		return a.last, ErrAnswered
	}
	if err := a.Question.Settle(ctx); err != nil {
		return Result{}, err
	}
	r, err := a.Question.Grade(text, 0)
	if err != nil {
		return r, err
	}
	return r, e.keep(ctx, a, text, r, c)
}

// Refused writes down an answer to a part that [Asked.Read] could not read. It is
// no review; it shows what learners try to write.
func (e *examiner) Refused(ctx context.Context, a *Asked, text string, part int) error {
	r, err := a.Question.grade(text, part)
	if err != nil || r.Status != verdict.Invalid || strings.TrimSpace(text) == "" {
		return err
	}
	return e.keep(ctx, a, text, r, 0)
}

// gaveUp is the note of an answer that was not given.
const gaveUp = "gave-up"

// giveUp writes down that the learner does not know. It is a miss.
func (e *examiner) giveUp(ctx context.Context, a *Asked) (Result, error) {
	if a.closed {
		return a.last, ErrAnswered
	}
	q := a.Question
	if err := q.Settle(ctx); err != nil {
		return Result{}, err
	}
	r := Result{Family: q.Family.ID, Seed: q.Seed, Prompt: q.Text(), Status: verdict.Wrong, Note: gaveUp}
	for i, p := range q.Parts {
		r.Parts = append(r.Parts, PartResult{Part: i + 1, Ask: p.Ask, Kind: p.Kind, Status: verdict.Wrong, Note: gaveUp, Key: p.Key})
	}
	r.sum()
	return r, e.keep(ctx, a, "", r, 0)
}

// keep writes an answer down, a row for each part. The first answer that could
// be read is the review of its family. The worst part carries the rating, so that
// the last review of a family tells whether all of it was right.
func (e *examiner) keep(ctx context.Context, a *Asked, text string, r Result, c Confidence) error {
	rating, first := schedule.Rate(r.Status == verdict.Right, a.hints), a.tries == 0
	if !first || r.Status == verdict.Invalid {
		rating = 0
	}
	worst := 0
	for i, p := range r.Parts {
		if p.Score < r.Parts[worst].Score {
			worst = i
		}
	}
	now := e.now().UTC().Truncate(time.Millisecond) // as the journal keeps it
	rows := make([]journal.Answer, len(r.Parts))
	for i, p := range r.Parts {
		rows[i] = journal.Answer{
			Time: now, Session: e.book.Session(), Kind: e.kind, Family: a.Family.ID, Seed: a.Question.Seed,
			Raw: text, Echo: p.Echo, Status: journal.Status(p.Status.String()), Score: p.Score, Confidence: c, Hints: a.hints,
		}
		if p.Status != verdict.Right { // notes are counted: what went wrong, how often
			rows[i].Note = p.Note
		}
		if len(a.Question.Parts) > 1 {
			rows[i].Part = p.Part
		}
		if run := a.Question.Run; run != nil && r.Status != verdict.Invalid {
			settings, err := json.Marshal(run.Settings)
			if err != nil {
				return err
			}
			rows[i].Experiment, rows[i].Settings = run.Experiment.ID, settings
		}
		if i == worst {
			rows[i].Rating = rating
		}
	}
	var ids []string
	if j := e.book.Journal(); j != nil {
		kept, err := j.Record(ctx, rows...)
		if err != nil {
			return err
		}
		for _, row := range kept {
			ids = append(ids, row.ID)
		}
	}
	if r.Status == verdict.Invalid {
		return nil
	}
	a.tries++
	a.helped = a.hints > 0
	a.kept, a.last, a.said, a.when = ids, r, text, now
	a.missed = a.missed || first && rating == schedule.Again
	return nil
}

// contest marks the parts that were not right as disputed. The verdict stays:
// what was not recognised is asked again.
func (e *examiner) contest(ctx context.Context, a *Asked) error {
	if a.tries == 0 {
		return ErrNotAnswered
	}
	if e.book.Journal() == nil {
		return nil
	}
	for i, id := range a.kept {
		if a.last.Parts[i].Status == verdict.Right {
			continue
		}
		if err := e.book.Journal().Contest(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
