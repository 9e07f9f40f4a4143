package lora

import (
	"hash/fnv"
	"math/rand/v2"
)

// Stream returns the random numbers of one purpose ("weights", "batches", …)
// under a seed. Streams of different names are independent, so that turning
// one knob (a rank, say) does not change the data or the order of the batches.
func Stream(seed uint64, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose)) // never fails, by the hash.Hash contract
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
