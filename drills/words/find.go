package words

import (
	"regexp"
	"strings"

	"loralab/drills/verdict"
)

// maxWindow bounds the words of one answer that is looked for in prose.
const maxWindow = 40

var sentenceEnd = regexp.MustCompile(`[.!?;]\s+|\n+`)

// Find grades a text for the one answer that is asked, such as the equation
// in "LoRA computes h = Wx + (α/r)BAx, where A is r×k": it reads the longest
// runs of words that can be read at all, and returns the best of their
// verdicts. Runs are the longest ones so that r(d+k) is not found in 2·r(d+k).
func Find(g verdict.Grader, text string) (verdict.Verdict, error) {
	best, err := g.Grade(text)
	if err != nil || best.Status == verdict.Right {
		return best, err
	}
	var readable []string
	for _, s := range sentenceEnd.Split(text, -1) {
		words := strings.Fields(s)
		for i := 0; i < len(words); i++ {
			for n := min(maxWindow, len(words)-i); n > 0; n-- {
				window := strings.TrimRight(strings.Join(words[i:i+n], " "), ",:;.")
				if !substantial(window) {
					continue
				}
				v, err := g.Grade(window)
				if err != nil {
					return verdict.Verdict{}, err
				}
				if v.Status == verdict.Invalid {
					continue
				}
				readable = append(readable, window)
				if v.Better(best) {
					best = v
				}
				i += n - 1
				break
			}
		}
	}
	if len(readable) > 1 && best.Status == verdict.Partial { // shapes in two sentences
		v, err := g.Grade(strings.Join(readable, "\n"))
		if err == nil && v.Better(best) {
			best = v
		}
	}
	return best, nil
}

// substantial tells whether a run of words is more than a name or an ordinary
// word, which may be readable by accident, as "a" is.
func substantial(s string) bool {
	return strings.ContainsAny(s, "=+*·×/(0123456789") || strings.Contains(s, " x ") || strings.Contains(s, " by ") || strings.Contains(s, `\`)
}

// word is a word of prose rather than a name or a command of mathematics.
var word = regexp.MustCompile(`(?:^|[^\\\w])(?:[A-Za-z][a-z]{2,}|vs)\b`)

// lessThan is a comparison, so that two numbers or formulas are named.
var lessThan = regexp.MustCompile(`≪|<<|«|\\ll\b`)

// IsProse tells prose from an answer that is nothing but mathematics, in which
// a piece that can be read is not what was meant.
func IsProse(text string) bool {
	if lessThan.MatchString(text) {
		return true
	}
	for _, w := range word.FindAllString(text, -1) {
		switch strings.Trim(w, " ($*·/+=") {
		case "alpha", "rank", "sqrt", "frac", "text", "self", "scaling":
		default:
			return true
		}
	}
	return false
}
