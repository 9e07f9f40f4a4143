// Package picture makes pictures of what a terminal shows.
//
// A frame goes through a terminal emulator, and its cells become an SVG. Text stays
// text, each run as wide as its cells; blocks, braille and lines are drawn as shapes,
// so that a figure looks the same whatever font there is.
package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// Ground is what a terminal has where nothing is said: the colours of the
// background and of text.
type Ground struct{ Paper, Text color.RGBA }

// The size of a cell, in the units of the picture, and the edge around them all. A
// cell is as wide as the letters of most monospaced fonts are at that size.
const (
	cellW, cellH = 9.0, 20.0
	fontSize     = 15
	baseline     = 15.0 // of text, below the top of its cell
	edge         = 10.0
)

// SVG draws a frame: lines with their colours as SGR, for a terminal of that many
// cells. title says what it is to whoever does not see it.
func SVG(frame, title string, width, height int, ground Ground) []byte {
	screen := vt.NewEmulator(width, height)
	defer screen.Close()
	io.WriteString(screen, strings.ReplaceAll(frame, "\n", "\r\n")) // an emulator takes everything
	d := drawing{shapes: map[string]*strings.Builder{}, ground: ground}
	for y := range height {
		d.row(screen, y, width)
	}
	return d.svg(title, float64(width)*cellW+2*edge, float64(height)*cellH+2*edge)
}

// drawing collects what is drawn, by kind and colour.
type drawing struct {
	ground Ground
	papers strings.Builder // backgrounds of cells, those of one colour together
	order  []string        // of shapes, by their SVG attributes
	shapes map[string]*strings.Builder
	texts  strings.Builder
}

// style is how a cell is drawn.
type style struct {
	text, paper             color.RGBA
	bold, italic, underline bool
}

func (d *drawing) style(cell *uv.Cell) style {
	s := style{text: d.ground.Text, paper: d.ground.Paper}
	if cell.Style.Fg != nil {
		s.text = rgba(cell.Style.Fg)
	}
	if cell.Style.Bg != nil {
		s.paper = rgba(cell.Style.Bg)
	}
	if cell.Style.Attrs&uv.AttrReverse != 0 {
		s.text, s.paper = s.paper, s.text
	}
	if cell.Style.Attrs&uv.AttrFaint != 0 {
		s.text = between(s.text, s.paper)
	}
	s.bold = cell.Style.Attrs&uv.AttrBold != 0
	s.italic = cell.Style.Attrs&uv.AttrItalic != 0
	s.underline = cell.Style.Underline != 0
	return s
}

// row draws the cells of a line, those of one style together.
func (d *drawing) row(screen *vt.Emulator, y, width int) {
	var run run
	ground, from := d.ground.Paper, 0
	paper := func(c color.RGBA, x int) {
		if c == ground {
			return
		}
		if ground != d.ground.Paper {
			fmt.Fprintf(&d.papers, "<path fill=%q d=\"%s\"/>\n", hex(ground), rect(float64(from), float64(y), float64(x-from), 1))
		}
		ground, from = c, x
	}
	for x := 0; x < width; {
		cell := screen.CellAt(x, y)
		wide := max(cell.Width, 1)
		s := d.style(cell)
		paper(s.paper, x)
		switch {
		case d.shape(cell.Content, s, x, y):
			d.text(run, y)
			run = run.none()
		case alone(cell.Content):
			d.text(run, y)
			run = run.none()
			d.symbol(cell.Content, s, x, y, wide)
		default:
			if run.text != "" && (run.style != s || run.gap(cell.Content)) {
				d.text(run, y)
				run = run.none()
			}
			run = run.add(cell.Content, s, x, wide)
		}
		x += wide
	}
	paper(d.ground.Paper, width)
	d.text(run, y)
}

// run is letters of one style that stand beside each other.
type run struct {
	text   string
	style  style
	at     int // the column that it begins in
	spaces int // at its end, in cells
	cells  int
}

func (run) none() run { return run{} }

func blank(content string) bool { return content == "" || content == " " || content == "\u00a0" }

// gap reports whether a run is to end before what comes: after two spaces, so that a
// column stands where it should in any font.
func (r run) gap(content string) bool { return r.spaces >= 2 && !blank(content) }

func (r run) add(content string, s style, x, wide int) run {
	if r.text == "" {
		if blank(content) && !s.underline {
			return r
		}
		r.style, r.at = s, x
	}
	if blank(content) {
		content = " "
		r.spaces += wide
	} else {
		r.spaces = 0
	}
	r.text, r.cells = r.text+content, r.cells+wide
	return r
}

// text draws a run.
func (d *drawing) text(r run, y int) {
	text := strings.TrimRight(r.text, " ")
	if text == "" {
		return
	}
	wide := float64(r.cells-r.spaces) * cellW
	fmt.Fprintf(&d.texts, "<text x=%q y=%q textLength=%q%s>%s</text>\n",
		num(edge+float64(r.at)*cellW), num(edge+float64(y)*cellH+baseline), num(wide), attributes(r.style), escape(text))
}

// symbol draws one character in the middle of its cell: many fonts lack it, and that
// of another is seldom as wide.
func (d *drawing) symbol(content string, s style, x, y, wide int) {
	fmt.Fprintf(&d.texts, "<text x=%q y=%q text-anchor=\"middle\"%s>%s</text>\n",
		num(edge+(float64(x)+float64(wide)/2)*cellW), num(edge+float64(y)*cellH+baseline), attributes(s), escape(content))
}

func attributes(s style) string {
	all := " fill=\"" + hex(s.text) + "\""
	if s.bold {
		all += ` font-weight="bold"`
	}
	if s.italic {
		all += ` font-style="italic"`
	}
	if s.underline {
		all += ` text-decoration="underline"`
	}
	return all
}

// alone reports whether a character is to stand in its cell by itself: all that is
// neither Latin nor Greek nor common punctuation.
func alone(content string) bool {
	for _, r := range content {
		switch {
		case r < 0x0400, r >= 0x2010 && r <= 0x2026, r == '−', r == '‹', r == '›':
		default:
			return true
		}
	}
	return false
}

// svg is the whole picture.
func (d *drawing) svg(title string, width, height float64) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s">`+"\n", num(width), num(height), num(width), num(height))
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(title))
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="6" fill="%s"/>`+"\n", hex(d.ground.Paper))
	b.WriteString(`<g shape-rendering="crispEdges">` + "\n") // or seams show between cells
	b.WriteString(d.papers.String())
	b.WriteString("</g>\n")
	for _, look := range d.order {
		edges := ` shape-rendering="crispEdges"`
		if strings.HasPrefix(look, "stroke") { // dots are round
			edges = ""
		}
		fmt.Fprintf(&b, "<path %s%s d=\"%s\"/>\n", look, edges, d.shapes[look])
	}
	fmt.Fprintf(&b, `<g font-family="'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace" font-size="%d" xml:space="preserve">`+"\n", fontSize)
	b.WriteString(d.texts.String())
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// num is a length without needless digits.
func num(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func rgba(c color.Color) color.RGBA { return color.RGBAModel.Convert(c).(color.RGBA) }

func between(a, b color.RGBA) color.RGBA {
	mid := func(x, y uint8) uint8 { return uint8((int(x) + int(y)) / 2) }
	return color.RGBA{mid(a.R, b.R), mid(a.G, b.G), mid(a.B, b.B), 255}
}
