// Package ascii writes text with the 95 printable characters of ASCII alone, for
// terminals and fonts that have no others: "ΔW = s·B·A" becomes "Delta W = s*B*A".
//
// [Text] is for sentences and labels and may change their length. [Cell] is for
// drawings, where a character has to stay one cell wide.
package ascii

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns s in printable ASCII and line feeds. A Greek letter becomes its name,
// apart from a letter or a digit beside it; a run of raised or lowered characters
// gets one ^ or _ before it; accents are dropped; a tab becomes a space; what is
// not known becomes a question mark.
func Text(s string) string {
	if Is(s) {
		return s
	}
	s = strings.ReplaceAll(s, " · ", " - ") // between parts of a line; a product has no spaces
	var b strings.Builder
	var last byte   // written so far
	var script byte // '^' or '_' while in a run of raised or lowered characters
	var named bool  // last is the end of a name, which a letter must not follow
	write := func(t string, name bool) {
		if t == "" {
			return
		}
		if (name && letter(last) || named && letter(t[0])) && last != 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t)
		last, named = t[len(t)-1], name
	}
	for _, r := range s {
		if t, mark := raised(r); mark != 0 {
			if script != mark {
				named = false
				write(string(mark), false)
				script = mark
			}
			write(t, false)
			continue
		}
		script = 0
		switch {
		case r == '\n' || r >= ' ' && r < 0x7f:
			write(string(r), false)
		case names[r] != "":
			write(names[r], true)
		case words[r] != "":
			write(words[r], false)
		case unicode.Is(unicode.Mn, r):
		default:
			write(string(Cell(r)), false)
		}
	}
	return b.String()
}

// Cell returns the one character that stands for r where each has a cell of its own.
func Cell(r rune) byte {
	if r >= ' ' && r < 0x7f {
		return byte(r)
	}
	if c, ok := cells[r]; ok {
		return c
	}
	if t, mark := raised(r); mark != 0 && len(t) == 1 {
		return t[0]
	}
	for _, t := range [...]string{names[r], words[r]} {
		if len(t) > 0 {
			return t[0]
		}
	}
	if unicode.IsSpace(r) || r < ' ' {
		return ' '
	}
	return '?'
}

// Is reports whether s needs no [Text]: printable ASCII and line feeds.
func Is(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' || c == 0x7f {
			return false
		}
	}
	return true
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// raised returns the character that a superscript or subscript shows, and the mark
// of its kind, or 0.
func raised(r rune) (string, byte) {
	if t, ok := superscripts[r]; ok {
		return t, '^'
	}
	if t, ok := subscripts[r]; ok {
		return t, '_'
	}
	return "", 0
}
