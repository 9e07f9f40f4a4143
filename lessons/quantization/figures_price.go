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
