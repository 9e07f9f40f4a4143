package quantization

import (
	"math"
	"math/rand/v2"

	"loralab/lessons/lab"
	"loralab/lora"
	"loralab/lora/linalg"
	"loralab/lora/quant"
)

// studiedWeights returns the tensors whose errors are measured: the network's
// weights, or random ones of the same shapes and deviations.
func studiedWeights(s lab.Settings, net *lora.Network) []weightTensor {
	rng := lora.Stream(s.Seed(), "synthetic weights")
	var all []weightTensor
	for _, l := range net.Layers {
		t := weightTensor{values: quant.Float32s(l.W)}
		t.rows, t.cols = l.Dims()
		if s.Text("weights") != "network" {
			deviation := linalg.Norm(l.W) / math.Sqrt(float64(len(t.values)))
			fillSynthetic(t.values, s, deviation, rng)
		}
		all = append(all, t)
	}
	return all
}

// weightTensor is a rows×cols weight in the order in which it is cut into
// blocks.
type weightTensor struct {
	rows, cols int
	values     []float32
}

func float64s(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// degreesOfFreedom are those of the heavy-tailed weights: the smallest whole
// number for which Student's t has a finite variance.
const degreesOfFreedom = 3

// outlierSpacing is how many weights there are to each outlier: one in every
// block of the largest size.
const outlierSpacing = quant.MaxBlock

// fillSynthetic draws weights of the given deviation, outliers not counted.
func fillSynthetic(x []float32, s lab.Settings, deviation float64, rng *rand.Rand) {
	for i := range x {
		v := lora.Normal(rng)
		if s.Text("weights") == "heavy-tailed" {
			var chi2 float64
			for range degreesOfFreedom {
				u := lora.Normal(rng)
				chi2 += float64(u * u)
			}
			v /= math.Sqrt(chi2/degreesOfFreedom) * math.Sqrt(degreesOfFreedom/(degreesOfFreedom-2.0))
		}
		x[i] = float32(v * deviation)
	}
	if s.Text("weights") == "outliers" {
		plantOutliers(x, s.Real("outlier")*deviation, rng)
	}
}

// plantOutliers puts one outlier of random sign at a random place in each
// outlierSpacing values, and returns the places.
func plantOutliers(x []float32, size float64, rng *rand.Rand) []int {
	var places []int
	for lo := 0; lo < len(x); lo += outlierSpacing {
		at := lo + rng.IntN(min(outlierSpacing, len(x)-lo))
		if rng.IntN(2) == 0 {
			size = -size
		}
		x[at] = float32(size)
		places = append(places, at)
	}
	return places
}
