package drills

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// parser reads one bank file.
type parser struct {
	known      map[string]quantity
	steps      []string
	laboratory lab.Laboratory
	mistakes   []error
	family     *Family // the one that is read
}

// partKeys are what one part of a question says, of whatever kind; a family with
// a single part says it itself.
func partKeys() []string {
	keys := []string{"kind", "key", "finding", "row", "column", "or", "and", "misconceptions"}
	for _, f := range forms {
		for _, key := range f.keys() {
			if key = strings.TrimSuffix(key, "!"); !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// parseFile reads the families of one file. The error joins all mistakes,
// each a [*source.Error].
func parseFile(file, text string, p *parser) ([]*Family, error) {
	top, err := source.Piece{File: file, Line: 1, Text: text}.Fields("families!")
	if err != nil {
		return nil, err
	}
	list, err := top.Maps("families", append([]string{
		"id!", "step", "depth!", "title!", "source", "draw", "where", "let", "run", "prompt!", "parts", "hints!", "why!", "follow-ups!",
	}, partKeys()...)...)
	if err != nil {
		return nil, err
	}
	var all []*Family
	for _, fields := range list {
		p.family = &Family{fields: fields, notes: map[string]bool{}}
		reader{fields, p}.readFamily()
		all = append(all, p.family)
	}
	return all, errors.Join(p.mistakes...)
}

var familyID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$`)

// readFamily reads one family into r.family.
func (r reader) readFamily() {
	f := r.family
	f.ID, f.Step, f.Depth = r.text("id"), r.text("step"), Depth(r.text("depth"))
	f.Title, f.Source = r.text("title"), r.text("source")
	if !familyID.MatchString(f.ID) {
		r.wrong("id", "%q is no id such as merging/latency", f.ID)
	}
	if f.Step == "" {
		f.Step = path.Dir(f.ID)
	}
	if r.steps != nil && !slices.Contains(r.steps, f.Step) {
		r.wrong("id", "%s: step %q is none of %s", f.ID, f.Step, strings.Join(r.steps, ", "))
	}
	if !slices.Contains(Depths(), f.Depth) {
		r.wrong("depth", "%q is none of %v", f.Depth, Depths())
	}
	r.readNumbers()
	r.readExperiment()
	f.prompt, f.why = r.template("prompt"), r.reply("why")
	if f.hints = r.texts("hints"); len(f.hints) != 2 {
		r.wrong("hints", "%s: want two hints, the general one first, found %d", f.ID, len(f.hints))
	}
	r.resolve("hints", strings.Join(f.hints, "\n"))
	for _, next := range r.texts("follow-ups") {
		text, id, _ := strings.Cut(next, "→")
		f.followUps = append(f.followUps, FollowUp{strings.TrimSpace(text), strings.TrimSpace(id)})
		r.resolve("follow-ups", text)
	}
	if n := len(f.followUps); n < 1 || n > 3 {
		r.wrong("follow-ups", "%s: want one to three follow-ups, found %d", f.ID, n)
	}
	r.readParts()
	if len(f.notes) == 0 {
		r.wrong("id", "%s: no misconception: what do people get wrong here?", f.ID)
	}
}

// readNumbers reads what is drawn and what is computed of it.
func (r reader) readNumbers() {
	f := r.family
	for _, it := range r.pairs("draw") {
		if d, err := readDraw(it); !r.keep(err) {
			f.draws = append(f.draws, d)
		}
	}
	for _, it := range r.list("where") {
		if c, err := readConstraint(it); !r.keep(err) {
			f.where = append(f.where, c)
		}
	}
	for _, it := range r.pairs("let") {
		if name, ok := strings.CutPrefix(it.Text, "="); ok {
			if trouble := r.unusable(strings.TrimSpace(name)); trouble != "" {
				r.keep(it.Errorf("%s", trouble))
			}
		}
		f.lets = append(f.lets, it)
	}
}

// unusable says why the family cannot ask for a quantity; "" if it can.
func (p *parser) unusable(name string) string {
	q, ok := p.known[name]
	if !ok {
		var all []string
		for known := range p.known {
			all = append(all, known)
		}
		slices.Sort(all)
		return fmt.Sprintf("unknown quantity %q (%s)", name, strings.Join(nearest(name, all), ", "))
	}
	for _, need := range q.needs {
		if !p.family.knows(need) {
			return fmt.Sprintf("%s needs %s, which is not drawn", name, need)
		}
	}
	return ""
}

func (r reader) readParts() {
	if !r.Has("parts") {
		r.family.parts = []part{r.part()}
		return
	}
	keys := partKeys()
	for _, key := range keys {
		if r.Has(key) {
			r.wrong(key, "%s belongs into one of the parts", key)
		}
	}
	for _, m := range r.maps("parts", append([]string{"ask!"}, keys...)...) {
		ask := m.template("ask")
		p := m.part()
		p.ask = ask
		r.family.parts = append(r.family.parts, p)
	}
}

// part reads one part.
func (r reader) part() part {
	p := part{kind: Kind(r.text("kind")), key: r.text("key"), place: r.readPlace(place{}), first: r.text("first"), fields: r.Fields}
	if p.key != "" {
		if trouble := r.unusable(p.key); trouble != "" {
			r.wrong("key", "%s", trouble)
		}
	}
	for _, m := range r.maps("misconceptions", "note!", "answer!", "words!", "heard") {
		p.misconceptions = append(p.misconceptions, misconception{m.text("note"), m.reply("answer"), m.reply("words"), m.texts("heard"), m.Fields})
		m.uniqueNote(m.text("note"))
	}
	for _, m := range r.maps("or", partKeys()...) {
		p.or = append(p.or, m.part())
	}
	for _, m := range r.maps("and", partKeys()...) {
		p.and = append(p.and, m.part())
	}
	i := slices.IndexFunc(forms, func(f form) bool { return f.kind() == p.kind })
	if i < 0 {
		names := make([]string, len(forms))
		for i, f := range forms {
			names[i] = string(f.kind())
		}
		r.wrong("kind", "kind %q is none of %s", p.kind, strings.Join(names, ", "))
		return p
	}
	for _, key := range forms[i].keys() {
		if key, required := strings.CutSuffix(key, "!"); required && !r.Has(key) && !(key == "key" && r.Has("finding")) {
			r.wrong("kind", "a part of kind %s needs %s", p.kind, key)
		}
	}
	p.form = forms[i].parse(r, &p)
	r.checkFindings(&p)
	return p
}

// uniqueNote keeps the note of a misconception, by which it is counted.
func (r reader) uniqueNote(note string) {
	if r.family.notes[note] {
		r.wrong("note", "%s: note %q stands twice", r.family.ID, note)
	}
	r.family.notes[note] = true
}
