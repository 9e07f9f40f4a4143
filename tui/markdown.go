package tui

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown renders the Markdown of a lesson as lines of at most width columns,
// without colour: for pipes and screen readers.
func Markdown(source string, width int) string {
	return ansi.Strip(renderMarkdown(source, width, styles{}))
}

// renderMarkdown knows what lessons use: paragraphs, lists, headings, code,
// emphasis. glamour would do all of Markdown, but it brings a syntax
// highlighter whose set-up is most of the program's start-up time, and lessons
// hold no code to highlight.
func renderMarkdown(source string, width int, st styles) string {
	r := markdownRenderer{source: []byte(source), width: max(width, 10), st: st}
	doc := goldmark.New().Parser().Parse(text.NewReader(r.source))
	r.children(doc, "", "")
	return strings.Join(r.lines, "\n")
}

type markdownRenderer struct {
	source []byte
	width  int
	st     styles
	lines  []string
}

// children renders blocks one under the other, a blank line between them. first
// starts the first line (a list's bullet), indent the others.
func (r *markdownRenderer) children(n ast.Node, first, indent string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.PreviousSibling() != nil && !tight(n) {
			r.lines = append(r.lines, "")
		}
		r.block(c, first, indent)
		first = indent
	}
}

func tight(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.List:
		return n.IsTight
	case *ast.ListItem:
		return n.Parent().(*ast.List).IsTight
	}
	return false
}

func (r *markdownRenderer) block(n ast.Node, first, indent string) {
	switch n := n.(type) {
	case *ast.Heading:
		r.wrap(r.st.strong.Render(r.inline(n, r.st.text)), first, indent)
	case *ast.List:
		number := n.Start
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			if item.PreviousSibling() != nil && !n.IsTight {
				r.lines = append(r.lines, "")
			}
			bullet := "· "
			if n.IsOrdered() {
				bullet = fmt.Sprintf("%d. ", number)
				number++
			}
			r.children(item, first+bullet, indent+strings.Repeat(" ", lipgloss.Width(bullet)))
			first = indent
		}
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		lines := n.Lines()
		for i := range lines.Len() {
			segment := lines.At(i)
			line := r.st.say(strings.TrimRight(string(segment.Value(r.source)), "\n"))
			r.code(line, indent+"  ")
		}
	case *ast.Blockquote:
		r.children(n, first+"│ ", indent+"│ ")
	case *ast.ThematicBreak:
		r.lines = append(r.lines, "")
	default:
		r.wrap(r.inline(n, r.st.text), first, indent)
	}
}

// code keeps a line's spacing. What is longer than the column goes on in the next
// line, further in: a number cut in the middle would be another number.
func (r *markdownRenderer) code(line, indent string) {
	width := max(r.width-len(indent)-2, 8)
	for i, part := range wrap(line, width) {
		if i > 0 {
			part = "  " + strings.TrimLeft(part, " ")
		}
		r.lines = append(r.lines, indent+r.st.code.Render(part))
	}
}

func (r *markdownRenderer) wrap(s, first, indent string) {
	for i, line := range wrap(s, r.width-lipgloss.Width(indent)) {
		if i == 0 {
			r.lines = append(r.lines, first+line)
		} else {
			r.lines = append(r.lines, indent+line)
		}
	}
}

// inline renders runs of text one by one, each with its whole style: an inner
// reset would otherwise end the outer colour.
func (r *markdownRenderer) inline(n ast.Node, style lipgloss.Style) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			shown := c.Segment.Value(r.source)
			if !c.IsRaw() { // as in code, where a backslash is a backslash
				shown = util.UnescapePunctuations(shown)
			}
			b.WriteString(style.Render(r.st.say(string(shown))))
			switch {
			case c.HardLineBreak():
				b.WriteString("\n")
			case c.SoftLineBreak():
				b.WriteString(" ")
			}
		case *ast.String:
			b.WriteString(style.Render(string(c.Value)))
		case *ast.CodeSpan:
			b.WriteString(r.inline(c, r.st.code))
		case *ast.Emphasis:
			inner := style.Italic(true)
			if c.Level == 2 {
				inner = style.Bold(true)
			}
			b.WriteString(r.inline(c, inner))
		case *ast.Link:
			b.WriteString(r.inline(c, style))
			b.WriteString(r.st.muted.Render(" (" + string(c.Destination) + ")"))
		case *ast.AutoLink:
			b.WriteString(r.st.muted.Render(string(c.URL(r.source))))
		default:
			b.WriteString(r.inline(c, style))
		}
	}
	return b.String()
}
