package lessons

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/source"
	"loralab/lora/number"
)

// goalOf reads a goal in its place on a page.
func (p *parser) goalOf(src source.Piece, page *Page) (Block, error) {
	run := page.Run()
	switch {
	case run == nil:
		return nil, src.Errorf(0, 1, "the goal stands before the run of page %q: the run decides whether it is reached", page.Title)
	case page.Goal() != nil:
		return nil, src.Errorf(0, 1, "a second goal on page %q: one idea, one goal a page", page.Title)
	}
	g, err := p.goal(src, *run)
	if err != nil {
		return nil, err
	}
	for _, other := range p.lesson.Pages {
		if o := other.Goal(); o != nil && o.ID == g.ID {
			return nil, src.Errorf(0, 1, "goal %q stands on page %q, too: the journal knows it by its id", g.ID, other.Title)
		}
	}
	return *g, nil
}

// goal reads a block that says what is to be reached by the page's run.
func (p *parser) goal(src source.Piece, run Run) (*Goal, error) {
	f, err := src.Fields("id!", "text!", "brief!", "when!", "hint!", "solve!")
	if err != nil {
		return nil, err
	}
	g := &Goal{Solve: run.Settings, line: f.Line("id")}
	for _, field := range []struct {
		key string
		dst *string
	}{{"id", &g.ID}, {"text", &g.Text}, {"hint", &g.Hint}} {
		if *field.dst, err = f.Text(field.key); err != nil {
			return nil, err
		}
		if *field.dst == "" {
			return nil, f.Errorf(field.key, "%s is empty", field.key)
		}
	}
	if !goalID.MatchString(g.ID) {
		return nil, f.Errorf("id", "%q is no id: want small letters, digits and hyphens, as in few-numbers", g.ID)
	}
	if g.Brief, err = brief(f, lab.Spec{}); err != nil {
		return nil, err
	}
	if g.Brief == "" {
		return nil, f.Errorf("brief", "brief is empty")
	}
	if g.When, err = conditions(f, p.experiment, run); err != nil {
		return nil, err
	}
	solve, err := f.Pairs("solve")
	if err != nil {
		return nil, err
	}
	for _, it := range solve {
		if !slices.Contains(run.Knobs, it.Key) {
			return nil, it.Errorf("%w", notOffered(it.Key, run))
		}
		if g.Solve, err = g.Solve.With(it.Key, it.Text); err != nil {
			return nil, it.Errorf("%w", err)
		}
	}
	if err := p.experiment.Validate(g.Solve); err != nil {
		return nil, f.Errorf("solve", "%w", err)
	}
	if g.Solve.Equal(run.Settings) {
		return nil, f.Errorf("solve", "these are the page's own settings: a goal is reached by turning a knob")
	}
	return g, nil
}

var goalID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// notOffered is the mistake of a goal that asks for a knob which cannot be turned.
func notOffered(knob string, run Run) error {
	return fmt.Errorf("%q is no knob of this page (knobs: %s)", knob, strings.Join(run.Knobs, ", "))
}

// conditions reads the list "when".
func conditions(f source.Fields, e *lab.Experiment, run Run) ([]Condition, error) {
	items, err := f.List("when")
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, f.Errorf("when", "a goal without a condition is reached by every run")
	}
	var all []Condition
	for _, it := range items {
		c, err := ParseCondition(it.Text, e)
		if err == nil && c.Spec == nil && !slices.Contains(run.Knobs, c.Knob.Name) {
			err = notOffered(c.Knob.Name, run)
		}
		if err != nil {
			return nil, it.Errorf("%w", err)
		}
		all = append(all, c)
	}
	return all, nil
}

// ParseCondition reads a condition on a finding or a knob of the experiment, such as
// "accuracy-lora >= 95 %", "optimizer = adam" or, where a finding has that name as
// well, "knob rank < 8".
func ParseCondition(text string, e *lab.Experiment) (Condition, error) {
	name, op, value, ok := cutCondition(text)
	if !ok {
		return Condition{}, fmt.Errorf("%q is no condition: want a name, one of >= <= > < = != and a value, as in accuracy-lora >= 95 %%", text)
	}
	c := Condition{Op: op}
	knobName, asKnob := strings.CutPrefix(name, "knob ")
	knobName = strings.TrimSpace(knobName)
	knob, isKnob := e.Defaults().Knob(knobName)
	spec, isFinding := e.Spec(name)
	switch {
	case asKnob && !isKnob:
		return c, fmt.Errorf("unknown knob %q (knobs: %s)", knobName, knobNames(e))
	case isKnob && isFinding:
		return c, fmt.Errorf("%q is a finding and a knob: write \"knob %[1]s\" for the knob, or another finding", name)
	case isKnob:
		c.Knob = knob
		return c, c.readKnob(value, e)
	case !isFinding:
		return c, fmt.Errorf("unknown finding or knob %q (findings: %s; knobs: %s)", name, findingNames(e), knobNames(e))
	case spec.Measured:
		return c, fmt.Errorf("%s is measured: it is another number in every run, and decides nothing", name)
	}
	c.Spec = &spec
	return c, c.readFinding(value)
}

// cutCondition parts a text at its operator.
func cutCondition(text string) (name string, op Op, value string, ok bool) {
	i := strings.IndexAny(text, "<>=!")
	if i < 0 {
		return "", "", "", false
	}
	for _, op := range []Op{AtLeast, AtMost, IsNot, Above, Below, Is} { // the longer first
		if rest, found := strings.CutPrefix(text[i:], string(op)); found {
			name, value = strings.TrimSpace(text[:i]), strings.TrimSpace(rest)
			return name, op, value, name != "" && value != ""
		}
	}
	return "", "", "", false
}

func (c *Condition) readKnob(value string, e *lab.Experiment) error {
	if c.words() && c.Op.ordered() {
		return fmt.Errorf("knob %s has no order: compare it by = or !=", c.Knob.Name)
	}
	if !c.words() { // 1,200 is a number
		value = strings.ReplaceAll(value, ",", "")
	}
	s, err := e.Defaults().With(c.Knob.Name, value)
	if err != nil {
		return err
	}
	c.shown = s.Shown(c.Knob.Name)
	if c.words() {
		c.Word = s.Text(c.Knob.Name)
		return nil
	}
	c.Bound = s.Real(c.Knob.Name)
	return nil
}

func (c *Condition) readFinding(value string) error {
	switch c.Spec.Kind {
	case lab.KindMatrix, lab.KindShape:
		return fmt.Errorf("%s is a %s and cannot be compared", c.Spec.Name, c.Spec.Kind)
	case lab.KindText:
		if c.Op.ordered() {
			return fmt.Errorf("%s is a text: compare it by = or !=", c.Spec.Name)
		}
		c.Word, c.shown = value, value
		return nil
	case lab.KindReal:
		if !c.Op.ordered() {
			return fmt.Errorf("%s is no whole number: compare it by >=, <=, > or <", c.Spec.Name)
		}
	}
	var err error
	c.Bound, c.shown, err = bound(value, shownUnit(*c.Spec))
	if err != nil {
		return fmt.Errorf("%s: %w", c.Spec.Name, err)
	}
	c.Bound = keptValue(*c.Spec, c.Bound)
	return nil
}

// numeral is a number with groups of digits or without.
var numeral = regexp.MustCompile(`^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e-?\d{1,3})?`)

// bound reads a number in a unit. A share has to say that it is in percent, any other
// number may leave its unit out.
func bound(text, unit string) (x float64, shown string, err error) {
	digits := numeral.FindString(text)
	written := strings.TrimSpace(strings.TrimPrefix(text, digits))
	switch {
	case digits == "":
		return 0, "", fmt.Errorf("%q is no number", text)
	case unit == "%" && written == "":
		return 0, "", fmt.Errorf("it is shown in percent: write %s %% or what you mean", digits)
	case written != "" && written != unit && unit == "":
		return 0, "", fmt.Errorf("%q has a unit, and this is a bare number", text)
	case written != "" && written != unit:
		return 0, "", fmt.Errorf("%q is not in its unit, %s", text, unit)
	}
	x, err = strconv.ParseFloat(strings.ReplaceAll(digits, ",", ""), 64)
	if err != nil {
		return 0, "", errors.New("the number is too large")
	}
	return x, number.WithUnit(number.Group(strings.ReplaceAll(digits, ",", "")), unit), nil
}
