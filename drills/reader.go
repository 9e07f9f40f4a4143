package drills

import (
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// reader reads the fields of a mapping. It keeps what is wrong with them, so
// that all mistakes of a file are reported at once.
type reader struct {
	source.Fields
	*parser
}

// keep keeps an error; it reports whether there was one.
func (p *parser) keep(err error) bool {
	if err != nil {
		p.mistakes = append(p.mistakes, err)
	}
	return err != nil
}

// wrong keeps a mistake in the value of a key.
func (r reader) wrong(key, format string, args ...any) { r.keep(r.Errorf(key, format, args...)) }

func (r reader) text(key string) string {
	text, err := r.Text(key)
	r.keep(err)
	return text
}

// template is a text for the learner, in which every {{name}} must be known.
func (r reader) template(key string) string {
	text := r.text(key)
	r.resolve(key, text)
	return text
}

// reply is a text that is shown, or an answer that is graded, when the run of the
// question is over: it may refer to findings.
func (r reader) reply(key string) string {
	text := r.text(key)
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		if r.family.experiment == nil {
			r.wrong(key, "%s: the question has no run that could find %s", key, m[1])
			continue
		}
		for _, filled := range r.family.variants(m[1]) {
			at, err := parseReference(filled)
			if err == nil {
				_, err = r.family.experiment.refuses(at, []lab.Kind{lab.KindCount, lab.KindReal, lab.KindShape, lab.KindText})
			}
			if err != nil {
				r.wrong(key, "%s: %w", key, err)
				break
			}
		}
	}
	r.resolve(key, reference.ReplaceAllStringFunc(text, func(match string) string { // names within it are names too
		return reference.FindStringSubmatch(match)[1]
	}))
	return text
}

// resolve refuses names in {{…}} of a text that are not known.
func (r reader) resolve(key, text string) {
	for _, name := range unresolved(text, r.family.knows) {
		r.wrong(key, "%s: {{%s}} is neither drawn nor computed (%s)", key, name, strings.Join(r.family.names(), ", "))
	}
}

func (r reader) number(key string) float64 {
	x, err := r.Number(key)
	r.keep(err)
	return x
}

func (r reader) yes(key string) bool {
	text := r.text(key)
	if text != "" && text != "true" && text != "false" {
		r.wrong(key, "%s: %q is neither true nor false", key, text)
	}
	return text == "true"
}

func (r reader) list(key string) []source.Item {
	items, err := r.List(key)
	r.keep(err)
	return items
}

func (r reader) texts(key string) []string {
	texts, err := r.Texts(key)
	r.keep(err)
	return texts
}

func (r reader) pairs(key string) []source.Item {
	items, err := r.Pairs(key)
	r.keep(err)
	return items
}

func (r reader) maps(key string, keys ...string) []reader {
	maps, err := r.Maps(key, keys...)
	r.keep(err)
	all := make([]reader, len(maps))
	for i, m := range maps {
		all[i] = reader{m, r.parser}
	}
	return all
}
