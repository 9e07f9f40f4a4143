package quant

import "math"

// Precision is a floating-point format that values are rounded to. The
// arithmetic stays in float64.
type Precision uint8

const (
	Float32  Precision = iota // IEEE 754 binary32: 8 exponent bits, 23 of fraction
	BFloat16                  // the upper half of a float32: 8 and 7
	Float16                   // IEEE 754 binary16: 5 and 10
)

// layout returns the number of fraction bits and the largest exponent, which
// is also the exponent's bias.
func (p Precision) layout() (fraction, bias int) {
	switch p {
	case BFloat16:
		return 7, 127
	case Float16:
		return 10, 15
	}
	return 23, 127
}

// Round returns the value of the format nearest to x, ties to even, with
// subnormals, and ±Inf beyond the largest finite value. NaN stays NaN.
//
// It rounds once. PyTorch converts a float64 to 16 bits by way of float32,
// which rounds twice and can differ in the last bit; from float32 values the
// two agree.
func (p Precision) Round(x float64) float64 {
	if p == Float32 {
		return float64(float32(x))
	}
	fraction, bias := p.layout()
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	_, exp := math.Frexp(x) // |x| in [2^(exp-1), 2^exp)
	// The spacing of the format's values around x; below the smallest normal
	// number it stays constant, which is what subnormal means.
	spacing := max(exp-1, 1-bias) - fraction
	// Both scalings are by powers of two, so only RoundToEven rounds.
	r := math.Ldexp(math.RoundToEven(math.Ldexp(x, -spacing)), spacing)
	if math.Abs(r) >= math.Ldexp(1, bias+1) {
		return math.Inf(int(math.Copysign(1, x)))
	}
	return r
}

// RoundSlice rounds every element in place.
func (p Precision) RoundSlice(x []float64) {
	for i, v := range x {
		x[i] = p.Round(v)
	}
}

// Encode returns the bit pattern of Round(x) in the format's own layout, in
// the low 32 or 16 bits.
func (p Precision) Encode(x float64) uint32 {
	r := p.Round(x)
	switch p {
	case BFloat16:
		if math.IsNaN(r) {
			return 0x7fc0
		}
		return math.Float32bits(float32(r)) >> 16 // exact: r is a bfloat16
	case Float16:
		return encodeHalf(r)
	}
	return math.Float32bits(float32(r))
}

// Decode returns the value of a bit pattern of the format.
func (p Precision) Decode(bits uint32) float64 {
	switch p {
	case BFloat16:
		return float64(math.Float32frombits(bits << 16))
	case Float16:
		return decodeHalf(bits)
	}
	return float64(math.Float32frombits(bits))
}

// encodeHalf lays out a value that already is a binary16.
func encodeHalf(r float64) uint32 {
	sign := uint32(math.Float64bits(r) >> 63 << 15)
	a := math.Abs(r)
	switch {
	case math.IsNaN(r):
		return 0x7e00
	case math.IsInf(r, 0):
		return sign | 0x7c00
	case a < 0x1p-14: // subnormal or zero: a multiple of 2^-24
		return sign | uint32(a*0x1p24)
	}
	b := math.Float64bits(a)
	return sign | uint32(b>>52-1023+15)<<10 | uint32(b>>42&0x3ff)
}

func decodeHalf(bits uint32) float64 {
	sign, exp, frac := bits&0x8000<<16, bits>>10&31, bits&0x3ff
	switch exp {
	case 0: // zero or subnormal: a multiple of 2^-24
		return math.Copysign(float64(frac)*0x1p-24, float64(math.Float32frombits(sign|0x3f800000)))
	case 31:
		exp = 255 - 112
	}
	return float64(math.Float32frombits(sign | (exp+112)<<23 | frac<<13))
}
