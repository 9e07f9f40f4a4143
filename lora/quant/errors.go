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

// ValueError reports a value that no code can stand for.
type ValueError struct {
	Index int // position in the flattened tensor
	Value float32
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("quant: element %d is %v: only finite values can be quantized", e.Index, e.Value)
}
