package quant

import "fmt"

// ShapeError is the value of the panic when slices or matrices do not fit
// together.
type ShapeError struct {
	Op   string // what was asked, e.g. "Blockwise.DequantizeTo"
	Got  string // what was found
	Want string // what fits
}

func (e ShapeError) Error() string {
	return fmt.Sprintf("quant: %s: got %s, want %s", e.Op, e.Got, e.Want)
}

// ScaleError reports a block whose scale cannot be stored in 8 bits: restored, it
// would be infinite, and with it every value of the block.
type ScaleError struct {
	Block    int     // of the tensor
	Scale    float32 // of that block
	Offset   float32 // mean of all scales
	Restored float32 // what dequantizing would take for the scale
}

func (e *ScaleError) Error() string {
	return fmt.Sprintf("quant: the scale of block %d is %v and would be restored from 8 bits as %v (the mean scale is %v): do not quantize scales twice", e.Block, e.Scale, e.Restored, e.Offset)
}

// ValueError reports a value that no code can stand for.
type ValueError struct {
	Index int // position in the flattened tensor
	Value float32
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("quant: element %d is %v: only finite values can be quantized", e.Index, e.Value)
}
