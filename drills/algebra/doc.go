// Package algebra reads and grades answers in numbers and formulas. (Its name
// is not math, so that nothing hides the standard library's.)
//
// A question is a struct with a key: [Count], [Real], [Shape], [Formula] or
// [Equation]. Each is a [loralab/drills/verdict.Grader]: its error is about the
// question only (a key that cannot be read, a layer without a matrix that the
// key names). Whatever the learner writes ends in a verdict: what cannot be read
// is Invalid, costs nothing and says what can be read. Nothing here is random
// but by a seed of the question, nothing reads a clock, and no input makes it
// panic.
//
// # What is read as an expression
//
// Counts, reals, formulas and equations share one grammar:
//
//	sum     = product { (+|−) product }
//	product = factor { (*|·|×|@|/|juxtaposition) factor }
//	factor  = [−] power
//	power   = atom [ᵀ] [^ factor]
//	atom    = number | name | ( sum ) | √ atom | \frac{sum}{sum} | name ( sum )
//
// A word that is no name of the question is split into names, so that rd is
// r·d and BAx is B·A·x. Python's ** and .T, LaTeX's \frac, \alpha, \cdot and
// ^\top, Unicode's ², ᵀ, ₀ and − are all read.
//
// One thing is refused where most readers guess: a quotient followed by a
// scalar factor without a sign, as in 1/r (d+k). It is Invalid and both
// readings are shown. A word without a space, as in r(d+k)/dk, is one
// denominator, and a matrix never belongs to the denominator: α/r BAx is
// (α/r)·B·A·x.
//
// # How expressions are compared
//
// Never by form. A formula is evaluated in exact rationals at points of
// distinct primes, an equation on matrices whose sizes all differ. So one
// mismatch is a certain "no", and the place where it happens is the
// feedback.
package algebra
