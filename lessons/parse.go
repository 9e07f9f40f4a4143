package lessons

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// ParseLesson reads one lesson. The error joins all mistakes found.
func ParseLesson(file, text string, l lab.Laboratory) (*Lesson, error) {
	p := &parser{file: file, laboratory: l, lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")}
	if !utf8.ValidString(text) {
		return nil, (source.Piece{File: file, Line: 1}).Errorf(1, 1, "the file is not UTF-8 text")
	}
	if !p.frontMatter() {
		return nil, errors.Join(p.wrong...)
	}
	p.pages()
	if len(p.wrong) > 0 {
		return nil, errors.Join(p.wrong...)
	}
	return &p.lesson, nil
}

// parser goes through a lesson's lines once.
type parser struct {
	file       string
	laboratory lab.Laboratory
	lines      []string
	at         int // index of the next line
	lesson     Lesson
	experiment *lab.Experiment // of the page that is read
	wrong      []error
}

func (p *parser) fail(err error) { p.wrong = append(p.wrong, err) }

func (p *parser) failAt(line, column int, format string, args ...any) {
	p.fail(source.Piece{File: p.file, Line: 1}.Errorf(line, column, format, args...))
}

// frontMatter reads the YAML between the first two lines of "---".
func (p *parser) frontMatter() bool {
	if strings.TrimSpace(p.lines[0]) != "---" {
		p.failAt(1, 1, "want front matter: a line \"---\", then id, step, title, question and experiment, then \"---\"")
		return false
	}
	end := slices.IndexFunc(p.lines[1:], func(s string) bool { return strings.TrimSpace(s) == "---" })
	if end < 0 {
		p.failAt(1, 1, "the front matter does not end: want a second line \"---\"")
		return false
	}
	src := source.Piece{File: p.file, Line: 2, Text: strings.Join(p.lines[1:end+1], "\n")}
	p.at = end + 2
	f, err := src.Fields("id!", "step!", "title!", "question!", "experiment!", "minutes")
	if err != nil {
		p.fail(err)
		return false
	}
	l := &p.lesson
	l.File = p.file
	var experiment string
	for _, field := range []struct {
		key string
		dst *string
	}{{"id", &l.ID}, {"title", &l.Title}, {"question", &l.Question}, {"experiment", &experiment}} {
		if *field.dst, err = f.Text(field.key); err != nil {
			p.fail(err)
		} else if *field.dst == "" {
			p.fail(f.Errorf(field.key, "%s is empty", field.key))
		}
	}
	l.Step = p.whole(f, "step", 1)
	l.Minutes = p.whole(f, "minutes", 0)
	if l.Experiment, err = p.laboratory.Experiment(experiment); err != nil && experiment != "" {
		p.fail(f.Errorf("experiment", "%w", err))
	}
	p.experiment = l.Experiment // of text before the first page
	return len(p.wrong) == 0
}

// whole returns a whole number of at least least.
func (p *parser) whole(f source.Fields, key string, least int) int {
	x, err := f.Number(key)
	n := int(x)
	if err != nil {
		p.fail(err)
	} else if float64(n) != x || n < least {
		p.fail(f.Errorf(key, "%s: %v is not allowed, want a whole number from %d", key, x, least))
	}
	return n
}

// pages splits the rest at lines "# Title" and at fenced blocks with a meaning.
// Other fences are part of the prose.
func (p *parser) pages() {
	var prose []string
	start := p.at + 1 // line number of the first line in prose
	flush := func() {
		p.prose(prose, start)
		prose = nil
	}
	fence := "" // inside an ordinary code block
	for ; p.at < len(p.lines); p.at++ {
		line := p.lines[p.at]
		title, isTitle := strings.CutPrefix(line, "# ")
		kind, isFence := strings.CutPrefix(line, "```")
		switch {
		case fence != "":
			prose = append(prose, line)
			if strings.HasPrefix(line, fence) {
				fence = ""
			}
			continue
		case isTitle:
			flush()
			p.experiment = p.experimentAhead()
			p.lesson.Pages = append(p.lesson.Pages, Page{Title: strings.TrimSpace(title), Experiment: p.experiment})
		case isFence && slices.Contains([]string{"run", "predict", "goal", "recall", "teaches"}, strings.TrimSpace(kind)):
			flush()
			p.block(strings.TrimSpace(kind))
		default:
			if isFence {
				fence = "```"
			}
			prose = append(prose, line)
			continue
		}
		start = p.at + 2
	}
	flush()
	if fence != "" {
		p.failAt(len(p.lines), 1, "a code block is not closed: want a line \"```\"")
	}
	if len(p.lesson.Pages) == 0 {
		p.failAt(len(p.lines), 1, "the lesson has no page: want a line \"# Title\"")
	}
	for _, page := range p.lesson.Pages {
		if len(page.Predictions()) > 0 && page.Run() == nil {
			p.failAt(1, 1, "page %q asks for a prediction but has no run", page.Title)
		}
	}
}

// page returns the page that blocks are added to, nil before the first title.
func (p *parser) page(line int) *Page {
	if n := len(p.lesson.Pages); n > 0 {
		return &p.lesson.Pages[n-1]
	}
	p.failAt(line, 1, "text before the first page: want a line \"# Title\" above it")
	return nil
}

func (p *parser) prose(lines []string, start int) {
	text := strings.Join(lines, "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	page := p.page(start)
	for i, line := range lines {
		p.references(line, start+i, page != nil && page.Run() != nil)
	}
	if page != nil {
		for strings.HasPrefix(text, "\n") {
			text, start = text[1:], start+1
		}
		page.Blocks = append(page.Blocks, Prose{strings.TrimRight(text, "\n"), start})
	}
}

// references checks every {{…}} in a line. Findings may be named only after
// the page's run has computed them.
func (p *parser) references(line string, number int, computed bool) {
	rest, column := line, 1
	for {
		before, after, ok := strings.Cut(rest, "{{")
		if !ok {
			return
		}
		column += utf8.RuneCountInString(before)
		ref, tail, ok := strings.Cut(after, "}}")
		if !ok {
			p.failAt(number, column, "\"{{\" without \"}}\" on the same line")
			return
		}
		if to, _, ok := parseLink(ref); ok {
			p.link(to, number, column+2, computed)
		} else if err := checkReference(ref, p.experiment); err != nil {
			p.failAt(number, column+2, "%w", err)
		} else if !computed && !strings.HasPrefix(strings.TrimSpace(ref), "knob ") {
			p.failAt(number, column+2, "finding %q stands before the page's run: nothing has computed it yet", strings.TrimSpace(ref))
		}
		column += utf8.RuneCountInString(ref) + 4
		rest = tail
	}
}

// link keeps a reference to another page, which the course follows once it is whole.
func (p *parser) link(to link, line, column int, computed bool) {
	if to.finding != "" && !computed {
		p.failAt(line, column, "finding %q stands before the page's run, which finds it anew", to.finding)
	}
	to.file, to.line, to.column = p.file, line, column
	if page := p.page(line); page != nil {
		page.links = append(page.links, to)
	}
}

// experimentAhead looks up which experiment the run of the page at this line names:
// what is predicted before the run is of it. A name that there is not is refused where
// the run is read.
func (p *parser) experimentAhead() *lab.Experiment {
	inRun := false
	for _, line := range p.lines[p.at+1:] {
		switch kind, isFence := strings.CutPrefix(line, "```"); {
		case strings.HasPrefix(line, "# ") && !inRun:
			return p.lesson.Experiment
		case isFence:
			inRun = !inRun && strings.TrimSpace(kind) == "run"
		case inRun && strings.HasPrefix(line, "experiment:"):
			if e, err := p.laboratory.Experiment(strings.TrimSpace(strings.TrimPrefix(line, "experiment:"))); err == nil {
				return e
			}
		}
	}
	return p.lesson.Experiment
}

// block reads the fenced block that starts at the current line and leaves p.at
// at its closing fence.
func (p *parser) block(kind string) {
	open := p.at
	end := slices.IndexFunc(p.lines[open+1:], func(s string) bool { return strings.HasPrefix(s, "```") })
	if end < 0 {
		p.failAt(open+1, 1, "the block %q is not closed: want a line \"```\"", kind)
		p.at = len(p.lines)
		return
	}
	p.at = open + 1 + end
	page := p.page(open + 1)
	if page == nil {
		return
	}
	src := source.Piece{File: p.file, Line: open + 2, Text: strings.Join(p.lines[open+1:p.at], "\n")}
	var b Block
	var err error
	switch kind {
	case "run":
		if page.Run() != nil {
			p.failAt(open+1, 1, "a second run on page %q: one idea, one run a page", page.Title)
		}
		b, err = p.run(src)
	case "predict":
		if page.Run() != nil {
			p.failAt(open+1, 1, "the prediction comes after the run on page %q", page.Title)
		}
		b, err = p.predict(src)
	case "goal":
		b, err = p.goalOf(src, page)
	case "recall":
		b, err = recall(src)
	case "teaches":
		err = page.teaches(src)
	}
	if err != nil {
		p.fail(err)
	}
	if err != nil || b == nil {
		return
	}
	page.Blocks = append(page.Blocks, b)
}
