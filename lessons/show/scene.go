// Package show says what is to be shown, and what a learner can do about it,
// without saying how it looks.
//
// A walk through a lesson, a drill and an interview are machines without a
// screen: a [Deed] goes in, a [Scene] comes out. The screen, the plain dialogue
// and any other face draw the Scene and hand back Deeds; the words of a verdict or
// of a question are in the Scene and nowhere else.
package show

import (
	"context"
	"slices"
	"strings"

	"loralab/lessons/lab"
)

// Machine is what a face renders: a walk through a lesson, a class, a drill, an
// interview.
type Machine interface {
	// Scene is what is to be shown now.
	Scene() Scene

	// Do takes what the learner did and returns what is to be shown then. It may
	// wait for a disk or a run. With an error the deed can be done again.
	Do(context.Context, Deed) (Scene, error)
}

// Scene is what a machine has to show now.
type Scene struct {
	Name   string // what goes on: "drill", "interview", "2 Initialization"
	Where  string // how far it is: "3 of 12", "4/7"
	Topic  string // what it is about: "merging · systems"
	Blocks []Block
	Ask    Ask
	Moment Moment

	// Trouble is why what was done last could not be taken; "" where it was. It
	// costs nothing.
	Trouble string

	// Offers are what can be done now besides answering, the most useful first.
	Offers []Offer

	// Over reports that the machine has come to its end; the Blocks sum it up.
	Over bool
}

// Experiment is the run of the page that is shown, the zero value where it has none.
func (s Scene) Experiment() Experiment {
	for _, b := range s.Blocks {
		if e, ok := b.(Experiment); ok {
			return e
		}
	}
	return Experiment{}
}

// Moment is what a page is about now. A face that has no room for all of a page
// shows what its moment needs.
type Moment uint8

const (
	Reading    Moment = iota // the text, and what is predicted
	Watching                 // the figure, with what was asked and said
	Explaining               // the text, with what the run found
)

// Can reports whether something can be done now.
func (s Scene) Can(do Act) bool {
	for _, o := range s.Offers {
		if o.Act == do {
			return true
		}
	}
	return false
}

// Ask is what is waited for.
type Ask struct {
	Form Form

	// Question and Part, both from 1, tell one thing that is asked from another; a
	// face keeps what was typed for as long as they stay the same.
	Question, Part int
	Parts          int // of this question

	Prompt      string   // "how sure?"; "" where the Blocks say it all
	Choices     []string // of Choice and Confidence, numbered from 1
	Placeholder string   // what can be written, in a few words
	Read        []string // how what was typed is read, before it is judged

	Begin bool // of Run: what it waited for is done, so it begins by itself
}

// Form is how something is answered.
type Form uint8

const (
	Nothing    Form = iota // what is offered is all there is to do
	Line                   // one line: a number, a formula
	Sentences              // a few sentences
	Choice                 // one of Choices, by its number or its words
	Confidence             // one of Choices, by its number or its words
	Run                    // a run, started by the learner or under way
)

// Act is something that a learner can do.
type Act uint8

const (
	Typed    Act = iota // Text is the answer, as it was typed
	Sure                // Number is how sure: 1 guess, 2 think, 3 sure
	Hint                // asks for the next hint; of a lesson, how its goal is reached
	GiveUp              // "I don't know"
	Pass                // leaves the question for another day
	Back                // to the part before, or to change what was committed
	Next                // on to the next question or page
	Previous            // to the page before
	Page                // to the page of that Number, from 1, or that Text names: "4", of another lesson "2.4"
	Turn                // turns a knob; Text is "name=value"
	Reset               // turns all knobs back
	Ran                 // a run has come to its end; Record is what it found
	Why                 // shows the reason, or hides it; of a lesson, the text instead of the figure
	Watch               // shows the figure of the run instead of the text
	FollowUp            // shows what an interviewer asks next, or hides it; with a Number, asks that
	Contest             // disputes the verdict
	Recall              // asks from memory what the page taught
	Begin               // asks for the run: nobody guesses any more
	Reveal              // shows what the run finds to a class that has guessed
	Again               // covers it, to ask the class anew
	Stop                // ends it here
)

// Deed is what a learner did.
type Deed struct {
	Act    Act
	Text   string
	Number int
	Record *lab.Record // of Ran
}

// Unknown reports whether a text says "I don't know" and nothing else. No
// formula, number, letter or sentence that answers anything does.
func Unknown(text string) bool {
	text = strings.ToLower(strings.Trim(strings.ReplaceAll(text, "’", "'"), " .!"))
	return slices.Contains([]string{"give up", "giveup", "i don't know", "i do not know", "i dont know", "don't know", "dont know", "idk", "dunno", "no idea"}, text)
}

// Offer is something that can be done, in the words of a menu.
type Offer struct {
	Act     Act
	Does    string // "why", "contest"
	Numbers []int  // what the deed's Number can be, besides 0; nil where it has none
}
