package drills

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"loralab/drills/algebra"
	"loralab/drills/options"
	"loralab/drills/verdict"
	"loralab/lora"
)

// Question is a family with its numbers drawn.
type Question struct {
	Family    *Family
	Seed      uint64
	Prompt    string
	Parts     []Part
	Hints     []string // the general one, then the specific one
	Why       string   // the reason, with the numbers of this question
	FollowUps []FollowUp
}

// Part is one thing that is asked.
type Part struct {
	Ask     string // "" where the prompt says it all
	Kind    Kind
	Options []string // of a choice or an order, as they are lettered
	Key     string   // the right answer, to be shown after the learner's own

	answer      string // the right answer, as a grader reads it
	grader      verdict.Grader
	or, and     []Part            // answers that do as well, and what is asked besides
	words       map[string]string // by note, of a recall and an order
	names       []string          // of the matrices whose shapes are asked
	expected    []misconceptionOf // for the check
	placeholder string
}

// misconceptionOf is a wrong answer with the numbers of this question.
type misconceptionOf struct {
	note, answer string
	errorf       func(format string, args ...any) error
}

// Instance draws the numbers of the family under a seed and computes the keys.
// The same seed gives the same question. The error is a mistake in the content.
func (f *Family) Instance(seed uint64) (*Question, error) {
	rng := lora.Stream(seed, "drills "+f.ID)
	v, err := f.drawn(rng)
	if err != nil {
		return nil, f.fields.Errorf("where", "%w", err)
	}
	for _, it := range f.lets {
		x, err := f.let(it.Text, v)
		if err != nil {
			return nil, it.Errorf("%s: %w", it.Key, err)
		}
		v[it.Key] = x
	}
	q := &Question{Family: f, Seed: seed, Prompt: v.fill(f.prompt), Why: v.fill(f.why)}
	for _, h := range f.hints {
		q.Hints = append(q.Hints, v.fill(h))
	}
	for _, u := range f.followUps {
		q.FollowUps = append(q.FollowUps, FollowUp{v.fill(u.Text), u.Family})
	}
	for i := range f.parts {
		p, err := f.instance(&f.parts[i], v, seed, rng)
		if err != nil {
			return nil, err
		}
		q.Parts = append(q.Parts, p)
	}
	return q, nil
}

// let computes a name: "= quantity", or an expression.
func (f *Family) let(text string, v values) (value, error) {
	name, ok := strings.CutPrefix(text, "=")
	if !ok {
		return v.evaluate(text)
	}
	t, err := f.bank.computer.compute(strings.TrimSpace(name), v)
	if err != nil {
		return value{}, err
	}
	return t.value()
}

// instance builds the grader of a part.
func (f *Family) instance(p *part, v values, seed uint64, rng *rand.Rand) (Part, error) {
	q := Part{Ask: v.fill(p.ask), Kind: p.kind}
	var t truth
	if p.key != "" {
		var err error
		if t, err = f.bank.computer.compute(p.key, v); err != nil {
			return q, p.fields.Errorf("key", "%w", err)
		}
	}
	if err := p.build(&q, t, v, seed, rng); err != nil {
		return q, err
	}
	for i := range p.or {
		other, err := f.instance(&p.or[i], v, seed, rng)
		if err != nil {
			return q, err
		}
		q.or = append(q.or, other)
	}
	for i := range p.and {
		other, err := f.instance(&p.and[i], v, seed, rng)
		if err != nil {
			return q, err
		}
		q.and = append(q.and, other)
		q.answer, q.Key = q.answer+"; "+other.answer, q.Key+"; "+other.Key
		q.expected = append(q.expected, other.expected...)
	}
	for _, m := range p.misconception {
		if p.kind == OrderKind { // buildOptions has lettered them
			break
		}
		q.expected = append(q.expected, misconceptionOf{m.note, p.misconceived(m, v), func(format string, args ...any) error {
			return m.fields.Errorf("note", format, args...)
		}})
	}
	return q, nil
}

// misconceived is the wrong answer as a learner would write it.
func (p *part) misconceived(m misconception, v values) string {
	if p.kind == CountKind || p.kind == RealKind {
		return v.insert(v.raw(m.answer))
	}
	return v.raw(m.answer)
}

// build makes the grader of a part from the truth that was computed.
func (p *part) build(q *Part, t truth, v values, seed uint64, rng *rand.Rand) error {
	wrongs := make([]verdict.Misconception, len(p.misconception))
	for i, m := range p.misconception {
		wrongs[i] = verdict.Misconception{Note: m.note, Answer: p.misconceived(m, v), Words: v.fill(m.words)}
	}
	broken := func(key, format string, args ...any) error { return p.fields.Errorf(key, format, args...) }
	switch p.kind {
	case CountKind:
		if t.count == nil {
			return broken("key", "%s is no count", p.key)
		}
		q.grader = algebra.Count{Truth: t.count, Unit: p.unit, Rounding: p.rounding, Digits: p.digits, Misconceptions: wrongs}
		q.answer = t.count.String()
		q.Key = withUnit(countValue(t.count).shown(), p.unit)
		q.placeholder = "a whole number, or the product that gives it"
	case RealKind:
		x := t.real
		if t.count != nil {
			f := countValue(t.count).number
			x = &f
		}
		if x == nil {
			return broken("key", "%s is no number", p.key)
		}
		q.grader = algebra.Real{Truth: *x, Unit: p.unit, Rel: p.within, Abs: p.plus, Digits: p.digits, Misconceptions: wrongs}
		q.answer = fmt.Sprint(*x)
		q.Key = withUnit(numberValue(*x).shown(), p.unit)
		q.placeholder = "a number, or an expression of numbers"
	case ShapeKind:
		if err := p.checkShapes(t, v); err != nil {
			return err
		}
		q.grader = algebra.Shape{Key: p.shapes, Symbols: algebra.Symbols(p.symbols...), Live: v.live(p.symbols), Seed: seed, Misconceptions: wrongs}
		var all []string
		for _, s := range p.shapes {
			q.names = append(q.names, s.Name)
			all = append(all, s.Name+": "+s.Dims)
		}
		q.answer = strings.Join(all, ", ")
		q.Key = q.answer
		q.placeholder = "rows × columns, as in " + q.names[0] + ": …×…"
	case FormulaKind:
		if err := p.checkFormula(p.written, "formula", t, v); err != nil {
			return err
		}
		q.grader = algebra.Formula{Key: p.written, Symbols: algebra.Symbols(p.symbols...), Seed: seed, Live: v.live(p.symbols), Misconceptions: wrongs}
		q.answer, q.Key = p.written, p.written
		q.placeholder = "a formula in " + strings.Join(p.symbols, ", ")
	case EquationKind:
		if t.system == nil {
			return broken("key", "%s is no layer", p.key)
		}
		q.grader = algebra.Equation{Key: p.written, Layer: t.system.layer, Truth: t.system.result, Seed: seed, Symbolic: p.symbolic, Misconceptions: wrongs}
		q.answer, q.Key = p.written, p.written
		q.placeholder = "an equation, as you would write it on paper or in PyTorch"
	case ChoiceKind, OrderKind:
		return p.buildOptions(q, t, v, rng)
	case RecallKind:
		rubric := *p.rubric
		rubric.Misconceptions = slices.Clone(rubric.Misconceptions)
		q.words = map[string]string{}
		for i, m := range p.misconception {
			rubric.Misconceptions[i].Words = v.fill(m.words)
			q.words[m.note] = v.fill(m.words)
		}
		var err error
		if q.grader, err = rubric.Compile(); err != nil {
			return broken("points", "%w", err)
		}
		q.answer, q.Key = v.fill(p.model), v.fill(p.model)
		q.placeholder = "a sentence or a few"
	}
	return nil
}

// Placeholder says in a few words what form of answer is read.
func (p Part) Placeholder() string { return p.placeholder }

func withUnit(text, unit string) string {
	switch {
	case unit == "":
		return text
	case unit == "%":
		return text + " %"
	}
	return text + " " + unit
}

// live returns the values of the symbols that the question has drawn.
func (v values) live(symbols []string) map[string]float64 {
	live := map[string]float64{}
	for _, s := range symbols {
		if x, ok := v[s]; ok && !x.word {
			live[s] = x.number
		} else if x, ok := v["alpha"]; s == "α" && ok {
			live[s] = x.number
		}
	}
	return live
}

// checkFormula compares a formula of the bank, at the numbers drawn, with what
// the laboratory computes from things that it has built.
func (p *part) checkFormula(formula, key string, t truth, v values) error {
	want, err := t.value()
	if err != nil {
		return p.fields.Errorf(key, "%w", err)
	}
	have, err := v.evaluate(strings.ReplaceAll(formula, "α", "alpha"))
	if err != nil {
		return p.fields.Errorf(key, "%w", err)
	}
	if gap := have.number - want.number; gap > 1e-9*want.number || gap < -1e-9*want.number {
		return p.fields.Errorf(key, "%s gives %s, and the laboratory computes %s", v.insert(formula), have.text, want.text)
	}
	return nil
}

// checkShapes compares the shapes in symbols with those of what was built.
func (p *part) checkShapes(t truth, v values) error {
	for _, s := range p.shapes {
		want, ok := t.shapes[s.Name]
		if !ok {
			return p.fields.Errorf("shapes", "%s has no shape of %s", p.key, s.Name)
		}
		rows, cols, _ := strings.Cut(s.Dims, "×")
		for i, side := range []string{rows, cols} {
			have, err := v.evaluate(side)
			if err != nil {
				return p.fields.Errorf("shapes", "%s: %w", s.Name, err)
			}
			if have.number != float64(want[i]) {
				return p.fields.Errorf("shapes", "%s is %s here, and %d×%d was built", s.Name, v.insert(s.Dims), want[0], want[1])
			}
		}
	}
	return nil
}

// buildOptions shuffles options and finds the right one, or the right order.
func (p *part) buildOptions(q *Part, t truth, v values, rng *rand.Rand) error {
	shuffled := rng.Perm(len(p.options))
	place := map[string]int{} // of an id among the shuffled options
	for i, from := range shuffled {
		o := p.options[from]
		place[o.id] = i
		q.Options = append(q.Options, v.fill(o.text))
	}
	right := p.answer
	if p.key != "" {
		right = t.order
		if t.option != "" {
			right = []string{t.option}
		}
	}
	for _, id := range right {
		if _, ok := place[id]; !ok {
			return p.fields.Errorf("options", "%q is the right one and none of the options", id)
		}
	}
	if p.kind == ChoiceKind {
		if len(right) != 1 {
			return p.fields.Errorf("key", "%s picks no option", p.key)
		}
		g := options.Choice{Options: q.Options, Key: place[right[0]], Notes: map[int]string{}, Words: map[int]string{}}
		for i, from := range shuffled {
			o := p.options[from]
			g.Notes[i], g.Words[i] = o.note, v.fill(o.words)
			if i != g.Key {
				if o.note == "" || o.words == "" {
					return o.fields.Errorf("id", "option %q is wrong at times and needs a note and words", o.id)
				}
				q.expected = append(q.expected, misconceptionOf{o.note, options.Letter(i), func(format string, args ...any) error {
					return o.fields.Errorf("id", format, args...)
				}})
			}
		}
		q.grader, q.answer = g, options.Letter(g.Key)
		q.Key = options.Letter(g.Key) + ") " + q.Options[g.Key]
		q.placeholder = "a letter"
		return nil
	}
	if len(right) != len(p.options) {
		return p.fields.Errorf("key", "the order has %d of %d items", len(right), len(p.options))
	}
	g := options.Order{Items: q.Options, Relation: p.relation}
	for _, id := range right {
		g.Key = append(g.Key, place[id])
	}
	q.answer = letterOrder(right, place)
	q.Key = g.Write(g.Key)
	q.placeholder = "all letters in order, such as " + exampleOrder(len(q.Options))
	q.words = map[string]string{}
	for _, m := range p.misconception {
		ids := strings.Fields(m.answer)
		if len(ids) != len(p.options) {
			return m.fields.Errorf("answer", "want all %d ids in order", len(p.options))
		}
		for _, id := range ids {
			if _, ok := place[id]; !ok {
				return m.fields.Errorf("answer", "%q is the id of no item", id)
			}
		}
		order := letterOrder(ids, place)
		g.Misconceptions = append(g.Misconceptions, verdict.Misconception{Note: m.note, Answer: order, Words: v.fill(m.words)})
		q.words[m.note] = v.fill(m.words)
		q.expected = append(q.expected, misconceptionOf{m.note, order, func(format string, args ...any) error {
			return m.fields.Errorf("note", format, args...)
		}})
	}
	q.grader = g
	return nil
}

func letterOrder(ids []string, place map[string]int) string {
	letters := make([]string, len(ids))
	for i, id := range ids {
		letters[i] = options.Letter(place[id])
	}
	return strings.Join(letters, " ")
}

func exampleOrder(n int) string {
	letters := make([]string, n)
	for i := range letters {
		letters[i] = options.Letter(n - 1 - i)
	}
	return strings.Join(letters, " ")
}

// Text returns the whole question as it is printed: the prompt, then the parts
// numbered and their options lettered.
func (q *Question) Text() string {
	var b strings.Builder
	b.WriteString(q.Prompt)
	for i, p := range q.Parts {
		if len(q.Parts) > 1 {
			fmt.Fprintf(&b, "\n\n%d. %s", i+1, p.Ask)
		}
		for j, o := range p.Options {
			fmt.Fprintf(&b, "\n   %s) %s", options.Letter(j), o)
		}
	}
	return b.String()
}
