package algebra

import (
	"fmt"
	"slices"
	"strings"
)

// Status is the outcome of grading. The zero value costs nothing.
type Status uint8

const (
	Invalid Status = iota // could not be read, or not in the form asked: a free retry
	Wrong
	Partial
	Right
)

var statusNames = [...]string{"invalid", "wrong", "partial", "right"}

func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// MarshalText writes the status as its name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Status) UnmarshalText(text []byte) error {
	for i, name := range statusNames {
		if string(text) == name {
			*s = Status(i)
			return nil
		}
	}
	return fmt.Errorf("algebra: status %q is none of %s", text, strings.Join(statusNames[:], ", "))
}

// Verdict is what a grader says of an answer.
type Verdict struct {
	Status Status  `json:"status"`
	Score  float64 `json:"score"` // 0 to 1; 0 unless Partial or Right

	// Note is a stable name of the path that led here, such as "right",
	// "scale-missing" or "off-by-1024". It never depends on the numbers drawn,
	// so that notes can be counted over learners and seeds.
	Note string `json:"note"`

	Echo     string   `json:"echo,omitempty"`     // how the answer was read; empty if it was not
	Feedback []string `json:"feedback,omitempty"` // the learner's value, the true one, where they part, why

	Points []PointResult `json:"points,omitempty"` // of a Rubric, in its order
}

// Grader is any question of this package.
type Grader interface {
	// Grade judges an answer. The error is about the question, never about
	// the answer.
	Grade(answer string) (Verdict, error)
}

var (
	_ Grader = Count{}
	_ Grader = Real{}
	_ Grader = Shape{}
	_ Grader = Formula{}
	_ Grader = Equation{}
	_ Grader = Choice{}
	_ Grader = Order{}
	_ Grader = Rubric{}
)

// Misconception is a wrong answer that is expected, in the form in which a
// learner would write it, with the note and the words that answer it.
type Misconception struct {
	Note   string `yaml:"note"`
	Answer string `yaml:"answer"`
	Words  string `yaml:"words"`
}

// ReadError says why an answer could not be read. Its text is for the
// learner: what was found, and what can be written instead.
type ReadError struct {
	Note string // stable, e.g. "unknown-symbol"
	Text string
	At   int // offset in bytes of what could not be read; -1 if it is the whole
}

func (e *ReadError) Error() string { return e.Text }

func unreadable(note string, at int, format string, args ...any) *ReadError {
	return &ReadError{Note: note, At: at, Text: fmt.Sprintf(format, args...)}
}

// refuse turns a ReadError into the verdict of an answer that costs nothing.
func refuse(err *ReadError) Verdict {
	return Verdict{Status: Invalid, Note: err.Note, Feedback: []string{err.Text}}
}

func accept(note, echo string, feedback ...string) Verdict {
	return Verdict{Status: Right, Score: 1, Note: note, Echo: echo, Feedback: feedback}
}

func reject(note, echo string, feedback ...string) Verdict {
	feedback = slices.DeleteFunc(feedback, func(line string) bool { return line == "" }) // a misconception without words
	return Verdict{Status: Wrong, Note: note, Echo: echo, Feedback: feedback}
}

// maxLength bounds an answer in bytes: longer than any page from memory,
// short enough that every grader stays quick.
const maxLength = 4096

// tooLong refuses an answer that is empty or too long to be one.
func tooLong(answer string) *ReadError {
	if len(answer) > maxLength {
		return unreadable("too-long", -1, "an answer has at most %d bytes; this one has %d", maxLength, len(answer))
	}
	if strings.TrimSpace(answer) == "" {
		return unreadable("blank", -1, "nothing written yet")
	}
	return nil
}
