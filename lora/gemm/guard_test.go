//go:build linux || darwin

package gemm

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns a copy of data that ends where memory ends: reading or
// writing one element more kills the test.
func guarded(t *testing.T, data []float64) []float64 {
	t.Helper()
	if len(data) == 0 {
		return nil
	}
	page := syscall.Getpagesize()
	used := (8*len(data) + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, used+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(mem); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Mprotect(mem[used:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	out := unsafe.Slice((*float64)(unsafe.Pointer(&mem[used-8*len(data)])), len(data))
	copy(out, data)
	return out
}

// Go does not check the indices of assembly.
func TestMulStaysInItsSlices(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	sizes := []int{1, 2, 4, 5, 6, 8, 9, 16, 17, 24, 33}
	for _, m := range sizes {
		for _, n := range sizes {
			for _, transA := range bools {
				for _, transB := range bools {
					p := problem{transA: transA, transB: transB, m: m, n: n, k: 1 + rng.IntN(9), alpha: 0.3, beta: 1, gap: rng.IntN(2)}
					if rng.IntN(10) == 0 {
						p.m, p.k = p.m+120, p.k+256
					}
					p.fill(rng)
					p.a, p.b = guarded(t, p.a), guarded(t, p.b)
					want := p.want()
					for _, kern := range kernels() {
						c := guarded(t, p.c)
						p.into(kern, c)
						for at := range want {
							if !same(c[at], want[at]) {
								t.Fatalf("%v: %v: element %d is %v, want %v", kern, p, at, c[at], want[at])
							}
						}
					}
				}
			}
		}
	}
}
