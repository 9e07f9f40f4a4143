package drills

import (
	"regexp"
	"strconv"
	"strings"

	"loralab/drills/algebra"
)

// A page from memory is prose with formulas in it. Every part of a question
// looks for its piece: an equation or a formula in a clause, the shapes
// wherever a matrix is said to have one, the points of a recall anywhere. A piece
// that the page itself ascribes to something else ("full fine-tuning trains …",
// "instead of …") is not taken for the answer, and if it is the right one the
// page has things the wrong way round.

// page grades every part from one text.
func (q *Question) page(text string) ([]algebra.Verdict, error) {
	sections := sections(text, len(q.Parts))
	verdicts := make([]algebra.Verdict, len(q.Parts))
	readable := false
	for i := range q.Parts {
		places := []string{text}
		if sections != nil && strings.TrimSpace(sections[i]) != "" {
			places = []string{sections[i], text}
		}
		for _, place := range places {
			if verdicts[i].Status != algebra.Invalid {
				break
			}
			var err error
			if verdicts[i], err = q.Parts[i].onPage(place); err != nil {
				return nil, err
			}
		}
		readable = readable || verdicts[i].Status != algebra.Invalid
	}
	for i, v := range verdicts {
		if readable && v.Status == algebra.Invalid { // other parts could be read: this one is not there
			verdicts[i] = algebra.Verdict{Status: algebra.Wrong, Note: "missing", Feedback: []string{"not found on the page: it is " + q.Parts[i].Key}}
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

// word is a word of prose rather than a name or a command of mathematics.
var word = regexp.MustCompile(`(?:^|[^\\\w])(?:[A-Za-z][a-z]{2,}|vs)\b`)

// lessThan compares two numbers or formulas.
var lessThan = regexp.MustCompile(`≪|<<|«|\\ll\b`)

// wordy tells prose from an answer that is nothing but mathematics, in which a
// piece that can be read is not what was meant.
func wordy(text string) bool {
	if lessThan.MatchString(text) {
		return true
	}
	n := 0
	for _, w := range word.FindAllString(text, -1) {
		switch strings.Trim(w, " ($*·/+=") {
		case "alpha", "rank", "sqrt", "frac", "text", "self", "scaling":
		default:
			n++
		}
	}
	return n > 0
}

// side is what the prose around a number or a formula says it belongs to.
type side uint8

const (
	unsaid side = iota
	ours        // LoRA, the adapter
	theirs      // full fine-tuning, the other side of a comparison, something denied
)

// judge makes a Part a grader of single answers.
type judge struct{ *Part }

func (j judge) Grade(answer string) (algebra.Verdict, error) { return j.Part.judge(answer) }

// search looks for the part's answer in prose; Invalid if there is none.
func (p *Part) search(text string) (algebra.Verdict, error) {
	switch p.Kind {
	case EquationKind:
		return algebra.GradePage(judge{p}, text)
	case ShapeKind:
		v, err := algebra.GradePage(judge{p}, text)
		if err != nil || v.Status == algebra.Right {
			return v, err
		}
		if said := shapesIn(text, p.names); said != "" {
			other, err := p.judge(said)
			if err != nil || other.Status > v.Status {
				return other, err
			}
		}
		return v, nil
	case FormulaKind, CountKind, RealKind:
		return p.compare(text)
	}
	return p.judge(text)
}

// compare looks for a number or a formula in prose that may well name two of
// them, and takes the one that the prose gives to LoRA.
func (p *Part) compare(text string) (algebra.Verdict, error) {
	var best [3]algebra.Verdict
	for _, c := range claims(text) {
		v, err := algebra.GradePage(judge{p}, c.text)
		if err != nil {
			return v, err
		}
		if v.Status > best[c.of].Status {
			best[c.of] = v
		}
	}
	reversed := best[theirs].Status == algebra.Right && best[ours].Status != algebra.Right && best[unsaid].Status != algebra.Right
	switch {
	case reversed:
		v := best[theirs]
		v.Status, v.Score, v.Note = algebra.Wrong, 0, "reversed"
		v.Feedback = []string{"the other way round: " + v.Echo + " is the answer, and here it is said of the other side"}
		return v, nil
	case best[ours].Status != algebra.Invalid:
		return best[ours], nil
	}
	return best[unsaid], nil
}

var (
	// ends part sentences, breaks clauses. A comma or a point between digits does
	// neither.
	ends   = regexp.MustCompile(`[.!?]+(?:\s+|$)|\n`)
	breaks = regexp.MustCompile(`[;,:]\s+|\s[—–]\s|(?i:\b(?:and|while|whereas|but|where|so|because|since|which|that)\b)`)

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
	for _, sentence := range ends.Split(spoken(text), -1) {
		carried := unsaid // a side that is named holds until the next is
		for _, clause := range breaks.Split(sentence, -1) {
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

// signs are what people say for them: r times (d plus k).
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

// shapesIn finds what the text says of the shapes of the named matrices and
// writes it as "A: r×k, B: d×r"; "" if it says nothing.
func shapesIn(text string, names []string) string {
	alternatives := make([]string, len(names))
	for i, n := range names {
		alternatives[i] = regexp.QuoteMeta(n)
	}
	name := `(` + strings.Join(alternatives, "|") + `)`
	const (
		dim = `(\(?[\w√]+(?:\s*[+·*/]\s*[\w]+)*\)?)`
		by  = `\s*(?:×|x|X|\*|,|\bby\b|-by-|\\times)\s*`
	)
	// A is an r×k matrix · A ∈ R^{r×k} · A (r×k) · A: [r, k]
	after := regexp.MustCompile(`(?:^|[^\w'′])` + name + `(?:_\w+)?\s*(?:[:=∈(\[,]|\\in|\bis\b|\bhas\b|\bof\b|\bin\b|\bwith\b|\ban?\b|\bthe\b|\bshape[sd]?\b|\bsize\b|\bdimensions?\b|\bmatrix\b|\bdown-?projection\b|\bup-?projection\b|[ℝR]\s*\^?|\\mathbb\{?\s*R\}?\s*\^?|[{(\[]|\s)*?` + dim + by + dim)
	// an r×k matrix A
	before := regexp.MustCompile(dim + by + dim + `\)?\s+(?:matrix|factor|projection|down-?projection|up-?projection)\s+` + name + `(?:[^\w]|$)`)
	found := map[string]string{}
	for _, m := range before.FindAllStringSubmatch(text, -1) {
		found[m[3]] = m[1] + "×" + m[2]
	}
	for _, m := range after.FindAllStringSubmatch(text, -1) {
		if found[m[1]] == "" {
			found[m[1]] = strings.Trim(m[2], "([{") + "×" + strings.Trim(m[3], ")]}")
		}
	}
	var all []string
	for _, n := range names {
		if found[n] != "" {
			all = append(all, n+": "+found[n])
		}
	}
	return strings.Join(all, ", ")
}
