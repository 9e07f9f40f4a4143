package lab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// Series is a curve of a run: one training, or one sweep, by steps.
type Series struct {
	Name    string   // "lora", "full", "rank 4"
	Columns []string // what each frame holds: "loss", "accuracy"
	Planned int      // the last step, when all goes well
	Frames  []Frame  // by step, at most about maxFrames
}

// Frame is one moment of a series.
type Frame struct {
	Step   int
	Values []float64 // one a column
}

// Record is all there is to know about one run.
type Record struct {
	Experiment string
	Settings   Settings
	Series     []Series
	Findings   []Finding // in the order of the experiment's Specs
}

// Find returns the finding of that name.
func (r *Record) Find(name string) (Finding, bool) {
	for _, f := range r.Findings {
		if f.Spec.Name == name {
			return f, true
		}
	}
	return Finding{}, false
}

// Real returns a count or real by name, NaN where the run has not found it.
func (r *Record) Real(name string) float64 {
	if f, ok := r.Find(name); ok {
		return f.Real()
	}
	return math.NaN()
}

// Matrix returns the numbers of a matrix finding, nil where there is none: for
// pictures, whose columns have no names. See Table.
func (r *Record) Matrix(name string) [][]float64 {
	f, _ := r.Find(name)
	m, _ := f.Value.([][]float64)
	return m
}

// Table returns a matrix finding by name, the zero Table where there is none.
func (r *Record) Table(name string) Table {
	f, _ := r.Find(name)
	m, _ := f.Value.([][]float64)
	return Table{f.Spec.Columns, f.Spec.Rows, m}
}

// Curve returns the steps and one column of a series, empty where the run has
// no such series.
func (r *Record) Curve(series, column string) (steps, values []float64) {
	for _, s := range r.Series {
		if s.Name != series {
			continue
		}
		for c, name := range s.Columns {
			if name != column {
				continue
			}
			steps, values = make([]float64, len(s.Frames)), make([]float64, len(s.Frames))
			for i, f := range s.Frames {
				steps[i], values[i] = float64(f.Step), f.Values[c]
			}
			return steps, values
		}
	}
	return nil, nil
}

// Lasting returns the record without its measured findings: what is the same,
// byte for byte, in every run with the same seed and settings.
func (r *Record) Lasting() *Record {
	c := *r
	c.Findings = nil
	for _, f := range r.Findings {
		if !f.Spec.Measured {
			c.Findings = append(c.Findings, f)
		}
	}
	return &c
}

// MarshalJSON writes {"experiment","settings","findings":{name:…},"frames":[…]}
// with names in the order of their declaration.
func (r *Record) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	settings, err := json.Marshal(r.Settings)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, `{"experiment":%q,"settings":%s,"findings":{`, r.Experiment, settings)
	for i, f := range r.Findings {
		value, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("finding %s: %w", f.Spec.Name, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", f.Spec.Name, value)
	}
	b.WriteString(`},"frames":[`)
	first := true
	for _, s := range r.Series {
		for _, f := range s.Frames {
			if !first {
				b.WriteByte(',')
			}
			first = false
			fmt.Fprintf(&b, `{"series":%q,"step":%d`, s.Name, f.Step)
			for c, name := range s.Columns {
				v, err := json.Marshal(f.Values[c])
				if err != nil { // NaN or Inf of a diverged run
					v = []byte("null")
				}
				fmt.Fprintf(&b, ",%q:%s", name, v)
			}
			b.WriteByte('}')
		}
	}
	b.WriteString("]}")
	return b.Bytes(), nil
}
