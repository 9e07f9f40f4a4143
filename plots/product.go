package plots

import (
	"fmt"
	"math"
	"strings"
)

// Product is a matrix of low rank, drawn as the product that it is: Left (d×r) at
// the left, Top (r×k) above, and where a row of Left and a column of Top meet, Scale
// times the product (d×k). Beside is a matrix of that size on the same scale.
//
// Matrices may be samples: some rows of Left, the same of Beside, some columns of Top,
// the same of Beside. What is larger than the surface is thinned further, in the same
// way. Rows and columns that are left out leave the rank of the others as it is, which
// means of blocks would not.
type Product struct {
	Name      string // of the product: "s·B·A"
	Scale     float64
	Largest   float64 // magnitude in the whole product; 0 takes it from the samples
	Left, Top Factor
	Beside    Factor // without a name there is none
}

// Factor is a matrix of a [Product].
type Factor struct {
	Name       string
	Rows, Cols int         // of the whole matrix
	Z          [][]float64 // nil where there are no numbers yet
	Largest    float64     // magnitude in the whole matrix; 0 takes it from Z
}

// product is the kind for a product.
type product struct {
	fig  *Figure
	data *Product
}

// rows are any: the pictures are thinned to what there is.
func (product) rows() int { return 0 }

func (p product) empty() bool {
	d := p.data
	_, _, r := d.sizes()
	return r == 0 && len(d.Beside.Z) == 0
}

// beside puts the product of the run before in the place of what stands there now.
func (p product) beside(before *Figure) *Figure {
	now, old := *p.data, before.Product
	if entries := old.entries(); len(entries) > 0 {
		now.Beside = Factor{Name: beforeName(old.Name), Rows: old.Left.Rows, Cols: old.Top.Cols, Z: entries, Largest: old.Largest}
	}
	both := *p.fig
	both.Product = &now
	return &both
}

// sizes are the rows and columns of the samples, and the rank. Where there are no
// numbers yet they are those of the whole.
func (d *Product) sizes() (rows, cols, r int) {
	rows, cols, r = d.Left.Rows, d.Top.Cols, d.Top.Rows
	if len(d.Left.Z) > 0 {
		rows = len(d.Left.Z)
	}
	if len(d.Top.Z) > 0 {
		r, cols = len(d.Top.Z), len(d.Top.Z[0])
	}
	if z := d.Beside.Z; len(z) > 0 && len(d.Left.Z) == 0 {
		rows, cols = len(z), len(z[0])
	}
	return max(rows, 0), max(cols, 0), max(r, 0)
}

// whole says how large a matrix is.
func (f *Factor) whole() string {
	rows, cols := f.Rows, f.Cols
	if rows == 0 && len(f.Z) > 0 {
		rows, cols = len(f.Z), len(f.Z[0])
	}
	return fmt.Sprintf("%d×%d", rows, cols)
}

// largest is the magnitude that the scale of a matrix reaches.
func largest(known float64, z [][]float64) float64 {
	if known > 0 && finite(known) {
		return known
	}
	top := 0.0
	for _, row := range z {
		for _, v := range row {
			if finite(v) {
				top = max(top, math.Abs(v))
			}
		}
	}
	return top
}

// entries multiplies the samples; nil where one of them is missing.
func (d *Product) entries() [][]float64 {
	if len(d.Left.Z) == 0 || len(d.Top.Z) == 0 {
		return nil
	}
	_, cols, _ := d.sizes()
	out := make([][]float64, len(d.Left.Z))
	for i, left := range d.Left.Z {
		out[i] = make([]float64, cols)
		for l, b := range left[:min(len(left), len(d.Top.Z))] {
			for j, a := range d.Top.Z[l][:min(cols, len(d.Top.Z[l]))] {
				out[i][j] += float64(d.Scale * float64(b*a))
			}
		}
	}
	return out
}

// span writes the ends of a scale around 0.
func span(top float64) string {
	if top == 0 {
		return "0"
	}
	return "±" + short(top)
}

// thinned returns up to room of the indices below n, evenly apart.
func thinned(n, room int) []int {
	picked := make([]int, max(0, min(n, room)))
	for i := range picked {
		picked[i] = i * n / len(picked)
	}
	return picked
}

// pick returns the chosen rows and columns; entries that are missing are gaps.
func pick(z [][]float64, rows, cols []int) [][]float64 {
	var out [][]float64
	for _, i := range rows {
		line := make([]float64, len(cols))
		for n, j := range cols {
			line[n] = math.NaN()
			if i < len(z) && j < len(z[i]) {
				line[n] = z[i][j]
			}
		}
		out = append(out, line)
	}
	return out
}

// sampled says how many rows and columns are drawn; "" where all are.
func (d *Product) sampled(rows, cols, ranks int) string {
	_, _, r := d.sizes()
	var parts []string
	for _, p := range []struct {
		shown, all int
		what       string
	}{{rows, d.Left.Rows, "rows"}, {cols, d.Top.Cols, "columns"}, {ranks, r, "directions"}} {
		if p.shown < p.all {
			parts = append(parts, fmt.Sprintf("%d of %d %s", p.shown, p.all, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

func (p product) table(b *strings.Builder, maxRows int) {
	d := p.data
	rows, cols, r := d.sizes()
	fmt.Fprintf(b, "%s, of rank at most %d: %s is %s, %s is %s\n", plain(d.Name), r,
		plain(d.Left.Name), d.Left.whole(), plain(d.Top.Name), d.Top.whole())
	entries := d.entries()
	matrices := []struct {
		name string
		z    [][]float64
		top  float64
	}{{d.Left.Name, d.Left.Z, d.Left.Largest}, {d.Top.Name, d.Top.Z, d.Top.Largest}, {d.Name, entries, d.Largest}, {d.Beside.Name, d.Beside.Z, d.Beside.Largest}}
	for _, m := range matrices {
		if m.z != nil {
			fmt.Fprintf(b, "%s: largest entry %s\n", plain(m.name), span(largest(m.top, m.z)))
		}
	}
	at, across := thinned(rows, maxRows), thinned(cols, 8)
	for _, m := range matrices[2:] {
		if m.z == nil {
			continue
		}
		title := plain(m.name)
		if which := d.sampled(len(at), len(across), r); which != "" {
			title += " (" + which + ")"
		}
		fmt.Fprintln(b, title+":")
		var lines [][]string
		for _, row := range pick(m.z, at, across) {
			var line []string
			for _, v := range row {
				line = append(line, tabled(v))
			}
			lines = append(lines, line)
		}
		align(b, lines, 0)
	}
}
