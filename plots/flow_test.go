package plots

import (
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// flowSample is a d×k layer at work, with a detour of rank r unless that is 0.
func flowSample(d, k, r int) *Figure {
	wave := func(n int, phase float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = phase * math.Sin(float64(float64(i)*0.7)+phase)
		}
		return x
	}
	f := &Flow{
		In: Signal{Name: "x", Size: k, Values: wave(64, 1), Note: "an example"}, Out: Signal{Name: "h", Size: d, Values: wave(32, 3), Note: "‖h‖ 9.13"},
		Weight: Matrix{Name: "W", Rows: d, Cols: k, Notes: []string{"frozen", "no gradient"}}, Main: Signal{Name: "Wx", Values: wave(32, 1.5), Note: "‖Wx‖ 8.42"},
	}
	if k == 64 {
		f.In.Width = 8
	}
	if r > 0 {
		f.Down = Matrix{Name: "A", Rows: r, Cols: k, Trained: true, Notes: []string{"∂ 0.0031"}}
		f.Up = Matrix{Name: "B", Rows: d, Cols: r, Trained: true, Notes: []string{"∂ 0.831"}}
		f.Mid, f.Side, f.Factor = Signal{Name: "A·x", Size: r, Values: wave(min(r, 32), 1)}, Signal{Name: "BAx", Values: wave(32, 2), Note: "‖BAx‖ 5.13"}, "×2"
	}
	return &Figure{ID: "flow", Title: "one example on its way", Caption: "x takes both ways.", Flow: f}
}

// filled counts what is filled in eighths of a cell: ▂ is two, ▌ four.
func filled(out string) (n int) {
	for _, r := range ansi.Strip(out) {
		if r >= '▁' && r <= '█' {
			n += int(r-'▁') + 1
		} else if r >= '▉' && r <= '▏' {
			n += int('▏'-r) + 1
		}
	}
	return n
}

// What has twice as many numbers is drawn twice as large.
func TestFlowIsToScale(t *testing.T) {
	at := func(r int) int {
		f := flowSample(128, 64, r)
		for _, s := range []*Signal{&f.Flow.In, &f.Flow.Main, &f.Flow.Mid, &f.Flow.Side, &f.Flow.Out} {
			s.Values = nil
		}
		return filled(f.Cells(116, 34, MonoInk())) - 8 // that of the legend
	}
	for _, r := range []int{2, 4, 8} {
		if one, two := at(r), at(2*r); math.Abs(float64(two)-2*float64(one)) > 0.25*float64(two) {
			t.Errorf("rank %d takes %d eighths of a cell, rank %d takes %d", r, one, 2*r, two)
		}
	}
}

// Everything is there at 76 × 13 cells, whatever the sizes, in every mode; the names of
// the parts do not run into each other.
func TestFlowIsWhole(t *testing.T) {
	for _, size := range [][3]int{{128, 64, 4}, {128, 64, 1}, {128, 64, 64}, {64, 64, 4}, {4096, 4096, 8}, {1024, 4096, 900}, {64, 64, 1024}, {16384, 1024, 16}} {
		f := flowSample(size[0], size[1], size[2])
		for _, cells := range [][2]int{{76, 13}, {66, 14}, {116, 34}} {
			for name, ink := range inks() {
				out := ansi.Strip(f.Cells(cells[0], cells[1], ink))
				wants := []string{"W ", "A ", "B ", "h ", "x", "⊕", "‖Wx‖ 8.42", "‖BAx‖ 5.13", "‖h‖ 9.13", "×2", "∂ 0.0031", "∂ 0.831", "trained", "frozen"}
				if ink.ASCII {
					wants = []string{"W ", "A ", "B ", "h ", "x", "||Wx|| 8.42", "||BAx|| 5.13", "||h|| 9.13", "x2", "trained", "frozen"}
				}
				for _, want := range wants {
					if !strings.Contains(out, want) {
						t.Errorf("%v, %v, %s: %q is missing:\n%s", size, cells, name, want, out)
					}
				}
			}
		}
	}
}

// A layer without a detour is one way through one weight.
func TestFlowWithoutDetour(t *testing.T) {
	f := flowSample(128, 64, 0)
	f.Flow.Weight.Codes = []string{"0123456789abcdef", "fedcba9876543210"}
	out := f.Cells(76, 13, MonoInk())
	if strings.Contains(out, "⊕") || !strings.Contains(out, "│01234567") || !strings.Contains(out, "────▶") {
		t.Errorf("got\n%s", out)
	}
}

// What was predicted stands at the part that it is of, else below with that part's name.
func TestFlowMarks(t *testing.T) {
	f := flowSample(128, 64, 4)
	f.Shows = []Shown{{Name: "params", Row: "A and B"}, {Name: "first", Rows: map[string]string{"both": "A and B"}}, {Name: "drift", Row: "h"}}
	place := func(name string, value float64, word, label string) {
		m, ok := f.Place(name, value, word, label)
		if !ok {
			t.Fatalf("%s is not shown", name)
		}
		f.Marks = append(f.Marks, m)
	}
	place("params", 1000, "", "you 1,000")
	place("first", 0, "B", "you")
	place("drift", 0, "", "you 0")
	out := f.Cells(76, 13, MonoInk())
	lines := strings.Split(out, "\n")
	for want, row := range map[string]int{"h 128 ◂ you 0": 1, "B 128×4 ∂ 0.831 ◂ you": 3, "◂ A and B: you 1,000": 12} {
		if !strings.Contains(lines[row], want) {
			t.Errorf("row %d has no %q:\n%s", row, want, out)
		}
	}
	f.Marks[1].Label = "you, but with so many words that they do not fit"
	if out := f.Cells(76, 13, MonoInk()); !strings.Contains(out, "◂ B: you, but") {
		t.Errorf("a long mark is lost:\n%s", out)
	}
	if table := f.Table(0); !strings.Contains(table, "A and B: you 1,000") {
		t.Errorf("table:\n%s", table)
	}
}

// A matrix that is thinner than can be drawn says so.
func TestFlowTooThick(t *testing.T) {
	for r, want := range map[int]bool{8: true, 512: false} {
		if out := flowSample(4096, 4096, r).Cells(76, 13, MonoInk()); strings.Contains(out, "too thick") != want {
			t.Errorf("rank %d:\n%s", r, out)
		}
	}
}
