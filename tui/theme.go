package tui

import (
	"image/color"
	"regexp"
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/lora/ascii"
	"loralab/plots"
)

// Theme says which ground the colours are for.
type Theme string

const (
	Auto  Theme = "auto" // ask the terminal; dark until it answers
	Dark  Theme = "dark"
	Light Theme = "light"
)

// styles is the whole palette: text, muted text, one accent, and two colours
// that only ever repeat what a glyph already says.
type styles struct {
	text, muted, strong, accent, good, bad, code, title lipgloss.Style
	ink                                                 plots.Ink
}

func newStyles(dark, mono, asciiOnly bool) styles {
	pick := lipgloss.LightDark(dark)
	fg := func(light, darkColor string) lipgloss.Style {
		if mono {
			return lipgloss.NewStyle()
		}
		var c color.Color = pick(lipgloss.Color(light), lipgloss.Color(darkColor))
		return lipgloss.NewStyle().Foreground(c)
	}
	s := styles{
		text:   lipgloss.NewStyle(),
		muted:  fg("#6b6b6b", "#8a8a8a"),
		strong: lipgloss.NewStyle().Bold(true),
		accent: fg("#0b62c4", "#6cb6ff").Bold(true),
		good:   fg("#0a7d4f", "#4cc38a"),
		bad:    fg("#b3400f", "#f0883e"),
		code:   fg("#0b62c4", "#6cb6ff"),
		title:  fg("#111111", "#f2f2f2").Bold(true),
	}
	switch {
	case mono:
		s.ink = plots.MonoInk()
	case dark:
		s.ink = plots.DarkInk()
	default:
		s.ink = plots.LightInk()
	}
	s.ink.ASCII = asciiOnly
	s.text, s.code = s.worded(s.text), s.worded(s.code)
	return s
}

// worded is a style for running text: where there is ASCII alone, letters become
// words (α is alpha). It is for what is rendered before it is broken into lines.
func (s styles) worded(style lipgloss.Style) lipgloss.Style {
	if !s.ink.ASCII {
		return style
	}
	return style.Transform(asciiWords)
}

// words is running text that has no style.
func (s styles) words(text string) string {
	if !s.ink.ASCII {
		return text
	}
	return asciiWords(text)
}

// sgr is what sets colours.
var sgr = regexp.MustCompile("\x1b\\[[0-9;:]*m")

// asciiWords is a text in ASCII alone, with its colours.
func asciiWords(text string) string {
	var b strings.Builder
	at := 0
	for _, colour := range sgr.FindAllStringIndex(text, -1) {
		b.WriteString(ascii.Text(text[at:colour[0]]))
		b.WriteString(text[colour[0]:colour[1]])
		at = colour[1]
	}
	b.WriteString(ascii.Text(text[at:]))
	return b.String()
}

// asciiCells is a whole frame in ASCII alone, each character in its place.
func asciiCells(frame string) string {
	var b strings.Builder
	for _, r := range frame {
		if r < utf8.RuneSelf { // also the sequences of colours
			b.WriteRune(r)
			continue
		}
		for range ansi.StringWidth(string(r)) { // none of an accent, two of a wide letter
			b.WriteByte(ascii.Cell(r))
		}
	}
	return b.String()
}
