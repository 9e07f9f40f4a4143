package quant

import (
	"fmt"
	"math"
	"slices"
)

// A Codebook is a set of levels in [-1, 1] and the code of each: what a scaled
// value can be stored as. It is immutable; making one costs some microseconds,
// so make it once for many tensors.
type Codebook struct {
	name string
	bits int
	// Levels in ascending order (but see Linear8), and the code of each.
	sorted []float32
	codes  []uint8
	table  [256]float32 // level by code; codes that mean nothing are 0

	// Coding by table: cells cuts [-1, 1] into equal parts and holds for each the
	// number of boundaries that lie in earlier cells. At most a few boundaries
	// lie in the cell itself (for 4-bit formats at most one), and they
	// are compared exactly. The cell is a monotonic function of the value, so
	// the result is the one of a search through all boundaries, to the bit.
	cells  [4 * halfCells]uint8
	above  [256]float32     // boundary above the i-th level; +Inf after the last
	codeOf [256]uint8       // codes, without a bounds check
	pairs  *[256][2]float32 // both levels of a packed byte, 4-bit formats only
}

// halfCells is the number of cells in [0, 1). cells is twice as long as [-1, 1]
// needs, so that masking an index can replace checking it.
const halfCells = 2048

// newCodebook builds the tables. Levels must be in coding order: each
// midpoint of neighbours no less than the one before.
func newCodebook(name string, bits int, sorted []float32, codes []uint8) *Codebook {
	c := &Codebook{name: name, bits: bits, sorted: sorted, codes: codes}
	for i, code := range codes {
		c.table[code] = sorted[i]
		c.codeOf[i] = code
	}
	for i := range c.above {
		c.above[i] = float32(math.Inf(1))
	}
	for i := range len(sorted) - 1 {
		c.above[i] = float32(sorted[i]+sorted[i+1]) / 2
	}
	n := 0 // boundaries in cells before the current one
	for cell := range c.cells {
		for n < len(sorted)-1 && cellOf(c.above[n]) < cell {
			n++
		}
		c.cells[cell] = uint8(n)
	}
	if bits == 4 {
		c.pairs = new([256][2]float32)
		for b := range c.pairs {
			c.pairs[b] = [2]float32{c.table[b>>4], c.table[b&15]}
		}
	}
	return c
}

// cellOf returns the cell of a scaled value. A value that rounding has pushed
// an ulp outside of [-1, 1] falls in the first cell or in one past the last,
// where the outermost codes are.
func cellOf(v float32) int {
	return int(int32((v+1)*halfCells)) & (4*halfCells - 1)
}

// rank returns the position of the level nearest to v: the number of
// boundaries below v, so that a tie takes the lower level.
func (c *Codebook) rank(v float32) uint8 {
	i := c.cells[cellOf(v)]
	for v > c.above[i] {
		i++
	}
	return i
}

// Name returns the format's name, by which [Named] finds it again.
func (c *Codebook) Name() string { return c.name }

// Bits returns the width of a code.
func (c *Codebook) Bits() int { return c.bits }

// Levels returns the levels in ascending order (in coding order for
// [Linear8]), a copy.
func (c *Codebook) Levels() []float32 { return slices.Clone(c.sorted) }

// Table returns the level of every code, a copy of 2^Bits values. It is what
// bitsandbytes calls quant_map. A code that means nothing (an integer
// format has one) has level 0.
func (c *Codebook) Table() []float32 { return slices.Clone(c.table[:1<<c.bits]) }

// Code returns the code of a scaled value in [-1, 1].
func (c *Codebook) Code(v float32) uint8 { return c.codeOf[c.rank(v)] }

// Level returns the level of a code.
func (c *Codebook) Level(code uint8) float32 { return c.table[code] }

// Names lists the codebooks that [Named] knows.
func Names() []string {
	return []string{"nf2", "nf3", "nf4", "fp4", "int2", "int3", "int4", "int8", "dynamic8", "linear8"}
}

// Named returns the codebook of a name.
func Named(name string) (*Codebook, error) {
	switch name {
	case "nf2":
		return NormalFloat(2), nil
	case "nf3":
		return NormalFloat(3), nil
	case "nf4":
		return NF4(), nil
	case "fp4":
		return FP4(), nil
	case "int2":
		return Int(2), nil
	case "int3":
		return Int(3), nil
	case "int4":
		return Int(4), nil
	case "int8":
		return Int(8), nil
	case "dynamic8":
		return Dynamic8(), nil
	case "linear8":
		return Linear8(), nil
	}
	return nil, fmt.Errorf("quant: unknown format %q (formats: %v)", name, Names())
}
