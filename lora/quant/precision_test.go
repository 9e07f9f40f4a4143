package quant

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestRound(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		name string
		p    Precision
		x    float64
		want float64
	}{
		{"bf16 tie to even, down", BFloat16, 1 + 0x1p-8, 1},
		{"bf16 tie to even, up", BFloat16, 1 + 3*0x1p-8, 1 + 0x1p-6},
		{"bf16 just above a tie", BFloat16, 1 + 0x1p-8 + 0x1p-40, 1 + 0x1p-7},
		{"bf16 rounds once, not by way of float32", BFloat16, 1 + 0x1p-8 - 0x1p-40, 1},
		{"bf16 subnormal", BFloat16, 0x1p-133, 0x1p-133},
		{"bf16 half of the least subnormal", BFloat16, 0x1p-134, 0},
		{"bf16 largest", BFloat16, 0x1.fep127, 0x1.fep127},
		{"bf16 overflow", BFloat16, 0x1.ffp127, inf},
		{"fp16 largest", Float16, 65504, 65504},
		{"fp16 below the overflow threshold", Float16, 65519.99, 65504},
		{"fp16 overflow", Float16, 65520, inf},
		{"fp16 negative overflow", Float16, -1e300, -inf},
		{"fp16 least subnormal", Float16, 0x1p-24, 0x1p-24},
		{"fp16 half of it ties to zero", Float16, 0x1p-25, 0},
		{"fp16 above half of it", Float16, 0x1.1p-25, 0x1p-24},
		{"fp16 subnormal rounds up to normal", Float16, 0x1.ffffp-15, 0x1p-14},
		{"fp16 carries into the exponent", Float16, 2047.9, 2048},
		{"fp16 third", Float16, 1.0 / 3, 0x1.554p-2},
		{"float32 third", Float32, 1.0 / 3, float64(float32(1.0 / 3))},
		{"float32 overflow", Float32, 1e39, inf},
		{"float32 subnormal", Float32, 1e-45, 0x1p-149},
		{"least float64", Float16, math.SmallestNonzeroFloat64, 0},
		{"infinity", BFloat16, -inf, -inf},
		{"zero", Float16, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.Round(tt.x); got != tt.want {
				t.Errorf("Round(%v) = %v, want %v", tt.x, got, tt.want)
			}
			if got := tt.p.Decode(tt.p.Encode(tt.x)); got != tt.want {
				t.Errorf("Decode(Encode(%v)) = %v, want %v", tt.x, got, tt.want)
			}
		})
	}
	for _, p := range []Precision{Float32, BFloat16, Float16} {
		if !math.IsNaN(p.Round(math.NaN())) || !math.IsNaN(p.Decode(p.Encode(math.NaN()))) {
			t.Errorf("%v loses NaN", p)
		}
		if !math.Signbit(p.Round(math.Copysign(0, -1))) || !math.Signbit(p.Decode(p.Encode(-1e-300))) {
			t.Errorf("%v loses the sign of zero", p)
		}
	}
}

// Every pattern of 16 bits decodes to a value that rounds to itself and encodes
// to the same pattern.
func TestSixteenBitsRoundTrip(t *testing.T) {
	for _, p := range []Precision{BFloat16, Float16} {
		for bits := range uint32(1 << 16) {
			v := p.Decode(bits)
			if math.IsNaN(v) {
				continue
			}
			if p.Round(v) != v || p.Encode(v) != bits {
				t.Fatalf("%v %#04x: value %v rounds to %v, encodes as %#04x", p, bits, v, p.Round(v), p.Encode(v))
			}
		}
	}
}

// Normal values agree with rounding to 8 or 11 binary digits by math/big.
func TestRoundAgainstBig(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		x := rng.NormFloat64()
		for p, digits := range map[Precision]uint{BFloat16: 8, Float16: 11, Float32: 24} {
			if math.Abs(x) < 1e-4 {
				continue // subnormal in float16
			}
			want, _ := new(big.Float).SetPrec(digits).SetMode(big.ToNearestEven).SetFloat64(x).Float64()
			if got := p.Round(x); got != want {
				t.Fatalf("%v: Round(%v) = %v, want %v", p, x, got, want)
			}
		}
	}
	x := []float64{1.0 / 3, 2.0 / 3}
	BFloat16.RoundSlice(x)
	if x[0] != BFloat16.Round(1.0/3) || x[1] != BFloat16.Round(2.0/3) {
		t.Errorf("RoundSlice gave %v", x)
	}
}
