package lab

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind says what sort of value a finding is.
type Kind uint8

const (
	KindCount  Kind = iota // an exact whole number
	KindReal               // a number
	KindShape              // a matrix's size
	KindMatrix             // rows of numbers
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
}

// Finding is the value of one Spec in one run.
type Finding struct {
	Spec  Spec
	Value any // int64, float64, []int, [][]float64 or string, by Spec.Kind
}

// newFinding checks that the value is of the declared kind: a mismatch is a
// mistake in the experiment and panics.
func newFinding(spec Spec, value any) Finding {
	switch v := value.(type) {
	case int:
		if spec.Kind == KindCount {
			return Finding{spec, int64(v)}
		}
	case int64:
		if spec.Kind == KindCount {
			return Finding{spec, v}
		}
	case float64:
		if spec.Kind == KindReal {
			return Finding{spec, v}
		}
	case []int:
		if spec.Kind == KindShape {
			return Finding{spec, v}
		}
	case [][]float64:
		if spec.Kind == KindMatrix {
			return Finding{spec, v}
		}
	case string:
		if spec.Kind == KindText {
			return Finding{spec, v}
		}
	}
	panic(fmt.Sprintf("lab: finding %s is a %v, got a %T", spec.Name, spec.Kind, value))
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
		return Thousands(v)
	case float64:
		if f.Spec.Percent {
			v *= 100
		}
		return ShowReal(v, f.Spec.Digits)
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
				cells[j] = ShowReal(x, f.Spec.Digits)
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

// Thousands writes n with commas: 16,777,216.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ShowReal writes x to so many significant digits (4 if 0), without an
// exponent while it stays short: 0.00213, 1,234, 1.3e-07. An exact 0 is "0".
func ShowReal(x float64, digits int) string {
	if digits == 0 {
		digits = 4
	}
	a := math.Abs(x)
	switch {
	case x == 0:
		return "0"
	case math.IsNaN(x) || math.IsInf(x, 0):
		return fmt.Sprint(x)
	case a < 1e-4 || a >= 1e9:
		return strconv.FormatFloat(x, 'e', digits-1, 64)
	}
	decimals := max(digits-1-int(math.Floor(math.Log10(a))), 0)
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if whole, rest, _ := strings.Cut(s, "."); a >= 10000 {
		n, err := strconv.ParseInt(whole, 10, 64)
		if err == nil {
			s = Thousands(n)
			if rest != "" {
				s += "." + rest
			}
		}
	}
	return s
}

// unit is the unit of the value as it is kept: what is shown in percent is kept as
// a share of 1.
func (s Spec) unit() string {
	if s.Percent {
		return "share"
	}
	return s.Unit
}

// MarshalJSON writes {"kind","value","unit","measured"}; unit only where there
// is one, measured only where true.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Kind     string `json:"kind"`
		Value    any    `json:"value"`
		Unit     string `json:"unit,omitempty"`
		Measured bool   `json:"measured,omitempty"`
	}{f.Spec.Kind.String(), f.Value, f.Spec.unit(), f.Spec.Measured})
}
