package show

import (
	"strings"

	"loralab/lessons/lab"
	"loralab/plots"
)

// Block is a part of what is shown: a [Heading], [Prose], [Words], [Options],
// [Label], [Verdict], [Note], [Table], [Figure], [Question], [Experiment], [Goal] or
// [Drill].
type Block interface{ block() }

// Heading begins a part.
type Heading struct{ Text string }

// Prose is Markdown: the text of a lesson.
type Prose struct{ Markdown string }

// Words are shown as they stand, broken into lines. They are no Markdown: the
// stars of r*(d+k) + d*k are multiplied.
type Words struct{ Text string }

// Options are what can be chosen. Feedback names those of a drill by letters,
// answers may name any by its number, its letter or its words.
type Options struct {
	Items    []string
	Lettered bool
}

// Label is a short text behind its name: "the answer", "you said".
type Label struct {
	Name, Text string
	Command    bool // Text is to be typed as it stands: it is broken at spaces alone
}

// Broken breaks the text into lines as wrap does.
func (l Label) Broken(wrap func(string) string) string {
	if !l.Command {
		return wrap(l.Text)
	}
	const unbroken = "\u2011" // a hyphen after which no line ends
	return strings.ReplaceAll(wrap(strings.ReplaceAll(l.Text, "-", unbroken)), unbroken, "-")
}

// Note is an aside.
type Note struct{ Text string }

// Mark is what became of an answer.
type Mark uint8

const (
	Unanswered Mark = iota
	Missed
	Partly
	Hit
)

// Verdict is what became of an answer or of one part of it.
type Verdict struct {
	Part     int // from 1, 0 where there is only one
	Mark     Mark
	Word     string // "not quite"
	Read     string // the answer, as it was read; may be empty
	Feedback []string
}

// Table is rows of text under a title.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	// Shares, where there are any, hold one number from 0 to 1 a row that a face
	// may draw as a bar; NaN draws none.
	Shares []float64
}

// Figure is a figure of a run that is over.
type Figure struct{ *plots.Figure }

// Question is one thing that is asked, with all that belongs to it.
type Question struct {
	Title  string // "predict", "2."
	State  State
	Blocks []Block
	Answer string // as it was typed, of one that is Taken; may be empty
	Brief  Brief  // of a prediction that is Taken
}

// Brief is a prediction in one line: what stays in view while it is watched.
type Brief struct {
	Ask   string // what was asked, in a few words; "" where there is nothing to keep in view
	Said  string // "85 % · think"
	Truth string // "96.6 %"; "" before the run
	Mark  Mark
	Gap   string // "11.6 points off"; "" before the run
}

// State is where a question stands.
type State uint8

const (
	Coming State = iota // others are asked first
	Asked               // it is being asked
	Taken               // it was answered
)

// Experiment is the place of a run on its page, with all that it has found and
// what was predicted of it.
type Experiment struct {
	Trial   *lab.Trial
	Guesses []Guess

	// Truths are findings whose values are marked in the figures, guessed or not.
	Truths []string

	// Covered reports that nothing the run finds may be seen: a figure is its axes and
	// the guesses.
	Covered bool
}

// Goal is something to be reached by turning knobs and running again.
type Goal struct {
	Text  string // "Read 95 % of the turned digits with fewer than 1,200 trained numbers."
	Brief string // the same in a few words, for one line over a figure
	Tests []Test // how the last run stands to it
	State string // "still to be reached", "reached with rank 2"
	Mark  Mark   // Hit once it was reached
	Hint  string // "" until it was asked for
}

// Test is one thing that a goal asks for.
type Test struct {
	Ask   string // "accuracy after LoRA ≥ 95 %"
	Value string // of the last run: "94.2 %"
	Mark  Mark   // Hit or Missed
}

// Drill offers a question of the bank about what was just shown.
type Drill struct{ Family string }

func (Heading) block()    {}
func (Prose) block()      {}
func (Words) block()      {}
func (Options) block()    {}
func (Label) block()      {}
func (Note) block()       {}
func (Verdict) block()    {}
func (Table) block()      {}
func (Figure) block()     {}
func (Question) block()   {}
func (Experiment) block() {}
func (Goal) block()       {}
func (Drill) block()      {}
