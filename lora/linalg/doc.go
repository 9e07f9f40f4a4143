// Package linalg factors matrices to the same bits on every machine: products,
// the QR decomposition and the singular value decomposition.
//
// # Why not gonum
//
// gonum's routines return other last digits on another processor: its kernels
// are assembly on amd64, which splits a sum over several accumulators, and Go
// elsewhere, which does not; and what is Go is compiled with fused
// multiply-adds on arm64, with GOAMD64=v3 and on most other targets. What is
// computed from a singular vector (an adapter's start, a matrix that is cut to
// a rank) would then differ between machines. Here every sum has one order and
// every product that is added to something is rounded first. The matrices
// themselves stay gonum's [mat.Dense].
//
// # Range
//
// All entries must be finite; what is not is the caller's to refuse. They may be
// of any size: matrices are scaled by a power of two before they are squared.
// A result beyond the largest float64 is infinite, and the caller's to refuse
// as well.
package linalg
