package drills

import (
	"loralab/drills/options"
	"loralab/lessons/source"
)

// ChoiceKind asks for one of several options.
const ChoiceKind Kind = "choice"

type choiceForm struct {
	line
	optionList
}

func (choiceForm) kind() Kind          { return ChoiceKind }
func (choiceForm) placeholder() string { return "a letter" }

func (choiceForm) parse(r reader, p *part) form {
	f := choiceForm{optionList: r.optionList()}
	if len(f.all) < 2 {
		r.wrong("options", "want at least two options")
	}
	if p.computed() == (len(f.right) == 1) || !p.computed() && len(f.right) != 1 {
		r.wrong("kind", "a choice has either a key that is computed or the id of its answer")
	}
	return f
}

func (f choiceForm) build(p *part, d drawing, q *Part) error {
	shuffled, right, err := f.shuffle(p, d, q)
	if err != nil {
		return err
	}
	if len(right) != 1 {
		return p.fields.Errorf("kind", "the key picks no option")
	}
	g := options.Choice{Options: q.Options, Key: right[0], Notes: map[int]string{}, Words: map[int]string{}}
	for i, o := range shuffled {
		g.Notes[i], g.Words[i] = o.note, d.fill(o.words)
		if i == g.Key {
			continue
		}
		if o.note == "" || o.words == "" {
			return o.fields.Errorf("id", "option %q is wrong at times and needs a note and words", o.id)
		}
		q.expected = append(q.expected, expected{o.note, options.Letter(i), o.fields, "id"})
	}
	p.expect(q, d, d.raw)
	q.grader, q.answer = g, options.Letter(g.Key)
	q.Key = q.answer + ") " + q.Options[g.Key]
	return nil
}

// option is an option of a choice or an item of an order.
type option struct {
	id, text    string
	note, words string
	place       place // what the run found for it
	fields      source.Fields
}

// optionList is options with the ids of the right ones, where no quantity picks
// them.
type optionList struct {
	all   []option
	right []string
}

func (optionList) keys() []string     { return []string{"options!", "answer", "first"} }
func (l optionList) list() optionList { return l }

// optionList reads the options and the answer, whose ids must be among them.
func (r reader) optionList() optionList {
	l, whole := optionList{right: r.texts("answer")}, r.readPlace(place{})
	seen := map[string]bool{}
	for _, m := range r.maps("options", "id!", "text!", "note", "words", "finding", "row", "column") {
		o := option{m.text("id"), m.template("text"), m.text("note"), m.reply("words"), m.readPlace(whole), m.Fields}
		if o.note != "" {
			m.uniqueNote(o.note)
		}
		if seen[o.id] {
			m.wrong("id", "id %q stands twice", o.id)
		}
		seen[o.id] = true
		l.all = append(l.all, o)
	}
	for _, id := range l.right {
		if !seen[id] {
			r.wrong("answer", "%q is the id of no option", id)
		}
	}
	return l
}

// shuffle gives q the options in an order that is drawn, and returns them in
// that order with the places of the right ones.
func (l optionList) shuffle(p *part, d drawing, q *Part) (shuffled []option, right []int, err error) {
	for _, from := range d.rng.Perm(len(l.all)) {
		shuffled = append(shuffled, l.all[from])
		q.Options = append(q.Options, d.fill(l.all[from].text))
	}
	ids := l.right
	if p.computed() {
		ids = d.truth.order
		if d.truth.option != "" {
			ids = []string{d.truth.option}
		}
	}
	right, missing := places(shuffled, ids)
	if missing != "" {
		return nil, nil, p.fields.Errorf("options", "%q is the right one and none of the options", missing)
	}
	return shuffled, right, nil
}

// places finds ids among options; missing is the first that is none of them.
func places(all []option, ids []string) (at []int, missing string) {
	index := map[string]int{}
	for i, o := range all {
		index[o.id] = i
	}
	for _, id := range ids {
		i, ok := index[id]
		if !ok {
			return nil, id
		}
		at = append(at, i)
	}
	return at, ""
}
