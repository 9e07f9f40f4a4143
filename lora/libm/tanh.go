package libm

import "math"

// Tanh returns the hyperbolic tangent of x.
//
// The algorithm and the coefficients are from Cephes by Stephen L. Moshier
// (http://netlib.sandia.gov/cephes/cmath/sinh.c), whose readme says: "What you
// see here may be used freely but it comes with no support or guarantee." Below
// 0.625 a rational function takes the place of the exponential, which would
// cancel there.
func Tanh(x float64) float64 {
	const one = 44.014845965556527 // from here on the result rounds to 1
	z := math.Abs(x)
	switch {
	case z > one:
		z = 1
	case z >= 0.625:
		z = 1 - 2/(Exp(float64(2*z))+1)
	case x == 0:
		return x
	default:
		s := float64(x * x)
		return x + float64(float64(x*s)*polynomial(s, tanhP[:]))/polynomial(s, tanhQ[:])
	}
	return math.Copysign(z, x)
}

var (
	tanhP = [...]float64{
		-1.61468768441708447952e3,
		-9.92877231001918586564e1,
		-9.64399179425052238628e-1,
	}
	tanhQ = [...]float64{
		4.84406305325125486048e3,
		2.23548839060100448583e3,
		1.12811678491632931402e2,
		1,
	}
)
