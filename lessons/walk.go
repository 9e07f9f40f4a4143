package lessons

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"loralab/drills/schedule"
	"loralab/lessons/lab"
	"loralab/lessons/show"
)

// Walk is a learner's way through a lesson, without a screen: it takes what the
// learner did and says what is to be shown. It alone writes to the notebook, and a
// verdict that it shows is written.
//
// A page asks for its predictions, then for how sure the learner is of each, then
// it is run, and then the truth stands beside the predictions. What was predicted
// and run on a page stays there when the learner comes back to it.
//
// A Walk is not safe for several goroutines. Do may wait for a disk.
type Walk struct {
	Lesson *Lesson

	book    *Notebook
	page    int // index
	pages   []page
	begin   bool // the last deed was the last that the run waited for
	over    bool // the learner has stopped
	trouble string
}

// page is a page of a lesson with what the learner did on it.
type page struct {
	trial     *lab.Trial // nil on a page without a run
	questions []question
	kept      *lab.Record // the run that the notebook has
	watching  bool        // the figure is looked at, not the text
	goal      *goal       // nil where there is nothing to reach
}

// question is a prediction that is asked for.
type question struct {
	ask     Predict
	said    *Prediction // nil until it was read
	verdict *PredictionVerdict
	graded  *lab.Record // the run that it was graded against: what explains it, too
}

// committed reports whether answer and confidence are given, or were skipped.
func (q *question) committed() bool {
	return q.said != nil && (q.said.Skipped || q.said.Confidence != 0)
}

// NewWalk begins a walk on a page (from 0) of a lesson; one that there is not is
// taken for the nearest.
func NewWalk(l *Lesson, book *Notebook, at int) *Walk {
	w := &Walk{Lesson: l, book: book, page: min(max(at, 0), len(l.Pages)-1)}
	for _, p := range l.Pages {
		var state page
		if r := p.Run(); r != nil {
			state.trial = lab.NewTrial(p.Experiment, r.Settings, r.Knobs, r.Figures, r.Table)
		}
		for _, ask := range p.Predictions() {
			state.questions = append(state.questions, question{ask: ask})
		}
		if g := p.Goal(); g != nil {
			state.goal = newGoal(*g, l, p, book)
		}
		w.pages = append(w.pages, state)
	}
	return w
}

// Trial is the run of the page that is open, nil where it has none.
func (w *Walk) Trial() *lab.Trial { return w.pages[w.page].trial }

// Page is the page that is open, from 0.
func (w *Walk) Page() int { return w.page }

// asking returns the first question that is not committed, nil if there is
// none.
func (w *Walk) asking() *question {
	p := &w.pages[w.page]
	i := slices.IndexFunc(p.questions, func(q question) bool { return !q.committed() })
	if i < 0 {
		return nil
	}
	return &p.questions[i]
}

// Do takes what the learner did and returns what is to be shown then. What
// cannot be done now does nothing. The error is the notebook's: nothing was shown
// that is not written, and the deed can be done again.
func (w *Walk) Do(ctx context.Context, d show.Deed) (show.Scene, error) {
	w.trouble, w.begin = "", false
	err := w.do(ctx, d)
	return w.Scene(), err
}

func (w *Walk) do(ctx context.Context, d show.Deed) error {
	switch d.Act {
	case show.Stop:
		w.over = true
	case show.Next:
		return w.turn(ctx, w.page+1)
	case show.Previous:
		return w.turn(ctx, w.page-1)
	case show.Page:
		return w.open(ctx, d)
	case show.Turn:
		w.turnKnob(d.Text)
	case show.Reset:
		if t := w.Trial(); t != nil {
			t.Reset()
		}
	case show.Ran:
		return w.ran(ctx, d.Record)
	case show.Watch:
		w.pages[w.page].watching = true
	case show.Why:
		w.pages[w.page].watching = false
	case show.Hint:
		if w.plays() {
			w.pages[w.page].goal.hinted, w.pages[w.page].watching = true, false
		}
	default:
		w.predict(d)
	}
	return nil
}

// turn opens a page and writes down where the learner is. The step is done when
// its last page is reached.
func (w *Walk) turn(ctx context.Context, to int) error {
	if to < 0 || to >= len(w.pages) {
		return nil
	}
	if err := w.book.SavePosition(ctx, w.Lesson.ID, to, to == len(w.pages)-1); err != nil {
		return err
	}
	if t := w.Trial(); t != nil && to != w.page {
		t.Drop() // a run does not outlive its page
	}
	w.page = to
	return nil
}

// open goes to the page that a deed names.
func (w *Walk) open(ctx context.Context, d show.Deed) error {
	if d.Text == "" {
		return w.turn(ctx, d.Number-1)
	}
	step, page, err := readPlace(d.Text)
	switch {
	case err != nil:
		w.trouble = err.Error()
	case step != 0 && step != w.Lesson.Step || page < 1 || page > len(w.pages):
		w.trouble = w.Lesson.noPage(page).Error()
	default:
		return w.turn(ctx, page-1)
	}
	return nil
}

func (w *Walk) turnKnob(text string) {
	t := w.Trial()
	if t == nil {
		w.trouble = "this page has no run, and so no knobs"
		return
	}
	name, value, ok := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	switch {
	case !ok:
		w.trouble = fmt.Sprintf("%q: want a knob and its value, as in rank=2", text)
	case !t.Offers(name):
		w.trouble = fmt.Sprintf("%q is no knob of this page (knobs: %s)", name, strings.Join(w.Lesson.Pages[w.page].Run().Knobs, ", "))
	default:
		if err := t.Turn(name, value); err != nil {
			w.trouble = err.Error()
		}
	}
}

// predict takes what concerns the question that is asked.
func (w *Walk) predict(d show.Deed) {
	q := w.asking()
	if q == nil {
		return
	}
	switch {
	case d.Act == show.GiveUp, d.Act == show.Typed && q.said == nil && show.Unknown(d.Text):
		q.said = &Prediction{Ask: q.ask, Skipped: true}
	case d.Act == show.Back:
		q.said = nil
	case d.Act == show.Typed && q.said == nil:
		w.read(q, d.Text)
	case d.Act == show.Sure && q.said != nil && slices.Contains(schedule.Confidences(), schedule.Confidence(d.Number)):
		q.said.Confidence = schedule.Confidence(d.Number)
	}
	if w.asking() == nil {
		w.begin = w.Trial().Record() == nil
		w.pages[w.page].watching = true
	}
}

// moment is what the page is about: a figure is watched once all is predicted.
func (w *Walk) moment() show.Moment {
	p := &w.pages[w.page]
	switch {
	case p.trial == nil, w.asking() != nil:
		return show.Reading
	case p.watching:
		return show.Watching
	case p.trial.Finished() == nil:
		return show.Reading
	}
	return show.Explaining
}

// read takes a prediction. What cannot be read costs nothing.
func (w *Walk) read(q *question, text string) {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(q.ask.Choices) {
		text = q.ask.Choices[n-1]
	}
	p, err := ReadPrediction(q.ask, text)
	if err != nil {
		w.trouble = err.Error()
		return
	}
	q.said = &p
}

// ran takes the record of a run of this page that came to its end: it is written
// down, and the predictions are graded against the first run after them.
func (w *Walk) ran(ctx context.Context, r *lab.Record) error {
	p := &w.pages[w.page]
	if p.trial == nil || r == nil {
		return nil
	}
	if p.kept != r {
		if err := w.book.SaveRun(ctx, r); err != nil {
			return err
		}
		p.kept = r
	}
	for i := range p.questions {
		q := &p.questions[i]
		if q.said == nil || q.verdict != nil {
			continue
		}
		v := q.said.Grade(r)
		if err := w.book.SavePrediction(ctx, *q.said, v, r); err != nil {
			return err
		}
		q.verdict, q.graded = &v, r
	}
	if p.goal != nil {
		if err := p.goal.judge(ctx, w.Lesson.ID, r, w.book); err != nil {
			return err
		}
	}
	p.trial.End(r)
	return nil
}
