package quantization

import (
	"fmt"
	"math"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/plots"
)

// priceFigure shows what a weight costs in the chosen format, by the size of the
// blocks: its code, and its share of the scale.
func priceFigure(r *lab.Record) *plots.Figure {
	format, block := r.Settings.Text("format"), r.Settings.Text("block")
	f := &plots.Figure{ID: "price", Title: "what a weight costs in " + format + ", by block size", YLabel: "bits a weight",
		Caption: "The code of the weight, and its share of the scale that its block is divided by."}
	double := 0.0
	if r.Settings.Text("double") == "yes" {
		double = 1
	}
	width := codebook(format).Bits()
	formats := r.Table("formats").Where("format", formatNumber(format)).Where("double", double)
	codes := plots.BarSeries{Name: "code", Style: train.StyleFull}
	scales := plots.BarSeries{Name: "scale", Style: train.StyleLoRA}
	f.Bars = &plots.Bars{Horizontal: true, Stacked: true, Unit: "bits"}
	for _, size := range sweptBlocks {
		name := fmt.Sprintf("block %d", size)
		code, scale := math.NaN(), math.NaN()
		if at := formats.Where("block", float64(size)); at.Len() > 0 {
			code, scale = float64(width), at.At(0, "bits")-float64(width)
		}
		f.Bars.Names = append(f.Bars.Names, name)
		codes.Values, scales.Values = append(codes.Values, code), append(scales.Values, scale)
		if name == "block "+block {
			f.Shows = []plots.Shown{{Name: "bits", Row: name}}
		}
	}
	f.Bars.Series = []plots.BarSeries{codes, scales}
	return f
}

// comparedFormats are the rows of the figure "formats", from narrow to wide.
var comparedFormats = [...]string{"nf2", "int2", "nf3", "int3", "nf4", "int4", "fp4", "int8", "dynamic8"}

// formatsTable sets what a format costs beside how well it keeps the weights, a row
// a format, at the chosen block size: the figure "error" without its curves.
func formatsTable(r *lab.Record) *plots.Figure {
	block := r.Settings.Real("block")
	f := &plots.Figure{ID: "formats", Title: "what formats cost and keep, block " + r.Settings.Text("block"),
		YLabel:  "bits a weight, signal to noise (dB)",
		Caption: "Ten decibels more are a tenth of the noise energy. double: scales in 8 bits; rows: one scale a row of W."}
	bits := plots.BarSeries{Name: "bits", Style: train.StyleFull}
	snr := plots.BarSeries{Name: "dB", Style: train.StyleLoRA}
	var names []string
	add := func(name string, cost, kept float64) {
		names = append(names, name)
		bits.Values, snr.Values = append(bits.Values, cost), append(snr.Values, kept)
	}
	formats := r.Table("formats").Where("block", block)
	measured := func(name, format string, double float64) {
		cost, kept := math.NaN(), math.NaN()
		if at := formats.Where("format", formatNumber(format)).Where("double", double); at.Len() > 0 {
			cost, kept = at.At(0, "bits"), at.At(0, "snr")
		}
		add(name, cost, kept)
	}
	chosen := r.Settings.Text("format")
	for _, format := range comparedFormats {
		measured(format, format, 0)
		if format == chosen {
			measured(format+" double", format, 1)
		}
	}
	add("int8 rows", r.Real("bits-rows"), r.Real("snr-rows"))
	add("bf16", 16, r.Real("snr-bf16"))
	f.Bars = &plots.Bars{Names: names, Horizontal: true, Series: []plots.BarSeries{bits, snr}}
	row := chosen
	if r.Settings.Text("double") == "yes" {
		row += " double"
	}
	f.Shows = []plots.Shown{{Name: "bits", Row: row + ": bits"}, {Name: "snr", Row: row + ": dB"}}
	return f
}
