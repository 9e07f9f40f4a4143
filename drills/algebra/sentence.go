package algebra

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// link says how a clause joins the one before it.
type link uint8

const (
	plainLink    link = iota // and, a comma, the start
	contrastLink             // but, while
	effectLink               // so, therefore, which means: this clause follows from the one before
	causeLink                // because, since: the one before follows from this clause
)

// heard is one word of an answer.
type heard struct {
	text       string // stem, or the first of its synonyms; "" for a mark that breaks clauses
	low        string // small letters, as written
	at, end    int    // bytes of the answer
	negated    bool
	possessive bool
	subjects   []string // of a mention: what it names, in order
	mention    bool     // names a subject, or (subjects empty) somebody unknown
	excluded   bool     // "not A", "unlike A": named in order to be left out
	modifier   bool     // the A of "the gradient of A"
}

// clause is a run of words with one predicate.
type clause struct {
	words        []heard
	link         link
	hypothetical bool
	inherits     []string // who is spoken of if the clause itself says nobody
	forced       bool     // inherits holds although the clause names nobody ("respectively")
}

// sentence is clauses in their order.
type sentence []clause

// ear is what listening to an answer needs to know.
type ear struct {
	synonyms map[string]string   // stem to the word that stands for it
	subjects map[string][]string // word to the subjects it names
}

// rules are what is read as something else than its letters, tried in order at
// the start of every word. Case matters unless (?i) is said.
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

// sentences cuts an answer into sentences of clauses.
func (e *ear) sentences(text string) []sentence {
	var all []sentence
	var words []heard
	flush := func() {
		if s := e.clauses(words); len(s) > 0 {
			// "So …" and "Otherwise …" go on with the sentence before.
			if len(all) > 0 && (s[0].link == effectLink || s[0].link == causeLink && len(s) == 1) {
				all[len(all)-1] = append(all[len(all)-1], s...)
			} else {
				all = append(all, s)
			}
		}
		words = nil
	}
	for i := 0; i < len(text); {
		rest := text[i:]
		c, width := utf8.DecodeRuneInString(rest)
		switch {
		case c == '\n' || c == '?' || c == '!' && !strings.HasPrefix(rest, "!=") || c == '.' && !(digitsAt(rest[1:]) > 0 && i > 0 && digitBefore(text[:i])):
			flush()
			i += width
			continue
		case isSpace(c):
			i += width
			continue
		}
		n, found := e.next(text, i)
		for k := range found {
			found[k].at, found[k].end = i, i+n
		}
		words = append(words, found...)
		i += max(n, 1)
	}
	flush()
	e.inherit(all)
	return all
}

// next reads the word, or the words, at i.
func (e *ear) next(text string, i int) (int, []heard) {
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
				return n, []heard{e.word(verb), e.word("not")}
			}
			var found []heard
			for _, w := range rule.words {
				found = append(found, e.word(w))
			}
			return n, found
		}
	}
	n := 0
	for n < len(rest) {
		c, width := utf8.DecodeRuneInString(rest[n:])
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && !unicode.Is(unicode.Mn, c) && !(c == '.' && n > 0 && digitBefore(rest[:n]) && digitsAt(rest[n+1:]) > 0) {
			break
		}
		n += width
	}
	if n == 0 {
		c, width := utf8.DecodeRuneInString(rest)
		switch {
		case strings.ContainsRune(",;:()[]{}—–", c), c == '-' && i > 0 && text[i-1] == ' ' && strings.HasPrefix(rest, "- "):
			return width, []heard{{low: ","}}
		case c == '=' || c == '~' || c == '∼' || c == '≈':
			return width, []heard{{text: "=", low: "="}}
		case c == '&' || c == '+':
			return width, []heard{e.word("and")}
		}
		return width, nil
	}
	w := e.word(rest[:n])
	if tail := rest[n:]; strings.HasPrefix(tail, "'s") || strings.HasPrefix(tail, "’s") {
		n += len(tail) - len(strings.TrimPrefix(strings.TrimPrefix(tail, "'s"), "’s"))
		if w.low == "it" || w.low == "that" || w.low == "what" {
			return n, []heard{w, e.word("is")}
		}
		w.possessive = true
	}
	return n, []heard{w}
}

// word looks a word up. Capital A and B are the matrices; small a and b are
// settled by what stands around them, in article.
func (e *ear) word(raw string) heard {
	low := strings.ToLower(raw)
	w := heard{low: low, text: e.normal(low)}
	name, ok := e.subjects[raw]
	if !ok && utf8.RuneCountInString(raw) > 1 {
		name, ok = e.subjects[low]
	}
	if ok {
		w.subjects, w.mention = name, true
	}
	if raw == "," {
		w.text = ""
	}
	return w
}

func (e *ear) normal(low string) string {
	if strings.Trim(low, "0.") == "" && low != "" {
		low = "zero"
	}
	s := stem(low)
	if to, ok := e.synonyms[s]; ok {
		return to
	}
	return s
}

// Words that are read by their role.
var (
	negators   = set("not never cannot hardly barely fail")
	noDeterm   = set("no without neither nor nothing none lack nobody")
	copulas    = set("is are was were be been being = to at as all the a an set stay remain still both just only exactly initial init become get gets")
	follows    = set("is are was were = gets get starts start stays stay has have had must should can cannot could will would needs need remains remain begins begin becomes holds maps map projects project trains train learns learn gives give and or not never alone first only itself receives receive keeps keep also , : being initialized initialised init with to at from multiplies compresses reduces")
	strict     = set("is was = gets starts stays has must should can will needs remains begins cannot isn't wasn't being initialized initialised")
	causes     = set("because since")
	effects    = set("so therefore thus hence thereby consequently meaning means implies ensures ensuring making makes guarantees gives giving leads leading")
	contrasts  = set("but while whereas yet although though however")
	breaks     = set("and which who then when where if unless otherwise else , ; or")
	determiner = set("the an our your their a")
	possessing = set("get gets got has have had receive receives any some no")
	prepos     = set("of for to in into through from by on")
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// clauses cuts the words of a sentence at connectives and settles negation and
// mood.
func (e *ear) clauses(words []heard) sentence {
	words = e.letters(words)
	words = e.groups(words)
	var s sentence
	current := clause{}
	conditional, open := false, false // the clause being built follows an "if"; the one before flowed into it
	flush := func() {
		if len(current.words) == 0 {
			return
		}
		current.hypothetical = current.hypothetical || slices.ContainsFunc(current.words, func(w heard) bool { return w.low == "would" })
		s = append(s, current)
	}
	for i, w := range words {
		next := plainLink
		switch {
		case causes[w.low]:
			next = causeLink
		case effects[w.low]:
			next = effectLink
		case contrasts[w.low]:
			next = contrastLink
		case w.text == "" || breaks[w.low]:
		default:
			current.words = append(current.words, w)
			open = true
			continue
		}
		if len(current.words) > 0 {
			flush()
			current = clause{}
			// Consequences of an if, joined by a comma or an and.
			current.hypothetical = conditional && next == plainLink
			conditional = current.hypothetical
		}
		if next != plainLink {
			current.link = next
			current.hypothetical, conditional = false, false
		}
		switch w.low {
		case "if", "unless", "suppose":
			if open && len(s) > 0 && i > 0 && words[i-1].text != "" && !causes[words[i-1].low] && !effects[words[i-1].low] && !contrasts[words[i-1].low] && words[i-1].low != "and" {
				s[len(s)-1].hypothetical = true // nothing trains if both are zero
			}
			current.hypothetical, conditional = true, true
		case "otherwise", "else":
			current.link, current.hypothetical, conditional = effectLink, true, true
		case "which", "who":
			current.words = append(current.words, w)
		}
		if effects[w.low] && w.low != "so" {
			current.words = append(current.words, w)
		}
		open = false
	}
	flush()
	for i := range s {
		if s[i].hypothetical && i > 0 && len(s[i-1].words) > 0 && set("with without having setting were should had making initializing initialising")[s[i-1].words[0].low] {
			s[i-1].hypothetical = true
		}
		negate(s[i].words)
		modifiers(s[i].words)
	}
	respectively(s)
	return s
}

// letters settles which small a and b, and which A at the start, are matrices
// and which are the article.
func (e *ear) letters(words []heard) []heard {
	named := slices.ContainsFunc(words, func(w heard) bool { return w.low == "b" })
	for i, w := range words {
		if w.low == "b" && !w.mention {
			words[i].subjects, words[i].mention = e.subjects["B"], true
		}
		if w.low == "w" && !w.mention {
			words[i].subjects, words[i].mention = e.subjects["W"], true
		}
		if w.low != "a" {
			continue
		}
		next := heard{}
		if i+1 < len(words) {
			next = words[i+1]
		}
		first := i == 0 || words[i-1].text == ""
		var matrix bool
		switch {
		case w.mention && !first: // a capital A inside of a sentence
			matrix = true
		case i+1 == len(words) || next.text == "" || w.possessive:
			matrix = true
		case w.mention:
			matrix = follows[next.low] || predicateEnds(words[i+1:])
		case strict[next.low] || next.low == "and" || next.low == "or":
			matrix = true
		case i > 0 && (words[i-1].low == "matrix" || words[i-1].low == "and" && next.low == "are"):
			matrix = true
		default:
			matrix = named && (first || words[i-1].low == "and") && predicateEnds(words[i+1:])
		}
		words[i].mention = matrix
		words[i].subjects = nil
		if matrix {
			words[i].subjects = e.subjects["A"]
		}
	}
	return words
}

// predicateEnds tells whether nothing but what is said of a matrix follows up
// to the end of the clause: "A random Gaussian, …" but not "A random matrix".
func predicateEnds(words []heard) bool {
	for i, w := range words {
		switch {
		case w.text == "random" || w.text == "zero" || w.text == "nonzero" || w.text == "initial" || w.text == "init":
		case w.text == "" || breaks[w.low] || causes[w.low] || effects[w.low] || contrasts[w.low] || copulas[w.low] || follows[w.low]:
			return i > 0
		default:
			return false
		}
	}
	return len(words) > 0
}

// groups joins mentions that share what is said of them: "A and B are zero" has
// one mention, of both.
func (e *ear) groups(words []heard) []heard {
	var out []heard
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch w.low {
		case "both", "neither", "they":
			if w.low != "neither" && i+1 < len(words) && (words[i+1].mention || words[i+1].low == "the" || words[i+1].low == "of") && slices.ContainsFunc(words[i+1:min(i+5, len(words))], func(w heard) bool { return w.mention }) {
				continue // both A and B
			}
			if w.low == "neither" && i+1 < len(words) && words[i+1].mention {
				break
			}
			if len(e.subjects["A"]) > 0 && len(e.subjects["B"]) > 0 {
				w.mention, w.subjects = true, slices.Concat(e.subjects["A"], e.subjects["B"])
			}
		case "other":
			if last := lastMention(out); last != nil && len(last.subjects) == 1 && (last.subjects[0] == "A" || last.subjects[0] == "B") {
				w.mention, w.subjects = true, []string{map[string]string{"A": "B", "B": "A"}[last.subjects[0]]}
			}
		case "one":
			w.mention = true // of them, nobody knows which
		}
		if w.mention && len(out) >= 2 && len(w.subjects) > 0 {
			k := len(out) - 1
			for k > 0 && (out[k].low == "the" || out[k].low == "matrix" || out[k].low == "matrice") {
				k--
			}
			joins := k > 0 && (out[k].low == "and" || out[k].low == "or" || out[k].low == "nor" || out[k].text == "" && out[k].low == ",") &&
				out[k-1].mention && len(out[k-1].subjects) > 0 && !out[k-1].possessive
			if joins && out[k].low == "," && !(i+1 < len(words) && (words[i+1].low == "are" || words[i+1].low == "and")) {
				joins = false
			}
			if joins && separate(out[:k-1], words[i+1:]) {
				joins = false
			}
			if joins {
				out[k-1].subjects = slices.Concat(out[k-1].subjects, w.subjects)
				out[k-1].end = w.end
				out = out[:k]
				continue
			}
		}
		out = append(out, w)
	}
	return out
}

// separate tells that "random for A and B is zero" speaks of A and of B apart:
// something was said of the first before, and something else follows.
func separate(before, after []heard) bool {
	if len(after) == 0 || !(follows[after[0].low] || after[0].text == "zero" || after[0].text == "random") || after[0].low == "are" || after[0].text == "" {
		return false
	}
	for i := len(before) - 1; i >= 0 && before[i].text != ""; i-- {
		if before[i].text == "zero" || before[i].text == "random" || before[i].text == "nonzero" {
			return true
		}
	}
	return false
}

func lastMention(words []heard) *heard {
	for i := len(words) - 1; i >= 0; i-- {
		if words[i].mention && !words[i].excluded {
			return &words[i]
		}
	}
	return nil
}

// negate marks what the negations of a clause reach: the rest of the clause
// for a "not", four words for a "no", and what "zero" counts in "zero extra
// latency".
func negate(words []heard) {
	for i, w := range words {
		reach := 0
		switch {
		case negators[w.low] || negators[w.text]:
			reach = 8
		case noDeterm[w.low] || noDeterm[w.text]:
			reach = 4
		case w.text == "zero" && w.low != "0" && (i == 0 || !copulas[words[i-1].low] && !words[i-1].mention):
			for k := i + 1; k < len(words) && k <= i+3; k++ {
				t := words[k]
				if t.mention || copulas[t.low] || prepos[t.low] || strings.HasPrefix(t.text, "init") || t.text == "start" {
					break
				}
				words[k].negated = !words[k].negated
			}
			continue
		case w.low == "unlike":
			for k := i + 1; k < len(words) && k <= i+2; k++ {
				words[k].excluded = words[k].excluded || words[k].mention
			}
			continue
		}
		if reach > 0 && i+1 < len(words) && words[i+1].mention && (i+2 >= len(words) || !copulas[words[i+2].low]) && w.low == "not" {
			words[i+1].excluded = true // B, not A, is zero
			if i+2 >= len(words) {
				continue
			}
		}
		for k := i + 1; k < len(words) && k <= i+reach; k++ {
			words[k].negated = !words[k].negated
		}
	}
}

// modifiers marks mentions that only qualify another one: the A of "the
// gradient of A", the B of "B's gradient".
func modifiers(words []heard) {
	for i := range words {
		if !words[i].mention {
			continue
		}
		k := i - 1
		for k > 0 && (determiner[words[k].low] || words[k].low == "matrix" || words[k].low == "both") {
			k--
		}
		if k > 0 && prepos[words[k].low] {
			for j := k - 1; j >= max(0, k-3); j-- {
				if words[j].mention && !words[j].modifier {
					words[i].modifier = true
				}
			}
		}
		if words[i].possessive && i+1 < len(words) {
			for j := i + 1; j < min(i+3, len(words)); j++ {
				if words[j].mention {
					words[i].modifier = true
				}
			}
		}
	}
}

// respectively deals "A and B are random and zero, respectively" out.
func respectively(s sentence) {
	if !slices.ContainsFunc(s, func(c clause) bool {
		return slices.ContainsFunc(c.words, func(w heard) bool { return w.low == "respectively" })
	}) {
		return
	}
	for i := range s {
		for k, w := range s[i].words {
			if len(w.subjects) != 2 || i+1 >= len(s) {
				continue
			}
			s[i].words[k].subjects = w.subjects[:1]
			s[i+1].inherits, s[i+1].forced = w.subjects[1:], true
			return
		}
	}
}

// inherit tells every clause who was spoken of last.
func (e *ear) inherit(all []sentence) {
	var before []string // by the sentence before
	for _, s := range all {
		var last []string
		for i := range s {
			c := &s[i]
			if !c.forced {
				c.inherits = last
				if len(last) == 0 && len(c.words) > 0 && set("it this that they which its")[c.words[0].low] {
					c.inherits = before
				}
				if len(c.words) > 0 && c.words[0].low == "which" && i > 0 {
					if m := lastMention(s[i-1].words); m != nil {
						c.inherits = m.subjects
					}
				}
				if stranger(c.words) {
					c.inherits = nil
				}
			}
			for _, w := range c.words {
				if w.mention && !w.modifier && !w.excluded {
					last = w.subjects
				}
			}
		}
		if len(last) > 0 {
			before = last
		}
	}
}

// stranger tells whether a clause begins with somebody who is no subject, as in
// "the bias is random".
func stranger(words []heard) bool {
	if len(words) < 2 || words[0].mention {
		return false
	}
	if determiner[words[0].low] {
		return !words[1].mention
	}
	return set("is are was were")[words[1].low] && !set("it this that they which its there")[words[0].low]
}

// bound returns the mention of which word i is said, −1 if it is inherited, and
// its subjects. together tells that it is said of them as one: "they can't both
// be zero" denies it of neither.
func (c *clause) bound(i int) (who int, subjects []string, together bool) {
	prev, next := -1, -1
	gap := 0
	for k := i - 1; k >= 0; k-- {
		w := c.words[k]
		if w.mention && !w.excluded {
			direct := k == i-2 && c.words[i-1].low == "=" && !(k > 0 && c.words[k-1].low == "of")
			if !w.modifier || direct {
				prev = k
				break
			}
			continue
		}
		if !copulas[w.low] && !copulas[w.text] {
			gap++
		}
	}
	for k := i + 1; k < len(c.words) && k <= i+4; k++ {
		w := c.words[k]
		if w.mention && !w.excluded {
			next = k
			break
		}
		filler := prepos[w.low] || determiner[w.low] || strings.HasPrefix(w.text, "init") || set("value values entry entries matrix weight weights noise init out values")[w.low] || w.text == c.words[i].text
		if !filler {
			break
		}
	}
	attribute := next == i+1 && i > 0 && (determiner[c.words[i-1].low] || possessing[c.words[i-1].low]) // gets a nonzero gradient
	switch {
	case next >= 0 && (prev < 0 || gap > 1 || attribute):
		prev = next
	case prev < 0:
		return -1, c.inherits, false
	}
	return prev, c.words[prev].subjects, c.words[prev].low == "both"
}
