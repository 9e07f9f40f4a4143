package algebra

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// term is one addend of an expanded key: a scalar factor and a matrix.
type term struct {
	scalar *expr // nil for 1
	matrix *expr // nil for a pure scalar
}

func times(a, b *expr) *expr {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return binary(opMul, a, b)
}

// expand writes an expression as a sum of terms.
func expand(e *expr, isScalar func(*expr) bool) []term {
	if isScalar(e) {
		return []term{{scalar: e}}
	}
	switch e.op {
	case opAdd:
		return append(expand(e.kids[0], isScalar), expand(e.kids[1], isScalar)...)
	case opSub:
		return append(expand(e.kids[0], isScalar), expand(unary(opNeg, e.kids[1]), isScalar)...)
	case opNeg:
		terms := expand(e.kids[0], isScalar)
		for i := range terms {
			terms[i].scalar = times(integer(-1), terms[i].scalar)
		}
		return terms
	case opMul, opApply:
		var terms []term
		for _, a := range expand(e.kids[0], isScalar) {
			for _, b := range expand(e.kids[1], isScalar) {
				terms = append(terms, term{times(a.scalar, b.scalar), times(a.matrix, b.matrix)})
			}
		}
		return terms
	case opDiv:
		terms := expand(e.kids[0], isScalar)
		for i, t := range terms {
			if t.scalar == nil {
				t.scalar = integer(1)
			}
			terms[i].scalar = binary(opDiv, t.scalar, e.kids[1])
		}
		return terms
	}
	return []term{{matrix: e}}
}

func sumOf(terms []term) *expr {
	var sum *expr
	for _, t := range terms {
		e := times(t.scalar, t.matrix)
		if sum == nil {
			sum = e
		} else {
			sum = binary(opAdd, sum, e)
		}
	}
	return sum
}

// mentions tells whether a term has one of the names in its matrix.
func (t term) mentions(names ...string) bool {
	return t.matrix != nil && slices.ContainsFunc(t.matrix.names(), func(n string) bool { return slices.Contains(names, n) })
}

// mistake is a common mistake, as a change to the terms of the key.
type mistake struct {
	note, words string
	change      func([]term) []term
}

// onTerms changes the terms that mention a name; a change to nothing drops
// them.
func onTerms(names []string, change func(term) []term) func([]term) []term {
	return func(terms []term) []term {
		var out []term
		for _, t := range terms {
			if t.mentions(names...) {
				out = append(out, change(t)...)
			} else {
				out = append(out, t)
			}
		}
		return out
	}
}

var (
	baseNames   = []string{"W"}
	updateNames = []string{"A", "B"}
)

// structural are mistakes in whole terms.
var structural = []mistake{
	{"base-missing", "W is missing: the frozen layer stays and the update is added to it", onTerms(baseNames, func(term) []term { return nil })},
	{"update-missing", "the update B·A is missing: this is the frozen layer alone", onTerms(updateNames, func(term) []term { return nil })},
	{"bias-missing", "the bias is missing", onTerms([]string{"b"}, func(term) []term { return nil })},
	{"base-twice", "W is in it twice", onTerms(baseNames, func(t term) []term { return []term{t, t} })},
	{"sign", "the update is added, not subtracted", onTerms(updateNames, func(t term) []term { return []term{{times(integer(-1), t.scalar), t.matrix}} })},
	{"base-sign", "the sign of W is wrong", onTerms(baseNames, func(t term) []term { return []term{{times(integer(-1), t.scalar), t.matrix}} })},
	{"update-twice", "the update is in it twice", onTerms(updateNames, func(t term) []term { return []term{t, t} })},
}

// scalings are mistakes in the factor of the update; without α and r only those
// that need neither.
func scalings(key []term, layer Layer, values map[string]float64) []mistake {
	at := slices.IndexFunc(key, func(t term) bool { return t.mentions(updateNames...) })
	_, hasAlpha := layer.find("α")
	_, hasRank := layer.find("r")
	if at < 0 {
		return nil
	}
	right := key[at].scalar
	if right == nil {
		right = integer(1)
	}
	is := "; it is " + right.String()
	c := &computation{layer: layer, scalars: values, locals: map[string]typed{}, busy: map[int]bool{}}
	if v, err := c.value(right); err == nil && len(right.names()) > 0 {
		is += ", here " + entry(v.scalar)
	}
	with := func(note, words string, factor *expr) mistake {
		return mistake{note, words + is, onTerms(updateNames, func(t term) []term { return []term{{factor, t.matrix}} })}
	}
	all := []mistake{
		with("scale-missing", "the scale is missing", nil),
		with("scale-twice", "the scale is in it twice", binary(opMul, right, right)),
		with("scale-inverted", "the scale is upside down", binary(opDiv, integer(1), right)),
	}
	if hasAlpha && hasRank {
		alpha, rank := named("α"), named("r")
		all = append(all,
			with("scale-alpha", "the scale is not α alone", alpha),
			with("scale-inverted", "the scale is upside down", binary(opDiv, rank, alpha)),
			with("scale-rank", "the scale is not 1/r alone", binary(opDiv, integer(1), rank)),
			with("scale-times-rank", "α is divided by r, not multiplied", binary(opMul, alpha, rank)),
			with("scale-root", "the scale is not divided by √r; that is rsLoRA", binary(opDiv, alpha, unary(opSqrt, rank))),
			with("scale-no-root", "the scale is not divided by r; that is plain LoRA", binary(opDiv, alpha, rank)),
		)
	}
	return all
}

// diagnose finds the mistake that turns the key into what the learner's equation
// came to, and returns its note and its words; "value" if none does.
func (q Equation) diagnose(key *expr, drawn Layer, yours *mat.Dense) (note, words string) {
	terms := expand(key, q.isScalar)
	values, err := q.Layer.scalarValues()
	if err != nil {
		return "value", ""
	}
	explains := func(changed []term) bool {
		sum := sumOf(changed)
		if sum == nil {
			return false
		}
		c := &computation{layer: drawn, scalars: values, locals: map[string]typed{}, busy: map[int]bool{}}
		v, err := c.value(sum)
		if err != nil || v.matrix == nil {
			return false
		}
		r, k := yours.Dims()
		vr, vk := v.matrix.Dims()
		return r == vr && k == vk && near(yours, v.matrix)
	}
	scales := scalings(terms, q.Layer, values)
	for _, s := range slices.Concat(scales, structural) {
		if explains(s.change(terms)) {
			return s.note, s.words
		}
	}
	for _, s := range structural {
		for _, scale := range scales {
			if explains(s.change(scale.change(terms))) {
				return s.note, s.words + "; and " + scale.words
			}
		}
	}
	return "value", ""
}
