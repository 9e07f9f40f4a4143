package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable returns a name as it is, or quoted if it holds anything that does
// not print: a terminal would obey it.
func printable(name string) string {
	for _, r := range name {
		if !strconv.IsPrint(r) || r == utf8.RuneError {
			return strconv.Quote(name)
		}
	}
	return name
}

// escape writes characters that a terminal obeys as \u001b, as JSON does, so
// that JSON stays what it is. The ends of lines and tabs are kept.
func escape(text string) string {
	if !strings.ContainsFunc(text, obeyed) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case !obeyed(r):
			_, size := utf8.DecodeRuneInString(text[i:])
			b.WriteString(text[i : i+size]) // also what is not UTF-8
		case r == '\r' && strings.HasPrefix(text[i:], "\r\n"):
			b.WriteByte('\r')
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// obeyed reports whether a character is an order to a terminal: a control
// character, or one that reverses the text after it.
func obeyed(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}

// escaper is a writer for plain text that holds names, answers and content of
// the learner's: it escapes everything that passes. An unfinished character at
// the very end is left out.
type escaper struct {
	w    io.Writer
	rest []byte // the beginning of a character whose end is not written yet
}

func (e *escaper) Write(p []byte) (int, error) {
	text := append(e.rest, p...)
	whole := len(text)
	for i := max(0, len(text)-utf8.UTFMax+1); i < len(text); i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:]) {
			whole = i
			break
		}
	}
	e.rest = slices.Clone(text[whole:])
	if _, err := io.WriteString(e.w, escape(string(text[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}
