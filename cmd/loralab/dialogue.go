package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// dialogue talks with the learner line by line: for pipes and screen readers.
// Nothing is drawn, nothing moves.
type dialogue struct {
	in    *bufio.Reader
	out   io.Writer
	width int
}

func newDialogue(in io.Reader, out io.Writer) *dialogue {
	return &dialogue{bufio.NewReader(in), out, 76}
}

func (d *dialogue) say(format string, args ...any) {
	fmt.Fprintf(d.out, format+"\n", args...)
}

// ask prompts for one line. It reports false when the input has ended.
func (d *dialogue) ask() (string, bool) {
	fmt.Fprint(d.out, "> ")
	line, err := d.in.ReadString('\n')
	line = strings.TrimSpace(line)
	if err != nil && line == "" {
		fmt.Fprintln(d.out)
		return "", false
	}
	return line, true
}
