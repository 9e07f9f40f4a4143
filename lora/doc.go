// Package lora holds the mathematics of low-rank adaptation: a frozen linear
// layer with trainable low-rank adapters (Hu et al. 2021, "LoRA: Low-Rank
// Adaptation of Large Language Models"), networks of such layers, their
// training, their initialization, their spectra and their merging.
//
// # Letters
//
// The same letters mean the same things in every file:
//
//	d   output width of a layer
//	k   input width of a layer
//	r   rank of an adapter
//	n   examples in a batch
//	W   d×k  the frozen weight
//	A   r×k  the adapter's first factor, applied to x
//	B   d×r  the adapter's second factor
//	α   alpha, a constant; s the scaling, α/r or α/√r
//	X   k×n  inputs;  H  d×n  outputs
//	G   d×n  gradient of the loss by H
//
// The layer is Hu et al. 2021, equation 3, with the scaling of section 4.1:
//
//	H = W·X + bias·1ᵀ + s·B·(A·X)
//
// # Batches are columns
//
// X is k×n and H is d×n: it reads like the formula, and every product with
// an adapter then has the wide side n in its inner loop. PyTorch keeps
// examples in rows (X.T here); values from there are transposed where the two
// meet.
//
// # The same everywhere
//
// What is computed from a seed has the same bits on every machine and however
// it was compiled. Products are package gemm's, decompositions package linalg's,
// elementary functions package libm's, normal numbers [Normal]'s; and a product
// that is added to something is written float64(x*y) + z, because where the
// conversion is missing many compilers fuse the two. Tests in the repository's
// root look for what is fused, and compare with values of another machine.
//
// # Errors
//
// A shape that does not fit is the caller's mistake and panics with a
// [ShapeError]. Trouble that data can cause, such as a training run that
// diverges, is a returned error. Everything is float64; narrower formats are
// something that numbers are rounded to (package lora/quant), not computed in.
package lora
