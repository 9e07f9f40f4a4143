// Package libm has the elementary functions that training needs, computed to
// the same bits on every machine. It is named after the C library of such
// functions.
//
// # Why not package math
//
// The standard library may return another last digit elsewhere. Its
// exponential is assembly on some processors, with fused multiply-adds where
// the machine has them, and Go elsewhere; and what is Go is compiled: on arm64,
// with GOAMD64=v3 and on most other targets, the compiler fuses x·y + z into
// one rounding. A run that is repeated from its seed on another machine would
// then drift from the first one, digit by digit.
//
// The algorithms here are those of package math, which are FreeBSD's msun and
// Cephes. What differs is that every product that is added to something is
// converted explicitly, which the language defines as a rounding that no
// compiler may leave out. Errors stay below 1 ulp (2 for Tanh and Erfc).
//
// Functions of package math that round once, or not at all, are the same
// everywhere and are used as they are: Sqrt, FMA, Abs, Floor, Frexp, Ldexp; and
// Pow, where the exponent is a whole number.
package libm
