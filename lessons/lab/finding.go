package lab

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"loralab/lora/number"
)

// Kind says what sort of value a finding is.
type Kind uint8

const (
	KindCount  Kind = iota // an exact whole number
	KindReal               // a number
	KindShape              // a matrix's size
	KindMatrix             // rows of numbers, see Table
	KindText
)

func (k Kind) String() string {
	return [...]string{"count", "real", "shape", "matrix", "text"}[k]
}

// Spec declares something that an experiment finds out.
type Spec struct {
	Name     string // lower case with hyphens
	Symbol   string // as formulas write it; may be empty
	Label    string // a few words for a table
	Unit     string // "nats", "%", "steps/s"; empty for a bare number
	Kind     Kind
	Digits   int  // significant digits shown; 0 shows all that a count has, 4 of a real
	Percent  bool // the value is a share of 1 and shown in percent
	Measured bool // a timing: differs from run to run, outside the promise of same seed, same record

	// Of a matrix: the names by which it is read. Where they depend on the settings
	// they are declared with the value. A matrix that is a picture has none.
	Columns, Rows []string
}

// Finding is the value of one Spec in one run.
type Finding struct {
	Spec  Spec
	Value any // int64, float64, []int, [][]float64 or string, by Spec.Kind
}

// newFinding checks that the value is as declared: a mismatch is a mistake in
// the experiment and panics.
func newFinding(spec Spec, value any) Finding {
	var kind Kind
	switch v := value.(type) {
	case int:
		kind, value = KindCount, int64(v)
	case int64:
		kind = KindCount
	case float64:
		kind = KindReal
	case []int:
		kind = KindShape
	case string:
		kind = KindText
	case [][]float64:
		return newFinding(spec, Table{Values: v})
	case Table:
		if kind = KindMatrix; spec.Kind != kind {
			break
		}
		if v.Columns != nil {
			spec.Columns = v.Columns
		}
		if v.Rows != nil {
			spec.Rows = v.Rows
		}
		Table{spec.Columns, spec.Rows, v.Values}.check(spec.Name)
		return Finding{spec, v.Values}
	default:
		panic(&Mismatch{"finding", spec.Name, fmt.Sprintf("a %T", value), "a value of one of the kinds"})
	}
	if kind != spec.Kind {
		panic(&Mismatch{"finding", spec.Name, fmt.Sprintf("a %T", value), "a " + spec.Kind.String()})
	}
	return Finding{spec, value}
}

// Real returns a count or a real as a float64, and NaN for the other kinds.
func (f Finding) Real() float64 {
	switch v := f.Value.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return math.NaN()
}

// Text writes the value with its unit, to the digits that are shown.
func (f Finding) Text() string {
	s := f.Bare()
	switch {
	case f.Spec.Percent:
		return s + " %"
	case f.Spec.Unit != "":
		return s + " " + f.Spec.Unit
	}
	return s
}

// Bare writes the value without its unit.
func (f Finding) Bare() string {
	switch v := f.Value.(type) {
	case int64:
		return number.Count(v)
	case float64:
		if f.Spec.Percent {
			v *= 100
		}
		return number.Real(v, f.Spec.Digits)
	case []int:
		parts := make([]string, len(v))
		for i, n := range v {
			parts[i] = strconv.Itoa(n)
		}
		return strings.Join(parts, "×")
	case [][]float64:
		rows := make([]string, len(v))
		for i, row := range v {
			cells := make([]string, len(row))
			for j, x := range row {
				if f.Spec.Percent {
					x *= 100
				}
				cells[j] = number.Real(x, f.Spec.Digits)
			}
			rows[i] = strings.Join(cells, " ")
		}
		return strings.Join(rows, "; ")
	case string:
		return v
	}
	return ""
}

// YesNo is the text of a finding that answers a question.
func YesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// unit is the unit of the value as it is kept: what is shown in percent is kept as
// a share of 1.
func (s Spec) unit() string {
	if s.Percent {
		return "share"
	}
	return s.Unit
}

// MarshalJSON writes {"kind","value","unit","measured","columns","rows"}; unit
// and the names of a matrix only where there are some, measured only where
// true.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Kind     string   `json:"kind"`
		Value    any      `json:"value"`
		Unit     string   `json:"unit,omitempty"`
		Measured bool     `json:"measured,omitempty"`
		Columns  []string `json:"columns,omitempty"`
		Rows     []string `json:"rows,omitempty"`
	}{f.Spec.Kind.String(), f.Value, f.Spec.unit(), f.Spec.Measured, f.Spec.Columns, f.Spec.Rows})
}
