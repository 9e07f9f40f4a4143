package algebra

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
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
}

// Point is one thing to be said.
type Point struct {
	ID     string   `yaml:"id"`
	Words  string   `yaml:"words"`  // the point in a few words, shown to the learner
	Hit    []string `yaml:"hit"`    // patterns, any of which makes the point
	Miss   []string `yaml:"miss"`   // patterns, any of which contradicts it
	Weight float64  `yaml:"weight"` // in the score; 0 is 1
}

// PointState is what became of one point of a rubric.
type PointState uint8

const (
	Missed       PointState = iota
	Contradicted            // the answer says the opposite
	Hit
)

var stateNames = [...]string{"missed", "contradicted", "hit"}

func (s PointState) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("PointState(%d)", uint8(s))
}

// MarshalText writes the state as its name.
func (s PointState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// PointResult is one point of a rubric, found or not.
type PointResult struct {
	ID    string     `json:"id"`
	Words string     `json:"words"` // the point, in the words of the rubric
	State PointState `json:"state"`
	Heard []string   `json:"heard,omitempty"` // the words of the answer that decided
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

// compiled is a rubric ready to listen.
type compiled struct {
	ear  *ear
	hit  [][]*pattern
	miss [][]*pattern
}

// Check reads all patterns and reports every one that is no pattern.
func (q Rubric) Check() error {
	_, err := q.compile()
	return err
}

func (q Rubric) compile() (*compiled, error) {
	c := &compiled{ear: &ear{synonyms: map[string]string{}, subjects: map[string][]string{}}}
	for _, list := range commonSynonyms {
		for _, word := range list[1:] {
			c.ear.synonyms[stem(word)] = list[0]
		}
	}
	for _, word := range slices.Sorted(maps.Keys(q.Synonyms)) {
		to := c.ear.normal(strings.ToLower(word))
		for _, other := range q.Synonyms[word] {
			c.ear.synonyms[stem(strings.ToLower(other))] = to
		}
	}
	for _, subjects := range []map[string][]string{commonSubjects, q.Subjects} {
		for name, words := range subjects {
			c.ear.subjects[name] = []string{name}
			for _, word := range words {
				c.ear.subjects[strings.ToLower(word)] = []string{name}
				c.ear.subjects[strings.ToLower(word)+"s"] = []string{name}
			}
			if len([]rune(name)) > 2 {
				c.ear.subjects[name+"s"] = []string{name}
			}
		}
	}
	var problems []error
	if len(q.Points) == 0 {
		problems = append(problems, errors.New("it has no points"))
	}
	read := func(id string, sources []string) []*pattern {
		var all []*pattern
		for _, source := range sources {
			p, err := parsePattern(source, c.ear)
			if err != nil {
				problems = append(problems, fmt.Errorf("point %s: %w", id, err))
				continue
			}
			all = append(all, p)
		}
		return all
	}
	for _, p := range q.Points {
		if len(p.Hit) == 0 {
			problems = append(problems, fmt.Errorf("point %s has no hit pattern", p.ID))
		}
		c.hit = append(c.hit, read(p.ID, p.Hit))
		c.miss = append(c.miss, read(p.ID, p.Miss))
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("algebra: rubric: %w", errors.Join(problems...))
	}
	return c, nil
}

// Grade looks for every point. All hit (or Need of them, and none
// contradicted) is Right, some is Partial.
func (q Rubric) Grade(answer string) (Verdict, error) {
	c, err := q.compile()
	if err != nil {
		return Verdict{}, err
	}
	if err := tooLong(answer); err != nil {
		return refuse(err), nil
	}
	if !strings.ContainsFunc(answer, unicode.IsLetter) {
		return refuse(unreadable("no-words", -1, "a sentence is asked")), nil
	}
	heard := c.ear.sentences(answer)
	v := Verdict{Echo: strings.Join(strings.Fields(answer), " ")}
	hits, contradicted := 0, 0
	score, total := 0.0, 0.0
	for i, p := range q.Points {
		result := PointResult{ID: p.ID, Words: p.Words}
		if words, ok := c.listen(c.miss[i], heard, answer); ok {
			result.State, result.Heard = Contradicted, words
		} else if words, ok := c.listen(c.hit[i], heard, answer); ok {
			result.State, result.Heard = Hit, words
		}
		weight := p.Weight
		if weight <= 0 {
			weight = 1
		}
		total += weight
		switch result.State {
		case Hit:
			hits++
			score += weight
			v.Feedback = append(v.Feedback, "said: "+p.Words+" ("+quoteAll(result.Heard)+")")
		case Contradicted:
			contradicted++
			v.Note = first(v.Note, "contradicted-"+p.ID)
			v.Feedback = append(v.Feedback, "the other way round: "+p.Words+" (you wrote "+quoteAll(result.Heard)+")")
		default:
			v.Feedback = append(v.Feedback, "missed: "+p.Words)
		}
		v.Points = append(v.Points, result)
	}
	need := q.Need
	if need <= 0 || need > len(q.Points) {
		need = len(q.Points)
	}
	switch {
	case hits >= need && contradicted == 0:
		v.Status, v.Score, v.Note = Right, 1, "right"
	case hits > 0:
		v.Status, v.Score = Partial, score/total
	default:
		v.Status = Wrong
	}
	for _, r := range v.Points {
		if r.State == Missed && v.Status != Right {
			v.Note = first(v.Note, "missed-"+r.ID)
		}
	}
	return v, nil
}

func quoteAll(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = "“" + w + "”"
	}
	return strings.Join(all, ", ")
}

// listen returns the words of the answer at which the first pattern that
// matches does so.
func (c *compiled) listen(patterns []*pattern, heard []sentence, answer string) ([]string, bool) {
	for _, p := range patterns {
		for _, s := range heard {
			spans, ok := p.match(s)
			if !ok {
				continue
			}
			var words []string
			for _, sp := range spans {
				cl := s[sp.clause].words
				from, to := cl[sp.first].at, cl[sp.last].end
				if text := strings.TrimSpace(answer[from:max(from, to)]); text != "" && !slices.Contains(words, text) {
					words = append(words, text)
				}
			}
			return words, true
		}
	}
	return nil, false
}
