package drills

import (
	"fmt"

	"loralab/drills/algebra"
	"loralab/drills/verdict"
	"loralab/drills/words"
	"loralab/lora/number"
)

// realForm asks for a number within a tolerance.
type realForm struct {
	line
	unit         string
	within, plus float64 // relative and absolute tolerance
	digits       int
}

func (realForm) kind() Kind          { return "real" }
func (realForm) keys() []string      { return []string{"key!", "unit", "within", "plus", "digits"} }
func (realForm) placeholder() string { return "a number, or an expression of numbers" }

func (realForm) parse(r reader, _ *part) form {
	f := realForm{unit: r.text("unit"), within: r.number("within"), plus: r.number("plus"), digits: int(r.number("digits"))}
	if f.within == 0 && f.plus == 0 && f.digits == 0 {
		r.wrong("kind", "say how close counts: within (0.01 is 1 %%), plus (absolute), or digits")
	}
	return f
}

func (f realForm) build(p *part, d drawing, q *Part) error {
	x, ok := d.truth.number()
	if !ok {
		return p.fields.Errorf("key", "%s is no number", p.key)
	}
	q.grader = algebra.Real{Truth: x, Whose: p.whose(), Unit: f.unit, Rel: f.within, Abs: f.plus, Digits: f.digits, Misconceptions: p.expect(q, d, d.expression)}
	q.answer, q.Key = fmt.Sprint(x), number.WithUnit(numberValue(x).shown(), f.unit)
	return nil
}

func (realForm) find(g verdict.Grader, text string) (verdict.Verdict, error) {
	return words.FindClaim(g, text)
}
