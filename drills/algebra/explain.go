package algebra

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/drills/verdict"
)

// explain turns a computation that failed into a verdict: products and sums
// that do not fit are wrong, the rest could not be read.
func (q Equation) explain(err error, drawn Layer, p *program, truth typed, echo string) (verdict.Verdict, error) {
	var m *mismatch
	if !errors.As(err, &m) {
		return verdict.Verdict{}, err
	}
	if m.note != "product" && m.note != "sum" {
		return verdict.Verdict{Status: verdict.Invalid, Note: m.note, Echo: echo, Feedback: []string{m.text}}, nil
	}
	feedback := []string{m.text}
	if m.note == "product" {
		st := p.statements[p.asked]
		for _, swapped := range exchanges(st.last()) {
			one := &program{statements: slices.Clone(p.statements), asked: p.asked}
			one.statements[p.asked].parts = []*expr{swapped}
			got, err := q.compute(drawn, one)
			if err != nil || got.value.matrix == nil {
				continue
			}
			if got.value.rows != truth.rows {
				got.value = got.value.transposed()
			}
			if got.value.rows == truth.rows && got.value.cols == truth.cols && near(got.value.matrix, truth.matrix) {
				return verdict.Reject("order", echo, append(feedback, "with two factors exchanged it is right: "+swapped.String())...), nil
			}
		}
	}
	for _, wrong := range q.Misconceptions { // a misconception may fail in the same way
		w, readErr := readProgram(wrong.Answer, q.Layer, outputs)
		if readErr != nil {
			return verdict.Verdict{}, broken("equation", "misconception "+wrong.Note+": "+readErr.Text)
		}
		if _, err := q.compute(drawn, w); err != nil && err.Error() == m.text {
			return verdict.Reject(wrong.Note, echo, append(feedback, wrong.Words)...), nil
		}
	}
	return verdict.Reject("shape", echo, feedback...), nil
}

// exchanges returns e with two neighbours of one product exchanged, in every
// way.
func exchanges(e *expr) []*expr {
	var all []*expr
	if factors := chain(e); len(factors) > 1 {
		for i := range len(factors) - 1 {
			swapped := slices.Clone(factors)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			product := swapped[0]
			for _, f := range swapped[1:] {
				product = binary(opMul, product, f)
			}
			all = append(all, product)
		}
		if !slices.ContainsFunc(factors, func(f *expr) bool { return len(f.kids) > 0 }) {
			return all
		}
	}
	for i, kid := range e.kids {
		for _, changed := range exchanges(kid) {
			copied := *e
			copied.kids = slices.Clone(e.kids)
			copied.kids[i] = changed
			if all = append(all, &copied); len(all) > 40 {
				return all
			}
		}
	}
	return all
}

// chain returns the factors of a product.
func chain(e *expr) []*expr {
	if e.op == opMul {
		return append(chain(e.kids[0]), chain(e.kids[1])...)
	}
	return []*expr{e}
}

func (q Equation) otherShape(got, truth typed, left, echo string) verdict.Verdict {
	line := fmt.Sprintf("this is %s, and %s is %s", got.shape(), shown(left), truth.shape())
	if got.rows == truth.cols && got.cols == truth.rows {
		return verdict.Reject("transposed", echo, line+": it is "+shown(left)+"ᵀ")
	}
	switch {
	case got.rows == truth.rows && slices.ContainsFunc(q.Layer, func(o Operand) bool {
		return o.Role == Batch && o.Rows == got.cols && o.Cols == truth.cols
	}):
		line += "; it is a weight that is not yet applied to x"
	case got.rows == truth.rows && slices.ContainsFunc(q.Layer, func(o Operand) bool {
		return o.Role == Batch && o.Rows == truth.cols && o.Cols == got.cols
	}):
		line += "; asked is the weight itself, not what it makes of x"
	}
	return verdict.Reject("result-shape", echo, line)
}

// differ explains an answer of the right shape and the wrong value.
func (q Equation) differ(key, p *program, got result, truth typed, drawn Layer, echo string) (verdict.Verdict, error) {
	var feedback []string
	left := shown(key.statements[key.asked].left)
	shownLive := false
	if q.Layer.complete() {
		live, err := q.compute(q.Layer, p)
		want, wantErr := q.liveTruth(key)
		if wantErr != nil {
			return verdict.Verdict{}, wantErr
		}
		if err == nil && live.value.matrix != nil {
			if live.value.rows != want.rows || got.rows && live.value.rows == live.value.cols {
				live.value = live.value.transposed()
			}
			if live.value.rows == want.rows && live.value.cols == want.cols {
				if near(live.value.matrix, want.matrix) {
					feedback = append(feedback, "on the live layer the two agree by coincidence (as when B is zero); on a layer drawn at random they do not")
				} else {
					feedback, shownLive = append(feedback, q.parting("on the live layer", left, live.value.matrix, want.matrix)), true
				}
			}
		}
	}
	if !shownLive {
		feedback = append(feedback, q.parting("on matrices drawn at random", left, got.value.matrix, truth.matrix))
	}
	for _, m := range q.Misconceptions {
		w, readErr := readProgram(m.Answer, q.Layer, targets(key.statements[key.asked].left))
		if readErr != nil {
			return verdict.Verdict{}, broken("equation", "misconception "+m.Note+": "+readErr.Text)
		}
		v, err := q.compute(drawn, w)
		if err != nil || v.value.matrix == nil {
			continue
		}
		if v.value.rows != truth.rows {
			v.value = v.value.transposed()
		}
		if v.value.rows == truth.rows && v.value.cols == truth.cols && near(v.value.matrix, got.value.matrix) {
			return verdict.Reject(m.Note, echo, append(feedback, m.Words)...), nil
		}
	}
	note, why := q.diagnose(key.statements[key.asked].last(), drawn, got.value.matrix)
	if why != "" {
		feedback = append(feedback, why)
	}
	return verdict.Reject(note, echo, feedback...), nil
}

func (q Equation) parting(where, left string, yours, truth *mat.Dense) string {
	i, j, _ := furthest(yours, truth)
	return fmt.Sprintf("multiplied out %s, at entry (%d,%d) of %s: yours %s, %s %s",
		where, i+1, j+1, left, entry(yours.At(i, j)), cmp.Or(q.Whose, "the layer"), entry(truth.At(i, j)))
}

func entry(v float64) string {
	switch {
	case math.IsNaN(v), math.IsInf(v, 0):
		return "not finite"
	case v == 0:
		return "0"
	}
	return rounded(strconv.FormatFloat(v, 'g', 4, 64))
}

// scalarsHere writes the scalars of the live layer: α = 12, r = 6.
func (q Equation) scalarsHere() string {
	var all []string
	for _, o := range q.Layer {
		if o.Role == Scalar && o.Formula == "" {
			all = append(all, shown(canonical(o.Name))+" = "+entry(o.Value))
		}
	}
	return strings.Join(all, ", ")
}
