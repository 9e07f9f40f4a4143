// Package verdict says what became of an answer.
//
// Formulas, options and sentences are graded by packages that do not know each
// other, and what they say is stored, printed and sent as JSON by others again.
// The words in which they say it are here, below them all.
package verdict

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
	return fmt.Errorf("verdict: status %q is none of %s", text, strings.Join(statusNames[:], ", "))
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

	Points []PointResult `json:"points,omitempty"` // of sentences, in the order of the rubric
}

// Better reports whether v is a better outcome than other.
func (v Verdict) Better(other Verdict) bool {
	return v.Status > other.Status || v.Status == other.Status && v.Score > other.Score
}

// Grader judges answers to one question.
type Grader interface {
	// Grade judges an answer. The error is about the question (a key that
	// cannot be read, say), never about the answer: what cannot be read is Invalid.
	Grade(answer string) (Verdict, error)
}

// Misconception is a wrong answer that is expected, in the form in which a
// learner would write it, with the note and the words that answer it.
type Misconception struct {
	Note, Answer, Words string
}

// Accept is the verdict on a right answer.
func Accept(note, echo string, feedback ...string) Verdict {
	return Verdict{Status: Right, Score: 1, Note: note, Echo: echo, Feedback: feedback}
}

// Reject is the verdict on a wrong answer. Empty lines of feedback are left
// out.
func Reject(note, echo string, feedback ...string) Verdict {
	feedback = slices.DeleteFunc(feedback, func(line string) bool { return line == "" }) // a misconception without words
	return Verdict{Status: Wrong, Note: note, Echo: echo, Feedback: feedback}
}
