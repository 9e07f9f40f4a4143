package plots

import (
	"fmt"
	"slices"
	"strings"

	"loralab/lora/number"
)

// Table prints the figure's data as plain text, for those who cannot see it
// and for logs: no boxes, no braille, columns aligned. Lines are sampled at up
// to maxRows places, the first and the last among them (8 if maxRows <= 0);
// lines with the same x share a table.
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
	switch {
	case f.Empty():
		fmt.Fprintln(&b, noData)
	case f.Heat != nil:
		f.heatTable(&b, maxRows)
	case f.Bars != nil:
		f.barTable(&b, maxRows)
	default:
		f.lineTables(&b, maxRows)
		f.pointTables(&b, maxRows)
		f.histTable(&b, maxRows)
		for _, l := range f.Levels {
			fmt.Fprintf(&b, "%s: %s\n", plain(or(l.Name, "level")), tabled(l.Y))
		}
	}
	return b.String()
}

func (f *Figure) lineTables(b *strings.Builder, maxRows int) {
	done := make([]bool, len(f.Lines))
	y := plain(f.YLabel)
	for i, l := range f.Lines {
		if done[i] || len(l.X) == 0 || len(l.Y) == 0 {
			continue
		}
		head := []string{plain(or(f.XLabel, "x"))}
		var group []Line
		for j := i; j < len(f.Lines); j++ {
			if same := f.Lines[j]; slices.EqualFunc(same.X, l.X, identical) {
				done[j] = true
				group = append(group, same)
				head = append(head, plain(or(same.Name, or(f.YLabel, "y"))))
			}
		}
		if y != "" {
			fmt.Fprintf(b, "%s by %s:\n", y, head[0])
			y = ""
		}
		var places []int // without the gaps that break all lines
		for k, x := range l.X {
			if finite(x) && slices.ContainsFunc(group, func(g Line) bool { return k < len(g.Y) && finite(g.Y[k]) }) {
				places = append(places, k)
			}
		}
		rows := [][]string{head}
		for _, at := range sample(len(places), maxRows) {
			k := places[at]
			row := []string{tabled(l.X[k])}
			for _, g := range group {
				if k < len(g.Y) {
					row = append(row, tabled(g.Y[k]))
				} else {
					row = append(row, "-")
				}
			}
			rows = append(rows, row)
		}
		align(b, rows, 0)
	}
}

// pointTables prints the points of each name; those without one stand
// together, and are left out where they only mark what a line's table says.
func (f *Figure) pointTables(b *strings.Builder, maxRows int) {
	unnamed := Points{}
	var tables []Points
	for _, p := range f.Points {
		n := min(len(p.X), len(p.Y))
		if p.Name != "" {
			tables = append(tables, p)
			continue
		}
		if len(p.Labels) == 0 && f.onLine(p) {
			continue
		}
		for k := range n {
			label := fmt.Sprint(len(unnamed.X) + 1)
			if k < len(p.Labels) && p.Labels[k] != "" {
				label = p.Labels[k]
			}
			unnamed.X, unnamed.Y, unnamed.Labels = append(unnamed.X, p.X[k]), append(unnamed.Y, p.Y[k]), append(unnamed.Labels, label)
		}
	}
	for _, p := range append(tables, unnamed) {
		var places []int
		for k := range min(len(p.X), len(p.Y)) {
			if finite(p.X[k]) && finite(p.Y[k]) {
				places = append(places, k)
			}
		}
		if len(places) == 0 {
			continue
		}
		most := maxRows
		if len(p.Labels) > 0 { // a point with a name of its own stands for no other
			most = max(most, len(places))
		}
		rows := [][]string{{plain(or(p.Name, "point")), plain(or(f.XLabel, "x")), plain(or(f.YLabel, "y"))}}
		for _, at := range sample(len(places), most) {
			k := places[at]
			name := fmt.Sprint(k + 1)
			if k < len(p.Labels) && p.Labels[k] != "" {
				name = plain(p.Labels[k])
			}
			rows = append(rows, []string{name, tabled(p.X[k]), tabled(p.Y[k])})
		}
		align(b, rows, 1)
	}
}

// onLine reports whether one of the lines holds all the points.
func (f *Figure) onLine(p Points) bool {
	return slices.ContainsFunc(f.Lines, func(l Line) bool {
		type place struct{ x, y float64 }
		held := map[place]bool{}
		for i := range min(len(l.X), len(l.Y)) {
			held[place{l.X[i], l.Y[i]}] = true
		}
		for k := range min(len(p.X), len(p.Y)) {
			if at := (place{p.X[k], p.Y[k]}); finite(at.x) && finite(at.y) && !held[at] {
				return false
			}
		}
		return true
	})
}

func (f *Figure) histTable(b *strings.Builder, maxRows int) {
	if f.Hist != nil && f.Hist.bins() > 0 {
		rows := [][]string{{"from", "to", plain(or(f.Hist.Name, or(f.YLabel, "count")))}}
		for _, k := range sample(f.Hist.bins(), maxRows) {
			rows = append(rows, []string{tabled(f.Hist.Edges[k]), tabled(f.Hist.Edges[k+1]), tabled(f.Hist.Counts[k])})
		}
		align(b, rows, 0)
	}
	for _, r := range f.Rugs {
		shown := make([]string, 0, maxRows)
		for _, k := range sample(len(r.X), maxRows) {
			shown = append(shown, tabled(r.X[k]))
		}
		fmt.Fprintf(b, "%s: %d marks, among them %s\n", plain(or(r.Name, "marks")), len(r.X), strings.Join(shown, " "))
	}
}

func (f *Figure) barTable(b *strings.Builder, maxRows int) {
	head := []string{plain(or(f.XLabel, "name"))}
	for _, s := range f.Bars.Series {
		head = append(head, plain(or(s.Name, or(f.YLabel, "value"))))
	}
	totals := f.Bars.Stacked && len(f.Bars.Series) > 1
	if totals {
		head = append(head, "total")
	}
	rows := [][]string{head}
	shown := min(len(f.Bars.Names), maxRows)
	for i, name := range f.Bars.Names[:shown] {
		row := []string{plain(name)}
		for _, s := range f.Bars.Series {
			if i < len(s.Values) && finite(s.Values[i]) {
				row = append(row, number.TightUnit(tabled(s.Values[i]), plain(f.Bars.Unit)))
			} else {
				row = append(row, "-")
			}
		}
		if totals {
			up, down, _ := f.Bars.total(i)
			row = append(row, number.TightUnit(tabled(up+down), plain(f.Bars.Unit)))
		}
		rows = append(rows, row)
	}
	align(b, rows, 1)
	if rest := len(f.Bars.Names) - shown; rest > 0 {
		fmt.Fprintf(b, "and %d more\n", rest)
	}
}

func (f *Figure) heatTable(b *strings.Builder, maxRows int) {
	n, m := f.Heat.dims()
	fmt.Fprintf(b, "%d rows, %d columns\n", n, m)
	columns := sample(m, 8)
	head := []string{""}
	for _, j := range columns {
		head = append(head, plain(nameOf(f.Heat.ColNames, j)))
	}
	rows := [][]string{head}
	for _, i := range sample(n, maxRows) {
		row := []string{plain(nameOf(f.Heat.RowNames, i))}
		for _, j := range columns {
			switch z := f.Heat.Z[i]; {
			case j >= len(z):
				row = append(row, "-")
			case f.Heat.Values && finite(z[j]) && z[j] != 0:
				row = append(row, fmt.Sprintf("%.*f", min(max(f.Heat.Digits, 0), 12), z[j]))
			default:
				row = append(row, tabled(z[j]))
			}
		}
		rows = append(rows, row)
	}
	align(b, rows, 1)
}

// nameOf is a row's or column's name, or its number from 1.
func nameOf(names []string, i int) string {
	if i < len(names) && names[i] != "" {
		return names[i]
	}
	return fmt.Sprint(i + 1)
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func identical(a, b float64) bool { return a == b || a != a && b != b }

// tabled writes a value of a table; a gap is a hyphen. Signs are hyphens too,
// which other programs read.
func tabled(v float64) string {
	if !finite(v) {
		return "-"
	}
	return exact(v)
}

// plain keeps a text on its line.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// sample returns up to most of n indices, at equal steps from the first, and
// the last.
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

// align prints rows with the first left columns flush left, the others right.
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
