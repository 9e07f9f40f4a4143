package tui

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// wrap breaks a text into lines of at most width columns. A style that is open
// where a line ends is closed there and opened again on the next.
func wrap(text string, width int) []string {
	return strings.Split(lipgloss.Wrap(text, max(width, 1), ""), "\n")
}
