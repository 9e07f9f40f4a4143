package train

import "loralab/plots"

// The styles of a curve are the same in every figure of every experiment.
const (
	StyleLoRA  plots.Style = iota // the accent: what the lesson is about
	StyleFull                     // full fine-tuning, full precision, the base
	StyleBound                    // what no training can pass
	StyleOther
	StyleBase plots.Style = 5 // what is not trained at all, where it stands beside all others
)

// Percent turns shares of 1 into percent, in place.
func Percent(y []float64) {
	for i := range y {
		y[i] *= 100
	}
}
