package drills

import (
	"fmt"
	"math/big"
	"strings"
	"sync"

	"gonum.org/v1/gonum/mat"

	"loralab/drills/algebra"
)

// quantity is something that the laboratory computes from the numbers that a
// question has drawn, and from nothing else: the streams of its random numbers
// are named by those numbers, so that it can be repeated. Keys are quantities; no
// key is stored.
type quantity struct {
	name  string
	needs []string // names of drawn values
	of    func(v values) (truth, error)
}

// truth is what a quantity comes to. One of its fields is set.
type truth struct {
	count  *big.Int
	real   *float64
	option string            // the id of an option
	order  []string          // ids of items
	shapes map[string][2]int // rows and columns by name
	system *system
}

// system is a layer that was built, with the matrix that it came to.
type system struct {
	layer  algebra.Layer
	result *mat.Dense
}

func count(n int64) truth       { return truth{count: big.NewInt(n)} }
func realTruth(x float64) truth { return truth{real: &x} }

// pick is one of two options, by what was computed.
func pick(condition bool, yes, no string) truth {
	if condition {
		return truth{option: yes}
	}
	return truth{option: no}
}

// number returns a count or a real as a number.
func (t truth) number() (x float64, ok bool) {
	switch {
	case t.count != nil:
		return countValue(t.count).number, true
	case t.real != nil:
		return *t.real, true
	}
	return 0, false
}

// value returns the truth as a value of the question, for texts and for
// comparisons with formulas.
func (t truth) value() (value, error) {
	switch {
	case t.count != nil:
		return countValue(t.count), nil
	case t.real != nil:
		return numberValue(*t.real), nil
	case t.option != "":
		return wordValue(t.option), nil
	case t.order != nil:
		return wordValue(strings.Join(t.order, " ")), nil
	}
	return value{}, fmt.Errorf("a matrix cannot be written into a text")
}

// computer computes quantities once for the same numbers. It is safe for
// concurrent use.
type computer struct {
	known map[string]quantity
	memo  sync.Map // string to truth
}

func (c *computer) compute(name string, v values) (truth, error) {
	q, ok := c.known[name]
	if !ok {
		return truth{}, fmt.Errorf("unknown quantity %q", name)
	}
	id := name
	for _, need := range q.needs {
		id += " " + need + "=" + v[need].text
	}
	if t, ok := c.memo.Load(id); ok {
		return t.(truth), nil
	}
	t, err := q.guarded(v)
	if err != nil {
		return truth{}, fmt.Errorf("%s: %w", id, err)
	}
	c.memo.Store(id, t)
	return t, nil
}

// guarded computes the quantity. Sizes that no layer can have, such as a rank of
// 0, are data of the bank here, and so an error rather than a panic.
func (q quantity) guarded(v values) (t truth, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("cannot be computed: %v", p)
		}
	}()
	return q.of(v)
}

// quantities returns everything that a bank may ask for, by name.
func quantities() (map[string]quantity, error) {
	known := map[string]quantity{}
	for _, list := range [][]quantity{
		layerQuantities(), initializationQuantities(), countingQuantities(), quantizationQuantities(), mergingQuantities(),
	} {
		for _, q := range list {
			if _, taken := known[q.name]; taken {
				return nil, fmt.Errorf("drills: two quantities are called %s", q.name)
			}
			known[q.name] = q
		}
	}
	return known, nil
}
