package libm_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"loralab/lora/libm"
)

// precision in bits is enough for the alternating series of erf at 28, whose
// largest term is about e^(28²).
const precision = 2600

func number(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

// exp returns e^x by its series, after halving x until it is small.
func exp(x *big.Float) *big.Float {
	const halvings = 40
	small := new(big.Float).SetMantExp(x, -halvings)
	sum, term := number(1), number(1)
	for n := 1.0; term.Sign() != 0 && term.MantExp(nil) > -precision; n++ {
		term.Mul(term, small)
		term.Quo(term, number(n))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// log returns ln x by Newton's method on e^y = x.
func log(x float64) *big.Float {
	y := number(math.Log(x))
	for range 4 { // 52 bits, and twice as many with every round
		ratio := new(big.Float).Quo(number(x), exp(y))
		y.Add(y, ratio.Sub(ratio, number(1)))
	}
	return y
}

func tanh(x float64) *big.Float {
	e := exp(number(2 * x))
	up, down := new(big.Float).Sub(e, number(1)), new(big.Float).Add(e, number(1))
	return up.Quo(up, down)
}

// erfc returns 1 − 2/√π·Σ (−1)ⁿ·x^(2n+1)/(n!·(2n+1)).
func erfc(x float64) *big.Float {
	square := new(big.Float).Mul(number(x), number(x))
	power, sum := number(x), number(x)
	for n := 1.0; power.MantExp(nil) > -precision; n++ {
		power.Mul(power, square)
		power.Quo(power, number(-n))
		sum.Add(sum, new(big.Float).Quo(power, number(2*n+1)))
	}
	// π = 16·atan(1/5) − 4·atan(1/239), Machin 1706
	pi := new(big.Float).Sub(arctan(5).Mul(arctan(5), number(16)), new(big.Float).Mul(arctan(239), number(4)))
	sum.Quo(sum.Mul(sum, number(2)), pi.Sqrt(pi))
	return sum.Sub(number(1), sum)
}

// arctan returns the arc tangent of 1/n.
func arctan(n float64) *big.Float {
	power, sum := new(big.Float).Quo(number(1), number(n)), new(big.Float).Quo(number(1), number(n))
	for i := 3.0; power.MantExp(nil) > -precision; i += 2 {
		power.Quo(power, number(-n*n))
		sum.Add(sum, new(big.Float).Quo(power, number(i)))
	}
	return sum
}

// TestErrors compares with the functions to thousands of bits.
func TestErrors(t *testing.T) {
	for _, row := range []struct {
		name  string
		ours  func(float64) float64
		exact func(float64) *big.Float
		lo,
		hi float64
		n    int
		ulps float64
	}{
		{"Exp", libm.Exp, func(x float64) *big.Float { return exp(number(x)) }, -708, 709.7, 400, 1},
		{"Exp near 0", libm.Exp, func(x float64) *big.Float { return exp(number(x)) }, -1, 1, 400, 1},
		{"Log", libm.Log, log, 1e-300, 1e6, 100, 1},
		{"Log near 1", libm.Log, log, 0.6, 1.5, 100, 1},
		{"Tanh", libm.Tanh, tanh, -20, 20, 400, 1.5},
		{"Tanh near 0", libm.Tanh, tanh, -0.7, 0.7, 400, 1.5},
		{"Erfc", libm.Erfc, erfc, -6, 26, 30, 1.5},
		{"Erfc near 0", libm.Erfc, erfc, -1.5, 1.5, 30, 1.5},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(3, 4))
			worst := 0.0
			for range row.n {
				x := row.lo + (row.hi-row.lo)*rng.Float64()
				got, want := row.ours(x), row.exact(x)
				off, _ := new(big.Float).Sub(number(got), want).Float64()
				near, _ := want.Float64()
				ulps := math.Abs(off) / (math.Nextafter(math.Abs(near), math.Inf(1)) - math.Abs(near))
				worst = max(worst, ulps)
				if !(ulps <= row.ulps) {
					t.Errorf("of %v: %v, want %v: off by %.2f ulp", x, got, near, ulps)
				}
			}
			t.Logf("worst: %.2f ulp", worst)
		})
	}
}
