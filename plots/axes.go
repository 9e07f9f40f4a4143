package plots

import (
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

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

// shareRugs gives each rug a row of the data's, up to half of them.
func (l *layout) shareRugs(ch *chart, dataRows int) {
	if ch.band == nil {
		return
	}
	ch.band.fit(dataRows / 2)
	ch.band.share = float64(ch.band.rows) / float64(dataRows)
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
			// The label takes the place of the last ticks.
			for k := len(ticks); k > 2 && free+textWidth(label) > end; k-- {
				ticks = ticks[:k-1]
				last := ticks[k-2]
				w := textWidth(last.label)
				free = min(max(last.at-w/2, l.left), end-w) + w + 2
			}
			if label = fitText(label, end-free); textWidth(label) < min(8, textWidth(l.fig.XLabel)) {
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
