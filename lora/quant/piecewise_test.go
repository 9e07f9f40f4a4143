package quant

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
)

// Pieces give what the whole gives, whatever their length.
func TestPiecewiseIsTheWhole(t *testing.T) {
	for _, book := range []*Codebook{NF4(), FP4(), Int(8), NormalFloat(3)} {
		for _, double := range []bool{false, true} {
			for _, block := range []int{32, 33} {
				f := Format{Book: book, Block: block, Double: double}
				for _, n := range []int{1, 31, 33 * 256, 70_001} {
					for _, units := range []int{1, 3} {
						t.Run(fmt.Sprintf("%v, %d in %d", f, n, units), func(t *testing.T) {
							pieceIsWhole(t, f, normal(uint64(n), n), units)
						})
					}
				}
			}
		}
	}
}

func pieceIsWhole(t *testing.T, f Format, x []float32, units int) {
	p, err := NewPiecewise(f)
	if err != nil {
		t.Fatal(err)
	}
	length := units * p.Unit()
	if f.Block%2 != 0 {
		length *= 2 // or pieces end inside of bytes
	}
	for piece := range slices.Chunk(x, length) {
		if err := p.Look(piece); err != nil {
			t.Fatal(err)
		}
	}
	whole := quantize(t, f, x)
	var packed []byte
	var back, scales []float32
	var sum Comparison
	for piece := range slices.Chunk(x, length) {
		q, err := p.Quantize(piece)
		if err != nil {
			t.Fatal(err)
		}
		if f.Double && q.Nested.Offset != whole.Nested.Offset {
			t.Fatalf("offset %v, want %v", q.Nested.Offset, whole.Nested.Offset)
		}
		packed, back, scales = append(packed, q.Packed...), append(back, q.Dequantize()...), append(scales, q.Scales()...)
		sum.Add(piece, q.Dequantize())
	}
	if !slices.Equal(packed, whole.Packed) || !slices.Equal(scales, whole.Scales()) || !slices.Equal(back, whole.Dequantize()) {
		t.Error("other codes, scales or values")
	}
	if got, want := sum.Stats(), Compare(x, whole.Dequantize()); got != want {
		t.Errorf("errors %+v, want %+v", got, want)
	}
	if p.Bytes() != whole.Bytes() {
		t.Errorf("%d bytes, want %d", p.Bytes(), whole.Bytes())
	}
}

// Positions in errors are those in the tensor.
func TestPiecewiseErrors(t *testing.T) {
	p, err := NewPiecewise(Format{Book: NF4(), Block: 32, Double: true})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, p.Unit())
	if err := p.Look(x); err != nil {
		t.Fatal(err)
	}
	bad := []float32{1, float32(math.NaN())}
	var value *ValueError
	if err := p.Look(bad); !errors.As(err, &value) || value.Index != len(x)+1 {
		t.Errorf("error %v", err)
	}
	if err := p.Look([]float32{1, 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Quantize(x); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Quantize(bad); !errors.As(err, &value) || value.Index != len(x)+1 {
		t.Errorf("error %v", err)
	}
	if _, err := NewPiecewise(Format{Book: NF4(), Block: 7}); err == nil {
		t.Error("a block of 7 was accepted")
	}
	for name, f := range map[string]func(){
		"more than was looked at":   func() { p.Quantize([]float32{1, 2, 3}) },
		"a piece after a short one": func() { p.Quantize([]float32{1}); p.Quantize([]float32{1}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if _, ok := recover().(ShapeError); !ok {
					t.Error("no ShapeError")
				}
			}()
			f()
		})
	}
}

// Where the largest scale, restored from 8 bits, is beyond float32, the error says
// which: dequantizing would give infinities, and NaN for zeros.
func TestDoubleQuantizationThatOverflows(t *testing.T) {
	f := Format{Book: NF4(), Block: 32, Double: true}
	// With a zero block in every few the largest scales come out between two levels;
	// now and then the upper one is the nearer.
	x := make([]float32, 32*100)
	var scale *ScaleError
	var err error
	for every := 2; err == nil && every < 40; every++ {
		for i := range x {
			x[i] = math.MaxFloat32
			if i/32%every == 1 {
				x[i] = 0
			}
		}
		_, err = f.Quantize(x)
	}
	if !errors.As(err, &scale) || scale.Scale != math.MaxFloat32 || !math.IsInf(float64(scale.Restored), 1) {
		t.Fatalf("error %v, want a ScaleError", err)
	}
	p, err := NewPiecewise(f)
	if err != nil {
		t.Fatal(err)
	}
	leading := slices.Repeat([]float32{scale.Offset}, p.Unit()) // which leaves the mean as it is
	if err := errors.Join(p.Look(leading), p.Look(x)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Quantize(leading); err != nil {
		t.Fatal(err)
	}
	first := scale.Block
	if _, err := p.Quantize(x); !errors.As(err, &scale) || scale.Block != first+256 {
		t.Errorf("error %v, want one about block %d", err, first+256)
	}
	f.Double = false
	wantFinite(t, quantize(t, f, x).Dequantize())
	f.Double = true
	for i := range x { // all alike: nothing to round
		x[i] = math.MaxFloat32
	}
	wantFinite(t, quantize(t, f, x).Dequantize())
}

func wantFinite(t *testing.T, x []float32) {
	t.Helper()
	for i, v := range x {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			t.Fatalf("element %d is %v", i, v)
		}
	}
}

// Whatever is finite stays finite, up to the largest float32, and keeps its digits:
// a row 2⁴⁰ times as large has codes and values 2⁴⁰ times as large.
func TestRowsOfLargeNumbers(t *testing.T) {
	small := normal(5, 60)
	large := make([]float32, len(small))
	for i, v := range small {
		large[i] = v * 0x1p125
	}
	q, err := QuantizeRows(small, 3, 20, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := QuantizeRows(large, 3, 20, 0)
	if err != nil {
		t.Fatal(err)
	}
	back := p.Dequantize()
	for i, v := range q.Dequantize() {
		if p.Codes[i] != q.Codes[i] || back[i] != v*0x1p125 {
			t.Fatalf("element %d: %v, want %v", i, back[i], v*0x1p125)
		}
	}
	p, err = QuantizeRows([]float32{math.MaxFloat32, -math.MaxFloat32, 0, 3e36, -1}, 1, 5, 0)
	if err != nil {
		t.Fatal(err)
	}
	wantFinite(t, p.Dequantize())
	if s := Compare([]float32{math.MaxFloat32, -math.MaxFloat32}, p.Dequantize()[:2]); s.Max > 1e32 {
		t.Errorf("off by %v", s.Max)
	}
}
