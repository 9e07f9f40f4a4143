package models

import (
	"fmt"
	"math/bits"
)

// checked does arithmetic on counts, which are never negative, and remembers
// whether a result did not fit an int64. One flag, asked for once at the end,
// keeps the formulas readable; math/big would never overflow, but then
// every count in the API would be a pointer.
type checked struct{ overflow bool }

func (c *checked) mul(a int64, more ...int64) int64 {
	for _, b := range more {
		hi, lo := bits.Mul64(uint64(a), uint64(b))
		if hi != 0 || lo > 1<<63-1 {
			c.overflow = true
			return 0
		}
		a = int64(lo)
	}
	return a
}

func (c *checked) add(a int64, more ...int64) int64 {
	for _, b := range more {
		sum := uint64(a) + uint64(b)
		if sum > 1<<63-1 {
			c.overflow = true
			return 0
		}
		a = int64(sum)
	}
	return a
}

// err returns an error if anything overflowed; what names the thing counted.
func (c *checked) err(what string) error {
	if !c.overflow {
		return nil
	}
	return fmt.Errorf("models: %s: the count is above 2^63-1 and does not fit; use smaller sizes", what)
}

// ceilDiv returns ⌈a/b⌉ for a ≥ 0 and b > 0 without forming a+b.
func ceilDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 {
		q++
	}
	return q
}
