package tui

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"

	"loralab/lessons/show"
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

func newStyles(dark, mono, plain bool) styles {
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
	s.ink.ASCII = plain
	return s
}

// say writes a text as the terminal can show it.
func (s styles) say(text string) string {
	if s.ink.ASCII {
		return ascii.Text(text)
	}
	return text
}

// cells replaces, where the terminal has ASCII alone, the glyphs of a drawn screen
// one by one, so that everything stays in its place.
func (s styles) cells(screen string) string {
	if !s.ink.ASCII {
		return screen
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case r == '·': // between keys it multiplies nothing
			return '-'
		}
		return rune(ascii.Cell(r))
	}, screen)
}

// said writes a block as the terminal can show it.
func said[B show.Block](s styles, b B) B { return show.Rewrite([]show.Block{b}, s.say)[0].(B) }
