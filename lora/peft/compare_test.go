package peft

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

func factors(t *testing.T, seed uint64, d, k, r int) *lora.Adapter {
	t.Helper()
	a := lora.NewAdapter(d, k, r, 3, lora.AlphaOverSqrtR)
	for i, m := range []*mat.Dense{a.A, a.B} {
		x, err := numbers[float64](normal(seed+uint64(i), "x", F64, len(m.RawMatrix().Data)))
		if err != nil {
			t.Fatal(err)
		}
		copy(m.RawMatrix().Data, x)
	}
	return a
}

// The grids are those of a dense decomposition, the cosine that of the updates.
func TestCompareAgreesWithDense(t *testing.T) {
	const d, k = 11, 17
	a, b := factors(t, 1, d, k, 3), factors(t, 9, d, k, 5)
	for j := range k { // a shared direction, or all is near chance
		b.A.Set(0, j, 3*a.A.At(0, j)+b.A.At(0, j))
	}
	got := Compare(a, b)
	da, db := a.Delta(), b.Delta()
	inner := 0.0
	for i := range d {
		for j := range k {
			inner += da.At(i, j) * db.At(i, j)
		}
	}
	if want := inner / (mat.Norm(da, 2) * mat.Norm(db, 2)); math.Abs(got.Cosine-want) > 1e-13 {
		t.Errorf("cosine %v, want %v", got.Cosine, want)
	}
	inputs := lora.SubspaceSimilarities(lora.Decompose(a.A).V, lora.Decompose(b.A).V)
	outputs := lora.SubspaceSimilarities(lora.Decompose(a.B).U, lora.Decompose(b.B).U)
	if !mat.EqualApprox(got.Inputs, inputs, 1e-12) || !mat.EqualApprox(got.Outputs, outputs, 1e-12) {
		t.Errorf("φ differs: inputs %v, want %v; outputs %v, want %v", got.Inputs, inputs, got.Outputs, outputs)
	}
}

func TestCompareWithItselfAndNothing(t *testing.T) {
	a := factors(t, 1, 6, 8, 3)
	minus := a.Clone()
	minus.Alpha = -5
	if got := Compare(a, minus); math.Abs(got.Cosine+1) > 1e-14 || math.Abs(mat.Min(got.Inputs)-1) > 1e-14 || math.Abs(mat.Min(got.Outputs)-1) > 1e-14 {
		t.Errorf("with its negative: %+v", got)
	}
	zero := a.Clone()
	zero.B.Zero()
	if got := Compare(a, zero); got.Outputs != nil || got.Inputs == nil || !math.IsNaN(got.Cosine) {
		t.Errorf("with B zero: %+v", got)
	}
	// A direction that a factor does not have is compared with nothing.
	thin := a.Clone()
	for j := range 8 {
		thin.A.Set(1, j, 2*thin.A.At(0, j))
	}
	if rows, cols := Compare(a, thin).Inputs.Dims(); rows != 3 || cols != 2 {
		t.Errorf("φ of %d×%d directions, want 3×2", rows, cols)
	}
}
