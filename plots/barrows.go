package plots

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"loralab/lora/number"
)

// barRow is a bar on cells with the row that it lies in, or its middle one.
type barRow struct {
	i, j      int
	end, zero float64 // as shares of the width
	marks     []barMark
	left      string   // the value, where it stands left of the bar
	right     []string // what stands right of it
}

// drawRows draws a row or three for each bar: name, bar, value and what else stands in
// its row.
func (d barDrawing) drawRows(l *layout) {
	p, b := d.ch.plot, d.barPlot
	n := len(b.bars.Names)
	b.slots.placeRows(n, l.rows())
	shown := len(b.slots.start)
	if shown < n && l.rows() > b.slots.group {
		// The last row says how many are missing.
		l.bottom--
		b.slots.placeRows(n, l.rows())
		shown = len(b.slots.start)
		l.more(n - shown)
	}
	names := min(widestOf(b.bars.Names[:shown]), l.cols()*2/5)
	rows := d.barRows(shown)
	over := func() (cells int) { // that the widest row has too many
		for _, r := range rows {
			cells = max(cells, textWidth(r.behindBar()))
		}
		return l.left + names + 2 + leastBar + 1 + cells - l.right
	}
	if names > leastName && over() > 0 { // shorter names, then words below
		if names-over() < leastName && !d.terse {
			d.terse = true
			d.writeWords(l)
			b.slots.placeRows(n, l.rows())
			shown = min(shown, len(b.slots.start))
			rows = d.barRows(shown)
		}
		names = max(names-max(over(), 0), leastName)
	}
	all := d.all
	if all == nil {
		all = b.bars.Names
	}
	short := shortenAll(all, names)[d.from : d.from+shown]
	first := l.left + names + 2
	if names == 0 {
		first = l.left + 1
	}
	leftward := 0
	for _, r := range rows {
		leftward = max(leftward, textWidth(r.left))
	}
	if leftward > 0 && p.X.Min < 0 {
		first += min(leftward+1, max(0, l.right-first)/4)
	}
	wide := d.widest(rows, l.right-first)
	if wide < 1 {
		return
	}
	zero := 0
	if !b.log {
		zero = zeroColumn(&p.X, wide)
	}
	rows = d.barRows(shown) // the ends have moved to whole columns
	area := l.sheet.area(first, l.top, wide, l.rows())
	l.drawData(p, area)
	used := int(math.Round(b.slots.used() * float64(l.rows())))
	for row := l.top; row < l.top+used; row++ {
		if c := l.sheet.cell(first-1+zero, row); c != nil && c.text == 0 && c.fill == 0 {
			l.sheet.put(first-1+zero, row, "│", l.ink.Muted, false)
		}
	}
	rowAt := func(y float64) int {
		_, row := l.sheet.at(clamp(inset(area.Rectangle), vg.Point{X: area.Min.X, Y: atY(area, y) + slack}))
		return row
	}
	for i, name := range short {
		l.sheet.put(l.left+names-textWidth(name), rowAt(p.Y.Norm(float64(i))), name, l.ink.Text, false)
	}
	for _, r := range rows {
		lo, hi := b.slots.span(r.i, r.j)
		d.writeRow(l, r, first, wide, rowAt((lo+hi)/2))
	}
}

// more says in the row below the layout how many bars are left out.
func (l *layout) more(n int) {
	l.sheet.put(l.left, l.bottom, fitText("… "+number.Count(int64(n))+" more", l.cols()), l.ink.Muted, false)
}

// leastBar and leastName are the cells that a bar and a name have, at least.
const leastBar, leastName = 4, 8

// behindBar is all that stands right of the bar.
func (r barRow) behindBar() string { return strings.Join(r.right, "  ") }

// barRows are the bars of the first categories.
func (d barDrawing) barRows(shown int) (rows []barRow) {
	for i := range shown {
		for j := range d.slots.group {
			rows = append(rows, d.barRow(i, j))
		}
	}
	return rows
}

// barRow is bar j of category i.
func (d barDrawing) barRow(i, j int) barRow {
	v := d.bars.value(i, j)
	r := barRow{i: i, j: j, marks: d.chart.in(i, j), zero: d.share(0)}
	if d.log {
		r.zero = 0
	}
	r.end = r.zero
	if visible(v, d.log) {
		r.end = d.share(v)
	}
	if d.bars.Stacked && !d.log { // its negative part lies left of zero
		if up, down, _ := d.bars.total(i); up > 0 && down < 0 {
			r.end = d.share(up)
		}
	}
	value := d.bars.written(v)
	outer := d.outermost(r)
	var first, parts []string // right behind the bar and its signs, and then
	for k := range r.marks {
		m := &r.marks[k]
		at := d.share(m.value)
		if m.sign != 0 && (at < -1e-9 || at > 1+1e-9) {
			m.label += map[bool]string{true: " →", false: " ←"}[at > 1]
		}
		if m.truth && m.sign != 0 && !d.terse && value != "" && math.Abs(m.value-v) <= 1e-9*math.Abs(v) {
			value, m.sign = m.label, 0 // the bar is its sign
			continue
		}
		switch {
		case d.terse && m.sign != beforeSign:
			if !slices.Contains(parts, "◂") {
				parts = append(parts, "◂")
			}
		case m.sign == 0:
			parts = append(parts, "◂ "+m.label)
		case m.label == "":
		case k == outer:
			first = append(first, m.label)
		default:
			parts = append(parts, string(m.sign)+" "+m.label)
		}
	}
	if r.end < r.zero {
		r.left = value
	} else if value != "" {
		first = append(first, value)
	}
	r.right = append(first, parts...)
	return r
}

// outermost is the index of the mark that has its label right behind its sign, as that
// lies beyond the bar and the other signs; -1 for none.
func (d barDrawing) outermost(r barRow) int {
	outer := -1
	for k, m := range r.marks {
		if at := d.share(m.value); !d.terse && m.sign != 0 && !m.truth && at > r.end && (outer < 0 || at > d.share(r.marks[outer].value)) {
			outer = k
		}
	}
	return outer
}

// share is where a value lies on the axis, cut to it where it is far out.
func (d barDrawing) share(v float64) float64 {
	at := d.ch.plot.X.Norm(v)
	switch {
	case math.IsNaN(at) || math.IsInf(at, -1):
		return -1
	case math.IsInf(at, 1):
		return 2
	}
	return at
}

// endColumn is the column behind a bar. Shades take whole cells: each part of a
// stack may take one more.
func (r barRow) endColumn(d barDrawing, wide int) int {
	end := int(math.Ceil(math.Round(8*max(r.end, r.zero)*float64(wide)) / 8))
	if d.ink.shaded() && r.end != r.zero {
		end++
		if d.bars.Stacked {
			end += len(d.bars.Series) - 1
		}
	}
	return end
}

// behind is the column behind a bar and the signs in its row.
func (r barRow) behind(d barDrawing, wide, end int) int {
	for _, m := range r.marks {
		if m.sign != 0 {
			end = max(end, d.column(m.value, wide)+1)
		}
	}
	return min(end, wide)
}

// column is that of a value among so many.
func (d barDrawing) column(v float64, wide int) int {
	return min(wide-1, max(0, int(d.share(v)*float64(wide))))
}

// widest is the greatest width of the bars that leaves room for what stands behind
// each of them; where there is none, the least.
func (d barDrawing) widest(rows []barRow, room int) int {
	for wide := room; wide > min(leastBar, room); wide-- {
		if !slices.ContainsFunc(rows, func(r barRow) bool {
			w := textWidth(r.behindBar())
			return w > 0 && r.behind(d, wide, r.endColumn(d, wide))+1+w > room
		}) {
			return wide
		}
	}
	return min(leastBar, room)
}

// writeRow writes what stands in the row of a bar over it and behind it.
func (d barDrawing) writeRow(l *layout, r barRow, first, wide, row int) {
	end := wide
	for end > int(r.zero*float64(wide)+1e-9) {
		if c := l.sheet.cell(first+end-1, row); c != nil && c.fill != 0 {
			break
		}
		end--
	}
	for _, m := range r.marks {
		if m.sign == 0 {
			continue
		}
		col := d.column(m.value, wide)
		for gap := end; gap < col && m.sign == saidSign; gap++ {
			l.sheet.put(first+gap, row, string(gapSign), l.ink.Text, false)
		}
		l.sheet.put(first+col, row, string(m.sign), l.ink.Text, true)
	}
	if r.left != "" {
		at := int(math.Floor(r.end*float64(wide) + 1e-9))
		l.sheet.put(first+at-1-textWidth(r.left), row, r.left, l.ink.Text, false)
	}
	at := first + r.behind(d, wide, end) + 1
	if end == 0 && at == first+1 && len(r.marks) == 0 {
		at = first // as if a bar of no length were drawn
	}
	d.writeParts(l, r.right, at, row)
}

// writeParts writes what stands behind a bar. What does not fit goes into the row
// below, if nothing is there.
func (d barDrawing) writeParts(l *layout, parts []string, at, row int) {
	for n := len(parts); n > 0; n-- {
		head, tail := strings.Join(parts[:n], "  "), strings.Join(parts[n:], "  ")
		below := max(at-textWidth(tail)/2, l.left)
		below = min(below, l.right-textWidth(tail))
		if tail != "" && !l.sheet.blank(below, row+1, textWidth(tail)) {
			break
		}
		if at+textWidth(head) <= l.right && below >= l.left {
			l.sheet.put(at, row, head, l.ink.Text, false)
			l.sheet.put(below, row+1, tail, l.ink.Text, false)
			return
		}
	}
	l.sheet.put(at, row, fitText(strings.Join(parts, "  "), l.right-at), l.ink.Text, false)
}

// blank reports whether so many cells of a row are empty or hold an axis.
func (s *sheet) blank(col, row, width int) bool {
	for i := range width {
		c := s.cell(col+i, row)
		if c == nil || c.fill != 0 || c.dots != 0 || c.text != 0 && c.text != '│' {
			return false
		}
	}
	return true
}

// zeroColumn moves one end of a linear axis outward until zero lies on the edge
// between two of its columns, and returns the number of columns left of zero.
func zeroColumn(a *plot.Axis, wide int) int {
	switch {
	case a.Min >= 0:
		return 0
	case a.Max <= 0:
		return wide
	case wide < 2:
		return 0
	}
	left := min(max(1, int(math.Round(float64(wide)*-a.Min/(a.Max-a.Min)))), wide-1)
	units := max(-a.Min/float64(left), a.Max/float64(wide-left))
	a.Min, a.Max = -units*float64(left), units*float64(wide-left)
	return left
}
