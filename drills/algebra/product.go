package algebra

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// typed is a scalar (matrix nil) or a matrix with the letters of its sizes.
type typed struct {
	scalar     float64
	matrix     *mat.Dense
	rows, cols string
}

func (v typed) shape() string {
	if v.matrix == nil {
		return "a number"
	}
	return v.rows + "×" + v.cols
}

func (v typed) transposed() typed {
	if v.matrix == nil {
		return v
	}
	return typed{matrix: mat.DenseCopyOf(v.matrix.T()), rows: v.cols, cols: v.rows}
}

// mismatch is the error of an operation whose operands do not fit, or that has no
// value.
type mismatch struct {
	note, text string
}

func (m *mismatch) Error() string { return m.text }

// computation multiplies expressions out on one layer.
type computation struct {
	layer   Layer
	scalars map[string]float64
	rows    bool // activations hold examples in rows, as PyTorch keeps them

	program *program         // whose statements define further names
	locals  map[string]typed // those defined so far
	busy    map[int]bool     // statements being computed
}

func newComputation(layer Layer, rows bool, p *program) (*computation, error) {
	scalars, err := layer.scalarValues()
	if err != nil {
		return nil, err
	}
	return &computation{layer: layer, scalars: scalars, rows: rows, program: p, locals: map[string]typed{}, busy: map[int]bool{}}, nil
}

func (c *computation) operand(name string) (typed, error) {
	if v, ok := c.locals[name]; ok {
		return v, nil
	}
	if c.program != nil { // "where s = α/r" comes after its use
		for i, st := range c.program.statements {
			if st.left == name && !c.busy[i] {
				if err := c.run(i); err != nil {
					return typed{}, err
				}
				return c.locals[name], nil
			}
		}
	}
	o, ok := c.layer.find(name)
	if !ok {
		return typed{}, &mismatch{note: "unknown-symbol", text: shown(name) + " is used before it is defined"}
	}
	if o.Role == Scalar {
		return typed{scalar: c.scalars[name]}, nil
	}
	v := typed{matrix: o.Matrix, rows: o.Rows, cols: o.Cols}
	if c.rows && (o.Role == Batch || o.Role == Bias) {
		return v.transposed(), nil
	}
	return v, nil
}

func (c *computation) value(e *expr) (typed, error) {
	switch e.op {
	case opNumber:
		f, _ := e.num.value.Float64()
		return typed{scalar: f}, nil
	case opName:
		return c.operand(e.name)
	}
	a, err := c.value(e.kids[0])
	if err != nil {
		return typed{}, err
	}
	switch e.op {
	case opNeg:
		return scale(-1, a), nil
	case opTranspose:
		return a.transposed(), nil
	case opSqrt:
		if a.matrix != nil {
			return typed{}, &mismatch{note: "operation", text: "√ is read for numbers only, and " + e.kids[0].String() + " is " + a.shape()}
		}
		return finite(e, math.Sqrt(a.scalar))
	}
	b, err := c.value(e.kids[1])
	if err != nil {
		return typed{}, err
	}
	switch e.op {
	case opAdd:
		return c.add(e, a, b, 1)
	case opSub:
		return c.add(e, a, b, -1)
	case opMul:
		return c.multiply(e, a, b)
	case opApply:
		if c.rows {
			return c.multiply(binary(opMul, e.kids[1], unary(opTranspose, e.kids[0])), b, a.transposed())
		}
		return c.multiply(binary(opMul, e.kids[0], e.kids[1]), a, b)
	case opDiv:
		switch {
		case b.matrix != nil:
			return typed{}, &mismatch{note: "operation", text: "nothing is divided by a matrix, and " + e.kids[1].String() + " is " + b.shape()}
		case b.scalar == 0:
			return typed{}, &mismatch{note: "undefined", text: e.String() + " divides by zero"}
		case a.matrix == nil:
			return finite(e, a.scalar/b.scalar)
		}
		return scale(1/b.scalar, a), nil
	default: // opPow
		if a.matrix != nil || b.matrix != nil {
			return typed{}, &mismatch{note: "operation", text: "powers are read for numbers only, and " + e.String() + " has a matrix"}
		}
		return finite(e, math.Pow(a.scalar, b.scalar))
	}
}

func finite(e *expr, v float64) (typed, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return typed{}, &mismatch{note: "undefined", text: e.String() + " has no finite value"}
	}
	return typed{scalar: v}, nil
}

func scale(s float64, v typed) typed {
	if v.matrix == nil {
		return typed{scalar: s * v.scalar}
	}
	m := new(mat.Dense)
	m.Scale(s, v.matrix)
	return typed{matrix: m, rows: v.rows, cols: v.cols}
}

// multiply is a product of numbers and matrices, which must fit by letter.
func (c *computation) multiply(e *expr, a, b typed) (typed, error) {
	switch {
	case a.matrix == nil:
		return scale(a.scalar, b), nil
	case b.matrix == nil:
		return scale(b.scalar, a), nil
	case a.cols != b.rows:
		left, right := c.matrices(e.kids[0]), c.matrices(e.kids[1])
		return typed{}, &mismatch{note: "product", text: fmt.Sprintf(
			"%s·%s: %s is %s, %s is %s; the inner sizes %s and %s differ", left, right, left, a.shape(), right, b.shape(), a.cols, b.rows)}
	}
	m := new(mat.Dense)
	m.Mul(a.matrix, b.matrix)
	return typed{matrix: m, rows: a.rows, cols: b.cols}, nil
}

// matrices writes a factor without its scalars: of (α/r)·A it shows A.
func (c *computation) matrices(e *expr) string {
	for e.op == opMul || e.op == opNeg || e.op == opDiv {
		if e.op == opNeg {
			e = e.kids[0]
			continue
		}
		if v, err := c.value(e.kids[0]); err == nil && v.matrix == nil {
			e = e.kids[1]
		} else if v, err := c.value(e.kids[1]); err == nil && v.matrix == nil {
			e = e.kids[0]
		} else {
			break
		}
	}
	return e.factor()
}

// add adds matrices of one shape; a bias of one column (or row) is added to
// every example.
func (c *computation) add(e *expr, a, b typed, sign float64) (typed, error) {
	if a.matrix == nil && b.matrix == nil {
		return finite(e, a.scalar+sign*b.scalar)
	}
	if a.matrix == nil || b.matrix == nil {
		return typed{}, &mismatch{note: "sum", text: fmt.Sprintf("%s: %s is %s, %s is %s; a number and a matrix are not added",
			e, e.kids[0], a.shape(), e.kids[1], b.shape())}
	}
	b = scale(sign, b)
	switch {
	case a.rows == b.rows && a.cols == b.cols:
	case fits(b, a):
		b = spread(b, a)
	case fits(a, b):
		a = spread(a, b)
	default:
		return typed{}, &mismatch{note: "sum", text: fmt.Sprintf("%s: %s is %s, %s is %s; a sum needs equal shapes",
			e, e.kids[0], a.shape(), e.kids[1], b.shape())}
	}
	m := new(mat.Dense)
	m.Add(a.matrix, b.matrix)
	return typed{matrix: m, rows: a.rows, cols: a.cols}, nil
}

// fits tells whether a is one column (or row) of a matrix like b.
func fits(a, b typed) bool {
	return a.rows == b.rows && a.cols == "1" || a.cols == b.cols && a.rows == "1"
}

// spread repeats a bias for every example of like.
func spread(a, like typed) typed {
	rows, cols := like.matrix.Dims()
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			if a.cols == "1" {
				m.Set(i, j, a.matrix.At(i, 0))
			} else {
				m.Set(i, j, a.matrix.At(0, j))
			}
		}
	}
	return typed{matrix: m, rows: like.rows, cols: like.cols}
}
