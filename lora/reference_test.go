package lora_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// refTensor is a matrix or vector of a reference file, row-major.
type refTensor struct {
	Shape []int     `json:"shape"`
	Data  []float64 `json:"data"`
}

// dense returns the matrix, a vector as one column.
func (r refTensor) dense() *mat.Dense {
	if len(r.Shape) == 1 {
		return mat.NewDense(r.Shape[0], 1, append([]float64(nil), r.Data...))
	}
	return mat.NewDense(r.Shape[0], r.Shape[1], append([]float64(nil), r.Data...))
}

// columns returns the matrix with examples in columns: files hold them in rows.
func (r refTensor) columns() *mat.Dense { return mat.DenseCopyOf(r.dense().T()) }

func readRef(t testing.TB, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// maxDiff returns the largest |a−b|, infinite if the shapes differ or it is NaN.
func maxDiff(a, b mat.Matrix) float64 {
	ar, ac := a.Dims()
	br, bc := b.Dims()
	if ar != br || ac != bc {
		return math.Inf(1)
	}
	most := 0.0
	for i := range ar {
		for j := range ac {
			diff := math.Abs(a.At(i, j) - b.At(i, j))
			if math.IsNaN(diff) {
				return math.Inf(1)
			}
			most = max(most, diff)
		}
	}
	return most
}

func wantClose(t *testing.T, what string, got, want mat.Matrix, tolerance float64) {
	t.Helper()
	if diff := maxDiff(got, want); diff > tolerance {
		t.Errorf("%s: differs by %.3g, allowed %.3g\ngot\n%.8v\nwant\n%.8v", what, diff, tolerance, mat.Formatted(got), mat.Formatted(want))
	}
}

func normal(rows, cols int, rng *rand.Rand) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	m.Apply(func(_, _ int, _ float64) float64 { return rng.NormFloat64() }, m)
	return m
}

// output returns what the layer computes for x.
func output(l *lora.Linear, x *mat.Dense) *mat.Dense {
	d, _ := l.Dims()
	_, n := x.Dims()
	h := mat.NewDense(d, n, nil)
	l.Forward(h, x, new(lora.Tape))
	return h
}
