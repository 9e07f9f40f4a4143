package lora_test

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"

	"loralab/lora"
)

// The standard library's normal numbers, but for the last digits of the tails.
func TestNormalIsTheLibrarys(t *testing.T) {
	ours, library := lora.Stream(1, "normal"), lora.Stream(1, "normal")
	tails := 0
	for i := range 2_000_000 {
		got, want := lora.Normal(ours), library.NormFloat64()
		if math.Abs(want) > 3.442619855899 {
			tails++
			if math.Abs(got-want) > 1e-15*math.Abs(want) {
				t.Fatalf("draw %d: %v, want %v", i, got, want)
			}
		} else if got != want {
			t.Fatalf("draw %d: %v, want %v", i, got, want)
		}
	}
	if ours.Uint64() != library.Uint64() {
		t.Error("it has drawn another number of times")
	}
	if tails < 900 || tails > 1400 { // 1152 are expected
		t.Errorf("%d of the tails", tails)
	}
}

// The digest was computed once; every machine must find it.
func TestNormalIsTheSameOnEveryMachine(t *testing.T) {
	const want = 0x7294747627a678ca
	rng, digest := lora.Stream(2, "normal"), fnv.New64a()
	for range 200_000 {
		digest.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(lora.Normal(rng))))
	}
	if got := digest.Sum64(); got != want {
		t.Errorf("digest %#x, want %#x", got, uint64(want))
	}
}
