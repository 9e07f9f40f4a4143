package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// hang breaks a text into lines of at most width columns. head stands before the
// first of them, the others stand indent columns in.
func hang(head, text string, width, indent int) []string {
	margin := strings.Repeat(" ", indent)
	first := max(width-ansi.StringWidth(head), 10)
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line, rest, more := strings.Cut(wordwrap(paragraph, first), "\n")
		lines = append(lines, head+line)
		if head, first = margin, width-indent; more {
			rest = wordwrap(strings.ReplaceAll(rest, "\n", " "), first)
			for _, line := range strings.Split(rest, "\n") {
				lines = append(lines, margin+line)
			}
		}
	}
	return lines
}

// wordwrap breaks a text at its spaces alone: a command line that is copied must
// not be cut at the hyphens of its flags, which ansi.Wordwrap would do.
func wordwrap(text string, width int) string {
	const hyphen = "\ue02d" // of a private area: no text has it
	text = strings.ReplaceAll(text, "-", hyphen)
	return strings.ReplaceAll(ansi.Wordwrap(text, width, ""), hyphen, "-")
}
