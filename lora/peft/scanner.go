package peft

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads the JSON of a header, token by token, and knows where it is.
// The header is valid UTF-8 before it gets here.
type scanner struct {
	b []byte
	i int
}

// lengthBytes is the size of the length field before the header.
const lengthBytes = 8

func (s *scanner) fail(kind Kind, at int, found, want string) error {
	return &FormatError{Kind: kind, Offset: int64(lengthBytes + at), Found: found, Want: want}
}

// unexpected reports the byte at hand.
func (s *scanner) unexpected(want string) error {
	found := "the end of the header"
	if s.i < len(s.b) {
		r, _ := utf8.DecodeRune(s.b[s.i:])
		found = strconv.QuoteRune(r)
	}
	return s.fail(InvalidHeaderDeserialization, s.i, found, want)
}

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

// next skips space and consumes c.
func (s *scanner) next(c byte) error {
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != c {
		return s.unexpected(strconv.QuoteRune(rune(c)))
	}
	s.i++
	return nil
}

// list reads elements between open and end, separated by commas.
func (s *scanner) list(open, end byte, element func() error) error {
	if err := s.next(open); err != nil {
		return err
	}
	s.space()
	if s.i < len(s.b) && s.b[s.i] == end {
		s.i++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		s.space()
		if s.i < len(s.b) && s.b[s.i] == end {
			s.i++
			return nil
		}
		if s.i >= len(s.b) || s.b[s.i] != ',' {
			return s.unexpected(fmt.Sprintf("',' or %q", end))
		}
		s.i++
	}
}

// object reads the members of an object; member stands at the value of key,
// which began at byte at.
func (s *scanner) object(member func(key string, at int) error) error {
	return s.list('{', '}', func() error {
		s.space()
		at := s.i
		key, err := s.str()
		if err != nil {
			return err
		}
		if err := s.next(':'); err != nil {
			return err
		}
		return member(key, at)
	})
}

// str reads a string.
func (s *scanner) str() (string, error) {
	s.space()
	if s.i >= len(s.b) || s.b[s.i] != '"' {
		return "", s.unexpected("a string")
	}
	s.i++
	start := s.i
	var decoded []byte // used from the first escape on
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '"':
			raw := s.b[start:s.i]
			s.i++
			if decoded != nil {
				raw = append(decoded, raw...)
			}
			return string(raw), nil
		case c < 0x20:
			return "", s.unexpected("no control character in a string")
		case c == '\\':
			decoded = append(decoded, s.b[start:s.i]...)
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			decoded = utf8.AppendRune(decoded, r)
			start = s.i
		default:
			s.i++
		}
	}
	return "", s.unexpected("the end of the string")
}

// escape reads what begins with a backslash.
func (s *scanner) escape() (rune, error) {
	at := s.i
	s.i++
	if s.i < len(s.b) {
		c := s.b[s.i]
		s.i++
		switch c {
		case '"', '\\', '/':
			return rune(c), nil
		case 'b':
			return '\b', nil
		case 'f':
			return '\f', nil
		case 'n':
			return '\n', nil
		case 'r':
			return '\r', nil
		case 't':
			return '\t', nil
		case 'u':
			r, ok := s.hex4()
			if ok && utf16.IsSurrogate(r) {
				ok = s.i+1 < len(s.b) && s.b[s.i] == '\\' && s.b[s.i+1] == 'u'
				s.i += 2
				if ok {
					var low rune
					low, ok = s.hex4()
					r = utf16.DecodeRune(r, low)
					ok = ok && r != utf8.RuneError
				}
			}
			if ok {
				return r, nil
			}
		}
	}
	s.i = at
	return 0, s.unexpected("an escape of JSON")
}

func (s *scanner) hex4() (rune, bool) {
	if s.i+4 > len(s.b) {
		return 0, false
	}
	v := rune(0)
	for _, c := range s.b[s.i : s.i+4] {
		v <<= 4
		switch {
		case '0' <= c && c <= '9':
			v |= rune(c - '0')
		case 'a' <= c && c <= 'f':
			v |= rune(c - 'a' + 10)
		case 'A' <= c && c <= 'F':
			v |= rune(c - 'A' + 10)
		default:
			return 0, false
		}
	}
	s.i += 4
	return v, true
}

// uint reads a whole number without sign, fraction or exponent.
func (s *scanner) uint() (uint64, error) {
	const want = "a whole number below 2^64"
	s.space()
	start := s.i
	for s.i < len(s.b) && '0' <= s.b[s.i] && s.b[s.i] <= '9' {
		s.i++
	}
	digits := string(s.b[start:min(s.i, start+24)])
	if digits == "" {
		return 0, s.unexpected(want)
	}
	v, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || digits[0] == '0' && len(digits) > 1 {
		return 0, s.fail(InvalidHeaderDeserialization, start, digits, want)
	}
	if s.i < len(s.b) && (s.b[s.i] == '.' || s.b[s.i] == 'e' || s.b[s.i] == 'E') {
		return 0, s.unexpected(want)
	}
	return v, nil
}
