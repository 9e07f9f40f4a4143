package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"loralab/lessons"
	"loralab/lessons/lab"
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
		{"an escape", `4\. is no list \*`, "4. is no list *"},
		{"inline code keeps backslashes", "`a\\.b`", `a\.b`},
		{"code keeps backslashes", "    a\\.b", `  a\.b`},
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

// TestSubstitutedNumberIsASentence: wherever a number that a run puts into prose
// comes to stand, in the file and after wrapping, it makes no list and leaves no
// backslash.
func TestSubstitutedNumberIsASentence(t *testing.T) {
	e := &lab.Experiment{ID: "test", Knobs: []lab.Knob{{Name: "rank", Kind: lab.Whole, Default: "1", Max: 64}}}
	r := e.Start(e.Defaults(), nil).Record()
	prose := lessons.Prose{Markdown: "{{knob rank}}. So it is with a rank of\n{{knob rank}}. Take {{knob rank}}) or\n{{knob rank}}) for it: a rank of {{knob rank}}."}
	want := "1. So it is with a rank of 1. Take 1) or 1) for it: a rank of 1."
	for width := 12; width < 80; width++ {
		got := Markdown(prose.Resolve(r), width)
		if flat := strings.Join(strings.Split(got, "\n"), " "); flat != want {
			t.Errorf("at %d columns:\n%s", width, got)
		}
	}
}
