package lora

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// SubspaceSimilarities returns the normalized similarity of subspaces by Hu et al.
// 2021, equation 4, for all i and j: the grid of its figure 3,
//
//	φ(i, j) = ‖Uᵢᵀ·Vⱼ‖²_F / min(i, j)
//
// with the first i columns of u and the first j of v, at row i−1, column j−1. It
// is the share of the smaller space that lies in the larger one: 0 if they are
// orthogonal, 1 if one contains the other. Only the spaces count, not which bases
// span them.
//
// u and v have orthonormal columns of equal length: the left singular vectors of two
// updates (in the space of outputs), or the right ones (of inputs); the paper
// takes right ones of A. A vector of a singular value 0 is arbitrary, and
// so is what φ says about it.
//
// Each entry takes one addition more than its neighbours, since ‖Uᵢᵀ·Vⱼ‖²_F is
// a sum over a corner of UᵀV.
func SubspaceSimilarities(u, v mat.Matrix) *mat.Dense {
	n, p := u.Dims()
	m, q := v.Dims()
	if n != m {
		panic(ShapeError{"SubspaceSimilarities", fmt.Sprintf("u %d×%d, v %d×%d", n, p, m, q), "columns of equal length"})
	}
	phi := mat.NewDense(p, q, nil)
	mul(phi, 1, transposed, mat.DenseCopyOf(u), asIs, mat.DenseCopyOf(v), 0)
	above := make([]float64, q) // squares summed over the corner that ends a row higher
	for i := range p {
		row, left := phi.RawRowView(i), 0.0
		for j, dot := range row {
			left += float64(dot * dot)
			above[j] += left
			// Rounding alone can exceed 1.
			row[j] = min(above[j]/float64(min(i, j)+1), 1)
		}
	}
	return phi
}
