package plots

import (
	"strings"

	"loralab/lora/number"
)

// barGrid is bars side by side that have no rows of their own: a row for each
// category, with a column for each series. Where there is room a bar leads the value.
type barGrid struct {
	barDrawing
	numbers, heads []int // the widths of each column's values and of its name
}

// drawGrid draws the grid, in as many panels beside each other as it takes.
func (d barDrawing) drawGrid(l *layout) {
	if l.column != nil && !l.column.placed { // the heads name the series
		l.right, l.column.placed = l.column.right, true
	}
	g := barGrid{barDrawing: d}
	for j, s := range d.bars.Series {
		number := 0
		for i := range d.bars.Names {
			number = max(number, textWidth(d.chart.written(d.chart.value(i, j))))
		}
		g.numbers, g.heads = append(g.numbers, number), append(g.heads, min(textWidth(s.Name), 12))
	}
	n, high := len(d.bars.Names), l.rows()-1
	panels := (n + high - 1) / high
	const least = 6 // cells of a name
	most := max(1, (l.cols()+2)/(g.width(0)+least+2))
	each := (n + panels - 1) / panels
	if panels > most { // some are left out, and said to be
		panels, each = most, high-1
		l.bottom--
		if left := n - panels*each; left > 0 {
			l.sheet.put(l.left, l.bottom, fitText("… "+number.Count(int64(left))+" more", l.cols()), l.ink.Muted, false)
		}
	}
	for i := range panels {
		from, to := min(n, i*each), min(n, (i+1)*each)
		l.panel(i, panels, func(part *layout) { g.draw(part, from, to) })
	}
}

// width is that of the columns, with bars of so many cells.
func (g barGrid) width(bar int) (sum int) {
	for j := range g.numbers {
		sum += 1 + g.columnWidth(j, bar)
	}
	return sum
}

func (g barGrid) columnWidth(j, bar int) int {
	if bar == 0 {
		return max(g.numbers[j], g.heads[j])
	}
	return max(bar+1+g.numbers[j], fillSample+1+g.heads[j])
}

// draw draws the categories of one panel, with the heads of its columns.
func (g barGrid) draw(l *layout, from, to int) {
	names, tail := 0, 0
	for i := from; i < to; i++ {
		names = max(names, textWidth(g.bars.Names[i]))
		tail = max(tail, textWidth(g.tail(i)))
	}
	names = max(min(names, l.cols()-g.width(0)-1-tail), min(names, 6))
	bar := 0
	for wide := 4; wide < l.cols() && g.width(wide)+names+1+tail <= l.cols(); wide++ {
		bar = wide
	}
	for i, name := range shortenAll(g.bars.Names[from:to], names) {
		l.sheet.put(l.left+names-textWidth(name), l.top+1+i, name, l.ink.Text, false)
	}
	x := l.left + names + 1
	for j, s := range g.bars.Series {
		w := g.columnWidth(j, bar)
		head, at := fitText(s.Name, w), x
		if bar > 0 {
			area := l.sheet.area(x, l.top, fillSample, 1)
			swatch{g.paints[j]}.Thumbnail(&area)
			at += fillSample + 1
			head = fitText(s.Name, w-fillSample-1)
		} else {
			at += w - textWidth(head)
		}
		l.sheet.put(at, l.top, head, l.ink.Text, false)
		for i := from; i < to; i++ {
			row, v := l.top+1+i-from, g.chart.value(i, j)
			txt, at := g.chart.written(v), x+w-g.numbers[j]
			if bar > 0 {
				g.block(l, x, row, bar, v, g.paints[j])
				at = x + bar + 1
			}
			l.sheet.put(at+g.numbers[j]-textWidth(txt), row, txt, l.ink.Text, false)
		}
		x += w + 1
	}
	for i := from; i < to; i++ {
		l.sheet.put(x, l.top+1+i-from, fitText(g.tail(i), l.right-x), l.ink.Text, true)
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

// tail is what stands behind the values of a category.
func (g barGrid) tail(i int) string {
	var parts []string
	for j := range g.slots.group {
		for _, m := range g.chart.in(i, j) {
			if m.sign != 0 {
				m.label = string(m.sign) + " " + m.label
			}
			parts = append(parts, m.label)
		}
	}
	return strings.Join(parts, "  ")
}
