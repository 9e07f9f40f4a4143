package drills

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"loralab/drills/algebra"
)

// Result is an answer graded.
type Result struct {
	Family   string         `json:"family"`
	Seed     uint64         `json:"seed"`
	Prompt   string         `json:"prompt"`
	Status   algebra.Status `json:"status"`
	Score    float64        `json:"score"`    // 0 to 1, the mean of the parts
	Note     string         `json:"note"`     // of the first part that is not right
	Feedback string         `json:"feedback"` // a line each, those of several parts numbered
	Echo     string         `json:"echo"`     // how the answer was read
	Parts    []PartResult   `json:"parts"`
	Key      string         `json:"key"`
}

// PartResult is what became of one part.
type PartResult struct {
	Part     int                   `json:"part"` // from 1
	Ask      string                `json:"prompt,omitempty"`
	Kind     Kind                  `json:"kind"`
	Status   algebra.Status        `json:"status"`
	Score    float64               `json:"score"`
	Note     string                `json:"note"`
	Feedback []string              `json:"feedback"`
	Echo     string                `json:"echo"`
	Points   []algebra.PointResult `json:"points,omitempty"` // of a recall
	Key      string                `json:"key"`
}

// MarshalJSON writes absent feedback as an empty list.
func (r PartResult) MarshalJSON() ([]byte, error) {
	type plain PartResult
	if r.Feedback == nil {
		r.Feedback = []string{}
	}
	return json.Marshal(plain(r))
}

// Grade judges an answer to a part, numbered from 1. Part 0 is the whole page:
// every part is looked for in the answer and graded on its own. The error is
// about the question, never about the answer.
func (q *Question) Grade(answer string, part int) (Result, error) {
	r := Result{Family: q.Family.ID, Seed: q.Seed, Prompt: q.Text()}
	if part < 0 || part > len(q.Parts) {
		return r, fmt.Errorf("%s has %d parts, and no part %d", q.Family.ID, len(q.Parts), part)
	}
	var verdicts []algebra.Verdict
	switch {
	case part > 0 || len(q.Parts) == 1:
		part = max(part, 1)
		v, err := q.Parts[part-1].grade(answer)
		if err != nil {
			return r, fmt.Errorf("%s, seed %d, part %d: %w", q.Family.ID, q.Seed, part, err)
		}
		verdicts = []algebra.Verdict{v}
	default:
		part = 1
		var err error
		if verdicts, err = q.page(answer); err != nil {
			return r, fmt.Errorf("%s, seed %d: %w", q.Family.ID, q.Seed, err)
		}
	}
	for i, v := range verdicts {
		p := q.Parts[part-1+i]
		r.Parts = append(r.Parts, PartResult{
			Part: part + i, Ask: p.Ask, Kind: p.Kind, Status: v.Status, Score: v.Score, Note: v.Note,
			Feedback: v.Feedback, Echo: v.Echo, Points: v.Points, Key: p.Key,
		})
	}
	r.sum()
	return r, nil
}

// sum makes the outcome of the whole from its parts: right if all are right,
// invalid if nothing could be read.
func (r *Result) sum() {
	count := map[algebra.Status]int{}
	var feedback, echoes, keys []string
	for _, p := range r.Parts {
		count[p.Status]++
		r.Score += p.Score / float64(len(r.Parts))
		if r.Note == "" && p.Status != algebra.Right {
			r.Note = p.Note
		}
		number := ""
		if len(r.Parts) > 1 {
			number = fmt.Sprintf("%d. ", p.Part)
		}
		for _, line := range p.Feedback {
			feedback = append(feedback, number+line)
		}
		if p.Echo != "" {
			echoes = append(echoes, number+p.Echo)
		}
		keys = append(keys, number+p.Key)
	}
	switch len(r.Parts) {
	case count[algebra.Right]:
		r.Status, r.Score = algebra.Right, 1
		r.Note = r.Parts[0].Note
		if len(r.Parts) > 1 {
			r.Note = "right"
		}
	case count[algebra.Invalid]:
		r.Status = algebra.Invalid
	case count[algebra.Wrong] + count[algebra.Invalid]:
		r.Status = algebra.Wrong
	default:
		r.Status = algebra.Partial
	}
	r.Feedback, r.Echo, r.Key = strings.Join(feedback, "\n"), strings.Join(echoes, "\n"), strings.Join(keys, "\n")
}

// grade judges an answer to this part alone. What cannot be read as it stands is
// looked for among its sentences, since people answer in sentences.
func (p *Part) grade(answer string) (algebra.Verdict, error) { return p.read(answer, algebra.Wrong) }

// onPage grades the part from a text that says other things too: what it says as
// a whole may be wrong as an answer and hold one that is right.
func (p *Part) onPage(text string) (algebra.Verdict, error) { return p.read(text, algebra.Right) }

// read grades a text, and searches its prose where the text as a whole comes
// to less than enough.
func (p *Part) read(text string, enough algebra.Status) (algebra.Verdict, error) {
	v, err := p.judge(text)
	if err != nil {
		return v, err
	}
	if v.Status < enough && (enough == algebra.Right || wordy(text)) {
		found, err := p.search(text)
		if err != nil {
			return v, err
		}
		if found.Status > v.Status {
			v = found
		}
	}
	for i := range p.or {
		if !p.another(v) {
			break
		}
		other, err := p.or[i].read(text, enough)
		if err != nil {
			return v, err
		}
		if other.Status > v.Status {
			v = other
		}
	}
	if len(p.and) == 0 {
		return v, nil
	}
	all := []algebra.Verdict{v}
	for i := range p.and {
		if v, err = p.and[i].onPage(text); err != nil {
			return v, err
		}
		if v.Status == algebra.Invalid && all[0].Status != algebra.Invalid {
			v = algebra.Verdict{Status: algebra.Wrong, Note: "missing", Feedback: []string{"not found: " + p.and[i].Key}}
		}
		all = append(all, v)
	}
	return together(all), nil
}

// another tells whether an answer that came to v may be meant as another
// answer that does as well. What was said wrong is not mended by what else is
// said right: a misconception stays one, and an equation of the right shape and the
// wrong value too.
func (p *Part) another(v algebra.Verdict) bool {
	switch {
	case v.Status == algebra.Right, p.words[v.Note] != "":
		return false
	case p.Kind == EquationKind:
		return v.Status == algebra.Invalid || v.Note == "result-shape"
	}
	return true
}

// together is the verdict of an answer that consists of several.
func together(all []algebra.Verdict) algebra.Verdict {
	var v algebra.Verdict
	count := map[algebra.Status]int{}
	var echoes []string
	for _, one := range all {
		count[one.Status]++
		v.Score += one.Score / float64(len(all))
		if one.Status != algebra.Right && v.Note == "" {
			v.Note = one.Note
		}
		v.Feedback = append(v.Feedback, one.Feedback...)
		if one.Echo != "" {
			echoes = append(echoes, one.Echo)
		}
	}
	v.Echo = strings.Join(echoes, "; ")
	switch {
	case count[algebra.Right] == len(all):
		v.Status, v.Score, v.Note = algebra.Right, 1, "right"
	case count[algebra.Invalid] == len(all):
	case count[algebra.Right]+count[algebra.Partial] > 0:
		v.Status = algebra.Partial
	default:
		v.Status = algebra.Wrong
	}
	return v
}

// withoutValues drops what a formula comes to: "= 34,816" after r(d+k).
func withoutValues(answer string) string {
	sides := strings.Split(answer, "=")
	for len(sides) > 1 && !strings.ContainsFunc(sides[len(sides)-1], unicode.IsLetter) && strings.ContainsAny(sides[len(sides)-1], "0123456789") {
		sides = sides[:len(sides)-1]
	}
	return strings.Join(sides, "=")
}

// optionLetter is the letter of "b) neither of them".
var optionLetter = regexp.MustCompile(`^\s*\(?([a-zA-Z0-9])[).:]\s`)

// lettered writes options that an answer spells out as their letters: the words
// of one, or how only one of them begins.
func (p *Part) lettered(answer string) string {
	if p.Kind == ChoiceKind {
		if m := optionLetter.FindStringSubmatch(answer); m != nil {
			return m[1]
		}
		said, found := strings.ToLower(strings.Trim(answer, " .!")), -1
		for i, o := range p.Options {
			if rest, ok := strings.CutPrefix(strings.ToLower(o), said); ok && len(said) > 1 && (rest == "" || !unicode.IsLetter(rune(rest[0]))) {
				if found >= 0 {
					return answer
				}
				found = i
			}
		}
		if found >= 0 {
			return letter(found)
		}
		return answer
	}
	places := make([]int, len(p.Options))
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(i, j int) int { return len(p.Options[j]) - len(p.Options[i]) })
	for _, i := range places { // the longest first: an option may contain another
		answer = strings.ReplaceAll(answer, p.Options[i], " "+letter(i)+" ")
	}
	return answer
}

// display is LaTeX around a formula of its own.
var display = regexp.MustCompile(`\\[\[\]()]|\\(?:begin|end)\{(?:equation|align|aligned|displaymath)\*?\}`)

// denied is a "no" in other words, before its reason or its condition.
var denied = regexp.MustCompile(`(?i)^\s*(?:it (?:does not|doesn['’]t)|not|none),?\s+(because|since|if|when|once|after|as)\b`)

// yesOrNo is an answer whose reason follows in the next sentence.
var yesOrNo = regexp.MustCompile(`(?i)^\s*(yes|no|nope)\s*[.:;!–—-]+\s`)

// judge grades a text that is the answer and nothing else.
func (p *Part) judge(answer string) (algebra.Verdict, error) {
	answer = display.ReplaceAllString(answer, " ")
	switch p.Kind {
	case ChoiceKind, OrderKind:
		answer = p.lettered(answer)
	case FormulaKind:
		answer = withoutValues(answer)
	case RecallKind:
		answer = yesOrNo.ReplaceAllString(answer, "$1, ")
		answer = denied.ReplaceAllString(answer, "No, $1")
	}
	v, err := p.grader.Grade(answer)
	if err != nil || v.Status == algebra.Right && p.Kind != RecallKind {
		return v, err
	}
	for _, point := range v.Points {
		switch must := slices.Contains(p.must, point.ID); {
		case must && point.State == algebra.Contradicted:
			v.Status, v.Score, v.Note = algebra.Wrong, 0, "contradicted-"+point.ID
		case must && point.State == algebra.Missed && v.Status == algebra.Right:
			v.Status, v.Score, v.Note = algebra.Partial, 0.5, "missed-"+point.ID
		}
	}
	switch {
	case p.misheard != nil && v.Status != algebra.Invalid:
		heard, err := p.misheard.Grade(answer)
		if err != nil {
			return v, err
		}
		for _, m := range heard.Points {
			if m.State == algebra.Hit {
				v.Status, v.Score, v.Note = algebra.Wrong, 0, m.ID
				v.Feedback = append(v.Feedback, "you wrote “"+strings.Join(m.Heard, " … ")+"”: "+p.words[m.ID])
				return v, nil
			}
		}
	case p.Kind == OrderKind && v.Status == algebra.Wrong:
		o := p.grader.(algebra.Order)
		order, err := algebra.ParseOrder(answer, len(o.Items), o.Relation)
		if err != nil {
			return v, nil // it was read before
		}
		letters := make([]string, len(order))
		for i, k := range order {
			letters[i] = letter(k)
		}
		if note, ok := p.misorders[strings.Join(letters, " ")]; ok {
			v.Note, v.Feedback = note, append(v.Feedback, p.words[note])
		}
	}
	return v, nil
}
