package plots

import (
	"fmt"
	"strings"
	"testing"
)

// crowded has number formats of equal cost in several series: their markers nearly
// coincide, and labels beside them would overlap.
func crowded() *Figure {
	f := &Figure{ID: "crowded", Title: "Error against bits", XLabel: "bits", YLabel: "dB"}
	for i, p := range []Points{
		{X: []float64{2.5, 3.5, 4.5}, Y: []float64{5.8, 14.6, 20.9}, Labels: []string{"nf2", "nf3", "nf4"}},
		{X: []float64{2.5, 3.5, 4.5, 8.5}, Y: []float64{3.1, 12.5, 19.9, 45.1}, Labels: []string{"int2", "int3", "int4", "int8"}},
		{X: []float64{4.5}, Y: []float64{18.5}, Labels: []string{"fp4"}},
		{X: []float64{8.5}, Y: []float64{40.9}, Labels: []string{"dynamic8"}},
		{X: []float64{4.13}, Y: []float64{20.9}, Labels: []string{"double"}},
		{X: []float64{8.33}, Y: []float64{44.7}, Labels: []string{"int8 rows"}},
	} {
		p.Style = Style(i)
		f.Lines = append(f.Lines, Line{Name: fmt.Sprint("family ", i), X: p.X, Y: p.Y, Style: p.Style})
		f.Points = append(f.Points, p)
	}
	return f
}

// A label is either drawn in full and apart from the others, or left out.
func TestLabelsOnCells(t *testing.T) {
	f := crowded()
	known := map[string]bool{}
	for _, p := range f.Points {
		for _, name := range p.Labels {
			known[name] = true
		}
	}
	for _, size := range [][2]int{{76, 7}, {76, 9}, {70, 22}, {40, 10}} {
		g := *f
		for i := range g.Lines {
			g.Lines[i].Name = "" // no legend: all words beside the marks are labels
		}
		out := g.Cells(size[0], size[1], MonoInk())
		lines := strings.Split(out, "\n")
		seen := 0
		for _, line := range lines[1 : len(lines)-2] {
			_, data, ok := strings.Cut(strings.ReplaceAll(line, "┤", "│"), "│")
			if !ok {
				continue
			}
			data = strings.ReplaceAll(data, "int8 rows", "int8_rows")
			for _, word := range strings.FieldsFunc(data, func(r rune) bool { return r > 0x7f || r == ' ' }) {
				if word = strings.ReplaceAll(word, "_", " "); !known[word] {
					t.Errorf("%d × %d: %q is no label:\n%s", size[0], size[1], word, out)
				}
				seen++
			}
		}
		if seen < 4 {
			t.Errorf("%d × %d: only %d labels:\n%s", size[0], size[1], seen, out)
		}
	}
}

// The same in a file, where the boxes of the texts of the SVG must not overlap.
func TestLabelsInFiles(t *testing.T) {
	f := crowded()
	var b strings.Builder
	if err := encode(&b, "svg", []*Figure{f}); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, p := range f.Points {
		for _, name := range p.Labels {
			known[name] = true
		}
	}
	texts := upright(svgTexts(t, b.String()))
	seen := 0
	for i, a := range texts {
		if !known[a.text] {
			continue
		}
		seen++
		if others := boxes(texts[:i]); overlaps(a.box, others) {
			t.Errorf("%q lies on another text", a.text)
		}
	}
	if seen < 8 {
		t.Errorf("only %d labels", seen)
	}
}

// Rugs without a row are named in the last row, and no row has two rugs.
func TestRugsThatDoNotFit(t *testing.T) {
	f := &Figure{YLabel: "weights", Hist: &Hist{Edges: []float64{-1, 0, 1}, Counts: []float64{2, 5}}}
	for i := range 7 {
		f.Rugs = append(f.Rugs, Rug{Name: fmt.Sprint("fmt", i), X: []float64{-0.9 + 0.2*float64(i)}})
	}
	for _, rows := range []int{7, 9, 12, 22} {
		out := f.Cells(76, rows, MonoInk())
		blocks := 0
		marked := map[string]bool{}
		for _, line := range strings.Split(out, "\n") {
			if strings.ContainsAny(line, "▁▂▃▄▅▆▇█") {
				blocks++
			}
			name, marks, ok := strings.Cut(line, "┤")
			if name = strings.TrimSpace(name); ok && strings.HasPrefix(name, "fmt") {
				marked[name] = true
				if n := strings.Count(marks, "│"); n != 1 {
					t.Errorf("%d rows: %d marks in the row of %s:\n%s", rows, n, name, out)
				}
			}
		}
		if blocks < 2 {
			t.Errorf("%d rows: the histogram has %d:\n%s", rows, blocks, out)
		}
		for _, r := range f.Rugs {
			if !strings.Contains(out, r.Name) {
				t.Errorf("%d rows: %s is not named:\n%s", rows, r.Name, out)
			}
		}
		if len(marked) == 0 || strings.Contains(out, "also ┤") != (len(marked) < 7) {
			t.Errorf("%d rows: %d rugs are drawn:\n%s", rows, len(marked), out)
		}
	}
}
