package drills

import (
	"loralab/drills/algebra"
	"loralab/drills/verdict"
	"loralab/drills/words"
	"loralab/lora/number"
)

// countForm asks for an exact whole number.
type countForm struct {
	line
	unit     string
	rounding bool
	digits   int
}

func (countForm) kind() Kind          { return "count" }
func (countForm) keys() []string      { return []string{"key!", "unit", "rounding", "digits"} }
func (countForm) placeholder() string { return "a whole number, or the product that gives it" }

func (countForm) parse(r reader, _ *part) form {
	return countForm{unit: r.text("unit"), rounding: r.yes("rounding"), digits: int(r.number("digits"))}
}

func (f countForm) build(p *part, d drawing, q *Part) error {
	n := d.truth.count
	if n == nil {
		return p.fields.Errorf("key", "%s is no count", p.key)
	}
	q.grader = algebra.Count{Truth: n, Whose: p.whose(), Unit: f.unit, Rounding: f.rounding, Digits: f.digits, Misconceptions: p.expect(q, d, d.expression)}
	q.answer, q.Key = n.String(), number.WithUnit(countValue(n).shown(), f.unit)
	return nil
}

func (countForm) find(g verdict.Grader, text string) (verdict.Verdict, error) {
	return words.FindClaim(g, text)
}
