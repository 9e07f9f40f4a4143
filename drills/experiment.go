package drills

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/lessons/source"
)

// experiment is the run that decides the questions of a family, as the bank
// writes it: its settings hold names that are drawn.
type experiment struct {
	of     *lab.Experiment
	set    []source.Item
	figure string // shown beside the verdict
	fields source.Fields
}

// settings are those of one question.
func (e *experiment) settings(v values) (lab.Settings, error) {
	s := e.of.Defaults()
	for _, it := range e.set {
		var err error
		if s, err = s.With(it.Key, v.raw(it.Text)); err != nil {
			return s, it.Errorf("%w", err)
		}
	}
	if err := e.of.Validate(s); err != nil {
		return s, e.fields.Errorf("experiment", "%w", err)
	}
	return s, nil
}

// Run is what the laboratory has to do before a question can be judged.
type Run struct {
	Experiment *lab.Experiment
	Settings   lab.Settings

	figure string
	record *lab.Record // nil until it is done
}

// Command is the command line that repeats the run.
func (r *Run) Command() string { return r.Experiment.CommandLine(r.Settings) }

// ErrNotRun is returned for an answer that is to be judged before the run that
// decides: see [Question.Settle].
var ErrNotRun = errors.New("drills: the run that decides this question was not waited for")

// Begin starts the run of a question that has one, and returns. The run is
// cancelled when ctx ends, unless somebody waits in Settle.
func (q *Question) Begin(ctx context.Context) {
	if q.Run != nil {
		q.Family.bank.runs.begin(ctx, q.Run.Experiment, q.Run.Settings)
	}
}

// Settle waits for the run that decides the question, if one does, and computes
// the keys and texts that depend on it. A run that was not begun is begun. The
// error is that of ctx or a [*RunError].
func (q *Question) Settle(ctx context.Context) error {
	if q.Run == nil || q.Run.record != nil {
		return nil
	}
	record, err := q.Family.bank.runs.record(ctx, q.Run.Experiment, q.Run.Settings)
	switch {
	case err != nil && ctx.Err() != nil:
		return err
	case err != nil:
		return &RunError{q.Run.Command(), err}
	}
	settled, err := q.Family.question(q.Seed, record)
	if err != nil {
		return &RunError{q.Run.Command(), err}
	}
	*q = *settled
	return nil
}

// Evidence is what the run found, to be shown beside the verdict: how to repeat
// it, and its figure. There is none before Settle, or where no run decides.
func (q *Question) Evidence() []show.Block {
	if q.Run == nil || q.Run.record == nil {
		return nil
	}
	all := []show.Block{show.Label{Name: "the run", Text: q.Run.Command(), Command: true}}
	if f := q.Run.Experiment.Figure(q.Run.record, q.Run.figure); f != nil {
		all = append(all, show.Figure{Figure: f})
	}
	return all
}

// readExperiment reads the run that decides the family.
func (r reader) readExperiment() {
	if !r.Has("run") {
		return
	}
	fields, err := r.Map("run", "experiment!", "set", "figure!")
	if r.keep(err) {
		return
	}
	m := reader{fields, r.parser}
	of, err := r.laboratory.Experiment(m.text("experiment"))
	if err != nil {
		m.wrong("experiment", "%w", err)
		return
	}
	e := &experiment{of: of, set: m.pairs("set"), figure: m.text("figure"), fields: fields}
	r.family.experiment = e
	if !slices.Contains(of.Plots, e.figure) {
		m.wrong("figure", "unknown figure %q (figures of %s: %s)", e.figure, of.ID, strings.Join(of.Plots, ", "))
	}
	for _, it := range e.set {
		if names := unresolved(it.Text, r.family.knows); len(names) > 0 {
			r.keep(it.Errorf("%s: {{%s}} is neither drawn nor computed (%s)", it.Key, names[0], strings.Join(r.family.names(), ", ")))
			continue
		}
		for _, text := range r.family.variants(it.Text) {
			if _, err := of.Defaults().With(it.Key, text); r.keep(wrapped(it, err)) {
				break
			}
		}
	}
}

func wrapped(it source.Item, err error) error {
	if err == nil {
		return nil
	}
	return it.Errorf("%w", err)
}

// mostVariants bounds how many values of a text are tried by the parser; those
// beyond are met by [Bank.Check].
const mostVariants = 100

// variants are what a text can come to, by what is drawn. Of those with a name
// that is computed none is known.
func (f *Family) variants(text string) []string {
	all := []string{text}
	for _, d := range f.draws {
		if !slices.Contains(placeholders(text), d.name) {
			continue
		}
		var next []string
		for _, t := range all {
			for _, x := range d.values() {
				next = append(next, values{d.name: x}.raw(t))
			}
		}
		all = next[:min(len(next), mostVariants)]
	}
	return slices.DeleteFunc(all, func(t string) bool { return len(placeholders(t)) > 0 })
}

// values are all that can be drawn, up to mostVariants.
func (d draw) values() []value {
	if len(d.choices) > 0 {
		return d.choices
	}
	all := make([]value, min(d.num, mostVariants))
	for i := range all {
		all[i] = numberValue(float64(d.low + i*d.by))
	}
	return all
}

// readPlace reads where the key of a part, or what an option is ranked by, is
// found. What an option leaves out is as in whole, the part's.
func (r reader) readPlace(whole place) place {
	p := place{r.template("finding"), r.template("row"), r.template("column")}
	if p.finding == "" {
		p.finding = whole.finding
	}
	if p.row == "" {
		p.row = whole.row
	}
	if p.column == "" {
		p.column = whole.column
	}
	return p
}

// checkPlace reports a place that the experiment cannot fill, at the key that is
// at fault. kinds are those that fit.
func (r reader) checkPlace(p place, kinds ...lab.Kind) {
	for _, name := range r.family.variants(p.finding) {
		for _, row := range r.family.variants(p.row) {
			for _, column := range r.family.variants(p.column) {
				key, err := r.family.experiment.refuses(place{name, row, column}, kinds)
				if err != nil {
					if !r.Has(key) { // an option that has it from its part
						key = "id"
					}
					r.wrong(key, "%w", err)
					return
				}
			}
		}
	}
}

// refuses says why nothing can be read there, and which key is at fault.
func (e *experiment) refuses(p place, kinds []lab.Kind) (key string, err error) {
	spec, ok := e.of.Spec(p.finding)
	if !ok {
		var all []string
		for _, s := range e.of.Findings {
			all = append(all, s.Name)
		}
		return "finding", fmt.Errorf("unknown finding %q of %s (%s)", p.finding, e.of.ID, strings.Join(nearest(p.finding, all), ", "))
	}
	kind := spec.Kind
	if kind == lab.KindMatrix {
		kind = lab.KindReal // its entries are
		if p.row == "" || p.column == "" {
			return "finding", fmt.Errorf("%s is a table: say which row and column", p.finding)
		}
		if at, _, ok := strings.Cut(p.row, "="); ok && spec.Columns != nil && !slices.Contains(spec.Columns, at) {
			return "row", fmt.Errorf("%s has no column %q (columns: %s)", p.finding, at, strings.Join(spec.Columns, ", "))
		} else if !ok && spec.Rows != nil && !slices.Contains(spec.Rows, p.row) {
			return "row", fmt.Errorf("%s has no row %q (rows: %s)", p.finding, p.row, strings.Join(spec.Rows, ", "))
		}
		if spec.Columns != nil && !slices.Contains(spec.Columns, p.column) {
			return "column", fmt.Errorf("%s has no column %q (columns: %s)", p.finding, p.column, strings.Join(spec.Columns, ", "))
		}
	} else if p.row != "" || p.column != "" {
		return "finding", fmt.Errorf("%s is a %v and has no rows and columns", p.finding, spec.Kind)
	}
	switch {
	case spec.Measured:
		return "finding", fmt.Errorf("%s is measured and differs from run to run: no key", p.finding)
	case !slices.Contains(kinds, kind):
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = k.String()
		}
		return "finding", fmt.Errorf("%s is a %v, want a %s", p.finding, spec.Kind, strings.Join(names, " or a "))
	}
	return "", nil
}

// checkFindings reports what a part reads in its run and cannot.
func (r reader) checkFindings(p *part) {
	if !p.awaits() {
		return
	}
	at := "finding"
	if p.first != "" {
		at = "first"
	}
	if p.key != "" {
		r.wrong(at, "the key is computed already: %s", p.key)
		return
	}
	if r.family.experiment == nil {
		r.wrong(at, "the question has no run, or one that is not right")
		return
	}
	switch {
	case p.first != "" && p.first != least && p.first != greatest:
		r.wrong("first", "first: %q is neither %s nor %s", p.first, least, greatest)
	case p.first != "":
		for _, m := range r.maps("options", "id", "text", "note", "words", "finding", "row", "column") {
			m.checkPlace(m.readPlace(p.place), lab.KindCount, lab.KindReal)
		}
	case p.kind == "count":
		r.checkPlace(p.place, lab.KindCount)
	case p.kind == "real":
		r.checkPlace(p.place, lab.KindCount, lab.KindReal)
	case p.kind == ChoiceKind:
		r.checkPlace(p.place, lab.KindText, lab.KindCount)
	default:
		r.wrong("kind", "a run cannot be the key of a part of kind %s: want count, real, choice, or order with first", p.kind)
	}
}
