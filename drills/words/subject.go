package words

import (
	"slices"
	"strings"
)

// letters decides which small a and b, and which A at the start, are matrices
// and which are the article.
func (t *tokenizer) letters(words []token) []token {
	named := slices.ContainsFunc(words, func(w token) bool { return w.lower == "b" })
	for i, w := range words {
		if w.lower == "b" && !w.mention {
			words[i].subjects, words[i].mention = t.subjects["B"], true
		}
		if w.lower == "w" && !w.mention {
			words[i].subjects, words[i].mention = t.subjects["W"], true
		}
		if w.lower != "a" {
			continue
		}
		next := token{}
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
			matrix = follows[next.lower] || predicateEnds(words[i+1:])
		case strict[next.lower] || next.lower == "and" || next.lower == "or":
			matrix = true
		case i > 0 && (words[i-1].lower == "matrix" || words[i-1].lower == "and" && next.lower == "are"):
			matrix = true
		default:
			matrix = named && (first || words[i-1].lower == "and") && predicateEnds(words[i+1:])
		}
		words[i].mention = matrix
		words[i].subjects = nil
		if matrix {
			words[i].subjects = t.subjects["A"]
		}
	}
	return words
}

// predicateEnds tells whether nothing but what is said of a matrix follows up
// to the end of the clause: "A random Gaussian, …" but not "A random matrix".
func predicateEnds(words []token) bool {
	for i, w := range words {
		switch {
		case w.text == "random" || w.text == "zero" || w.text == "nonzero" || w.text == "initial" || w.text == "init":
		case w.text == "" || breaks[w.lower] || causes[w.lower] || effects[w.lower] || contrasts[w.lower] || copulas[w.lower] || follows[w.lower]:
			return i > 0
		default:
			return false
		}
	}
	return len(words) > 0
}

// groups joins mentions that share what is said of them: "A and B are zero" has
// one mention, of both.
func (t *tokenizer) groups(words []token) []token {
	var out []token
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch w.lower {
		case "both", "neither", "they":
			if w.lower != "neither" && i+1 < len(words) && (words[i+1].mention || words[i+1].lower == "the" || words[i+1].lower == "of") && slices.ContainsFunc(words[i+1:min(i+5, len(words))], func(w token) bool { return w.mention }) {
				continue // both A and B
			}
			if w.lower == "neither" && i+1 < len(words) && words[i+1].mention {
				break
			}
			if len(t.subjects["A"]) > 0 && len(t.subjects["B"]) > 0 {
				w.mention, w.subjects = true, slices.Concat(t.subjects["A"], t.subjects["B"])
			}
		case "other":
			if last := lastMention(out); last != nil && len(last.subjects) == 1 && (last.subjects[0] == "A" || last.subjects[0] == "B") {
				w.mention, w.subjects = true, []string{map[string]string{"A": "B", "B": "A"}[last.subjects[0]]}
			}
		case "one":
			w.mention = true // it is not known which
		}
		if w.mention && len(out) >= 2 && len(w.subjects) > 0 {
			k := len(out) - 1
			for k > 0 && (out[k].lower == "the" || out[k].lower == "matrix" || out[k].lower == "matrice") {
				k--
			}
			joins := k > 0 && (out[k].lower == "and" || out[k].lower == "or" || out[k].lower == "nor" || out[k].text == "" && out[k].lower == ",") &&
				out[k-1].mention && len(out[k-1].subjects) > 0 && !out[k-1].possessive
			if joins && out[k].lower == "," && !(i+1 < len(words) && (words[i+1].lower == "are" || words[i+1].lower == "and")) {
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
func separate(before, after []token) bool {
	if len(after) == 0 || !(follows[after[0].lower] || after[0].text == "zero" || after[0].text == "random") || after[0].lower == "are" || after[0].text == "" {
		return false
	}
	for i := len(before) - 1; i >= 0 && before[i].text != ""; i-- {
		if before[i].text == "zero" || before[i].text == "random" || before[i].text == "nonzero" {
			return true
		}
	}
	return false
}

func lastMention(words []token) *token {
	for i := len(words) - 1; i >= 0; i-- {
		if words[i].mention && !words[i].excluded {
			return &words[i]
		}
	}
	return nil
}

// modifiers marks mentions that only qualify another one: the A of "the
// gradient of A", the B of "B's gradient".
func modifiers(words []token) {
	for i := range words {
		if !words[i].mention {
			continue
		}
		k := i - 1
		for k > 0 && (determiner[words[k].lower] || words[k].lower == "matrix" || words[k].lower == "both") {
			k--
		}
		if k > 0 && prepos[words[k].lower] {
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

// inherit gives every clause the subjects that were named last.
func (t *tokenizer) inherit(all []sentence) {
	var before []string // by the sentence before
	for _, s := range all {
		var last []string
		for i := range s {
			c := &s[i]
			if !c.forced {
				c.inherits = last
				if len(last) == 0 && len(c.words) > 0 && pronouns[c.words[0].lower] {
					c.inherits = before
				}
				if len(c.words) > 0 && c.words[0].lower == "which" && i > 0 {
					if m := lastMention(s[i-1].words); m != nil {
						c.inherits = m.subjects
					}
				}
				if otherSubject(c.words) {
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

// otherSubject tells whether a clause begins with a subject that the rubric does
// not know, as in "the bias is random".
func otherSubject(words []token) bool {
	if len(words) < 2 || words[0].mention {
		return false
	}
	if determiner[words[0].lower] {
		return !words[1].mention
	}
	switch words[1].lower {
	case "is", "are", "was", "were":
		return !pronouns[words[0].lower] && words[0].lower != "there"
	}
	return false
}

// bound returns the place of the subjects that word i is said of, −1 if they are
// inherited, and the subjects. together tells that it is said of them as one: "they can't both
// be zero" denies it of neither.
func (c *clause) bound(i int) (who int, subjects []string, together bool) {
	prev, next := -1, -1
	gap := 0
	for k := i - 1; k >= 0; k-- {
		w := c.words[k]
		if w.mention && !w.excluded {
			direct := k == i-2 && c.words[i-1].lower == "=" && !(k > 0 && c.words[k-1].lower == "of")
			if !w.modifier || direct {
				prev = k
				break
			}
			continue
		}
		if !copulas[w.lower] && !copulas[w.text] {
			gap++
		}
	}
	for k := i + 1; k < len(c.words) && k <= i+4; k++ {
		w := c.words[k]
		if w.mention && !w.excluded {
			next = k
			break
		}
		filler := prepos[w.lower] || determiner[w.lower] || strings.HasPrefix(w.text, "init") || nouns[w.lower] || w.text == c.words[i].text
		if !filler {
			break
		}
	}
	attribute := next == i+1 && i > 0 && (determiner[c.words[i-1].lower] || possessing[c.words[i-1].lower]) // gets a nonzero gradient
	switch {
	case next >= 0 && (prev < 0 || gap > 1 || attribute):
		prev = next
	case prev < 0:
		return -1, c.inherits, false
	}
	return prev, c.words[prev].subjects, c.words[prev].lower == "both"
}
