package algebra

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"loralab/drills/verdict"
)

// Equation asks for a matrix as an equation, such as h = W·x + (α/r)·B·A·x.
type Equation struct {
	Key   string // "h = W x + (α/r) B A x", a sum of products
	Layer Layer
	Seed  uint64 // of the matrices drawn

	// Truth is what the laboratory's own layer computed for the key. If
	// given, the key must come to the same, or grading stops with an error.
	Truth *mat.Dense

	// Symbolic refuses numbers for letters: 2·B·A is then Partial where
	// (α/r)·B·A is asked and α/r happens to be 2.
	Symbolic bool

	Whose          string // whose the truth is, default "the layer"
	Misconceptions []verdict.Misconception
}

// equationTolerance is the largest relative difference that rounding explains.
const equationTolerance = 1e-9

// Names under which the output and the merged weight are met.
var (
	outputs = []string{"h", "H", "y", "Y", "z", "out", "output", "outputs", "result", "f", "forward", "ŷ", "y_hat", "return", "o"}
	merged  = []string{"W′", "W_merged", "W_new", "W_m", "W_eff", "W_hat", "Ŵ", "W_adapted", "merged", "W_tilde", "W″", "W_final", "weight"}
	updates = []string{"ΔW", "Delta_W", "delta_W", "deltaW", "dW", "delta", "update", "Δ"}
)

// targets are the names that an answer may give to what the key computes.
func targets(left string) []string {
	for _, group := range [][]string{outputs, merged, updates} {
		if slices.Contains(group, left) {
			return group
		}
	}
	return []string{left}
}

// result is an answer multiplied out on one layer, turned to the layout of the
// truth if it was a row form.
type result struct {
	value typed
	rows  bool
}

// Grade multiplies the answer out on drawn matrices whose sizes all differ, then
// on the live layer, and compares with the key.
func (q Equation) Grade(answer string) (verdict.Verdict, error) {
	if err := q.Layer.check(); err != nil {
		return verdict.Verdict{}, err
	}
	key, readErr := readProgram(q.Key, q.Layer, outputs)
	if readErr != nil {
		return verdict.Verdict{}, broken("equation", "key "+q.Key+": "+readErr.Text)
	}
	drawn := q.Layer.redrawn(q.Seed, false)
	truth, err := onLayer(drawn, key, false)
	if err != nil {
		return verdict.Verdict{}, broken("equation", "key "+q.Key+": "+err.Error())
	}
	if truth.matrix == nil {
		return verdict.Verdict{}, broken("equation", "key "+q.Key+" is a number")
	}
	if err := q.checkTruth(key); err != nil {
		return verdict.Verdict{}, err
	}
	left := key.statements[key.asked].left
	p, readErr := readProgram(answer, q.Layer, targets(left))
	if readErr != nil {
		return verdict.Refuse(readErr), nil
	}
	if st := &p.statements[p.asked]; st.left == "" {
		st.left = left
	}
	echo := p.String()
	got, err := q.compute(drawn, p)
	if err != nil {
		return q.explain(err, drawn, p, truth, echo)
	}
	if got.value.matrix == nil {
		return verdict.Verdict{Status: verdict.Invalid, Note: "number-for-matrix", Echo: echo, Feedback: []string{
			"this is a number; " + shown(left) + " is a matrix, " + truth.shape()}}, nil
	}
	if got.value.rows != truth.rows || got.value.cols != truth.cols {
		if got.value.rows != truth.cols || got.value.cols != truth.rows || !q.hasBatch(key) {
			return q.otherShape(got.value, truth, left, echo), nil
		}
		got = result{got.value.transposed(), true}
	}
	for _, part := range p.statements[p.asked].parts { // h = (W + sBA)x = Wx + sBAx
		one := &program{statements: slices.Clone(p.statements), asked: p.asked}
		one.statements[p.asked].parts = []*expr{part}
		other, err := q.compute(drawn, one)
		if err != nil || other.value.matrix == nil {
			continue
		}
		if v := other.value; v.rows == truth.cols && v.cols == truth.rows && v.rows != v.cols {
			other.value = v.transposed()
		}
		if v := other.value; v.rows == truth.rows && v.cols == truth.cols && !near(v.matrix, truth.matrix) {
			got = other
			break
		}
	}
	if !near(got.value.matrix, truth.matrix) {
		return q.differ(key, p, got, truth, drawn, echo)
	}
	return q.agreed(key, p, got, left, echo)
}

// onLayer multiplies a program out, examples in columns or in rows.
func onLayer(layer Layer, p *program, rows bool) (typed, error) {
	c, err := newComputation(layer, rows, p)
	if err != nil {
		return typed{}, err
	}
	return c.answer()
}

// compute multiplies an answer out in the convention it is written in. It
// tries both, and reports the mismatch of the likelier one.
func (q Equation) compute(layer Layer, p *program) (result, error) {
	rows := q.leansToRows(p)
	v, err := onLayer(layer, p, rows)
	if err != nil {
		if other, otherErr := onLayer(layer, p, !rows); otherErr == nil {
			return result{other, !rows}, nil
		}
	}
	return result{v, rows}, err
}

// leansToRows tells whether activations come first in more products than last.
func (q Equation) leansToRows(p *program) bool {
	lean := 0
	batch := func(e *expr) bool {
		o, ok := q.Layer.find(e.name)
		return e.op == opName && ok && o.Role == Batch
	}
	var walk func(e *expr)
	walk = func(e *expr) {
		if e.op != opMul {
			for _, kid := range e.kids {
				walk(kid)
			}
			return
		}
		factors := slices.DeleteFunc(chain(e), q.isScalar)
		if len(factors) > 1 {
			if batch(factors[0]) {
				lean++
			}
			if batch(factors[len(factors)-1]) {
				lean--
			}
		}
		for _, f := range factors {
			walk(f)
		}
	}
	for _, st := range p.statements {
		for _, part := range st.parts {
			walk(part)
		}
	}
	return lean > 0
}

func (q Equation) isScalar(e *expr) bool {
	return !slices.ContainsFunc(e.names(), func(name string) bool {
		o, ok := q.Layer.find(name)
		return !ok || o.Role != Scalar
	})
}

func (q Equation) hasBatch(key *program) bool {
	return slices.ContainsFunc(key.statements[key.asked].last().names(), func(name string) bool {
		o, ok := q.Layer.find(name)
		return ok && o.Role == Batch
	})
}

// checkTruth compares the key with what the laboratory computed.
func (q Equation) checkTruth(key *program) error {
	if q.Truth == nil || !q.Layer.complete() {
		return nil
	}
	v, err := onLayer(q.Layer, key, false)
	if err != nil {
		return broken("equation", "key "+q.Key+": "+err.Error())
	}
	r, c := q.Truth.Dims()
	if vr, vc := v.matrix.Dims(); vr != r || vc != c || !near(v.matrix, q.Truth) {
		return broken("equation", "key "+q.Key+" is not what the layer computed")
	}
	return nil
}

// near compares relative to the largest entry of the truth.
func near(a, truth *mat.Dense) bool {
	_, _, gap := furthest(a, truth)
	return gap <= equationTolerance*max(largest(truth), math.SmallestNonzeroFloat64)
}

func largest(m *mat.Dense) float64 {
	most := 0.0
	rows, cols := m.Dims()
	for i := range rows {
		for j := range cols {
			most = max(most, math.Abs(m.At(i, j)))
		}
	}
	return most
}

// furthest returns the entry where two matrices differ most. An entry that is
// not finite differs most of all.
func furthest(a, b *mat.Dense) (row, col int, gap float64) {
	rows, cols := b.Dims()
	for i := range rows {
		for j := range cols {
			d := math.Abs(a.At(i, j) - b.At(i, j))
			if math.IsNaN(d) {
				d = math.Inf(1)
			}
			if d > gap {
				row, col, gap = i, j, d
			}
		}
	}
	return row, col, gap
}

// agreed judges an answer that equals the key on drawn matrices: on other
// scalars too, if that is asked, and on the live layer.
func (q Equation) agreed(key, p *program, got result, left, echo string) (verdict.Verdict, error) {
	note, how := "right", ""
	if got.rows {
		note, how = "right-rows", "examples in rows, as PyTorch keeps them: this is "+shown(left)+"ᵀ; "
	}
	if q.Symbolic {
		other := q.Layer.redrawn(q.Seed+1, true)
		want, err := onLayer(other, key, false)
		if err != nil {
			return verdict.Verdict{}, broken("equation", "key "+q.Key+": "+err.Error())
		}
		have, err := q.compute(other, p)
		if err == nil && have.value.rows != want.rows {
			have.value = have.value.transposed()
		}
		if err != nil || !near(have.value.matrix, want.matrix) {
			return verdict.Verdict{Status: verdict.Partial, Score: 0.5, Note: "only-these-numbers", Echo: echo, Feedback: []string{
				"right for the numbers of this layer, " + q.scalarsHere() + ", and for no others", "asked is " + key.String()}}, nil
		}
	}
	if !q.Layer.complete() {
		return verdict.Accept(note, echo, how+"the two agree on drawn matrices of different sizes"), nil
	}
	live, err := q.compute(q.Layer, p)
	if err != nil {
		return verdict.Verdict{}, broken("equation", "the live layer: "+err.Error())
	}
	truth, err := q.liveTruth(key)
	if err != nil {
		return verdict.Verdict{}, err
	}
	if live.value.rows != truth.rows || got.rows && live.value.rows == live.value.cols {
		live.value = live.value.transposed()
	}
	_, _, gap := furthest(live.value.matrix, truth.matrix)
	return verdict.Accept(note, echo, fmt.Sprintf("%smultiplied out on the live layer, %s %s: the largest difference is %s",
		how, shown(left), truth.shape(), entry(gap))), nil
}

func (q Equation) liveTruth(key *program) (typed, error) {
	v, err := onLayer(q.Layer, key, false)
	if err != nil {
		return typed{}, broken("equation", "key "+q.Key+": "+err.Error())
	}
	if q.Truth != nil {
		v.matrix = q.Truth
	}
	return v, nil
}
