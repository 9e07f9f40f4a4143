package quant

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func dense(t tensor) *mat.Dense {
	x := make([]float64, len(t.values))
	for i, v := range t.values {
		x[i] = float64(v)
	}
	return mat.NewDense(t.shape[0], t.shape[1], x)
}

// nearBoundary reports whether v is within 1e-6 of a point where the code
// changes: there the reference's own last bit decides.
func nearBoundary(c *Codebook, v float32) bool {
	for _, b := range c.above[:len(c.sorted)-1] {
		if math.Abs(float64(v-b)) < 1e-6 {
			return true
		}
	}
	return false
}

// sameCodes compares with packed codes of the reference, except where the
// value coded, x/absmax, is next to a boundary.
func sameCodes(t *testing.T, what string, q *Blockwise, x []float32, packed []byte) {
	t.Helper()
	want := &Blockwise{Format: q.Format, N: q.N, Packed: packed}
	for i, v := range x {
		if q.Code(i) != want.Code(i) && !nearBoundary(q.Book, v/q.Scales()[i/q.Block]) {
			t.Errorf("%s: code %d = %d, want %d", what, i, q.Code(i), want.Code(i))
		}
	}
}

func TestMergeVectors(t *testing.T) {
	var file struct {
		W, A, B         tensor
		Scale           float64
		Packed0         hexBytes
		Absmax0, Delta  tensor
		Dequant0        tensor
		PackedMerged    hexBytes `json:"packed_merged"`
		AbsmaxMerged    tensor   `json:"absmax_merged"`
		DequantMerged   tensor   `json:"dequant_merged"`
		PackedUnmerged  hexBytes `json:"packed_unmerged"`
		DequantUnmerged tensor   `json:"dequant_unmerged"`
		Err             map[string]float64
	}
	load(t, "merge_4bit.json", &file)
	f := Format{Book: NF4(), Block: 64}
	q := quantize(t, f, file.W.float32s())
	sameBytes(t, "packed", q.Packed, file.Packed0)
	sameBits(t, "absmax", q.Absmax, file.Absmax0.float32s())
	sameBits(t, "dequantized", q.Dequantize(), file.Dequant0.float32s())

	// The second step starts from the reference's own merged weight: where a
	// code next to a boundary fell the other way, its sum would be another.
	refMerged := &Blockwise{Format: f, N: q.N, Packed: file.PackedMerged, Absmax: file.AbsmaxMerged.float32s()}
	sameBits(t, "the reference's merged weight, dequantized", refMerged.Dequantize(), file.DequantMerged.float32s())

	merge := func(what string, from *Blockwise, delta []float32, packed []byte) *Blockwise {
		t.Helper()
		to, changed, err := from.Merge(delta)
		if err != nil {
			t.Fatal(err)
		}
		if n := from.CodesChanged(to); n != changed {
			t.Errorf("%s: reports %d changed codes, counted %d", what, changed, n)
		}
		sum := from.Dequantize()
		for i := range sum {
			sum[i] += delta[i]
		}
		if len(packed) != len(to.Packed) {
			t.Fatalf("%s: %d bytes, the reference has %d", what, len(to.Packed), len(packed))
		}
		sameCodes(t, what, to, sum, packed)
		return to
	}
	delta := file.Delta.float32s()
	merged := merge("merged", q, delta, file.PackedMerged)
	sameBits(t, "merged absmax", merged.Absmax, file.AbsmaxMerged.float32s())
	for i, d := range delta {
		delta[i] = -d
	}
	unmerged := merge("unmerged", refMerged, delta, file.PackedUnmerged)
	refUnmerged := &Blockwise{Format: f, N: q.N, Packed: file.PackedUnmerged, Absmax: unmerged.Absmax}
	sameBits(t, "the reference's unmerged weight, dequantized", refUnmerged.Dequantize(), file.DequantUnmerged.float32s())

	// The reference counts packed bytes here, and a byte holds two codes. Bytes
	// that differ from the reference's, next to a boundary, may shift the count.
	bytes, parted := 0, 0
	for i, b := range unmerged.Packed {
		if b != q.Packed[i] {
			bytes++
		}
		if b != file.PackedUnmerged[i] {
			parted++
		}
	}
	if want := file.Err["codes changed by merge+unmerge"]; math.Abs(float64(bytes)-want) > float64(parted) {
		t.Errorf("%d bytes changed by merging and unmerging, want %v", bytes, want)
	}
	if n := q.CodesChanged(unmerged); n < bytes || n > 2*bytes {
		t.Errorf("%d codes changed in %d bytes", n, bytes)
	}
	quantization := Compare(file.W.float32s(), q.Dequantize())
	if want := file.Err["quantization |W-dq(W)| max"]; math.Abs(quantization.Max-want) > 1e-6*want {
		t.Errorf("largest quantization error = %v, want %v", quantization.Max, want)
	}
}

func TestMergeKeepsFormatAndBase(t *testing.T) {
	x := normal(3, 300)
	q := quantize(t, Format{Book: FP4(), Block: 64, Double: true}, x)
	before := q.Dequantize()
	merged, _, err := q.Merge(normal(4, len(x)))
	if err != nil {
		t.Fatal(err)
	}
	if merged.Format != q.Format || merged.Nested == nil {
		t.Errorf("merged into %v, want %v", merged.Format, q.Format)
	}
	sameBits(t, "base after merging", q.Dequantize(), before)
	bad := make([]float32, len(x))
	bad[7] = float32(math.NaN())
	if _, _, err := q.Merge(bad); err == nil {
		t.Error("an update with NaN was merged")
	}
}

func TestLoftQVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			R, Iters   int
			W          tensor
			Iterations []struct {
				LR    tensor
				Base  float64 `json:"frob |W-Q|"`
				Start float64 `json:"frob |W-Q-LR|"`
			}
		}
	}
	load(t, "loftq.json", &file)
	if len(file.Cases) == 0 {
		t.Fatal("no cases")
	}
	f := Format{Book: NF4(), Block: 64}
	for _, c := range file.Cases {
		w := dense(c.W)
		if len(c.Iterations) == 0 {
			t.Fatalf("rank %d: no iterations", c.R)
		}
		first, err := NewLoftQ(w, f, c.R, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		all, err := NewLoftQ(w, f, c.R, len(c.Iterations), 1)
		if err != nil {
			t.Fatal(err)
		}
		size := mat.Norm(w, 2)
		var ba mat.Dense
		ba.Mul(first.B, first.A)
		if !mat.EqualApprox(&ba, dense(c.Iterations[0].LR), 1e-4*size) {
			t.Error("after one iteration B·A differs from the reference")
		}
		for n, want := range c.Iterations {
			got := all.Steps[n]
			// From the second iteration on a code may fall the other way by the
			// rounding of the reference's float32 decomposition, and what follows
			// starts from another Q.
			tolerance := 1e-4 * size
			if n > 0 {
				tolerance *= 5
			}
			if math.Abs(got.Base-want.Base) > tolerance || math.Abs(got.Start-want.Start) > tolerance {
				t.Errorf("rank %d, iteration %d: errors %+v, want %v and %v", c.R, n+1, got, want.Base, want.Start)
			}
		}
	}
}

// The start of training, W - Q - s·B·A, must not depend on the scaling; PEFT's
// does.
func TestLoftQHonoursScaling(t *testing.T) {
	x := normal(9, 24*32)
	m := mat.NewDense(24, 32, nil)
	for i, v := range x {
		m.Set(i/32, i%32, float64(v))
	}
	f := Format{Book: NormalFloat(2), Block: 64}
	one, err := NewLoftQ(m, f, 4, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []float64{0.25, 2, 16} {
		l, err := NewLoftQ(m, f, 4, 3, s)
		if err != nil {
			t.Fatal(err)
		}
		var sba, left mat.Dense
		sba.Mul(l.B, l.A)
		sba.Scale(s, &sba)
		left.Sub(m, l.Base.Dense(24, 32))
		left.Sub(&left, &sba)
		if got, want := mat.Norm(&left, 2), one.Steps[2].Start; math.Abs(got-want) > 1e-9 {
			t.Errorf("s = %v: ‖W - Q - s·B·A‖ = %v, want %v as for s = 1", s, got, want)
		}
		if got := l.Steps[2].Start; math.Abs(mat.Norm(&left, 2)-got) > 1e-9 {
			t.Errorf("s = %v: reported %v", s, got)
		}
	}
	if _, err := NewLoftQ(m, f, 4, 1, 0); err == nil {
		t.Error("a scaling of 0 was accepted")
	}
}
