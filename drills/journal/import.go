package journal

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"unicode/utf8"
)

// longestLine bounds what Import takes for one line.
const longestLine = 16 << 20

// ImportError says which line of an import could not be taken. Nothing of the
// import was.
type ImportError struct {
	Line  int // from 1
	Found string
	Want  string
	Err   error // the cause, where there is one
}

func (e *ImportError) Error() string {
	return fmt.Sprintf("journal: import: line %d: %s; want %s; nothing was imported", e.Line, e.Found, e.Want)
}

func (e *ImportError) Unwrap() error { return e.Err }

// Imported counts what an import brought.
type Imported struct {
	Answers int `json:"answers"` // new here
	Runs    int `json:"runs"`    // new here
	Lessons int `json:"lessons"` // whose position changed
	Goals   int `json:"goals"`   // new here, or reached earlier than was known
	Known   int `json:"known"`   // rows that were here already
}

// Import adds the rows of an export, all of them or, if any line is bad, none:
// then the error is an [*ImportError]. Rows are known by their ids, so that a
// second import of the same file adds nothing; of two positions in a lesson the
// later stays, of two times that a goal was reached the earlier. The memory follows from all answers together.
func (j *Journal) Import(ctx context.Context, r io.Reader) (Imported, error) {
	// All of it is read before the journal is locked: r may be a slow pipe.
	rows, err := parseExport(r)
	if err != nil {
		return Imported{}, err
	}
	var count Imported
	err = j.update(ctx, func(tx *sql.Tx) error {
		count = Imported{}
		for _, row := range rows {
			if err := row.add(ctx, tx, &count); err != nil {
				return err
			}
		}
		if count.Answers == 0 {
			return nil
		}
		return j.replay(ctx, tx)
	})
	if err != nil {
		return Imported{}, err
	}
	return count, nil
}

// importRow is one line of an export; one of the pointers is set.
type importRow struct {
	line   int
	answer *Answer
	lesson *Position
	run    *Run
	goal   *Goal
}

// parseExport reads and checks every line.
func parseExport(r io.Reader) ([]importRow, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	var rows []importRow
	number, headed := 0, false
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF")) // some editors add it
		}
		if len(line) == 0 {
			continue
		}
		if !utf8.Valid(line) {
			return nil, &ImportError{Line: number, Found: "text that is not UTF-8", Want: "UTF-8"}
		}
		if !headed {
			if err := parseHead(number, line); err != nil {
				return nil, err
			}
			headed = true
			continue
		}
		row, err := parseRow(number, line)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, &ImportError{number + 1, "a line of more than 16 MiB", "one row on each line", err}
	case err != nil:
		return nil, fmt.Errorf("journal: import: after line %d: %w", number, err)
	case !headed:
		return nil, &ImportError{Line: max(number, 1), Found: "the end of the file", Want: "what journal export wrote"}
	}
	return rows, nil
}

func parseHead(number int, line []byte) error {
	var head exportHead
	// Other fields are allowed here: a later format may need them to say what
	// it is.
	if err := json.Unmarshal(line, &head); err != nil || head.Type != exportType {
		return &ImportError{number, "found " + excerpt(line),
			fmt.Sprintf(`the first line of an export, {"type":%q,"format":%d}`, exportType, latestFormat), err}
	}
	if head.Format < firstFormat || head.Format > latestFormat {
		return &ImportError{Line: number, Found: fmt.Sprintf("format %d", head.Format),
			Want: fmt.Sprintf("a format from %d to %d (a later loralab may read it)", firstFormat, latestFormat)}
	}
	return nil
}

func parseRow(number int, line []byte) (importRow, error) {
	row := importRow{line: number}
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		return row, &ImportError{number, fmt.Sprintf("found %s (%v)", excerpt(line), err), "a JSON object", err}
	}
	var err error
	switch kind.Type {
	case answerType:
		var found exportAnswer
		if err = strictly(line, &found); err == nil {
			found.Answer, err = found.Answer.normal()
		}
		row.answer = &found.Answer
	case lessonType:
		var found exportLesson
		if err = strictly(line, &found); err == nil {
			found.Position, err = found.Position.normal()
		}
		row.lesson = &found.Position
	case runType:
		var found exportRun
		if err = strictly(line, &found); err == nil {
			found.Run, err = found.Run.normal()
		}
		row.run = &found.Run
	case goalType:
		var found exportGoal
		if err = strictly(line, &found); err == nil {
			found.Goal, err = found.Goal.normal()
		}
		row.goal = &found.Goal
	default:
		return row, &ImportError{Line: number, Found: fmt.Sprintf("found type %q", kind.Type),
			Want: fmt.Sprintf("%q, %q, %q or %q", answerType, lessonType, runType, goalType)}
	}
	if err != nil {
		return row, &ImportError{number, err.Error(), "a row as journal export writes it", err}
	}
	return row, nil
}

// strictly reads one JSON value without fields that would be lost.
func strictly(line []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// excerpt quotes the beginning of a line.
func excerpt(line []byte) string {
	const most = 60
	text := []rune(string(line[:min(len(line), 4*most)]))
	if len(text) > most {
		return fmt.Sprintf("%q…", string(text[:most]))
	}
	return fmt.Sprintf("%q", string(text))
}

// add writes the row unless the journal has it.
func (row importRow) add(ctx context.Context, tx *sql.Tx, count *Imported) error {
	switch {
	case row.answer != nil:
		return row.addAnswer(ctx, tx, count)
	case row.run != nil:
		return row.addRun(ctx, tx, count)
	case row.goal != nil:
		return row.addGoal(ctx, tx, count)
	}
	return row.addLesson(ctx, tx, count)
}

func (row importRow) addLesson(ctx context.Context, tx *sql.Tx, count *Imported) error {
	const one = selectPositions + " WHERE lesson = ?"
	before, err := collect(ctx, tx, scanPosition, one, row.lesson.Lesson)
	if err != nil {
		return err
	}
	if err := upsertPosition(ctx, tx, *row.lesson); err != nil {
		return err
	}
	after, err := collect(ctx, tx, scanPosition, one, row.lesson.Lesson)
	if err != nil {
		return err
	}
	if slices.Equal(before, after) {
		count.Known++
	} else {
		count.Lessons++
	}
	return nil
}

func (row importRow) addAnswer(ctx context.Context, tx *sql.Tx, count *Imported) error {
	here, err := collect(ctx, tx, scanAnswer, selectAnswers+" WHERE id = ?", row.answer.ID)
	if err != nil {
		return err
	}
	if len(here) == 0 {
		count.Answers++
		return insertAnswer(ctx, tx, *row.answer)
	}
	count.Known++
	// Contesting is the one thing that is done to an answer afterwards.
	contested := here[0].Contested || row.answer.Contested
	mine, theirs := here[0], *row.answer
	mine.Contested, theirs.Contested = contested, contested
	if !reflect.DeepEqual(mine, theirs) {
		return row.conflict("answer", row.answer.ID)
	}
	_, err = tx.ExecContext(ctx, "UPDATE answers SET contested = ? WHERE id = ? AND contested <> ?", contested, mine.ID, contested)
	return err
}

func (row importRow) addRun(ctx context.Context, tx *sql.Tx, count *Imported) error {
	here, err := collect(ctx, tx, scanRun, selectRuns+" WHERE id = ?", row.run.ID)
	switch {
	case err != nil:
		return err
	case len(here) == 0:
		count.Runs++
		return insertRun(ctx, tx, *row.run)
	case !reflect.DeepEqual(here[0], *row.run):
		return row.conflict("run", row.run.ID)
	}
	count.Known++
	return nil
}

func (row importRow) addGoal(ctx context.Context, tx *sql.Tx, count *Imported) error {
	const one = selectGoals + " WHERE lesson = ? AND goal = ?"
	here, err := collect(ctx, tx, scanGoal, one, row.goal.Lesson, row.goal.Goal)
	if err != nil {
		return err
	}
	if len(here) > 0 && !row.goal.Time.Before(here[0].Time) {
		count.Known++
		return nil
	}
	count.Goals++
	return upsertGoal(ctx, tx, *row.goal)
}

// conflict is about an id that stands for two different rows: one of the files
// was edited by hand, and to take either would lose the other.
func (row importRow) conflict(what, id string) error {
	return &ImportError{Line: row.line, Found: fmt.Sprintf("%s %s differs from the one in the journal", what, excerpt([]byte(id))),
		Want: "the same content under the same id"}
}
