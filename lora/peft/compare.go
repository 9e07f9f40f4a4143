package peft

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/linalg"
)

// Overlap says what two adapters of one module have in common. It is computed
// from the factors; no d×k matrix is formed.
type Overlap struct {
	// Inputs is φ(i, j) of the right singular vectors of A₁ and A₂, the
	// directions of the input that the adapters read (Hu et al. 2021, section 7.2);
	// Outputs that of the left ones of B₁ and B₂, the directions they write to. Rows
	// and columns end where a factor's own directions do; nil if one is zero.
	Inputs, Outputs *mat.Dense

	// Cosine is ⟨s₁B₁A₁, s₂B₂A₂⟩/(‖s₁B₁A₁‖·‖s₂B₂A₂‖): 1 if the updates point the
	// same way, NaN if one is zero.
	Cosine float64
}

// Compare compares adapters of equal d and k, whose entries must be finite. It
// panics if the sizes differ.
func Compare(a, b *lora.Adapter) Overlap {
	_, _, ra := a.Dims()
	_, _, rb := b.Dims()
	outputs, inputs := mat.NewDense(ra, rb, nil), mat.NewDense(ra, rb, nil)
	linalg.Mul(outputs, 1, linalg.Transposed, a.B, linalg.AsIs, b.B, 0)
	linalg.Mul(inputs, 1, linalg.AsIs, a.A, linalg.Transposed, b.A, 0)
	// ⟨B₁A₁, B₂A₂⟩ = tr(A₁ᵀB₁ᵀB₂A₂) = Σ (B₁ᵀB₂)∘(A₁A₂ᵀ)
	inner := 0.0
	for i := range ra {
		for j := range rb {
			inner += float64(outputs.At(i, j) * inputs.At(i, j))
		}
	}
	cosine := a.Scale() * b.Scale() * inner / (norm(a) * norm(b))
	if !math.IsNaN(cosine) { // rounding alone can exceed 1
		cosine = min(max(cosine, -1), 1)
	}
	return Overlap{
		Inputs:  similarities(directions(a.A.T()), directions(b.A.T())),
		Outputs: similarities(directions(a.B), directions(b.B)),
		Cosine:  cosine,
	}
}

// norm is ‖s·B·A‖, the Frobenius norm.
func norm(a *lora.Adapter) float64 { return Measure{Sigma: a.SingularValues()}.Norm() }

func similarities(u, v mat.Matrix) *mat.Dense {
	if u == nil || v == nil {
		return nil
	}
	return lora.SubspaceSimilarities(u, v)
}

// directions returns the left singular vectors of a tall n×r factor whose singular
// values stand out from rounding, strongest first; nil if there are none.
func directions(factor mat.Matrix) mat.Matrix {
	n, r := factor.Dims()
	// The decomposition of a product with the identity goes by way of QR, as that of
	// any adapter: [lora.Decompose] of a tall matrix is many times slower.
	identity := mat.NewDense(r, r, nil)
	for i := range r {
		identity.Set(i, i, 1)
	}
	svd := (&lora.Adapter{A: identity, B: mat.DenseCopyOf(factor), Alpha: float64(r)}).SVD()
	count := standOut(svd.Sigma, max(n, r))
	if count == 0 {
		return nil
	}
	return svd.U.Slice(0, n, 0, count)
}
