package algebra

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loralab/drills/verdict"
)

// rowsAndColumns reads "r rows and k columns".
var rowsAndColumns = regexp.MustCompile(`(?i)(\S+)\s+rows?\s*(?:and|,|by|×|x)?\s*(\S+)\s+col(?:umn)?s?\b`)

const shapeHint = "write a shape as A: r×k, 8x4096 or (8, 4096)"

// readShape reads shapes of the named matrices: A: r×k, B: d×r · 8x4096 ·
// A is (8, 4096) · A ∈ R^{r×k}. It goes from word to word: a name belongs to the
// next shape, linking words are passed over, and anything else must be a shape.
func readShape(text string, words, matrices *vocabulary) (shapeAnswer, *verdict.ReadError) {
	if err := verdict.CheckLength(text); err != nil {
		return shapeAnswer{}, err
	}
	answer := shapeAnswer{}
	var waiting []string // names whose shape is still to come
	text = rowsAndColumns.ReplaceAllString(text, "$1 × $2")
	text = strings.ReplaceAll(text, "-by-", " × ")
	rest := text
	for rest != "" {
		c, width := utf8.DecodeRuneInString(rest)
		switch {
		case c == utf8.RuneError && width <= 1:
			return shapeAnswer{}, verdict.Unreadable("not-text", len(text)-len(rest), "there are bytes that are no text (UTF-8)")
		case isSpace(c) || strings.ContainsRune(",;:=∈$&.^", c):
			rest = rest[width:]
			continue
		case c == '\\':
			if n, ok := markup(rest); ok {
				rest = rest[n:]
				continue
			}
		case unicode.IsLetter(c):
			word := wordAhead(rest)
			name, isMatrix := matrices.exact(canonical(word))
			switch {
			case isMatrix && !(c == 'A' && article(rest)):
				waiting = append(waiting, name)
				rest = rest[len(word):]
				continue
			case linking(word) || realSpace(word, rest):
				rest = rest[len(word):]
				continue
			}
		}
		group := dimensionsAhead(rest)
		dims, err := readDimensions(group, words)
		if err != nil {
			return shapeAnswer{}, err
		}
		rest = rest[len(group):]
		name := ""
		if len(waiting) > 0 {
			name, waiting = waiting[0], waiting[1:]
		}
		answer.add(name, dims)
	}
	if len(answer.dims) == 0 {
		return shapeAnswer{}, verdict.Unreadable("incomplete", -1, "no shape found; %s", shapeHint)
	}
	return answer, nil
}

func (a *shapeAnswer) add(name string, dims []*expr) {
	a.names, a.dims = append(a.names, name), append(a.dims, dims)
	if a.echo != "" {
		a.echo += ", "
	}
	if name != "" {
		a.echo += shown(name) + ": "
	}
	a.echo += joinDims(dims)
}

// article tells an A that begins a sentence, "A is", from one that is a
// matrix; here an A is always the matrix unless "matrix" or "shape" follows.
func article(rest string) bool {
	next := strings.TrimSpace(rest[1:])
	return strings.HasPrefix(next, "matrix of") || strings.HasPrefix(next, "shape of")
}

// linking words may stand between a name and its shape.
func linking(word string) bool {
	switch strings.ToLower(word) {
	case "is", "are", "has", "have", "a", "an", "the", "of", "shape", "shapes", "size", "in", "and", "with", "matrix", "matrices",
		"dimension", "dimensions", "dims", "by_", "while", "torch", "ℝ", "both", "respectively", "then", "so", "gets", "must", "be", "should":
		return true
	}
	return word == "Size"
}

// realSpace tells whether an R is the ℝ of R^{r×k}.
func realSpace(word, rest string) bool {
	if word != "R" {
		return false
	}
	c, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(rest[len(word):], isSpace))
	_, raised := superscripts[c]
	return raised || c == '^' || c == '(' || c == '{'
}

func wordAhead(s string) string {
	for i, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' {
			return s[:i]
		}
		if _, raised := superscripts[c]; raised {
			return s[:i]
		}
	}
	return s
}

// markup passes over \mathbb{R}, \in and spaces of LaTeX.
func markup(s string) (int, bool) {
	for _, command := range []string{`\mathbb{R}`, `\mathbb R`, `\in`, `\quad`, `\,`, `\;`, `\left`, `\right`, `\text{and}`, `\text{ and }`} {
		if strings.HasPrefix(s, command) {
			return len(command), true
		}
	}
	return 0, false
}

// dimensionsAhead returns the text of one shape: a bracketed group, a run of
// raised glyphs, or up to a comma, a semicolon, a line's end or a word that
// begins the next shape.
func dimensionsAhead(s string) string {
	depth := 0
	for i, c := range s {
		switch {
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			if depth--; depth <= 0 {
				end := i + utf8.RuneLen(c)
				if depth == 0 && groupedDims(s[:end]) || depth < 0 {
					return s[:end]
				}
			}
		case depth > 0:
		case c == ';' || c == '\n' || c == '=' || c == ':':
			return s[:i]
		case c == ',' && digitsAt(s[i+1:]) == 3 && digitBefore(s[:i]) && strings.ContainsAny(s[:i], "×xX"): // 8×4,096
		case c == ',' && i > 0 && strings.ContainsAny(s[:i], "×xX*") || c == ',' && i > 0 && strings.Contains(s[:i], " by "):
			return s[:i]
		case c == ',' && !secondDimension(s[i+1:]):
			return s[:i]
		case isSpace(c) && i > 0 && stopWord(s[i:]):
			return s[:i]
		}
	}
	return s
}

func digitBefore(s string) bool { return s != "" && digitsAt(s[len(s)-1:]) == 1 }

// groupedDims tells whether a closed group holds the whole shape: (8, 4096) and
// {r×k} do, (d+k) does not.
func groupedDims(s string) bool {
	return strings.HasPrefix(s, "(") || strings.HasPrefix(s, "[") || strings.HasPrefix(s, "{")
}

// secondDimension tells whether what follows the comma of "8, 4096" is one.
func secondDimension(s string) bool {
	word := strings.TrimSpace(s)
	if i := strings.IndexAny(word, ",;\n"); i >= 0 {
		word = word[:i]
	}
	return word != "" && !strings.ContainsAny(word, "×:=∈ ([{")
}

func stopWord(s string) bool {
	word := wordAhead(strings.TrimLeftFunc(s, isSpace))
	return word != "" && linking(word) || word == "A" || word == "B"
}

// readDimensions reads r×k, (8, 4096), 8 by 4096.
func readDimensions(group string, words *vocabulary) ([]*expr, *verdict.ReadError) {
	text := strings.TrimSpace(strings.TrimRight(strings.TrimSpace(group), "."))
	for len(text) > 1 && strings.ContainsAny(text[:1], "([{") && strings.ContainsAny(text[len(text)-1:], ")]}") && matched(text) {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	text = strings.ReplaceAll(text, " by ", " × ")
	tokens, err := scan(text, dialect{words: words, times: true, commas: true})
	if err == nil && slices.ContainsFunc(tokens, func(t token) bool { return t.is("×") }) {
		tokens, err = scan(text, dialect{words: words, times: true}) // then a comma parts thousands
	}
	if err != nil {
		return nil, err
	}
	if len(tokens) > 1 && tokens[0].is("^") { // R^{r×k} and ℝʳˣᵏ
		tokens = tokens[1:]
		if n := len(tokens); tokens[0].is("(") && n > 2 && tokens[n-2].is(")") {
			tokens = append(slices.Clone(tokens[1:n-2]), tokens[n-1])
		}
	}
	var dims []*expr
	end := tokens[len(tokens)-1]
	for start, i, depth := 0, 0, 0; i < len(tokens); i++ {
		t := tokens[i]
		if t.is("(") {
			depth++
		} else if t.is(")") {
			depth--
		}
		separator := depth == 0 && (t.is("×") || t.is(",") || t.is("*"))
		if !separator && t.kind != tokenEnd {
			continue
		}
		if i == start {
			if t.kind == tokenEnd && len(dims) > 1 {
				break // a comma at the end, as in (8, 4096,)
			}
			return nil, verdict.Unreadable("incomplete", t.at, "a dimension is missing; %s", shapeHint)
		}
		p := &parser{tokens: append(slices.Clone(tokens[start:i]), end), scalar: everyScalar}
		dim, err := p.whole()
		if err != nil {
			return nil, err
		}
		dims, start = append(dims, dim), i+1
	}
	if len(dims) < 2 {
		return nil, verdict.Unreadable("incomplete", -1, "%s is one dimension; %s", verdict.Quoted(text), shapeHint)
	}
	return dims, nil
}

// matched tells whether the bracket at the start closes at the end.
func matched(s string) bool {
	depth := 0
	for i, c := range s {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return i == len(s)-1
			}
		}
	}
	return false
}
