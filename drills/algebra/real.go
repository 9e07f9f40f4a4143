package algebra

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"loralab/drills/verdict"
	"loralab/lora/number"
)

// Real asks for a real number, right within a tolerance that the prompt
// states.
type Real struct {
	Truth float64

	// Unit is the unit of Truth: "" for a plain number, "%", "GB", "dB", "ms" or
	// any word. An answer may be in another unit of the same kind.
	Unit string

	// An answer v is right if |v − truth| ≤ Abs + Rel·|truth|. If both are
	// zero Digits decides: within 0.51 units of the last of that many
	// significant digits of the truth.
	Rel, Abs float64

	// Digits is how many significant digits must be written where fewer
	// could not tell a right answer from a wrong one.
	Digits int

	Whose          string // whose the truth is, default "the layer has"
	Misconceptions []verdict.Misconception
}

// RealAnswer is a number as a learner wrote it.
type RealAnswer struct {
	Value   float64
	Digits  int     // significant digits written; 0 if it is an expression such as 1/256
	Unit    string  // as written, "" if none
	Echo    string  // says so where a comma was read as decimal
	percent bool    // it was written with a %
	last    float64 // one unit of the last digit written
}

// ParseReal reads 0.39%, 3.9e-3, 3.9×10^-3, 1/256, √2 or 0,39 and returns it in
// the unit of [Real.Unit]. 1,234 has a group of thousands. The error is a
// *ReadError.
func ParseReal(text, unit string) (RealAnswer, error) {
	answer, err := readReal(text, unit)
	if err != nil {
		return RealAnswer{}, err
	}
	return answer, nil
}

func readReal(text, unit string) (RealAnswer, *verdict.ReadError) {
	if err := verdict.CheckLength(text); err != nil {
		return RealAnswer{}, err
	}
	switch strings.ToLower(strings.Trim(text, " +-−")) {
	case "nan", "inf", "infinity", "∞", `\infty`:
		return RealAnswer{}, verdict.Unreadable("not-finite", -1, "a finite number is asked")
	}
	m, err := readMeasure(measureSides(text)[0], unit, unit) // of 1/256 = 0.39% the first is the most exact
	if err != nil {
		return RealAnswer{}, err
	}
	answer := RealAnswer{Value: m.value.float64(), Unit: m.unit, Echo: m.echo(), percent: m.unit != "" && units[m.unit].dimension == "ratio"}
	if math.IsInf(answer.Value, 0) {
		return RealAnswer{}, verdict.Unreadable("too-large", -1, "the number is too large")
	}
	if m.literal != nil {
		answer.Digits = max(m.literal.digits, 1)
		answer.last, _ = scaled(new(big.Rat).Set(m.factor), m.literal.unit).Float64()
	} else if lead := leading(m.tree); lead != nil { // 3.9×10^-3
		answer.Digits = max(lead.digits, 1)
		answer.last = math.Abs(answer.Value) * math.Pow(10, float64(1-answer.Digits))
		if v, _ := lead.value.Float64(); v != 0 {
			answer.last = math.Abs(answer.Value/v) * math.Pow(10, float64(lead.unit))
		}
	}
	return answer, nil
}

// leading returns the mantissa of a product with a power of ten.
func leading(e *expr) *literal {
	if e.op == opNeg {
		return leading(e.kids[0])
	}
	if e.op != opMul || e.kids[0].op != opNumber || e.kids[1].op != opPow {
		return nil
	}
	if ten, ok := e.kids[1].kids[0].smallInteger(); !ok || ten != 10 {
		return nil
	}
	return e.kids[0].num
}

// tolerance is the largest distance from the truth that is right.
func (q Real) tolerance() float64 {
	if q.Rel > 0 || q.Abs > 0 || q.Digits <= 0 {
		return q.Abs + q.Rel*math.Abs(q.Truth)
	}
	size := 0.0
	if q.Truth != 0 {
		size = math.Floor(math.Log10(math.Abs(q.Truth)))
	}
	return 0.51 * math.Pow(10, size-float64(q.Digits-1))
}

// Grade judges within the tolerance. The truth is shown to no more digits than
// were asked.
func (q Real) Grade(answer string) (verdict.Verdict, error) {
	if math.IsNaN(q.Truth) || math.IsInf(q.Truth, 0) {
		return verdict.Verdict{}, broken("real", "the truth is not finite")
	}
	got, err := readReal(answer, q.Unit)
	if err != nil {
		return verdict.Refuse(err), nil
	}
	tolerance := q.tolerance()
	truth := withUnit(q.show(q.Truth), q.Unit)
	gap := math.Abs(got.Value - q.Truth)
	if gap <= tolerance || q.asFraction(got, tolerance) {
		return verdict.Accept("right", got.Echo, whose(q.Whose)+" "+truth), nil
	}
	both := "yours " + withUnit(Real{Digits: max(q.Digits, got.Digits), Rel: q.Rel}.show(got.Value), q.Unit) + ", " + whose(q.Whose) + " " + truth
	for _, m := range q.Misconceptions {
		wrong, err := readReal(m.Answer, q.Unit)
		if err != nil {
			return verdict.Verdict{}, broken("real", "misconception "+m.Note+": "+err.Text)
		}
		if math.Abs(wrong.Value-got.Value) <= q.scaledTolerance(wrong.Value) {
			return verdict.Reject(m.Note, got.Echo, both, m.Words), nil
		}
	}
	if got.Value != 0 && got.Digits > 0 && got.Digits < q.Digits && gap <= 0.51*got.last {
		return verdict.Verdict{Status: verdict.Invalid, Note: "more-digits", Echo: got.Echo,
			Feedback: []string{"not enough digits to tell: write at least " + number.Plural(q.Digits, "significant digit")}}, nil
	}
	same := func(a, b *big.Rat) bool {
		x, _ := a.Float64()
		y, _ := b.Float64()
		return math.Abs(x-y) <= q.scaledTolerance(y)
	}
	yours, layer := new(big.Rat), new(big.Rat)
	yours.SetFloat64(got.Value)
	layer.SetFloat64(q.Truth)
	if note, why := percentSlip(got, q.Unit, yours, layer, same); note != "" {
		return verdict.Reject(note, got.Echo, both, why), nil
	}
	if layer.Sign() != 0 && yours.Sign() != 0 && same(yours, new(big.Rat).Inv(layer)) {
		return verdict.Reject("reciprocal", got.Echo, both, "upside down: this is 1 over the truth"), nil
	}
	if note, why := nearMiss(yours, layer, same); note != "" {
		return verdict.Reject(note, got.Echo, both, why), nil
	}
	return verdict.Reject("value", got.Echo, both, ratioWords(yours, layer)), nil
}

// scaledTolerance is the tolerance at another size than the truth's. It stays
// under 1 %, or 1000 could not be told from 1024.
func (q Real) scaledTolerance(size float64) float64 {
	if q.Truth == 0 {
		return q.tolerance()
	}
	return min(q.tolerance()/math.Abs(q.Truth), 0.01) * math.Abs(size)
}

// asFraction accepts 1/256 where percents are asked: it is written as the
// fraction that it is. A bare 0.0039 is not.
func (q Real) asFraction(got RealAnswer, tolerance float64) bool {
	return q.Unit == "%" && got.Unit == "" && got.Digits == 0 && math.Abs(got.Value*100-q.Truth) <= tolerance
}

func percentSlip(got RealAnswer, unit string, yours, truth *big.Rat, same func(a, b *big.Rat) bool) (note, why string) {
	if unit != "%" && unit != "" {
		return "", ""
	}
	hundred := big.NewRat(100, 1)
	if same(yours, new(big.Rat).Mul(truth, hundred)) {
		if unit == "%" {
			return "percent-twice", "100 times too large: it is in percent already"
		}
		return "percent-for-fraction", "100 times too large: this is the number of percents; write a % after it, or the fraction"
	}
	if same(yours, new(big.Rat).Quo(truth, hundred)) {
		if unit == "%" && !got.percent {
			return "fraction-for-percent", "100 times too small: this is the fraction, and percents are asked"
		}
		return "percent-twice", "100 times too small: the % divides by 100 once more"
	}
	return "", ""
}

// show writes a value to the digits that are asked, at least three.
func (q Real) show(v float64) string {
	digits := max(q.Digits, 3)
	if q.Digits == 0 && q.Rel > 0 {
		digits = max(3, 1+int(math.Ceil(-math.Log10(q.Rel))))
	}
	text := strconv.FormatFloat(v, 'g', min(digits, 15), 64)
	if _, exponent, ok := strings.Cut(text, "e+"); ok {
		if n, err := strconv.Atoi(exponent); err != nil || n >= 9 {
			return rounded(text)
		}
		rounded, _ := strconv.ParseFloat(text, 64) // 1.23e+04 reads better as 12,300
		text = strconv.FormatFloat(rounded, 'f', 0, 64)
	}
	if strings.Contains(text, "e") {
		return rounded(text)
	}
	return number.Minus(number.Group(text))
}
