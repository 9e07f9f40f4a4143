package lora_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// huge returns a d×k matrix of entries near the largest float64, of both signs.
func huge(d, k int) *mat.Dense {
	m := normal(d, k, lora.Stream(9, "huge"))
	for i, v := range numbers(m) {
		numbers(m)[i] = math.Copysign(1e308, v)
	}
	return m
}

// Finite in, finite out, or an error that says what is not: near the largest
// float64 a singular value, a column's length or a sum may be beyond it.
func TestStartsThatOverflow(t *testing.T) {
	for _, scheme := range []lora.Scheme{lora.PiSSA, lora.OLoRA} {
		for _, size := range []float64{1e308, 1e306} { // too large, and not
			t.Run(fmt.Sprintf("%v of %v", scheme, size), func(t *testing.T) {
				w := huge(40, 30)
				w.Scale(size/1e308, w)
				l := lora.NewLinear(w, nil)
				a, err := initCase(scheme, 3, nil).Attach(l, "x", nil)
				var bad *lora.NotFinite
				switch {
				case size == 1e308 && (!errors.As(err, &bad) || !strings.Contains(err.Error(), "smaller weight")):
					t.Errorf("error %v, want a NotFinite that says what to do", err)
				case size == 1e308 && (len(l.Adapters()) != 0 || !mat.Equal(l.W, w)):
					t.Error("the layer has changed")
				case size < 1e308 && err != nil:
					t.Errorf("error %v", err)
				case err == nil:
					wantFinite(t, a.A, a.B, l.W)
				}
			})
		}
	}
}

func TestCombinationsThatOverflow(t *testing.T) {
	adapters := []*lora.Adapter{
		{A: huge(2, 30), B: mat.NewDense(40, 2, nil), Alpha: 2},
		{A: huge(2, 30), B: mat.NewDense(40, 2, nil), Alpha: 2},
	}
	for i := range 40 {
		adapters[0].B.Set(i, i%2, 1)
		adapters[1].B.Set(i, i%2, 1)
	}
	for _, method := range lora.Methods() {
		for _, weight := range []float64{0.5, 1, 1e300} {
			t.Run(fmt.Sprintf("%v, weights %v", method, weight), func(t *testing.T) {
				c := lora.Combination{Method: method, Density: 0.9}
				a, err := c.Combine(adapters, []float64{weight, weight}, lora.Stream(1, "drops"))
				var bad *lora.NotFinite
				switch {
				case err == nil:
					wantFinite(t, a.A, a.B)
				case !errors.As(err, &bad):
					t.Errorf("error %v, want a NotFinite", err)
				}
				if weight == 1e300 && err == nil && method == lora.CombineCat {
					t.Error("1e300·1e308 is no number")
				}
			})
		}
	}
	_, err := lora.TensorMerge{}.Merge([]*mat.Dense{huge(2, 2), huge(2, 2)}, []float64{1, 1})
	if bad := (*lora.NotFinite)(nil); !errors.As(err, &bad) {
		t.Errorf("error %v, want a NotFinite", err)
	}
}

func wantFinite(t *testing.T, ms ...*mat.Dense) {
	t.Helper()
	for i, m := range ms {
		for at, v := range numbers(m) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("number %d of matrix %d is %v", at, i, v)
			}
		}
	}
}
