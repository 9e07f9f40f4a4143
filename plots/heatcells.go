package plots

import "gonum.org/v1/plot/vg"

// onCells draws the matrix with the names of its rows and columns, and the colour
// scale below. Named rows that are more than there is room for stand in two or
// more columns.
func (d heatDrawing) onCells(l *layout) {
	h := d.heatPlot
	if l.rows() < 5 || l.cols() < 16 || h.heat.Values && l.ink.shaded() {
		d.drawParts(l)
		return
	}
	l.bottom--
	lowest := l.bottom
	right := d.drawParts(l)
	h.scale(l, lowest, right)
}

// drawParts draws the matrix as a whole or in parts, and returns the column behind it.
func (d heatDrawing) drawParts(l *layout) (right int) {
	h := d.heatPlot
	n := len(h.heat.Z)
	high := l.rows()
	if len(h.heat.ColNames) > 0 && l.rows() >= 4 {
		high--
	}
	columns := (n + max(high, 1) - 1) / max(high, 1)
	if columns < 2 || len(h.heat.RowNames) < n || l.cols()/columns < leastPanel {
		return d.draw(l)
	}
	each, bottom := (n+columns-1)/columns, l.top
	l.panels(n, columns, each, func(part *layout, from, to int) {
		heat := *h.heat
		heat.Z, heat.RowNames, heat.Min, heat.Max = heat.Z[from:to], heat.RowNames[from:to], &h.lo, &h.hi
		right = heatMap{d.ch.fig, &heat}.put(d.ch.again()).draw(part)
		bottom = max(bottom, part.bottom)
	})
	l.bottom = bottom
	return right
}

// draw draws the matrix with its names, and returns the column behind it.
func (d heatDrawing) draw(l *layout) (right int) {
	h, p := d.heatPlot, d.ch.plot
	pointers := 0
	for _, name := range h.heat.RowNames {
		pointers = max(pointers, textWidth(d.of.pointer(name))+1)
	}
	if pointers > 1 && pointers < l.cols()/2 {
		l.right -= pointers
	}
	names := min(widestOf(h.heat.RowNames), max(l.cols()/3, l.cols()-36))
	short := shortenAll(h.heat.RowNames, names)
	first := l.left
	if names > 0 {
		first += names + 1
	}
	below := 0
	if len(h.heat.ColNames) > 0 && l.rows() >= 4 {
		below = 1
	}
	wide, high, values := h.heatSize(max(1, l.right-first), max(1, l.rows()-below))
	h.values = values
	area := l.sheet.area(first, l.top, wide, high)
	l.drawData(p, area)
	rect := inset(area.Rectangle)
	last := -1
	for i, t := range d.ch.y.at {
		_, row := l.sheet.at(clamp(rect, vg.Point{X: area.Min.X, Y: atY(area, p.Y.Norm(t.Value)) - slack}))
		if row != last {
			name := short[i]
			l.sheet.put(first-1-textWidth(name), row, name, l.ink.Muted, false)
			l.sheet.put(first+wide+1, row, d.of.pointer(h.heat.RowNames[i]), l.ink.Text, true)
		}
		last = row
	}
	l.bottom = l.top + high + below
	if below == 0 {
		return first + wide
	}
	_, n := h.heat.dims()
	each := wide / max(1, n)
	free := 0
	columns := h.heat.ColNames[:min(n, len(h.heat.ColNames))]
	if values {
		columns = shortenAll(columns, max(1, each-1))
	}
	for j, t := range d.ch.x.at {
		col, _ := l.sheet.at(clamp(rect, vg.Point{X: atX(area, p.X.Norm(t.Value)), Y: rect.Min.Y}))
		name := columns[j]
		w := textWidth(name)
		from := min(max(col-(w-1)/2, first), max(first, l.sheet.cols-w))
		if from < free {
			continue
		}
		l.sheet.put(from, l.top+high, name, l.ink.Muted, false)
		free = from + w + 1
	}
	return first + wide
}

// scale draws the colour scale and the label of the x axis in the row below the
// matrix, or in the lowest row that is free; right is the column behind the matrix.
func (h *heatPlot) scale(l *layout, lowest, right int) {
	row := min(l.bottom, lowest)
	lo, hi := h.ends()
	label := l.fig.XLabel
	room := l.cols() - textWidth(lo) - textWidth(hi) - 2
	if label != "" {
		if room-textWidth(label)-3 < 8 {
			label = ""
		} else {
			room -= textWidth(label) + 3
		}
	}
	width := min(room, 21)
	if width < 3 {
		return
	}
	x := h.strip(l, l.left, row, width, lo, hi) + 3
	l.sheet.put(max(x, right-textWidth(label)), row, label, l.ink.Muted, false)
}

// strip draws a colour scale of so many cells from a column on, between the names of
// its ends, and returns the column behind it.
func (h *heatPlot) strip(l *layout, x, row, width int, lo, hi string) int {
	x += l.sheet.put(x, row, lo, l.ink.Muted, false) + 1
	for i := range width {
		l.sheet.block(float64(x+i), float64(row), float64(x+i+1), float64(row+1), h.paint((float64(i)+0.5)/float64(width)))
	}
	if h.centred() {
		l.sheet.put(x+width/2, row, "0", textOn(h.paint(0.5).c), false)
	}
	x += width + 1
	return x + l.sheet.put(x, row, hi, l.ink.Muted, false)
}
