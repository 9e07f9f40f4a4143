package merging

import (
	"context"
	"fmt"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/linalg"
)

// combined is what one method makes of two adapters.
type combined struct {
	method        lora.Method
	first, second float64 // accuracy on the task of either
	relativeError float64 // ‖combined ΔW − exact sum‖ over ‖exact sum‖, Frobenius, all layers together
	rank          int     // of the first layer
	params        int
	refused       error
}

// exactSumError is the relative error below which a combination counts as the
// sum: only the rounding of float64 is allowed.
const exactSumError = 1e-12

// keptShare is the share of an adapter's own accuracy that a combination must have
// to count as keeping it.
const keptShare = 0.95

// combineAll makes one adapter of the first two, by every method.
func (m *study) combineAll(ctx context.Context) error {
	methods := lora.Methods()
	all := make([]combined, len(methods))
	err := train.SideBySide(ctx, len(methods), func(_ context.Context, i int) error {
		all[i] = m.combine(methods[i])
		return nil
	})
	if err != nil {
		return err
	}
	var table lab.Table
	best, bestMethod := -1.0, ""
	var exact []string
	for _, c := range all {
		if c.refused != nil {
			m.refuse(fmt.Errorf("%v: %w", c.method, c.refused))
			continue
		}
		if train.Finite(c.relativeError) {
			table.Rows = append(table.Rows, c.method.String())
			table.Values = append(table.Values, []float64{float64(c.method), c.first, c.second, c.relativeError, float64(c.rank), float64(c.params)})
		}
		if c.relativeError < exactSumError {
			exact = append(exact, c.method.String())
		}
		if least := min(c.first, c.second); least > best {
			best, bestMethod = least, c.method.String()
		}
		if c.method == lora.CombineCat {
			alone := m.alone()
			m.rec.Report("keeps-both", lab.YesNo(c.first >= keptShare*alone[0] && c.second >= keptShare*alone[1]))
		}
		if c.method == m.method {
			m.reportCombined(c, "")
		}
		if c.method == lora.CombineCat || c.method == lora.CombineLinear || c.method == lora.CombineSVD {
			m.reportCombined(c, "-"+c.method.String())
		}
	}
	if table.Len() > 0 {
		m.rec.Report("combinations", table)
		m.rec.Report("best-method", bestMethod)
		m.rec.Report("best-least", best)
		if exact == nil {
			exact = []string{"none"}
		}
		m.rec.Report("exact", strings.Join(exact, ", "))
	}
	m.identity()
	m.mergeBoth()
	return nil
}

func (m *study) reportCombined(c combined, suffix string) {
	m.rec.Report("combined-first"+suffix, c.first)
	m.rec.Report("combined-second"+suffix, c.second)
	m.rec.Report("combined-error"+suffix, c.relativeError)
	m.rec.Report("combined-rank"+suffix, c.rank)
	m.rec.Report("combined-params"+suffix, c.params)
}

// alone returns the accuracies of the first two adapters, each on its own shift.
func (m *study) alone() (own [2]float64) {
	for i := range own {
		m.shared.Activate(m.names[i])
		_, own[i] = train.NewEvaluator(m.shared, m.tests[i+1], lora.CrossEntropy).Evaluate()
	}
	m.shared.Deactivate()
	return own
}

func (m *study) combination(method lora.Method) lora.Combination {
	return lora.Combination{Method: method, Density: m.s.Real("density"), Vote: m.vote}
}

func (m *study) combine(method lora.Method) combined {
	const name = "combined"
	c := combined{method: method}
	net, w := m.shared.Clone(), m.s.Real("weight")
	// One stream for all methods: those that drop entries drop the same ones.
	c.refused = m.combination(method).CombineAll(net, m.names[:2], []float64{w, w}, name, lora.Stream(m.s.Seed(), "dropped entries"))
	if c.refused != nil {
		return c
	}
	_, c.first = train.NewEvaluator(net, m.tests[1], lora.CrossEntropy).Evaluate()
	_, c.second = train.NewEvaluator(net, m.tests[2], lora.CrossEntropy).Evaluate()
	var differences, sums []*mat.Dense
	for _, l := range net.Layers {
		sum := exactSum(l, m.names[:2], w)
		var difference mat.Dense
		difference.Sub(l.Active().Delta(), sum)
		differences, sums = append(differences, &difference), append(sums, sum)
		c.params += l.Active().Params()
	}
	if difference := linalg.Norm(differences...); difference > 0 { // with weights of 0 the sum is 0, and so is every combination
		c.relativeError = difference / linalg.Norm(sums...)
	}
	_, _, c.rank = net.Layers[0].Active().Dims()
	return c
}

// exactSum returns w·(ΔW₁ + ΔW₂ + …) of the named adapters of a layer.
func exactSum(l *lora.Linear, names []string, w float64) *mat.Dense {
	d, k := l.Dims()
	sum := mat.NewDense(d, k, nil)
	for _, name := range names {
		sum.Add(sum, l.Adapter(name).Delta())
	}
	sum.Scale(w, sum)
	return sum
}

// identity combines the first adapter alone, at weight 1. Every method that drops
// no entries must return it unchanged.
func (m *study) identity() {
	largest := 0.0
	for _, method := range []lora.Method{lora.CombineCat, lora.CombineLinear, lora.CombineSVD} {
		for _, l := range m.shared.Layers {
			a := l.Adapter(m.names[0])
			c, err := m.combination(method).Combine([]*lora.Adapter{a}, []float64{1}, nil)
			if err != nil {
				m.refuse(err)
				return
			}
			largest = max(largest, train.LargestDifference(c.Delta(), a.Delta()))
		}
	}
	m.rec.Report("identity-error", largest)
}

// mergeBoth merges both adapters into one W. With weights of 1 that is
// what cat computes, but for the order of the sums.
func (m *study) mergeBoth() {
	net := m.shared.Clone()
	for _, name := range m.names[:2] {
		if err := net.Merge(name, nil); err != nil {
			m.refuse(err)
			return
		}
	}
	cat := m.shared.Clone()
	if err := (lora.Combination{Method: lora.CombineCat}).CombineAll(cat, m.names[:2], []float64{1, 1}, "combined", nil); err != nil {
		m.refuse(err)
		return
	}
	x := m.tests[1].X
	m.rec.Report("merged-both-difference", train.LargestDifference(net.Predict(x), cat.Predict(x)))
}
