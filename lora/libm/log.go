package libm

import "math"

// Log returns the natural logarithm of x: −Inf of 0, NaN of what is below.
//
// The algorithm and the coefficients are from FreeBSD's
// /usr/src/lib/msun/src/e_log.c, which came with this notice:
//
//	Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
//	Developed at SunPro, a Sun Microsystems, Inc. business.
//	Permission to use, copy, modify, and distribute this
//	software is freely granted, provided that this notice
//	is preserved.
//
// With x = 2ᵏ·(1+f) and √½ ≤ 1+f < √2, ln x = k·ln2 + ln(1+f), and with
// s = f/(2+f) the second is 2·(s + s³/3 + s⁵/5 + …), of which a polynomial of
// degree 14 stands for what comes after the first term.
func Log(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	fraction, exponent := math.Frexp(x)
	if fraction < math.Sqrt2/2 {
		fraction *= 2
		exponent--
	}
	f, k := fraction-1, float64(exponent)
	s := f / (2 + f)
	s2 := float64(s * s)
	s4 := float64(s2 * s2)
	// Odd and even terms apart: two short chains instead of a long one.
	r := float64(s2*polynomial(s4, logOdd[:])) + float64(s4*polynomial(s4, logEven[:]))
	half := float64(0.5 * f * f)
	return float64(k*ln2Hi) - ((half - (float64(s*(half+r)) + float64(k*ln2Lo))) - f)
}

var (
	logOdd = [...]float64{
		6.666666666666735130e-01,
		2.857142874366239149e-01,
		1.818357216161805012e-01,
		1.479819860511658591e-01,
	}
	logEven = [...]float64{
		3.999999999940941908e-01,
		2.222219843214978396e-01,
		1.531383769920937332e-01,
	}
)

// Log10 returns the decimal logarithm of x, as Log does.
func Log10(x float64) float64 { return float64(Log(x) * (1 / math.Ln10)) }
