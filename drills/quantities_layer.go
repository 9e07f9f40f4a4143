package drills

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"loralab/drills/algebra"
	"loralab/lora"
)

// batch is how many examples a layer of a question sees where the question does
// not say.
const batch = 3

// stream returns the random numbers of a question's layer. The numbers drawn name
// the stream, so that a question is the same whenever it is computed.
func (v values) stream(purpose string, names ...string) *rand.Rand {
	for _, n := range names {
		purpose += " " + n + "=" + v[n].text
	}
	return lora.Stream(1, "drills "+purpose)
}

func normal(rows, cols int, rng *rand.Rand) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			m.Set(i, j, rng.NormFloat64())
		}
	}
	return m
}

// live is a layer with an adapter, both of whose factors are filled, and a batch
// of inputs.
type live struct {
	layer   *lora.Linear
	adapter *lora.Adapter
	x       *mat.Dense
}

// liveLayer builds a layer of d×k with an adapter of rank r. Both factors are
// random: B is not zero after training.
func (v values) liveLayer(rule lora.Scaling) live {
	rng := v.stream("layer", "d", "k", "r", "alpha")
	d, k, r := v.int("d"), v.int("k"), v.int("r")
	l := live{layer: lora.NewLinear(normal(d, k, rng), nil), adapter: lora.NewAdapter(d, k, r, v["alpha"].number, rule), x: normal(k, batch, rng)}
	l.adapter.A.Copy(normal(r, k, rng))
	l.adapter.B.Copy(normal(d, r, rng))
	l.layer.Attach("lora", l.adapter)
	return l
}

func (l live) forward() *mat.Dense {
	d, _ := l.layer.Dims()
	_, n := l.x.Dims()
	h := mat.NewDense(d, n, nil)
	l.layer.Forward(h, l.x, new(lora.Tape))
	return h
}

// operands returns the names of the layer for an equation, with W as it was
// before any merge.
func (l live) operands(w *mat.Dense) algebra.Layer {
	_, _, r := l.adapter.Dims()
	return algebra.LoRALayer(w, l.adapter.A, l.adapter.B, l.x, l.adapter.Alpha, r, l.adapter.Rule.String())
}

// without returns the operands but the named ones.
func without(layer algebra.Layer, names ...string) algebra.Layer {
	var kept algebra.Layer
	for _, o := range layer {
		drop := false
		for _, n := range names {
			drop = drop || o.Name == n
		}
		if !drop {
			kept = append(kept, o)
		}
	}
	return kept
}

func layerQuantities() []quantity {
	sizes := []string{"d", "k", "r"}
	layer := []string{"d", "k", "r", "alpha"}
	return []quantity{
		{"lora-output", layer, func(v values) (truth, error) {
			l := v.liveLayer(lora.AlphaOverR)
			return truth{system: &system{l.operands(l.layer.W), l.forward()}}, nil
		}},
		{"adapter-shapes", sizes, func(v values) (truth, error) {
			a := lora.NewAdapter(v.int("d"), v.int("k"), v.int("r"), 1, lora.AlphaOverR)
			return truth{shapes: map[string][2]int{"A": dims(a.A), "B": dims(a.B), "ΔW": dims(a.Delta())}}, nil
		}},
		{"pass-shapes", []string{"d", "k", "r", "n"}, func(v values) (truth, error) {
			a := lora.NewAdapter(v.int("d"), v.int("k"), v.int("r"), 1, lora.AlphaOverR)
			x := mat.NewDense(v.int("k"), v.int("n"), nil)
			var u, h mat.Dense
			u.Mul(a.A, x)
			h.Mul(a.B, &u)
			return truth{shapes: map[string][2]int{"X": dims(x), "U": dims(&u), "H": dims(&h)}}, nil
		}},
		{"update-rank", sizes, func(v values) (truth, error) {
			rng := v.stream("update rank", sizes...)
			var delta mat.Dense
			delta.Mul(normal(v.int("d"), v.int("r"), rng), normal(v.int("r"), v.int("k"), rng))
			return count(int64(numericalRank(lora.SingularValues(&delta)))), nil
		}},
		{"scale", []string{"alpha", "r"}, func(v values) (truth, error) {
			return realTruth(lora.NewAdapter(1, 1, v.int("r"), v["alpha"].number, lora.AlphaOverR).Scale()), nil
		}},
		// By what factor ΔW is too large with α in the place of α/r.
		{"unscaled-factor", layer, func(v values) (truth, error) {
			a := v.liveLayer(lora.AlphaOverR).adapter
			var wrong mat.Dense
			wrong.Mul(a.B, a.A)
			wrong.Scale(a.Alpha, &wrong)
			return realTruth(mat.Norm(&wrong, 2) / mat.Norm(a.Delta(), 2)), nil
		}},
		{"multiplications-thin", []string{"d", "k", "r", "n"}, func(v values) (truth, error) {
			d, k, r, n := v.int("d"), v.int("k"), v.int("r"), v.int("n")
			return count(multiplications(r, k, n) + multiplications(d, r, n)), nil
		}},
		{"multiplications-formed", []string{"d", "k", "r", "n"}, func(v values) (truth, error) {
			d, k, r, n := v.int("d"), v.int("k"), v.int("r"), v.int("n")
			return count(multiplications(d, r, k) + multiplications(d, k, n)), nil
		}},
		{"truncation-error", []string{"s1", "s2", "s3", "s4", "r"}, func(v values) (truth, error) {
			delta := v.spectral("s1", "s2", "s3", "s4")
			var gap mat.Dense
			gap.Sub(delta, lora.Truncate(delta, v.int("r")))
			return realTruth(mat.Norm(&gap, 2)), nil
		}},
		{"energy-rank", []string{"s1", "s2", "s3", "s4", "share"}, func(v values) (truth, error) {
			sigma := lora.SingularValues(v.spectral("s1", "s2", "s3", "s4"))
			return truth{option: strconv.Itoa(lora.RankForEnergy(sigma, v["share"].number/100))}, nil
		}},
		// The share of a flat change of rank m that rank r cannot reach.
		{"energy-left", []string{"m", "r"}, func(v values) (truth, error) {
			rng := v.stream("flat change", "m")
			const size = 24
			u, w := lora.Decompose(normal(size, v.int("m"), rng)).U, lora.Decompose(normal(size, v.int("m"), rng)).U
			var delta, gap mat.Dense
			delta.Mul(u, w.T())
			gap.Sub(&delta, lora.Truncate(&delta, v.int("r")))
			share := mat.Norm(&gap, 2) / mat.Norm(&delta, 2)
			return realTruth(100 * share * share), nil
		}},
		{"what-moved", []string{"d", "k", "r", "alpha"}, whatMoved},
		{"needed-alpha", []string{"alpha", "r", "r2"}, func(v values) (truth, error) {
			// The α₂ for which α₂/r₂ = α/r.
			return realTruth(lora.AlphaOverR.Factor(v["alpha"].number, v.int("r")) * v["r2"].number), nil
		}},
	}
}

func dims(m mat.Matrix) [2]int {
	r, c := m.Dims()
	return [2]int{r, c}
}

// multiplications of a rows×inner matrix with an inner×cols one.
func multiplications(rows, inner, cols int) int64 {
	return int64(rows) * int64(inner) * int64(cols)
}

// numericalRank counts the singular values that rounding does not explain.
func numericalRank(sigma []float64) int {
	n := 0
	for _, s := range sigma {
		if s > 1e-9*sigma[0] {
			n++
		}
	}
	return n
}

// spectral builds a matrix with the named singular values in random directions.
func (v values) spectral(names ...string) *mat.Dense {
	const size = 6
	rng := v.stream("spectrum", names...)
	u, w := lora.Decompose(normal(size, len(names), rng)).U, lora.Decompose(normal(size, len(names), rng)).U
	scaled := mat.DenseCopyOf(u)
	for j, n := range names {
		for i := range size {
			scaled.Set(i, j, u.At(i, j)*v[n].number)
		}
	}
	m := mat.NewDense(size, size, nil)
	m.Mul(scaled, w.T())
	return m
}

// whatMoved trains a layer for two steps and compares W, A and B with what they
// were.
func whatMoved(v values) (truth, error) {
	l := v.liveLayer(lora.AlphaOverR)
	net := &lora.Network{Layers: []*lora.Linear{l.layer}}
	before := l.layer.Clone()
	y := normal(v.int("d"), batch, v.stream("targets", "d"))
	t := lora.NewTrainer(net, lora.Data{X: l.x, Y: y}, lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 1e-6)})
	for range 2 {
		if _, err := t.Step(); err != nil {
			return truth{}, err
		}
	}
	moved := ""
	for _, m := range []struct {
		name      string
		was, will *mat.Dense
	}{{"W", before.W, l.layer.W}, {"A", before.Adapter("lora").A, l.adapter.A}, {"B", before.Adapter("lora").B, l.adapter.B}} {
		if !mat.Equal(m.was, m.will) {
			moved += m.name
		}
	}
	if moved == "" {
		return truth{}, fmt.Errorf("nothing moved")
	}
	return truth{option: moved}, nil
}
