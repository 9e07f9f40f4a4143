package algebra

import (
	"errors"
	"math/big"

	"loralab/lora/number"
)

// maxBits bounds every value met while evaluating, in bits of numerator and
// denominator: enough for any count of parameters, small enough that an
// answer such as 9^9^9 costs nothing.
const maxBits = 1 << 13

// rootPrecision is that of values that a square root made irrational.
const rootPrecision = 320

// quantity is a rational number, exactly, or after a root that does not come
// out a float of rootPrecision bits.
type quantity struct {
	rat  *big.Rat
	root *big.Float // only if rat is nil
}

// Why an expression has no value.
var (
	errUndefined = errors.New("divides by zero")
	errTooLarge  = errors.New("becomes too large to compute")
	errRoot      = errors.New("takes a root of a negative number")
	errPower     = errors.New("has a power that is not an integer or ½")
	errMatrix    = errors.New("has a transpose, which only matrices have")
)

// evaluate computes e where every name has a value.
func evaluate(e *expr, values map[string]*big.Rat) (quantity, error) {
	switch e.op {
	case opNumber:
		return bounded(e.num.value)
	case opName:
		value, ok := values[e.name]
		if !ok {
			return quantity{}, errors.New("has no value for " + shown(e.name))
		}
		return bounded(value)
	case opTranspose:
		return quantity{}, errMatrix
	}
	a, err := evaluate(e.kids[0], values)
	if err != nil {
		return quantity{}, err
	}
	switch e.op {
	case opNeg:
		if a.rat == nil {
			return quantity{root: new(big.Float).Neg(a.root)}, nil
		}
		return quantity{rat: new(big.Rat).Neg(a.rat)}, nil
	case opSqrt:
		return a.sqrt()
	}
	b, err := evaluate(e.kids[1], values)
	if err != nil {
		return quantity{}, err
	}
	switch e.op {
	case opPow:
		return a.pow(b)
	case opDiv:
		if b.sign() == 0 {
			return quantity{}, errUndefined
		}
	}
	if a.rat == nil || b.rat == nil {
		x, y, z := a.float(), b.float(), new(big.Float).SetPrec(rootPrecision)
		switch e.op {
		case opAdd:
			z.Add(x, y)
		case opSub:
			z.Sub(x, y)
		case opMul, opApply:
			z.Mul(x, y)
		case opDiv:
			z.Quo(x, y)
		}
		if exp := z.MantExp(nil); exp > maxBits || exp < -maxBits {
			return quantity{}, errTooLarge
		}
		return quantity{root: z}, nil
	}
	z := new(big.Rat)
	switch e.op {
	case opAdd:
		z.Add(a.rat, b.rat)
	case opSub:
		z.Sub(a.rat, b.rat)
	case opMul, opApply:
		z.Mul(a.rat, b.rat)
	case opDiv:
		z.Quo(a.rat, b.rat)
	}
	return bounded(z)
}

func bounded(r *big.Rat) (quantity, error) {
	if r.Num().BitLen() > maxBits || r.Denom().BitLen() > maxBits {
		return quantity{}, errTooLarge
	}
	return quantity{rat: r}, nil
}

func (q quantity) sign() int {
	if q.rat != nil {
		return q.rat.Sign()
	}
	return q.root.Sign()
}

func (q quantity) float() *big.Float {
	if q.rat != nil {
		return new(big.Float).SetPrec(rootPrecision).SetRat(q.rat)
	}
	return q.root
}

func (q quantity) float64() float64 {
	f, _ := q.float().Float64()
	return f
}

// equal is exact for rationals; roots agree to all but their last digits.
func (q quantity) equal(p quantity) bool {
	if q.rat != nil && p.rat != nil {
		return q.rat.Cmp(p.rat) == 0
	}
	x, y := q.float(), p.float()
	gap := new(big.Float).Sub(x, y)
	if gap.Sign() == 0 {
		return true
	}
	return y.Sign() != 0 && gap.MantExp(nil) < y.MantExp(nil)-rootPrecision/2
}

func (q quantity) sqrt() (quantity, error) {
	if q.sign() < 0 {
		return quantity{}, errRoot
	}
	if q.rat != nil {
		num, den := new(big.Int).Sqrt(q.rat.Num()), new(big.Int).Sqrt(q.rat.Denom())
		if isSquare(num, q.rat.Num()) && isSquare(den, q.rat.Denom()) {
			return quantity{rat: new(big.Rat).SetFrac(num, den)}, nil
		}
	}
	return quantity{root: new(big.Float).SetPrec(rootPrecision).Sqrt(q.float())}, nil
}

func isSquare(root, n *big.Int) bool { return new(big.Int).Mul(root, root).Cmp(n) == 0 }

func (q quantity) pow(exponent quantity) (quantity, error) {
	if exponent.rat == nil {
		return quantity{}, errPower
	}
	if exponent.rat.Cmp(big.NewRat(1, 2)) == 0 {
		return q.sqrt()
	}
	if exponent.rat.Cmp(big.NewRat(-1, 2)) == 0 {
		root, err := q.sqrt()
		if err != nil {
			return quantity{}, err
		}
		return root.pow(quantity{rat: big.NewRat(-1, 1)})
	}
	if !exponent.rat.IsInt() {
		return quantity{}, errPower
	}
	negative := exponent.rat.Sign() < 0
	if negative && q.sign() == 0 {
		return quantity{}, errUndefined
	}
	n := new(big.Int).Abs(exponent.rat.Num())
	if q.rat != nil && q.rat.IsInt() && q.rat.Num().BitLen() <= 1 { // 0 and ±1, whose powers never grow
		n.And(n, big.NewInt(1))
		if q.sign() == 0 && exponent.sign() != 0 {
			return q, nil
		}
	}
	if !n.IsInt64() || n.Int64() > maxBits {
		return quantity{}, errTooLarge
	}
	var z quantity
	if q.rat != nil {
		num, den := q.rat.Num(), q.rat.Denom()
		if int64(max(num.BitLen(), den.BitLen())-1)*n.Int64() > maxBits {
			return quantity{}, errTooLarge
		}
		z.rat = new(big.Rat).SetFrac(new(big.Int).Exp(num, n, nil), new(big.Int).Exp(den, n, nil))
		if negative {
			z.rat.Inv(z.rat)
		}
		return bounded(z.rat)
	}
	f := big.NewFloat(1).SetPrec(rootPrecision)
	for range n.Int64() {
		if f.Mul(f, q.root); f.MantExp(nil) > maxBits || f.MantExp(nil) < -maxBits {
			return quantity{}, errTooLarge
		}
	}
	if negative {
		f.Quo(big.NewFloat(1).SetPrec(rootPrecision), f)
	}
	return quantity{root: f}, nil
}

// String writes an integer in groups, a fraction as a/b while it is short, and
// anything else to six digits.
func (q quantity) String() string {
	if q.rat != nil {
		if q.rat.IsInt() {
			if text := q.rat.Num().String(); len(text) <= 40 {
				return number.Minus(number.Group(text))
			}
		} else if text := q.rat.RatString(); len(text) <= 12 {
			return number.Minus(text)
		}
	}
	return rounded(q.float().Text('g', 6))
}

// rounded writes a numeral of strconv for reading: −3.9e-05 as −3.9·10⁻⁵.
func rounded(numeral string) string { return number.Minus(number.Scientific(numeral)) }
