package lessons

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"loralab/lora"
	"loralab/lora/quant"
)

// sweptBlocks are the block sizes at which every format is measured.
var sweptBlocks = [...]int{32, 64, 128, 256, 512, 1024, 2048, 4096}

func formatSpecs() []Spec {
	return []Spec{
		{Name: "weights-count", Label: "weights measured", Kind: KindCount},
		{Name: "level-count", Label: "levels of the format", Kind: KindCount},
		{Name: "levels-inside", Label: "levels between −1/2 and 1/2", Kind: KindCount},
		{Name: "weights-inside", Label: "weights between −1/2 and 1/2 of their block's largest", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "delta", Symbol: "δ", Label: "last probability of a NormalFloat of that width", Kind: KindReal, Digits: 7},
		{Name: "zero-share", Label: "weights that become exactly 0", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "entropy", Label: "information in a code", Kind: KindReal, Digits: 3, Unit: "bits"},
		{Name: "bits", Label: "bits a weight, scales counted", Kind: KindReal, Digits: 4},
		{Name: "bits-large", Label: "the same in a large matrix", Kind: KindReal, Digits: 4},
		{Name: "bits-plain", Label: "with scales of 32 bits, in a large matrix", Kind: KindReal, Digits: 4},
		{Name: "bits-double", Label: "with double quantization, in a large matrix", Kind: KindReal, Digits: 4},
		{Name: "bytes", Label: "bytes of these weights", Kind: KindCount},
		{Name: "bytes-16bit", Label: "bytes of these weights in 16 bits", Kind: KindCount},
		{Name: "error-mean", Label: "mean error of a weight", Kind: KindReal, Digits: 3},
		{Name: "error-max", Label: "largest error of a weight", Kind: KindReal, Digits: 3},
		{Name: "error-relative", Label: "root mean square error, of the weights'", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "snr", Label: "signal to noise", Kind: KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-plain", Label: "signal to noise, scales of 32 bits", Kind: KindReal, Digits: 4, Unit: "dB"},
		{Name: "snr-double", Label: "signal to noise, double quantization", Kind: KindReal, Digits: 4, Unit: "dB"},
		{Name: "snr-nf4", Label: "signal to noise of nf4, at this block size", Kind: KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-int4", Label: "signal to noise of int4, at this block size", Kind: KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-fp4", Label: "signal to noise of fp4, at this block size", Kind: KindReal, Digits: 3, Unit: "dB"},
		{Name: "best-4bit", Label: "4-bit format with the least noise", Kind: KindText},
		{Name: "snr-rows", Label: "signal to noise of int8 by rows (LLM.int8)", Kind: KindReal, Digits: 3, Unit: "dB"},
		{Name: "bits-rows", Label: "its bits a weight", Kind: KindReal, Digits: 4},
		{Name: "snr-bf16", Label: "signal to noise of bfloat16", Kind: KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-fp16", Label: "signal to noise of float16", Kind: KindReal, Digits: 3, Unit: "dB"},
		{Name: "outlier-error-64", Label: "an outlier makes the mean error larger, block 64", Kind: KindReal, Digits: 3, Unit: "×"},
		{Name: "outlier-error-4096", Label: "an outlier makes the mean error larger, block 4096", Kind: KindReal, Digits: 3, Unit: "×"},
		{Name: "outlier-zeros-64", Label: "weights lost to 0, one outlier in 4096, block 64", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "outlier-zeros-4096", Label: "weights lost to 0, one outlier in 4096, block 4096", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "outlier-zeros-none", Label: "weights lost to 0, no outlier, block 4096", Kind: KindReal, Percent: true, Digits: 3},
		{Name: "formats", Label: "format, block, double, bits, mean and max error, dB", Kind: KindMatrix},
		{Name: "histogram", Label: "one block: left and right edge, weights between", Kind: KindMatrix},
		{Name: "outlier-errors", Label: "block, mean error and zeros without and with an outlier", Kind: KindMatrix},
	}
}

// studiedWeights returns the tensors whose errors are measured: the network's
// weights, or random ones of the same shapes and deviations.
func studiedWeights(s Settings, net *lora.Network) []weightTensor {
	rng := lora.Stream(s.Seed(), "synthetic weights")
	var all []weightTensor
	for _, l := range net.Layers {
		t := weightTensor{values: quant.Float32s(l.W)}
		t.rows, t.cols = l.Dims()
		if s.Text("weights") != "network" {
			deviation := math.Sqrt(stat.MomentAbout(2, float64s(t.values), 0, nil))
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

// tailFreedom is the degrees of freedom of the heavy-tailed weights: of
// Student's t the fewest whole number with a finite variance.
const tailFreedom = 3

// outlierSpacing is how many weights there are to each outlier: one in every
// block of the largest size.
const outlierSpacing = quant.MaxBlock

// fillSynthetic draws weights of the given deviation, outliers not counted.
func fillSynthetic(x []float32, s Settings, deviation float64, rng *rand.Rand) {
	for i := range x {
		v := rng.NormFloat64()
		if s.Text("weights") == "heavy-tailed" {
			var chi2 float64
			for range tailFreedom {
				u := rng.NormFloat64()
				chi2 += u * u
			}
			v /= math.Sqrt(chi2/tailFreedom) * math.Sqrt(tailFreedom/(tailFreedom-2.0))
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

// measured is what one format does to all tensors together.
type measured struct {
	quant.Stats
	bits  float64 // a weight, exact
	bytes int
}

// measureFormat quantizes every tensor on its own, as a model's are.
func measureFormat(f quant.Format, tensors []weightTensor) (measured, error) {
	var m measured
	var want, got []float32
	for _, t := range tensors {
		q, err := f.Quantize(t.values)
		if err != nil {
			return m, err
		}
		want, got = append(want, t.values...), append(got, q.Dequantize()...)
		m.bits += q.Bits() * float64(q.N)
		m.bytes += q.Bytes()
	}
	m.bits /= float64(len(want))
	m.Stats = quant.Compare(want, got)
	return m, nil
}

// formatNames are the formats in the order in which findings number them.
func formatNames() []string { return quant.Names() }

// studyFormats measures all formats, and then the chosen one more closely.
func studyFormats(ctx context.Context, rec *Recorder, s Settings, tensors []weightTensor) error {
	rows := make([][][]float64, len(formatNames()))
	err := sideBySide(ctx, len(rows), func(ctx context.Context, i int) error {
		book := codebook(formatNames()[i])
		for _, block := range sweptBlocks {
			for double, is := range []bool{false, true} {
				if err := ctx.Err(); err != nil {
					return err
				}
				m, err := measureFormat(quant.Format{Book: book, Block: block, Double: is}, tensors)
				if err != nil {
					return err
				}
				if math.IsInf(m.SNR, 0) { // no error: nothing that an axis of decibels could show
					continue
				}
				rows[i] = append(rows[i], []float64{float64(i), float64(block), float64(double), m.bits, m.Mean, m.Max, m.SNR})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	rec.Find("formats", slices.Concat(rows...))
	if err := findFourBits(rec, s, tensors); err != nil {
		return err
	}
	if err := findChosenFormat(rec, s, tensors); err != nil {
		return err
	}
	return findWideFormats(rec, tensors)
}

// findFourBits compares the three 4-bit formats at the chosen block size.
func findFourBits(rec *Recorder, s Settings, tensors []weightTensor) error {
	best, most := "", math.Inf(-1)
	for _, name := range []string{"nf4", "int4", "fp4"} {
		f := s.numberFormat()
		f.Book = codebook(name)
		m, err := measureFormat(f, tensors)
		if err != nil {
			return err
		}
		rec.Find("snr-"+name, m.SNR)
		if m.SNR > most {
			best, most = name, m.SNR
		}
	}
	rec.Find("best-4bit", best)
	return nil
}

// findChosenFormat finds what there is to say of the format of the knobs.
func findChosenFormat(rec *Recorder, s Settings, tensors []weightTensor) error {
	f := s.numberFormat()
	m, err := measureFormat(f, tensors)
	if err != nil {
		return err
	}
	rec.Find("bits", m.bits)
	rec.Find("bytes", m.bytes)
	rec.Find("error-mean", m.Mean)
	rec.Find("error-max", m.Max)
	rec.Find("error-relative", math.Pow(10, -m.SNR/20))
	rec.Find("snr", m.SNR)
	rec.Find("bits-large", f.BitsPerParam())
	for name, double := range map[string]bool{"plain": false, "double": true} {
		g := f
		g.Double = double
		m, err := measureFormat(g, tensors)
		if err != nil {
			return err
		}
		rec.Find("snr-"+name, m.SNR)
		rec.Find("bits-"+name, g.BitsPerParam())
	}
	findLevels(rec, f)
	return findCodes(rec, f, tensors)
}

func findLevels(rec *Recorder, f quant.Format) {
	levels := slices.Compact(f.Book.Levels()) // FP4 has two codes for 0
	inside := 0
	for _, l := range levels {
		if math.Abs(float64(l)) < 0.5 {
			inside++
		}
	}
	rec.Find("level-count", len(levels))
	rec.Find("levels-inside", inside)
	n := math.Exp2(float64(f.Book.Bits()))
	rec.Find("delta", 1-(1/(2*n)+1/(2*(n-1)))/2)
}

// histogramBins cut [-1, 1]: enough to see the bell of a block of 64.
const histogramBins = 20

// findCodes looks at how the weights spread over the levels.
func findCodes(rec *Recorder, f quant.Format, tensors []weightTensor) error {
	f.Double = false // what is coded is scaled by the exact largest magnitude either way
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
	floats.Scale(1/float64(n), counts[:])
	rec.Find("weights-count", n)
	rec.Find("bytes-16bit", 2*n)
	rec.Find("zero-share", float64(zeros)/float64(n))
	rec.Find("weights-inside", float64(inside)/float64(n))
	rec.Find("entropy", stat.Entropy(counts[:])/math.Ln2)

	// The first block of the second layer: any would do.
	block := tensors[min(1, len(tensors)-1)].values
	block = block[:min(f.Block, len(block))]
	rec.Find("histogram", histogramOf(block))
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

// findWideFormats measures int8 by rows and the 16-bit floats, beside which 4
// bits are to be seen.
func findWideFormats(rec *Recorder, tensors []weightTensor) error {
	var want, rowWise []float32
	var bits float64
	for _, t := range tensors {
		q, err := quant.QuantizeRows(t.values, t.rows, t.cols, 0)
		if err != nil {
			return err
		}
		want, rowWise = append(want, t.values...), append(rowWise, q.Dequantize()...)
		bits += q.Bits() * float64(len(t.values))
	}
	rec.Find("snr-rows", quant.Compare(want, rowWise).SNR)
	rec.Find("bits-rows", bits/float64(len(want)))
	wide := float64s(want)
	for name, p := range map[string]quant.Precision{"snr-bf16": quant.BFloat16, "snr-fp16": quant.Float16} {
		rounded := slices.Clone(wide)
		p.RoundSlice(rounded)
		rec.Find(name, quant.Compare(wide, rounded).SNR)
	}
	return nil
}

// outlierBlocks is how many of the largest blocks the outlier's price is
// averaged over.
const outlierBlocks = 16

// studyOutlier measures what one outlier in 4096 normal weights costs the
// others, by block size. It is always about normal weights of deviation 1, so
// that only the outlier differs.
func studyOutlier(ctx context.Context, rec *Recorder, s Settings) error {
	rng := lora.Stream(s.Seed(), "outliers")
	plain := make([]float32, outlierBlocks*outlierSpacing)
	for i := range plain {
		plain[i] = float32(rng.NormFloat64())
	}
	planted := slices.Clone(plain)
	places := plantOutliers(planted, s.Real("outlier"), rng)

	f := s.numberFormat()
	rows := make([][]float64, len(sweptBlocks))
	err := sideBySide(ctx, len(rows), func(_ context.Context, i int) error {
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
		rows[i] = row
		return nil
	})
	if err != nil {
		return err
	}
	rec.Find("outlier-errors", rows)
	for _, row := range rows {
		switch row[0] {
		case 64:
			rec.Find("outlier-error-64", row[3]/row[1])
			rec.Find("outlier-zeros-64", row[4])
		case 4096:
			rec.Find("outlier-error-4096", row[3]/row[1])
			rec.Find("outlier-zeros-4096", row[4])
			rec.Find("outlier-zeros-none", row[2])
		}
	}
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
