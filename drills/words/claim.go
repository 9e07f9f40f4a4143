package words

import (
	"regexp"
	"strings"

	"loralab/drills/verdict"
)

// side is what a number or a formula belongs to, by the prose around it.
type side uint8

const (
	unsaid side = iota
	ours        // LoRA, the adapter
	theirs      // full fine-tuning, the other side of a comparison, something denied
)

// FindClaim looks for a number or a formula in prose that may well name two of
// them, and takes the one that the prose gives to LoRA.
func FindClaim(g verdict.Grader, text string) (verdict.Verdict, error) {
	var best [3]verdict.Verdict
	for _, c := range claims(text) {
		v, err := Find(g, c.text)
		if err != nil {
			return v, err
		}
		if v.Status > best[c.of].Status {
			best[c.of] = v
		}
	}
	reversed := best[theirs].Status == verdict.Right && best[ours].Status != verdict.Right && best[unsaid].Status != verdict.Right
	switch {
	case reversed:
		echo := best[theirs].Echo
		return verdict.Reject("reversed", echo, "the other way round: "+echo+" is the answer, and here it is said of the other side"), nil
	case best[ours].Status != verdict.Invalid:
		return best[ours], nil
	}
	return best[unsaid], nil
}

var (
	// A comma or a point between digits ends neither a sentence nor a clause.
	sentenceEnds = regexp.MustCompile(`[.!?]+(?:\s+|$)|\n`)
	clauseBreaks = regexp.MustCompile(`[;,:]\s+|\s[—–]\s|(?i:\b(?:and|while|whereas|but|where|so|because|since|which|that)\b)`)

	// turns introduce the other side of a comparison, or what is denied.
	turns = regexp.MustCompile(`(?i)\b(?:vs\.?|versus|against|instead of|rather than|compared (?:to|with)|as opposed to|unlike|not|isn't|never|than|replaces|replacing)(?:\s|$)|≪|<<|«|\\ll\b`)

	ourSide   = regexp.MustCompile(`(?i)\b(?:q?lora|adapters?|low-rank)\b`)
	theirSide = regexp.MustCompile(`(?i)\b(?:full|fully|dense|everything|original|pretrained)\b`)
)

// claim is a piece of prose and the side that it speaks of.
type claim struct {
	text string
	of   side
}

func claims(text string) []claim {
	var all []claim
	for _, sentence := range sentenceEnds.Split(spoken(text), -1) {
		carried := unsaid // a side that is named holds until another is
		for _, clause := range clauseBreaks.Split(sentence, -1) {
			for i, half := range turns.Split(clause, -1) {
				of := sideOf(half)
				switch {
				case i > 0 && of == unsaid:
					of = theirs
				case of == unsaid:
					of = carried
				default:
					carried = of
				}
				all = append(all, claim{half, of})
			}
		}
	}
	return all
}

func sideOf(text string) side {
	switch a, b := ourSide.MatchString(text), theirSide.MatchString(text); {
	case a && !b:
		return ours
	case b && !a:
		return theirs
	}
	return unsaid
}

// signs are operators in words: r times (d plus k).
var signs = regexp.MustCompile(`(?i)\s(?:times|plus|minus|equals|over|divided by)\s`)

func spoken(text string) string {
	return signs.ReplaceAllStringFunc(text, func(word string) string {
		switch strings.ToLower(strings.TrimSpace(word)) {
		case "times":
			return " * "
		case "plus":
			return " + "
		case "minus":
			return " - "
		case "equals":
			return " = "
		}
		return " / "
	})
}
