package quant

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// The range of block sizes.
const (
	MinBlock = 32
	MaxBlock = 4096
)

// NestedBlock is the block size of double quantization (Dettmers et al. 2023,
// section 3).
const NestedBlock = 256

// Format says how a tensor is quantized blockwise.
type Format struct {
	Book   *Codebook
	Block  int  // elements a scale, MinBlock to MaxBlock; 64 is usual for 4 bits
	Double bool // scales are quantized too, to 8 bits
}

// Validate reports a missing codebook or a block size out of range.
func (f Format) Validate() error {
	if f.Book == nil {
		return fmt.Errorf("quant: no codebook: choose one of %v", Names())
	}
	if f.Block < MinBlock || f.Block > MaxBlock {
		return fmt.Errorf("quant: block size %d: want %d to %d", f.Block, MinBlock, MaxBlock)
	}
	return nil
}

func (f Format) String() string {
	s := fmt.Sprintf("%s block %d", f.Book.Name(), f.Block)
	if f.Double {
		s += " double"
	}
	return s
}

// BitsPerParam returns what a parameter costs in a tensor so large that its
// ends do not matter: the code and its share of the scales. 4 bits with blocks
// of 64 cost 4 + 32/64 = 4.5 bits, double quantized 4 + 8/64 + 32/(64·256) =
// 4.127. [Blockwise.Bits] counts one tensor exactly.
func (f Format) BitsPerParam() float64 {
	b := float64(f.Block)
	if f.Double {
		return float64(f.Book.Bits()) + 8/b + 32/(b*NestedBlock)
	}
	return float64(f.Book.Bits()) + 32/b
}

// Float32s returns the elements of m row after row, rounded to float32: the
// order in which a matrix is cut into blocks.
func Float32s(m *mat.Dense) []float32 {
	rows, cols := m.Dims()
	x := make([]float32, 0, rows*cols)
	for i := range rows {
		for _, v := range m.RawRowView(i) {
			x = append(x, float32(v))
		}
	}
	return x
}

// QuantizeDense quantizes the elements of w, rounded to float32, row after row.
func (f Format) QuantizeDense(w *mat.Dense) (*Blockwise, error) {
	return f.Quantize(Float32s(w))
}
