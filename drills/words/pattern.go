package words

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// polarity is whether a word must be asserted, negated, or merely mentioned.
type polarity uint8

const (
	asserted polarity = iota
	denied            // not word
	either            // ~word
)

// alternative is a word, a phrase of neighbouring words, or a group.
type alternative struct {
	polarity polarity
	words    []patternWord // one, or a phrase
	group    []alternative // instead of words
}

type patternWord struct {
	text   string // stem, or the prefix if prefix is set
	prefix bool
	names  []string // it names these subjects
}

// atom is alternatives; with a subject they must be said of it.
type atom struct {
	of     []alternative
	any    []alternative
	absent bool // −word: does not occur in the clause at all
}

// item is atoms in their order within one clause: a > b.
type item []atom

// pattern is an effect and optionally its cause. Each side is clauses that
// stand in one sentence, each clause items that stand in one clause.
type pattern struct {
	source       string
	hypothetical bool // "if": matches what is only supposed, too
	sides        [2][][]item
}

// patternParser reads a pattern; see [Rubric] for the language.
type patternParser struct {
	tokenizer *tokenizer
	tokens    []string
	i         int
}

func parsePattern(source string, t *tokenizer) (*pattern, error) {
	p := &patternParser{tokenizer: t}
	if err := p.cut(source); err != nil {
		return nil, fmt.Errorf("pattern %q: %w", source, err)
	}
	out := &pattern{source: source}
	if p.peek() == "if" {
		p.i++
		out.hypothetical = true
	}
	for side := range 2 {
		for {
			clause, err := p.clause()
			if err != nil {
				return nil, fmt.Errorf("pattern %q: %w", source, err)
			}
			out.sides[side] = append(out.sides[side], clause)
			if !p.take("+") {
				break
			}
		}
		if !p.take("<-") {
			break
		}
	}
	if p.peek() != "" {
		return nil, fmt.Errorf("pattern %q: %q is not expected", source, p.peek())
	}
	return out, nil
}

// cut cuts a pattern into words, quoted phrases and signs.
func (p *patternParser) cut(source string) error {
	for i := 0; i < len(source); {
		c, width := utf8.DecodeRuneInString(source[i:])
		switch {
		case isSpace(c):
			i += width
		case strings.HasPrefix(source[i:], "<-"):
			p.tokens = append(p.tokens, "<-")
			i += 2
		case strings.ContainsRune("&|+>:()~-", c):
			p.tokens = append(p.tokens, string(c))
			i += width
		case c == '"':
			end := strings.IndexByte(source[i+1:], '"')
			if end <= 0 {
				return fmt.Errorf("a quoted phrase is not closed")
			}
			p.tokens = append(p.tokens, source[i:i+end+2])
			i += end + 2
		default:
			start := i
			for i < len(source) {
				c, width := utf8.DecodeRuneInString(source[i:])
				if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '*' && c != '=' && c != '\'' && c != 'Δ' && c != '%' {
					break
				}
				i += width
			}
			if i == start {
				return fmt.Errorf("the sign %q is not part of the language", c)
			}
			p.tokens = append(p.tokens, source[start:i])
		}
	}
	return nil
}

func (p *patternParser) peek() string {
	if p.i < len(p.tokens) {
		return p.tokens[p.i]
	}
	return ""
}

func (p *patternParser) take(sign string) bool {
	if p.peek() == sign {
		p.i++
		return true
	}
	return false
}

func (p *patternParser) clause() ([]item, error) {
	var items []item
	for {
		var it item
		for {
			a, err := p.atom()
			if err != nil {
				return nil, err
			}
			it = append(it, a)
			if !p.take(">") {
				break
			}
		}
		if items = append(items, it); !p.take("&") {
			return items, nil
		}
	}
}

func (p *patternParser) atom() (atom, error) {
	absent := p.take("-")
	any, err := p.alternatives(0)
	if err != nil {
		return atom{}, err
	}
	if !p.take(":") {
		return atom{any: any, absent: absent}, nil
	}
	for _, a := range any {
		if a.polarity != asserted || len(a.words) != 1 || len(a.words[0].names) == 0 {
			return atom{}, fmt.Errorf("before a colon stand subjects (A, B, W, BA, model, gradient or the rubric's own)")
		}
	}
	said, err := p.alternatives(0)
	return atom{of: any, any: said, absent: absent}, err
}

func (p *patternParser) alternatives(depth int) ([]alternative, error) {
	var all []alternative
	for {
		a := alternative{}
		switch {
		case p.take("~"):
			a.polarity = either
		case p.peek() == "not":
			p.i++
			a.polarity = denied
		}
		token := p.peek()
		switch {
		case token == "(":
			p.i++
			if depth > 8 {
				return nil, fmt.Errorf("nested too deep")
			}
			group, err := p.alternatives(depth + 1)
			if err != nil {
				return nil, err
			}
			if !p.take(")") {
				return nil, fmt.Errorf("a parenthesis holds alternatives (a|b) and is closed")
			}
			a.group = group
		case token == "" || strings.Contains("&|+>:)<-", token):
			return nil, fmt.Errorf("a word is missing")
		default:
			p.i++
			for _, w := range strings.Fields(strings.Trim(token, `"`)) {
				a.words = append(a.words, p.word(w))
			}
			if len(a.words) == 0 {
				return nil, fmt.Errorf("a word is missing")
			}
		}
		if all = append(all, a); !p.take("|") {
			return all, nil
		}
	}
}

func (p *patternParser) word(raw string) patternWord {
	if raw == "ΔW" {
		raw = "BA"
	}
	if raw == "both" {
		return patternWord{text: "both", names: []string{"A", "B"}}
	}
	if rest, ok := strings.CutSuffix(raw, "*"); ok {
		return patternWord{text: strings.ToLower(rest), prefix: true}
	}
	w := p.tokenizer.word(raw)
	return patternWord{text: w.text, names: w.subjects}
}
