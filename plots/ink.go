package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Style selects a colour, a dash pattern, a marker and a shade together, so that
// series can be told apart without colour. Style 0, with the accent colour and a solid
// line, is for the series that matters. Any int is a style: they repeat.
type Style int

// Ink is the colours of a figure. A colour of alpha 0 is the default of the terminal.
type Ink struct {
	Text, Muted color.RGBA
	Ground      color.RGBA    // the background that is assumed; cells are never painted with it
	Series      [8]color.RGBA // by Style
	Mono        bool          // no colour: dashes, markers and shades tell series apart
	Blocks      bool          // for fonts without braille: quadrants of a cell instead
	ASCII       bool          // printable ASCII alone, the labels too; shades as in Mono
	Dark        bool          // the ground is dark
}

// DarkInk is for a dark ground: the palette of Okabe and Ito (2008), which is
// safe for the colour-blind, with orange as accent and the others toned down.
func DarkInk() Ink {
	return Ink{
		Text: hex(0xe6e6e6), Muted: hex(0x8b929c), Ground: hex(0x16181d), Dark: true,
		Series: [8]color.RGBA{
			hex(0xffa726), hex(0x6cb2dd), hex(0x4cae8c), hex(0xc795b3),
			hex(0xcfc468), hex(0x9aa3ad), hex(0xd9855f), hex(0x8f95d8),
		},
	}
}

// LightInk is for a light ground, and for PNG, SVG and PDF: the same hues,
// darkened until each has a contrast of 3 with white.
func LightInk() Ink {
	return Ink{
		Text: hex(0x1f2328), Muted: hex(0x646c76), Ground: hex(0xffffff),
		Series: [8]color.RGBA{
			hex(0xcc4e00), hex(0x2b74a8), hex(0x15805f), hex(0x9c5580),
			hex(0x857400), hex(0x6b747e), hex(0x8c3f2b), hex(0x5b5fa8),
		},
	}
}

// shaded reports whether shades tell fills apart, with colours or without.
func (ink *Ink) shaded() bool { return ink.Mono || ink.ASCII }

// MonoInk writes no colour at all (NO_COLOR).
func MonoInk() Ink { return Ink{Mono: true} }

func hex(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// paint is a colour with the shade that replaces it where there are no colours.
type paint struct {
	c     color.RGBA
	shade rune // 0 means █
	ascii rune // what a stroke is drawn with in ASCII; 0 means .
}

// RGBA makes a paint a color.Color.
func (p paint) RGBA() (r, g, b, a uint32) { return p.c.RGBA() }

func (s Style) mod(n int) int { return ((int(s) % n) + n) % n }

func (s Style) paint(ink *Ink) paint {
	shades := [...]rune{'█', '▓', '▒', '░', '▚', '▞', '◆', '◇'}
	if ink.ASCII {
		shades = [...]rune{'#', '=', '%', '+', 'o', 'x', ':', '@'}
	}
	return paint{ink.Series[s.mod(len(ink.Series))], shades[s.mod(len(shades))], s.mark().ascii}
}

// faint is the paint of the last run: blended with the background.
func (s Style) faint(ink *Ink) paint {
	p := s.paint(ink)
	p.c = blend(p.c, ink.Ground, 0.45)
	return p
}

// levelPaint is the paint of a level: in ASCII no line has its character.
func (s Style) levelPaint(ink *Ink) paint {
	p := s.paint(ink)
	p.ascii = [...]rune{'-', '~', '_', ','}[s.mod(4)]
	return p
}

// dash is the dash pattern, in points. A braille dot is 3 points, so that the sample in
// the legend shows at least one whole period.
func (s Style) dash() []vg.Length {
	switch s.mod(7) {
	case 1:
		return []vg.Length{9, 6}
	case 2:
		return []vg.Length{3, 3}
	case 3:
		return []vg.Length{12, 6, 3, 6}
	case 4:
		return []vg.Length{18, 6}
	case 5:
		return []vg.Length{3, 6}
	case 6:
		return []vg.Length{6, 6, 3, 6, 3, 6}
	}
	return nil
}

// faintDash is the dash pattern of the last run, sparser than that of any style.
func faintDash() []vg.Length { return []vg.Length{3, 9} }

// mark is the marker of a style: a character on cells, a shape elsewhere. In ASCII
// its character draws the line as well.
type mark struct {
	char, ascii rune
	shape       draw.GlyphDrawer
}

func (s Style) mark() mark {
	switch s.mod(8) {
	case 1:
		return mark{'◆', '+', draw.BoxGlyph{}}
	case 2:
		return mark{'▲', '^', draw.PyramidGlyph{}}
	case 3:
		return mark{'○', 'o', draw.RingGlyph{}}
	case 4:
		return mark{'■', '#', draw.SquareGlyph{}}
	case 5:
		return mark{'×', 'x', draw.CrossGlyph{}}
	case 6:
		return mark{'+', '%', draw.PlusGlyph{}}
	case 7:
		return mark{'◇', '@', draw.TriangleGlyph{}}
	}
	return mark{'●', '*', draw.CircleGlyph{}}
}

// DrawGlyph implements draw.GlyphDrawer.
func (m mark) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, pt vg.Point) {
	if s := sheetOf(c.Canvas); s != nil {
		char := m.char
		if s.ink.ASCII {
			char = m.ascii
		}
		s.mark(pt, char, sty.Color)
		return
	}
	c.SetLineDash(nil, 0)
	m.shape.DrawGlyph(c, sty, pt)
}

func blend(a, b color.RGBA, t float64) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + float64(t*(float64(y)-float64(x))))) }
	return color.RGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: mix(a.A, b.A)}
}

// luminance is the relative luminance of WCAG 2.
func luminance(c color.RGBA) float64 {
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return float64(0.2126*lin(c.R)) + float64(0.7152*lin(c.G)) + float64(0.0722*lin(c.B))
}

// textOn returns the black or the white that reads better on a ground. The
// two contrasts are equal at a luminance of 0.179.
func textOn(ground color.RGBA) color.RGBA {
	if luminance(ground) > 0.179 {
		return hex(0x000000)
	}
	return hex(0xffffff)
}

// scaleColor is the colour of t in [0,1] on a sequential scale (after cividis, Nuñez
// et al. 2018: lightness changes evenly, and the colour-blind can read it), or on a
// diverging one, from blue through the background to orange. Large values have the
// greatest contrast with the background, dark or light.
func scaleColor(t float64, diverging bool, ink *Ink) color.RGBA {
	var stops []color.RGBA
	switch {
	case diverging && ink.Dark:
		stops = []color.RGBA{hex(0x8fd0ff), hex(0x2a6f9e), hex(0x22252b), hex(0xb05a14), hex(0xffc26b)}
	case diverging:
		stops = []color.RGBA{hex(0x08457a), hex(0x6aaed6), hex(0xf4f4f4), hex(0xf0955a), hex(0x8f3500)}
	case ink.Dark:
		stops = []color.RGBA{hex(0x1b2233), hex(0x35466b), hex(0x6f7073), hex(0xb3a467), hex(0xfee838)}
	default:
		stops = []color.RGBA{hex(0xfdf3b0), hex(0xd3bf62), hex(0x8a8678), hex(0x45557a), hex(0x00224e)}
	}
	t = float64(min(1, max(0, t)) * float64(len(stops)-1))
	i := min(int(t), len(stops)-2)
	return blend(stops[i], stops[i+1], t-float64(i))
}

// scaleShade is the same scale without colour. On a diverging scale negative values
// have characters of their own: with shades alone, −1 and +1 would look the same.
func scaleShade(t float64, diverging, ascii bool) rune {
	shades := " ░▒▓█"
	switch {
	case diverging && ascii:
		shades = "E=- +*#"
	case diverging:
		shades = "≡=- ░▒█"
	case ascii:
		shades = " .:+*#"
	}
	ramp := []rune(shades)
	return ramp[min(len(ramp)-1, int(min(1, max(0, t))*float64(len(ramp))))]
}
