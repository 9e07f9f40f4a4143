package algebra

import (
	"fmt"
	"slices"
	"strings"
)

// Shape asks for the shapes of one or several matrices.
type Shape struct {
	Key     []Shaped           // in the order asked
	Symbols []Symbol           // that dimensions may be written in
	Live    map[string]float64 // their values here; without them only symbols are right
	Seed    uint64             // of the points at which dimensions are compared

	Misconceptions []Misconception
}

// Shaped is a name with its dimensions, each a formula: {"A", "r×k"}.
type Shaped struct {
	Name string `yaml:"name"`
	Dims string `yaml:"dims"`
}

// ShapeAnswer is the shapes as a learner wrote them.
type ShapeAnswer struct {
	Names []string // as written, canonical; "" where none was
	Dims  [][]string
	Echo  string

	trees [][]*expr
}

// ParseShape reads shapes: A: r×k, B: d×r · 8x4096 · A is (8, 4096) ·
// A ∈ R^{r×k}, for matrices of the given names. The error is a *ReadError.
func ParseShape(text string, symbols []Symbol, names ...string) (ShapeAnswer, error) {
	answer, err := readShape(text, newVocabulary(symbols), newVocabulary(Symbols(names...)))
	if err != nil {
		return ShapeAnswer{}, err
	}
	return answer, nil
}

// Grade compares dimension by dimension, as formulas or by their values here.
// Of several shapes some right is Partial.
func (q Shape) Grade(answer string) (Verdict, error) {
	words := newVocabulary(q.Symbols)
	var asked []Symbol
	for _, k := range q.Key {
		asked = append(asked, Symbol{Name: k.Name})
	}
	matrices := newVocabulary(asked)
	if len(q.Key) == 0 {
		return Verdict{}, broken("shape", "no key")
	}
	keys := make([][]*expr, len(q.Key))
	for i, k := range q.Key {
		dims, err := readDimensions(k.Dims, words)
		if err != nil {
			return Verdict{}, broken("shape", "key "+k.Dims+": "+err.Text)
		}
		keys[i] = dims
	}
	got, err := readShape(answer, words, matrices)
	if err != nil {
		return refuse(err), nil
	}
	given, err := q.assign(got)
	if err != nil {
		v := refuse(err)
		v.Echo = got.Echo
		return v, nil
	}
	same := q.comparer()
	right := 0
	var feedback []string
	note := ""
	for i, k := range q.Key {
		switch dims := given[i]; {
		case dims == nil:
			feedback = append(feedback, k.Name+" is missing: it is "+q.shows(keys[i]))
			note = first(note, "missing")
		case same(dims, keys[i]):
			right++
		default:
			why, id := "", "shape"
			reversed := slices.Clone(keys[i])
			slices.Reverse(reversed)
			switch {
			case same(dims, reversed):
				id, why = "transposed", "; rows come first, and "+k.Name+" has "+keys[i][0].String()+" of them"
			case slices.ContainsFunc(keys, func(other []*expr) bool { return same(dims, other) }):
				id, why = "swapped", "; that is the shape of another one"
			}
			feedback = append(feedback, fmt.Sprintf("%s: yours %s, it is %s%s", k.Name, joinDims(dims), q.shows(keys[i]), why))
			note = first(note, id)
		}
	}
	if right == len(q.Key) {
		for i, k := range q.Key {
			feedback = append(feedback, k.Name+" is "+q.shows(keys[i]))
		}
		return accept("right", got.Echo, feedback...), nil
	}
	for _, m := range q.Misconceptions {
		wrong, err := readShape(m.Answer, words, matrices)
		if err != nil {
			return Verdict{}, broken("shape", "misconception "+m.Note+": "+err.Text)
		}
		matches, err := q.assign(wrong)
		if err != nil {
			return Verdict{}, broken("shape", "misconception "+m.Note+": "+err.Text)
		}
		if slices.EqualFunc(matches, given, func(a, b []*expr) bool { return (a == nil) == (b == nil) && (a == nil || same(a, b)) }) {
			note, feedback = m.Note, append(feedback, m.Words)
			break
		}
	}
	v := reject(note, got.Echo, feedback...)
	if right > 0 {
		v.Status, v.Score = Partial, float64(right)/float64(len(q.Key))
	}
	return v, nil
}

func first(note, other string) string {
	if note != "" {
		return note
	}
	return other
}

// assign puts the shapes of an answer in the order of the key: by name, or
// in the order asked where none has a name.
func (q Shape) assign(got ShapeAnswer) ([][]*expr, *ReadError) {
	given := make([][]*expr, len(q.Key))
	unnamed := 0
	for i, name := range got.Names {
		if name == "" {
			unnamed++
			if i >= len(q.Key) {
				return nil, unreadable("too-many", -1, "%s asked, %d written", plural(len(q.Key), "shape"), len(got.Names))
			}
			given[i] = got.trees[i]
		}
	}
	if unnamed == len(got.Names) {
		if len(q.Key) > 1 && unnamed < len(q.Key) {
			return nil, unreadable("names", -1, "say whose shape it is, as in %s: %s", q.Key[0].Name, got.Dims[0][0]+"×…")
		}
		return given, nil
	}
	if unnamed > 0 {
		return nil, unreadable("names", -1, "give every shape its name, as in %s: …", q.Key[0].Name)
	}
	for i, name := range got.Names {
		at := slices.IndexFunc(q.Key, func(k Shaped) bool { return canonical(k.Name) == name })
		if at < 0 {
			continue // another matrix, not asked for
		}
		given[at] = got.trees[i]
	}
	return given, nil
}

// comparer returns a comparison of dimensions: equal as formulas, or equal in
// value here. A number never equals a formula but by its value here.
func (q Shape) comparer() func(a, b []*expr) bool {
	points := drawPoints(q.Seed, q.Symbols)
	here, err := Formula{Live: q.Live}.live()
	return func(a, b []*expr) bool {
		return slices.EqualFunc(a, b, func(x, y *expr) bool {
			if agree(x, y, points) {
				return true
			}
			return err == nil && here != nil && agree(x, y, []point{here})
		})
	}
}

// shows writes dimensions, with their values here.
func (q Shape) shows(dims []*expr) string {
	text := joinDims(dims)
	here, err := Formula{Live: q.Live}.live()
	if err != nil || here == nil {
		return text
	}
	values := make([]string, len(dims))
	for i, d := range dims {
		v, err := evaluate(d, here)
		if err != nil {
			return text
		}
		values[i] = v.String()
	}
	if numbers := strings.Join(values, "×"); numbers != text {
		return text + ", here " + numbers
	}
	return text
}

func joinDims(dims []*expr) string {
	all := make([]string, len(dims))
	for i, d := range dims {
		all[i] = d.factor()
	}
	return strings.Join(all, "×")
}
