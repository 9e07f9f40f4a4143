package drills

import (
	"math/rand/v2"

	"loralab/drills/verdict"
)

// Kind is the name of a kind of question, as the bank writes it.
type Kind string

// form is a kind of question. A new kind is a file with one type that has these
// methods, and its line in forms.
type form interface {
	kind() Kind

	// keys are the fields of the bank that the kind reads, those that it cannot
	// do without with a "!" behind them.
	keys() []string

	// parse returns the form with the fields of a part.
	parse(r reader, p *part) form

	// build gives q its grader, its key and its options, with the numbers of
	// one question.
	build(p *part, d drawing, q *Part) error

	// find looks for the answer in prose; g grades a text that is the answer
	// and nothing else. It is Invalid if there is none.
	find(g verdict.Grader, text string) (verdict.Verdict, error)

	// final tells whether a verdict stands even if the answer may have been
	// meant as another one that does as well.
	final(p *part, v verdict.Verdict) bool

	placeholder() string // what is read, in a few words
	sentences() bool     // a few sentences are asked, not a line
}

// forms are the kinds of questions, before their fields are read.
var forms = []form{
	countForm{}, realForm{}, shapeForm{}, formulaForm{}, equationForm{}, choiceForm{}, orderForm{}, recallForm{},
}

// drawing is what a question is built from.
type drawing struct {
	values
	truth truth  // of the part's key, the zero value where it has none
	found *found // nil where no run decides
	seed  uint64
	rng   *rand.Rand
}

// line is what most kinds have in common: one line is asked, which is read as a
// whole, and its verdict is open to other answers that do as well.
type line struct{}

func (line) find(g verdict.Grader, text string) (verdict.Verdict, error) { return g.Grade(text) }
func (line) final(*part, verdict.Verdict) bool                           { return false }
func (line) sentences() bool                                             { return false }
