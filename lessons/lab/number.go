package lab

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Thousands writes n with commas: 16,777,216.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ShowReal writes x to so many significant digits (4 if 0), without an
// exponent while it stays short: 0.00213, 1,234, 1.3e-07. An exact 0 is "0".
func ShowReal(x float64, digits int) string {
	if digits == 0 {
		digits = 4
	}
	a := math.Abs(x)
	switch {
	case x == 0:
		return "0"
	case math.IsNaN(x) || math.IsInf(x, 0):
		return fmt.Sprint(x)
	case a < 1e-4 || a >= 1e9:
		return strconv.FormatFloat(x, 'e', digits-1, 64)
	}
	decimals := max(digits-1-int(math.Floor(math.Log10(a))), 0)
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if whole, rest, _ := strings.Cut(s, "."); a >= 10000 {
		n, err := strconv.ParseInt(whole, 10, 64)
		if err == nil {
			s = Thousands(n)
			if rest != "" {
				s += "." + rest
			}
		}
	}
	return s
}
