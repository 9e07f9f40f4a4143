package plots

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// The values of grouped bars do not overlap, horizontal or vertical; else they are left
// out.
func TestValuesOfGroupsKeepApart(t *testing.T) {
	for _, n := range []int{2, 4, 9, 13, 40} {
		for _, horizontal := range []bool{true, false} {
			f := &Figure{YLabel: "accuracy", Bars: &Bars{Horizontal: horizontal, Series: []BarSeries{{Name: "a"}, {Name: "b", Style: 1}}}}
			values := map[string]bool{}
			for i := range n {
				f.Bars.Names = append(f.Bars.Names, fmt.Sprint("m", i))
				for k := range f.Bars.Series {
					v := 70.125 + float64(i) + 0.25*float64(k)
					f.Bars.Series[k].Values = append(f.Bars.Series[k].Values, v)
					values[exact(v)] = true
				}
			}
			var b strings.Builder
			if err := encode(&b, "svg", []*Figure{f}); err != nil {
				t.Fatal(err)
			}
			seen := 0
			texts := upright(svgTexts(t, b.String()))
			for i, a := range texts {
				if !values[a.text] {
					continue
				}
				seen++
				if overlaps(a.box, boxes(texts[:i])) || overlaps(a.box, boxes(texts[i+1:])) {
					t.Errorf("%d groups, horizontal %v: %q lies on another text", n, horizontal, a.text)
				}
			}
			if want := 2 * n; n <= 4 && seen < want || horizontal && n <= 13 && seen < want {
				t.Errorf("%d groups, horizontal %v: %d of %d values", n, horizontal, seen, want)
			}
		}
	}
}

func TestHeatValues(t *testing.T) {
	f := &Figure{Heat: &Heat{Values: true, Digits: 3, Z: [][]float64{{0, 1}, {0.0001, 0}},
		RowNames: []string{"a", "b"}, ColNames: []string{"upright digits", "mirrored"}}}
	out := f.Cells(76, 9, MonoInk())
	for _, want := range []string{"upright digits", "mirrored", " 0 ", "1.000", "0.000"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "0.000"); n != 1 {
		t.Errorf("%d rounded zeros, want only the one that was rounded:\n%s", n, out)
	}
	if table := f.Table(0); strings.Count(table, "0.000") != 1 || !strings.Contains(table, " 0 ") {
		t.Errorf("table:\n%s", table)
	}
}

func TestTableGaps(t *testing.T) {
	nan := math.NaN()
	x, y := []float64{1, 2, nan, 3}, []float64{5, 6, nan, 7}
	f := &Figure{Lines: []Line{{Name: "l", X: x, Y: y}}, Points: []Points{{X: x[:2], Y: y[:2]}}}
	if got, want := f.Table(0), "x  l\n1  5\n2  6\n3  7\n"; got != want {
		t.Errorf("line with a gap and its points:\n%s\nwant\n%s", got, want)
	}
	f.Points = []Points{{X: []float64{1}, Y: []float64{5}, Labels: []string{"best"}}, {X: []float64{9}, Y: []float64{8}}}
	if got := f.Table(0); !strings.Contains(got, "best   1  5") || !strings.Contains(got, "2      9  8") {
		t.Errorf("labelled points, and some beside the line:\n%s", got)
	}
	bars := &Figure{Bars: &Bars{Names: []string{"a", "b"}, Unit: "%", Series: []BarSeries{{Values: []float64{3, nan}}}}}
	if got, want := bars.Table(0), "name  value\na        3%\nb         -\n"; got != want {
		t.Errorf("missing bar:\n%s\nwant\n%s", got, want)
	}
}

func TestSample(t *testing.T) {
	for n := range 60 {
		for most := 1; most < 12; most++ {
			got := sample(n, most)
			if len(got) > most || (len(got) == 0) != (n == 0) || n <= most && len(got) != n {
				t.Fatalf("sample(%d, %d) = %v", n, most, got)
			}
			for i := 2; i < len(got)-1; i++ { // the last step alone may be shorter
				if got[i]-got[i-1] != got[1]-got[0] {
					t.Fatalf("sample(%d, %d) = %v: uneven", n, most, got)
				}
			}
			if n > 0 && (got[0] != 0 || most > 1 && got[len(got)-1] != n-1) {
				t.Fatalf("sample(%d, %d) = %v: ends", n, most, got)
			}
		}
	}
}

func TestLegendNames(t *testing.T) {
	name := "share of answers right"
	f := &Figure{Lines: []Line{{Name: name, X: []float64{1, 2}, Y: []float64{1, 2}}}}
	if out := f.Cells(76, 9, MonoInk()); !strings.Contains(out, name) {
		t.Errorf("the legend is cut:\n%s", out)
	}
	f.Lines[0].Name = strings.Repeat(name+" ", 5)
	out := f.Cells(76, 9, MonoInk())
	for _, line := range strings.Split(out, "\n") {
		if i := strings.Index(line, "share"); i >= 0 && 76-textWidth(line[:i]) > 76*2/5 {
			t.Errorf("the legend takes more than two fifths:\n%s", out)
		}
	}
}
