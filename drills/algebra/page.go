package algebra

import (
	"regexp"
	"strings"
)

// maxWindow bounds the words of one answer that is looked for on a page.
const maxWindow = 40

var sentenceEnd = regexp.MustCompile(`[.!?;]\s+|\n+`)

// GradePage grades a page of prose for the one answer that is asked, such as
// the equation in "LoRA computes h = Wx + (α/r)BAx, where A is r×k": it reads the
// longest runs of words that can be read at all, and returns the best of their
// verdicts. Runs are the longest ones so that r(d+k) is not found in
// 2·r(d+k). A Rubric listens to the page as a whole.
func GradePage(g Grader, page string) (Verdict, error) {
	whole, err := g.Grade(page)
	if _, isRubric := g.(Rubric); isRubric || err != nil || whole.Status == Right {
		return whole, err
	}
	best := whole
	var readable []string
	for _, s := range sentenceEnd.Split(page, -1) {
		words := strings.Fields(s)
		for i := 0; i < len(words); i++ {
			for n := min(maxWindow, len(words)-i); n > 0; n-- {
				window := strings.TrimRight(strings.Join(words[i:i+n], " "), ",:;.")
				if !substantial(window) {
					continue
				}
				v, err := g.Grade(window)
				if err != nil {
					return Verdict{}, err
				}
				if v.Status == Invalid {
					continue
				}
				readable = append(readable, window)
				if better(v, best) {
					best = v
				}
				i += n - 1
				break
			}
		}
	}
	if len(readable) > 1 && best.Status == Partial { // shapes in two sentences
		v, err := g.Grade(strings.Join(readable, "\n"))
		if err == nil && better(v, best) {
			best = v
		}
	}
	return best, nil
}

func better(a, b Verdict) bool {
	return a.Status > b.Status || a.Status == b.Status && a.Score > b.Score
}

// substantial tells whether a run of words is more than a name or an ordinary
// word, which may be readable by accident, as "a" is.
func substantial(s string) bool {
	return strings.ContainsAny(s, "=+*·×/(0123456789") || strings.Contains(s, " x ") || strings.Contains(s, " by ") || strings.Contains(s, `\`)
}
