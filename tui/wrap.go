package tui

import (
	"regexp"
	"strings"

	"charm.land/lipgloss/v2"
)

// wrap breaks a text into lines of at most width columns. A style that is open
// where a line ends is closed there and opened again on the next.
func wrap(text string, width int) []string {
	lines := lipgloss.Wrap(keepTogether(text), max(width, 1), "")
	return strings.Split(breakable.Replace(lines), "\n")
}

// together is never broken over two lines: a value and its unit, a letter and what it
// equals, a number with an exponent. "30.8 %", "s = α/r", "1.4e-14".
var together = regexp.MustCompile(`\d (?:%|×|GB|MB|dB|bits?|nats|points?|steps?)|\pL = |\de-\d`)

var (
	unbreakable = strings.NewReplacer(" ", "\u00a0", "-", "\u2011")
	breakable   = strings.NewReplacer("\u00a0", " ", "\u2011", "-")
)

func keepTogether(text string) string {
	return together.ReplaceAllStringFunc(text, unbreakable.Replace)
}
