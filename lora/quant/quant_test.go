package quant

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
)

// normal returns n standard normal values.
func normal(seed uint64, n int) []float32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

// plainCode is the definition of coding: the number of boundaries below v, by
// binary search. It is the reference for the table and for the benchmarks.
func plainCode(c *Codebook, v float32) uint8 {
	bounds := c.above[:len(c.sorted)-1]
	return c.codes[sort.Search(len(bounds), func(i int) bool { return bounds[i] >= v })]
}

// argminCode is the other common definition: the nearest level, the first of
// equals. It measures distances in float64, so it can part from plainCode at
// a boundary that float32 rounded.
func argminCode(c *Codebook, v float32) uint8 {
	best, at := math.Inf(1), 0
	for i, level := range c.sorted {
		if d := math.Abs(float64(v) - float64(level)); d < best {
			best, at = d, i
		}
	}
	return c.codes[at]
}

func books(t testing.TB) []*Codebook {
	var all []*Codebook
	for _, name := range Names() {
		c, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		if c.Name() != name {
			t.Errorf("Named(%q) is called %q", name, c.Name())
		}
		all = append(all, c)
	}
	return all
}

func TestTableCodesAsSearchDoes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range books(t) {
		t.Run(c.Name(), func(t *testing.T) {
			var values []float32
			for range 200_000 {
				values = append(values, float32(rng.Float64()*2-1))
			}
			edges := append(slices.Clone(c.sorted), c.above[:len(c.sorted)-1]...)
			for cell := -halfCells; cell <= halfCells; cell++ {
				edges = append(edges, float32(cell)/halfCells)
			}
			edges = append(edges, 0, float32(math.Copysign(0, -1)), math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-38, -1e-38)
			for _, v := range edges {
				down, up := math.Nextafter32(v, -2), math.Nextafter32(v, 2)
				values = append(values, v, down, up, math.Nextafter32(down, -2), math.Nextafter32(up, 2))
			}
			parted := 0
			for _, v := range values {
				if got, want := c.Code(v), plainCode(c, v); got != want {
					t.Fatalf("code of %v = %d, want %d", v, got, want)
				}
				if c.Level(c.Code(v)) != c.Level(argminCode(c, v)) {
					parted++
				}
			}
			// Distances tie, or round the other way, only next to boundaries, of which
			// five values each were planted.
			if limit := 5 * len(c.sorted); parted > limit {
				t.Errorf("%d codes differ from the nearest level, expected at most %d", parted, limit)
			}
		})
	}
}

func TestCodebooks(t *testing.T) {
	tests := []struct {
		name                     string
		book                     *Codebook
		bits, negative, positive int
	}{
		{"nf2", NormalFloat(2), 2, 1, 2},
		{"nf3", NormalFloat(3), 3, 3, 4},
		{"nf4", NormalFloat(4), 4, 7, 8},
		{"fp4", FP4(), 4, 7, 7},
		{"int2", Int(2), 2, 1, 1},
		{"int3", Int(3), 3, 3, 3},
		{"int4", Int(4), 4, 7, 7},
		{"int8", Int(8), 8, 127, 127},
		{"dynamic8", Dynamic8(), 8, 127, 128},
		{"linear8", Linear8(), 8, 128, 127}, // one of its zeros is -3.7e-9
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var negative, positive int
			for _, level := range tt.book.Levels() {
				if level < 0 {
					negative++
				}
				if level > 0 {
					positive++
				}
				if level < -1 || level > 1 {
					t.Errorf("level %v outside of [-1, 1]", level)
				}
			}
			if tt.book.Bits() != tt.bits || negative != tt.negative || positive != tt.positive {
				t.Errorf("%d bits, %d negative and %d positive levels, want %d, %d, %d", tt.book.Bits(), negative, positive, tt.bits, tt.negative, tt.positive)
			}
			if !slices.Contains(tt.book.Levels(), 0) || !slices.Contains(tt.book.Levels(), 1) {
				t.Error("0 and 1 must be levels exactly")
			}
			for _, level := range tt.book.Levels() {
				if got := tt.book.Level(tt.book.Code(level)); got != level && math.Abs(float64(got-level)) > 1e-8 {
					t.Errorf("level %v is coded as %v", level, got)
				}
			}
		})
	}
	if _, err := Named("nf5"); err == nil {
		t.Error("an unknown format was found")
	}
}

// The levels of a NormalFloat are meant to be used about equally often by
// normal values; those of the integer grid are not.
func TestNormalFloatSpreadsNormalValues(t *testing.T) {
	const block = 64
	used := func(c *Codebook) (least, most int) {
		x := normal(5, 64*block)
		var count [16]int
		q := quantize(t, Format{Book: c, Block: block}, x)
		for i := range x {
			count[q.Code(i)]++
		}
		counts := count[:len(c.sorted)]
		return slices.Min(counts), slices.Max(counts)
	}
	nfLeast, nfMost := used(NF4())
	intLeast, intMost := used(Int(4))
	if nfMost*intLeast >= intMost*nfLeast {
		t.Errorf("NF4 codes used %d to %d times, int4 codes %d to %d: NF4 should be the more even", nfLeast, nfMost, intLeast, intMost)
	}
}

func TestEdgeRules(t *testing.T) {
	nf4 := Format{Book: NF4(), Block: 64}
	fp4 := Format{Book: FP4(), Block: 64}
	zeros := func(n int) []float32 { return make([]float32, n) }
	with := func(n int, values ...float32) []float32 {
		x := zeros(n)
		copy(x, values)
		return x
	}
	tests := []struct {
		name   string
		f      Format
		x      []float32
		first  byte    // first packed byte
		last   byte    // last packed byte
		absmax float32 // of the last block
		value  float32 // first dequantized value
	}{
		{"all-zero block has the code of zero and absmax 0", nf4, zeros(64), 0x77, 0x77, 0, 0},
		{"all-zero block in FP4", fp4, zeros(64), 0x00, 0x00, 0, 0},
		{"all-zero short block stores the clamped divisor", nf4, zeros(10), 0x77, 0x77, minDivisor, 0},
		{"tiny absmax of a full block keeps absmax and loses precision", nf4, with(64, 1e-40, -1e-40), 0x77, 0x77, 1e-40, 0},
		{"exact midpoint takes the lower level", nf4, with(64, NF4().above[9], 1), 0x9f, 0x77, 1, NF4().sorted[9]},
		{"just above a midpoint takes the upper level", nf4, with(64, math.Nextafter32(NF4().above[9], 1), 1), 0xaf, 0x77, 1, NF4().sorted[10]},
		{"negative midpoint takes the lower level, not the smaller magnitude", fp4, with(64, FP4().above[2], 1), 0xd3, 0x00, 1, -0.5},
		{"FP4 small positive value takes the other zero", fp4, with(64, 0.001, 1), 0x83, 0x00, 1, 0},
		{"FP4 small negative value takes the first zero", fp4, with(64, -0.001, 1), 0x03, 0x00, 1, 0},
		{"odd length pads with the code of zero", nf4, with(7, 1, -1), 0xf0, 0x77, 1, 1},
		{"short last block divides by its own absmax", nf4, append(with(64, 1), with(17, 3)...), 0xf7, 0x77, 3, 1},
		{"odd block size packs across blocks", Format{Book: NF4(), Block: 33}, append(with(33, 1), -2), 0xf7, 0x70, 2, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := quantize(t, tt.f, tt.x)
			if got := q.Packed[0]; got != tt.first {
				t.Errorf("first byte = %#02x, want %#02x", got, tt.first)
			}
			if got := q.Packed[len(q.Packed)-1]; got != tt.last {
				t.Errorf("last byte = %#02x, want %#02x", got, tt.last)
			}
			if got := q.Absmax[len(q.Absmax)-1]; got != tt.absmax {
				t.Errorf("absmax = %v, want %v", got, tt.absmax)
			}
			got := q.Dequantize()
			if len(got) != len(tt.x) || got[0] != tt.value {
				t.Errorf("%d values, the first %v; want %d, %v", len(got), got[0], len(tt.x), tt.value)
			}
		})
	}
}

func TestQuantizeRefuses(t *testing.T) {
	good := Format{Book: NF4(), Block: 64}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tests := []struct {
		name  string
		f     Format
		x     []float32
		index int // of the value at fault, -1 for another error
	}{
		{"NaN", good, append(make([]float32, 70), nan), 70},
		{"infinity in a full block", good, append([]float32{1, -inf}, make([]float32, 100)...), 1},
		{"block too small", Format{Book: NF4(), Block: 31}, nil, -1},
		{"block too large", Format{Book: NF4(), Block: 4097}, nil, -1},
		{"no codebook", Format{Block: 64}, nil, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.f.Quantize(tt.x)
			if err == nil {
				t.Fatal("accepted")
			}
			var v *ValueError
			if errors.As(err, &v) != (tt.index >= 0) || v != nil && v.Index != tt.index {
				t.Errorf("error %q, want one about element %d", err, tt.index)
			}
		})
	}
}

// Every format, block size and length must give back each value to within half
// of the widest gap between levels, and blocks must not see each other.
func TestRoundTrip(t *testing.T) {
	for _, c := range books(t) {
		gap := float32(0)
		for i := range len(c.sorted) - 1 {
			gap = max(gap, c.sorted[i+1]-c.sorted[i])
		}
		gap = max(gap, 2*(1+c.sorted[0])) // -absmax where -1 is no level
		for _, block := range []int{32, 33, 64, 4096} {
			for _, n := range []int{0, 1, 31, 64, 65, 1000} {
				f := Format{Book: c, Block: block}
				t.Run(fmt.Sprintf("%v/%d", f, n), func(t *testing.T) {
					x := normal(uint64(n), n)
					q := quantize(t, f, x)
					scales := q.Scales()
					for i, v := range q.Dequantize() {
						absmax := scales[i/block]
						if e := max(v-x[i], x[i]-v); e > absmax*gap/2*1.00001 {
							t.Fatalf("element %d: %v became %v, more than half a gap of %v away", i, x[i], v, absmax*gap)
						}
						want := c.codes[slices.Index(c.codes, plainCode(c, scaledAs(x, block, i)))]
						if q.Code(i) != want {
							t.Fatalf("code of element %d = %d, want %d", i, q.Code(i), want)
						}
					}
				})
			}
		}
	}
}

// scaledAs is the value that element i of x is coded by, by the definition.
func scaledAs(x []float32, block, i int) float32 {
	lo := i / block * block
	hi := min(lo+block, len(x))
	absmax := float32(0)
	for _, v := range x[lo:hi] {
		absmax = max(absmax, float32(math.Abs(float64(v))))
	}
	absmax = max(absmax, 1e-38)
	if hi-lo < block {
		return x[i] / absmax
	}
	return x[i] * float32(1/absmax)
}

func TestBits(t *testing.T) {
	tests := []struct {
		name   string
		f      Format
		n      int
		bits   float64 // of this tensor
		limit  float64 // of the format
		nbytes int
	}{
		{"nf4 64", Format{NF4(), 64, false}, 4096, 4.5, 4.5, 2304},
		{"nf4 64 double", Format{NF4(), 64, true}, 64 * 256 * 16, 4 + 8.0/64 + 32.0/(64*256) + 32.0/(64*256*16), 4.126953125, 64*256*16/2 + 256*16 + 4*16 + 4},
		{"nf2 4096", Format{NormalFloat(2), 4096, false}, 8192, 2 + 32.0/4096, 2 + 32.0/4096, 2048 + 8},
		{"int3 32", Format{Int(3), 32, false}, 32, 4, 4, 16},
		{"short block, odd: half a byte is padding", Format{NF4(), 64, false}, 7, (32 + 32.0) / 7, 4.5, 8},
		{"7×11 double: 39 of codes, 2 scales, their scale, the offset", Format{NF4(), 64, true}, 77, 8 * 49.0 / 77, 4.126953125, 39 + 2 + 4 + 4},
		{"nf3, 5 codes in 15 bits", Format{NormalFloat(3), 32, false}, 5, (16 + 32.0) / 5, 4, 2 + 4},
		{"dynamic8 4096", Format{Dynamic8(), 4096, false}, 4096, 8 + 32.0/4096, 8 + 32.0/4096, 4100},
		{"empty", Format{NF4(), 64, true}, 0, 0, 4.126953125, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := quantize(t, tt.f, normal(1, tt.n))
			if q.Bits() != tt.bits || tt.f.BitsPerParam() != tt.limit || q.Bytes() != tt.nbytes {
				t.Errorf("%v bits (format %v), %d bytes; want %v (%v), %d", q.Bits(), tt.f.BitsPerParam(), q.Bytes(), tt.bits, tt.limit, tt.nbytes)
			}
		})
	}
}

func TestDoubleQuantizationCostsLittle(t *testing.T) {
	x := normal(8, 1<<15)
	for i := range x {
		x[i] *= 0.02
	}
	single := Compare(x, quantize(t, Format{NF4(), 64, false}, x).Dequantize())
	double := Compare(x, quantize(t, Format{NF4(), 64, true}, x).Dequantize())
	if double.SNR >= single.SNR || single.SNR-double.SNR > 0.2 {
		t.Errorf("%.2f dB with double quantization, %.2f without", double.SNR, single.SNR)
	}
}

func TestRowsEdges(t *testing.T) {
	q, err := QuantizeRows([]float32{0, 0, 0, 1e-40, -1e-40, 0, 3, -8, 1}, 3, 3, 6)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int8{0, 0, 0, 0, 0, 0, 127, 0, 42}; !slices.Equal(q.Codes, want) {
		t.Errorf("codes = %v, want %v", q.Codes, want)
	}
	if q.Absmax[2] != 3 || !slices.Equal(q.Outliers, []int{1}) || q.Dequantize()[7] != -8 {
		t.Errorf("absmax %v, outliers %v, values %v", q.Absmax, q.Outliers, q.Dequantize())
	}
	if got, want := q.Bits(), (72+96+48+32)/9.0; got != want {
		t.Errorf("%v bits, want %v", got, want)
	}
	if _, err := QuantizeRows([]float32{1e6}, 1, 1, 6); err == nil {
		t.Error("an outlier beyond float16 was kept")
	}
	if _, err := QuantizeRows([]float32{float32(math.NaN())}, 1, 1, 0); err == nil {
		t.Error("NaN was quantized")
	}
}

func TestCompare(t *testing.T) {
	s := Compare([]float64{3, 4, 0, 0}, []float64{3, 4, 0.5, 0})
	if s.Mean != 0.125 || s.Max != 0.5 || math.Abs(s.SNR-20) > 1e-12 {
		t.Errorf("%+v, want mean 0.125, max 0.5, 20 dB", s)
	}
	if s := Compare([]float32{1}, []float32{1}); !math.IsInf(s.SNR, 1) || s.Max != 0 {
		t.Errorf("without error: %+v", s)
	}
	if s := Compare([]float64{1}, []float64{math.NaN()}); !math.IsNaN(s.Max) || !math.IsNaN(s.SNR) {
		t.Errorf("a NaN is hidden: %+v", s)
	}
}

func TestPanics(t *testing.T) {
	q := quantize(t, Format{NF4(), 64, false}, make([]float32, 6))
	for name, f := range map[string]func(){
		"DequantizeTo": func() { q.DequantizeTo(make([]float32, 5)) },
		"Dense":        func() { q.Dense(2, 2) },
		"Merge":        func() { q.Merge(nil) },
		"Compare":      func() { Compare([]float32{1}, nil) },
		"Rows":         func() { QuantizeRows(make([]float32, 3), 2, 2, 0) },
		"NormalFloat":  func() { NormalFloat(1) },
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
