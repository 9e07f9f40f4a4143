package lora

import (
	"math"

	"loralab/lora/libm"
)

// Activation is the function between the layers of a network.
type Activation uint8

const (
	ReLU Activation = iota // max(0, z)
	GELU                   // z·Φ(z) with the normal's distribution function, PyTorch's default (not the tanh approximation)
	Tanh
)

func (a Activation) String() string {
	switch a {
	case GELU:
		return "gelu"
	case Tanh:
		return "tanh"
	default:
		return "relu"
	}
}

// apply sets y[i] to the function's value at z[i].
func (a Activation) apply(y, z []float64) {
	switch a {
	case GELU:
		for i, v := range z {
			y[i] = v * normalCDF(v)
		}
	case Tanh:
		for i, v := range z {
			y[i] = libm.Tanh(v)
		}
	default:
		for i, v := range z {
			y[i] = max(v, 0)
		}
	}
}

// chain multiplies g[i] by the function's derivative at z[i]. At z = 0 the
// derivative of ReLU is taken as 0, as PyTorch does.
func (a Activation) chain(g, z []float64) {
	switch a {
	case GELU:
		for i, v := range z {
			g[i] *= normalCDF(v) + v*libm.Exp(-v*v/2)/math.Sqrt(2*math.Pi)
		}
	case Tanh:
		for i, v := range z {
			t := libm.Tanh(v)
			g[i] *= 1 - float64(t*t)
		}
	default:
		for i, v := range z {
			if v <= 0 {
				g[i] = 0
			}
		}
	}
}

func normalCDF(z float64) float64 { return float64(0.5 * libm.Erfc(-z/math.Sqrt2)) }
