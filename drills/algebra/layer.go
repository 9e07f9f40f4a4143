package algebra

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// Role is what an operand is to a layer.
type Role uint8

const (
	Scalar Role = iota // a number
	Weight             // a matrix that is applied to activations; W(x) means W·x
	Batch              // activations, examples in columns; rows where code has rows
	Bias               // one column, added to every example
)

// Operand is a named scalar or matrix of the live layer.
type Operand struct {
	Name    string
	Aliases []string // further spellings; the usual ones are known
	Role    Role

	// Matrix with the letters of its sizes, such as d×k. Products fit by
	// letter, so that a square layer hides no mistake. A nil Matrix is allowed: then
	// the answer is judged on drawn matrices alone.
	Matrix     *mat.Dense
	Rows, Cols string

	// Value of a scalar, or the formula in other scalars that defines it,
	// such as "α/r".
	Value   float64
	Formula string
}

// Layer is everything that an equation may name.
type Layer []Operand

// LoRALayer returns the operands of h = W·x + s·B·A·x in the laboratory's
// letters: W d×k, A r×k, B d×r, x k×n, α, r, and s with the given formula
// ("α/r", or "α/√r" for rsLoRA).
func LoRALayer(w, a, b, x *mat.Dense, alpha float64, rank int, scaling string) Layer {
	return Layer{
		{Name: "W", Role: Weight, Matrix: w, Rows: "d", Cols: "k"},
		{Name: "A", Role: Weight, Matrix: a, Rows: "r", Cols: "k"},
		{Name: "B", Role: Weight, Matrix: b, Rows: "d", Cols: "r"},
		{Name: "x", Role: Batch, Matrix: x, Rows: "k", Cols: "n"},
		{Name: "α", Value: alpha},
		{Name: "r", Value: float64(rank)},
		{Name: "s", Formula: scaling},
	}
}

// find returns the operand of a canonical name.
func (l Layer) find(name string) (Operand, bool) {
	for _, o := range l {
		if canonical(o.Name) == name {
			return o, true
		}
	}
	return Operand{}, false
}

// base returns W(x), with the bias if the layer has one, as base_layer(x) does.
func (l Layer) base(arg *expr) *expr {
	e := binary(opApply, named("W"), arg)
	for _, o := range l {
		if o.Role == Bias {
			e = binary(opAdd, e, named(canonical(o.Name)))
		}
	}
	return e
}

func (l Layer) vocabulary() *vocabulary {
	symbols := make([]Symbol, len(l))
	for i, o := range l {
		symbols[i] = Symbol{Name: o.Name, Aliases: o.Aliases}
	}
	return newVocabulary(symbols)
}

// complete tells whether every matrix is given.
func (l Layer) complete() bool {
	return !slices.ContainsFunc(l, func(o Operand) bool { return o.Role != Scalar && o.Matrix == nil })
}

// check finds what makes a layer unfit to grade with.
func (l Layer) check() error {
	sizes := map[string]int{}
	for _, o := range l {
		if o.Role == Scalar || o.Matrix == nil {
			continue
		}
		rows, cols := o.Matrix.Dims()
		for _, side := range []struct {
			letter string
			size   int
		}{{o.Rows, rows}, {o.Cols, cols}} {
			if side.letter == "" {
				return broken("equation", o.Name+" has no letters for its sizes")
			}
			if before, ok := sizes[side.letter]; ok && before != side.size {
				return broken("equation", fmt.Sprintf("%s of %s is %d, and %d elsewhere", side.letter, o.Name, side.size, before))
			}
			sizes[side.letter] = side.size
		}
	}
	return nil
}

// redrawn returns a layer whose sizes all differ and whose matrices are drawn
// from the standard normal, so that no coincidence of the live layer (a square
// W, a B of zeros, one example) lets a wrong equation pass. Scalars stay, for the learner
// may write them as numbers; if scalars is set they are drawn too.
func (l Layer) redrawn(seed uint64, scalars bool) Layer {
	rng := rand.New(rand.NewPCG(seed, 0x6c_61_79_65_72))
	var letters []string
	for _, o := range l {
		for _, letter := range []string{o.Rows, o.Cols} {
			if o.Role != Scalar && letter != "1" && !slices.Contains(letters, letter) {
				letters = append(letters, letter)
			}
		}
	}
	order := rng.Perm(len(letters))
	sizes := map[string]int{"1": 1}
	for i, letter := range letters {
		sizes[letter] = 3 + order[i]
	}
	if r, ok := sizes["r"]; ok { // a rank is the smallest
		for letter, size := range sizes {
			if size == 3 {
				sizes[letter] = r
			}
		}
		sizes["r"] = 3
	}
	drawn := slices.Clone(l)
	for i, o := range drawn {
		switch {
		case o.Role != Scalar:
			m := mat.NewDense(sizes[o.Rows], sizes[o.Cols], nil)
			for row := range sizes[o.Rows] {
				for col := range sizes[o.Cols] {
					m.Set(row, col, rng.NormFloat64())
				}
			}
			drawn[i].Matrix = m
		case scalars && o.Formula == "":
			drawn[i].Value = float64(2+rng.IntN(9)) + 0.125*float64(1+rng.IntN(7))
		}
	}
	return drawn
}

// scalarValues returns the values of all scalars, those with a formula
// computed from the others.
func (l Layer) scalarValues() (map[string]float64, error) {
	values := map[string]float64{}
	exact := map[string]*big.Rat{}
	for _, o := range l {
		if o.Role == Scalar && o.Formula == "" {
			name := canonical(o.Name)
			values[name] = o.Value
			r, ok := new(big.Rat).SetString(strconv.FormatFloat(o.Value, 'g', -1, 64))
			if !ok {
				return nil, broken("equation", fmt.Sprintf("%s = %v", o.Name, o.Value))
			}
			exact[name] = r
		}
	}
	words := l.vocabulary()
	for _, o := range l {
		if o.Role != Scalar || o.Formula == "" {
			continue
		}
		formula, err := readFormula(o.Formula, words)
		if err != nil {
			return nil, broken("equation", o.Name+" = "+o.Formula+": "+err.Text)
		}
		v, failure := evaluate(formula.tree(), exact)
		if failure != nil {
			return nil, broken("equation", o.Name+" = "+o.Formula+" "+failure.Error())
		}
		values[canonical(o.Name)] = v.float64()
	}
	return values, nil
}
