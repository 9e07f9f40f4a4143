package lora_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// refTensor is a matrix or vector of a reference file, row-major.
type refTensor struct {
	Shape []int
	Data  []float64
}

// UnmarshalJSON reads numbers as they are, or float32 in base64 as large tensors
// have them, and refuses a count that the shape does not have.
func (r *refTensor) UnmarshalJSON(raw []byte) error {
	var in struct {
		Shape  []int     `json:"shape"`
		Data   []float64 `json:"data"`
		Packed []byte    `json:"b64_le"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	for ; len(in.Packed) >= 4; in.Packed = in.Packed[4:] {
		in.Data = append(in.Data, float64(math.Float32frombits(binary.LittleEndian.Uint32(in.Packed))))
	}
	size := 1
	for _, n := range in.Shape {
		size *= n
	}
	if size != len(in.Data) {
		return fmt.Errorf("tensor of shape %v with %d numbers", in.Shape, len(in.Data))
	}
	r.Shape, r.Data = in.Shape, in.Data
	return nil
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

// wantRelative compares within a tolerance relative to the largest entry of
// want: a matrix of zeros must be met exactly.
func wantRelative(t *testing.T, what string, got, want mat.Matrix, tolerance float64) {
	t.Helper()
	wantClose(t, what, got, want, tolerance*max(mat.Max(want), -mat.Min(want)))
}

// wantBits compares to the last bit.
func wantBits(t *testing.T, what string, got, want []float64) {
	t.Helper()
	same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("%s: not the same bits\ngot  %v\nwant %v", what, got, want)
	}
}

func normal(rows, cols int, rng *rand.Rand) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	m.Apply(func(_, _ int, _ float64) float64 { return lora.Normal(rng) }, m)
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
