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
	if len(want) != len(got) {
		panic(ShapeError{"Compare", fmt.Sprintf("%d elements", len(got)), fmt.Sprintf("%d", len(want))})
	}
	var s Stats
	var signal, noise float64
	for i, w := range want {
		e := math.Abs(float64(w) - float64(got[i]))
		s.Mean += e
		s.Max = math.Max(s.Max, e) // not the builtin: a NaN must show
		signal += float64(float64(w) * float64(w))
		noise += float64(e * e)
	}
	if len(want) > 0 {
		s.Mean /= float64(len(want))
	}
	s.SNR = math.Inf(1)
	if noise != 0 { // also if it is NaN
		s.SNR = float64(10 * libm.Log10(signal/noise))
	}
	return s
}
