package quant

import (
	"fmt"
	"math"
	"slices"
)

// NF4 is the 4-bit NormalFloat of QLoRA, computed from the normal's quantiles.
// It equals the table that bitsandbytes carries, to the last bit.
func NF4() *Codebook { return NormalFloat(4) }

// NormalFloat is the NormalFloat of 2 to 8 bits: levels that a normally
// distributed weight uses about equally often (Dettmers et al. 2023, section
// 3, eq. 4). 4 bits is [NF4]; other widths are the same construction.
//
// 2^(bits-1) levels are positive, 2^(bits-1)-1 are negative, and one is exactly
// 0, so that padding and pruned weights cost no error. Each side takes
// quantiles equally spaced between 1/2 and a last probability δ < 1, because the
// quantile of 1 is infinite, and all are divided by the largest, so that
// the block's absmax is a level. Equation 4 as printed runs into that
// infinity; δ is bitsandbytes'. It is the mean of the two probabilities half
// a step short of 1 when 2^bits and 2^bits-1 levels share the unit interval:
//
//	δ = 1 - (1/(2·2^bits) + 1/(2·(2^bits-1)))/2        0.9677083 for 4 bits
//
// It is cut to seven decimals, as bitsandbytes writes it: with all of its digits
// some of NF4's levels come out 2 ulp away from the published table.
//
// It panics for other widths.
func NormalFloat(bits int) *Codebook {
	checkWidth("NormalFloat", bits)
	n := 1 << bits
	δ := 1 - float64((1/float64(2*n)+1/float64(2*(n-1)))/2)
	δ = math.Round(δ*1e7) / 1e7
	half := n / 2
	var levels []float32
	for _, p := range linspace32(float32(δ), 0.5, half)[:half-1] {
		levels = append(levels, -normalQuantile(p))
	}
	levels = append(levels, 0)
	for _, p := range linspace32(float32(δ), 0.5, half+1)[:half] {
		levels = append(levels, normalQuantile(p))
	}
	slices.Sort(levels)
	largest := levels[len(levels)-1]
	for i := range levels {
		levels[i] /= largest
	}
	return newCodebook(fmt.Sprintf("nf%d", bits), bits, levels, identity(len(levels)))
}

// normalQuantile returns the standard normal's quantile of p, rounded to
// float32.
func normalQuantile(p float32) float32 {
	return float32(math.Sqrt2 * math.Erfinv(2*float64(p)-1))
}

// FP4 is the 4-bit float with a sign, two exponent bits and one bit of fraction
// (E2M1), in bitsandbytes' order of codes: the low three bits 000 to 111 mean
// 0, 0.0625, 8, 12, 4, 6, 2, 3, divided by 12; bit 3 is the sign. The smallest
// magnitude is 1/192 and not the 1/12 of the OCP microscaling standard.
func FP4() *Codebook {
	magnitudes := [8]float32{0, 0.0625, 8, 12, 4, 6, 2, 3}
	var table [16]float32
	for i, m := range magnitudes {
		table[i] = m / 12
		table[i+8] = 0 - m/12 // not -m: code 8 is +0 in the reference
	}
	codes := identity(16)
	slices.SortStableFunc(codes, func(a, b uint8) int {
		switch {
		case table[a] < table[b]:
			return -1
		case table[a] > table[b]:
			return 1
		}
		return 0
	})
	levels := make([]float32, 16)
	for i, code := range codes {
		levels[i] = table[code]
	}
	return newCodebook("fp4", 4, levels, codes)
}

// Int is the symmetric integer grid of 2 to 8 bits: levels i/m for i from -m to
// m, with m = 2^(bits-1)-1, and code i+m. One code stays unused (4
// bits: 15 levels), as in any integer format without a zero point that
// treats both signs alike. A tie takes the lower level, as in every
// codebook; LLM.int8's half to even is in [QuantizeRows].
//
// It panics for other widths.
func Int(bits int) *Codebook {
	checkWidth("Int", bits)
	m := 1<<(bits-1) - 1
	levels := make([]float32, 2*m+1)
	for i := range levels {
		levels[i] = float32(i-m) / float32(m)
	}
	return newCodebook(fmt.Sprintf("int%d", bits), bits, levels, identity(len(levels)))
}

// Dynamic8 is bitsandbytes' signed 8-bit dynamic map (Dettmers 2015,
// arXiv:1511.04561, made blockwise in arXiv:2110.02861): seven decades of
// magnitudes from 5.5e-7 up, with 1 to 64 equally spaced levels each, and 0
// and 1. There is no -1; the lowest level is -0.99297.
func Dynamic8() *Codebook {
	const decades = 7
	levels := []float32{0, 1}
	for i := range decades {
		edges := linspace32(0.1, 1, 1<<i+1)
		// The power of ten is rounded to float32 before the product, as torch
		// rounds a Python number that multiplies a float32 tensor.
		scale := float32(math.Pow10(i - decades + 1))
		for j := range len(edges) - 1 {
			v := scale * (float32(edges[j]+edges[j+1]) / 2)
			levels = append(levels, v, -v)
		}
	}
	slices.Sort(levels)
	return newCodebook("dynamic8", 8, levels, identity(len(levels)))
}

// Linear8 is bitsandbytes' signed 8-bit linear map: 255 equally spaced values
// from -1 to 1 and one more zero. Its two zeros, codes 127 and 128, are 0 and
// -3.7e-9, in this order, because torch.linspace misses the middle by an ulp.
func Linear8() *Codebook {
	values := linspace32(-1, 1, 255)
	levels := slices.Insert(values, len(values)/2, 0)
	return newCodebook("linear8", 8, levels, identity(len(levels)))
}

// linspace32 returns n ≥ 2 values from start to end as torch.linspace computes
// them in float32 on a processor with AVX2, which is what the published maps
// came from: counted from the nearer end by a rounded step; in pairs of
// 8-lane vectors, whose first lane is a fused multiply-add and whose others add
// a rounded multiple of the step; what is left one by one, fused. Values spaced
// by the textbook differ from the maps in the last bit.
func linspace32(start, end float32, n int) []float32 {
	const lanes = 8
	step := (end - start) / float32(n-1)
	// at is the i-th value with one rounding: in float64 the product is exact.
	at := func(i int) float32 {
		if i < n/2 {
			return float32(float64(start) + float64(float64(step)*float64(i)))
		}
		return float32(float64(end) - float64(float64(step)*float64(n-1-i)))
	}
	v := make([]float32, n)
	vectors := n / (2 * lanes) * (2 * lanes)
	for i := range v {
		if lane := i % lanes; i < vectors {
			v[i] = at(i-lane) + float32(step*float32(lane))
		} else {
			v[i] = at(i)
		}
	}
	return v
}

func identity(n int) []uint8 {
	codes := make([]uint8, n)
	for i := range codes {
		codes[i] = uint8(i)
	}
	return codes
}

func checkWidth(op string, bits int) {
	if bits < 2 || bits > 8 {
		panic(ShapeError{op, fmt.Sprintf("%d bits", bits), "2 to 8 bits"})
	}
}
