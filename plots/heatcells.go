package plots

import "gonum.org/v1/plot/vg"

// onCells draws the matrix with the names of its rows and columns, and the colour
// scale below.
func (d heatDrawing) onCells(l *layout) {
	h, p := d.heatPlot, d.ch.plot
	var first, wide int // the columns of the matrix
	if l.rows() >= 5 && l.cols() >= 16 && !(h.heat.Values && l.ink.shaded()) {
		l.bottom--
		lowest := l.bottom
		defer func() { h.scale(l, lowest, first+wide) }()
	}
	names := 0
	for _, name := range h.heat.RowNames {
		names = max(names, textWidth(name))
	}
	names = min(names, l.cols()/3)
	first = l.left
	if names > 0 {
		first += names + 1
	}
	below := 0
	if len(h.heat.ColNames) > 0 && l.rows() >= 4 {
		below = 1
	}
	var high int
	var values bool
	wide, high, values = h.heatSize(max(1, l.right-first), max(1, l.rows()-below))
	h.values = values
	area := l.sheet.area(first, l.top, wide, high)
	l.drawData(p, area)
	rect := inset(area.Rectangle)
	last := -1
	for _, t := range d.ch.y.at {
		_, row := l.sheet.at(clamp(rect, vg.Point{X: area.Min.X, Y: atY(area, p.Y.Norm(t.Value)) - slack}))
		if row != last {
			name := fitText(t.Label, names)
			l.sheet.put(first-1-textWidth(name), row, name, l.ink.Muted, false)
		}
		last = row
	}
	l.bottom = l.top + high + below
	if below == 0 {
		return
	}
	_, n := h.heat.dims()
	each := wide / max(1, n)
	free := 0
	for _, t := range d.ch.x.at {
		col, _ := l.sheet.at(clamp(rect, vg.Point{X: atX(area, p.X.Norm(t.Value)), Y: rect.Min.Y}))
		name := t.Label
		if values {
			name = fitText(name, max(1, each-1))
		}
		w := textWidth(name)
		from := min(max(col-(w-1)/2, first), max(first, l.sheet.cols-w))
		if from < free {
			continue
		}
		l.sheet.put(from, l.top+high, name, l.ink.Muted, false)
		free = from + w + 1
	}
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
	x := l.left + l.sheet.put(l.left, row, lo, l.ink.Muted, false) + 1
	for i := range width {
		l.sheet.block(float64(x+i), float64(row), float64(x+i+1), float64(row+1), h.paint((float64(i)+0.5)/float64(width)))
	}
	if h.heat.Diverging && h.lo < 0 && h.hi > 0 {
		l.sheet.put(x+width/2, row, "0", textOn(h.paint(0.5).c), false)
	}
	x += width + 1
	x += l.sheet.put(x, row, hi, l.ink.Muted, false) + 3
	l.sheet.put(max(x, right-textWidth(label)), row, label, l.ink.Muted, false)
}
