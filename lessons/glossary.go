package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loralab/lessons/source"
	"loralab/lora/number"
)

// glossaryFile is where a content folder may say its words.
const glossaryFile = "glossary.yaml"

// Term is a word of the field.
type Term struct {
	Name    string
	Aliases []string // other forms that stand for it in a text
	Says    string   // one to three plain sentences
	Lesson  string   // id of the lesson that teaches it, "" where none does
	Page    string   // title of the page in that lesson

	name, taught source.Item
}

// Glossary is the words that a course explains, in the order of the file.
type Glossary []Term

// ReadGlossary reads the glossary of a content folder, which need not have one. The
// error joins all mistakes, each a [*source.Error].
func ReadGlossary(fsys fs.FS) (Glossary, error) {
	if _, err := fs.Stat(fsys, glossaryFile); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	text, err := source.ReadText(fsys, glossaryFile)
	if err != nil {
		return nil, err
	}
	return ParseGlossary(glossaryFile, text)
}

// ParseGlossary reads a glossary: YAML with a list "terms".
func ParseGlossary(file, text string) (Glossary, error) {
	f, err := source.Piece{File: file, Line: 1, Text: text}.Fields("terms!")
	if err != nil {
		return nil, err
	}
	entries, err := f.Maps("terms", "term!", "aliases", "says!", "taught")
	if err != nil {
		return nil, err
	}
	var g Glossary
	var wrong []error
	known := map[string]string{}
	for _, entry := range entries {
		t, err := parseTerm(entry)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		for _, form := range t.forms() {
			if other, twice := known[form]; twice {
				wrong = append(wrong, t.name.Errorf("%q stands for %q already", form, other))
			}
			known[form] = t.Name
		}
		g = append(g, t)
	}
	return g, errors.Join(wrong...)
}

// Limits of what a term says: it is read beside a page, in a few lines.
const maxSays, maxSentences = 360, 3

func parseTerm(f source.Fields) (Term, error) {
	var t Term
	var err error
	if t.Name, err = f.Text("term"); err != nil {
		return t, err
	}
	t.name = f.At("term")
	if t.Says, err = f.Text("says"); err != nil {
		return t, err
	}
	if t.Aliases, err = f.Texts("aliases"); err != nil {
		return t, err
	}
	if slices.Contains(t.forms(), "") {
		return t, f.Errorf("term", "a term and its aliases are words, found an empty one")
	}
	switch n := utf8.RuneCountInString(t.Says); {
	case !strings.HasSuffix(t.Says, "."):
		return t, f.Errorf("says", "%s: want sentences, the last ends with a full stop", t.Name)
	case n > maxSays || sentences(t.Says) > maxSentences:
		return t, f.Errorf("says", "%s: %s and %d characters, want at most %d and %d", t.Name, number.Plural(sentences(t.Says), "sentence"), n, maxSentences, maxSays)
	}
	taught, err := f.Text("taught")
	if err != nil || taught == "" {
		return t, err
	}
	t.taught = f.At("taught")
	var ok bool
	if t.Lesson, t.Page, ok = strings.Cut(taught, "/"); !ok {
		return t, f.Errorf("taught", "%q: want the id of a lesson, a slash and the title of a page", taught)
	}
	return t, nil
}

// sentences counts what ends in a full stop before a space and a capital letter, or
// at the end: "et al. 2021" is no end.
func sentences(text string) int {
	n := 1
	for rest := text; ; n++ {
		_, after, ok := strings.Cut(rest, ". ")
		for ok && !unicode.IsUpper(first(after)) {
			_, after, ok = strings.Cut(after, ". ")
		}
		if !ok {
			return n
		}
		rest = after
	}
}

func first(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

// forms are the term and its aliases.
func (t Term) forms() []string { return append([]string{t.Name}, t.Aliases...) }

// Find returns the term of that name or alias, in any case. The error lists terms
// that are near.
func (g Glossary) Find(name string) (Term, error) {
	want := strings.TrimSpace(name)
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, t := range g {
			if slices.ContainsFunc(t.forms(), func(form string) bool { return same(form, want) }) {
				return t, nil
			}
		}
	}
	var near []string
	for _, t := range g {
		if slices.ContainsFunc(t.forms(), func(form string) bool {
			a, b := strings.ToLower(form), strings.ToLower(want)
			return b != "" && (strings.Contains(a, b) || utf8.RuneCountInString(a) > 2 && strings.Contains(b, a))
		}) {
			near = append(near, t.Name)
		}
	}
	if near == nil {
		return Term{}, fmt.Errorf("the glossary has no %q (without a name it lists its %s)", want, number.Plural(len(g), "term"))
	}
	return Term{}, fmt.Errorf("the glossary has no %q; near it are %s", want, strings.Join(near, ", "))
}

// On returns the terms that stand on a page, in the order in which they first do.
// It reads what a learner reads: the text, the questions and what explains them.
func (g Glossary) On(p Page) []Term {
	text := plain(p)
	var terms []Term
	at := map[string]int{} // by name
	for _, t := range g {
		if i := t.index(text); i >= 0 {
			terms, at[t.Name] = append(terms, t), i
		}
	}
	slices.SortStableFunc(terms, func(a, b Term) int { return at[a.Name] - at[b.Name] })
	return terms
}

// index returns where the term or an alias first stands in a text, -1 where none does.
func (t Term) index(text string) int {
	first := -1
	for _, form := range t.forms() {
		if i := indexWord(text, form); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return first
}

// plain is the text of a page without its references.
func plain(p Page) string {
	var b strings.Builder
	add := func(markdown string) {
		for {
			before, after, ok := strings.Cut(markdown, "{{")
			b.WriteString(before + " ")
			if !ok {
				b.WriteString("\n")
				return
			}
			_, markdown, _ = strings.Cut(after, "}}")
		}
	}
	add(p.Title)
	for _, block := range p.Blocks {
		switch block := block.(type) {
		case Prose:
			add(block.Markdown)
		case Predict:
			add(block.Ask)
			add(block.Because)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ") // a term may go over the end of a line
}

// indexWord returns where word stands in text by itself, -1 where it does not. A
// word of lower case also stands at the beginning of a sentence, with a capital.
func indexWord(text, word string) int {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			break
		}
		i += at
		if standsAlone(text, i, i+len(word)) {
			return i
		}
		at = i + 1
	}
	if r := first(word); unicode.IsLower(r) && r < unicode.MaxASCII {
		return indexWord(text, string(unicode.ToUpper(r))+word[1:])
	}
	return -1
}

func standsAlone(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after := first(text[to:])
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	return !inWord(before) && !inWord(after)
}
