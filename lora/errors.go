package lora

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// ShapeError is the value of the panic when matrices do not fit together.
// It is a programmer's error, as in gonum: data from outside is checked before
// it becomes a matrix.
type ShapeError struct {
	Op   string // what was asked, e.g. "Linear.Forward"
	Got  string // the shapes found, e.g. "x 3×7"
	Want string // the shapes that fit, e.g. "x 5×n"
}

func (e ShapeError) Error() string {
	return fmt.Sprintf("lora: %s: got %s, want %s", e.Op, e.Got, e.Want)
}

// checkDims panics unless m is rows×cols. A nil matrix never fits.
func checkDims(op, name string, m *mat.Dense, rows, cols int) {
	if m == nil {
		panic(ShapeError{op, name + " nil", fmt.Sprintf("%s %d×%d", name, rows, cols)})
	}
	if r, c := m.Dims(); r != rows || c != cols {
		panic(ShapeError{op, fmt.Sprintf("%s %d×%d", name, r, c), fmt.Sprintf("%s %d×%d", name, rows, cols)})
	}
}

// values returns the elements of m, row after row, as one slice that shares
// m's memory. Only matrices without gaps between rows have such a slice; a
// view into a wider matrix panics, because training would silently miss rows.
func values(op string, m *mat.Dense) []float64 {
	raw := m.RawMatrix()
	if raw.Stride != raw.Cols {
		panic(ShapeError{op, fmt.Sprintf("a view of stride %d", raw.Stride), fmt.Sprintf("a matrix of stride %d", raw.Cols)})
	}
	return raw.Data[:raw.Rows*raw.Cols]
}
