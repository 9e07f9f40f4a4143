package words

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Rubric asks for a few sentences and looks for points in them.
//
// A point is hit by any of its Hit patterns, and contradicted by any of its
// Miss patterns, whatever else is said. Patterns are tried on one sentence at a
// time. A sentence is cut into clauses at commas, at "and", "so",
// "because", "but" and their like, so that in "A is random and B zero" each
// matrix keeps what is said of it.
//
//	word           the word in any form (init = is another word; see init*)
//	init*          any word that begins so
//	"at the start" neighbouring words
//	a | b          either; with parentheses (a | b)
//	not word       the word, negated: not, never, no, without, isn't, zero latency
//	~word          the word, negated or not
//	-word          the word does not occur in the clause
//	S: word        the word is said of subject S: B: zero
//	a & b          both in one clause, in any order
//	a > b          both in one clause, in this order
//	p + q          both in one sentence
//	e <- c         clause e is said to follow from clause c
//	if p           p may also be a mere supposition (if, would, otherwise)
//
// They bind as they are listed, | tightest: "B: zero|null & start + BA: zero".
// Without "if" a pattern holds only for what is stated: "if B were
// random" says nothing of B.
//
// Subjects are A, B, W, BA (also ΔW, the update, the product), model, gradient
// and merged (W′); "both" is A and B. A rubric may add subjects and synonyms.
// 0, zeros and null are zero; Gaussian, Kaiming and normally distributed are
// random; step 0 is start, N(0, σ²) is random, ≠ 0 is nonzero.
type Rubric struct {
	Points   []Point             `yaml:"points"`
	Synonyms map[string][]string `yaml:"synonyms"` // word: further words that mean it here
	Subjects map[string][]string `yaml:"subjects"` // subject: words for it

	// Need is how many points make an answer Right; 0 is all of them.
	Need int `yaml:"need"`

	Misconceptions []Misconception `yaml:"misconceptions"`
}

// Point is one thing to be said.
type Point struct {
	ID     string   `yaml:"id"`
	Words  string   `yaml:"words"`  // the point in a few words, shown to the learner
	Hit    []string `yaml:"hit"`    // patterns, any of which makes the point
	Miss   []string `yaml:"miss"`   // patterns, any of which contradicts it
	Weight float64  `yaml:"weight"` // in the score; 0 is 1
	Must   bool     `yaml:"must"`   // an answer without it is not Right, one that contradicts it is Wrong
}

// Misconception is something wrong that people say. It makes an answer wrong,
// whatever else is said.
type Misconception struct {
	Note  string   `yaml:"note"`
	Words string   `yaml:"words"` // what answers it
	Hit   []string `yaml:"hit"`   // patterns, any of which is a sign of it
}

// commonSynonyms stand for the first word of each list.
var commonSynonyms = [][]string{
	{"zero", "zeros", "zeroed", "null", "nil", "0s"},
	{"random", "gaussian", "gaussians", "noise", "kaiming", "xavier", "he-normal", "randn", "randomness"},
	{"gradient", "grad", "grads"},
	{"nonzero"},
}

// commonSubjects are the subjects of every rubric with the words for them.
var commonSubjects = map[string][]string{
	"A": {}, "B": {}, "W": {}, "BA": {"ba", "ab", "update", "product", "delta", "correction"},
	"model": {"network"}, "gradient": {"grad", "grads"}, "merged": {},
}

// Compile reads all patterns. The error reports every one that is no pattern.
func (r Rubric) Compile() (*Matcher, error) {
	m := &Matcher{rubric: r, tokenizer: r.tokenizer()}
	var problems []error
	if len(r.Points) == 0 {
		problems = append(problems, errors.New("it has no points"))
	}
	read := func(what string, sources []string) []*pattern {
		var all []*pattern
		for _, source := range sources {
			p, err := parsePattern(source, m.tokenizer)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", what, err))
				continue
			}
			all = append(all, p)
		}
		return all
	}
	for _, p := range r.Points {
		if len(p.Hit) == 0 {
			problems = append(problems, fmt.Errorf("point %s has no hit pattern", p.ID))
		}
		m.hit = append(m.hit, read("point "+p.ID, p.Hit))
		m.miss = append(m.miss, read("point "+p.ID, p.Miss))
	}
	for _, c := range r.Misconceptions {
		if len(c.Hit) == 0 {
			problems = append(problems, fmt.Errorf("misconception %s has no hit pattern", c.Note))
		}
		m.misconceptions = append(m.misconceptions, read("misconception "+c.Note, c.Hit))
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("words: rubric: %w", errors.Join(problems...))
	}
	return m, nil
}

// tokenizer knows the synonyms and the subjects of the rubric and those of all.
func (r Rubric) tokenizer() *tokenizer {
	t := &tokenizer{synonyms: map[string]string{}, subjects: map[string][]string{}}
	for _, list := range commonSynonyms {
		for _, word := range list[1:] {
			t.synonyms[stem(word)] = list[0]
		}
	}
	for _, word := range slices.Sorted(maps.Keys(r.Synonyms)) {
		to := t.normal(strings.ToLower(word))
		for _, other := range r.Synonyms[word] {
			t.synonyms[stem(strings.ToLower(other))] = to
		}
	}
	for _, subjects := range []map[string][]string{commonSubjects, r.Subjects} {
		for name, words := range subjects {
			t.subjects[name] = []string{name}
			for _, word := range words {
				t.subjects[strings.ToLower(word)] = []string{name}
				t.subjects[strings.ToLower(word)+"s"] = []string{name}
			}
			if len([]rune(name)) > 2 {
				t.subjects[name+"s"] = []string{name}
			}
		}
	}
	return t
}

// need is how many points make an answer Right.
func (r Rubric) need() int {
	if r.Need <= 0 || r.Need > len(r.Points) {
		return len(r.Points)
	}
	return r.Need
}

// weight of a point in the score.
func (p Point) weight() float64 {
	return cmp.Or(max(p.Weight, 0), 1)
}
