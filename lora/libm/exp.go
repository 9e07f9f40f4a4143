package libm

import "math"

// ln2 in two parts: the first has so few bits that its product with an
// exponent is exact.
const (
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10
)

// Exp returns eˣ: +Inf where that overflows, 0 where it underflows.
//
// The algorithm and the coefficients are from FreeBSD's
// /usr/src/lib/msun/src/e_exp.c, which came with this notice:
//
//	Copyright (C) 2004 by Sun Microsystems, Inc. All rights reserved.
//	Permission to use, copy, modify, and distribute this
//	software is freely granted, provided that this notice
//	is preserved.
//
// With x = k·ln2 + r and |r| ≤ ln2/2, eˣ = 2ᵏ·eʳ, and eʳ is a rational function
// in which a polynomial of degree 5 stands for r·(eʳ+1)/(eʳ−1).
func Exp(x float64) float64 {
	const (
		log2e     = 1.44269504088896338700e+00
		overflow  = 7.09782712893383973096e+02
		underflow = -7.45133219101941108420e+02
		nearZero  = 1.0 / (1 << 28)
	)
	switch {
	case math.IsNaN(x):
		return x
	case x > overflow:
		return math.Inf(1)
	case x < underflow:
		return 0
	case -nearZero < x && x < nearZero:
		return 1 + x
	}
	k := int(float64(log2e*x) + math.Copysign(0.5, x))
	hi := x - float64(float64(k)*ln2Hi)
	lo := float64(float64(k) * ln2Lo)
	r := hi - lo
	t := float64(r * r)
	c := r - float64(t*polynomial(t, expP[:]))
	y := 1 - ((lo - float64(r*c)/(2-c)) - hi)
	if k < -1021 || k > 1023 {
		return math.Ldexp(y, k)
	}
	return float64(y * math.Float64frombits(uint64(k+1023)<<52)) // y·2ᵏ, exact where neither is subnormal
}

var expP = [...]float64{
	1.66666666666666657415e-01,
	-2.77777777770155933842e-03,
	6.61375632143793436117e-05,
	-1.65339022054652515390e-06,
	4.13813679705723846039e-08,
}

// polynomial returns c[0] + c[1]·x + c[2]·x² + …, by Horner's rule.
func polynomial(x float64, c []float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		sum = c[i] + float64(x*sum)
	}
	return sum
}
