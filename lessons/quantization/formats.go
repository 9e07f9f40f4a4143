package quantization

import (
	"context"
	"math"
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora/libm"
	"loralab/lora/quant"
)

// sweptBlocks are the block sizes at which every format is measured.
var sweptBlocks = [...]int{32, 64, 128, 256, 512, 1024, 2048, 4096}

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
		m.bits += float64(q.Bits() * float64(q.N))
		m.bytes += q.Bytes()
	}
	m.bits /= float64(len(want))
	m.Stats = quant.Compare(want, got)
	return m, nil
}

// formatNames are the formats in the order in which findings number them.
func formatNames() []string { return quant.Names() }

// formatNumber is the number of a format in findings.
func formatNumber(name string) float64 { return float64(slices.Index(formatNames(), name)) }

// studyFormats measures all formats, and then the chosen one more closely.
func studyFormats(ctx context.Context, rec *lab.Recorder, s lab.Settings, tensors []weightTensor) error {
	rows := make([][][]float64, len(formatNames()))
	err := train.SideBySide(ctx, len(rows), func(ctx context.Context, i int) error {
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
	rec.Report("formats", slices.Concat(rows...))
	if err := reportFourBits(rec, s, tensors); err != nil {
		return err
	}
	if err := reportChosen(rec, s, tensors); err != nil {
		return err
	}
	return reportWide(rec, tensors)
}

// reportFourBits compares the three 4-bit formats at the chosen block size.
func reportFourBits(rec *lab.Recorder, s lab.Settings, tensors []weightTensor) error {
	best, most := "", math.Inf(-1)
	for _, name := range []string{"nf4", "int4", "fp4"} {
		f := numberFormat(s)
		f.Book = codebook(name)
		m, err := measureFormat(f, tensors)
		if err != nil {
			return err
		}
		rec.Report("snr-"+name, m.SNR)
		if m.SNR > most {
			best, most = name, m.SNR
		}
	}
	rec.Report("best-4bit", best)
	return nil
}

// reportChosen reports on the format that the knobs choose.
func reportChosen(rec *lab.Recorder, s lab.Settings, tensors []weightTensor) error {
	f := numberFormat(s)
	m, err := measureFormat(f, tensors)
	if err != nil {
		return err
	}
	rec.Report("bits", m.bits)
	rec.Report("bytes", m.bytes)
	rec.Report("error-mean", m.Mean)
	rec.Report("error-max", m.Max)
	rec.Report("error-relative", libm.Exp(-m.SNR*math.Ln10/20))
	rec.Report("snr", m.SNR)
	rec.Report("bits-large", f.BitsPerParam())
	for name, double := range map[string]bool{"plain": false, "double": true} {
		g := f
		g.Double = double
		m, err := measureFormat(g, tensors)
		if err != nil {
			return err
		}
		rec.Report("snr-"+name, m.SNR)
		rec.Report("bits-"+name, g.BitsPerParam())
	}
	reportLevels(rec, f)
	return reportCodes(rec, f, tensors)
}

// reportWide measures int8 by rows and the 16-bit floats, with which 4 bits are
// compared.
func reportWide(rec *lab.Recorder, tensors []weightTensor) error {
	var want, rowWise []float32
	var bits float64
	for _, t := range tensors {
		q, err := quant.QuantizeRows(t.values, t.rows, t.cols, 0)
		if err != nil {
			return err
		}
		want, rowWise = append(want, t.values...), append(rowWise, q.Dequantize()...)
		bits += float64(q.Bits() * float64(len(t.values)))
	}
	rec.Report("snr-rows", quant.Compare(want, rowWise).SNR)
	rec.Report("bits-rows", bits/float64(len(want)))
	wide := float64s(want)
	for name, p := range map[string]quant.Precision{"snr-bf16": quant.BFloat16, "snr-fp16": quant.Float16} {
		rounded := slices.Clone(wide)
		p.RoundSlice(rounded)
		rec.Report(name, quant.Compare(wide, rounded).SNR)
	}
	return nil
}
