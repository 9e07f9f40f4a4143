package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestMarkdown(t *testing.T) {
	for _, row := range []struct{ name, source, want string }{
		{"paragraph", "one two\nthree four five", "one two three four\nfive"},
		{"emphasis", "a **bold** and *soft* word", "a bold and soft word"},
		{"list", "- one\n- two words that wrap here", "· one\n· two words that wrap\n  here"},
		{"ordered", "2. one\n3. two", "2. one\n3. two"},
		{"code", "text\n\n    h = Wx", "text\n\n  h = Wx"},
		{"long code goes on in the next line", "    trainable% 0.1243 of all", "  trainable% 0.1243\n    of all"},
		{"inline code keeps stars", "`r*(d+k)*2`", "r*(d+k)*2"},
	} {
		got := Markdown(row.source, 21)
		if got != row.want {
			t.Errorf("%s: got\n%s\nwant\n%s", row.name, got, row.want)
		}
		for _, line := range strings.Split(got, "\n") {
			if w := ansi.StringWidth(line); w > 21 {
				t.Errorf("%s: a line of %d", row.name, w)
			}
		}
	}
}
