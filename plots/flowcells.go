package plots

import "strings"

// onCells draws the flow into what is left of the sheet.
func (d flowDrawing) onCells(l *layout) {
	p, ok := d.data.plan(l.cols(), l.rows(), !l.ink.shaded())
	if !ok {
		d.inWords(l)
		return
	}
	pen := &cellPen{l: l, d: d, ways: map[[2]int]uint8{}}
	d.draw(p, pen)
	pen.connect()
}

// inWords is for where there is no room to draw.
func (d flowDrawing) inWords(l *layout) {
	var b strings.Builder
	fig := d.ch.fig
	flowKind{fig, d.data}.table(&b, 1)
	fig.markTable(&b)
	for i, line := range strings.Split(strings.TrimSpace(b.String()), "\n") {
		if i < l.rows() {
			l.sheet.put(l.left, l.top+i, fitText(line, l.cols()), l.ink.Text, false)
		}
	}
}

// cellPen is a flowPen for cells. Ways that meet share a cell, so they are drawn
// last, by the sides of each cell that they touch.
type cellPen struct {
	l    *layout
	d    flowDrawing
	ways map[[2]int]uint8
	ends [][2]int
}

const (
	toUp uint8 = 1 << iota
	toDown
	toLeft
	toRight
)

// wires are the characters by the sides of the cell that a way touches.
var wires = [16]rune{
	toUp: '│', toDown: '│', toUp | toDown: '│', toLeft: '─', toRight: '─', toLeft | toRight: '─', 0: '─',
	toUp | toLeft: '┘', toUp | toRight: '└', toDown | toLeft: '┐', toDown | toRight: '┌',
	toUp | toDown | toLeft: '┤', toUp | toDown | toRight: '├', toUp | toLeft | toRight: '┴', toDown | toLeft | toRight: '┬',
	toUp | toDown | toLeft | toRight: '┼',
}

func (c *cellPen) text(col, row int, text string, tone flowTone) {
	fg := c.l.ink.Text
	switch tone {
	case toneMuted:
		fg = c.l.ink.Muted
	case toneMark:
		fg = Style(0).paint(c.l.ink).c
	}
	c.l.sheet.put(c.l.left+col, c.l.top+row, fitText(text, c.l.cols()-col), fg, tone == toneMark)
}

func (c *cellPen) wire(arrow bool, corners ...[2]int) {
	for i := 1; i < len(corners); i++ {
		at, end := corners[i-1], corners[i]
		for at != end {
			next, out, in := at, toDown, toUp
			switch {
			case end[0] > at[0]:
				next[0], out, in = at[0]+1, toRight, toLeft
			case end[0] < at[0]:
				next[0], out, in = at[0]-1, toLeft, toRight
			case end[1] > at[1]:
				next[1]++
			default:
				next[1], out, in = at[1]-1, toUp, toDown
			}
			c.ways[at] |= out
			c.ways[next] |= in
			at = next
		}
	}
	if arrow {
		c.ends = append(c.ends, corners[len(corners)-1])
	}
}

// connect draws the ways where there is no text on them.
func (c *cellPen) connect() {
	for at, sides := range c.ways {
		c.way(at, wires[sides])
	}
	for _, at := range c.ends {
		c.way(at, '▶')
	}
}

func (c *cellPen) way(at [2]int, char rune) {
	cell := c.l.sheet.cell(c.l.left+at[0], c.l.top+at[1])
	if cell != nil && (cell.text == 0 || char == '▶') {
		c.l.sheet.put(c.l.left+at[0], c.l.top+at[1], string(char), c.l.ink.Muted, false)
	}
}

func (c *cellPen) sum(col, row int) {
	c.l.sheet.put(c.l.left+col, c.l.top+row, "⊕", c.l.ink.Text, true)
}

func (c *cellPen) frame(col, row, cols, rows int, codes []string) {
	put := func(x, y int, s string) { c.l.sheet.put(c.l.left+x, c.l.top+y, s, c.l.ink.Muted, false) }
	if rows < 2 {
		for x := range cols {
			put(col+x, row, "▒")
		}
		return
	}
	for x := 1; x < cols-1; x++ {
		put(col+x, row, "─")
		put(col+x, row+rows-1, "─")
	}
	for y := 1; y < rows-1; y++ {
		put(col, row+y, "│")
		put(col+cols-1, row+y, "│")
	}
	put(col, row, "┌")
	put(col+cols-1, row, "┐")
	put(col, row+rows-1, "└")
	put(col+cols-1, row+rows-1, "┘")
	for y, i := range thinned(len(codes), rows-2) {
		put(col+1, row+1+y, fitCodes(codes[i], cols-2))
	}
}

// fitCodes returns the first characters of a row of codes, which are all one cell wide.
func fitCodes(codes string, width int) string {
	r := []rune(codes)
	return string(r[:max(0, min(len(r), width))])
}

func (c *cellPen) block(x0, y0, x1, y1 float64, zero bool) {
	x, y := float64(c.l.left), float64(c.l.top)
	if c.l.ink.ASCII { // it has no parts of a cell
		x1, y0 = max(x1, x0+1), min(y0, y1-1)
	}
	if !zero {
		c.l.sheet.block(x+x0, y+y0, x+x1, y+y1, Style(0).paint(c.l.ink))
		return
	}
	for row := int(y0); float64(row) < y1; row++ {
		for col := int(x0); float64(col) < x1; col++ {
			c.l.sheet.put(c.l.left+col, c.l.top+row, "░", c.l.ink.Muted, false)
		}
	}
}

func (c *cellPen) heat(z [][]float64, diverging bool, top float64, col, row, cols, rows int) {
	if len(z) == 0 || len(z[0]) == 0 {
		c.l.sheet.unknown(c.l.left+col, c.l.top+row, cols, rows)
		return
	}
	scaledHeat(z, diverging, top, c.l.ink).Plot(c.l.sheet.area(c.l.left+col, c.l.top+row, cols, rows), c.d.ch.plot)
}
