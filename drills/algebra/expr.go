package algebra

import (
	"math/big"
	"slices"
	"strings"

	"loralab/lora/number"
)

type operation uint8

const (
	opNumber    operation = iota
	opName                // name
	opAdd                 // kids[0] + kids[1]
	opSub                 // kids[0] − kids[1]
	opMul                 // kids[0] · kids[1]
	opDiv                 // kids[0] / kids[1]
	opPow                 // kids[0] ^ kids[1]
	opNeg                 // −kids[0]
	opSqrt                // √kids[0]
	opTranspose           // kids[0]ᵀ
	opApply               // the linear map kids[0] of kids[1]: M·v, or v·Mᵀ where examples are rows
)

// expr is a node of what was read. Nodes are never changed once made, so that
// trees may share them.
type expr struct {
	op   operation
	kids []*expr
	num  *literal
	name string
	at   int
}

func binary(op operation, a, b *expr) *expr { return &expr{op: op, kids: []*expr{a, b}, at: a.at} }
func unary(op operation, a *expr) *expr     { return &expr{op: op, kids: []*expr{a}, at: a.at} }
func named(name string) *expr               { return &expr{op: opName, name: name} }

// integer returns n as an expression.
func integer(n int64) *expr {
	num, _, _ := readNumber(big.NewInt(max(n, -n)).String(), 0, true)
	e := &expr{op: opNumber, num: num}
	if n < 0 {
		return unary(opNeg, e)
	}
	return e
}

// names returns the names that occur in e, sorted.
func (e *expr) names() []string {
	seen := map[string]bool{}
	var walk func(*expr)
	walk = func(e *expr) {
		if e.op == opName {
			seen[e.name] = true
		}
		for _, kid := range e.kids {
			walk(kid)
		}
	}
	walk(e)
	all := make([]string, 0, len(seen))
	for name := range seen {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// How tightly an expression holds together, for printing.
const (
	looseSum = iota
	looseProduct
	looseNegative
	loosePower
	looseAtom
)

// String writes e with · for products, raised integers and ᵀ, and only the
// parentheses that it needs.
func (e *expr) String() string {
	text, _ := e.print()
	return text
}

func (e *expr) print() (string, int) {
	switch e.op {
	case opNumber:
		if strings.Contains(e.num.text, "·") {
			return e.num.text, looseProduct
		}
		return e.num.text, looseAtom
	case opName:
		return shown(e.name), looseAtom
	case opAdd:
		return e.kids[0].within(looseSum) + " + " + e.kids[1].addend(), looseSum
	case opSub:
		return e.kids[0].within(looseSum) + " − " + e.kids[1].addend(), looseSum
	case opMul:
		if e.kids[0].op == opNeg { // a sign before a product needs no parentheses
			return e.kids[0].String() + "·" + e.kids[1].factor(), looseProduct
		}
		return e.kids[0].factor() + "·" + e.kids[1].factor(), looseProduct
	case opDiv:
		return e.kids[0].factor() + "/" + e.kids[1].within(looseNegative), looseProduct
	case opNeg:
		return "−" + e.kids[0].within(looseProduct), looseNegative
	case opPow:
		if n, ok := e.kids[1].smallInteger(); ok {
			return e.kids[0].within(looseAtom) + number.Raised(n), loosePower
		}
		return e.kids[0].within(looseAtom) + "^" + e.kids[1].within(looseAtom), loosePower
	case opSqrt:
		return "√" + e.kids[0].within(looseAtom), loosePower
	case opTranspose:
		return e.kids[0].within(looseAtom) + "ᵀ", loosePower
	case opApply:
		arg, _ := e.kids[1].print()
		return e.kids[0].within(looseAtom) + "(" + arg + ")", looseAtom
	}
	return "?", looseAtom
}

// within parenthesizes e unless it holds together at least as tightly.
func (e *expr) within(tight int) string {
	text, loose := e.print()
	if loose < tight {
		return "(" + text + ")"
	}
	return text
}

// addend prints e after a + or −: never two signs in a row.
func (e *expr) addend() string {
	text := e.within(looseProduct)
	if strings.HasPrefix(text, "−") {
		return "(" + text + ")"
	}
	return text
}

// factor prints e inside a product: quotients get parentheses, (α/r)·B·A.
func (e *expr) factor() string {
	text := e.within(looseProduct)
	if e.op == opDiv || strings.HasPrefix(text, "−") {
		return "(" + e.String() + ")"
	}
	return text
}

// smallInteger returns the value of an integer literal such as 2 or −1.
func (e *expr) smallInteger() (int, bool) {
	if e.op == opNeg {
		n, ok := e.kids[0].smallInteger()
		return -n, ok
	}
	if e.op != opNumber || !e.num.value.IsInt() || !e.num.value.Num().IsInt64() {
		return 0, false
	}
	n := e.num.value.Num().Int64()
	return int(n), n <= 1<<30
}
