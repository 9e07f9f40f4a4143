package lessons

import (
	"errors"
	"regexp"
	"strings"

	"loralab/lessons/source"
)

// Check compares a glossary with the course that it belongs to: each link leads to a
// page that has the term, and each word that a page marks as a term, *so*, is in the
// glossary. A course without a glossary may mark what it likes.
func (g Glossary) Check(c Course) error {
	if g == nil {
		return nil
	}
	var wrong []error
	for _, t := range g {
		if t.Lesson == "" {
			continue
		}
		switch l, at, err := c.locate(t.Lesson, t.Page); {
		case err != nil:
			wrong = append(wrong, t.taught.Errorf("%w", err))
		case t.index(plain(l.Pages[at])) < 0:
			wrong = append(wrong, t.taught.Errorf("page %q does not have the term %q", t.Page, t.Name))
		}
	}
	for _, l := range c {
		for _, p := range l.Pages {
			for _, b := range p.Blocks {
				if prose, ok := b.(Prose); ok {
					wrong = append(wrong, g.checkMarked(l.File, prose)...)
				}
			}
		}
	}
	return errors.Join(wrong...)
}

// Taught returns the number of the page, from 1, that teaches the term, and 0 where
// none does.
func (t Term) Taught(c Course) (l *Lesson, page int) {
	for _, l := range c {
		if at := l.index(t.Page); l.ID == t.Lesson && at >= 0 {
			return l, at + 1
		}
	}
	return nil, 0
}

var (
	code   = regexp.MustCompile("(?m)^    .*$|^```[^`]*?^```|`[^`\n]*`")
	marked = regexp.MustCompile(`(?:^|[^*\pL\pN])\*([^*\s][^*]*)\*(?:[^*\pL\pN]|$)`)
)

// checkMarked refuses words marked as terms that the glossary does not have.
func (g Glossary) checkMarked(file string, prose Prose) []error {
	blank := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == '\n' {
				return r
			}
			return ' '
		}, s)
	}
	text := code.ReplaceAllStringFunc(prose.Markdown, blank)
	var wrong []error
	for _, at := range marked.FindAllStringSubmatchIndex(text, -1) {
		term := strings.Join(strings.Fields(text[at[2]:at[3]]), " ")
		if _, err := g.Find(term); err == nil {
			continue
		}
		before := text[:at[2]]
		line := prose.Line + strings.Count(before, "\n")
		column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
		wrong = append(wrong, source.Piece{File: file, Line: 1}.Errorf(line, column,
			"*%s* marks a term, and the glossary has none of that name: add it, or mark nothing", term))
	}
	return wrong
}
