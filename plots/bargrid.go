package plots

import (
	"strings"

	"loralab/lora/number"
)

// barGrid is bars side by side that have no rows of their own: a row for each
// category, with a column for each series, and one for what it was before. Where there
// is room a bar leads the value.
type barGrid struct {
	barDrawing
	columns []gridColumn
	cut     bool // long heads are cut
	tight   bool // without heads, and with fewer digits
}

type gridColumn struct {
	name    string
	paint   paint
	numbers int // width of the values
	barred  bool
	value   func(i int) float64
}

// drawGrid draws the grid, in as many panels beside each other as it takes, and below
// them what was predicted, in words.
func (d barDrawing) drawGrid(l *layout) {
	if l.column != nil && !l.column.placed { // the heads name the series
		l.right, l.column.placed = l.column.right, true
	}
	g := barGrid{barDrawing: d}
	for j, s := range d.bars.Series {
		g.add(s.Name, d.paints[j], true, func(i int) float64 { return d.bars.value(i, j) })
		if len(s.Before) > 0 {
			g.add("before", d.paints[j], false, func(i int) float64 { return d.bars.before(i, j) })
		}
	}
	d.writeWords(l)
	const least = 6 // cells of a name
	most := func() int { return max(1, (l.cols()+2)/(g.width(0)+least+2)) }
	n, high := len(d.bars.Names), l.rows()-1
	if (n+high-1)/high > most() {
		g.cut = true
	}
	if (n+high-1)/high > most() { // their names in a row above all, their values shorter
		heads := make([]string, len(g.columns))
		for j := range g.columns {
			heads[j], g.columns[j].name = g.columns[j].name, ""
			g.columns[j].numbers = 0
			for i := range n {
				g.columns[j].numbers = max(g.columns[j].numbers, textWidth(g.written(j, i)))
			}
		}
		if !l.named {
			l.sheet.put(l.left, l.top, fitText(strings.Join(heads, "  |  "), l.cols()), l.ink.Muted, false)
			l.top++
		}
		g.tight = true
		high = l.rows()
	}
	panels := (n + max(high, 1) - 1) / max(high, 1)
	each := (n + panels - 1) / panels
	if most := most(); panels > most { // some are left out, and said to be
		panels, each = most, high-1
		l.bottom--
		if left := n - panels*each; left > 0 {
			l.more(left)
		}
	}
	l.panels(n, panels, each, g.draw)
}

func (g *barGrid) add(name string, p paint, barred bool, value func(i int) float64) {
	c := gridColumn{name: name, paint: p, barred: barred, value: value}
	for i := range g.bars.Names {
		c.numbers = max(c.numbers, textWidth(g.bars.written(value(i))))
	}
	g.columns = append(g.columns, c)
}

// written is a value of a column, to as many digits as there is room for.
func (g barGrid) written(j, i int) string {
	v := g.columns[j].value(i)
	if g.columns[j].name == "" && finite(v) {
		return number.TightUnit(short(v), g.bars.Unit)
	}
	return g.bars.written(v)
}

// width is that of the columns, with bars of so many cells.
func (g barGrid) width(bar int) (sum int) {
	for _, c := range g.columns {
		sum += 1 + g.columnWidth(c, bar)
	}
	return sum
}

func (g barGrid) columnWidth(c gridColumn, bar int) int {
	head := textWidth(c.name)
	if g.cut {
		head = min(head, 12)
	}
	switch {
	case bar == 0 || !c.barred:
		return max(c.numbers, head)
	case head == 0:
		return bar + 1 + c.numbers
	}
	return max(bar+1+c.numbers, fillSample+1+head)
}

// draw draws the categories of one panel, with the heads of its columns.
func (g barGrid) draw(l *layout, from, to int) {
	names := widestOf(g.bars.Names[from:to])
	names = max(min(names, l.cols()-g.width(0)-1), min(names, 6))
	bar := 0
	for wide := 3; wide < l.cols() && g.width(wide)+names+1 <= l.cols(); wide++ {
		bar = wide
	}
	top := l.top + 1
	if g.tight {
		top--
	}
	for i, name := range shortenAll(g.bars.Names, names)[from:to] {
		l.sheet.put(l.left+names-textWidth(name), top+i, name, l.ink.Text, false)
	}
	x := l.left + names + 1
	for j, c := range g.columns {
		w, head := g.columnWidth(c, bar), x
		name := fitText(c.name, w)
		if bar > 0 && c.barred && !g.tight {
			area := l.sheet.area(x, l.top, fillSample, 1)
			swatch{c.paint}.Thumbnail(&area)
			head += fillSample + 1
			name = fitText(c.name, w-fillSample-1)
		} else {
			head += w - textWidth(name)
		}
		l.sheet.put(head, l.top, name, l.ink.Text, false)
		for i := from; i < to; i++ {
			row, txt, at := top+i-from, g.written(j, i), x+w-c.numbers
			if bar > 0 && c.barred {
				g.block(l, x, row, bar, c.value(i), c.paint)
				at = x + bar + 1
			}
			l.sheet.put(at+c.numbers-textWidth(txt), row, txt, l.ink.Text, false)
		}
		x += w + 1
	}
	for i := from; i < to; i++ {
		if len(g.guesses(i)) > 0 {
			l.sheet.put(min(x, l.right-1), top+i-from, "◂", l.ink.Text, true)
		}
	}
}

// block draws the bar of a value, from zero to it.
func (g barGrid) block(l *layout, x, row, bar int, v float64, p paint) {
	if !visible(v, g.log) {
		return
	}
	zero, end := 0.0, g.share(v)
	if !g.log {
		zero = max(0, g.share(0))
	}
	l.sheet.block(float64(x)+float64(min(zero, end)*float64(bar)), float64(row), float64(x)+float64(max(zero, end)*float64(bar)), float64(row+1), p)
}
