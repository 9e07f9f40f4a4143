package drills

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"loralab/drills/verdict"
	"loralab/drills/words"
)

// Result is an answer graded.
type Result struct {
	Family   string         `json:"family"`
	Seed     uint64         `json:"seed"`
	Prompt   string         `json:"prompt"`
	Status   verdict.Status `json:"status"`
	Score    float64        `json:"score"`    // 0 to 1, the mean of the parts
	Note     string         `json:"note"`     // of the first part that is not right
	Feedback string         `json:"feedback"` // a line each, those of several parts numbered
	Echo     string         `json:"echo"`     // how the answer was read
	Parts    []PartResult   `json:"parts"`
	Key      string         `json:"key"`
	Run      string         `json:"run,omitempty"` // the command that repeats the run that decided
}

// PartResult is what became of one part.
type PartResult struct {
	Part     int                   `json:"part"` // from 1
	Ask      string                `json:"prompt,omitempty"`
	Kind     Kind                  `json:"kind"`
	Status   verdict.Status        `json:"status"`
	Score    float64               `json:"score"`
	Note     string                `json:"note"`
	Feedback []string              `json:"feedback"`
	Echo     string                `json:"echo"`
	Points   []verdict.PointResult `json:"points,omitempty"` // of a recall
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
// about the question, never about the answer; it is [ErrNotRun] before Settle.
func (q *Question) Grade(answer string, part int) (Result, error) {
	if !q.over() {
		return Result{}, ErrNotRun
	}
	return q.grade(answer, part)
}

// grade is Grade, also before the run is over: what was read is right then, and
// what became of it is not.
func (q *Question) grade(answer string, part int) (Result, error) {
	r := Result{Family: q.Family.ID, Seed: q.Seed, Prompt: q.Text()}
	if q.Run != nil {
		r.Run = q.Run.Command()
	}
	if part < 0 || part > len(q.Parts) {
		return r, fmt.Errorf("%s has %d parts, and no part %d", q.Family.ID, len(q.Parts), part)
	}
	var verdicts []verdict.Verdict
	switch {
	case part > 0 || len(q.Parts) == 1:
		part = max(part, 1)
		v, err := q.Parts[part-1].grade(answer)
		if err != nil {
			return r, fmt.Errorf("%s, seed %d, part %d: %w", q.Family.ID, q.Seed, part, err)
		}
		verdicts = []verdict.Verdict{v}
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
	count := map[verdict.Status]int{}
	var feedback, echoes, keys []string
	for _, p := range r.Parts {
		count[p.Status]++
		r.Score += p.Score / float64(len(r.Parts))
		if r.Note == "" && p.Status != verdict.Right {
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
	case count[verdict.Right]:
		r.Status, r.Score = verdict.Right, 1
		r.Note = r.Parts[0].Note
		if len(r.Parts) > 1 {
			r.Note = "right"
		}
	case count[verdict.Invalid]:
		r.Status = verdict.Invalid
	case count[verdict.Wrong] + count[verdict.Invalid]:
		r.Status = verdict.Wrong
	default:
		r.Status = verdict.Partial
	}
	r.Feedback, r.Echo, r.Key = strings.Join(feedback, "\n"), strings.Join(echoes, "\n"), strings.Join(keys, "\n")
}

// grade judges an answer to this part alone. What cannot be read as it stands is
// looked for among its sentences, since people answer in sentences.
func (p *Part) grade(answer string) (verdict.Verdict, error) { return p.read(answer, verdict.Wrong) }

// onPage grades the part from a text that says other things too: what it says as
// a whole may be wrong as an answer and hold one that is right.
func (p *Part) onPage(text string) (verdict.Verdict, error) { return p.read(text, verdict.Right) }

// read grades a text, and searches its prose where the text as a whole comes
// to less than enough.
func (p *Part) read(text string, enough verdict.Status) (verdict.Verdict, error) {
	v, err := p.grader.Grade(text)
	if err != nil {
		return v, err
	}
	if v.Status < enough && (enough == verdict.Right || words.IsProse(text)) {
		found, err := p.part.form.find(p.grader, text)
		if err != nil {
			return v, err
		}
		if found.Status > v.Status {
			v = found
		}
	}
	for i := range p.or {
		if v.Status == verdict.Right || p.part.form.final(p.part, v) {
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
	all := []verdict.Verdict{v}
	for i := range p.and {
		if v, err = p.and[i].onPage(text); err != nil {
			return v, err
		}
		if v.Status == verdict.Invalid && all[0].Status != verdict.Invalid {
			v = verdict.Verdict{Status: verdict.Wrong, Note: "missing", Feedback: []string{"not found: " + p.and[i].Key}}
		}
		all = append(all, v)
	}
	return together(all), nil
}

// together is the verdict of an answer that consists of several.
func together(all []verdict.Verdict) verdict.Verdict {
	var v verdict.Verdict
	count := map[verdict.Status]int{}
	var echoes []string
	for _, one := range all {
		count[one.Status]++
		v.Score += one.Score / float64(len(all))
		if one.Status != verdict.Right && v.Note == "" {
			v.Note = one.Note
		}
		v.Feedback = append(v.Feedback, one.Feedback...)
		if one.Echo != "" {
			echoes = append(echoes, one.Echo)
		}
	}
	v.Echo = strings.Join(echoes, "; ")
	switch {
	case count[verdict.Right] == len(all):
		v.Status, v.Score, v.Note = verdict.Right, 1, "right"
	case count[verdict.Invalid] == len(all):
	case count[verdict.Right]+count[verdict.Partial] > 0:
		v.Status = verdict.Partial
	default:
		v.Status = verdict.Wrong
	}
	return v
}

// display is LaTeX around a formula of its own.
var display = regexp.MustCompile(`\\[\[\]()]|\\(?:begin|end)\{(?:equation|align|aligned|displaymath)\*?\}`)

// withoutDisplay grades answers without the LaTeX that displays them.
type withoutDisplay struct{ verdict.Grader }

func (g withoutDisplay) Grade(answer string) (verdict.Verdict, error) {
	return g.Grader.Grade(display.ReplaceAllString(answer, " "))
}
