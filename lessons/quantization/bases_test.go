package quantization

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/content"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora"
)

// TestQuantizationFreezesBase: training leaves every weight on its code, and a
// single one that moved would be counted.
func TestQuantizationFreezesBase(t *testing.T) {
	for _, format := range []string{"nf4", "nf2", "dynamic8"} {
		if r := runOf(t, "format", format, "double", "yes", "steps", "20"); r.Real("base-changed") != 0 {
			t.Errorf("%s: %v weights moved", format, r.Real("base-changed"))
		}
	}
	q := halfRun(t)
	q.base.net.Layers[1].W.Set(0, 3, math.Nextafter(q.base.net.Layers[1].W.At(0, 3), 9))
	if changedWeights := q.base.changedWeights(q.base.net); changedWeights != 1 {
		t.Errorf("one weight was moved by the smallest step there is, %d counted", changedWeights)
	}
}

// halfRun goes through a run up to the quantized bases.
func halfRun(t *testing.T, turned ...string) *quantized {
	t.Helper()
	e, s := experiment(), settings(t, turned...)
	rec := e.Start(s, nil)
	b, err := train.Pretrain(t.Context(), train.NewSources(content.FS), s, rec.Series("pretraining", 20, "loss", "accuracy"))
	if err != nil {
		t.Fatal(err)
	}
	q := &quantized{rec: rec, s: s, p: &train.Problem{Base: b.Net, Before: b.Before, First: b.Test, Test: b.Test, Loss: lora.CrossEntropy}}
	if err := q.bases(t.Context()); err != nil {
		t.Fatal(err)
	}
	return q
}

// TestQuantizationLoftQ holds what is said of LoftQ against the matrices
// themselves, PEFT's start among them.
func TestQuantizationLoftQ(t *testing.T) {
	for _, row := range []struct {
		name, rank, alpha, iterations string
	}{
		{"s = 2", "4", "8", "3"},
		{"s = 2, one iteration", "4", "8", "1"},
		{"s = 1", "4", "4", "3"},
		{"s = 0.5", "4", "2", "2"},
		{"more than full rank", "40", "80", "2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			q := halfRun(t, "format", "nf3", "rank", row.rank, "alpha", row.alpha, "loftq-iterations", row.iterations)
			if err := q.fitLoftQ(t.Context(), q.rec.Series("loftq", q.s.Whole("loftq-iterations"), "base", "start", "start-peft")); err != nil {
				t.Fatal(err)
			}
			r := q.rec.Record()
			s := r.Real("scaling-factor")
			before, after, peft := r.Real("loftq-before"), r.Real("loftq-after"), r.Real("loftq-peft")
			if got := q.fromW(q.base.net); !near(got, before) {
				t.Errorf("quantizing loses %v, want %v", before, got)
			}
			if got := q.fromW(q.loftqNet); !near(got, after) {
				t.Errorf("LoftQ leaves %v, want %v", after, got)
			}
			wrong := q.loftqNet.Clone()
			for _, l := range wrong.Layers { // A and B as if s were 1
				l.Active().A.Scale(math.Sqrt(s), l.Active().A)
				l.Active().B.Scale(math.Sqrt(s), l.Active().B)
			}
			if got := q.fromW(wrong); !near(got, peft) {
				t.Errorf("with the scaling left out %v is left, want %v", peft, got)
			}
			switch {
			case s == 1 && !near(peft, after):
				t.Errorf("with s = 1 PEFT leaves %v, LoftQ %v", peft, after)
			case s == 2 && row.iterations == "1" && !near(peft, before):
				t.Errorf("with s = 2 PEFT leaves %v, no correction %v", peft, before)
			case row.rank == "40" && after > 1e-6:
				t.Errorf("a correction of full rank leaves %v", after)
			case after > before:
				t.Errorf("LoftQ leaves %v of %v", after, before)
			}
			if helps := labtest.Text(t, r, "loftq-peft-helps"); (helps == "yes") != (s < 2) {
				t.Errorf("s = %v: does PEFT's start help? %s", s, helps)
			}
		})
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-7 }

// fromW returns how far the weights of net, its adapters merged, are from the
// network's before quantizing, as a share of their size.
func (q *quantized) fromW(net *lora.Network) float64 {
	var rest, size float64
	for i, l := range net.Layers {
		w := mat.DenseCopyOf(l.W)
		if a := l.Active(); a != nil {
			w.Add(w, a.Delta())
		}
		original := q.p.Base.Layers[i].W
		rest += math.Pow(frobenius(w, original), 2)
		size += math.Pow(mat.Norm(original, 2), 2)
	}
	return math.Sqrt(rest / size)
}

// TestQuantizationMerge: an update too small to reach another level changes no
// code, and of it arrives only what the scales take along, which follow the
// largest weight of each block.
func TestQuantizationMerge(t *testing.T) {
	r := runOf(t, "learning-rate", "0.0000001", "steps", "1")
	if r.Real("merge-codes") != 0 || r.Real("merge-bytes") != 0 || r.Real("merge-kept") > 0.2 {
		t.Errorf("%v codes in %v bytes changed, %v of the update kept", r.Real("merge-codes"), r.Real("merge-bytes"), r.Real("merge-kept"))
	}
	if e := r.Real("merge-error-4bit"); e > 1e-6 {
		t.Errorf("merging next to nothing into the codes moves the outputs by %v", e)
	}
	if e := r.Real("merge-error-original"); e < 0.01 {
		t.Errorf("the original's outputs are %v from the quantized base's", e)
	}

	r = runOf(t, "format", "nf3", "steps", "100")
	codes, all := r.Real("merge-codes"), r.Real("weights-count")
	if codes == 0 || codes/all != r.Real("merge-codes-share") || r.Real("merge-bytes") != codes {
		t.Errorf("%v codes of %v, a share of %v, in %v bytes", codes, all, r.Real("merge-codes-share"), r.Real("merge-bytes"))
	}
	r = runOf(t, "format", "nf4", "steps", "100")
	if codes, in := r.Real("merge-codes"), r.Real("merge-bytes"); in >= codes || 2*in < codes {
		t.Errorf("%v codes of 4 bits in %v bytes", codes, in)
	}
	merges := r.Table("merges")
	if nearest := slices.Min(merges.Column("error")); merges.Cell("dequantized", "error") != nearest {
		t.Errorf("merges %v: the dequantized base should be nearest", merges)
	}
}
