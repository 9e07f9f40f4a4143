package quant

import (
	"fmt"
	"math"

	"loralab/lora/libm"
)

// Stats says how far an approximation is from the values it stands for.
type Stats struct {
	Mean float64 // mean |error|
	Max  float64 // max |error|
	SNR  float64 // signal-to-noise, 10·log10(Σ want²/Σ error²), in dB; +Inf without error
}

// Compare measures got against want. It panics if their lengths differ.
func Compare[T float32 | float64](want, got []T) Stats {
	var c Comparison
	addTo(&c, want, got)
	return c.Stats()
}

// Comparison measures an approximation that comes in pieces: added in order, they
// give what [Compare] gives for the whole.
type Comparison struct {
	n             int
	sum, max      float64 // of |error|
	signal, noise float64
}

// Add takes in a piece. It panics if the lengths differ.
func (c *Comparison) Add(want, got []float32) { addTo(c, want, got) }

func addTo[T float32 | float64](c *Comparison, want, got []T) {
	if len(want) != len(got) {
		panic(ShapeError{"Compare", fmt.Sprintf("%d elements", len(got)), fmt.Sprintf("%d", len(want))})
	}
	for i, w := range want {
		e := math.Abs(float64(w) - float64(got[i]))
		c.sum += e
		c.max = math.Max(c.max, e) // not the builtin: a NaN must show
		c.signal += float64(float64(w) * float64(w))
		c.noise += float64(e * e)
	}
	c.n += len(want)
}

// Stats returns what has been measured.
func (c *Comparison) Stats() Stats {
	s := Stats{Mean: c.sum, Max: c.max, SNR: math.Inf(1)}
	if c.n > 0 {
		s.Mean /= float64(c.n)
	}
	if c.noise != 0 { // also if it is NaN
		s.SNR = float64(10 * libm.Log10(c.signal/c.noise))
	}
	return s
}
