package plots

import (
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// Cells draws the figure on terminal cells: exactly rows lines joined by line
// feeds, each exactly cols cells wide, with colours as 24-bit SGR, or without
// any SGR if ink.Mono. From about 40 × 10 on everything fits; smaller drawings leave
// out first the legend, then the title, then the axes. The caption is left to the
// caller.
func (f *Figure) Cells(cols, rows int, ink Ink) string {
	if cols <= 0 || rows <= 0 {
		return strings.Repeat("\n", max(0, rows-1))
	}
	if ink.ASCII {
		f = f.inASCII()
	}
	l := &layout{sheet: newSheet(cols, rows, &ink), ink: &ink, fig: f, right: cols, bottom: rows}
	l.draw()
	return l.sheet.String()
}

// layout keeps the rectangle of the sheet that is still free. What is placed takes
// its rows and columns from it.
type layout struct {
	sheet                    *sheet
	ink                      *Ink
	fig                      *Figure
	left, top, right, bottom int
	column                   *legendColumn // of the legend, nil where it has none
	named                    bool          // the legend stands in rows above the data
}

func (l *layout) cols() int { return l.right - l.left }
func (l *layout) rows() int { return l.bottom - l.top }

func (l *layout) draw() {
	ch := l.fig.chart(l.ink, cellText{})
	l.header(ch.under)
	l.legend(ch.legend)
	top, bottom := l.top, l.bottom
	if l.cols() > 0 && l.rows() > 0 {
		ch.drawing.onCells(l)
	}
	l.column.place(l, top, bottom, nil)
}

// header puts the y label above its axis, and the title above that or, where there
// are few rows, under of them for marks, at the right of it.
func (l *layout) header(under int) {
	title, label := l.fig.Title, l.fig.YLabel
	wide, high := l.cols(), l.rows()
	if high < 4 || wide < 8 || title == "" && label == "" {
		return
	}
	two := title != "" && label != ""
	beside := textWidth(title)+3+textWidth(label) <= wide
	if two && (high-under < 14 || high-under < 16 && beside) {
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

// drawData draws the data of the plot into an area of whole cells, without axes,
// title and labels.
func (l *layout) drawData(p *plot.Plot, area draw.Canvas) {
	q := *p
	q.Title.Text = ""
	q.X.Label.Text, q.Y.Label.Text = "", ""
	q.X.Padding, q.Y.Padding = 0, 0
	q.HideAxes()
	q.Draw(area)
}
