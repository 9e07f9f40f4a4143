package algebra

import (
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"loralab/drills/verdict"
	"loralab/lora/number"
)

// literal is a number as it was written, exactly.
type literal struct {
	value  *big.Rat
	digits int    // significant digits as written; zeros at the end of 100 are not
	unit   int    // power of ten of the last significant digit written: 65.5 has −1, 100 has 2
	comma  bool   // a comma was read as the decimal point
	text   string // in one spelling: 65,536 or 3.9e−3
}

// maxExponent bounds the exponent of a literal such as 1e400, which would
// otherwise be a small text for a huge number.
const maxExponent = 400

// readNumber reads the literal at the start of s and returns the bytes it
// takes; zero if there is none. Groups of three digits may be parted by a
// comma, a space of any width, an apostrophe, an underscore or (twice or more) by a
// point. A comma before anything but one group of three digits is a decimal
// comma. If commas separate, as in (8,512), they are never part of a number.
func readNumber(s string, at int, commaSeparates bool) (*literal, int, *verdict.ReadError) {
	whole := digitsAt(s)
	i := whole
	var mantissa strings.Builder
	mantissa.WriteString(s[:i])
	mark := "" // what parts the groups
	for i > 0 {
		sep, n := groupMark(s[i:])
		if n == 0 || sep == "," && commaSeparates {
			break
		}
		width := digitsAt(s[i+n:])
		if sep == "_" && width > 0 && (mark == "" || mark == "_") { // Python and Go let _ stand anywhere
			mark = "_"
		} else {
			if whole > 3 || width != 3 || (mark != "" && mark != sep) {
				break
			}
			if mark == "" && (s[:whole] == "0" || sep == "." && !anotherGroup(s[i+n+3:])) {
				break // 0,390 and 65.536 are decimals
			}
			mark = sep
		}
		mantissa.WriteString(s[i+n : i+n+width])
		i += n + width
	}
	num := &literal{}
	point := 0 // digits after the point
	ends := false
	if i < len(s) && (s[i] == '.' && mark != "." || s[i] == ',' && mark != "," && !commaSeparates) {
		frac := digitsAt(s[i+1:])
		dot := s[i] == '.'
		switch {
		case frac > 0:
			num.comma = !dot
			mantissa.WriteString(s[i+1 : i+1+frac])
			point = frac
			i += 1 + frac
			if i < len(s) && (s[i] == '.' || s[i] == ',') && digitsAt(s[i+1:]) > 0 && !commaSeparates {
				return nil, 0, verdict.Unreadable("number", at, "%s has more than one decimal point; write 65536, 65,536 or 0.39", verdict.Quoted(s[:i+1+digitsAt(s[i+1:])]))
			}
		case dot && whole > 0 && !letterAt(s[i+1:]):
			i++ // "100." says that its zeros are significant
			ends = true
		}
	}
	if mantissa.Len() == 0 {
		return nil, 0, nil
	}
	text := s[:i]
	exponent := 0
	if n, e := exponentAt(s[i:]); n > 0 {
		if e > maxExponent || e < -maxExponent {
			return nil, 0, verdict.Unreadable("too-large", at, "the exponent of %s is out of bounds", verdict.Quoted(s[:i+n]))
		}
		exponent = e
		text = s[:i+n]
		i += n
	}
	all := mantissa.String()
	value, ok := new(big.Int).SetString(all, 10)
	if !ok { // cannot happen: all is digits
		return nil, 0, verdict.Unreadable("number", at, "%s is not a number", verdict.Quoted(text))
	}
	num.value = scaled(new(big.Rat).SetInt(value), exponent-point)
	significant := strings.TrimLeft(all, "0")
	num.unit = exponent - point
	if point == 0 && !ends {
		trimmed := strings.TrimRight(significant, "0")
		num.unit += len(significant) - len(trimmed)
		significant = trimmed
	}
	num.digits = len(significant)
	num.text = spellNumber(all, point, exponent)
	return num, i, nil
}

// scaled returns x·10^e, in x's memory.
func scaled(x *big.Rat, e int) *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e, -e))), nil)
	if e < 0 {
		return x.Quo(x, new(big.Rat).SetInt(ten))
	}
	return x.Mul(x, new(big.Rat).SetInt(ten))
}

func spellNumber(digits string, point, exponent int) string {
	whole, frac := digits[:len(digits)-point], digits[len(digits)-point:]
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	text := number.Group(whole)
	if frac != "" {
		text += "." + frac
	}
	if exponent != 0 {
		text += "·10" + number.Raised(exponent)
	}
	return text
}

func digitsAt(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func letterAt(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(c)
}

// groupMark returns the mark that may part groups of digits at the start of s,
// in one spelling, and its bytes.
func groupMark(s string) (string, int) {
	c, n := utf8.DecodeRuneInString(s)
	switch {
	case c == ',' || c == '.' || c == '_':
		return string(c), n
	case c == '\'' || c == '’':
		return "'", n
	case c == '{' && strings.HasPrefix(s, "{,}"): // LaTeX's 65{,}536
		return ",", 3
	case c == '\\' && strings.HasPrefix(s, `\,`):
		return " ", 2
	case c != '\n' && isSpace(c):
		return " ", n
	}
	return "", 0
}

// anotherGroup tells whether a second group .ddd follows.
func anotherGroup(s string) bool {
	return len(s) >= 4 && s[0] == '.' && digitsAt(s[1:]) == 3
}

// exponentAt reads e−3 or E+10.
func exponentAt(s string) (length, value int) {
	if len(s) < 2 || s[0] != 'e' && s[0] != 'E' {
		return 0, 0
	}
	i, negative := 1, false
	if c, n := utf8.DecodeRuneInString(s[1:]); c == '+' {
		i += n
	} else if isMinus(c) {
		i, negative = i+n, true
	}
	n := digitsAt(s[i:])
	if n == 0 || letterAt(s[i+n:]) {
		return 0, 0
	}
	for _, c := range s[i : i+n] {
		value = min(value*10+int(c-'0'), maxExponent+1)
	}
	if negative {
		value = -value
	}
	return i + n, value
}

func isSpace(c rune) bool {
	return unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff' || c == '\u2060'
}

func isMinus(c rune) bool {
	return c == '-' || c == '−' || c == '–' || c == '—' || c == '‐' || c == '‑' || c == '﹣' || c == '－'
}
