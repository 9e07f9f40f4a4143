package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

func (f plane) table(b *strings.Builder, maxRows int) {
	f.lineTables(b, maxRows)
	f.pointTables(b, maxRows)
	f.histTable(b, maxRows)
	for _, l := range f.Levels {
		fmt.Fprintf(b, "%s: %s\n", plain(cmp.Or(l.Name, "level")), tabled(l.Y))
	}
}

func (f plane) lineTables(b *strings.Builder, maxRows int) {
	done := make([]bool, len(f.Lines))
	y := plain(f.YLabel)
	for i, l := range f.Lines {
		if done[i] || len(l.X) == 0 || len(l.Y) == 0 {
			continue
		}
		head := []string{plain(cmp.Or(f.XLabel, "x"))}
		var group []Line
		for j := i; j < len(f.Lines); j++ {
			if same := f.Lines[j]; slices.EqualFunc(same.X, l.X, identical) {
				done[j] = true
				group = append(group, same)
				head = append(head, plain(cmp.Or(same.Name, cmp.Or(f.YLabel, "y"))))
			}
		}
		if y != "" {
			fmt.Fprintf(b, "%s by %s:\n", y, head[0])
			y = ""
		}
		var places []int // without those where no line has a value
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

// pointTables prints a table for each named set of points and one for all points
// without a name. Of these, sets without labels are left out if they lie on a line:
// its table has their values.
func (f plane) pointTables(b *strings.Builder, maxRows int) {
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
		if len(p.Labels) > 0 { // labelled points cannot be sampled
			most = max(most, len(places))
		}
		rows := [][]string{{plain(cmp.Or(p.Name, "point")), plain(cmp.Or(f.XLabel, "x")), plain(cmp.Or(f.YLabel, "y"))}}
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

// onLine reports whether all of the points are points of one line.
func (f plane) onLine(p Points) bool {
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

func (f plane) histTable(b *strings.Builder, maxRows int) {
	if f.Hist != nil && f.Hist.bins() > 0 {
		rows := [][]string{{"from", "to", plain(cmp.Or(f.Hist.Name, cmp.Or(f.YLabel, "count")))}}
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
		fmt.Fprintf(b, "%s: %d marks, among them %s\n", plain(cmp.Or(r.Name, "marks")), len(r.X), strings.Join(shown, " "))
	}
}

func identical(a, b float64) bool { return a == b || a != a && b != b }
