package algebra

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"loralab/drills/verdict"
)

// program is an equation with the definitions that come with it: "h = Wx + sBAx
// where s = α/r", or the lines of a forward function.
type program struct {
	statements []statement
	asked      int // the statement that is the answer
}

// statement is left = parts[0] = parts[1] = …; mostly there is one part.
type statement struct {
	left       string // canonical name, "" if nothing is on the left
	transposed bool   // the left is W′ᵀ
	parts      []*expr
}

// last is what a chain of equals signs arrives at.
func (st statement) last() *expr { return st.parts[len(st.parts)-1] }

func (st statement) String() string {
	var sides []string
	if st.left != "" {
		left := shown(st.left)
		if st.transposed {
			left += "ᵀ"
		}
		sides = append(sides, left)
	}
	for _, part := range st.parts {
		sides = append(sides, part.String())
	}
	return strings.Join(sides, " = ")
}

// String writes the statements in their order.
func (p *program) String() string {
	all := make([]string, len(p.statements))
	for i, st := range p.statements {
		all[i] = st.String()
	}
	return strings.Join(all, "; ")
}

const (
	maxStatements = 16
	maxFactors    = 40 // of all together: beyond any that is right, few enough to multiply out on a large layer
)

// connectives part an equation from the definitions that go with it.
var connectives = regexp.MustCompile(`(?i)(?:^|[\s,;}.])(?:\\text\{\s*)?(where|with|and|then|for|given)(?:\s*\})?(?:\s|$)`)

var (
	comment    = regexp.MustCompile(`(?m)#.*$|//.*$`)
	definition = regexp.MustCompile(`(?m)^\s*def\b.*:\s*$|^\s*def\b[^:]*:|^\s*\x60\x60\x60\w*\s*$`)
	aside      = regexp.MustCompile(`\((?:where|with)?\s*([^()=\s]+\s*=[^()=]*)\)\s*\.?\s*$`) // (s = α/r)
	lead       = regexp.MustCompile(`(?i)^(?:return|so|thus|hence|therefore|answer|i\.e\.|=|\s)+(?:\s|$)`)
)

// readProgram reads an equation over the names of a layer. targets are names
// of what is asked.
func readProgram(text string, layer Layer, targets []string) (*program, *verdict.ReadError) {
	if err := verdict.CheckLength(text); err != nil {
		return nil, err
	}
	segments := segment(text)
	words := layer.vocabulary()
	type draft struct {
		left       string
		transposed bool
		sides      []string
	}
	var drafts []draft
	var lefts []string
	for i, s := range segments {
		var d draft
		returned := false
		if m := lead.FindString(s); m != "" {
			returned = strings.Contains(strings.ToLower(m), "return")
			s = strings.TrimSpace(s[len(m):])
		}
		sides, augmented := equalSides(s)
		if len(sides) == 1 && i > 0 && !returned && (strings.ContainsAny(s, ":∈") || strings.Contains(s, `\in`) || prose(s, words)) {
			continue // "A ∈ R^{r×k}", "B is the up-projection": not part of the equation
		}
		if len(sides) == 1 {
			d.sides = sides
		} else {
			left, transposed, ok := leftName(sides[0])
			if right, rightTransposed, okRight := leftName(sides[len(sides)-1]); okRight && len(sides) == 2 && augmented == "" &&
				(!ok || manyNames(left, words)) && words.spelled[right] == "" && !manyNames(right, words) { // Wx + sBAx = h
				left, transposed, ok = right, rightTransposed, true
				sides[0], sides[1] = sides[1], sides[0]
			}
			if !ok {
				return nil, verdict.Unreadable("left-side", -1, "on the left of = stands the one name of what is computed, as in h = …; %s is more", verdict.Quoted(sides[0]))
			}
			d = draft{left, transposed, sides[1:]}
			if augmented != "" {
				d.sides = []string{"(" + sides[0] + ")" + augmented + "(" + sides[1] + ")"}
			}
			if name, ok := words.exact(left); ok && name == left || manyNames(left, words) {
				left = ""
			}
			if left != "" {
				lefts = append(lefts, left)
			}
		}
		if drafts = append(drafts, d); len(drafts) > maxStatements {
			return nil, verdict.Unreadable("too-long", -1, "more than %d equations are not read", maxStatements)
		}
	}
	words = words.with(lefts...)
	p := &program{}
	factors := 0
	for i, d := range drafts {
		st := statement{left: d.left, transposed: d.transposed}
		for j, side := range d.sides {
			e, err := readExpression(side, words, layer)
			if err != nil && j < len(d.sides)-1 {
				continue // W′x in h = W′x = (W + sBA)x: the last side decides
			}
			if err != nil && i > 0 && len(p.statements) > 0 && d.left == "" {
				break // a remark after the equation
			}
			if err != nil {
				return nil, err
			}
			if factors += e.factors(); factors > maxFactors {
				return nil, verdict.Unreadable("too-long", -1, "an equation of more than %d factors is not read", maxFactors)
			}
			st.parts = append(st.parts, e)
		}
		if len(st.parts) > 0 {
			p.statements = append(p.statements, st)
		}
	}
	if len(p.statements) == 0 {
		return nil, verdict.Unreadable("incomplete", -1, "no equation found; write it as h = …")
	}
	if last := len(p.statements) - 1; last > 0 && p.statements[last].left == "" { // return h
		if e := p.statements[last].last(); e.op == opName && slices.Contains(lefts, e.name) {
			p.statements, targets = p.statements[:last], []string{e.name}
		}
	}
	p.asked = p.choose(targets)
	return p, nil
}

func readExpression(text string, words *vocabulary, layer Layer) (*expr, *verdict.ReadError) {
	text = strings.Trim(strings.TrimSpace(text), ".,;: ")
	if text == "" {
		return nil, verdict.Unreadable("incomplete", -1, "nothing follows the equals sign")
	}
	tokens, err := scan(text, dialect{words: words, commas: true, code: true})
	if err != nil {
		return nil, err
	}
	p := &parser{
		tokens: tokens,
		scalar: func(name string) bool { o, ok := layer.find(name); return ok && o.Role == Scalar },
		linear: func(name string) bool { o, ok := layer.find(name); return ok && o.Role == Weight },
	}
	if _, ok := layer.find("W"); ok {
		p.base = layer.base
	}
	return p.whole()
}

// factors counts the leaves of e.
func (e *expr) factors() int {
	n := 0
	for _, kid := range e.kids {
		n += kid.factors()
	}
	return max(n, 1)
}

// segment cuts a text into equations: at line ends, semicolons, commas outside
// of parentheses and words such as "where".
func segment(text string) []string {
	text = strings.ReplaceAll(text, `\\`, "\n")
	text = definition.ReplaceAllString(comment.ReplaceAllString(text, ""), "\n")
	text = aside.ReplaceAllString(text, "\n$1\n")
	text = connectives.ReplaceAllString(text, "\n")
	var segments []string
	depth, start := 0, 0
	cut := func(end int) {
		if s := strings.TrimSpace(text[start:end]); s != "" {
			segments = append(segments, s)
		}
	}
	for i, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		case '\n', ';', ',':
			if depth == 0 || c != ',' {
				cut(i)
				start, depth = i+1, 0
			}
		}
	}
	cut(len(text))
	return segments
}

// equalSides cuts a segment at its equals signs outside of parentheses. Of
// W += sBA it returns both sides and the +.
func equalSides(s string) (sides []string, augmented string) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasPrefix(s[i:], ":=") && strings.Contains(s[i:], "=") {
		s = s[i+1:] // "column form: h = …"
	}
	s = strings.NewReplacer(":=", "=", "==", "=", "←", "=", "≡", "=", "<-", "=").Replace(s)
	depth, start := 0, 0
	for i, c := range s {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '=':
			if depth > 0 {
				continue
			}
			side := s[start:i]
			if len(sides) == 0 && side != "" && strings.ContainsAny(side[len(side)-1:], "+-") {
				augmented = side[len(side)-1:]
				side = side[:len(side)-1]
			}
			sides = append(sides, strings.TrimSpace(side))
			start = i + 1
		}
	}
	sides = append(sides, strings.TrimSpace(s[start:]))
	if len(sides) > 1 && sides[0] == "" {
		sides = sides[1:]
	}
	if augmented != "" && len(sides) != 2 {
		augmented = ""
	}
	return sides, augmented
}

// leftName reads what stands left of an equals sign: h, f(x), W′ᵀ, ΔW, or words
// that end in a name, "the merged weight W′".
func leftName(s string) (name string, transposed, ok bool) {
	tokens, err := scan(s, dialect{code: true, commas: true})
	if err != nil {
		return "", false, false
	}
	for i := 0; i < len(tokens); i++ {
		switch t := tokens[i]; {
		case t.kind == tokenEnd:
			return name, transposed, name != ""
		case t.kind == tokenName && t.text == "T" && i > 0 && tokens[i-1].is("^"):
			transposed = true
		case t.kind == tokenName:
			name, transposed = t.text, false
		case t.is("ᵀ") && name != "":
			transposed = true
		case t.is("^") && (i+1 < len(tokens) && (tokens[i+1].is("ᵀ") || tokens[i+1].text == "T")):
		case t.is("(") && name != "": // f(x)
			for i++; i < len(tokens) && !tokens[i].is(")"); i++ {
				if k := tokens[i].kind; k == tokenEnd || k == tokenOperator && !tokens[i].is(",") {
					return "", false, false
				}
			}
		default:
			return "", false, false
		}
	}
	return name, transposed, name != ""
}

// manyNames tells whether a word is several names of the layer, as BAx is; such
// a word is never a name itself.
func manyNames(word string, words *vocabulary) bool {
	if _, ok := words.exact(word); ok {
		return false
	}
	pieces, ok := words.split(word, words.exact)
	return ok && len(pieces) > 1
}

// prose tells whether a segment is a remark: it has an ordinary word of four
// letters or more that is no name here.
func prose(s string, words *vocabulary) bool {
	for _, word := range strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) && c != '_' }) {
		if len([]rune(word)) < 4 || functions[word] != "" {
			continue
		}
		if _, ok := words.split(word, words.anyCase); !ok && greek[word] == "" {
			return true
		}
	}
	return false
}

// choose finds the statement that is the answer: the last one for a name that
// is asked, or the last without a name, or the first.
func (p *program) choose(targets []string) int {
	asked := -1
	for i, st := range p.statements {
		if slices.Contains(targets, st.left) {
			asked = i
		}
	}
	if asked >= 0 {
		return asked
	}
	for i, st := range p.statements {
		if st.left == "" {
			asked = i
		}
	}
	if asked >= 0 {
		return asked
	}
	last := len(p.statements) - 1
	for _, name := range p.statements[last].last().names() {
		for _, st := range p.statements[:last] {
			if st.left == name {
				return last
			}
		}
	}
	return 0
}

// run computes statement i and the ones it needs.
func (c *computation) run(i int) error {
	st := c.program.statements[i]
	c.busy[i] = true
	defer delete(c.busy, i)
	v, err := c.value(st.last())
	if err != nil {
		return err
	}
	if st.transposed {
		v = v.transposed()
	}
	if st.left != "" {
		c.locals[st.left] = v
	}
	return nil
}

// answer computes the statements up to the one that is the answer.
func (c *computation) answer() (typed, error) {
	for i := range c.program.asked {
		if err := c.run(i); err != nil {
			return typed{}, err
		}
	}
	i := c.program.asked
	c.busy[i] = true
	defer delete(c.busy, i)
	v, err := c.value(c.program.statements[i].last())
	if err == nil && c.program.statements[i].transposed {
		v = v.transposed()
	}
	return v, err
}
