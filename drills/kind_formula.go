package drills

import (
	"strings"
	"unicode"

	"loralab/drills/algebra"
	"loralab/drills/verdict"
	"loralab/drills/words"
)

// formulaForm asks for a number in symbols.
type formulaForm struct {
	line
	formula string
	symbols []string
}

func (formulaForm) kind() Kind            { return "formula" }
func (formulaForm) keys() []string        { return []string{"key!", "formula!", "symbols!"} }
func (f formulaForm) placeholder() string { return "a formula in " + strings.Join(f.symbols, ", ") }

func (formulaForm) parse(r reader, _ *part) form {
	return formulaForm{formula: r.text("formula"), symbols: r.texts("symbols")}
}

func (f formulaForm) build(p *part, d drawing, q *Part) error {
	if err := f.check(p, d); err != nil {
		return err
	}
	q.grader = formulaGrader{algebra.Formula{
		Key: f.formula, Symbols: algebra.Symbols(f.symbols...), Seed: d.seed, Live: d.live(f.symbols), Misconceptions: p.expect(q, d, d.raw),
	}}
	q.answer, q.Key = f.formula, f.formula
	return nil
}

// check compares the formula of the bank, at the numbers drawn, with what the
// laboratory computes from things that it has built.
func (f formulaForm) check(p *part, d drawing) error {
	want, err := d.truth.value()
	if err != nil {
		return p.fields.Errorf("formula", "%w", err)
	}
	have, err := d.evaluate(strings.ReplaceAll(f.formula, "α", "alpha"))
	if err != nil {
		return p.fields.Errorf("formula", "%w", err)
	}
	if gap := have.number - want.number; gap > 1e-9*want.number || gap < -1e-9*want.number {
		return p.fields.Errorf("formula", "%s gives %s, and the laboratory computes %s", d.insert(f.formula), have.text, want.text)
	}
	return nil
}

func (formulaForm) find(g verdict.Grader, text string) (verdict.Verdict, error) {
	return words.FindClaim(g, text)
}

// formulaGrader drops what a formula comes to: "= 34,816" after r(d+k).
type formulaGrader struct{ algebra.Formula }

func (g formulaGrader) Grade(answer string) (verdict.Verdict, error) {
	sides := strings.Split(answer, "=")
	for len(sides) > 1 && isNumber(sides[len(sides)-1]) {
		sides = sides[:len(sides)-1]
	}
	return g.Formula.Grade(strings.Join(sides, "="))
}

func isNumber(text string) bool {
	return strings.ContainsAny(text, "0123456789") && !strings.ContainsFunc(text, unicode.IsLetter)
}
