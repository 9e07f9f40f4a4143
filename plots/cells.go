package plots

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Cells draws the figure on terminal cells: exactly rows lines joined by line
// feeds, each exactly cols cells wide, with colours as 24-bit SGR, or without
// any SGR if ink.Mono. From about 40 × 10 everything is there; below, first the
// legend goes, then the title, then the axes. The caption is left to the caller.
func (f *Figure) Cells(cols, rows int, ink Ink) string {
	if cols <= 0 || rows <= 0 {
		return strings.Repeat("\n", max(0, rows-1))
	}
	l := &layout{sheet: newSheet(cols, rows, &ink), ink: &ink, fig: f, right: cols, bottom: rows}
	l.draw()
	return l.sheet.String()
}

// layout shares the sheet out: what is placed takes its rows and columns from
// the rectangle that is left.
type layout struct {
	sheet                    *sheet
	ink                      *Ink
	fig                      *Figure
	left, top, right, bottom int
	column                   bool // the legend has a column of its own
}

func (l *layout) cols() int { return l.right - l.left }
func (l *layout) rows() int { return l.bottom - l.top }

func (l *layout) draw() {
	b := l.fig.Bars
	ch := l.fig.chart(l.ink, cellText{}, b != nil && b.Horizontal)
	l.header()
	l.legend(ch.legend)
	if ch.bars != nil && !ch.bars.horizontal && !l.standUpright(ch.bars) {
		legend := ch.legend
		ch = l.fig.chart(l.ink, cellText{}, true)
		ch.legend = legend
	}
	switch {
	case l.cols() <= 0 || l.rows() <= 0:
	case ch.heat != nil:
		l.heat(ch)
	case ch.bars != nil && ch.bars.horizontal:
		l.lying(ch)
	default:
		l.plane(ch)
	}
}

// header puts the y label above its axis, and the title above that or, where
// rows are dear, at the right of it.
func (l *layout) header() {
	title, label := l.fig.Title, l.fig.YLabel
	wide, high := l.cols(), l.rows()
	if high < 4 || wide < 8 || title == "" && label == "" {
		return
	}
	two := title != "" && label != ""
	if two && high < 14 {
		if w := wide - textWidth(label) - 3; textWidth(title) <= w || w >= 12 {
			title = fitText(title, w)
			l.sheet.put(l.right-textWidth(title), l.top, title, l.ink.Text, true)
		}
		title, two = "", false
	}
	if title != "" {
		l.sheet.put(l.left, l.top, fitText(title, wide), l.ink.Text, true)
		l.top++
	}
	if label != "" {
		l.sheet.put(l.left, l.top, fitText(label, wide), l.ink.Muted, false)
		l.top++
	}
}

// legend names the series beside samples of them: in a column at the right
// where the sheet is wide, else in rows above the data, never over them.
func (l *layout) legend(entries []entry) {
	if len(entries) == 0 || l.rows() < 4 || l.cols() < 16 {
		return
	}
	const sample = 5
	longest := 0
	for _, e := range entries {
		longest = max(longest, textWidth(e.name))
	}
	if l.sheet.cols >= 70 {
		w := min(sample+1+longest, l.cols()/3)
		x := l.right - w
		for i, e := range entries {
			if y := l.top + i; y < l.bottom {
				if y == l.bottom-1 && i < len(entries)-1 {
					l.sheet.put(x, y, "…", l.ink.Muted, false)
					break
				}
				l.entry(x, y, sample, e, w-sample-1)
			}
		}
		l.right, l.column = x-2, true
		return
	}
	budget := min((l.rows()-4)/2, 5)
	if budget <= 0 {
		return
	}
	rows, width := flow(entries, l.cols(), sample, longest)
	if rows > budget { // shorter names, in as many columns as it takes
		perRow := (len(entries) + budget - 1) / budget
		width = l.cols()/perRow - sample - 3
		if width < 3 {
			return
		}
	}
	x, y := l.left, l.top
	for i, e := range entries {
		name := fitText(e.name, width)
		w := sample + 1 + textWidth(name)
		if x > l.left && x+w > l.right {
			x, y = l.left, y+1
		}
		if y-l.top >= budget {
			return
		}
		l.entry(x, y, sample, e, width)
		x += w + 2
		if i == len(entries)-1 {
			y++
		}
	}
	l.top = y
}

// flow returns how many rows the whole names take.
func flow(entries []entry, cols, sample, longest int) (rows, width int) {
	rows = 1
	x := 0
	width = min(longest, cols-sample-1)
	for _, e := range entries {
		w := sample + 1 + min(width, textWidth(e.name))
		if x > 0 && x+w > cols {
			rows++
			x = 0
		}
		x += w + 2
	}
	return rows, width
}

func (l *layout) entry(x, y, sample int, e entry, width int) {
	area := l.sheet.area(x, y, sample, 1)
	e.sample.Thumbnail(&area)
	l.sheet.put(x+sample+1, y, fitText(e.name, width), l.ink.Text, false)
}

// drawData draws the plot's data, and nothing else of it, into whole cells.
func (l *layout) drawData(p *plot.Plot, area draw.Canvas) {
	q := *p
	q.Title.Text = ""
	q.X.Label.Text, q.Y.Label.Text = "", ""
	q.X.Padding, q.Y.Padding = 0, 0
	q.HideAxes()
	q.Draw(area)
}

// tickAt is a tick in its row or column of the sheet.
type tickAt struct {
	at    int
	label string
}

// plane draws axes with ticks around x and y data.
func (l *layout) plane(ch *chart) {
	p := ch.plot
	wide, high := l.cols(), l.rows()
	if high < 4 || wide < 12 {
		l.shareRugs(ch, high)
		l.drawData(p, l.sheet.area(l.left, l.top, wide, high))
		return
	}
	lineRow := l.bottom - 2
	ownRow := l.fig.XLabel != "" && high >= 13 && !l.column
	if ownRow {
		lineRow--
	}
	dataRows := lineRow - l.top
	if ch.bars != nil { // a row for the values above the bars
		p.Y.Scale = headroom{p.Y.Scale, 1 - 1/float64(dataRows)}
	}
	l.shareRugs(ch, dataRows)
	side := l.rowTicks(ch, dataRows)
	labels := 0
	for _, t := range side {
		labels = max(labels, textWidth(t.label))
	}
	labels = min(labels, wide/3)
	first := l.left + labels + 2 // the first data column
	if labels == 0 {
		first = l.left + 1
	}
	area := l.sheet.area(first, l.top, l.right-first, dataRows)
	if ch.bars != nil {
		ch.bars.slots.spaceOut(len(ch.bars.bars.Names), l.right-first)
	}
	l.drawData(p, area)
	for row := l.top; row < lineRow; row++ {
		l.sheet.put(first-1, row, "│", l.ink.Muted, false)
	}
	for _, t := range side {
		label := fitText(t.label, labels)
		l.sheet.put(first-2-textWidth(label), t.at, label, l.ink.Muted, false)
		l.sheet.put(first-1, t.at, "┤", l.ink.Muted, false)
	}
	l.sheet.put(first-1, lineRow, "└"+strings.Repeat("─", l.right-first), l.ink.Muted, false)
	label := fitText(l.fig.XLabel, l.right-first)
	if ownRow {
		l.sheet.put(l.right-textWidth(label), l.bottom-1, label, l.ink.Muted, false)
		label = ""
	}
	l.columnTicks(ch, area, first, lineRow, label)
}

// shareRugs gives each rug a row of the data's.
func (l *layout) shareRugs(ch *chart, dataRows int) {
	if ch.band != nil {
		ch.band.share = float64(min(ch.rugs, dataRows/2)) / float64(dataRows)
	}
}

// rowTicks returns y ticks in different rows, fewer until they stand apart.
func (l *layout) rowTicks(ch *chart, rows int) []tickAt {
	p := ch.plot
	area := l.sheet.area(0, l.top, 1, rows)
	rect := inside(area.Rectangle)
	apart := 2
	if rows < 5 {
		apart = 1
	}
	for n := 2 + min(rows/4, 4); n > 0; n-- {
		ch.y.n = n
		var ticks []tickAt
		clear := true
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			y := p.Y.Norm(t.Value)
			if !(y >= -1e-9 && y <= 1+1e-9) {
				continue
			}
			_, row := l.sheet.at(into(rect, vg.Point{X: rect.Min.X, Y: area.Y(y)}))
			if k := len(ticks); k > 0 {
				gap := ticks[k-1].at - row
				if gap == 0 || gap > 0 && gap < apart {
					clear = false
				}
			}
			ticks = append(ticks, tickAt{row, t.Label})
		}
		if clear || n == 1 {
			return ticks
		}
	}
	return nil
}

// columnTicks draws the x ticks whose labels keep two cells apart, and the
// label of the axis at the right end of their row.
func (l *layout) columnTicks(ch *chart, area draw.Canvas, first, lineRow int, label string) {
	p := ch.plot
	rect := inside(area.Rectangle)
	end := l.sheet.cols // labels may reach beneath a legend's column
	if !l.column {
		end = l.right
	}
	for n := min(8, max(2, (l.right-first)/8)); n > 0; n-- {
		ch.x.n = n
		var ticks []tickAt
		free, all := l.left, 0
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			x := p.X.Norm(t.Value)
			if !(x >= -1e-9 && x <= 1+1e-9) {
				continue
			}
			all++
			col, _ := l.sheet.at(into(rect, vg.Point{X: area.X(x), Y: rect.Min.Y}))
			w := textWidth(t.Label)
			from := min(max(col-w/2, l.left), end-w)
			if from < free && len(ticks) > 0 {
				continue
			}
			ticks = append(ticks, tickAt{col, t.Label})
			free = from + w + 2
		}
		if len(ticks) < all && ch.x.at == nil && n > 1 {
			continue
		}
		if label != "" && free+textWidth(label) > end {
			// The label takes the place of the last tick's.
			if k := len(ticks); k > 2 {
				last := ticks[k-2]
				w := textWidth(last.label)
				ticks = ticks[:k-1]
				free = min(max(last.at-w/2, l.left), end-w) + w + 2
			}
			if free+textWidth(label) > end {
				label = ""
			}
		}
		for _, t := range ticks {
			l.sheet.put(t.at, lineRow, "┬", l.ink.Muted, false)
			w := textWidth(t.label)
			l.sheet.put(min(max(t.at-w/2, l.left), end-w), lineRow+1, t.label, l.ink.Muted, false)
		}
		if label != "" {
			// Beneath the data's right end, or just behind the last number.
			l.sheet.put(max(free, l.right-textWidth(label)), lineRow+1, label, l.ink.Muted, false)
		}
		return
	}
}

// standUpright reports whether upright bars have room for names and values.
func (l *layout) standUpright(b *barPlot) bool {
	n := len(b.bars.Names)
	widest := 0
	for _, name := range b.bars.Names {
		widest = max(widest, textWidth(name))
	}
	value := 0
	for _, txt := range b.ends() {
		value = max(value, textWidth(txt))
	}
	room := l.cols() - 8 // less the axis and its numbers
	slot := room / max(1, n)
	return l.rows() >= 7 && slot >= max(widest, value*b.slots.group)+2
}

// spaceOut gives each of n upright categories a slot of whole columns.
func (s *slots) spaceOut(n, cells int) {
	slot := cells / n
	thick := max(1, (slot-2)/s.group)
	s.thick = float64(thick) / float64(cells)
	s.start = s.start[:0]
	for i := range n {
		s.start = append(s.start, float64(i*slot+(slot-thick*s.group)/2)/float64(cells))
	}
}

// lying draws horizontal bars: name, bar, value.
func (l *layout) lying(ch *chart) {
	b := ch.bars
	n := len(b.bars.Names)
	b.slots.lineUp(n, l.rows())
	shown := len(b.slots.start)
	if shown < n && l.rows() > b.slots.group {
		// The last row says how many are missing.
		l.bottom--
		b.slots.lineUp(n, l.rows())
		shown = len(b.slots.start)
		l.sheet.put(l.left, l.bottom, fitText("… "+exact(float64(n-shown))+" more", l.cols()), l.ink.Muted, false)
	}
	names, values := 0, 0
	for _, name := range b.bars.Names[:shown] {
		names = max(names, textWidth(name))
	}
	for _, txt := range b.ends() {
		values = max(values, textWidth(txt))
	}
	names = min(names, l.cols()*2/5)
	first := l.left + names + 2
	if names == 0 {
		first = l.left + 1
	}
	wide := l.right - first - values - 1
	if wide < 4 {
		wide = l.right - first
	}
	if wide < 1 {
		return
	}
	if ch.plot.X.Min < 0 { // room for values left of zero too
		first += min(values+1, wide/4)
		wide = l.right - first - values - 1
	}
	if wide < 1 {
		return
	}
	area := l.sheet.area(first, l.top, wide, l.rows())
	l.drawData(ch.plot, area)
	zero := ch.plot.X.Norm(0)
	if b.log || !(zero > 0) {
		zero = 0
	}
	// The base line stands just before the column that zero is in.
	base := first - 1 + int(math.Floor(min(zero, 1)*float64(wide)))
	used := int(math.Round(b.slots.used() * float64(l.rows())))
	for row := l.top; row < l.top+used; row++ {
		if c := l.sheet.cell(base, row); c != nil && c.text == 0 && c.fill == 0 {
			l.sheet.put(base, row, "│", l.ink.Muted, false)
		}
	}
	for i, name := range b.bars.Names[:shown] {
		_, row := l.sheet.at(into(inside(area.Rectangle), vg.Point{X: area.Min.X, Y: area.Y(ch.plot.Y.Norm(float64(i))) + slack}))
		name = fitText(name, names)
		l.sheet.put(l.left+names-textWidth(name), row, name, l.ink.Text, false)
	}
}

// headroom is a scale that ends below the top of its axis.
type headroom struct {
	plot.Normalizer
	top float64
}

// Normalize implements plot.Normalizer.
func (h headroom) Normalize(lo, hi, v float64) float64 { return h.top * h.Normalizer.Normalize(lo, hi, v) }

// heat draws a matrix with its names and the scale beneath.
func (l *layout) heat(ch *chart) {
	h, p := ch.heat, ch.plot
	if l.rows() >= 5 && l.cols() >= 16 && !(h.heat.Values && l.ink.Mono) {
		l.bottom--
		defer l.scale(h, l.bottom)
	}
	names := 0
	for _, name := range l.fig.Heat.RowNames {
		names = max(names, textWidth(name))
	}
	names = min(names, l.cols()/3)
	first := l.left
	if names > 0 {
		first += names + 1
	}
	below := 0
	if len(l.fig.Heat.ColNames) > 0 && l.rows() >= 4 {
		below = 1
	}
	wide, high, values := h.heatSize(max(1, l.right-first), max(1, l.rows()-below))
	h.values = values
	area := l.sheet.area(first, l.top, wide, high)
	l.drawData(p, area)
	rect := inside(area.Rectangle)
	last := -1
	for _, t := range ch.y.at {
		_, row := l.sheet.at(into(rect, vg.Point{X: area.Min.X, Y: area.Y(p.Y.Norm(t.Value)) - slack}))
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
	_, n := l.fig.Heat.dims()
	each := wide / max(1, n)
	free := 0
	for _, t := range ch.x.at {
		col, _ := l.sheet.at(into(rect, vg.Point{X: area.X(p.X.Norm(t.Value)), Y: rect.Min.Y}))
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

// scale draws the colours from least to greatest, right beneath the matrix.
func (l *layout) scale(h *heatPlot, lowest int) {
	row := min(l.bottom, lowest)
	lo, hi := h.ends()
	label := l.fig.XLabel
	room := l.cols() - textWidth(lo) - textWidth(hi) - 2
	if label != "" && room-textWidth(label)-3 >= 8 {
		l.sheet.put(l.right-textWidth(label), row, label, l.ink.Muted, false)
		room -= textWidth(label) + 3
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
	l.sheet.put(x+width+1, row, hi, l.ink.Muted, false)
}
