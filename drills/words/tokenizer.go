package words

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rules rewrite what a look at single words would misread, such as N(0, σ²) or
// "instead of". They are tried in order at the start of every word.
var rules = []struct {
	pattern *regexp.Regexp
	words   []string
}{
	{regexp.MustCompile(`^(?i:n|𝒩|\\mathcal\{N\})\s*\(\s*0\s*,[^()]{0,40}(?:\([^()]{0,20}\))?[^()]{0,20}\)`), []string{"gaussian"}},
	{regexp.MustCompile(`^[‖|]?\s*(?:∂|d|\\partial ?)\s*(?:L|ℒ|loss)\s*/\s*(?:∂|d|\\partial ?)\s*`), []string{"gradient", "of"}},
	{regexp.MustCompile(`^(?:∇|\\nabla)_?\s*`), []string{"gradient", "of"}},
	{regexp.MustCompile(`^(?i)(?:zero|0)[- ]mean\b`), []string{"zeromean"}},
	{regexp.MustCompile(`^(?i)mean[- ](?:of )?(?:zero|0)\b`), []string{"zeromean"}},
	{regexp.MustCompile(`^(?i)normal(?:ly)?[- ]distribut\w*`), []string{"gaussian"}},
	{regexp.MustCompile(`^(?i)(?:standard|from a|drawn from a) normal\b`), []string{"gaussian"}},
	{regexp.MustCompile(`^(?i)(?:time ?step|step|iteration|epoch|time)\s*(?:=\s*|number )?(?:0|zero)\b`), []string{"start"}},
	{regexp.MustCompile(`^t\s*=\s*0\b`), []string{"start"}},
	{regexp.MustCompile(`^(?i)non[- ]?zeros?\b`), []string{"nonzero"}},
	{regexp.MustCompile(`^(?:≠|!=|=/=|\\neq?)\s*(?:0\b|zeros?\b)`), []string{"nonzero"}},
	{regexp.MustCompile(`^(?:≠|!=|=/=|\\neq?)`), []string{"not", "="}},
	{regexp.MustCompile(`^(?:s\s*[·*@×]?\s*|\(?\s*(?:α|alpha)\s*/\s*r\s*\)?\s*[·*@×]?\s*)?(?:B\s*[·@*×∙⋅]\s*A|BA|A\s*[·@*×∙⋅]\s*B|AB)(?:\s*[·@*×∙⋅]?\s*x)?\b`), []string{"BA"}},
	{regexp.MustCompile(`^(?:Δ|∆|\\Delta ?|[Dd]elta[ _-]?)W\b`), []string{"BA"}},
	{regexp.MustCompile(`^(?i)lora_?a\b`), []string{"A"}},
	{regexp.MustCompile(`^(?i)lora_?b\b`), []string{"B"}},
	{regexp.MustCompile(`^(?i)down[- ]?proj(?:ection)?\b`), []string{"A"}},
	{regexp.MustCompile(`^(?i)up[- ]?proj(?:ection)?\b`), []string{"B"}},
	{regexp.MustCompile(`^W(?:_?0|₀)?\b`), []string{"W"}},
	{regexp.MustCompile(`^W₀`), []string{"W"}},
	{regexp.MustCompile(`^W(?:'|′|’)`), []string{"merged"}},
	{regexp.MustCompile(`^(?i)w/o\b`), []string{"without"}},
	{regexp.MustCompile(`^(?i)w/ `), []string{"with"}},
	{regexp.MustCompile(`^(?:→|=>|⇒|⟹|->)`), []string{"so"}},
	{regexp.MustCompile(`^(?i)(?:due|owing|thanks) to\b`), []string{"because"}},
	{regexp.MustCompile(`^(?i)because of\b`), []string{"because"}},
	{regexp.MustCompile(`^(?i)as a (?:result|consequence)\b`), []string{"so"}},
	{regexp.MustCompile(`^(?i)(?:which|that|this) (?:means|implies|ensures|makes|guarantees)(?: that)?\b`), []string{"so"}},
	{regexp.MustCompile(`^(?i)in order (?:to|that)\b`), []string{"so"}},
	{regexp.MustCompile(`^(?i)not (?:only|just|merely)\b`), []string{"also"}},
	{regexp.MustCompile(`^(?i)no longer\b`), []string{"not", "longer"}},
	{regexp.MustCompile(`^(?i)no one\b`), []string{"nothing"}},
	{regexp.MustCompile(`^(?i)(?:rather than|instead of|unlike|as opposed to)\b`), []string{"unlike"}},
	{regexp.MustCompile(`^(?i)(?:with respect to|w\.r\.t\.?|wrt)`), []string{"of"}},
	{regexp.MustCompile(`^(?i)(?:e\.g\.|i\.e\.|vs\.|approx\.)`), []string{","}},
	{regexp.MustCompile(`^(?i)can(?:no|['’])t\b`), []string{"can", "not"}},
	{regexp.MustCompile(`^(?i)won['’]t\b`), []string{"will", "not"}},
	{regexp.MustCompile(`^(?i)(?:is|are|was|were|do|does|did|has|have|had|would|could|should|must|need)n['’]?t\b`), nil}, // cut in two below
	{regexp.MustCompile(`^(?i)ain['’]t\b`), []string{"is", "not"}},
}

// next reads the word, or the words, at i.
func (t *tokenizer) next(text string, i int) (int, []token) {
	rest := text[i:]
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	if i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
		for _, rule := range rules {
			n := len(rule.pattern.FindString(rest))
			if n == 0 {
				continue
			}
			if rule.words == nil {
				verb, _, _ := strings.Cut(strings.ToLower(rest[:n]), "n")
				return n, []token{t.word(verb), t.word("not")}
			}
			var found []token
			for _, w := range rule.words {
				found = append(found, t.word(w))
			}
			return n, found
		}
	}
	n := 0
	for n < len(rest) {
		c, width := utf8.DecodeRuneInString(rest[n:])
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && !unicode.Is(unicode.Mn, c) && !decimalPoint(rest, n) {
			break
		}
		n += width
	}
	if n == 0 {
		c, width := utf8.DecodeRuneInString(rest)
		switch {
		case strings.ContainsRune(",;:()[]{}—–", c), c == '-' && i > 0 && text[i-1] == ' ' && strings.HasPrefix(rest, "- "):
			return width, []token{{lower: ","}}
		case c == '=' || c == '~' || c == '∼' || c == '≈':
			return width, []token{{text: "=", lower: "="}}
		case c == '&' || c == '+':
			return width, []token{t.word("and")}
		}
		return width, nil
	}
	w := t.word(rest[:n])
	if tail := rest[n:]; strings.HasPrefix(tail, "'s") || strings.HasPrefix(tail, "’s") {
		n += len(tail) - len(strings.TrimPrefix(strings.TrimPrefix(tail, "'s"), "’s"))
		if w.lower == "it" || w.lower == "that" || w.lower == "what" {
			return n, []token{w, t.word("is")}
		}
		w.possessive = true
	}
	return n, []token{w}
}

// word looks a word up. Capital A and B are taken for the matrices here;
// [tokenizer.letters] decides from what stands around them.
func (t *tokenizer) word(raw string) token {
	low := strings.ToLower(raw)
	w := token{lower: low, text: t.normal(low)}
	name, ok := t.subjects[raw]
	if !ok && utf8.RuneCountInString(raw) > 1 {
		name, ok = t.subjects[low]
	}
	if ok {
		w.subjects, w.mention = name, true
	}
	if raw == "," {
		w.text = ""
	}
	return w
}

func (t *tokenizer) normal(low string) string {
	if strings.Trim(low, "0.") == "" && low != "" {
		low = "zero"
	}
	s := stem(low)
	if to, ok := t.synonyms[s]; ok {
		return to
	}
	return s
}

// decimalPoint tells whether s has a point between two digits at i.
func decimalPoint(s string, i int) bool {
	return s[i] == '.' && i > 0 && isDigit(s[i-1]) && i+1 < len(s) && isDigit(s[i+1])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isSpace reports spaces, those without a width among them.
func isSpace(c rune) bool {
	return unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff' || c == '\u2060'
}
