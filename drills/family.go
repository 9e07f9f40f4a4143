package drills

import (
	"slices"

	"loralab/drills/verdict"
	"loralab/lessons/source"
)

// Depth is how far a question goes, as an interviewer would.
type Depth string

const (
	Conceptual     Depth = "conceptual"
	Implementation Depth = "implementation"
	Applied        Depth = "applied"
	Systems        Depth = "systems"
	FailureModes   Depth = "failure-modes"
)

// Depths returns all depths, from the first question of an interview to the
// last.
func Depths() []Depth {
	return []Depth{Conceptual, Implementation, Applied, Systems, FailureModes}
}

// Family is a question with something drawn at random: the same question with
// other numbers under every seed.
type Family struct {
	ID     string // step/name, or recall/name
	Step   string // a step of the course
	Depth  Depth
	Title  string
	Source string // where the facts are from, "" where they are computed

	draws      []draw
	where      []constraint
	lets       []source.Item
	experiment *experiment // nil where no run decides
	prompt     string
	parts      []part
	hints      []string
	why        string
	followUps  []FollowUp
	notes      map[string]bool // of all its misconceptions

	fields source.Fields
	bank   *Bank
}

// FollowUp is what an interviewer would ask next.
type FollowUp struct {
	Text   string
	Family string // the question of the bank that asks it, "" if none does
}

// Parts returns how many parts the question has.
func (f *Family) Parts() int { return len(f.parts) }

// Kinds returns the kinds of answers, by part.
func (f *Family) Kinds() []Kind {
	kinds := make([]Kind, len(f.parts))
	for i, p := range f.parts {
		kinds[i] = p.kind
	}
	return kinds
}

// part is one thing that is asked, graded on its own.
type part struct {
	ask            string // "" where the prompt of the family says it all
	kind           Kind
	form           form
	key            string // the name of the quantity that is the key, "" where the form has it
	place          place  // where the run has found the key, instead
	first          string // or the options in the order of what it found for each: least or greatest
	or, and        []part // answers that do as well, and what is asked besides
	misconceptions []misconception
	fields         source.Fields
}

// misconception is something wrong that people answer.
type misconception struct {
	note, answer, words string
	patterns            []string // of a recall, by which it is found
	fields              source.Fields
}

// awaits reports whether a run decides the part.
func (p *part) awaits() bool { return p.place.finding != "" || p.first != "" }

// whose says whose the truth is, "" as the grader does by itself.
func (p *part) whose() string {
	if p.awaits() {
		return "the run finds"
	}
	return ""
}

// computed reports whether the key is not in the bank.
func (p *part) computed() bool { return p.key != "" || p.awaits() }

// misconceives tells whether a note is that of a misconception of the part.
func (p *part) misconceives(note string) bool {
	return slices.ContainsFunc(p.misconceptions, func(m misconception) bool { return m.note == note })
}

// expect returns the misconceptions with the numbers of one question, written by
// write, and has the check of the bank expect them.
func (p *part) expect(q *Part, d drawing, write func(string) string) []verdict.Misconception {
	all := make([]verdict.Misconception, len(p.misconceptions))
	for i, m := range p.misconceptions {
		all[i] = verdict.Misconception{Note: m.note, Answer: write(m.answer), Words: d.fill(m.words)}
		q.expected = append(q.expected, expected{m.note, all[i].Answer, m.fields, "note"})
	}
	return all
}

// names returns every name that texts of the family may use.
func (f *Family) names() []string {
	var all []string
	for _, d := range f.draws {
		all = append(all, d.name)
	}
	for _, l := range f.lets {
		all = append(all, l.Key)
	}
	return all
}

func (f *Family) knows(name string) bool { return slices.Contains(f.names(), name) }
