package plots

// onCells draws the factors at the sides of their product, and below them the scale
// of the product. Small drawings have the product alone.
func (d productDrawing) onCells(l *layout) {
	rows, cols, r := d.data.sizes()
	half := 2 // values in a cell, one above the other
	if l.ink.shaded() {
		half = 1
	}
	if l.rows() < 7 || l.cols() < 30 {
		at, across := thinned(rows, half*l.rows()), thinned(cols, l.cols())
		d.show(l, d.picture(d.entries, at, across, d.shared()), l.left, l.top, l.cols(), l.rows())
		return
	}
	leftName, topName := d.named(d.data.Left.Name, d.data.Left.Z, d.left), d.named(d.data.Top.Name, d.data.Top.Z, d.top)
	margin := min(max(textWidth(leftName), textWidth(topName), 6), l.cols()/4)
	room := l.rows() - 2 // between the names of the matrices and the scale
	ranks := thinned(r, min(half*max(1, room/3), margin))
	thin := (len(ranks) + half - 1) / half // rows of Top
	high := room - thin
	first := l.left + margin + 1
	wide := l.right - first
	if d.besides() {
		wide = (wide - 3) / 2
	}
	at, across := thinned(rows, half*high), thinned(cols, wide)
	wide = drawnOf(wide, len(across))
	names := l.top + thin
	upper := names + 1

	d.show(l, d.picture(d.data.Top.Z, ranks, across, d.top), first, l.top, wide, thin)
	narrow := drawnOf(margin, len(ranks))
	d.show(l, d.picture(d.data.Left.Z, at, ranks, d.left), first-1-narrow, upper, narrow, high)
	d.show(l, d.picture(d.entries, at, across, d.shared()), first, upper, wide, high)
	write := func(x, y, w int, text string) { l.sheet.put(x, y, fitText(text, w), l.ink.Muted, false) }
	write(l.left, l.top, margin, topName)
	write(l.left, names, margin, leftName)
	l.sheet.put(first, names, fitText(d.title(), wide), l.ink.Text, false)
	if d.besides() {
		second := first + wide + 3
		d.show(l, d.picture(d.data.Beside.Z, at, across, d.shared()), second, upper, wide, high)
		l.sheet.put(second, names, fitText(d.named(d.data.Beside.Name, d.data.Beside.Z, d.beside), wide), l.ink.Text, false)
		for i, text := range d.factors()[:min(thin, 2)] {
			write(second, l.top+i, l.right-second, text)
		}
	}
	x := l.left
	if len(d.entries) > 0 {
		x = d.strip(l, x, l.bottom-1) + 3
	}
	if mark := d.marks(); mark != "" {
		x += l.sheet.put(x, l.bottom-1, fitText(mark, l.right-x), Style(0).paint(l.ink).c, true) + 2
	}
	write(x, l.bottom-1, l.right-x, d.note(len(at), len(across), len(ranks), func(s string) bool { return textWidth(s) <= l.right-x }))
}

// show draws a matrix into an area of cells.
func (d productDrawing) show(l *layout, h *heatPlot, col, row, cols, rows int) {
	if h == nil {
		l.sheet.unknown(col, row, cols, rows)
		return
	}
	h.Plot(l.sheet.area(col, row, cols, rows), d.ch.plot)
}

// unknown draws dots into an area of cells, for numbers that there are not yet.
func (s *sheet) unknown(col, row, cols, rows int) {
	for y := range rows {
		for x := range cols {
			s.put(col+x, row+y, "·", s.ink.Muted, false)
		}
	}
}

// strip draws the scale of the product from −top to top, and returns the column
// behind it.
func (d productDrawing) strip(l *layout, x, row int) int {
	width := 13
	if l.cols() < 70 {
		width = 7
	}
	top := d.shared()
	return scaledHeat(nil, true, 1, l.ink).strip(l, x, row, width, short(-top), short(top))
}
