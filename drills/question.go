package drills

import (
	"fmt"
	"strings"

	"loralab/drills/options"
	"loralab/drills/verdict"
	"loralab/lessons/lab"
	"loralab/lessons/source"
	"loralab/lora"
)

// Question is a family with its numbers drawn.
type Question struct {
	Family    *Family
	Seed      uint64
	Prompt    string
	Parts     []Part
	Hints     []string // the general one, then the specific one
	Why       string   // the reason, with the numbers of this question; "" until its run is over
	FollowUps []FollowUp
	Run       *Run // that decides it, nil where the keys are computed at once
}

// Part is one thing that is asked.
type Part struct {
	Ask     string // "" where the prompt says it all
	Kind    Kind
	Options []string // of a choice or an order, as they are lettered
	Key     string   // the right answer, to be shown after the learner's own; "" until the run is over

	part     *part
	answer   string // the right answer, as a grader reads it
	grader   verdict.Grader
	or, and  []Part // answers that do as well, and what is asked besides
	expected []expected
}

// expected is a wrong answer of this question that the bank has a note for.
type expected struct {
	note, answer string
	fields       source.Fields // where the bank says so,
	key          string        // and at which key
}

// Placeholder says in a few words what form of answer is read.
func (p *Part) Placeholder() string { return p.part.form.placeholder() }

// Sentences reports whether a few sentences are asked, rather than a line.
func (p *Part) Sentences() bool { return p.part.form.sentences() }

// Instance draws the numbers of the family under a seed and computes the keys.
// The same seed gives the same question. The keys of a question that a run decides
// are computed by [Question.Settle]; until then answers can be read, not judged.
// The error is a mistake in the content.
func (f *Family) Instance(seed uint64) (*Question, error) { return f.question(seed, nil) }

// question makes the question of a seed, with what its run found, nil where it is
// not over.
func (f *Family) question(seed uint64, record *lab.Record) (*Question, error) {
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
	d := drawing{values: v, seed: seed, rng: rng}
	q := &Question{Family: f, Seed: seed, Prompt: v.fill(f.prompt)}
	if f.experiment != nil {
		s, err := f.experiment.settings(v)
		if err != nil {
			return nil, err
		}
		q.Run = &Run{f.experiment.of, s, f.experiment.figure, record}
		d.found = &found{record: record}
	}
	if q.over() {
		q.Why = d.fill(f.why)
	}
	for _, h := range f.hints {
		q.Hints = append(q.Hints, v.fill(h))
	}
	for _, u := range f.followUps {
		q.FollowUps = append(q.FollowUps, FollowUp{v.fill(u.Text), u.Family})
	}
	for i := range f.parts {
		p, err := f.instance(&f.parts[i], d)
		if err != nil {
			return nil, err
		}
		q.Parts = append(q.Parts, p)
	}
	if d.found != nil && d.found.missing != nil {
		return nil, f.fields.Errorf("run", "%w", d.found.missing)
	}
	return q, nil
}

// over reports whether no run is to be waited for.
func (q *Question) over() bool { return q.Run == nil || q.Run.record != nil }

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

// instance builds a part. Where its run is not over it has no key, and a grader
// that reads answers.
func (f *Family) instance(p *part, d drawing) (Part, error) {
	q := Part{Ask: d.fill(p.ask), Kind: p.kind, part: p}
	unjudged := d.found != nil && d.found.record == nil
	asWritten := p
	d.truth = truth{}
	switch {
	case p.key != "":
		var err error
		if d.truth, err = f.bank.computer.compute(p.key, d.values); err != nil {
			return q, p.fields.Errorf("key", "%w", err)
		}
	case p.awaits() && unjudged:
		d.truth = p.unknownTruth()
	case p.awaits():
		var err error
		if d.truth, err = p.read(d.values, d.found.record); err != nil {
			return q, p.fields.Errorf("kind", "%w", err)
		}
	}
	if unjudged { // misconceptions may be findings
		plain := *p
		plain.misconceptions = nil
		asWritten = &plain
	}
	if err := asWritten.form.build(asWritten, d, &q); err != nil {
		return q, err
	}
	q.grader = withoutDisplay{q.grader}
	for i := range p.or {
		other, err := f.instance(&p.or[i], d)
		if err != nil {
			return q, err
		}
		q.or = append(q.or, other)
	}
	for i := range p.and {
		other, err := f.instance(&p.and[i], d)
		if err != nil {
			return q, err
		}
		q.and = append(q.and, other)
		q.answer, q.Key = q.answer+"; "+other.answer, q.Key+"; "+other.Key
		q.expected = append(q.expected, other.expected...)
	}
	if unjudged {
		q.Key, q.answer, q.expected = "", "", nil
	}
	return q, nil
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
