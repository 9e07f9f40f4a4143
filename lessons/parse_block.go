package lessons

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

func (p *parser) run(src source.Piece) (Block, error) {
	f, err := src.Fields("experiment", "set", "knobs", "figures!", "table")
	if err != nil {
		return nil, err
	}
	e := p.experiment
	if f.Has("experiment") {
		id, err := f.Text("experiment")
		if err != nil {
			return nil, err
		}
		if e, err = p.laboratory.Experiment(id); err != nil {
			return nil, f.Errorf("experiment", "%w", err)
		}
	}
	r := Run{Settings: e.Defaults(), figuresAt: f.Line("figures"), tableAt: f.Line("table")}
	set, err := f.Pairs("set")
	if err != nil {
		return nil, err
	}
	for _, it := range set {
		if r.Settings, err = r.Settings.With(it.Key, it.Text); err != nil {
			return nil, it.Errorf("%w", err)
		}
	}
	if err := e.Validate(r.Settings); err != nil {
		return nil, f.Errorf("set", "%w", err)
	}
	if r.Knobs, err = names(f, "knobs", "knob", func(s string) bool { _, ok := r.Settings.Knob(s); return ok }, knobNames(e)); err != nil {
		return nil, err
	}
	if r.Figures, err = names(f, "figures", "figure", func(s string) bool { return slices.Contains(e.Plots, s) }, strings.Join(e.Plots, ", ")); err != nil {
		return nil, err
	}
	if len(r.Figures) == 0 {
		return nil, f.Errorf("figures", "a run shows at least one figure (figures: %s)", strings.Join(e.Plots, ", "))
	}
	r.Table, err = names(f, "table", "finding", func(s string) bool { _, ok := e.Spec(s); return ok }, findingNames(e))
	return r, err
}

// names reads a list of names that must be known.
func names(f source.Fields, key, what string, known func(string) bool, all string) ([]string, error) {
	items, err := f.List(key)
	var out []string
	for _, it := range items {
		if !known(it.Text) {
			return nil, it.Errorf("unknown %s %q (%ss: %s)", what, it.Text, what, all)
		}
		out = append(out, it.Text)
	}
	return out, err
}

func (p *parser) predict(src source.Piece) (Block, error) {
	f, err := src.Fields("ask!", "brief", "finding!", "choices", "within", "points", "because")
	if err != nil {
		return nil, err
	}
	q := Predict{becauseAt: f.Line("because")}
	q.line, q.column = f.Place("finding")
	if q.Ask, err = f.Text("ask"); err != nil {
		return nil, err
	}
	if strings.Contains(q.Ask, "{{") {
		return nil, f.Errorf("ask", "a question names no finding and no knob: say it in words")
	}
	name, err := f.Text("finding")
	if err != nil {
		return nil, err
	}
	spec, ok := p.experiment.Spec(name)
	if !ok {
		return nil, f.Errorf("finding", "unknown finding %q (findings: %s)", name, findingNames(p.experiment))
	}
	q.Finding = spec
	if q.Brief, err = brief(f, spec); err != nil {
		return nil, err
	}
	if q.Choices, err = f.Texts("choices"); err != nil {
		return nil, err
	}
	if q.Within, err = f.Number("within"); err != nil {
		return nil, err
	}
	if q.Points, err = f.Number("points"); err != nil {
		return nil, err
	}
	if q.Because, err = f.Text("because"); err != nil {
		return nil, err
	}
	for i, line := range strings.Split(q.Because, "\n") {
		p.references(line, q.becauseAt+i, true)
	}
	switch {
	case spec.Kind == lab.KindText && len(q.Choices) < 2:
		return nil, f.Errorf("finding", "%s is a text: give the choices to choose from", name)
	case spec.Kind == lab.KindReal && q.Within == 0 && q.Points == 0:
		return nil, f.Errorf("finding", "%s is a number: say how close counts, by within (0.05 is 5 %%) or points", name)
	case spec.Kind == lab.KindMatrix:
		return nil, f.Errorf("finding", "%s is a matrix and cannot be predicted", name)
	}
	return q, nil
}

// maxBrief is what the line over a figure has room for, in characters.
const maxBrief = 44

// brief reads what the question is about in a few words. The finding's label is
// taken where the page gives none.
func brief(f source.Fields, spec lab.Spec) (string, error) {
	text, err := f.Text("brief")
	switch n := utf8.RuneCountInString(text); {
	case err != nil:
		return "", err
	case n > maxBrief:
		return "", f.Errorf("brief", "brief has %d characters, want at most %d: it stands in one line over the figure", n, maxBrief)
	case n == 0:
		return spec.Label, nil
	}
	return text, nil
}

func recall(src source.Piece) (Block, error) {
	f, err := src.Fields("family!")
	if err != nil {
		return nil, err
	}
	family, err := f.Text("family")
	if err == nil && path.Clean(family) != family {
		err = f.Errorf("family", "%q is not a family's id such as merging/latency", family)
	}
	return Recall{family}, err
}

// teaches reads the families that a page prepares for.
func (p *Page) teaches(src source.Piece) error {
	f, err := src.Fields("families!")
	if err != nil {
		return err
	}
	items, err := f.List("families")
	for _, it := range items {
		if slices.ContainsFunc(p.Teaches, func(t Taught) bool { return t.Family == it.Text }) {
			return it.Errorf("%q stands twice", it.Text)
		}
		p.Teaches = append(p.Teaches, Taught{it.Text, it})
	}
	return err
}
