package quant

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func dense(t tensor) *mat.Dense {
	x := make([]float64, len(t.Data))
	for i, v := range t.float32s() {
		x[i] = float64(v)
	}
	return mat.NewDense(t.Shape[0], t.Shape[1], x)
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

	delta := file.Delta.float32s()
	merged, changed, err := q.Merge(delta)
	if err != nil {
		t.Fatal(err)
	}
	sum := file.Dequant0.float32s()
	for i := range sum {
		sum[i] += delta[i]
	}
	sameCodes(t, "merged", merged, sum, file.PackedMerged)
	sameBits(t, "merged absmax", merged.Absmax, file.AbsmaxMerged.float32s())
	if n := q.CodesChanged(merged); n != changed || changed == 0 {
		t.Errorf("merge reports %d changed codes, counted %d", changed, n)
	}

	for i, d := range delta {
		delta[i] = -d
	}
	unmerged, _, err := merged.Merge(delta)
	if err != nil {
		t.Fatal(err)
	}
	sum = merged.Dequantize()
	for i := range sum {
		sum[i] += delta[i]
	}
	sameCodes(t, "unmerged", unmerged, sum, file.PackedUnmerged)
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
	if want := file.Err["quantization |W-dq(W)| max"]; math.Abs(quantization.Max-want) > 1e-7 {
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
	f := Format{Book: NF4(), Block: 64}
	for _, c := range file.Cases {
		w := dense(c.W)
		for n := 1; n <= len(c.Iterations); n++ {
			l, err := NewLoftQ(w, f, c.R, n, 1)
			if err != nil {
				t.Fatal(err)
			}
			want, got := c.Iterations[n-1], l.Steps[n-1]
			if math.Abs(got.Base-want.Base) > 1e-4 || math.Abs(got.Start-want.Start) > 1e-4 {
				t.Errorf("iteration %d: errors %+v, want %v and %v", n, got, want.Base, want.Start)
			}
			var ba mat.Dense
			ba.Mul(l.B, l.A)
			if n == 1 && !mat.EqualApprox(&ba, dense(want.LR), 1e-4) {
				t.Errorf("iteration %d: B·A differs from the reference", n)
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
