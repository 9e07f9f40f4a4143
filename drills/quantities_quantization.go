package drills

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"loralab/drills/algebra"
	"loralab/lora"
	"loralab/lora/models"
	"loralab/lora/quant"
)

// sample is a tensor of normal weights, rounded to float32.
func sample(n int, rng interface{ NormFloat64() float64 }) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

func quantizationQuantities() []quantity {
	return []quantity{
		{"bits-per-param", []string{"bits", "block"}, func(v values) (truth, error) {
			return measuredBits(quant.Format{Book: quant.NormalFloat(v.int("bits")), Block: v.int("block")})
		}},
		{"bits-per-param-double", []string{"bits", "block"}, func(v values) (truth, error) {
			return measuredBits(quant.Format{Book: quant.NormalFloat(v.int("bits")), Block: v.int("block"), Double: true})
		}},
		{"tensor-bytes", []string{"d", "k", "block"}, func(v values) (truth, error) {
			q, err := quant.Format{Book: quant.NF4(), Block: v.int("block")}.Quantize(make([]float32, v.int("d")*v.int("k")))
			if err != nil {
				return truth{}, err
			}
			return count(int64(q.Bytes())), nil
		}},
		{"int-code", []string{"bits", "x", "absmax"}, func(v values) (truth, error) {
			book := quant.Int(v.int("bits"))
			return realTruth(math.Round(float64(book.Level(book.Code(float32(v["x"].number/v["absmax"].number)))) * float64(int(1)<<(v.int("bits")-1)-1))), nil
		}},
		{"int-dequantized", []string{"bits", "x", "absmax"}, func(v values) (truth, error) {
			book := quant.Int(v.int("bits"))
			return realTruth(float64(book.Level(book.Code(float32(v["x"].number/v["absmax"].number)))) * v["absmax"].number), nil
		}},
		// The largest magnitude that int4 rounds to zero beside an outlier, found
		// by bisection on the codes.
		{"zeroed-below", []string{"outlier"}, func(v values) (truth, error) {
			book := quant.Int(4)
			low, high := 0.0, v["outlier"].number
			for range 60 {
				middle := (low + high) / 2
				if book.Level(book.Code(float32(middle/v["outlier"].number))) == 0 {
					low = middle
				} else {
					high = middle
				}
			}
			return realTruth(low), nil
		}},
		{"positive-levels", []string{"bits"}, func(v values) (truth, error) {
			n := int64(0)
			for _, l := range quant.NormalFloat(v.int("bits")).Levels() {
				if l > 0 {
					n++
				}
			}
			return count(n), nil
		}},
		{"int-levels", []string{"bits"}, func(v values) (truth, error) {
			return count(int64(len(quant.Int(v.int("bits")).Levels()))), nil
		}},
		{"format-order", []string{"lab", "block"}, formatOrder},
		{"block-error", []string{"small", "large"}, func(v values) (truth, error) {
			x := sample(1<<14, lora.Stream(1, "drills block"))
			small, err := snr(quant.Format{Book: quant.NF4(), Block: v.int("small")}, x)
			if err != nil {
				return truth{}, err
			}
			large, err := snr(quant.Format{Book: quant.NF4(), Block: v.int("large")}, x)
			if err != nil {
				return truth{}, err
			}
			return pick(small > large, "finer", "coarser"), nil
		}},
		{"quantized-output", []string{"d", "k", "r", "alpha"}, quantizedOutput},
		{"loftq-target", []string{"d", "k", "r", "alpha"}, loftqTarget},
		{"loftq-helps", []string{"lab", "r"}, loftqHelps},
		{"base-nf4-gb", []string{"model", "r"}, func(v values) (truth, error) {
			m, _, err := v.tally(allLinear)
			if err != nil {
				return truth{}, err
			}
			var linear int64
			for _, g := range m.Linears() {
				linear += g.Params()
			}
			bits, _ := models.NF4{Block: 64, Double: true}.BitsPerParam().Float64()
			return realTruth(float64(linear) * bits / 8 / 1e9), nil
		}},
		{"linear-params", []string{"model"}, func(v values) (truth, error) {
			m, err := models.Find(v["model"].text)
			if err != nil {
				return truth{}, err
			}
			var linear int64
			for _, g := range m.Linears() {
				linear += g.Params()
			}
			return count(linear), nil
		}},
		{"double-quant-saves-gb", []string{"model"}, func(v values) (truth, error) {
			m, err := models.Find(v["model"].text)
			if err != nil {
				return truth{}, err
			}
			var linear int64
			for _, g := range m.Linears() {
				linear += g.Params()
			}
			single := quant.Format{Book: quant.NF4(), Block: 64}
			double := quant.Format{Book: quant.NF4(), Block: 64, Double: true}
			return realTruth(float64(linear) * (single.BitsPerParam() - double.BitsPerParam()) / 8 / 1e9), nil
		}},
		{"packed-elements", []string{"d", "k"}, func(v values) (truth, error) {
			q, err := quant.Format{Book: quant.NF4(), Block: 64}.Quantize(make([]float32, v.int("d")*v.int("k")))
			if err != nil {
				return truth{}, err
			}
			return count(int64(len(q.Packed))), nil
		}},
		{"width-order", []string{"lab"}, bitsOrder},
	}
}

// measuredBits quantizes a large tensor of whole blocks and counts its bits.
func measuredBits(f quant.Format) (truth, error) {
	q, err := f.Quantize(make([]float32, 256*f.Block))
	if err != nil {
		return truth{}, err
	}
	if !f.Double {
		return realTruth(q.Bits()), nil
	}
	return realTruth(f.BitsPerParam()), nil // without the one offset of the tensor, four bytes in all
}

func snr(f quant.Format, x []float32) (float64, error) {
	q, err := f.Quantize(x)
	if err != nil {
		return 0, err
	}
	return quant.Compare(x, q.Dequantize()).SNR, nil
}

// ranked orders formats by their signal-to-noise ratio on normal weights, the
// best first.
func ranked(formats map[string]quant.Format, x []float32) (truth, error) {
	ratio := map[string]float64{}
	var ids []string
	for id, f := range formats {
		r, err := snr(f, x)
		if err != nil {
			return truth{}, err
		}
		ratio[id] = r
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if ratio[a] > ratio[b] {
			return -1
		}
		return 1
	})
	return truth{order: ids}, nil
}

func formatOrder(v values) (truth, error) {
	block := v.int("block")
	return ranked(map[string]quant.Format{
		"nf4": {Book: quant.NF4(), Block: block}, "int4": {Book: quant.Int(4), Block: block}, "fp4": {Book: quant.FP4(), Block: block},
	}, sample(1<<14, lora.Stream(uint64(v.int("lab")), "drills formats")))
}

func bitsOrder(v values) (truth, error) {
	return ranked(map[string]quant.Format{
		"nf4-64": {Book: quant.NF4(), Block: 64}, "nf4-4096": {Book: quant.NF4(), Block: 4096},
		"nf2-64": {Book: quant.NormalFloat(2), Block: 64}, "int8-64": {Book: quant.Int(8), Block: 64},
	}, sample(1<<14, lora.Stream(uint64(v.int("lab")), "drills widths")))
}

// quantizedOutput runs a layer whose base is 4-bit: Q is what the codes stand
// for.
func quantizedOutput(v values) (truth, error) {
	l := v.liveLayer(lora.AlphaOverR)
	d, k := l.layer.Dims()
	q, err := quant.Format{Book: quant.NF4(), Block: 64}.QuantizeDense(l.layer.W)
	if err != nil {
		return truth{}, err
	}
	l.layer.W.Copy(q.Dense(d, k))
	operands := l.operands(l.layer.W)
	for i, o := range operands {
		if o.Name == "W" {
			operands[i].Name = "Q"
			operands[i].Aliases = []string{"W_q", "Wq", "W_4", "W4", "W_nf4", "dequant", "W_dequant", "dq", "W_dq", "W"}
		}
	}
	return truth{system: &system{operands, l.forward()}}, nil
}

// loftqTarget is the s·B·A for which a layer with a quantized base computes, before
// training, what the original did.
func loftqTarget(v values) (truth, error) {
	l := v.liveLayer(lora.AlphaOverR)
	d, k := l.layer.Dims()
	q, err := quant.Format{Book: quant.NF4(), Block: 64}.QuantizeDense(l.layer.W)
	if err != nil {
		return truth{}, err
	}
	base := q.Dense(d, k)
	gap := mat.NewDense(d, k, nil)
	gap.Sub(l.layer.W, base)
	return truth{system: &system{algebra.Layer{
		{Name: "W", Role: algebra.Weight, Matrix: l.layer.W, Rows: "d", Cols: "k"},
		{Name: "Q", Role: algebra.Weight, Matrix: base, Rows: "d", Cols: "k", Aliases: []string{"W_q", "Wq", "W_4", "W4", "dq"}},
	}, gap}}, nil
}

// loftqHelps compares where training starts with and without LoftQ.
func loftqHelps(v values) (truth, error) {
	w := normal(32, 32, lora.Stream(uint64(v.int("lab")), "drills loftq"))
	fit, err := quant.NewLoftQ(w, quant.Format{Book: quant.NormalFloat(2), Block: 64}, v.int("r"), 1, 1)
	if err != nil {
		return truth{}, err
	}
	if len(fit.Steps) == 0 {
		return truth{}, fmt.Errorf("no step was taken")
	}
	return pick(fit.Steps[0].Start < fit.Steps[0].Base, "nearer", "same"), nil
}
