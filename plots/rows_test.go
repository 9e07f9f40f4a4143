package plots

import (
	"strings"
	"testing"
)

// TestRowsLeaveNothingOut: a figure of 76 columns shows every bar and every named
// row, whatever form it takes for that.
func TestRowsLeaveNothingOut(t *testing.T) {
	names := strings.Fields("alpha beta gamma delta epsilon zeta eta theta iota")
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	var z [][]float64
	for range names {
		z = append(z, []float64{1, 2})
	}
	for kind, f := range map[string]*Figure{
		"one series": {YLabel: "share", Bars: &Bars{Names: names, Horizontal: true, Series: []BarSeries{{Name: "one", Values: values}}}},
		"two series": {YLabel: "share", Bars: &Bars{Names: names, Horizontal: true, Series: []BarSeries{{Name: "one", Values: values}, {Name: "two", Values: values}}}},
		"stacked":    {YLabel: "share", Bars: &Bars{Names: names, Horizontal: true, Stacked: true, Series: []BarSeries{{Name: "one", Values: values}, {Name: "two", Values: values}}}},
		"matrix":     {Heat: &Heat{Z: z, RowNames: names}},
	} {
		for _, ink := range inks() {
			for rows := 7; rows <= f.Rows()+2; rows++ {
				drawn := f.Cells(76, rows, ink)
				for _, name := range names {
					if !strings.Contains(drawn, name) {
						t.Fatalf("%s: %s is left out in %d rows:\n%s", kind, name, rows, drawn)
					}
				}
			}
		}
	}
	if rows := (&Figure{Lines: []Line{{Name: "a", X: values, Y: values}}}).Rows(); rows != 0 {
		t.Errorf("a plane asks for %d rows", rows)
	}
}
