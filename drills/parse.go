package drills

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"loralab/drills/algebra"
	"loralab/drills/words"
	"loralab/lessons"
)

// partKeys are what one part of a question says; a family with a single part
// says it itself.
var partKeys = []string{
	"kind", "key", "formula", "or", "and", "equation", "shapes", "symbols", "answer", "unit", "within", "plus", "digits",
	"rounding", "symbolic", "options", "relation", "points", "need", "must", "synonyms", "subjects", "model", "misconceptions",
}

var familyKeys = append([]string{
	"id!", "step", "depth!", "title!", "source", "draw", "where", "let", "prompt!", "parts", "hints!", "why!", "follow-ups!",
}, partKeys...)

// parser collects the mistakes of one bank file.
type parser struct {
	known map[string]quantity
	wrong []error
}

// note keeps an error; it reports whether there was one.
func (p *parser) note(err error) bool {
	if err != nil {
		p.wrong = append(p.wrong, err)
	}
	return err != nil
}

// parseFile reads the families of one file. The error joins all mistakes,
// each a [*lessons.ContentError].
func parseFile(file, text string, known map[string]quantity) ([]*Family, error) {
	top, err := lessons.Source{File: file, Line: 1, Text: text}.Fields("families!")
	if err != nil {
		return nil, err
	}
	list, err := top.Maps("families", familyKeys...)
	if err != nil {
		return nil, err
	}
	p := &parser{known: known}
	var all []*Family
	for _, fields := range list {
		all = append(all, p.family(fields))
	}
	return all, errors.Join(p.wrong...)
}

// text returns a string of f, keeping the error.
func (p *parser) text(f lessons.Fields, key string) string {
	text, err := f.Text(key)
	p.note(err)
	return text
}

func (p *parser) list(f lessons.Fields, key string) []lessons.Item {
	items, err := f.List(key)
	p.note(err)
	return items
}

func (p *parser) pairs(f lessons.Fields, key string) []lessons.Item {
	items, err := f.Pairs(key)
	p.note(err)
	return items
}

func (p *parser) maps(f lessons.Fields, key string, keys ...string) []lessons.Fields {
	all, err := f.Maps(key, keys...)
	p.note(err)
	return all
}

func (p *parser) number(f lessons.Fields, key string) float64 {
	x, err := f.Number(key)
	p.note(err)
	return x
}

func (p *parser) yes(f lessons.Fields, key string) bool {
	switch text := p.text(f, key); text {
	case "true":
		return true
	case "", "false":
	default:
		p.note(f.Errorf(key, "%s: %q is neither true nor false", key, text))
	}
	return false
}

func texts(items []lessons.Item) []string {
	all := make([]string, len(items))
	for i, it := range items {
		all[i] = it.Text
	}
	return all
}

var familyID = regexp.MustCompile(`^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$`)

// family reads one family. What is wrong with it is kept in p.wrong.
func (p *parser) family(fields lessons.Fields) *Family {
	f := &Family{
		ID: p.text(fields, "id"), Step: p.text(fields, "step"), Depth: Depth(p.text(fields, "depth")),
		Title: p.text(fields, "title"), Source: p.text(fields, "source"),
		prompt: p.text(fields, "prompt"), why: p.text(fields, "why"), fields: fields,
	}
	if !familyID.MatchString(f.ID) {
		p.note(fields.Errorf("id", "%q is no id such as merging/latency", f.ID))
	}
	if f.Step == "" {
		f.Step = path.Dir(f.ID)
	}
	if !slices.Contains(Steps(), f.Step) {
		p.note(fields.Errorf("id", "%s: step %q is none of %s", f.ID, f.Step, strings.Join(Steps(), ", ")))
	}
	if !slices.Contains(Depths(), f.Depth) {
		p.note(fields.Errorf("depth", "%q is none of %v", f.Depth, Depths()))
	}
	p.numbers(f)
	if fields.Has("parts") {
		for _, key := range partKeys {
			if fields.Has(key) {
				p.note(fields.Errorf(key, "%s belongs into one of the parts", key))
			}
		}
		for _, pf := range p.maps(fields, "parts", append([]string{"ask!"}, partKeys...)...) {
			f.parts = append(f.parts, p.part(f, pf, p.text(pf, "ask")))
		}
	} else {
		f.parts = []part{p.part(f, fields, "")}
	}
	p.words(f)
	return f
}

// numbers reads what is drawn and what is computed of it.
func (p *parser) numbers(f *Family) {
	for _, it := range p.pairs(f.fields, "draw") {
		d, err := readDraw(it)
		if p.note(err) {
			continue
		}
		f.draws = append(f.draws, d)
	}
	for _, it := range p.list(f.fields, "where") {
		c, err := readConstraint(it)
		if p.note(err) {
			continue
		}
		f.where = append(f.where, c)
	}
	for _, it := range p.pairs(f.fields, "let") {
		if name, ok := strings.CutPrefix(it.Text, "="); ok {
			if q, ok := p.known[strings.TrimSpace(name)]; !ok {
				p.note(it.Errorf("%s", p.unknownQuantity(strings.TrimSpace(name))))
			} else if missing := f.missing(q); missing != "" {
				p.note(it.Errorf("%s needs %s, which is not drawn", q.name, missing))
			}
		}
		f.lets = append(f.lets, it)
	}
}

func (p *parser) unknownQuantity(name string) string {
	var all []string
	for known := range p.known {
		all = append(all, known)
	}
	slices.Sort(all)
	return fmt.Sprintf("unknown quantity %q (%s)", name, strings.Join(nearest(name, all), ", "))
}

// missing returns a name that the quantity needs and the family does not have.
func (f *Family) missing(q quantity) string {
	for _, name := range q.needs {
		if !f.knows(name) {
			return name
		}
	}
	return ""
}

// words reads hints, follow-ups, and checks every text for names that do not
// exist.
func (p *parser) words(f *Family) {
	hints := p.list(f.fields, "hints")
	if len(hints) != 2 {
		p.note(f.fields.Errorf("hints", "%s: want two hints, the general one first, found %d", f.ID, len(hints)))
	}
	f.hints = texts(hints)
	follow := p.list(f.fields, "follow-ups")
	if len(follow) < 1 || len(follow) > 3 {
		p.note(f.fields.Errorf("follow-ups", "%s: want one to three follow-ups, found %d", f.ID, len(follow)))
	}
	for _, it := range follow {
		text, id, _ := strings.Cut(it.Text, "→")
		f.followUps = append(f.followUps, FollowUp{strings.TrimSpace(text), strings.TrimSpace(id)})
	}
	refuse := func(fields lessons.Fields, key, text string) {
		for _, name := range unresolved(text, f.knows) {
			p.note(fields.Errorf(key, "%s: {{%s}} is neither drawn nor computed (%s)", key, name, strings.Join(f.names(), ", ")))
		}
	}
	refuse(f.fields, "prompt", f.prompt)
	refuse(f.fields, "why", f.why)
	refuse(f.fields, "hints", strings.Join(f.hints, "\n"))
	for _, u := range f.followUps {
		refuse(f.fields, "follow-ups", u.Text)
	}
	notes := map[string]bool{}
	misconceptions := 0
	unique := func(fields lessons.Fields, note string) {
		misconceptions++
		if notes[note] {
			p.note(fields.Errorf("note", "%s: note %q stands twice", f.ID, note))
		}
		notes[note] = true
	}
	parts := slices.Clone(f.parts)
	for i := 0; i < len(parts); i++ {
		part := parts[i]
		parts = append(append(parts, part.or...), part.and...)
		if part.ask != "" {
			refuse(part.fields, "ask", part.ask)
		}
		refuse(part.fields, "model", part.model)
		for _, m := range part.misconception {
			unique(m.fields, m.note)
			refuse(m.fields, "answer", m.answer)
			refuse(m.fields, "words", m.words)
		}
		for _, o := range part.options {
			if o.note != "" {
				unique(o.fields, o.note)
			}
			refuse(o.fields, "text", o.text)
			refuse(o.fields, "words", o.words)
		}
	}
	if misconceptions == 0 {
		p.note(f.fields.Errorf("id", "%s: no misconception: what do people get wrong here?", f.ID))
	}
}

// part reads one part.
func (p *parser) part(f *Family, fields lessons.Fields, ask string) part {
	q := part{
		ask: ask, kind: Kind(p.text(fields, "kind")), key: p.text(fields, "key"), unit: p.text(fields, "unit"),
		within: p.number(fields, "within"), plus: p.number(fields, "plus"), digits: int(p.number(fields, "digits")),
		rounding: p.yes(fields, "rounding"), symbolic: p.yes(fields, "symbolic"), relation: p.text(fields, "relation"),
		symbols: texts(p.list(fields, "symbols")), answer: texts(p.list(fields, "answer")), model: p.text(fields, "model"),
		fields: fields,
	}
	if q.key != "" {
		if known, ok := p.known[q.key]; !ok {
			p.note(fields.Errorf("key", "%s", p.unknownQuantity(q.key)))
		} else if missing := f.missing(known); missing != "" {
			p.note(fields.Errorf("key", "%s needs %s, which is not drawn", q.key, missing))
		}
	}
	for _, m := range p.maps(fields, "misconceptions", "note!", "answer!", "words!", "heard") {
		q.misconception = append(q.misconception, misconception{p.text(m, "note"), p.text(m, "answer"), p.text(m, "words"), texts(p.list(m, "heard")), m})
	}
	for _, o := range p.maps(fields, "options", "id!", "text!", "note", "words") {
		q.options = append(q.options, option{p.text(o, "id"), p.text(o, "text"), p.text(o, "note"), p.text(o, "words"), o})
	}
	for _, m := range p.maps(fields, "or", partKeys...) {
		q.or = append(q.or, p.part(f, m, ""))
	}
	for _, m := range p.maps(fields, "and", partKeys...) {
		q.and = append(q.and, p.part(f, m, ""))
	}
	need := func(keys ...string) {
		for _, key := range keys {
			if !fields.Has(key) {
				p.note(fields.Errorf("kind", "a part of kind %s needs %s", q.kind, key))
			}
		}
	}
	switch q.kind {
	case CountKind:
		need("key")
	case RealKind:
		need("key")
		if q.within == 0 && q.plus == 0 && q.digits == 0 {
			p.note(fields.Errorf("kind", "say how close counts: within (0.01 is 1 %%), plus (absolute), or digits"))
		}
	case ShapeKind:
		need("key", "shapes", "symbols")
		for _, it := range p.pairs(fields, "shapes") {
			q.shapes = append(q.shapes, algebra.Shaped{Name: it.Key, Dims: it.Text})
		}
	case FormulaKind:
		need("key", "formula", "symbols")
		q.written = p.text(fields, "formula")
	case EquationKind:
		need("key", "equation")
		q.written = p.text(fields, "equation")
	case ChoiceKind:
		need("options")
		p.choice(&q)
	case OrderKind:
		need("options")
		if (q.key == "") == (len(q.answer) == 0) {
			p.note(fields.Errorf("kind", "an order has either a key that is computed or an answer, all ids in order"))
		}
		if len(q.answer) > 0 && len(q.answer) != len(q.options) {
			p.note(fields.Errorf("answer", "want all %d ids, found %d", len(q.options), len(q.answer)))
		}
		p.ids(&q)
	case RecallKind:
		need("points", "model")
		p.recall(&q)
	default:
		p.note(fields.Errorf("kind", "kind %q is none of count, real, shape, formula, equation, choice, order, recall", q.kind))
	}
	return q
}

func (p *parser) ids(q *part) {
	seen := map[string]bool{}
	for _, o := range q.options {
		if seen[o.id] {
			p.note(o.fields.Errorf("id", "id %q stands twice", o.id))
		}
		seen[o.id] = true
	}
	for _, id := range q.answer {
		if !seen[id] {
			p.note(q.fields.Errorf("answer", "%q is the id of no option", id))
		}
	}
}

func (p *parser) choice(q *part) {
	if len(q.options) < 2 {
		p.note(q.fields.Errorf("options", "want at least two options"))
	}
	if (q.key == "") == (len(q.answer) != 1) {
		p.note(q.fields.Errorf("kind", "a choice has either a key that is computed or the id of its answer"))
	}
	p.ids(q)
}

// recall reads the points of a recall, and the patterns of its misconceptions.
func (p *parser) recall(q *part) {
	synonyms, subjects := p.wordLists(q.fields, "synonyms"), p.wordLists(q.fields, "subjects")
	q.rubric = &words.Rubric{Need: int(p.number(q.fields, "need")), Synonyms: synonyms, Subjects: subjects}
	for _, m := range p.maps(q.fields, "points", "id!", "words!", "hit!", "miss", "weight") {
		q.rubric.Points = append(q.rubric.Points, words.Point{
			ID: p.text(m, "id"), Words: p.text(m, "words"), Hit: texts(p.list(m, "hit")), Miss: texts(p.list(m, "miss")), Weight: p.number(m, "weight"),
		})
	}
	for _, it := range p.list(q.fields, "must") {
		i := slices.IndexFunc(q.rubric.Points, func(point words.Point) bool { return point.ID == it.Text })
		if i < 0 {
			p.note(it.Errorf("%q is the id of no point", it.Text))
			continue
		}
		q.rubric.Points[i].Must = true
	}
	if _, err := q.rubric.Compile(); err != nil {
		p.note(q.fields.Errorf("points", "%w", err))
		return
	}
	for _, m := range q.misconception {
		q.rubric.Misconceptions = append(q.rubric.Misconceptions, words.Misconception{Note: m.note, Words: m.words, Hit: m.heard})
	}
	if _, err := q.rubric.Compile(); err != nil {
		p.note(q.fields.Errorf("misconceptions", "%w", err))
	}
}

func (p *parser) wordLists(f lessons.Fields, key string) map[string][]string {
	lists := map[string][]string{}
	for _, it := range p.pairs(f, key) {
		for word := range strings.SplitSeq(it.Text, ",") {
			lists[it.Key] = append(lists[it.Key], strings.TrimSpace(word))
		}
	}
	return lists
}
