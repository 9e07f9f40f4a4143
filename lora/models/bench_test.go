package models

import "testing"

// An estimate is drawn again at every turn of a knob.
func BenchmarkEstimate(b *testing.B) {
	m := find(b, "llama-65b")
	for b.Loop() {
		t, err := Count(m, Adapter{Rank: 64, Targets: Targets{AllLinear: true}})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Estimate(m, t, MemoryOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
