package algebra

import (
	"math/big"
	"strings"

	"loralab/drills/verdict"
	"loralab/lora/number"
)

// Count asks for an exact integer, such as a number of parameters or of bytes.
type Count struct {
	Truth *big.Int

	// Unit is what is counted, "" for plain numbers. Bytes and bits may be
	// answered in any unit of data: 64 KiB is 65,536 bytes.
	Unit string

	// Rounding allows 65.5k: an answer then is right if the truth rounds to
	// it, and has at least Digits significant digits (default 1).
	Rounding bool
	Digits   int

	Whose          string // whose the truth is, default "the layer has"
	Misconceptions []verdict.Misconception
}

// CountAnswer is an integer as a learner wrote it.
type CountAnswer struct {
	Value *big.Int

	// A value in round numbers, such as 65.5k, stands for everything within
	// half of Unit; Unit is nil for an exact one.
	Unit   *big.Int
	Digits int // significant digits written, for a rounded value

	Echo string
}

// ParseCount reads an exact integer: 65,536, 65_536, 65 536, 2^16, 2**16,
// 8·(4096+4096), 4096x8, 64Ki, a division that comes out. Rounded numbers
// such as 65.5k are read if rounding is allowed. The unit is that of
// [Count.Unit]. The error is a *ReadError.
func ParseCount(text, unit string, rounding bool) (CountAnswer, error) {
	answer, err := readCount(text, unit, rounding)
	if err != nil {
		return CountAnswer{}, err
	}
	return answer, nil
}

// readCount reads every side of 8·8192 = 65,536; they must be the same number.
func readCount(text, unit string, rounding bool) (CountAnswer, *verdict.ReadError) {
	if err := verdict.CheckLength(text); err != nil {
		return CountAnswer{}, err
	}
	sides := measureSides(text)
	answer, err := readOneCount(sides[0], unit, rounding)
	for _, side := range sides[1:] {
		if err != nil {
			break
		}
		var next CountAnswer
		if next, err = readOneCount(side, unit, rounding); err == nil && next.Unit == nil && answer.Unit == nil && next.Value.Cmp(answer.Value) != 0 {
			err = verdict.Unreadable("unequal", -1, "%s is %s, not %s", answer.Echo, quantity{rat: new(big.Rat).SetInt(answer.Value)}, next.Echo)
		}
		answer.Echo += " = " + next.Echo
	}
	return answer, err
}

func readOneCount(text, unit string, rounding bool) (CountAnswer, *verdict.ReadError) {
	m, err := readMeasure(text, unit, countDimension(unit))
	if err != nil {
		return CountAnswer{}, err
	}
	answer := CountAnswer{Echo: m.echo()}
	if m.value.rat == nil || !m.value.rat.IsInt() && !(rounding && m.literal != nil) {
		if m.round != "" {
			return CountAnswer{}, verdict.Unreadable("not-whole", -1, "%s is not a whole number; write it out in full", m.echo())
		}
		hint := "write a whole number, such as 65,536 or 2^16"
		if m.literal != nil && m.literal.comma {
			hint = "the comma was read as a decimal comma; groups have three digits, 65,536"
		}
		return CountAnswer{}, verdict.Unreadable("not-whole", -1, "%s is not a whole number: %s", m.echo(), hint)
	}
	if m.round != "" && !rounding {
		return CountAnswer{}, verdict.Unreadable("rounded", -1, "write the count in full: %s could be a round number, in thousands or in 1024s; 64Ki is always 65,536", verdict.Quoted(strings.TrimSpace(text)))
	}
	answer.Value = new(big.Int).Quo(m.value.rat.Num(), m.value.rat.Denom())
	if rounding && m.literal != nil {
		step := scaled(new(big.Rat).Set(m.factor), m.literal.unit)
		if step.Cmp(big.NewRat(1, 1)) > 0 {
			answer.Unit = new(big.Int).Quo(step.Num(), step.Denom())
			answer.Digits = m.literal.digits
		}
	}
	return answer, nil
}

// countDimension is the unit in which a count is kept: one of data, or a
// plain number with a noun that says nothing.
func countDimension(unit string) string {
	if unit == "" {
		return nounUnit
	}
	return unit
}

// Grade judges exactly; an answer in round numbers, where they are allowed, by
// whether the truth rounds to it.
func (q Count) Grade(answer string) (verdict.Verdict, error) {
	if q.Truth == nil {
		return verdict.Verdict{}, broken("count", "no truth")
	}
	got, err := readCount(answer, q.Unit, q.Rounding)
	if err != nil {
		return verdict.Refuse(err), nil
	}
	yoursRat, truthRat := new(big.Rat).SetInt(got.Value), new(big.Rat).SetInt(q.Truth)
	truth := withUnit(quantity{rat: truthRat}.String(), q.Unit)
	yours := withUnit(quantity{rat: yoursRat}.String(), q.Unit)
	if got.Value.Cmp(q.Truth) == 0 {
		return verdict.Accept("right", got.Echo, q.whose()+" "+truth), nil
	}
	if got.Unit != nil {
		gap := new(big.Int).Sub(got.Value, q.Truth)
		near := gap.Abs(gap).Lsh(gap, 1).Cmp(got.Unit) <= 0
		if near && got.Digits >= max(q.Digits, 1) {
			return verdict.Accept("rounded", got.Echo, q.whose()+" "+truth), nil
		}
		if near {
			return verdict.Verdict{Status: verdict.Invalid, Note: "more-digits", Echo: got.Echo,
				Feedback: []string{"not enough digits to tell: write at least " + number.Plural(max(q.Digits, 1), "significant digit")}}, nil
		}
	}
	both := "yours " + yours + ", " + q.whose() + " " + truth
	for _, m := range q.Misconceptions {
		wrong, err := readCount(m.Answer, q.Unit, q.Rounding)
		if err != nil {
			return verdict.Verdict{}, broken("count", "misconception "+m.Note+": "+err.Text)
		}
		if wrong.Value.Cmp(got.Value) == 0 {
			return verdict.Reject(m.Note, got.Echo, both, m.Words), nil
		}
	}
	if note, why := nearMiss(yoursRat, truthRat, exactly); note != "" {
		return verdict.Reject(note, got.Echo, both, why), nil
	}
	if note, why := slip(got.Value, q.Truth); note != "" {
		return verdict.Reject(note, got.Echo, both, why), nil
	}
	return verdict.Reject("value", got.Echo, both, ratioWords(yoursRat, truthRat)), nil
}

func (q Count) whose() string { return whose(q.Whose) }

func whose(words string) string {
	if words == "" {
		return "the layer has"
	}
	return words
}

// slip recognizes a wrong value as a slip: off by one, two digits exchanged,
// the last digits rounded away.
func slip(yours, truth *big.Int) (note, why string) {
	gap := new(big.Int).Sub(yours, truth)
	if gap.CmpAbs(big.NewInt(1)) == 0 {
		return "off-by-one", "off by one"
	}
	a, b := yours.String(), truth.String()
	if len(a) == len(b) {
		for i := 0; i+1 < len(a); i++ {
			if a[i] != b[i] {
				if a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:] {
					return "digits-swapped", "two digits are swapped: the number may be right in your head"
				}
				break
			}
		}
	}
	if new(big.Int).Mul(gap.Abs(gap), big.NewInt(100)).CmpAbs(truth) < 0 {
		return "close", "close, but a count is exact: write every digit, or the product that gives it"
	}
	return "", ""
}
