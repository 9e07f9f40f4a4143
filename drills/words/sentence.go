package words

import (
	"slices"
	"strings"
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

// token is one word of an answer.
type token struct {
	text       string // the stem, or the word that its synonyms stand for; "" for a mark that ends a clause
	lower      string // small letters, as written
	at, end    int    // bytes of the answer
	negated    bool
	possessive bool
	subjects   []string // of a mention: what it names, in order
	mention    bool     // names a subject; subjects is empty if it is unknown which
	excluded   bool     // "not A", "unlike A": named in order to be left out
	modifier   bool     // the A of "the gradient of A"
}

// clause is a run of words with one predicate.
type clause struct {
	words        []token
	link         link
	hypothetical bool
	inherits     []string // the subjects, if the clause itself names none
	forced       bool     // inherits is settled, by a "respectively"
}

// sentence is clauses in their order.
type sentence []clause

// tokenizer cuts an answer into sentences, clauses and words.
type tokenizer struct {
	synonyms map[string]string   // stem to the word that stands for it
	subjects map[string][]string // word to the subjects it names
}

// sentences cuts an answer into sentences of clauses.
func (t *tokenizer) sentences(text string) []sentence {
	var all []sentence
	var words []token
	flush := func() {
		if s := t.clauses(words); len(s) > 0 {
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
		case c == '\n' || c == '?' || c == '!' && !strings.HasPrefix(rest, "!=") || c == '.' && !decimalPoint(text, i):
			flush()
			i += width
			continue
		case isSpace(c):
			i += width
			continue
		}
		n, found := t.next(text, i)
		for k := range found {
			found[k].at, found[k].end = i, i+n
		}
		words = append(words, found...)
		i += max(n, 1)
	}
	flush()
	t.inherit(all)
	return all
}

// Words by their role in a sentence.
var (
	negators   = set("not never cannot hardly barely fail")
	noDeterm   = set("no without neither nor nothing none lack nobody")
	copulas    = set("is are was were be been being = to at as all the a an set stay remain still both just only exactly initial init become get gets")
	follows    = set("is are was were = gets get starts start stays stay has have had must should can cannot could will would needs need remains remain begins begin becomes holds maps map projects project trains train learns learn gives give and or not never alone first only itself receives receive keeps keep also , : being initialized initialised init with to at from multiplies compresses reduces")
	strict     = set("is was = gets starts stays has must should can will needs remains begins cannot isn't wasn't being initialized initialised")
	causes     = set("because since")
	effects    = set("so therefore thus hence thereby consequently meaning means implies ensures ensuring making makes guarantees gives giving leads leading")
	contrasts  = set("but while whereas yet although though however")
	breaks     = set("and which who then when where if unless otherwise else , ; or once until there")
	adjuncts   = set("at after during when in for on to from with by since before")
	determiner = set("the an our your their a")
	suppose    = set("with without having setting were should had making initializing initialising") // at the start of a clause whose sequel has a "would"
	pronouns   = set("it this that they which its")
	nouns      = set("value values entry entries matrix weight weights noise init out") // that may stand between a predicate and its subject
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

// clauses cuts the words of a sentence at connectives, and marks what is negated
// and what is merely supposed.
func (t *tokenizer) clauses(words []token) sentence {
	words = t.letters(words)
	words = t.groups(words)
	var s sentence
	current := clause{}
	conditional, open := false, false // the clause being built follows an "if"; it has words already
	flush := func() {
		if len(current.words) == 0 {
			return
		}
		current.hypothetical = current.hypothetical || slices.ContainsFunc(current.words, func(w token) bool { return w.lower == "would" })
		s = append(s, current)
	}
	for i, w := range words {
		next := plainLink
		switch {
		case causes[w.lower]:
			next = causeLink
		case effects[w.lower]:
			next = effectLink
		case contrasts[w.lower]:
			next = contrastLink
		case w.text == "" || breaks[w.lower]:
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
		switch w.lower {
		case "if", "unless", "suppose":
			if open && len(s) > 0 && i > 0 && words[i-1].text != "" && !causes[words[i-1].lower] && !effects[words[i-1].lower] && !contrasts[words[i-1].lower] && words[i-1].lower != "and" {
				s[len(s)-1].hypothetical = true // nothing trains if both are zero
			}
			current.hypothetical, conditional = true, true
		case "otherwise", "else":
			current.link, current.hypothetical, conditional = effectLink, true, true
		case "which", "who", "there":
			current.words = append(current.words, w)
		}
		if effects[w.lower] && w.lower != "so" {
			current.words = append(current.words, w)
		}
		open = false
	}
	flush()
	for i := range s {
		if s[i].hypothetical && i > 0 && len(s[i-1].words) > 0 && suppose[s[i-1].words[0].lower] {
			s[i-1].hypothetical = true
		}
		if i == 0 && len(s[i].words) > 0 && s[i].words[0].lower == "without" && (len(s) > 1 || len(s[i].words) > 4) {
			s[i].hypothetical = true // without merging there are two more products
		}
		negate(s[i].words)
		modifiers(s[i].words)
	}
	respectively(s)
	return s
}

// negate marks what is negated: by a "not" the rest of the clause, by a "no" the
// words up to a preposition, by a "zero" what it counts, as in "zero extra
// latency".
func negate(words []token) {
	for i, w := range words {
		reach := 0
		switch {
		case negators[w.lower] || negators[w.text]:
			reach = 8
		case noDeterm[w.lower] || noDeterm[w.text]:
			reach = 4
		case w.text == "zero" && w.lower != "0" && (i == 0 || !copulas[words[i-1].lower] && !words[i-1].mention):
			for k := i + 1; k < len(words) && k <= i+3; k++ {
				t := words[k]
				if t.mention || copulas[t.lower] || prepos[t.lower] || strings.HasPrefix(t.text, "init") || t.text == "start" {
					break
				}
				words[k].negated = !words[k].negated
			}
			continue
		case w.lower == "unlike":
			for k := i + 1; k < len(words) && k <= i+2; k++ {
				words[k].excluded = words[k].excluded || words[k].mention
			}
			continue
		}
		if reach > 0 && i+1 < len(words) && words[i+1].mention && (i+2 >= len(words) || !copulas[words[i+2].lower]) && w.lower == "not" {
			words[i+1].excluded = true // B, not A, is zero
			if i+2 >= len(words) {
				continue
			}
		}
		for k := i + 1; k < len(words) && k <= i+reach; k++ {
			if reach < 8 && adjuncts[words[k].lower] { // no latency at inference
				break
			}
			words[k].negated = !words[k].negated
		}
	}
}

// respectively gives each subject its predicate in "A and B are random and zero,
// respectively".
func respectively(s sentence) {
	if !slices.ContainsFunc(s, func(c clause) bool {
		return slices.ContainsFunc(c.words, func(w token) bool { return w.lower == "respectively" })
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
