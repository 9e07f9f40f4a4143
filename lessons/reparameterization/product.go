package reparameterization

import (
	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/linalg"
	"loralab/plots"
)

// sampled returns some rows and columns of m, evenly apart. Unlike means of
// blocks they have the rank of m.
func sampled(m *mat.Dense, rows, cols int) [][]float64 {
	d, k := m.Dims()
	out := make([][]float64, min(d, rows))
	for i := range out {
		row := m.RawRowView(i * d / len(out))
		out[i] = make([]float64, min(k, cols))
		for j := range out[i] {
			out[i][j] = row[j*k/len(out[i])]
		}
	}
	return out
}

// drawn is how many rows and columns of ΔW, B and A a record keeps: fewer where the
// rank is so high that A and B are large themselves.
func drawn(r int) (rows, cols int) {
	fewer := min(max(1, r/64), 4)
	return 32 / fewer, 64 / fewer
}

// showFull reports ΔW of the first layer while it is being trained in full.
func (c *comparison) showFull(net *lora.Network) train.Look {
	rows, cols := drawn(c.s.Whole("rank"))
	return func(int, *lora.Trainer) {
		var delta mat.Dense
		delta.Sub(net.Layers[0].W, c.p.Base.Layers[0].W)
		c.rec.Report("delta-full", sampled(&delta, rows, cols))
	}
}

// showFactors reports A and B of the first layer while they are being trained.
func (c *comparison) showFactors(net *lora.Network) train.Look {
	a := net.Layers[0].Active()
	_, _, r := a.Dims()
	rows, cols := drawn(r)
	return func(int, *lora.Trainer) {
		c.rec.Report("factor-a", sampled(a.A, r, cols))
		c.rec.Report("factor-b", sampled(a.B, rows, r))
	}
}

// faint is the share of the average mean square below which an input is faint: a
// weight that it meets has little to say about any output.
const faint = 0.05

// compareUpdates sets s·B·A of the first layer beside ΔW: how large both are, what
// both do to the outputs, and how much of both meets inputs that are nearly always 0.
func (c *comparison) compareUpdates(l *lora.Linear) {
	update := l.Active().Delta()
	own := linalg.Norm(update)
	c.rec.Report("size-lora", own)
	if c.delta == nil {
		return
	}
	c.rec.Report("largest-full", largest(c.delta))
	c.rec.Report("largest-lora", largest(update))
	full := linalg.Norm(c.delta)
	c.rec.Report("size-ratio", own/full)
	x := c.p.Test.X
	c.rec.Report("output-ratio", linalg.Norm(product(update, x))/linalg.Norm(product(c.delta, x)))

	squares := meanSquares(c.p.Train.X)
	average := 0.0
	for _, v := range squares {
		average += v / float64(len(squares))
	}
	count, inFull, inOwn := 0, 0.0, 0.0
	for j, v := range squares {
		if v >= faint*average {
			continue
		}
		count++
		for i := range l.W.RawMatrix().Rows {
			f, o := c.delta.At(i, j), update.At(i, j)
			inFull += float64(f * f)
			inOwn += float64(o * o)
		}
	}
	c.rec.Report("faint-inputs", count)
	c.rec.Report("faint-full", inFull/float64(full*full))
	c.rec.Report("faint-lora", inOwn/float64(own*own))
}

func product(m, x *mat.Dense) *mat.Dense {
	d, _ := m.Dims()
	_, n := x.Dims()
	out := mat.NewDense(d, n, nil)
	linalg.Mul(out, 1, linalg.AsIs, m, linalg.AsIs, x, 0)
	return out
}

func largest(m *mat.Dense) float64 { return max(mat.Max(m), -mat.Min(m)) }

// meanSquares returns the mean of the squares of each row of x.
func meanSquares(x *mat.Dense) []float64 {
	k, n := x.Dims()
	squares := make([]float64, k)
	for i := range k {
		for _, v := range x.RawRowView(i) {
			squares[i] += float64(v*v) / float64(n)
		}
	}
	return squares
}

// productFigure shows s·B·A of the first layer as what it is, beside ΔW.
func productFigure(r *lab.Record) *plots.Figure {
	s := r.Settings
	widths := train.Widths(s)
	d, k, rank := widths[1], widths[0], s.Whole("rank")
	known := func(name string) float64 {
		if f, ok := r.Find(name); ok {
			return f.Real()
		}
		return 0
	}
	return &plots.Figure{ID: "product", Shows: []plots.Shown{{Name: "size-ratio"}}, Title: "s·B·A of LoRA and ΔW of full fine-tuning, layer 1",
		Caption: "Each entry of s·B·A is a row of B times a column of A: few directions make stripes. Colours go with the root of the size.",
		Product: &plots.Product{
			Name: "s·B·A", Scale: train.Scaling(s).Factor(s.Real("alpha"), rank), Largest: known("largest-lora"),
			Left:   plots.Factor{Name: "B", Rows: d, Cols: rank, Z: r.Matrix("factor-b")},
			Top:    plots.Factor{Name: "A", Rows: rank, Cols: k, Z: r.Matrix("factor-a")},
			Beside: plots.Factor{Name: "ΔW in full", Rows: d, Cols: k, Z: r.Matrix("delta-full"), Largest: known("largest-full")},
		}}
}
