package number

import (
	"math"
	"strconv"
	"strings"
)

// Real writes x to so many significant digits (4 if digits is 0), zeros at the
// end included, since they say how precise the value is: 0.00213, 1234, 12,300.
// From 10,000 on its whole digits are grouped; below 1e-4 and from 1e9 on it has
// an exponent, as in 1.3e-07. An exact 0 is "0". A value that rounds up to the
// next power of ten shows one digit more: Real(9.9996, 4) is 10.000.
func Real(x float64, digits int) string {
	if digits == 0 {
		digits = 4
	}
	a := math.Abs(x)
	switch {
	case x == 0:
		return "0"
	case !finite(x):
		return strconv.FormatFloat(x, 'g', -1, 64)
	case a < 1e-4 || a >= 1e9:
		return strconv.FormatFloat(x, 'e', digits-1, 64)
	}
	text := strconv.FormatFloat(x, 'f', max(0, digits-wholeDigits(a)), 64)
	if a >= 10_000 {
		return Group(text)
	}
	return text
}

// Short writes x to at most so many significant digits (one if digits is less)
// in as little room as possible, without zeros at the end: 0.0312, 65.5k, 7G,
// 1e-6. Whole numbers up to 9999 keep all of their digits. It is for axes and
// labels.
func Short(x float64, digits int) string {
	digits = max(digits, 1)
	a := math.Abs(x)
	switch {
	case x == 0:
		return "0"
	case !finite(x):
		return strconv.FormatFloat(x, 'g', -1, 64)
	case a < 0.9995e-3 || a >= 0.9995e15:
		mantissa, exponent, _ := strings.Cut(Exponent(x, digits-1), "e")
		return trimZeros(mantissa) + "e" + exponent
	case a >= 9999.5:
		scale, prefix := Prefix(a * 1.0005) // 999,999 is 1M, not 1000k
		return trimZeros(plain(x/scale, digits)) + prefix
	case a >= 1000:
		digits = max(digits, 4)
	}
	return trimZeros(plain(x, digits))
}

// Prefix returns the metric prefix that shortens a number of the size of x, which
// is at least 1000, and its power of ten: 1e6 and "M" for 2,500,000.
func Prefix(x float64) (scale float64, prefix string) {
	switch {
	case x >= 1e12:
		return 1e12, "T"
	case x >= 1e9:
		return 1e9, "G"
	case x >= 1e6:
		return 1e6, "M"
	}
	return 1e3, "k"
}

// Exponent writes x with an exponent in its shortest form, and so many digits
// after the point: 1.5e-6, 3e20, where strconv writes 1.5e-06 and 3e+20.
func Exponent(x float64, decimals int) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', decimals, 64), "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return mantissa // NaN and Inf have no exponent
	}
	return mantissa + "e" + strconv.Itoa(n)
}

// Scientific turns the exponent of a numeral into a power of ten: strconv's
// 3.9e-05 becomes 3.9·10⁻⁵. A numeral without an exponent stays as it is, and so
// does a text that is no numeral.
func Scientific(numeral string) string {
	mantissa, exponent, _ := strings.Cut(numeral, "e")
	n, err := strconv.Atoi(exponent)
	if err != nil || !decimal(mantissa) {
		return numeral
	}
	return mantissa + "·10" + Raised(n)
}

// decimal reports whether a text is digits with at most a minus before them and a
// point after the first.
func decimal(text string) bool {
	text = strings.TrimPrefix(text, "-")
	whole, fraction, _ := strings.Cut(text, ".")
	return whole != "" && strings.Trim(whole+fraction, "0123456789") == ""
}

// plain writes x with so many significant digits and no exponent.
func plain(x float64, digits int) string {
	return strconv.FormatFloat(x, 'f', max(0, min(12, digits-wholeDigits(math.Abs(x)))), 64)
}

// wholeDigits returns how many digits a > 0 has before the point; 0.05 has -1.
func wholeDigits(a float64) int {
	_, exponent, _ := strings.Cut(strconv.FormatFloat(a, 'e', -1, 64), "e")
	n, _ := strconv.Atoi(exponent) // strconv wrote it
	return n + 1
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// trimZeros cuts what says nothing off the end of a numeral without exponent.
func trimZeros(numeral string) string {
	if !strings.Contains(numeral, ".") {
		return numeral
	}
	return strings.TrimRight(strings.TrimRight(numeral, "0"), ".")
}
