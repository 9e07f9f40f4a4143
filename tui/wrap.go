package tui

import (
	"regexp"
	"strings"

	"charm.land/lipgloss/v2"
)

// wrap breaks a text into lines of at most width columns. A style that is open
// where a line ends is closed there and opened again on the next.
func wrap(text string, width int) []string {
	lines := lipgloss.Wrap(keepUnits(text), max(width, 1), "")
	return strings.Split(strings.ReplaceAll(lines, noBreak, " "), "\n")
}

const noBreak = "\u00a0"

// units are values with a unit behind, and letters with what they equal: "30.8 %",
// "s = α/r". They are never broken over two lines.
var units = regexp.MustCompile(`\d (?:%|×|GB|MB|dB|bits?|nats|points?|steps?)|\pL = `)

// keepUnits puts spaces that do not break between values and their units.
func keepUnits(text string) string {
	return units.ReplaceAllStringFunc(text, func(m string) string { return strings.ReplaceAll(m, " ", noBreak) })
}
