package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/tui"
)

// plainText writes what is to be shown as plain text of a width.
type plainText struct {
	w      io.Writer
	width  int
	curves bool // a figure's table is printed beside the findings
}

func (p plainText) say(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

// blocks sets each block as text; what has nothing to say yet is left out.
func (p plainText) blocks(all []show.Block) []string {
	var texts []string
	for _, b := range all {
		switch b := b.(type) {
		case show.Question:
			if b.State == show.Coming { // it is read out when its turn comes
				continue
			}
			texts = append(texts, p.question(b)...)
		case show.Goal:
			texts = append(texts, p.goal(b)...)
		default:
			if text := p.block(b); text != "" {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// question reads out a question. The answer is left out: it was typed just now.
func (p plainText) question(q show.Question) []string {
	texts := p.blocks(q.Blocks)
	if len(texts) > 0 && q.Title != "" {
		title := sentence(q.Title)
		if !strings.HasSuffix(title, ".") {
			title += ":"
		}
		switch first := q.Blocks[0].(type) {
		case show.Prose:
			texts[0] = p.block(show.Prose{Markdown: title + " " + first.Markdown})
		case show.Words:
			texts[0] = p.block(show.Words{Text: title + " " + first.Text})
		}
	}
	return texts
}

func (p plainText) block(b show.Block) string {
	switch b := b.(type) {
	case show.Heading:
		return b.Text + "\n"
	case show.Prose:
		return tui.Markdown(b.Markdown, p.width) + "\n"
	case show.Words:
		return p.wrapped("", b.Text)
	case show.Options:
		return p.options(b)
	case show.Label:
		return b.Broken(func(text string) string { return p.wrapped(sentence(b.Name)+": ", text) })
	case show.Note:
		return p.wrapped("", sentence(b.Text)+".")
	case show.Verdict:
		return p.verdict(b)
	case show.Table:
		return p.table(b)
	case show.Figure:
		return "\n" + strings.TrimRight(b.Table(6), "\n")
	case show.Drill:
		return fmt.Sprintf("  loralab drill --family %s\n", b.Family)
	case show.Experiment:
		if b.Covered {
			return ""
		}
		return p.experiment(b.Trial)
	}
	return ""
}

// sentence begins a text with a capital letter.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// options can be named by number or letter; feedback names them by letters.
func (p plainText) options(o show.Options) string {
	var lines []string
	for i, item := range o.Items {
		head := fmt.Sprintf("  %d. ", i+1)
		if o.Lettered {
			head += fmt.Sprintf("(%c) ", 'a'+i)
		}
		lines = append(lines, p.wrapped(head, item))
	}
	return strings.Join(lines, "\n")
}

func (p plainText) verdict(v show.Verdict) string {
	head := sentence(v.Word) + "."
	if v.Part > 0 {
		head = fmt.Sprintf("%d. %s", v.Part, head)
	}
	lines := []string{p.wrapped("", head)}
	for _, f := range v.Feedback {
		lines = append(lines, p.wrapped("  ", f))
	}
	return strings.Join(lines, "\n")
}

// goal reads out what is to be reached, and how the last run stands to it: each in a
// text of its own, so that only what is new is read out again.
func (p plainText) goal(g show.Goal) []string {
	lines := []string{p.wrapped("Goal: ", g.Text)}
	for _, test := range g.Tests {
		met := "no"
		if test.Mark == show.Hit {
			met = "yes"
		}
		lines = append(lines, p.wrapped("  ", fmt.Sprintf("%s: %s, %s", test.Ask, test.Value, met)))
	}
	lines = append(lines, p.wrapped("", "Goal "+g.State+"."))
	if g.Hint != "" {
		lines = append(lines, p.wrapped("Hint: ", g.Hint))
	}
	return lines
}

// table sets columns apart by two spaces; only the last cell of a row is broken
// into lines.
func (p plainText) table(t show.Table) string {
	lines := []string{"\n" + sentence(t.Title) + ":"}
	rows := t.Rows
	if len(t.Head) > 0 {
		rows = append([][]string{t.Head}, rows...)
	}
	wide := widths(rows)
	for _, row := range rows {
		head := "  "
		for i, cell := range row[:len(row)-1] {
			head += cell + strings.Repeat(" ", wide[i]-ansi.StringWidth(cell)+2)
		}
		lines = append(lines, strings.TrimRight(p.wrapped(head, row[len(row)-1]), " "))
	}
	return strings.Join(lines, "\n")
}

// widths are those of the columns of rows.
func widths(rows [][]string) []int {
	var wide []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], ansi.StringWidth(cell))
		}
	}
	return wide
}

// experiment lists what the last finished run found, nothing before it.
func (p plainText) experiment(t *lab.Trial) string {
	record := t.Finished()
	if record == nil {
		return ""
	}
	var b strings.Builder
	if f := t.Experiment.Figure(record, t.Figures[0]); f != nil && p.curves {
		b.WriteString(f.Table(6) + "\n")
	}
	var listed []lab.Finding
	for _, name := range t.Table {
		if f, ok := record.Find(name); ok {
			listed = append(listed, f)
		}
	}
	printFindings(&b, listed)
	return b.String()
}

func (p plainText) label(label, text string) { p.say("%s", p.wrapped(label, text)) }

// wrapped sets text behind a label, its further lines a little further in. It is
// no Markdown: in r*(d+k) the stars are multiplied.
func (p plainText) wrapped(label, text string) string {
	return strings.Join(hang(label, text, p.width, min(ansi.StringWidth(label), 4)), "\n")
}
