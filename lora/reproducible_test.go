package lora_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/quant"
	"loralab/lora/toy"
)

var update = flag.Bool("update", false, "write the values computed on this machine to testdata")

// TestTheSameRunAnywhere computes what records are made of and compares it, bit
// for bit, with what was computed once, on one machine. Whatever processor runs
// it and however it was compiled (GOAMD64, GOARCH) must find the same. A change of
// the mathematics changes the file, by -update; a machine never does.
func TestTheSameRunAnywhere(t *testing.T) {
	const file = "testdata/same_anywhere.txt"
	var lines strings.Builder
	computed(t, func(name string, values ...float64) {
		digest, middle := fnv.New64a(), math.NaN()
		for _, v := range values {
			digest.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
		}
		if len(values) > 0 {
			middle = values[len(values)/2] // to see how far off it is
		}
		fmt.Fprintf(&lines, "%s: %d values, %016x, %v in the middle\n", name, len(values), digest.Sum64(), middle)
	})
	got := lines.String()
	if *update {
		must(t, os.WriteFile(file, []byte(got), 0o666))
	}
	want, err := os.ReadFile(file)
	must(t, err)
	wanted := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(wanted) || line != wanted[i] {
			t.Errorf("got   %s\nwant  %s", line, slices.Concat(wanted, make([]string, i+1))[i])
		}
	}
}

// computed says the values of each kind, under its name.
func computed(t *testing.T, say func(name string, values ...float64)) {
	matrices := func(ms ...*mat.Dense) (all []float64) {
		for _, m := range ms {
			all = append(all, numbers(m)...)
		}
		return all
	}
	everything := func(net *lora.Network) (all []float64) {
		s := snap(net)
		return slices.Concat(slices.Concat(s.w...), slices.Concat(s.bias...), slices.Concat(s.a...), slices.Concat(s.b...))
	}

	for _, scheme := range lora.Schemes() {
		net := lora.NewNetwork([]int{20, 24, 7}, lora.GELU, lora.Stream(1, "network"))
		must(t, initCase(scheme, 4, task(20, 7, 40).X).AttachAll(net, "a", lora.Stream(1, "adapter")))
		say("start "+scheme.String(), everything(net)...)
	}
	for _, activation := range activations {
		for _, loss := range losses {
			for _, rule := range rules {
				for _, full := range []bool{false, true} {
					net := lora.NewNetwork([]int{12, 16, 5}, activation, lora.Stream(2, "network"))
					must(t, initCase(lora.Kaiming, 3, nil).AttachAll(net, "a", lora.Stream(2, "adapter")))
					o := lora.NewOptimizer(rule, 0.03)
					o.WeightDecay, o.RatioB = 0.02, 3
					trainer := lora.NewTrainer(net, task(12, 5, 60), lora.Training{Loss: loss, Optimizer: o, Full: full, Batch: 16, Order: lora.Stream(2, "order")})
					values := run(t, trainer, 30)
					a, b := trainer.GradientNorms()
					say(fmt.Sprintf("training %v %v %v full=%v", activation, loss, rule, full), append(append(values, a, b), everything(net)...)...)
				}
			}
		}
	}

	adapters, weights := someAdapters(3, 3, 3), []float64{0.7, -0.4, 1.1}
	for _, method := range lora.Methods() {
		for _, vote := range lora.Votes() {
			c := lora.Combination{Method: method, Density: 0.6, Vote: vote, Rank: 2}
			if !method.UsesRank() {
				c.Rank = 0
			}
			a, err := c.Combine(adapters, weights, lora.Stream(3, "drops"))
			must(t, err)
			say(fmt.Sprintf("combined %v by %v", method, vote), matrices(a.A, a.B, a.Delta())...)
		}
	}
	for _, format := range []struct {
		name  string
		round func([]float64)
	}{{"float64", nil}, {"float32", quant.Float32.RoundSlice}, {"bfloat16", quant.BFloat16.RoundSlice}, {"float16", quant.Float16.RoundSlice}} {
		net := lora.NewNetwork([]int{20, 24, 7}, lora.GELU, lora.Stream(4, "network"))
		must(t, initCase(lora.Orthogonal, 4, nil).AttachAll(net, "a", lora.Stream(4, "adapter")))
		if format.round != nil {
			net.Round(format.round)
		}
		must(t, net.Merge("a", format.round))
		say("merged in "+format.name, everything(net)...)
		must(t, net.Unmerge("a"))
		say("unmerged in "+format.name, everything(net)...)
	}

	a := anAdapter(40, 30, 5, 6)
	svd, whole := a.SVD(), lora.Decompose(a.Delta())
	say("spectrum of an adapter", append(matrices(svd.U, svd.V, svd.Truncate(2)), svd.Sigma...)...)
	say("spectrum of a matrix", append(matrices(whole.U, whole.V), whole.Sigma...)...)
	rank := []float64{lora.EffectiveRank(svd.Sigma), lora.StableRank(svd.Sigma)}
	frobenius, spectral := lora.TruncationError(svd.Sigma, 2)
	say("what a spectrum says", slices.Concat(rank, lora.Energy(svd.Sigma), []float64{frobenius, spectral})...)
	say("subspaces", matrices(lora.SubspaceSimilarities(svd.U, anAdapter(40, 30, 5, 7).SVD().U))...)

	for _, decay := range []float64{1, 0.7} {
		p := toy.NewPlanted(toy.PlantedConfig{D: 12, K: 20, N: 50, Rank: 3, Decay: decay, Noise: 0.3}, 5)
		say(fmt.Sprintf("planted, decay %v", decay), append(matrices(p.Train.X, p.Train.Y, p.Test.Y, p.Delta), p.Floors()...)...)
	}

	x := quant.Float32s(normal(40, 50, lora.Stream(6, "weights")))
	wide := func(x []float32) (all []float64) {
		for _, v := range x {
			all = append(all, float64(v))
		}
		return all
	}
	for _, name := range quant.Names() {
		book, err := quant.Named(name)
		must(t, err)
		q, err := quant.Format{Book: book, Block: 64, Double: true}.Quantize(x)
		must(t, err)
		back := q.Dequantize()
		s := quant.Compare(x, back)
		say("quantized to "+name, slices.Concat(wide(book.Levels()), wide(back), []float64{s.Mean, s.Max, s.SNR})...)
	}
	for bits := 2; bits <= 8; bits++ { // every value of math.Erfinv that is ever used
		say(fmt.Sprintf("levels of NormalFloat of %d bits", bits), wide(quant.NormalFloat(bits).Levels())...)
	}
	rows, err := quant.QuantizeRows(x, 40, 50, 2.5)
	must(t, err)
	say("quantized by rows", wide(rows.Dequantize())...)
	fit, err := quant.NewLoftQ(normal(24, 20, lora.Stream(7, "weights")), quant.Format{Book: quant.NF4(), Block: 64}, 3, 3, 0.5)
	must(t, err)
	values := matrices(fit.A, fit.B)
	for _, step := range fit.Steps {
		values = append(values, step.Base, step.Start)
	}
	say("LoftQ", values...)
}
