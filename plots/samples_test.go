package plots

import (
	"math"
	"math/rand/v2"
)

// samples are figures of every kind, as a lesson would make them.
func samples() []*Figure {
	r := rand.New(rand.NewPCG(1, 2))
	noisy := func(n int, floor, rate float64) (xs, ys []float64) {
		for i := range n {
			xs = append(xs, float64(i))
			ys = append(ys, floor+2.3*math.Exp(-rate*float64(i))+0.05*r.NormFloat64()*math.Exp(-rate*float64(i)/3))
		}
		return xs, ys
	}
	steps := 400.0
	x1, full := noisy(400, 0.02, 0.03)
	x2, lora := noisy(260, 0.15, 0.015)
	x3, last := noisy(400, 0.2, 0.008)
	var index, sv, svLora []float64
	for i := range 64 {
		index = append(index, float64(i+1))
		sv = append(sv, 3*math.Exp(-float64(i)/9)+1e-3)
		if i < 4 {
			svLora = append(svLora, 2.6*math.Exp(-float64(i)/8))
		} else {
			svLora = append(svLora, 0)
		}
	}
	rankOne := make([][]float64, 12)
	v := make([]float64, 24)
	for j := range v {
		v[j] = r.NormFloat64()
	}
	for i := range rankOne {
		u := r.NormFloat64()
		for _, x := range v {
			rankOne[i] = append(rankOne[i], 0.2*u*x)
		}
	}
	big := make([][]float64, 64)
	for i := range big {
		for j := range 64 {
			big[i] = append(big[i], math.Sin(float64(i)/6)*math.Cos(float64(j)/9))
		}
	}
	similar := [][]float64{{0.98, 0.61, 0.44, 0.31}, {0.61, 0.87, 0.52, 0.38}, {0.44, 0.52, 0.71, 0.4}, {0.31, 0.38, 0.4, 0.55}}
	var edges, counts []float64
	for i := range 41 {
		edges = append(edges, -1+float64(i)/20)
	}
	for i := range 40 {
		x := (edges[i] + edges[i+1]) / 2
		counts = append(counts, math.Round(400*math.Exp(-x*x*6)))
	}
	nf4 := []float64{-1, -0.6962, -0.5251, -0.3949, -0.2844, -0.1848, -0.0911, 0, 0.0796, 0.1609, 0.2461, 0.3379, 0.4407, 0.5626, 0.723, 1}
	var int4 []float64
	for i := -7; i <= 7; i++ {
		int4 = append(int4, float64(i)/7)
	}
	return []*Figure{
		{
			ID: "loss", Title: "Loss while training", Caption: "LoRA follows the full update down and stops at the floor that its rank allows.",
			XLabel: "step", YLabel: "loss (nats)", XMax: &steps,
			Lines: []Line{
				{Name: "LoRA r=4", X: x2, Y: lora}, {Name: "full", X: x1, Y: full, Style: 1},
				{Name: "last run", X: x3, Y: last, Faint: true},
			},
			Levels: []Level{{Name: "floor", Y: 0.12, Style: 2}},
		},
		{
			ID: "spectrum", Title: "Singular values of ΔW", Caption: "A few directions hold nearly all of the update.",
			XLabel: "index i", YLabel: "σᵢ", YLog: true,
			Lines: []Line{{Name: "full ΔW", X: index, Y: sv, Style: 1}, {Name: "s·BA", X: index, Y: svLora}},
		},
		{
			ID: "ranks", Title: "Accuracy against rank", Caption: "Four directions of 64 are enough.",
			XLabel: "rank r", YLabel: "accuracy (%)", XLog: true,
			Lines:  []Line{{Name: "LoRA", X: []float64{1, 2, 4, 8, 16}, Y: []float64{86.8, 96.0, 97.2, 97.4, 97.4}}},
			Levels: []Level{{Name: "full", Y: 97.5, Style: 1}, {Name: "before", Y: 11.8, Style: 2}},
		},
		{
			ID: "trade", Title: "Error against size", XLabel: "bits a parameter", YLabel: "SNR (dB)",
			Points: []Points{{Name: "4-bit formats", X: []float64{4.5, 4.127, 4.5, 8.5}, Y: []float64{20.8, 20.4, 18.3, 41.2}, Labels: []string{"NF4", "NF4 double", "FP4", "int8"}},
				{Name: "others", X: []float64{2.5, 3.5}, Y: []float64{9.1, 14.9}, Labels: []string{"NF2", "NF3"}, Style: 1}},
		},
		{
			ID: "weights", Title: "Weights of a block", Caption: "NF4 puts its levels where the weights are.", XLabel: "w / max |w|", YLabel: "count",
			Hist: &Hist{Edges: edges, Counts: counts, Style: 5},
			Rugs: []Rug{{Name: "NF4", X: nf4}, {Name: "int4", X: int4, Style: 1}},
		},
		{
			ID: "params", Title: "Trained parameters", Caption: "LoRA trains a small fraction of the layer.", YLabel: "parameters",
			Bars: &Bars{Names: []string{"full", "LoRA r=16", "LoRA r=4", "LoRA r=1", "bias only"}, Horizontal: true,
				Series: []BarSeries{{Values: []float64{262144, 16384, 4096, 1024, 512}}}},
		},
		{
			ID: "memory", Title: "Memory to train a 7B model", YLabel: "GB",
			Bars: &Bars{Names: []string{"full", "LoRA", "QLoRA"}, Horizontal: true, Stacked: true, Unit: "GB", Series: []BarSeries{
				{Name: "weights", Values: []float64{13.5, 13.5, 3.87}}, {Name: "gradients", Values: []float64{13.5, 0.08, 0.08}, Style: 1},
				{Name: "optimizer", Values: []float64{53.9, 0.32, 0.32}, Style: 2}, {Name: "adapter", Values: []float64{0, 0.08, 0.08}, Style: 3}}},
		},
		{
			ID: "accuracy", Title: "Accuracy before and after", XLabel: "shift", YLabel: "accuracy (%)",
			Bars: &Bars{Names: []string{"rotate", "mirror", "invert"}, Unit: "%", Series: []BarSeries{
				{Name: "before", Values: []float64{11.8, 25.3, 4.6}, Style: 1}, {Name: "after", Values: []float64{97.2, 96.9, 81.5}}}},
		},
		{
			ID: "signed", Title: "Change of loss", YLabel: "nats",
			Bars: &Bars{Names: []string{"TIES", "DARE", "linear"}, Horizontal: true, Series: []BarSeries{{Values: []float64{-0.31, 0.12, 0.044}}}},
		},
		{
			ID: "delta", Title: "s·BA", Caption: "Rank one: every row is a multiple of every other.", XLabel: "24 inputs", YLabel: "12 outputs",
			Heat: &Heat{Z: rankOne, Diverging: true},
		},
		{ID: "big", Title: "ΔW", XLabel: "k = 64", YLabel: "d = 64", Heat: &Heat{Z: big, Diverging: true}},
		{
			ID: "similarity", Title: "Subspace similarity φ(i, j)", XLabel: "j", YLabel: "i",
			Heat: &Heat{Z: similar, Values: true, Digits: 2, RowNames: []string{"i=1", "i=2", "i=3", "i=4"}, ColNames: []string{"j=1", "j=2", "j=3", "j=4"}},
		},
		readings(),
		productSample(r),
		flowSample(128, 64, 4),
		{ID: "empty", Title: "Loss while training", XLabel: "step", YLabel: "loss (nats)", XMax: &steps, Lines: []Line{{Name: "LoRA"}}},
	}
}

// productSample is a rank-2 update of a 128×64 matrix, and a full one.
func productSample(r *rand.Rand) *Figure {
	random := func(rows, cols int, deviation float64) [][]float64 {
		var z [][]float64
		for range rows {
			var row []float64
			for range cols {
				row = append(row, deviation*r.NormFloat64())
			}
			z = append(z, row)
		}
		return z
	}
	return &Figure{ID: "product", Title: "the update that LoRA makes", Caption: "Every row is a mix of the two rows of A.", Product: &Product{
		Name: "s·B·A", Scale: 2, Left: Factor{Name: "B", Rows: 128, Cols: 2, Z: random(32, 2, 0.4)}, Top: Factor{Name: "A", Rows: 2, Cols: 64, Z: random(2, 64, 0.5)},
		Beside: Factor{Name: "ΔW in full", Rows: 128, Cols: 64, Z: random(32, 64, 0.15), Largest: 0.61}}}
}
