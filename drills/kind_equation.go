package drills

import (
	"loralab/drills/algebra"
	"loralab/drills/verdict"
	"loralab/drills/words"
)

// equationForm asks for a matrix in symbols.
type equationForm struct {
	line
	equation string
	symbolic bool // numbers for letters are not enough
}

func (equationForm) kind() Kind     { return "equation" }
func (equationForm) keys() []string { return []string{"key!", "equation!", "symbolic"} }

func (equationForm) placeholder() string {
	return "an equation, as you would write it on paper or in PyTorch"
}

func (equationForm) parse(r reader, _ *part) form {
	return equationForm{equation: r.text("equation"), symbolic: r.yes("symbolic")}
}

func (f equationForm) build(p *part, d drawing, q *Part) error {
	s := d.truth.system
	if s == nil {
		return p.fields.Errorf("key", "%s is no layer", p.key)
	}
	q.grader = algebra.Equation{
		Key: f.equation, Layer: s.layer, Truth: s.result, Seed: d.seed, Symbolic: f.symbolic, Misconceptions: p.expect(q, d, d.raw),
	}
	q.answer, q.Key = f.equation, f.equation
	return nil
}

func (equationForm) find(g verdict.Grader, text string) (verdict.Verdict, error) {
	return words.Find(g, text)
}

// final is an equation of the right shape: if its value is wrong it is not
// mended by another one.
func (equationForm) final(_ *part, v verdict.Verdict) bool {
	return v.Status != verdict.Invalid && v.Note != "result-shape"
}
