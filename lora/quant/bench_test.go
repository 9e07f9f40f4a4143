package quant

import "testing"

// The plain versions below are the definitions written down (a search through
// the boundaries, the nearest of all levels, a table read for each code). They
// are measured beside the fast ones so that a ratio comes out of one run:
//
//	go test -run '^$' -bench . ./lora/quant
//
// They are not PyTorch, whose operations fill a tensor at each step: indexing 16
// levels by codes in Go is not what torch.index costs. PyTorch's own figures, in
// MB/s of float32 for NF4 in blocks of 64, were measured with PyTorch
// 1.13.0a0 (Debian 12's build, CPU, one thread of a Zen 5) on 16 Mi values; first
// the operation of bitsandbytes' default backend, then the one that could
// stand in for it:
//
//	quantize     argmin over the 16 levels    47    bucketize      148
//	dequantize   levels[codes]               456    index_select   299
//
// On that processor, one thread, the best of 40 runs beside other work is 1890
// for nf4/table and 10450 for nf4/pairs: 40 and 23 times the default operation.

const benchElements = 1 << 20

func BenchmarkQuantize(b *testing.B) {
	x := normal(1, benchElements)
	f := Format{Book: NF4(), Block: 64}
	run := func(name string, quantize func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(4 * benchElements)
			for b.Loop() {
				quantize()
			}
		})
	}
	plain := func(code func(*Codebook, float32) uint8) func() {
		packed := make([]byte, benchElements/2)
		return func() {
			for lo := 0; lo < len(x); lo += f.Block {
				block := x[lo : lo+f.Block]
				absmax, _ := largest(block)
				scale := 1 / absmax
				for i := 0; i < len(block); i += 2 {
					packed[(lo+i)/2] = code(f.Book, block[i]*scale)<<4 | code(f.Book, block[i+1]*scale)
				}
			}
		}
	}
	run("nf4/table", func() { f.Quantize(x) })
	run("nf4/search", plain(plainCode))
	run("nf4/argmin", plain(argminCode))
	for _, other := range []Format{{FP4(), 64, false}, {NF4(), 64, true}, {Dynamic8(), 4096, false}} {
		run(other.String(), func() { other.Quantize(x) })
	}
}

func BenchmarkDequantize(b *testing.B) {
	q := quantize(b, Format{Book: NF4(), Block: 64}, normal(1, benchElements))
	dst := make([]float32, benchElements)
	b.Run("nf4/pairs", func(b *testing.B) {
		b.SetBytes(4 * benchElements)
		for b.Loop() {
			q.DequantizeTo(dst)
		}
	})
	b.Run("nf4/one by one", func(b *testing.B) {
		b.SetBytes(4 * benchElements)
		for b.Loop() {
			for i := range dst {
				dst[i] = q.Book.Level(q.Code(i)) * q.Absmax[i/q.Block]
			}
		}
	})
}
