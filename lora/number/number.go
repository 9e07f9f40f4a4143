// Package number writes numbers as text for people to read: counts in groups of
// three digits, real numbers to so many digits, bytes, percentages, units,
// powers of ten and plurals. Every part of the program writes them alike.
//
// A negative number has the hyphen that strconv writes, which other programs can
// read; [Minus] turns it into the minus sign of typeset text. Where several of
// these functions are combined, Minus comes last.
package number

import (
	"math"
	"strconv"
	"strings"
)

// Count writes a whole number in groups of three digits: 16,777,216.
func Count(n int64) string { return Group(strconv.FormatInt(n, 10)) }

// Group parts the whole digits of a decimal numeral into groups of three:
// "-65536.25" becomes "-65,536.25". What follows those digits stays as it is, and
// so does a text that does not begin as a numeral. The numeral may be longer than
// any integer type holds.
func Group(numeral string) string {
	start := 0
	if strings.HasPrefix(numeral, "-") || strings.HasPrefix(numeral, "+") {
		start = 1
	}
	end := start
	for end < len(numeral) && '0' <= numeral[end] && numeral[end] <= '9' {
		end++
	}
	if end-start <= 3 {
		return numeral
	}
	var b strings.Builder
	b.Grow(len(numeral) + (end-start)/3)
	b.WriteString(numeral[:start])
	for i := start; i < end; i++ {
		if i > start && (end-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(numeral[i])
	}
	b.WriteString(numeral[end:])
	return b.String()
}

// Minus turns the hyphen in front of a negative number into a minus sign: −14.
func Minus(numeral string) string {
	if rest, ok := strings.CutPrefix(numeral, "-"); ok {
		return "−" + rest
	}
	return numeral
}

// Raised writes a whole number as a superscript: 10 and Raised(-5) make 10⁻⁵.
func Raised(n int) string {
	var b strings.Builder
	for _, c := range strconv.Itoa(n) {
		if c == '-' {
			b.WriteRune('⁻')
			continue
		}
		b.WriteString([...]string{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"}[c-'0'])
	}
	return b.String()
}

// Plural counts things whose noun takes an s: 1 tensor, 2 tensors, 0 tensors.
func Plural(n int, noun string) string { return strconv.Itoa(n) + " " + Noun(int64(n), noun) }

// Noun is the noun of [Plural] alone, for a count that is written in another way,
// as in Count(n) + " " + Noun(n, "parameter").
func Noun(n int64, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// Percent writes a share of 1 in whole percent, halves away from zero: 0.125 is
// 13 %.
func Percent(share float64) string {
	percent := math.Round(100 * share)
	if percent == 0 {
		percent = 0 // a small negative share rounds to -0
	}
	return WithUnit(strconv.FormatFloat(percent, 'f', 0, 64), "%")
}

// WithUnit sets a unit behind a number as running text does, with a space before
// every unit: 14.2 GB, 75 %. An empty unit adds nothing.
func WithUnit(numeral, unit string) string {
	if unit == "" {
		return numeral
	}
	return numeral + " " + unit
}

// TightUnit sets a unit behind a number as labels do, where room is dear: like
// [WithUnit], but % and × stand without a space: 75%, 8×.
func TightUnit(numeral, unit string) string {
	if strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "×") {
		return numeral + unit
	}
	return WithUnit(numeral, unit)
}
