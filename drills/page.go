package drills

import (
	"regexp"
	"strconv"
	"strings"

	"loralab/drills/verdict"
)

// A page from memory is prose with formulas in it. Every part of a question
// looks for its piece: an equation or a formula in a clause, the shapes
// wherever a matrix is said to have one, the points of a recall anywhere. A piece
// that the page itself ascribes to something else ("full fine-tuning trains …",
// "instead of …") is not taken for the answer, and if it is the right one the
// page has things the wrong way round.

// page grades every part from one text.
func (q *Question) page(text string) ([]verdict.Verdict, error) {
	sections := sections(text, len(q.Parts))
	verdicts := make([]verdict.Verdict, len(q.Parts))
	readable := false
	for i := range q.Parts {
		places := []string{text}
		if sections != nil && strings.TrimSpace(sections[i]) != "" {
			places = []string{sections[i], text}
		}
		for _, place := range places {
			if verdicts[i].Status != verdict.Invalid {
				break
			}
			var err error
			if verdicts[i], err = q.Parts[i].onPage(place); err != nil {
				return nil, err
			}
		}
		readable = readable || verdicts[i].Status != verdict.Invalid
	}
	for i, v := range verdicts {
		if readable && v.Status == verdict.Invalid { // other parts could be read: this one is not there
			verdicts[i] = verdict.Verdict{Status: verdict.Wrong, Note: "missing", Feedback: []string{"not found on the page: it is " + q.Parts[i].Key}}
		}
	}
	return verdicts, nil
}

// heading begins a numbered section of a page: "2.", "2)", "(2)", "Part 2:".
var heading = regexp.MustCompile(`(?im)^[\s>*#-]*(?:part\s+)?\(?([1-9])\s*[.):]\)?\s+`)

// sections cuts a page at the numbers of its parts; nil if it is not numbered
// from 1 upwards.
func sections(text string, parts int) []string {
	marks := heading.FindAllStringSubmatchIndex(text, -1)
	if len(marks) < 2 || len(marks) > parts {
		return nil
	}
	all := make([]string, parts)
	last := 0
	for i, m := range marks {
		n, _ := strconv.Atoi(text[m[2]:m[3]]) // one digit
		if n <= last || n > parts {
			return nil
		}
		last = n
		end := len(text)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		all[n-1] = text[m[1]:end]
	}
	return all
}
