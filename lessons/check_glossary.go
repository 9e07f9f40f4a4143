package lessons

import (
	"errors"
	"fmt"
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
		switch p, err := c.page(t.Lesson, t.Page); {
		case err != nil:
			wrong = append(wrong, t.taught.Errorf("%w", err))
		case !g.knowsOn(p, t.Name):
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

func (g Glossary) knowsOn(p Page, name string) bool {
	for _, t := range g.On(p) {
		if t.Name == name {
			return true
		}
	}
	return false
}

// page returns a page by its lesson's id and its title.
func (c Course) page(lesson, title string) (Page, error) {
	l, err := c.Find(lesson)
	if err != nil {
		return Page{}, err
	}
	var titles []string
	for _, p := range l.Pages {
		if p.Title == title {
			return p, nil
		}
		titles = append(titles, p.Title)
	}
	return Page{}, fmt.Errorf("lesson %s has no page %q (pages: %s)", l.ID, title, strings.Join(titles, "; "))
}

// Taught returns the number of the page, from 1, that teaches the term, and 0 where
// none does.
func (t Term) Taught(c Course) (l *Lesson, page int) {
	for _, l := range c {
		for i, p := range l.Pages {
			if l.ID == t.Lesson && p.Title == t.Page {
				return l, i + 1
			}
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
		if g.has(term) {
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

func (g Glossary) has(name string) bool {
	for _, t := range g {
		for _, form := range t.forms() {
			if form == name || strings.EqualFold(form, name) {
				return true
			}
		}
	}
	return false
}
