package quantization

import (
	"context"
	"fmt"
	"math"
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// outlierBlocks is the number of blocks of the largest size, each with an outlier,
// over which errors are averaged.
const outlierBlocks = 16

// outlierColumns are those of the finding outlier-errors: the mean error of the
// other weights and the share of them that become 0, without the outlier and
// with it.
var outlierColumns = [...]string{"block", "error", "zeros", "error-outlier", "zeros-outlier"}

// studyOutlier measures what one outlier in 4096 normal weights costs the
// others, by block size. It is always about normal weights of deviation 1, so
// that only the outlier differs.
func studyOutlier(ctx context.Context, rec *lab.Recorder, s lab.Settings) error {
	rng := lora.Stream(s.Seed(), "outliers")
	plain := make([]float32, outlierBlocks*outlierSpacing)
	for i := range plain {
		plain[i] = float32(lora.Normal(rng))
	}
	planted := slices.Clone(plain)
	places := plantOutliers(planted, s.Real("outlier"), rng)

	f := numberFormat(s)
	errors := lab.Table{Columns: outlierColumns[:], Values: make([][]float64, len(sweptBlocks))}
	err := train.SideBySide(ctx, len(sweptBlocks), func(_ context.Context, i int) error {
		g := f
		g.Block = sweptBlocks[i]
		row := []float64{float64(g.Block)}
		for _, x := range [][]float32{plain, planted} {
			q, err := g.Quantize(x)
			if err != nil {
				return err
			}
			mean, zeros := errorOfOthers(x, q.Dequantize(), places)
			row = append(row, mean, zeros)
		}
		errors.Values[i] = row
		return nil
	})
	if err != nil {
		return err
	}
	rec.Report("outlier-errors", errors)
	for _, block := range []int{64, 4096} {
		at := slices.Index(sweptBlocks[:], block)
		rec.Report(fmt.Sprintf("outlier-error-%d", block), errors.At(at, "error-outlier")/errors.At(at, "error"))
		rec.Report(fmt.Sprintf("outlier-zeros-%d", block), errors.At(at, "zeros-outlier"))
	}
	rec.Report("outlier-zeros-none", errors.Where("block", 4096).At(0, "zeros"))
	return nil
}

// errorOfOthers returns the mean error of the values that are not at the given
// places, and the share of them that became 0.
func errorOfOthers(want, got []float32, places []int) (mean, zeros float64) {
	n := 0
	for i, w := range want {
		if slices.Contains(places, i) {
			continue
		}
		n++
		mean += math.Abs(float64(w) - float64(got[i]))
		if got[i] == 0 {
			zeros++
		}
	}
	return mean / float64(n), zeros / float64(n)
}
