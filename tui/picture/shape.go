package picture

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// shape draws a character that is a shape: a block, braille dots, lines. It reports
// whether it is one.
func (d *drawing) shape(content string, s style, x, y int) bool {
	r, size := utf8.DecodeRuneInString(content)
	if size != len(content) || size == 0 {
		return false
	}
	left, top := float64(x), float64(y)
	fill := fmt.Sprintf("fill=%q", hex(s.text))
	switch {
	case r >= 0x2800 && r <= 0x28ff:
		d.braille(byte(r-0x2800), s, left, top)
	case r >= 0x2581 && r <= 0x2588: // from below
		high := float64(r-0x2580) / 8
		d.add(fill, rect(left, top+1-high, 1, high))
	case r >= 0x2589 && r <= 0x258f: // from the left
		d.add(fill, rect(left, top, float64(0x2590-r)/8, 1))
	case r == '▀':
		d.add(fill, rect(left, top, 1, 0.5))
	case r == '▐':
		d.add(fill, rect(left+0.5, top, 0.5, 1))
	case r == '▔':
		d.add(fill, rect(left, top, 1, 1.0/8))
	case r == '▕':
		d.add(fill, rect(left+7.0/8, top, 1.0/8, 1))
	case r >= '░' && r <= '▓':
		d.add(fmt.Sprintf("%s fill-opacity=\"%s\"", fill, num(float64(r-'░'+1)/4)), rect(left, top, 1, 1))
	case r >= 0x2596 && r <= 0x259f:
		for i, bit := range quadrants[r-0x2596] {
			if bit == '1' {
				d.add(fill, rect(left+float64(i%2)/2, top+float64(i/2)/2, 0.5, 0.5))
			}
		}
	default:
		return d.lines(r, s, left, top)
	}
	return true
}

// quadrants of U+2596 and on: upper left, upper right, lower left, lower right.
var quadrants = [...]string{"0010", "0001", "1000", "1011", "1001", "1110", "1101", "0100", "0110", "0111"}

// braille draws dots as a line of no length with round ends.
func (d *drawing) braille(dots byte, s style, left, top float64) {
	const across = 0.5 / 2 // of the first column
	look := fmt.Sprintf("stroke=%q stroke-width=\"3\" stroke-linecap=\"round\" fill=\"none\"", hex(s.text))
	for bit := range 8 {
		if dots&(1<<bit) == 0 {
			continue
		}
		column, row := bit/3, bit%3
		if bit >= 6 {
			column, row = bit-6, 3
		}
		d.add(look, fmt.Sprintf("M%s %sh0", num(edge+(left+across+float64(column)/2)*cellW), num(edge+(top+(float64(row)+0.5)/4)*cellH)))
	}
}

// arms are the lines of a character that go from the middle of its cell to the left,
// the right, up and down: 1 is light, 2 heavy.
var arms = map[rune][4]int{
	'─': {1, 1, 0, 0}, '│': {0, 0, 1, 1}, '┌': {0, 1, 0, 1}, '┐': {1, 0, 0, 1}, '└': {0, 1, 1, 0}, '┘': {1, 0, 1, 0},
	'├': {0, 1, 1, 1}, '┤': {1, 0, 1, 1}, '┬': {1, 1, 0, 1}, '┴': {1, 1, 1, 0}, '┼': {1, 1, 1, 1},
	'╭': {0, 1, 0, 1}, '╮': {1, 0, 0, 1}, '╰': {0, 1, 1, 0}, '╯': {1, 0, 1, 0},
	'╴': {1, 0, 0, 0}, '╶': {0, 1, 0, 0}, '╵': {0, 0, 1, 0}, '╷': {0, 0, 0, 1},
	'━': {2, 2, 0, 0}, '┃': {0, 0, 2, 2}, '┏': {0, 2, 0, 2}, '┓': {2, 0, 0, 2}, '┗': {0, 2, 2, 0}, '┛': {2, 0, 2, 0},
}

// dashed are lines along a cell that are broken so many times: across, else down.
var dashed = map[rune]struct {
	down, heavy bool
	parts       int
}{
	'╌': {parts: 2}, '┄': {parts: 3}, '┈': {parts: 4}, '╎': {down: true, parts: 2}, '┆': {down: true, parts: 3}, '┊': {down: true, parts: 4},
	'╍': {heavy: true, parts: 2}, '┅': {heavy: true, parts: 3}, '┉': {heavy: true, parts: 4},
}

// The widths of lines, in cells across.
var strokes = [...]float64{0, 0.14, 0.3}

// lines draws a character of lines.
func (d *drawing) lines(r rune, s style, left, top float64) bool {
	fill := fmt.Sprintf("fill=%q", hex(s.text))
	const half = cellW / cellH // a length across, in cells down
	if dash, ok := dashed[r]; ok {
		thick := strokes[1]
		if dash.heavy {
			thick = strokes[2]
		}
		for i := range dash.parts {
			at, long := (float64(i)+0.15)/float64(dash.parts), 0.7/float64(dash.parts)
			if dash.down {
				d.add(fill, rect(left+0.5-thick/2, top+at, thick, long))
			} else {
				d.add(fill, rect(left+at, top+0.5-thick*half/2, long, thick*half))
			}
		}
		return true
	}
	to, ok := arms[r]
	if !ok {
		return false
	}
	for i, weight := range to {
		if weight == 0 {
			continue
		}
		thick := strokes[weight]
		switch over := thick / 2; i { // each reaches a little over the middle, so that corners close
		case 0:
			d.add(fill, rect(left, top+0.5-thick*half/2, 0.5+over, thick*half))
		case 1:
			d.add(fill, rect(left+0.5-over, top+0.5-thick*half/2, 0.5+over, thick*half))
		case 2:
			d.add(fill, rect(left+0.5-thick/2, top, thick, 0.5+over*half))
		case 3:
			d.add(fill, rect(left+0.5-thick/2, top+0.5-over*half, thick, 0.5+over*half))
		}
	}
	return true
}

// add adds to the shapes of a look.
func (d *drawing) add(look, path string) {
	b := d.shapes[look]
	if b == nil {
		b = &strings.Builder{}
		d.shapes[look] = b
		d.order = append(d.order, look)
	}
	b.WriteString(path)
}

// rect is the path of a rectangle given in cells.
func rect(left, top, wide, high float64) string {
	w := num(wide * cellW)
	return fmt.Sprintf("M%s %sh%sv%sh-%sz", num(edge+left*cellW), num(edge+top*cellH), w, num(high*cellH), w)
}
