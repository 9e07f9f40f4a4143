package lessons

import (
	"fmt"
	"slices"

	"loralab/lessons/lab"
)

// Goal is something to be reached by turning the knobs of a page. The run of the
// page decides.
type Goal struct {
	ID    string // its own within the lesson; the journal knows it by this
	Text  string // one plain sentence
	Brief string // the same in a few words, for one line over a figure
	When  []Condition
	Hint  string       // one sentence
	Solve lab.Settings // reach it; shown to nobody

	line int // in the lesson's file
}

func (Goal) block() {}

// Reached reports whether a record meets every condition.
func (g Goal) Reached(r *lab.Record) bool {
	return !slices.ContainsFunc(g.When, func(c Condition) bool { return !c.Met(r) })
}

// Goal returns what there is to reach on the page, nil if there is nothing.
func (p Page) Goal() *Goal {
	for _, b := range p.Blocks {
		if g, ok := b.(Goal); ok {
			return &g
		}
	}
	return nil
}

// Condition is what a finding or a setting has to be.
type Condition struct {
	Spec *lab.Spec // of a finding; else nil
	Knob lab.Knob  // where Spec is nil
	Op   Op

	Bound float64 // of a number, as a record keeps it: 0.95 for 95 %
	Word  string  // of a text, a choice or a set
	shown string  // bound or word, as it is read
}

// Op compares.
type Op string

// The comparisons, as they are written.
const (
	AtLeast Op = ">="
	AtMost  Op = "<="
	Above   Op = ">"
	Below   Op = "<"
	Is      Op = "="
	IsNot   Op = "!="
)

// sign is the operator as a sentence writes it.
func (o Op) sign() string {
	switch o {
	case AtLeast:
		return "≥"
	case AtMost:
		return "≤"
	case IsNot:
		return "≠"
	}
	return string(o)
}

func (o Op) compare(x, bound float64) bool {
	switch o {
	case AtLeast:
		return x >= bound
	case AtMost:
		return x <= bound
	case Above:
		return x > bound
	case Below:
		return x < bound
	case IsNot:
		return x != bound
	}
	return x == bound
}

// ordered reports whether the operator needs what can be more or less.
func (o Op) ordered() bool { return o != Is && o != IsNot }

// words reports whether the condition is about a word rather than a number.
func (c Condition) words() bool {
	if c.Spec != nil {
		return c.Spec.Kind == lab.KindText
	}
	return c.Knob.Kind == lab.Choice || c.Knob.Kind == lab.Set
}

// Met reports whether the record meets the condition. What it did not find meets
// none.
func (c Condition) Met(r *lab.Record) bool {
	word, x := "", 0.0
	switch {
	case c.Spec != nil:
		f, ok := r.Find(c.Spec.Name)
		if !ok {
			return false
		}
		word, x = f.Bare(), f.Real()
	case c.words():
		word = r.Settings.Text(c.Knob.Name)
	default:
		x = r.Settings.Real(c.Knob.Name)
	}
	if c.words() {
		return (word == c.Word) == (c.Op == Is)
	}
	return c.Op.compare(x, c.Bound)
}

// Value is what the record has, as it is shown.
func (c Condition) Value(r *lab.Record) string {
	if c.Spec == nil {
		return r.Settings.Shown(c.Knob.Name)
	}
	if f, ok := r.Find(c.Spec.Name); ok {
		return f.Text()
	}
	return "not found"
}

// String says what is asked: "accuracy after LoRA ≥ 95 %".
func (c Condition) String() string {
	name := c.Knob.Name
	if c.Spec != nil {
		name = c.Spec.Label
	}
	return fmt.Sprintf("%s %s %s", name, c.Op.sign(), c.shown)
}

// Goals counts the goals of the course, and those of them that were reached.
func (c Course) Goals(book *Notebook) (reached, all int) {
	for _, l := range c {
		for _, p := range l.Pages {
			g := p.Goal()
			if g == nil {
				continue
			}
			all++
			if _, ok := book.Goal(l.ID, g.ID); ok {
				reached++
			}
		}
	}
	return reached, all
}
