package plots

import (
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// markSizes are those of a figure on a screen: alone at 80×24, beside text, small.
var markSizes = [][2]int{{76, 14}, {76, 11}, {110, 30}, {60, 14}, {40, 12}}

// eachDrawing draws a figure at every size with every ink.
func eachDrawing(t *testing.T, f *Figure, yield func(name, drawn string)) {
	t.Helper()
	for name, ink := range inks() {
		for _, size := range markSizes {
			checkCells(t, f, size[0], size[1], ink)
			yield(name, ansi.Strip(f.Cells(size[0], size[1], ink)))
		}
	}
}

func pointer(v float64) *float64 { return &v }

// A curve of percent and what was said of its end, before and after the run.
func percent(truth bool) *Figure {
	f := &Figure{ID: "p", Title: "accuracy while training", XLabel: "step", YLabel: "accuracy (%)", XMin: pointer(0), XMax: pointer(400), YMin: pointer(0), YMax: pointer(100),
		Lines: []Line{{Name: "LoRA"}}, Shows: []Shown{{Name: "accuracy", Scale: 100}}}
	said, _ := f.Place("accuracy", 0.6, "", "you 60 %")
	f.Marks = []Mark{said}
	if truth {
		f.Lines[0].X, f.Lines[0].Y = []float64{0, 100, 200, 300, 400}, []float64{10, 70, 90, 95, 96.6}
		came, _ := f.Place("accuracy", 0.966, "", "the run 96.6 %")
		came.Truth = true
		f.Marks = append(f.Marks, came)
	}
	return f
}

func TestMarksAcross(t *testing.T) {
	eachDrawing(t, percent(false), func(ink, drawn string) {
		if strings.Contains(drawn, noData) || !strings.Contains(drawn, "you 60 %") || !strings.ContainsAny(drawn, "╌.") || !strings.Contains(drawn, "100") {
			t.Errorf("%s: before the run:\n%s", ink, drawn)
		}
	})
	eachDrawing(t, percent(true), func(ink, drawn string) {
		if !strings.Contains(drawn, "you 60 %") || !strings.Contains(drawn, "the run 96.6 %") || !strings.ContainsAny(drawn, "┃#") {
			t.Errorf("%s: after the run:\n%s", ink, drawn)
		}
	})
	if got := percent(true).Table(0); !strings.HasSuffix(got, "\nyou 60 %\nthe run 96.6 %\n") {
		t.Errorf("as text:\n%s", got)
	}
	var b strings.Builder
	if err := encode(&b, "svg", []*Figure{percent(true)}); err != nil || !strings.Contains(b.String(), ">the run 96.6 %<") || !strings.Contains(b.String(), ">you 60 %<") {
		t.Errorf("in a file: %v", err)
	}
}

// The line of a mark stands in the row of its value, between the rows of the ticks
// around it.
func TestMarkStandsAtItsValue(t *testing.T) {
	f := percent(false)
	for _, v := range []float64{0, 20, 50, 80, 100} {
		f.Marks = []Mark{{Value: v, Label: "here"}}
		lines := strings.Split(f.Cells(76, 13, MonoInk()), "\n")
		found := -1
		for i, line := range lines {
			if strings.Count(line, "╌") > 30 {
				found = i
			}
		}
		// Ten rows of data, from row 1 to row 10.
		if want := 10 - min(9, int(v/10)); found != want {
			t.Errorf("%g is in row %d, want %d:\n%s", v, found, want, strings.Join(lines, "\n"))
		}
	}
}

// A guess far out widens the axis; one that is absurd stands at its edge, with an
// arrow, and the data keep their room.
func TestMarksFarOut(t *testing.T) {
	f := &Figure{Lines: []Line{{Name: "l", X: []float64{0, 1, 2}, Y: []float64{0, 5, 10}}}}
	for label, v := range map[string]float64{"you 25": 25, "you 1e9 ↑": 1e9, "you -1e9 ↓": -1e9, "you -9": -9} {
		f.Marks = []Mark{{Value: v, Label: strings.TrimRight(label, " ↑↓")}}
		drawn := f.Cells(76, 14, MonoInk())
		if !strings.Contains(drawn, label) || strings.Count(drawn, "╌") < 20 {
			t.Errorf("%s:\n%s", label, drawn)
		}
		dots := 0
		for _, line := range strings.Split(drawn, "\n") {
			if strings.ContainsFunc(line, isBraille) {
				dots++
			}
		}
		if dots < 3 {
			t.Errorf("%s: the data are squashed:\n%s", label, drawn)
		}
	}
	log := &Figure{XLog: true, YLog: true, Lines: []Line{{Name: "l", X: []float64{1, 10}, Y: []float64{1, 10}}}}
	for _, v := range []float64{0, -3, 1e-200, 1e200, math.Inf(1)} {
		log.Marks = []Mark{{Value: v, Label: "y"}, {Value: v, Label: "x", Across: true, Truth: true}}
		eachDrawing(t, log, func(_, drawn string) {
			if !strings.ContainsFunc(drawn, func(r rune) bool { return isBraille(r) || r == '*' || r == '▀' }) {
				t.Errorf("%g:\n%s", v, drawn)
			}
		})
	}
}

// Labels of marks on the x axis stand beneath it, whole and apart, wherever the
// marks are.
func TestMarksUpwards(t *testing.T) {
	ranks := []float64{1, 2, 4, 8, 16, 32}
	for _, said := range ranks {
		for _, came := range ranks {
			f := &Figure{XLog: true, XTicks: ranks, XLabel: "rank", YLabel: "accuracy (%)", YMin: pointer(0), YMax: pointer(100), Lines: []Line{{Name: "LoRA"}},
				Marks: []Mark{{Across: true, Value: said, Label: "you"}, {Across: true, Value: came, Label: "the run", Truth: true}}}
			eachDrawing(t, f, func(ink, drawn string) {
				if said == came && strings.Contains(drawn, "you · the run") || said == came && strings.Contains(drawn, "you * the run") {
					return
				}
				for _, label := range []string{"▲ you", "▲ the run", "you ▲", "the run ▲", "^ you", "^ the run", "you ^", "the run ^"} {
					if strings.Contains(drawn, label) {
						drawn = strings.ReplaceAll(drawn, strings.Trim(label, "▲^ "), "#")
					}
				}
				if strings.Count(drawn, "▲")+strings.Count(drawn, "^") != 2 || strings.Contains(drawn, "you") || strings.Contains(drawn, "run") {
					t.Errorf("%s: %g and %g:\n%s", ink, said, came, drawn)
				}
				for _, tick := range []string{" 1 ", " 2 ", " 4 ", " 8 ", "16", "32"} {
					if !strings.Contains(drawn, tick) {
						t.Errorf("%s: no tick %s:\n%s", ink, tick, drawn)
					}
				}
			})
		}
	}
}

// A word points at its line, and where there is none it stands on its own.
func TestMarksOfWords(t *testing.T) {
	f := &Figure{Lines: []Line{{Name: "kaiming", X: []float64{0, 1}, Y: []float64{1, 2}}, {Name: "gaussian"}}, Levels: []Level{{Name: "target", Y: 1.5}}}
	f.Shows = []Shown{{Name: "fastest", Rows: map[string]string{"1/r": "gaussian", "both": "kaiming|gaussian"}}}
	for word, want := range map[string][]string{"kaiming": {"kaiming ◂ you"}, "1/r": {"gaussian ◂ you"}, "target": {"target ◂ you"}, "neither": {"neither ◂ you"}, "both": {"kaiming ◂ you", "gaussian ◂ you"}} {
		m, ok := f.Place("fastest", math.NaN(), word, "you")
		if !ok {
			t.Fatal("not shown")
		}
		drawn := f.With([]Mark{m}).Cells(76, 14, MonoInk())
		for _, w := range want {
			if !strings.Contains(drawn, w) {
				t.Errorf("%s: no %q:\n%s", word, w, drawn)
			}
		}
	}
}

// What was predicted of a bar stands in its row, with the gap to the bar; a choice
// points at its row, and has one of its own where no bar is meant.
func TestMarksOfBars(t *testing.T) {
	names := []string{"W + s·B·A", "W + B·A", "W + α·B·A"}
	f := &Figure{YLabel: "accuracy (%)", YMin: pointer(0), YMax: pointer(100), Bars: &Bars{Names: names, Horizontal: true, Unit: "%", Series: []BarSeries{{}}},
		Shows: []Shown{{Name: "half", Row: "W + B·A", Scale: 100}, {Name: "best"}}}
	said, _ := f.Place("half", 0.9, "", "you 90 %")
	choice, _ := f.Place("best", math.NaN(), "W + α·B·A", "you")
	none, _ := f.Place("best", math.NaN(), "neither", "me")
	f.Marks = []Mark{said, choice, none}
	row := func(drawn, name string) string {
		for _, line := range strings.Split(drawn, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), name+" ") {
				return line
			}
		}
		return ""
	}
	eachDrawing(t, f, func(ink, drawn string) {
		if strings.Contains(drawn, noData) || !strings.ContainsAny(drawn, "◇@") || !strings.Contains(drawn, "you 90 %") || strings.Count(drawn, "you") != 2 || strings.Count(drawn, "me") != 1 {
			t.Errorf("%s: before the run:\n%s", ink, drawn)
		}
	})
	f.Bars.Series[0].Values = []float64{94.23, 25.27, 23.9}
	came, _ := f.Place("half", 0.2527, "", "the run 25.27 %")
	came.Truth = true
	f.Marks = append(f.Marks, came)
	eachDrawing(t, f, func(ink, drawn string) {
		if !strings.Contains(drawn, "you 90 %") || strings.Count(drawn, "25.27") != 1 || !strings.Contains(drawn, "the run") || !strings.Contains(drawn, "neither") {
			t.Errorf("%s: after the run:\n%s", ink, drawn)
		}
	})
	drawn := f.Cells(76, 14, MonoInk())
	if line := row(drawn, "W + B·A"); !strings.Contains(line, "▉╌") || !strings.Contains(line, "╌◇ you 90 %  the run 25.27 %") {
		t.Errorf("the row: %q\n%s", line, drawn)
	}
	if line := row(drawn, "W + α·B·A"); !strings.HasSuffix(strings.TrimSpace(line), "23.9%  ◂ you") {
		t.Errorf("the row: %q", line)
	}
	for _, v := range []float64{-50, 0, 1e9, math.Inf(1), 94.23} {
		f.Marks = []Mark{{Row: "W + s·B·A", Value: v, Label: "you"}, {Row: "W + s·B·A", Value: 94.23, Label: "the run", Truth: true}}
		eachDrawing(t, f, func(ink, drawn string) {
			if !strings.Contains(drawn, "you") || !strings.Contains(drawn, "the run") || !strings.Contains(drawn, "23.9%") {
				t.Errorf("%s: %g:\n%s", ink, v, drawn)
			}
		})
	}
	var b strings.Builder
	if err := encode(&b, "svg", []*Figure{f}); err != nil || !strings.Contains(b.String(), "you, W + s") {
		t.Errorf("in a file: %v", err)
	}
}

// A choice among the rows of a matrix points at them.
func TestMarksOfMatrices(t *testing.T) {
	f := &Figure{Heat: &Heat{Z: [][]float64{{0, 1}, {2, 3}}, Values: true, RowNames: []string{"∂A", "∂B"}, ColNames: []string{"step 0", "step 1"}},
		Marks: []Mark{{Row: "∂B", Value: math.NaN(), Label: "you"}, {Row: "∂A|∂B", Value: math.NaN(), Label: "the run", Truth: true}, {Row: "neither", Value: math.NaN(), Label: "me"}}}
	drawn := f.Cells(76, 14, MonoInk())
	for _, want := range []string{" ◂ the run ", " ◂ you  ◂ the run ", " ◂ me "} {
		if !strings.Contains(drawn, want) {
			t.Errorf("no %q:\n%s", want, drawn)
		}
	}
}
