package plots

// legend draws the names of the series with their samples: in a column at the right
// where the sheet is wide, else in rows above the data, never over it.
func (l *layout) legend(entries []entry) {
	if len(entries) == 0 || l.rows() < 4 || l.cols() < 16 {
		return
	}
	sample, longest := 0, 0
	for _, e := range entries {
		sample, longest = max(sample, e.width), max(longest, textWidth(e.name))
	}
	if l.sheet.cols >= 70 {
		l.legendColumn(entries, sample, longest)
		return
	}
	budget := min((l.rows()-4)/2, 5)
	if budget <= 0 {
		return
	}
	width := min(longest, l.cols()-sample-1)
	if l.flow(entries, width, false) > budget { // shorter names, so many in a row
		perRow := (len(entries) + budget - 1) / budget
		if width = l.cols()/perRow - sample - 3; width < 3 {
			return
		}
	}
	l.top += min(budget, l.flow(entries, width, true))
	if l.rows() >= 13 {
		l.top++
	}
}

// legendColumn puts the legend at the right of the data, in up to two fifths
// of the width.
func (l *layout) legendColumn(entries []entry, sample, longest int) {
	w := min(sample+1+longest, l.cols()*2/5)
	x := l.right - w
	for i, e := range entries {
		y := l.top + i
		if y == l.bottom-1 && i < len(entries)-1 {
			l.sheet.put(x, y, "…", l.ink.Muted, false)
			break
		}
		l.entry(x, y, e)
		l.sheet.put(x+sample+1, y, fitText(e.name, w-sample-1), l.ink.Text, false)
	}
	l.right, l.column = x-2, true
}

// flow draws the legend in rows, or only counts the rows that it takes.
func (l *layout) flow(entries []entry, width int, draw bool) (rows int) {
	x, y := l.left, l.top
	for _, e := range entries {
		name := fitText(e.name, width)
		w := e.width + 1 + textWidth(name)
		if x > l.left && x+w > l.right {
			x, y = l.left, y+1
		}
		if draw {
			l.entry(x, y, e)
			l.sheet.put(x+e.width+1, y, name, l.ink.Text, false)
		}
		x += w + 2
	}
	return y - l.top + 1
}

func (l *layout) entry(x, y int, e entry) {
	area := l.sheet.area(x, y, e.width, 1)
	e.sample.Thumbnail(&area)
}
