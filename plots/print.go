package plots

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
)

// printed is the text.Handler for PNG, SVG and PDF: plain text in the embedded
// Liberation fonts, with substitutes for characters that these lack.
type printed struct{}

func (printed) plain() text.Plain { return text.Plain{Fonts: font.DefaultCache} }

// Cache implements text.Handler.
func (h printed) Cache() *font.Cache { return h.plain().Cache() }

// Extents implements text.Handler.
func (h printed) Extents(fnt font.Font) font.Extents { return h.plain().Extents(fnt) }

// Lines implements text.Handler.
func (h printed) Lines(txt string) []string { return h.plain().Lines(txt) }

// Box implements text.Handler.
func (h printed) Box(txt string, fnt font.Font) (width, height, depth vg.Length) {
	return h.plain().Box(h.substitute(txt, fnt), fnt)
}

// Draw implements text.Handler. In PDF, text is limited to code page 1252, without
// Greek letters and mathematics: other text is drawn as the outlines of its letters.
func (h printed) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	txt = h.substitute(txt, sty.Font)
	if isPDF(c) && strings.ContainsFunc(txt, func(r rune) bool { return r >= utf8.RuneSelf }) {
		c = outliner{c}
	}
	h.plain().Draw(c, txt, sty, pt)
}

func isPDF(c vg.Canvas) bool {
	for {
		switch v := c.(type) {
		case *vgpdf.Canvas:
			return true
		case draw.Canvas:
			c = v.Canvas
		case *draw.Canvas:
			c = v.Canvas
		default:
			return false
		}
	}
}

// substitute replaces characters that the font has no glyph for.
func (h printed) substitute(txt string, fnt font.Font) string {
	ascii := true
	for i := 0; i < len(txt); i++ {
		ascii = ascii && txt[i] < utf8.RuneSelf && (txt[i] >= ' ' || txt[i] == '\n')
	}
	if ascii {
		return txt
	}
	face := font.DefaultCache.Lookup(fnt, fnt.Size)
	var buf sfnt.Buffer
	var b strings.Builder
	for _, r := range txt {
		if r == '\n' {
			b.WriteRune(r)
			continue
		}
		if g, err := face.Face.GlyphIndex(&buf, r); err == nil && g != 0 && r >= ' ' {
			b.WriteRune(r)
			continue
		}
		b.WriteString(fallback(r))
	}
	return b.String()
}

// fallback returns what is printed for a character without a glyph.
func fallback(r rune) string {
	switch r {
	case '∇':
		return "grad "
	case '∥':
		return "‖"
	case '⊙':
		return "o"
	case '∈':
		return " in "
	case '⁻':
		return "^-"
	case '◂':
		return "<"
	case '◆', '■':
		return "•"
	case '‑', '‐':
		return "-"
	case '✓':
		return "√"
	case '✗':
		return "×"
	case '\t':
		return " "
	}
	if r < ' ' {
		return " "
	}
	return "?"
}

// outliner is a canvas that draws strings as filled paths.
type outliner struct{ vg.Canvas }

// FillString implements vg.Canvas.
func (o outliner) FillString(face font.Face, pt vg.Point, txt string) {
	var (
		buf  sfnt.Buffer
		ppem = fixed.Int26_6(face.Face.UnitsPerEm())
		unit = face.Font.Size / vg.Length(ppem)
		x    = pt.X
		prev sfnt.GlyphIndex
		path vg.Path
	)
	at := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: x + vg.Length(vg.Length(p.X)*unit), Y: pt.Y - vg.Length(vg.Length(p.Y)*unit)}
	}
	for i, r := range txt {
		g, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if i > 0 {
			if kern, err := face.Face.Kern(&buf, prev, g, ppem, 0); err == nil {
				x += vg.Length(vg.Length(kern) * unit)
			}
		}
		prev = g
		outline, err := face.Face.LoadGlyph(&buf, g, ppem, nil)
		if err != nil {
			continue
		}
		for k, seg := range outline {
			switch seg.Op {
			case sfnt.SegmentOpMoveTo:
				if k > 0 {
					path.Close()
				}
				path.Move(at(seg.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(at(seg.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(seg.Args[0]), at(seg.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(seg.Args[0]), at(seg.Args[1]), at(seg.Args[2]))
			}
		}
		if len(outline) > 0 {
			path.Close()
		}
		if advance, err := face.Face.GlyphAdvance(&buf, g, ppem, 0); err == nil {
			x += vg.Length(vg.Length(advance) * unit)
		}
	}
	if len(path) > 0 && !math.IsNaN(float64(x)) {
		o.Fill(path)
	}
}
