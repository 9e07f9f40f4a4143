package peft

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/linalg"
)

// Measure is what the numbers of a module say.
type Measure struct {
	// Sigma holds the min(d, k, r) singular values of s·B·A, falling. It is nil if
	// an entry is not finite, or the product is beyond float64.
	Sigma []float64

	AZero, BZero bool   // every entry is 0, and then s·B·A is
	NonFinite    int    // entries of all tensors that are NaN or infinite
	First        string // the first of these, such as "B[0,3] is NaN"

	longer int // max(d, k)
}

// Measure reads one of the adapter's modules and measures it. The d×k matrix
// s·B·A is not formed.
func (a *Adapter) Measure(m Module) (Measure, error) {
	d, k, _ := m.Dims()
	measure := Measure{longer: max(d, k)}
	factors, err := a.Factors(m)
	if err != nil {
		return measure, err
	}
	measure.AZero = measure.look("A", m.A.Shape, factors.A.RawMatrix().Data)
	measure.BZero = measure.look("B", m.B.Shape, factors.B.RawMatrix().Data)
	for _, vector := range []struct {
		what string
		Info
	}{{"magnitude", m.Magnitude}, {"bias of B", m.Bias}} {
		if vector.Name == "" {
			continue
		}
		x, err := a.file.values(vector.Info)
		if err != nil {
			return measure, err
		}
		measure.look(vector.what, vector.Shape, x)
	}
	if measure.NonFinite > 0 {
		return measure, nil
	}
	if sigma := factors.SingularValues(); !slices.ContainsFunc(sigma, unbounded) {
		measure.Sigma = sigma
	}
	return measure, nil
}

func unbounded(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

// look counts the entries that are not finite, and reports whether all are zero.
func (m *Measure) look(what string, shape []int, x []float64) (zero bool) {
	zero = true
	for i, v := range x {
		zero = zero && v == 0
		if !unbounded(v) {
			continue
		}
		if m.NonFinite == 0 {
			m.First = fmt.Sprintf("%s[%s] is %v", what, index(i, shape), v)
		}
		m.NonFinite++
	}
	return zero
}

// index writes the place of the i-th element, in C order.
func index(i int, shape []int) string {
	place := make([]string, len(shape))
	for axis, n := range slices.Backward(shape) {
		place[axis] = strconv.Itoa(i % n)
		i /= n
	}
	return strings.Join(place, ",")
}

// Norm returns ‖s·B·A‖, the Frobenius norm.
func (m Measure) Norm() float64 {
	if len(m.Sigma) == 0 {
		return 0
	}
	return linalg.Norm(mat.NewDense(1, len(m.Sigma), m.Sigma))
}

// Directions returns the rank that s·B·A has in floating point.
func (m Measure) Directions() int { return standOut(m.Sigma, m.longer) }

// standOut counts the falling singular values above longer·2⁻⁵² of the first, the
// rounding of a decomposition whose longer side that is.
func standOut(sigma []float64, longer int) int {
	n := 0
	for _, v := range sigma {
		if v > sigma[0]*float64(longer)*0x1p-52 {
			n++
		}
	}
	return n
}
