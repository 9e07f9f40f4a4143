package plots

import (
	"strings"
	"testing"
)

// TestRowsLeaveNothingOut: at the rows that it asks for, a figure of 76 columns
// shows every bar and every named row; with fewer it says what is left out.
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
		drawn := f.Cells(76, f.Rows(), DarkInk())
		for _, name := range names {
			if !strings.Contains(drawn, name) {
				t.Errorf("%s: %s is left out in %d rows", kind, name, f.Rows())
			}
		}
		if few := f.Cells(76, 6, DarkInk()); strings.Contains(few, "iota") && strings.Contains(few, "delta") && strings.Contains(few, "eta") && strings.Contains(few, "theta") {
			t.Errorf("%s: nine rows in six", kind)
		}
	}
	if rows := (&Figure{Lines: []Line{{Name: "a", X: values, Y: values}}}).Rows(); rows != 0 {
		t.Errorf("a plane asks for %d rows", rows)
	}
}
