package algebra

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"loralab/drills/verdict"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenName     // canonical name of a symbol; a whole word if the dialect has no words
	tokenCall     // function, always before a "("
	tokenOperator // one of + - * / ^ ( ) = , √ ∈ : ᵀ × frac
)

type token struct {
	kind  tokenKind
	text  string
	num   *literal
	at    int  // offset in bytes
	glued bool // nothing but markup stands between it and the token before
	piece bool // cut from the same word as the token before
}

// dialect is what differs between the kinds of answers.
type dialect struct {
	words  *vocabulary // names; nil keeps words whole
	times  bool        // a letter x between factors multiplies: 3.9x10^-3, 8x4096
	commas bool        // commas separate and are never part of a number
	code   bool        // dotted names, calls and transposes of PyTorch
}

// scanner cuts a text into tokens.
type scanner struct {
	dialect
	text   string
	i      int
	tokens []token
	prefix string // Δ, waiting for its name
	fonts  []bool // for every open brace: is it the argument of a font command, and so not a parenthesis?
	font   bool   // the next brace is such an argument
	spaced bool
}

// scan cuts text into tokens, the last of which is tokenEnd.
func scan(text string, d dialect) ([]token, *verdict.ReadError) {
	s := &scanner{dialect: d, text: text, spaced: true}
	for s.i < len(s.text) {
		if err := s.next(); err != nil {
			return nil, err
		}
	}
	if s.prefix != "" {
		return nil, verdict.Unreadable("unknown-symbol", len(text), "Δ stands alone; write ΔW")
	}
	s.emit(tokenEnd, "", 0)
	return s.tokens, nil
}

func (s *scanner) emit(kind tokenKind, text string, width int) {
	s.tokens = append(s.tokens, token{kind: kind, text: text, at: s.i, glued: !s.spaced})
	s.i += width
	s.spaced = false
}

// last is the token before, or one of kind tokenEnd at the start.
func (s *scanner) last() token {
	if len(s.tokens) == 0 {
		return token{}
	}
	return s.tokens[len(s.tokens)-1]
}

func (t token) is(operator string) bool { return t.kind == tokenOperator && t.text == operator }

// endsFactor tells whether a factor may end with t.
func (t token) endsFactor() bool {
	return t.kind == tokenNumber || t.kind == tokenName || t.is(")") || t.is("ᵀ")
}

func (s *scanner) next() *verdict.ReadError {
	rest := s.text[s.i:]
	c, width := utf8.DecodeRuneInString(rest)
	switch {
	case c == utf8.RuneError && width <= 1:
		return verdict.Unreadable("not-text", s.i, "there are bytes that are no text (UTF-8)")
	case isSpace(c) || c == '$' || c == '&' || c == '`':
		s.spaced = s.spaced || isSpace(c) || c == '&'
		s.i += width
		return nil
	case c == '\\':
		return s.command(rest)
	case c >= '0' && c <= '9', c == '.' && digitsAt(rest[1:]) > 0:
		num, n, err := readNumber(rest, s.i, s.commas)
		if err != nil {
			return err
		}
		s.emit(tokenNumber, num.text, n)
		s.tokens[len(s.tokens)-1].num = num
		return nil
	case c == '{' && s.font:
		s.fonts, s.font = append(s.fonts, true), false
		s.i += width
		return nil
	case c == '{':
		s.fonts = append(s.fonts, false)
	case c == '}' && len(s.fonts) > 0:
		transparent := s.fonts[len(s.fonts)-1]
		s.fonts = s.fonts[:len(s.fonts)-1]
		if transparent {
			s.i += width
			return nil
		}
	}
	if s.times && (c == 'x' || c == 'X') && s.last().endsFactor() && s.factorFollows(rest[width:]) {
		s.emit(tokenOperator, "×", width)
		return nil
	}
	if s.code && c == '.' {
		return s.attributes()
	}
	if _, ok := superscripts[c]; ok {
		return s.superscript()
	}
	if plain, ok := fractions[c]; ok {
		s.emit(tokenOperator, "(", 0)
		a, b, _ := strings.Cut(plain, "/")
		s.literal(a)
		s.emit(tokenOperator, "/", 0)
		s.literal(b)
		s.emit(tokenOperator, ")", width)
		return nil
	}
	if isMinus(c) {
		s.emit(tokenOperator, "-", width)
		return nil
	}
	if _, sub := subscripts[c]; sub || unicode.IsLetter(c) || c == '_' || c == '∝' || c == '∆' {
		return s.word()
	}
	if isPrime(c) {
		return s.prime(width)
	}
	if strings.HasPrefix(rest, "**") {
		s.emit(tokenOperator, "^", 2)
		return nil
	}
	if strings.HasPrefix(rest, "//") {
		return verdict.Unreadable("floor-division", s.i, "// rounds down; write / for the exact quotient")
	}
	if op, ok := operators[c]; ok {
		if s.times && c == '×' {
			op = "×"
		}
		s.emit(tokenOperator, op, width)
		return nil
	}
	return verdict.Unreadable("unknown-sign", s.i, "the sign %s is not read here", verdict.Quoted(string(c)))
}

func isPrime(c rune) bool { return c == '\'' || c == '′' || c == '’' || c == '´' || c == 'ʹ' }

func (s *scanner) literal(digits string) {
	num, _, _ := readNumber(digits, s.i, true)
	s.emit(tokenNumber, num.text, 0)
	s.tokens[len(s.tokens)-1].num = num
}

// factorFollows tells whether what comes after a letter x can be multiplied.
func (s *scanner) factorFollows(rest string) bool {
	rest = strings.TrimLeftFunc(rest, isSpace)
	c, _ := utf8.DecodeRuneInString(rest)
	return c >= '0' && c <= '9' || c == '(' || c == '.' || s.words != nil && len(s.words.names) > 0 && unicode.IsLetter(c)
}

// word reads letters, digits, subscripts and primes up to anything else and
// cuts them into names.
func (s *scanner) word() *verdict.ReadError {
	n, word := s.run()
	return s.name(word, n)
}

// run returns the bytes and the canonical spelling of the word ahead.
func (s *scanner) run() (int, string) {
	n := 0
	var raw strings.Builder
	for s.i+n < len(s.text) {
		rest := s.text[s.i+n:]
		c, width := utf8.DecodeRuneInString(rest)
		if _, raised := superscripts[c]; raised {
			break
		}
		if strings.HasPrefix(rest, "_{") { // W_{0}, d_{out}
			if end := strings.IndexByte(rest, '}'); end > 0 && plainWord(rest[2:end]) {
				raw.WriteString("_" + rest[2:end])
				n += end + 1
				continue
			}
		}
		_, sub := subscripts[c]
		switch {
		case isPrime(c) && raw.Len() > 0:
			raw.WriteString("′")
		case sub || unicode.IsLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '∝' || c == '∆':
			raw.WriteRune(upright(c))
		default:
			return n, flattenSubscripts(raw.String())
		}
		n += width
	}
	return n, flattenSubscripts(raw.String())
}

func plainWord(s string) bool {
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' {
			return false
		}
	}
	return s != ""
}

// name emits the names in a word that takes skip bytes of the text.
func (s *scanner) name(word string, skip int) *verdict.ReadError {
	if s.prefix != "" {
		word, s.prefix = s.prefix+word, ""
	} else if word == "Δ" {
		s.prefix = "Δ"
		s.i += skip
		return nil
	}
	if s.code && owner(word) && strings.HasPrefix(s.text[s.i+skip:], ".") {
		s.i += skip + 1
		return nil
	}
	call := strings.HasPrefix(s.text[s.i+skip:], "(")
	switch {
	case s.words == nil:
		s.emit(tokenName, canonical(word), skip)
		return nil
	case strings.HasPrefix(word, "_") && s.last().kind == tokenName && !s.spaced: // \mathbf{W}_0
		if name, ok := s.words.exact(s.last().text + word); ok {
			s.tokens[len(s.tokens)-1].text = name
			s.i += skip
			return nil
		}
	case (word == "T" || word == "t" || word == "top") && s.transposeExpected():
		s.emit(tokenOperator, "ᵀ", skip)
		return nil
	case s.code && s.last().is("^") && strings.HasPrefix(word, "T") && s.words.spelled["T"] == "": // W^Tx
		s.emit(tokenOperator, "ᵀ", 1)
		return nil
	case call && word == "sqrt":
		s.emit(tokenOperator, "√", skip)
		return nil
	case call && s.code && functions[word] != "":
		s.emit(tokenCall, functions[word], skip)
		return nil
	}
	if s.times {
		if pieces, ok := s.words.split(word, s.nameOrTimes); ok {
			s.pieces(pieces, skip)
			return nil
		}
	}
	pieces, ok := s.words.split(word, s.words.exact)
	if !ok {
		return s.words.unknown(word, s.i)
	}
	s.pieces(pieces, skip)
	return nil
}

// nameOrTimes reads rxk as r×k.
func (s *scanner) nameOrTimes(spelling string) (string, bool) {
	if name, ok := s.words.exact(spelling); ok {
		return name, ok
	}
	return "×", spelling == "x" || spelling == "X"
}

func (s *scanner) pieces(pieces []string, skip int) {
	for i, piece := range pieces {
		name, ok := s.words.exact(piece)
		if !ok {
			s.emit(tokenOperator, "×", 0)
			continue
		}
		s.emit(tokenName, name, 0)
		s.tokens[len(s.tokens)-1].piece = i > 0
	}
	s.i += skip
}

// transposeExpected tells whether a T here is raised: W^T, W^{T}.
func (s *scanner) transposeExpected() bool {
	n := len(s.tokens)
	return s.last().is("^") || s.last().is("(") && n > 1 && s.tokens[n-2].is("^")
}
