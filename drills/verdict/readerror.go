package verdict

import (
	"fmt"
	"strings"
)

// ReadError says why an answer could not be read. Its text is for the
// learner: what was found, and what can be written instead.
type ReadError struct {
	Note string // stable, e.g. "unknown-symbol"
	Text string
	At   int // offset in bytes of what could not be read; -1 if it is the whole
}

func (e *ReadError) Error() string { return e.Text }

// Unreadable returns a ReadError.
func Unreadable(note string, at int, format string, args ...any) *ReadError {
	return &ReadError{Note: note, At: at, Text: fmt.Sprintf(format, args...)}
}

// Refuse is the verdict on an answer that could not be read. It costs nothing.
func Refuse(err *ReadError) Verdict {
	return Verdict{Status: Invalid, Note: err.Note, Feedback: []string{err.Text}}
}

// MaxLength bounds an answer in bytes: longer than any page from memory,
// short enough that every grader stays quick.
const MaxLength = 4096

// CheckLength refuses an answer that is empty or too long to be one.
func CheckLength(answer string) *ReadError {
	if len(answer) > MaxLength {
		return Unreadable("too-long", -1, "an answer has at most %d bytes; this one has %d", MaxLength, len(answer))
	}
	if strings.TrimSpace(answer) == "" {
		return Unreadable("blank", -1, "nothing written yet")
	}
	return nil
}

// Quoted shows a word of the learner, shortened.
func Quoted(s string) string {
	if r := []rune(s); len(r) > 24 {
		s = string(r[:24]) + "…"
	}
	return "“" + s + "”"
}
