package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
)

// Heat is a matrix drawn as a heat map, row 0 at the top. Rows may differ in length:
// entries that are missing are gaps. A matrix larger than the surface is reduced in
// blocks. A block shows its mean or, on a diverging scale, where positive and
// negative entries would cancel, its entry of largest magnitude.
type Heat struct {
	Z                  [][]float64
	RowNames, ColNames []string
	Diverging          bool     // a scale with 0 in its middle
	Values             bool     // print the number in each cell, where it fits
	Digits             int      // digits after the point of those numbers
	Min, Max           *float64 // ends of the scale, nil = from the data
}

// heatMap is the kind for a matrix.
type heatMap struct {
	fig  *Figure
	heat *Heat
}

// rows are those that have names. A matrix without names is reduced to any size.
func (h heatMap) rows() int { return len(h.heat.RowNames) }

func (h heatMap) empty() bool {
	for _, row := range h.heat.Z {
		for _, z := range row {
			if finite(z) {
				return false
			}
		}
	}
	return true
}

// dims returns the number of rows and of columns, which is that of the longest row.
func (h *Heat) dims() (rows, cols int) {
	for _, row := range h.Z {
		cols = max(cols, len(row))
	}
	return len(h.Z), cols
}

func (h heatMap) build(ch *chart) drawing {
	if h.empty() && (len(h.fig.Marks) == 0 || len(h.heat.RowNames) == 0) {
		return ch.blank()
	}
	return h.withMarks().put(ch)
}

// withMarks is the matrix with a row for each name that a mark has and no row.
func (h heatMap) withMarks() heatMap {
	heat := *h.heat
	h.heat = &heat
	for _, m := range h.fig.Marks {
		for _, row := range m.rows() {
			if !slices.Contains(heat.RowNames, row) && len(heat.RowNames) == len(heat.Z) {
				heat.RowNames, heat.Z = append(slices.Clip(heat.RowNames), row), append(slices.Clip(heat.Z), nil)
			}
		}
	}
	return h
}

// pointer is what stands behind a row: "◂ you B", and a value if the mark has one.
func (h heatMap) pointer(name string) string {
	var labels []string
	for _, m := range h.fig.Marks {
		if slices.Contains(m.rows(), name) {
			labels = append(labels, "◂ "+m.Label)
		}
	}
	return strings.Join(labels, "  ")
}

// put puts the matrix onto a plot.
func (h heatMap) put(ch *chart) heatDrawing {
	p := ch.plot
	rows, cols := h.heat.dims()
	p.X.Min, p.X.Max = 0, float64(cols)
	p.Y.Min, p.Y.Max = 0, float64(rows)
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	named := func(t *ticker, names []string, n int) {
		t.at = []plot.Tick{}
		for i, name := range names[:min(n, len(names))] {
			t.at = append(t.at, plot.Tick{Value: float64(i) + 0.5, Label: name})
		}
	}
	named(ch.x, h.heat.ColNames, cols)
	named(ch.y, h.heat.RowNames, rows)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Width, a.Tick.Length, a.Padding = 0, 0, 0
	}
	d := heatDrawing{h, ch, newHeatPlot(h.heat, ch.ink)}
	p.Add(d.heatPlot)
	return d
}

// heatDrawing is a matrix on its plot.
type heatDrawing struct {
	of heatMap
	ch *chart
	*heatPlot
}

func (d heatDrawing) onPage() {
	for i, t := range d.ch.y.at {
		if txt := d.of.pointer(t.Label); txt != "" {
			d.ch.y.at[i].Label += " " + txt
		}
	}
	d.ch.y.at = spread(d.ch.y.at, d.ch.plot.Y)
	d.ch.plot.Add(heatScale{d.heatPlot})
}

func (h heatMap) table(b *strings.Builder, maxRows int) {
	n, m := h.heat.dims()
	fmt.Fprintf(b, "%d rows, %d columns\n", n, m)
	columns := sample(m, 8)
	head := []string{""}
	for _, j := range columns {
		head = append(head, plain(nameOf(h.heat.ColNames, j)))
	}
	rows := [][]string{head}
	for _, i := range sample(n, maxRows) {
		row := []string{plain(nameOf(h.heat.RowNames, i))}
		for _, j := range columns {
			switch z := h.heat.Z[i]; {
			case j >= len(z):
				row = append(row, "-")
			case h.heat.Values && finite(z[j]) && z[j] != 0:
				row = append(row, fmt.Sprintf("%.*f", min(max(h.heat.Digits, 0), 12), z[j]))
			default:
				row = append(row, tabled(z[j]))
			}
		}
		rows = append(rows, row)
	}
	align(b, rows, 1)
}

// nameOf is the name of row or column i or, without one, its number counted from 1.
func nameOf(names []string, i int) string {
	if i < len(names) && names[i] != "" {
		return names[i]
	}
	return fmt.Sprint(i + 1)
}
