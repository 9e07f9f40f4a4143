package lora

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// NotFinite is the error for a number that is NaN or infinite where arithmetic
// with it would spoil whatever it touches.
type NotFinite struct {
	What     string // the matrix, e.g. "B", or a scalar such as "the scaling"
	Row, Col int    // the first such entry, row after row; −1 for a scalar
	Value    float64
}

func (e *NotFinite) Error() string {
	if e.Row < 0 {
		return fmt.Sprintf("%s is %v", e.What, e.Value)
	}
	return fmt.Sprintf("%s[%d,%d] is %v", e.What, e.Row, e.Col, e.Value)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// checkFinite returns a [*NotFinite] for the first entry of m that is not finite.
func checkFinite(what string, m *mat.Dense) error {
	raw := m.RawMatrix()
	for i := range raw.Rows {
		for j, v := range raw.Data[i*raw.Stride : i*raw.Stride+raw.Cols] {
			if !finite(v) {
				return &NotFinite{what, i, j, v}
			}
		}
	}
	return nil
}

// checkFinite returns a [*NotFinite] if A, B or s is not finite.
func (a *Adapter) checkFinite() error {
	if err := checkFinite("A", a.A); err != nil {
		return err
	}
	if err := checkFinite("B", a.B); err != nil {
		return err
	}
	if s := a.Scale(); !finite(s) {
		return &NotFinite{"the scaling", -1, -1, s}
	}
	return nil
}
