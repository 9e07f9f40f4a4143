package libm_test

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"loralab/lora/libm"
)

type function struct {
	name   string
	ours   func(float64) float64
	std    func(float64) float64 // to compare the time with
	lo, hi float64               // arguments are drawn between them
	want   uint64                // digest of many values
}

var functions = []function{
	{"Exp", libm.Exp, math.Exp, -750, 715, 0xd97fa9382bcd514c},
	{"Exp near 0", libm.Exp, math.Exp, -1, 1, 0x5d674d341c7d3362},
	{"Log", libm.Log, math.Log, 0, 1e6, 0x477b790c9ebbb077},
	{"Log near 1", libm.Log, math.Log, 0.5, 2, 0x233e18335e187fc1},
	{"Log10", libm.Log10, math.Log10, 0, 1e6, 0xf3e5be80b2fbeb3b},
	{"Tanh", libm.Tanh, math.Tanh, -25, 25, 0x272c3c2847c5cbfc},
	{"Tanh near 0", libm.Tanh, math.Tanh, -1, 1, 0x7a2de0dd7a189232},
	{"Erfc", libm.Erfc, math.Erfc, -7, 29, 0x44e43d3b6f21d437},
	{"Erfc near 0", libm.Erfc, math.Erfc, -1.5, 1.5, 0x10403cabeaafed9a},
}

// each calls f with many arguments of the function, the same on every machine.
func (f function) each(do func(x float64)) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		do(f.lo + float64((f.hi-f.lo)*rng.Float64()))
	}
}

// Beyond the range of a function, at its ends, and where the standard library's
// assembly for amd64 is wrong: it says +Inf of 709.6 and −709.1 of ln 5e-324.
func TestSpecialArguments(t *testing.T) {
	inf, nan, tiny := math.Inf(1), math.NaN(), math.SmallestNonzeroFloat64
	zero, minus := 0.0, math.Copysign(0, -1)
	for _, row := range []struct {
		name string
		f    func(float64) float64
		want map[float64]float64
	}{
		{"Exp", libm.Exp, map[float64]float64{zero: 1, inf: inf, -inf: 0, 709.79: inf, 709.6: 1.4974914744969295e+308, math.MaxFloat64: inf, -745.14: 0, -745.13: tiny,
			tiny: 1, -tiny: 1, -math.MaxFloat64: 0}},
		{"Log", libm.Log, map[float64]float64{zero: -inf, inf: inf, 1: 0, -1: nan, -inf: nan, tiny: -744.4400719213812,
			math.MaxFloat64: 709.782712893384, 0x1p-1022: -708.3964185322641}},
		{"Log10", libm.Log10, map[float64]float64{zero: -inf, inf: inf, 1: 0, -1: nan, 1e3: 3, tiny: -323.30621534311575}},
		{"Tanh", libm.Tanh, map[float64]float64{inf: 1, -inf: -1, 1000: 1, -1000: -1, tiny: tiny, -tiny: -tiny, 1e-300: 1e-300}},
		{"Erfc", libm.Erfc, map[float64]float64{zero: 1, inf: 0, -inf: 2, 28: 0, 1000: 0, -6.5: 2, -1000: 2, tiny: 1, -tiny: 1}},
	} {
		for x, want := range row.want {
			if got := row.f(x); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s of %v: %v, want %v", row.name, x, got, want)
			}
		}
		if got := row.f(nan); !math.IsNaN(got) {
			t.Errorf("%s of NaN: %v", row.name, got)
		}
	}
	for _, x := range []float64{zero, minus} {
		if got := libm.Tanh(x); got != 0 || math.Signbit(got) != math.Signbit(x) {
			t.Errorf("Tanh of %v: %v", x, got)
		}
	}
}

// The digests were computed once. Every machine and every build must find them:
// a product that a compiler fuses with a sum changes them.
func TestTheSameOnEveryMachine(t *testing.T) {
	for _, f := range functions {
		digest := fnv.New64a()
		f.each(func(x float64) {
			digest.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(f.ours(x))))
		})
		if got := digest.Sum64(); got != f.want {
			t.Errorf("%s: digest %#x, want %#x", f.name, got, f.want)
		}
	}
}

func BenchmarkFunctions(b *testing.B) {
	for _, f := range functions {
		if f.lo != -1 && f.lo != 0.5 && f.lo != -1.5 {
			continue
		}
		for name, g := range map[string]func(float64) float64{"ours": f.ours, "math": f.std} {
			b.Run(f.name+"/"+name, func(b *testing.B) {
				x, sum := f.lo, 0.0
				for b.Loop() {
					sum += g(x)
					if x += 1e-5; x > f.hi {
						x = f.lo
					}
				}
				if math.IsNaN(sum) {
					b.Fatal("NaN")
				}
			})
		}
	}
}
