package drills

import (
	"slices"
	"strings"

	"loralab/drills/verdict"
	"loralab/drills/words"
)

// recallForm asks for a few sentences.
type recallForm struct {
	line
	rubric words.Rubric
	model  string // a model answer
}

func (recallForm) kind() Kind { return "recall" }

func (recallForm) keys() []string {
	return []string{"points!", "need", "must", "synonyms", "subjects", "model!"}
}

func (recallForm) placeholder() string { return "a sentence or a few" }
func (recallForm) sentences() bool     { return true }

func (recallForm) parse(r reader, p *part) form {
	f := recallForm{model: r.template("model")}
	f.rubric = words.Rubric{Need: int(r.number("need")), Synonyms: r.wordLists("synonyms"), Subjects: r.wordLists("subjects")}
	for _, m := range r.maps("points", "id!", "words!", "hit!", "miss", "weight") {
		f.rubric.Points = append(f.rubric.Points, words.Point{
			ID: m.text("id"), Words: m.text("words"), Hit: m.texts("hit"), Miss: m.texts("miss"), Weight: m.number("weight"),
		})
	}
	for _, it := range r.list("must") {
		i := slices.IndexFunc(f.rubric.Points, func(point words.Point) bool { return point.ID == it.Text })
		if i < 0 {
			r.keep(it.Errorf("%q is the id of no point", it.Text))
			continue
		}
		f.rubric.Points[i].Must = true
	}
	if _, err := f.rubric.Compile(); err != nil {
		r.wrong("points", "%w", err)
		return f
	}
	for _, m := range p.misconceptions {
		f.rubric.Misconceptions = append(f.rubric.Misconceptions, words.Misconception{Note: m.note, Words: m.words, Hit: m.patterns})
	}
	if _, err := f.rubric.Compile(); err != nil {
		r.wrong("misconceptions", "%w", err)
	}
	return f
}

func (f recallForm) build(p *part, d drawing, q *Part) error {
	rubric := f.rubric
	rubric.Misconceptions = slices.Clone(rubric.Misconceptions)
	for i, m := range p.expect(q, d, d.raw) {
		rubric.Misconceptions[i].Words = m.Words
	}
	var err error
	if q.grader, err = rubric.Compile(); err != nil {
		return p.fields.Errorf("points", "%w", err)
	}
	q.Key = d.fill(f.model)
	q.answer = q.Key
	return nil
}

// final is a misconception: what was said wrong is not mended by what else is
// said right.
func (recallForm) final(p *part, v verdict.Verdict) bool { return p.misconceives(v.Note) }

// wordLists returns lists of words by name, parted by commas.
func (r reader) wordLists(key string) map[string][]string {
	lists := map[string][]string{}
	for _, it := range r.pairs(key) {
		for word := range strings.SplitSeq(it.Text, ",") {
			lists[it.Key] = append(lists[it.Key], strings.TrimSpace(word))
		}
	}
	return lists
}
