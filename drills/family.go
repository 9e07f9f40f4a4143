package drills

import (
	"slices"

	"loralab/drills/algebra"
	"loralab/drills/words"
	"loralab/lessons"
)

// Depth is how far a question goes, as an interviewer would.
type Depth string

const (
	Conceptual     Depth = "conceptual"
	Implementation Depth = "implementation"
	Applied        Depth = "applied"
	Systems        Depth = "systems"
	FailureModes   Depth = "failure-modes"
)

// Depths returns all depths, from the first question of an interview to the
// last.
func Depths() []Depth {
	return []Depth{Conceptual, Implementation, Applied, Systems, FailureModes}
}

// Steps returns the steps of the course in their order.
func Steps() []string {
	return []string{"reparameterization", "initialization", "counting", "quantization", "merging"}
}

// Kind is the form of an answer.
type Kind string

const (
	CountKind    Kind = "count"    // an exact whole number
	RealKind     Kind = "real"     // a number within a tolerance
	ShapeKind    Kind = "shape"    // shapes of matrices
	FormulaKind  Kind = "formula"  // a scalar in symbols
	EquationKind Kind = "equation" // a matrix in symbols
	ChoiceKind   Kind = "choice"   // one of several options
	OrderKind    Kind = "order"    // all items in order
	RecallKind   Kind = "recall"   // a few sentences
)

// Family is a question with something drawn at random: the same question with
// other numbers under every seed.
type Family struct {
	ID     string // step/name, or recall/name
	Step   string // one of Steps
	Depth  Depth
	Title  string
	Source string // where the facts are from, "" where they are computed

	draws     []draw
	where     []constraint
	lets      []lessons.Item
	prompt    string
	parts     []part
	hints     []string
	why       string
	followUps []FollowUp

	fields lessons.Fields
	bank   *Bank
}

// FollowUp is what an interviewer would ask next.
type FollowUp struct {
	Text   string
	Family string // the question of the bank that asks it, "" if none does
}

// Parts returns how many parts the question has.
func (f *Family) Parts() int { return len(f.parts) }

// Kinds returns the kinds of answers, by part.
func (f *Family) Kinds() []Kind {
	kinds := make([]Kind, len(f.parts))
	for i, p := range f.parts {
		kinds[i] = p.kind
	}
	return kinds
}

// part is one thing that is asked, graded on its own.
type part struct {
	ask  string // "" where the prompt of the family says it all
	kind Kind

	key     string // name of the quantity that is the key
	written string // the key where it is in symbols: a formula, an equation, shapes
	symbols []string
	answer  []string // ids of options or items, where no quantity decides

	unit          string
	within, plus  float64 // relative and absolute tolerance
	digits        int
	rounding      bool
	symbolic      bool
	or, and       []part // answers that do as well, and what is asked besides
	options       []option
	relation      string
	shapes        []algebra.Shaped
	rubric        *words.Rubric
	model         string // a model answer in words
	misconception []misconception

	fields lessons.Fields
}

// option is an option of a choice or an item of an order.
type option struct {
	id, text    string
	note, words string
	fields      lessons.Fields
}

type misconception struct {
	note, answer, words string
	heard               []string // patterns, of a recall
	fields              lessons.Fields
}

// names returns every name that texts of the family may use.
func (f *Family) names() []string {
	var all []string
	for _, d := range f.draws {
		all = append(all, d.name)
	}
	for _, l := range f.lets {
		all = append(all, l.Key)
	}
	return all
}

func (f *Family) knows(name string) bool { return slices.Contains(f.names(), name) }
