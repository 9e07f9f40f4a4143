package lessons

import (
	"fmt"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// Lesson is one step of the course: pages of prose and runs.
type Lesson struct {
	File       string // where it was read, e.g. "lessons/1-reparameterization.md"
	ID         string
	Step       int // from 1, the order of the lessons
	Title      string
	Question   string
	Minutes    int // how long a learner needs
	Experiment *lab.Experiment
	Pages      []Page
}

// Page is one screen with one idea.
type Page struct {
	Title      string
	Experiment *lab.Experiment // what its run runs: the lesson's, unless the run names another
	Blocks     []Block
	Teaches    []Taught // what the question bank may ask after it; shown nowhere

	links []link // references to other pages
}

// Taught names a family of questions whose answer a page teaches.
type Taught struct {
	Family string
	place  source.Item
}

// Errorf returns an error at the place where the page says so.
func (t Taught) Errorf(format string, args ...any) error { return t.place.Errorf(format, args...) }

// Block is a part of a page: a Prose, a Predict, a Run, a Goal or a Recall.
type Block interface{ block() }

// Prose is Markdown. References such as {{rank-95}} stand for findings and
// {{knob rank}} for settings; see [Prose.Resolve].
type Prose struct {
	Markdown string
	Line     int // in the lesson's file
}

// Run lets the learner run the lesson's experiment.
type Run struct {
	Settings lab.Settings
	Knobs    []string // the knobs offered on this page
	Figures  []string // ids, the first is shown first
	Table    []string // findings listed beside the figure

	figuresAt, tableAt int // lines in the lesson's file
}

// Predict asks for a prediction before the run of its page.
type Predict struct {
	Ask     string
	Brief   string   // what is asked, for one line over a figure: "digits read after LoRA, r = 4"
	Finding lab.Spec // what it is graded against
	Choices []string // for a finding that is a text
	Within  float64  // relative tolerance of a number, of 1 for "within 5 %": 0.05
	Points  float64  // absolute tolerance, in the unit that is shown; used where it is not 0
	Because string   // Markdown shown with the truth

	line, column int // of the finding's name in the lesson's file
	becauseAt    int // line
}

// Recall asks a question of the bank.
type Recall struct {
	Family string
}

func (Prose) block()   {}
func (Predict) block() {}
func (Run) block()     {}
func (Recall) block()  {}

// Run returns the page's run, nil if it has none.
func (p Page) Run() *Run {
	for _, b := range p.Blocks {
		if r, ok := b.(Run); ok {
			return &r
		}
	}
	return nil
}

// Predictions returns what the page asks before its run.
func (p Page) Predictions() []Predict {
	var all []Predict
	for _, b := range p.Blocks {
		if q, ok := b.(Predict); ok {
			all = append(all, q)
		}
	}
	return all
}

// Resolve returns the Markdown with every reference replaced by what the record
// holds: {{name}} by the finding with its unit, {{name bare}} without, and
// {{knob name}} by a setting. {{name of lesson/page}} is a finding of another page. A
// finding that the record does not have (no run yet, or it diverged) becomes "▢".
func (p Prose) Resolve(r *lab.Record) string {
	var b strings.Builder
	rest := p.Markdown
	for {
		before, after, ok := strings.Cut(rest, "{{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		ref, tail, ok := strings.Cut(after, "}}")
		if !ok { // refused when the content was parsed
			return b.String()
		}
		b.WriteString(resolveReference(ref, r))
		if beginsListItem(b.String(), tail) {
			b.WriteByte('\\') // the renderer takes it out again
		}
		rest = tail
	}
}

// beginsListItem reports whether Markdown would take a number at the end of text
// for that of a list item: it is all that stands in its line, no code, and a
// full stop or a parenthesis follows. "0. Then" is to stay a sentence.
func beginsListItem(text, tail string) bool {
	if !strings.HasPrefix(tail, ".") && !strings.HasPrefix(tail, ")") {
		return false
	}
	lines := strings.Split(text, "\n")
	number := strings.TrimLeft(lines[len(lines)-1], " ")
	if number == "" || strings.Trim(number, "0123456789") != "" || len(lines[len(lines)-1]) > len(number)+3 {
		return false
	}
	fenced := false
	for _, line := range lines {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
	}
	return !fenced
}

// Missing stands in prose for a number that no run has computed yet.
const Missing = "▢"

func resolveReference(ref string, r *lab.Record) string {
	name, more, _ := strings.Cut(strings.TrimSpace(ref), " ")
	if name == "knob" {
		return r.Settings.Shown(strings.TrimSpace(more))
	}
	bare := strings.TrimSpace(more) == "bare"
	if to, toBare, ok := parseLink(ref); ok {
		name, bare = to.name(), toBare
	}
	f, ok := r.Find(name)
	switch {
	case !ok:
		return Missing
	case bare:
		return f.Bare()
	default:
		return f.Text()
	}
}

// checkReference says what is wrong with a reference, if anything is.
func checkReference(ref string, e *lab.Experiment) error {
	name, more, _ := strings.Cut(strings.TrimSpace(ref), " ")
	more = strings.TrimSpace(more)
	if name == "knob" {
		if _, ok := e.Defaults().Knob(more); !ok {
			return fmt.Errorf("unknown knob %q (knobs: %s)", more, knobNames(e))
		}
		return nil
	}
	if _, ok := e.Spec(name); !ok {
		return fmt.Errorf("unknown finding %q (findings of %s: %s)", name, e.ID, findingNames(e))
	}
	if more != "" && more != "bare" {
		return fmt.Errorf("after a finding's name only \"bare\" may stand, found %q", more)
	}
	return nil
}

func knobNames(e *lab.Experiment) string {
	var names []string
	for _, k := range e.Defaults().Knobs() {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

func findingNames(e *lab.Experiment) string {
	var names []string
	for _, s := range e.Findings {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}
