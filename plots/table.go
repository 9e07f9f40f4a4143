package plots

import (
	"fmt"
	"strings"
)

// Table prints the data of the figure as plain text, for screen readers and logs:
// aligned columns, no boxes, no braille. Lines are sampled at up to maxRows places
// (8 if maxRows <= 0), the first and the last among them. Lines with the same x
// values share a table.
func (f *Figure) Table(maxRows int) string {
	if maxRows <= 0 {
		maxRows = 8
	}
	var b strings.Builder
	if f.Title != "" {
		fmt.Fprintln(&b, plain(f.Title))
	}
	if f.Caption != "" {
		fmt.Fprintln(&b, plain(f.Caption))
	}
	switch k := f.kind(); {
	case !k.empty():
		k.table(&b, maxRows)
	case len(f.Marks) == 0:
		fmt.Fprintln(&b, noData)
	}
	f.markTable(&b)
	return b.String()
}

// markTable says in a line each what was predicted, and what came out.
func (f *Figure) markTable(b *strings.Builder) {
	for _, m := range f.Marks {
		switch row := plain(strings.ReplaceAll(m.Row, "|", ", ")); {
		case row != "" && m.Label != "":
			fmt.Fprintf(b, "%s: %s\n", row, plain(m.Label))
		default:
			fmt.Fprintln(b, plain(row+m.Label))
		}
	}
}

// tabled writes a value for a table; a gap is a hyphen. The sign of a negative value
// is a hyphen too, so that other programs can read it.
func tabled(v float64) string {
	if !finite(v) {
		return "-"
	}
	return exact(v)
}

// plain replaces control characters, which could end the line, and what is not UTF-8.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// sample returns up to most of the indices below n: at equal steps from the first,
// and the last.
func sample(n, most int) []int {
	if n <= 0 {
		return nil
	}
	if most < 2 {
		return []int{0}
	}
	step := max(1, (n-1+most-2)/(most-1))
	var picked []int
	for i := 0; i < n-1; i += step {
		picked = append(picked, i)
	}
	return append(picked, n-1)
}

// align prints rows of cells: the first so many columns flush left, the others right.
func align(b *strings.Builder, rows [][]string, left int) {
	var widths []int
	for _, row := range rows {
		for i, s := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], textWidth(s))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, s := range row {
			pad := strings.Repeat(" ", widths[i]-textWidth(s))
			if i > 0 {
				line.WriteString("  ")
			}
			if i < left {
				line.WriteString(s + pad)
			} else {
				line.WriteString(pad + s)
			}
		}
		fmt.Fprintln(b, strings.TrimRight(line.String(), " "))
	}
}
