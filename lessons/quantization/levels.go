package quantization

import (
	"math"
	"slices"

	"loralab/lessons/lab"
	"loralab/lora/libm"
	"loralab/lora/quant"
)

func reportLevels(rec *lab.Recorder, f quant.Format) {
	levels := slices.Compact(f.Book.Levels()) // FP4 has two codes for 0
	inside := 0
	for _, l := range levels {
		if math.Abs(float64(l)) < 0.5 {
			inside++
		}
	}
	rec.Report("level-count", len(levels))
	rec.Report("levels-inside", inside)
	n := math.Ldexp(1, f.Book.Bits())
	rec.Report("delta", 1-float64((1/(2*n)+1/(2*(n-1)))/2))
}

// histogramBins divide [-1, 1]: enough to show the shape of a block of 64.
const histogramBins = 20

// reportCodes reports how the weights are distributed over the levels.
func reportCodes(rec *lab.Recorder, f quant.Format, tensors []weightTensor) error {
	f.Double = false // codes are chosen before the scales are quantized
	var counts [256]float64
	n, zeros, inside := 0, 0, 0
	for _, t := range tensors {
		q, err := f.Quantize(t.values)
		if err != nil {
			return err
		}
		n += q.N
		for i := range q.N {
			code := q.Code(i)
			counts[code]++
			if f.Book.Level(code) == 0 {
				zeros++
			}
			if math.Abs(float64(t.values[i])) < float64(q.Absmax[i/f.Block])/2 {
				inside++
			}
		}
	}
	entropy := 0.0
	for _, count := range counts {
		if p := count / float64(n); p > 0 {
			entropy -= float64(p * libm.Log(p) / math.Ln2)
		}
	}
	rec.Report("weights-count", n)
	rec.Report("bytes-16bit", 2*n)
	rec.Report("zero-share", float64(zeros)/float64(n))
	rec.Report("weights-inside", float64(inside)/float64(n))
	rec.Report("entropy", entropy)

	// The first block of the second layer: any would do.
	block := tensors[min(1, len(tensors)-1)].values
	block = block[:min(f.Block, len(block))]
	rec.Report("histogram", histogramOf(block))
	return nil
}

// histogramOf counts the values of a block, divided by the largest magnitude.
func histogramOf(block []float32) [][]float64 {
	largest := 0.0
	for _, v := range block {
		largest = max(largest, math.Abs(float64(v)))
	}
	rows := make([][]float64, histogramBins)
	for i := range rows {
		rows[i] = []float64{-1 + 2*float64(i)/histogramBins, -1 + 2*float64(i+1)/histogramBins, 0}
	}
	for _, v := range block {
		if largest > 0 {
			at := int((float64(v)/largest + 1) / 2 * histogramBins)
			rows[min(max(at, 0), histogramBins-1)][2]++
		}
	}
	return rows
}
