package lora_test

import (
	"fmt"
	"testing"
	"time"

	"loralab/lora"
)

// stepper returns a warm trainer of one d×d layer, batch 32, LoRA of rank 8 or
// full.
func stepper(b *testing.B, d int, full bool) *lora.Trainer {
	b.Helper()
	net := lora.NewNetwork([]int{d, d}, lora.ReLU, lora.Stream(1, "network"))
	start := lora.Init{Scheme: lora.Kaiming, Rank: 8, Alpha: 8}
	if err := start.AttachAll(net, "a", lora.Stream(1, "adapter")); err != nil {
		b.Fatal(err)
	}
	t := lora.NewTrainer(net, task(d, d, 128), lora.Training{
		Full: full, Optimizer: lora.NewOptimizer(lora.Adam, 1e-4), Batch: 32, Order: lora.Stream(1, "order")})
	walk(t, 2)
	return t
}

var benchmarkWidths = []int{16, 64, 256, 1024}

func BenchmarkStep(b *testing.B) {
	for _, d := range benchmarkWidths {
		for _, full := range []bool{false, true} {
			name := map[bool]string{false: "lora", true: "full"}[full]
			b.Run(fmt.Sprintf("d=%d/%s", d, name), func(b *testing.B) {
				t := stepper(b, d, full)
				b.ReportAllocs()
				for b.Loop() {
					walk(t, 1)
				}
			})
		}
	}
}

// Steps of both in turn, so that whatever else the machine does slows down both.
// Below 1 LoRA is the faster one.
func BenchmarkRatio(b *testing.B) {
	for _, d := range benchmarkWidths {
		b.Run(fmt.Sprintf("d=%d", d), func(b *testing.B) {
			adapter, whole := stepper(b, d, false), stepper(b, d, true)
			var took [2]time.Duration
			for b.Loop() {
				start := time.Now()
				walk(adapter, 1)
				middle := time.Now()
				walk(whole, 1)
				took[0] += middle.Sub(start)
				took[1] += time.Since(middle)
			}
			b.ReportMetric(float64(took[0])/float64(took[1]), "lora/full")
		})
	}
}

func BenchmarkSpectrum(b *testing.B) {
	for _, d := range []int{128, 512} {
		a := anAdapter(d, d, 8, 1)
		delta := a.Delta()
		b.Run(fmt.Sprintf("d=%d/factors", d), func(b *testing.B) {
			for b.Loop() {
				a.SVD()
			}
		})
		b.Run(fmt.Sprintf("d=%d/dense values", d), func(b *testing.B) {
			for b.Loop() {
				lora.SingularValues(delta)
			}
		})
	}
}
