package plots

import (
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"loralab/lora/ascii"
)

// cellText is a text.Handler whose characters are as large as cells, so that gonum
// lays text out on whole cells. It opens no font.
type cellText struct{}

// Cache implements text.Handler; there are no fonts.
func (cellText) Cache() *font.Cache { return nil }

// Extents implements text.Handler.
func (cellText) Extents(font.Font) font.Extents {
	return font.Extents{Ascent: cellH, Height: cellH}
}

// Lines implements text.Handler.
func (cellText) Lines(txt string) []string { return strings.Split(strings.TrimRight(txt, "\n"), "\n") }

// Box implements text.Handler.
func (cellText) Box(txt string, _ font.Font) (width, height, depth vg.Length) {
	return vg.Length(textWidth(txt)) * cellW, cellH, 0
}

// Draw implements text.Handler. Text on cells does not rotate.
func (h cellText) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	lines := h.Lines(txt)
	y := pt.Y + vg.Length(vg.Length(sty.YAlign)*cellH*vg.Length(len(lines))) - cellH
	c.SetColor(sty.Color)
	for i, line := range lines {
		x := pt.X + vg.Length(vg.Length(sty.XAlign)*cellW*vg.Length(textWidth(line)))
		c.FillString(font.Face{}, vg.Point{X: x, Y: y + vg.Length(vg.Length(len(lines)-i)*cellH)}, line)
	}
}

// put writes text beginning at a cell, and returns its width in cells. What does not
// fit on the sheet is cut off.
func (s *sheet) put(col, row int, txt string, fg color.RGBA, bold bool) int {
	at := col
	eachCluster(txt, func(cluster string, width int) {
		if at >= 0 && at+width <= s.cols && row >= 0 && row < s.rows {
			s.putCluster(at, row, cluster, width, s.rgb(fg), bold)
		}
		at += width
	})
	return at - col
}

func (s *sheet) putCluster(col, row int, cluster string, width int, fg rgb, bold bool) {
	r, n := utf8.DecodeRuneInString(cluster)
	if n < len(cluster) {
		s.clusters = append(s.clusters, cluster)
		r = -rune(len(s.clusters))
	}
	for i := range width {
		c := s.cell(col+i, row)
		// Writing over half of a wide character removes its other half.
		if c.text == covered && i == 0 {
			s.cell(col-1, row).text = ' '
		}
		if next := s.cell(col+i+1, row); next != nil && next.text == covered && i == width-1 {
			next.text = ' '
		}
		c.text, c.textFG, c.bold = r, fg, bold
		switch c.fill {
		case 0:
			c.textBG = 0
		case '▀', '▄', '▌', '▐':
			c.textBG = c.fillBG
		default:
			c.textBG = c.fillFG
		}
		r = covered
	}
}

// textWidth is the width in cells of a text drawn by put.
func textWidth(s string) int {
	w := 0
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			eachCluster(s, func(_ string, width int) { w += width })
			return w
		}
	}
	return len(s)
}

// widestOf is the width of the widest of some texts.
func widestOf(texts []string) (w int) {
	for _, s := range texts {
		w = max(w, textWidth(s))
	}
	return w
}

// fitText shortens a text to a width in cells, with an ellipsis at its end.
func fitText(s string, width int) string {
	if textWidth(s) <= width {
		return s
	}
	if width <= 0 {
		return ""
	}
	var b strings.Builder
	left := width - 1
	eachCluster(s, func(cluster string, w int) {
		if left -= w; left >= 0 {
			b.WriteString(cluster)
		}
	})
	return strings.TrimRight(b.String(), " ") + "…"
}

// eachCluster yields the characters of a text, each with its width in cells. The width
// must not depend on the neighbours, as terminals differ there: control characters
// become spaces, and what could join with a neighbour (emoji sequences, Indic and
// Hangul syllables, format characters) becomes a question mark. The accents of
// mathematics (x̂, W̃) stay with their letters.
func eachCluster(s string, yield func(cluster string, width int)) {
	for len(s) > 0 {
		if s[0] >= ' ' && s[0] < 0x7f && (len(s) == 1 || s[1] < 0x80) {
			yield(s[:1], 1)
			s = s[1:]
			continue
		}
		cluster, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if len(cluster) == 0 {
			return
		}
		s = s[len(cluster):]
		first, n := utf8.DecodeRuneInString(cluster)
		switch {
		case unicode.IsControl(first):
			yield(" ", 1)
		case width == 0:
		case width > 2 || !standsAlone(first) || first == utf8.RuneError || !accents(cluster[n:]):
			yield("?", 1)
		default:
			yield(cluster, width)
		}
	}
}

func standsAlone(r rune) bool {
	switch {
	case r < 0x300:
		return r != 0xad && r != 0xa9 && r != 0xae // soft hyphen; © and ® may turn into emoji
	case r >= 0x1100 && r <= 0x11ff, r >= 0xa960 && r <= 0xa97f, r >= 0xd7b0 && r <= 0xd7ff, r >= 0xac00 && r <= 0xd7a3:
		return false // Hangul
	case r >= 0x1f000 && r <= 0x1faff:
		return false // emoji, regional indicators
	case r >= 0x900 && r <= 0x109f, r >= 0x1780 && r <= 0x17ff, r >= 0x1a00 && r <= 0x1cff:
		return false // Indic and its neighbours
	}
	return unicode.IsGraphic(r) && !unicode.In(r, unicode.M, unicode.Cf)
}

func accents(s string) bool {
	for _, r := range s {
		if !(r >= 0x300 && r <= 0x36f || r >= 0x20d0 && r <= 0x20ff) || r == 0x34f {
			return false
		}
	}
	return true
}

// String returns the sheet as text: rows joined by line feeds, colours as 24-bit SGR
// sequences, reset at the end of each row.
func (s *sheet) String() string {
	b := make([]byte, 0, s.rows*(s.cols*4+24))
	for row := range s.rows {
		if row > 0 {
			b = append(b, '\n')
		}
		var fg, bg rgb
		bold := false
		for i := range s.cols {
			c := &s.cells[row*s.cols+i]
			if c.text == covered {
				continue
			}
			char, wantFG, wantBG, wantBold := c.resolve(s.ink)
			if char == ' ' {
				wantFG, wantBold = fg, bold // a blank has neither
			}
			if !s.ink.Mono && (wantFG != fg || wantBG != bg || wantBold != bold) {
				b = appendSGR(b, fg, bg, bold, wantFG, wantBG, wantBold)
				fg, bg, bold = wantFG, wantBG, wantBold
			}
			switch {
			case char < 0 && s.ink.ASCII:
				b = append(b, '?')
			case char < 0:
				b = append(b, s.clusters[-char-1]...)
			case s.ink.ASCII:
				b = append(b, ascii.Cell(char))
			default:
				b = utf8.AppendRune(b, char)
			}
		}
		if fg != 0 || bg != 0 || bold {
			b = append(b, "\x1b[m"...)
		}
	}
	return string(b)
}

func (c *cell) resolve(ink *Ink) (char rune, fg, bg rgb, bold bool) {
	switch {
	case c.text != 0:
		return c.text, c.textFG, c.textBG, c.bold
	case c.dots != 0:
		if c.fill == '█' && !ink.ASCII {
			bg = c.fillFG
		}
		if ink.ASCII {
			return c.stroke, c.dotFG, bg, false
		}
		if ink.Blocks {
			return []rune(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")[c.dots&15], c.dotFG, bg, false
		}
		return 0x2800 + rune(c.dots), c.dotFG, bg, false
	case c.fill != 0:
		return c.fill, c.fillFG, c.fillBG, false
	}
	return ' ', 0, 0, false
}

func appendSGR(b []byte, fg, bg rgb, bold bool, toFG, toBG rgb, toBold bool) []byte {
	b = append(b, "\x1b["...)
	if toFG == 0 && toBG == 0 && !toBold {
		return append(b, 'm')
	}
	if bold && !toBold || fg != 0 && toFG == 0 || bg != 0 && toBG == 0 {
		fg, bg, bold = 0, 0, false
		b = append(b, '0', ';')
	}
	if toBold && !bold {
		b = append(b, '1', ';')
	}
	if toFG != fg {
		b = appendColor(b, '3', toFG)
	}
	if toBG != bg {
		b = appendColor(b, '4', toBG)
	}
	b[len(b)-1] = 'm' // over the last separator
	return b
}

func appendColor(b []byte, layer byte, c rgb) []byte {
	b = append(b, layer, '8', ';', '2', ';')
	for shift := 16; shift >= 0; shift -= 8 {
		b = appendInt(b, int(c>>shift&0xff))
		b = append(b, ';')
	}
	return b
}

func appendInt(b []byte, v int) []byte {
	if v >= 100 {
		b = append(b, byte('0'+v/100))
	}
	if v >= 10 {
		b = append(b, byte('0'+v/10%10))
	}
	return append(b, byte('0'+v%10))
}
