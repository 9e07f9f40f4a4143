package plots

import (
	"image/color"
	"slices"
	"strings"
)

// imageDrawing is pictures on their plot.
type imageDrawing struct {
	ch     *chart
	images *Images
}

// imageForm is how large pictures are drawn, and how many.
type imageForm struct {
	scale      int // a pixel is so many columns and half rows; 0: a dot; less: none are drawn
	wide, high int // cells of a picture
	per        int // pictures shown of each group
	slot       int // columns from one picture to the next
	more       bool
}

// asDots and asWords are the scales at which there is no room for pixels.
const asDots, asWords = 0, -1

// inkAt is the share of ink from which a pixel is drawn where there is no grey.
const inkAt = 0.4

// onCells draws the pictures as large as they fit.
func (d imageDrawing) onCells(l *layout) {
	m := d.images
	names, totals, guesses := 0, 0, 0 // the last is the room behind the totals for what was predicted
	for _, row := range m.Rows {
		for _, word := range strings.Fields(row.Name) { // below each other, where they must
			names = max(names, textWidth(word)-1)
		}
		for _, line := range row.Readings {
			names, totals = max(names, textWidth(line.Name)), max(totals, textWidth(line.Total))
			width := 0
			for _, mark := range d.marks(row, line) {
				totals = max(totals, min(textWidth(mark), 12))
				width += textWidth(mark) + 2
			}
			guesses = max(guesses, width)
		}
	}
	if names = min(names, l.cols()/3); names > 0 {
		names += 2
	}
	if totals > 0 || m.Totals != "" { // from the first, so that nothing moves later
		totals = max(totals, textWidth(m.Totals), len("100.0 %"))
	}
	left, room := l.left+names, l.cols()-names-totals-guesses
	if room < 24 {
		room += guesses
	}
	if room < 24 {
		room, totals = room+totals, 0
	}
	form := m.fit(room, l.rows(), l.ink)
	n := form.per * m.groups()
	right := left + n*form.slot
	gap := 0
	if spare := l.rows() - m.height(form.high); len(m.Rows) > 1 && spare >= len(m.Rows)-1 {
		gap = 1
	}

	y := l.top
	if len(m.Groups) > 0 {
		for g, name := range m.Groups[:m.groups()] {
			l.sheet.put(left+g*form.per*form.slot, y, fitText(name, form.per*form.slot-1), l.ink.Muted, false)
		}
		y++
	}
	for i, row := range m.Rows {
		words := wrapText(row.Name, func(s string) bool { return textWidth(s) < names })
		if len(words) > max(form.high, 1) {
			words = []string{row.Name}
		}
		for i, line := range words {
			l.sheet.put(l.left, y+i, fitText(line, names-1), l.ink.Muted, false)
		}
		for j := range n {
			at := d.shown(j, form)
			x := left + j*form.slot
			switch {
			case at >= len(row.Pictures):
			case form.scale == asWords && at < len(m.Names):
				l.sheet.put(x, y, fitText(m.Names[at], form.slot-1), l.ink.Muted, false)
			case form.scale == asDots:
				l.sheet.dotted(row.Pictures[at], x, y, form)
			case form.scale > 0:
				l.sheet.picture(row.Pictures[at], x, y, form)
			}
		}
		y += max(form.high, 1)
		beside := y - 1 // the lowest line beside the pictures that is free
		if totals > 0 && i == 0 {
			l.sheet.put(right, beside, m.Totals, l.ink.Muted, false)
			beside--
		}
		for _, line := range row.Readings {
			if y >= l.bottom {
				return
			}
			l.sheet.put(l.left, y, fitText(line.Name, names-1), line.Style.paint(l.ink).c, false)
			for j := range n {
				d.caption(l, line.caption(d.shown(j, form)), left+j*form.slot, y, form)
			}
			end := right
			if totals > 0 {
				l.sheet.put(right, y, line.Total, l.ink.Text, false)
				end += textWidth(line.Total) + 2
			}
			for _, mark := range d.marks(row, line) {
				if w := textWidth(mark); end+w <= l.right {
					l.sheet.put(end, y, mark, line.Style.paint(l.ink).c, false)
					end += w + 2
				} else if right+w <= l.right && beside >= y-max(form.high, 1) {
					l.sheet.put(right, beside, mark, line.Style.paint(l.ink).c, false)
					beside--
				}
			}
			y++
		}
		y += gap
	}
}

// marks are the labels of what was predicted of a line, whose name alone says which
// it is, or with the row's before it. What came out is there already where the line
// has a total.
func (d imageDrawing) marks(row ImageRow, line Reading) []string {
	var labels []string
	for _, mark := range d.ch.fig.Marks {
		rows := mark.rows()
		if (slices.Contains(rows, line.Name) || slices.Contains(rows, row.Name+": "+line.Name)) && !(mark.Truth && line.Total != "") {
			labels = append(labels, mark.Label)
		}
	}
	return labels
}

// shown is the index of the picture in slot j.
func (d imageDrawing) shown(j int, form imageForm) int {
	return j/form.per*(d.images.count()/d.images.groups()) + j%form.per
}

// caption writes what was read: bright where it is right, so that what a network
// learns lights up.
func (d imageDrawing) caption(l *layout, c Caption, x, y int, form imageForm) {
	txt := c.Text + c.Verdict.sign(l.ink.ASCII)
	if form.more && c.More != "" {
		txt += " " + c.More
	}
	col := l.ink.Text
	switch {
	case c.Text == "":
		txt, col = "·", l.ink.Muted
		if l.ink.ASCII {
			txt = "."
		}
	case c.Verdict == Wrong:
		col = l.ink.Muted
	}
	l.sheet.put(x, y, fitText(txt, form.slot-1), col, c.Verdict == Right)
}

// fit chooses the form for so many columns and rows: as many pictures as there are,
// as large as they then can be.
func (m *Images) fit(cols, rows int, ink *Ink) imageForm {
	wide, high := m.pixels()
	all := m.count() / m.groups()
	fewest := min(all, 4) // pictures are examples: some of them large say more than all as dots
	if len(m.Groups) > 0 {
		fewest = 1
	}
	short, long := m.captions(ink)
	try := func(scale, per int) (imageForm, bool) {
		f := imageForm{scale: scale, per: per}
		switch {
		case scale > 0:
			f.wide, f.high = wide*scale, (high*scale+1)/2
		case scale == asDots:
			f.wide, f.high = (wide+1)/2, (high+3)/4
		}
		n := max(1, per*m.groups())
		most := cols / n
		f.slot = min(most, max(f.wide, long)+3)
		f.more = f.slot > long
		return f, f.slot > max(f.wide, short) && m.height(f.high) <= rows
	}
	for per := all; per >= max(1, fewest); per-- {
		for scale := 4; scale > 0; scale-- {
			f, ok := try(scale, per)
			if fewer, large := try(scale+1, per-1); ok && per == all && per > fewest+1 && large {
				return fewer // one less, but larger
			}
			if ok {
				return f
			}
		}
	}
	for scale := asDots; scale >= asWords; scale-- {
		if scale == asDots && (ink.ASCII || ink.Blocks) {
			continue
		}
		for per := all; per >= max(1, fewest); per-- {
			if f, ok := try(scale, per); ok {
				return f
			}
		}
	}
	f, _ := try(asWords, max(1, min(all, cols/(m.groups()*(short+1)))))
	f.slot = max(f.slot, 2)
	return f
}

// captions are the widths of the widest caption, without and with all that it says.
func (m *Images) captions(ink *Ink) (short, long int) {
	for _, row := range m.Rows {
		for _, line := range row.Readings {
			for _, c := range line.Captions {
				w := textWidth(c.Text + c.Verdict.sign(ink.ASCII))
				short = max(short, w)
				if c.More != "" {
					w += 1 + textWidth(c.More)
				}
				long = max(long, w)
			}
		}
	}
	return short, long
}

// grey is the colour of a share of ink: a tile a little off the ground, so that it can
// be seen where paper ends, and strokes as far from it as text is.
func (ink *Ink) grey(t float64) color.RGBA {
	if ink.Dark {
		return blend(hex(0x262a31), hex(0xf7f7f5), t)
	}
	return blend(hex(0xe9ebee), hex(0x101215), t)
}

// picture draws pixels as halves of cells.
func (s *sheet) picture(p Picture, x, y int, form imageForm) {
	switch {
	case s.ink.ASCII:
		s.letters(p, x, y, form)
		return
	case s.ink.Mono && form.scale%2 == 0:
		for row := range form.high {
			for col := range form.wide {
				if shade := scaleShade(p.grey(col/form.scale, 2*row/form.scale), false, false); shade != ' ' {
					s.block(float64(x+col), float64(y+row), float64(x+col+1), float64(y+row+1), paint{shade: shade})
				}
			}
		}
		return
	}
	for half := range 2 * form.high {
		for col := range form.wide {
			t := p.grey(col/form.scale, half/form.scale)
			if s.ink.Mono && t < inkAt {
				continue
			}
			top := float64(y) + float64(half)/2
			s.block(float64(x+col), top, float64(x+col+1), top+0.5, paint{c: s.ink.grey(t)})
		}
	}
}

// letters draws pixels as characters: two for a pixel where there is room, so that it is
// about square, else one for two pixels above each other.
func (s *sheet) letters(p Picture, x, y int, form imageForm) {
	const ramp = " .:-=+*#%@"
	for row := range form.high {
		for col := range form.wide {
			var char byte
			if form.scale%2 == 0 {
				char = ramp[min(int(p.grey(col/form.scale, 2*row/form.scale)*float64(len(ramp))), len(ramp)-1)]
			} else {
				upper := p.grey(col/form.scale, 2*row/form.scale) >= inkAt
				lower := p.grey(col/form.scale, (2*row+1)/form.scale) >= inkAt
				switch char = ' '; {
				case upper && lower:
					char = '8'
				case upper:
					char = '"'
				case lower:
					char = 'o'
				}
			}
			s.put(x+col, y+row, string(char), s.ink.Text, false)
		}
	}
}

// dotted draws pixels as dots.
func (s *sheet) dotted(p Picture, x, y int, form imageForm) {
	for row := range 4 * form.high {
		for col := range 2 * form.wide {
			if p.grey(col, row) >= inkAt {
				s.dot(2*x+col, 4*y+row, s.rgb(s.ink.Text))
			}
		}
	}
}
