package lessons

import (
	"context"
	"fmt"
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/show"
)

// Class is the course in front of a class, without a screen: a page is its question,
// its figure and what the class guesses; a run waits for no prediction, and what it
// finds stays covered until it is revealed.
//
// A Class begins afresh and has no journal: nothing that happens in it is written
// down. Pages that are left keep what was guessed and run on them.
//
// A Class is not safe for several goroutines.
type Class struct {
	course  Course
	at      int     // index of the lesson that is open
	walks   []*Walk // by lesson, nil until it was opened
	rooms   map[spot]*room
	begin   bool // the last deed asked for the run
	over    bool
	trouble string
}

// spot is a page of the course, by its indices.
type spot struct{ lesson, page int }

// room is what a class did on a page.
type room struct {
	rounds []round
	asked  int  // the round that guesses go to
	open   bool // what the run finds may be seen
	words  bool // the page's text is looked at, not its figure
}

// round is a question with what was guessed, line by line.
type round struct {
	ask   Predict
	lines [][]Guess
}

func (r round) tally() tally { return newTally(r.ask, slices.Concat(r.lines...)) }

// NewClass begins with a page (from 0) of a lesson of the course; one that there is
// not is taken for the nearest.
func NewClass(course Course, lesson *Lesson, page int) *Class {
	c := &Class{course: course, walks: make([]*Walk, len(course)), rooms: map[spot]*room{}}
	c.open(max(course.index(lesson), 0), page)
	return c
}

// open shows a page of a lesson.
func (c *Class) open(lesson, page int) {
	if c.walks[lesson] == nil {
		c.walks[lesson] = NewWalk(c.course[lesson], emptyNotebook(nil), page)
	}
	if c.at != lesson && c.walks[c.at] != nil {
		if t := c.Trial(); t != nil {
			t.Drop()
		}
	}
	c.at = lesson
}

func (c *Class) walk() *Walk { return c.walks[c.at] }

// Trial is the run of the page that is open, nil where it has none.
func (c *Class) Trial() *lab.Trial { return c.walk().Trial() }

// Lesson is the lesson that is open, Page its page, from 0.
func (c *Class) Lesson() *Lesson { return c.walk().Lesson }

func (c *Class) Page() int { return c.walk().Page() }

// page is the page that is open as its author wrote it.
func (c *Class) page() Page { return c.Lesson().Pages[c.Page()] }

// room is that of the page that is open.
func (c *Class) room() *room {
	at := spot{c.at, c.Page()}
	if c.rooms[at] == nil {
		r := &room{}
		for _, ask := range c.page().Predictions() {
			r.rounds = append(r.rounds, round{ask: ask})
		}
		c.rooms[at] = r
	}
	return c.rooms[at]
}

// revealed reports whether what the run of the page finds may be seen: of a page that
// asks nothing it always may.
func (c *Class) revealed() bool { r := c.room(); return r.open || len(r.rounds) == 0 }

// Do takes what was done and returns what is to be shown then. What cannot be done
// now does nothing. There is no error: nothing is written.
func (c *Class) Do(ctx context.Context, d show.Deed) (show.Scene, error) {
	c.trouble, c.begin = "", false
	err := c.do(ctx, d)
	return c.Scene(), err
}

func (c *Class) do(ctx context.Context, d show.Deed) error {
	r := c.room()
	switch d.Act {
	case show.Stop:
		c.over = true
	case show.Next:
		return c.turn(ctx, 1)
	case show.Previous:
		return c.turn(ctx, -1)
	case show.Page:
		return c.goTo(ctx, d)
	case show.Typed:
		c.hear(d.Text)
	case show.Back:
		if last := c.lastHeard(); last != nil {
			last.lines = last.lines[:len(last.lines)-1]
		}
	case show.Pass:
		if len(r.rounds) > 0 {
			r.asked = (r.asked + 1) % len(r.rounds)
		}
	case show.Begin:
		c.begin = c.Trial() != nil
	case show.Reveal:
		r.open = c.Trial() != nil
	case show.Again:
		for i := range r.rounds {
			r.rounds[i].lines = nil
		}
		r.asked, r.open, r.words = 0, false, false
	case show.Why:
		r.words = true
	case show.Watch:
		r.words = false
	case show.Turn, show.Reset, show.Ran:
		w := c.walk()
		_, err := w.Do(ctx, d)
		c.trouble = w.trouble
		return err
	}
	return nil
}

// turn opens the page after or before, also of the lesson after or before.
func (c *Class) turn(ctx context.Context, by int) error {
	w := c.walk()
	page, lesson := w.page+by, c.at+by
	switch {
	case page >= 0 && page < len(w.pages):
		return w.turn(ctx, page)
	case lesson < 0 || lesson >= len(c.course):
		return nil
	case by > 0:
		page = 0
	default:
		page = len(c.course[lesson].Pages) - 1
	}
	c.open(lesson, page)
	return c.walk().turn(ctx, page)
}

// goTo opens the page that a deed names, of this or another lesson.
func (c *Class) goTo(ctx context.Context, d show.Deed) error {
	step, page := 0, d.Number
	if d.Text != "" {
		var err error
		if step, page, err = readPlace(d.Text); err != nil {
			c.trouble = err.Error()
			return nil
		}
	}
	at := c.at
	if step != 0 {
		if at = slices.IndexFunc(c.course, func(l *Lesson) bool { return l.Step == step }); at < 0 {
			c.trouble = fmt.Sprintf("there is no step %d", step)
			return nil
		}
	}
	if page < 1 || page > len(c.course[at].Pages) {
		c.trouble = c.course[at].noPage(page).Error()
		return nil
	}
	c.open(at, page-1)
	return c.walk().turn(ctx, page-1)
}

// hear takes guesses. What cannot be read costs nothing.
func (c *Class) hear(text string) {
	r := c.room()
	switch {
	case len(r.rounds) == 0:
		c.trouble = "nothing is asked on this page"
		return
	case r.open:
		c.trouble = "what the run finds is on the screen already"
		return
	}
	now := &r.rounds[r.asked]
	guesses, err := ReadGuesses(now.ask, text)
	if err != nil {
		c.trouble = err.Error()
		return
	}
	now.lines = append(now.lines, guesses)
}

// lastHeard is the round whose last line can be taken back, nil if there is none.
func (c *Class) lastHeard() *round {
	r := c.room()
	if len(r.rounds) == 0 || r.open || len(r.rounds[r.asked].lines) == 0 {
		return nil
	}
	return &r.rounds[r.asked]
}
