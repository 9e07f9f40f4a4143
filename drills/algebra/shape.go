package algebra

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"loralab/drills/verdict"
	"loralab/lora/number"
)

// Shape asks for the shapes of one or several matrices.
type Shape struct {
	Key     []Shaped           // in the order asked
	Symbols []Symbol           // that dimensions may be written in
	Live    map[string]float64 // their values here; without them only symbols are right
	Seed    uint64             // of the points at which dimensions are compared

	Misconceptions []verdict.Misconception
}

// Shaped is a name with its dimensions, each a formula: {"A", "r×k"}.
type Shaped struct {
	Name, Dims string
}

// shapeAnswer is the shapes as a learner wrote them.
type shapeAnswer struct {
	names []string // as written, canonical; "" where none was
	dims  [][]*expr
	echo  string
}

// Grade compares dimension by dimension, as formulas or by their values here.
// Of several shapes some right is Partial.
func (q Shape) Grade(answer string) (verdict.Verdict, error) {
	words := newVocabulary(q.Symbols)
	var asked []Symbol
	for _, k := range q.Key {
		asked = append(asked, Symbol{Name: k.Name})
	}
	matrices := newVocabulary(asked)
	if len(q.Key) == 0 {
		return verdict.Verdict{}, broken("shape", "no key")
	}
	keys := make([][]*expr, len(q.Key))
	for i, k := range q.Key {
		dims, err := readDimensions(k.Dims, words)
		if err != nil {
			return verdict.Verdict{}, broken("shape", "key "+k.Dims+": "+err.Text)
		}
		keys[i] = dims
	}
	got, err := readShape(answer, words, matrices)
	if err != nil {
		return verdict.Refuse(err), nil
	}
	given, err := q.assign(got)
	if err != nil {
		v := verdict.Refuse(err)
		v.Echo = got.echo
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
			note = cmp.Or(note, "missing")
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
			note = cmp.Or(note, id)
		}
	}
	if right == len(q.Key) {
		for i, k := range q.Key {
			feedback = append(feedback, k.Name+" is "+q.shows(keys[i]))
		}
		return verdict.Accept("right", got.echo, feedback...), nil
	}
	for _, m := range q.Misconceptions {
		wrong, err := readShape(m.Answer, words, matrices)
		if err != nil {
			return verdict.Verdict{}, broken("shape", "misconception "+m.Note+": "+err.Text)
		}
		matches, err := q.assign(wrong)
		if err != nil {
			return verdict.Verdict{}, broken("shape", "misconception "+m.Note+": "+err.Text)
		}
		if slices.EqualFunc(matches, given, func(a, b []*expr) bool { return (a == nil) == (b == nil) && (a == nil || same(a, b)) }) {
			note, feedback = m.Note, append(feedback, m.Words)
			break
		}
	}
	v := verdict.Reject(note, got.echo, feedback...)
	if right > 0 {
		v.Status, v.Score = verdict.Partial, float64(right)/float64(len(q.Key))
	}
	return v, nil
}

// assign puts the shapes of an answer in the order of the key: by name, or
// in the order asked where none has a name.
func (q Shape) assign(got shapeAnswer) ([][]*expr, *verdict.ReadError) {
	given := make([][]*expr, len(q.Key))
	unnamed := 0
	for i, name := range got.names {
		if name == "" {
			unnamed++
			if i >= len(q.Key) {
				return nil, verdict.Unreadable("too-many", -1, "%s asked, %d written", number.Plural(len(q.Key), "shape"), len(got.names))
			}
			given[i] = got.dims[i]
		}
	}
	if unnamed == len(got.names) {
		if len(q.Key) > 1 && unnamed < len(q.Key) {
			return nil, verdict.Unreadable("names", -1, "say whose shape it is, as in %s: %s", q.Key[0].Name, got.dims[0][0].factor()+"×…")
		}
		return given, nil
	}
	if unnamed > 0 {
		return nil, verdict.Unreadable("names", -1, "give every shape its name, as in %s: …", q.Key[0].Name)
	}
	for i, name := range got.names {
		at := slices.IndexFunc(q.Key, func(k Shaped) bool { return canonical(k.Name) == name })
		if at < 0 {
			continue // another matrix, not asked for
		}
		given[at] = got.dims[i]
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
