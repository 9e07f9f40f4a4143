package words

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"loralab/drills/verdict"
)

// Matcher is a compiled [Rubric].
type Matcher struct {
	rubric         Rubric
	tokenizer      *tokenizer
	hit, miss      [][]*pattern // by point
	misconceptions [][]*pattern
}

// Grade looks for every point. All hit (or Need of them, and none
// contradicted) is Right, some is Partial. The error is always nil.
func (m *Matcher) Grade(answer string) (verdict.Verdict, error) {
	answer = joinReason(answer)
	if err := verdict.CheckLength(answer); err != nil {
		return verdict.Refuse(err), nil
	}
	if !strings.ContainsFunc(answer, unicode.IsLetter) {
		return verdict.Refuse(verdict.Unreadable("no-words", -1, "a sentence is asked")), nil
	}
	text := parsed{answer, m.tokenizer.sentences(answer)}
	v := verdict.Verdict{Echo: strings.Join(strings.Fields(answer), " ")}
	hits, contradicted := 0, 0
	score, total := 0.0, 0.0
	for i, p := range m.rubric.Points {
		result := verdict.PointResult{ID: p.ID, Words: p.Words}
		if words, ok := text.find(m.miss[i]); ok {
			result.State, result.Quotes = verdict.Contradicted, words
		} else if words, ok := text.find(m.hit[i]); ok {
			result.State, result.Quotes = verdict.Hit, words
		}
		total += p.weight()
		switch result.State {
		case verdict.Hit:
			hits++
			score += p.weight()
			v.Feedback = append(v.Feedback, "said: "+p.Words+" ("+quoteAll(result.Quotes)+")")
		case verdict.Contradicted:
			contradicted++
			v.Note = cmp.Or(v.Note, "contradicted-"+p.ID)
			v.Feedback = append(v.Feedback, "the other way round: "+p.Words+" (you wrote "+quoteAll(result.Quotes)+")")
		default:
			v.Feedback = append(v.Feedback, "missed: "+p.Words)
		}
		v.Points = append(v.Points, result)
	}
	switch {
	case hits >= m.rubric.need() && contradicted == 0:
		v.Status, v.Score, v.Note = verdict.Right, 1, "right"
	case hits > 0:
		v.Status, v.Score = verdict.Partial, score/total
	default:
		v.Status = verdict.Wrong
	}
	for _, r := range v.Points {
		if r.State == verdict.Missed && v.Status != verdict.Right {
			v.Note = cmp.Or(v.Note, "missed-"+r.ID)
		}
	}
	m.demand(&v)
	m.refute(&v, text)
	return v, nil
}

// demand lowers the verdict on an answer without the points that it must make.
func (m *Matcher) demand(v *verdict.Verdict) {
	for i, r := range v.Points {
		switch must := m.rubric.Points[i].Must; {
		case must && r.State == verdict.Contradicted:
			v.Status, v.Score, v.Note = verdict.Wrong, 0, "contradicted-"+r.ID
		case must && r.State == verdict.Missed && v.Status == verdict.Right:
			v.Status, v.Score, v.Note = verdict.Partial, 0.5, "missed-"+r.ID
		}
	}
}

// refute makes an answer with a misconception wrong.
func (m *Matcher) refute(v *verdict.Verdict, text parsed) {
	for i, c := range m.rubric.Misconceptions {
		if words, ok := text.find(m.misconceptions[i]); ok {
			v.Status, v.Score, v.Note = verdict.Wrong, 0, c.Note
			v.Feedback = append(v.Feedback, "you wrote “"+strings.Join(words, " … ")+"”: "+c.Words)
			return
		}
	}
}

var (
	// yesOrNo is an answer whose reason follows in a sentence of its own.
	yesOrNo = regexp.MustCompile(`(?i)^\s*(yes|no|nope)\s*[.:;!–—-]+\s`)

	// denial is a "no" in other words, before its reason or its condition.
	denial = regexp.MustCompile(`(?i)^\s*(?:it (?:does not|doesn['’]t)|not|none),?\s+(because|since|if|when|once|after|as)\b`)
)

// joinReason makes one sentence of a yes or a no and its reason.
func joinReason(answer string) string {
	return denial.ReplaceAllString(yesOrNo.ReplaceAllString(answer, "$1, "), "No, $1")
}

// parsed is an answer with its sentences.
type parsed struct {
	text      string
	sentences []sentence
}

// find returns the words at which the first pattern that matches does so.
func (t parsed) find(patterns []*pattern) ([]string, bool) {
	for _, p := range patterns {
		for _, s := range t.sentences {
			spans, ok := p.match(s)
			if !ok {
				continue
			}
			var words []string
			for _, sp := range spans {
				tokens := s[sp.clause].words
				from, to := tokens[sp.first].at, tokens[sp.last].end
				if text := strings.TrimSpace(t.text[from:max(from, to)]); text != "" && !slices.Contains(words, text) {
					words = append(words, text)
				}
			}
			return words, true
		}
	}
	return nil, false
}

func quoteAll(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = "“" + w + "”"
	}
	return strings.Join(all, ", ")
}
