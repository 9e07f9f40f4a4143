package plots

import (
	"math"
	"strings"
)

// Shown says where a figure shows a value that has a name, so that a prediction
// of it can be drawn in before there are any data.
type Shown struct {
	Name   string            // of the value, as a record names it: "rank-95"
	Across bool              // of a plane: on the x axis, else on the y axis
	Row    string            // of bars: the bar whose end it is; "" where no one bar is
	Scale  float64           // what is drawn is so many times the value: 100 for a share in percent; 0 is 1
	Rows   map[string]string // of a value that is a word: the row or the line that a word means, where it has another name
}

// Mark is a value that stands in a figure and is no data: what was predicted or,
// beside it, what came out.
type Mark struct {
	Across bool    // as of Shown
	Row    string  // the bar or the line that it concerns, or several with "|" between; "" where it concerns none
	Value  float64 // on its axis; NaN where Row alone is meant
	Label  string  // short, with the unit: "you 85 %"
	Truth  bool    // what came out, else what was predicted
}

// rows are the bars or the lines that a mark concerns.
func (m Mark) rows() []string {
	if m.Row == "" && m.Label == "" {
		return nil
	}
	return strings.Split(m.Row, "|")
}

// Place returns the mark of a named value, as number or as word, and whether the
// figure shows that value at all.
func (f *Figure) Place(name string, value float64, word, label string) (Mark, bool) {
	for _, s := range f.Shows {
		if s.Name != name {
			continue
		}
		m := Mark{Across: s.Across, Row: s.Row, Value: value, Label: label}
		if s.Scale != 0 {
			m.Value *= s.Scale
		}
		if word != "" {
			m.Row, m.Value = word, math.NaN()
			if row, ok := s.Rows[word]; ok {
				m.Row = row
			}
		}
		return m, true
	}
	return Mark{}, false
}

// With returns the figure with marks in it.
func (f *Figure) With(marks []Mark) *Figure {
	marked := *f
	marked.Marks = marks
	return &marked
}
