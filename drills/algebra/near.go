package algebra

import (
	"fmt"
	"math/big"
	"strings"

	"loralab/lora/number"
)

func exactly(a, b *big.Rat) bool { return a.Cmp(b) == 0 }

// nearMiss recognizes a wrong value by its ratio to the truth. same says when
// two values count as equal.
func nearMiss(yours, truth *big.Rat, same func(a, b *big.Rat) bool) (note, why string) {
	if truth.Sign() == 0 || yours.Sign() == 0 {
		return "", ""
	}
	if same(yours, new(big.Rat).Neg(truth)) {
		return "sign", "the size is right, the sign is not"
	}
	times := func(ratio *big.Rat) bool { return same(yours, new(big.Rat).Mul(truth, ratio)) }
	switch {
	case times(big.NewRat(2, 1)):
		return "double", "twice the truth"
	case times(big.NewRat(1, 2)):
		return "half", "half of the truth"
	}
	for n := 1; n <= 4; n++ {
		up := power(big.NewRat(1024, 1000), n)
		if times(up) || times(new(big.Rat).Inv(up)) {
			return "off-by-1024", "off by 1000 against 1024" + toThe(n) + ": k, M and G count in thousands, Ki, Mi and Gi in 1024s"
		}
	}
	for n := 1; n <= 15; n++ {
		up := power(big.NewRat(10, 1), n)
		if times(up) {
			return "power-of-ten", "too large by 10" + number.Raised(n)
		}
		if times(up.Inv(up)) {
			return "power-of-ten", "too small by 10" + number.Raised(n)
		}
	}
	for n := 2; n <= 40; n++ {
		up := power(big.NewRat(2, 1), n)
		hint := ""
		switch n {
		case 3:
			hint = "; a byte has 8 bits"
		case 10, 20, 30, 40:
			hint = ", a factor of 1024" + toThe(n/10)
		}
		size := new(big.Int).Lsh(big.NewInt(1), uint(n))
		if times(up) {
			return "power-of-two", "too large by " + number.Group(size.String()) + " = 2" + number.Raised(n) + hint
		}
		if times(up.Inv(up)) {
			return "power-of-two", "too small by " + number.Group(size.String()) + " = 2" + number.Raised(n) + hint
		}
	}
	return "", ""
}

func toThe(n int) string {
	if n == 1 {
		return ""
	}
	return number.Raised(n)
}

func power(base *big.Rat, n int) *big.Rat {
	z := big.NewRat(1, 1)
	for range n {
		z.Mul(z, base)
	}
	return z
}

// ratioWords says how far apart two values are when nothing better is known.
func ratioWords(yours, truth *big.Rat) string {
	if truth.Sign() == 0 {
		return "the truth is zero"
	}
	if yours.Sign() == 0 {
		return "the truth is not zero"
	}
	ratio := new(big.Rat).Quo(yours, truth)
	if ratio.Sign() < 0 {
		return "the sign differs too"
	}
	side := "too large: "
	if ratio.Cmp(big.NewRat(1, 1)) < 0 {
		side = "too small: "
	}
	return side + rounded(quantity{rat: ratio}.float().Text('g', 4)) + " times the truth"
}

// broken is the error of a question that cannot be graded at all.
func broken(kind, what string) error { return fmt.Errorf("algebra: %s question: %s", kind, what) }

// withUnit sets a unit behind a number; a % stands close to it.
func withUnit(value, unit string) string {
	if strings.HasPrefix(unit, "%") {
		return value + unit
	}
	return number.WithUnit(value, unit)
}
