package lora

import (
	"math"
	"math/rand/v2"

	"loralab/lora/libm"
)

// Normal draws a standard normal number from rng, by the ziggurat of Marsaglia
// and Tsang (2000). It reads rng and decides as [rand.Rand.NormFloat64] does and
// returns the same number, but for the last digit in the tails (beyond ±3.44):
// that takes a logarithm, which the standard library computes otherwise on
// other machines.
func Normal(rng *rand.Rand) float64 {
	for {
		u := rng.Uint64()
		j, i := int32(u), u>>32%strips
		x := float64(float64(j) * float64(ziggurat.width[i]))
		switch {
		case magnitude(j) < ziggurat.inside[i]:
			return x
		case i == 0:
			return math.Copysign(tail(rng), float64(j))
		}
		// Between the strip's rectangle and the curve.
		below, above := ziggurat.height[i-1], ziggurat.height[i]
		if above+float32(float32(rng.Float64())*(below-above)) < float32(libm.Exp(float64(-.5*x*x))) {
			return x
		}
	}
}

// tail draws from the tail above the base of the ziggurat (Marsaglia 1964).
func tail(rng *rand.Rand) float64 {
	for {
		x := float64(-libm.Log(rng.Float64()) * (1.0 / base))
		y := -libm.Log(rng.Float64())
		if y+y >= float64(x*x) {
			return base + x
		}
	}
}

func magnitude(j int32) uint32 {
	if j < 0 {
		return -uint32(j)
	}
	return uint32(j)
}

const (
	strips = 128
	base   = 3.442619855899      // where the tail begins
	area   = 9.91256303526217e-3 // of each strip
)

// layers are strips of equal area that cover the density exp(−x²/2).
type layers struct {
	inside [strips]uint32  // 31-bit numbers below this lie within the strip above
	width  [strips]float32 // of a strip, divided by 2³¹
	height [strips]float32 // of the density at the strip's edge
}

var ziggurat = newLayers()

// newLayers is Marsaglia and Tsang's own computation.
func newLayers() *layers {
	const top = 1 << 31
	density := func(x float64) float64 { return libm.Exp(float64(-.5 * x * x)) }
	z := new(layers)
	bottom := area / density(base)
	z.inside[0] = uint32(base / bottom * top)
	z.width[0], z.width[strips-1] = float32(bottom/top), float32(float64(base)/top)
	z.height[0], z.height[strips-1] = 1, float32(density(base))
	edge := float64(base)
	for i := strips - 2; i >= 1; i-- {
		last := edge
		edge = math.Sqrt(float64(-2 * libm.Log(area/last+density(last))))
		z.inside[i+1] = uint32(edge / last * top)
		z.width[i] = float32(edge / top)
		z.height[i] = float32(density(edge))
	}
	return z
}
