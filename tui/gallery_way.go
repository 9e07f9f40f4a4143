package tui

import (
	"fmt"
	"slices"
	"time"

	"loralab/drills"
	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/lessons/show"
)

// legs are the parts of the way through the gallery.
func (g Gallery) legs() ([]leg, error) {
	bank, err := g.bank()
	if err != nil {
		return nil, err
	}
	all := []leg{{[]string{"home", "home-help"}, func(w *walker) {
		w.stop("home", nil)
		w.help("home-help")
	}}}
	for _, l := range g.Lessons {
		for i := range l.Pages {
			all = append(all, pageLeg(l, i))
		}
	}
	for _, l := range g.Lessons {
		if leg, ok := classLeg(l); ok {
			all = append(all, leg)
		}
	}
	for i, e := range g.Lab {
		all = append(all, benchLeg(i, e))
	}
	if bank == nil {
		return all, nil
	}
	all = append(all, drillLeg(), interviewLeg(), leg{[]string{"progress"}, func(w *walker) {
		w.press("p")
		w.wait(func() bool { s, ok := w.app.on.(*progressScreen); return ok && s.loaded })
		w.stop("progress", nil)
	}})
	seen := []drills.Kind{}
	for _, f := range bank.Families() {
		if kind := f.Kinds()[0]; !slices.Contains(seen, kind) {
			seen = append(seen, kind)
			all = append(all, kindLeg(kind, f))
		}
	}
	return all, nil
}

// help is the list of keys over the screen that is shown.
func (w *walker) help(name string) {
	w.app.help = true
	w.stop(name, nil)
	w.app.help = false
}

// pageLeg goes through the moments of a page.
func pageLeg(l *lessons.Lesson, at int) leg {
	page := l.Pages[at]
	name := func(moment string) string { return fmt.Sprintf("lesson-%d-page-%d-%s", l.Step, at+1, moment) }
	part := func(moment string, i int) string {
		if i > 0 {
			moment += fmt.Sprintf("-%d", i+1)
		}
		return name(moment)
	}
	way := leg{stops: []string{name("read")}}
	for i := range page.Predictions() {
		if i > 0 {
			way.stops = append(way.stops, part("predict", i))
		}
		way.stops = append(way.stops, part("sure", i))
	}
	var figures []string
	if run := page.Run(); run != nil {
		way.stops = append(way.stops, name("begun"), name("watch"), name("explain"))
		if at == 0 {
			way.stops = append(way.stops, name("help"))
		}
		figures = run.Figures
		for _, id := range figures[1:] {
			way.stops = append(way.stops, name("figure-"+id))
		}
	}
	way.walk = func(w *walker) {
		w.run(toLesson(l)(&w.app))
		w.settle()
		s := w.app.on.(*lessonScreen)
		w.run(s.do(show.Deed{Act: show.Page, Number: at + 1}))
		w.settle()
		w.read(name("read"), &s.text, nil)
		for i, ask := range page.Predictions() {
			if i > 0 {
				w.stop(part("predict", i), nil)
			}
			w.press(guess(ask)...)
			if s.scene.Ask.Form != show.Confidence {
				w.fail(fmt.Errorf("%s: %v is no prediction: %s", name("read"), guess(ask), s.scene.Trouble))
				return
			}
			w.stop(part("sure", i), nil)
			w.press("2")
		}
		p := s.panel()
		if p == nil {
			return
		}
		if !p.running() {
			w.press("space")
		}
		w.stop(name("begun"), nil)
		w.wait(func() bool { return !p.running() && !w.busy() })
		if p.failed {
			w.fail(fmt.Errorf("%s: %s", name("begun"), p.note))
			return
		}
		w.stop(name("watch"), nil)
		for i, id := range figures[1:] {
			w.stop(name("figure-"+id), func() { p.turnTo(i + 1) })
		}
		p.turnTo(0)
		w.press("z")
		w.read(name("explain"), &s.text, s.reveal)
		if at == 0 { // on the other pages it is the same
			w.help(name("help"))
		}
	}
	return way
}

// turnTo shows the figure of that index.
func (p *panel) turnTo(figure int) {
	p.figure = figure
	p.draw()
}

// guess is an answer that can be read as a prediction, key by key: what would be
// right is not known before the run.
func guess(ask lessons.Predict) []string {
	switch {
	case len(ask.Choices) > 0:
		return []string{"1"}
	case ask.Finding.Percent:
		return []string{"75", "enter"}
	case ask.Finding.Kind == lab.KindCount:
		return []string{"8", "enter"}
	}
	return []string{"2", "enter"}
}

// benchLeg runs an experiment on the bench.
func benchLeg(at int, e *lab.Experiment) leg {
	name := "bench-" + e.ID
	way := leg{stops: []string{name, name + "-run"}}
	for _, id := range e.Plots[1:] {
		way.stops = append(way.stops, name+"-figure-"+id)
	}
	way.walk = func(w *walker) {
		w.press("b")
		for range at {
			w.press("n")
		}
		s := w.app.on.(*benchScreen)
		w.stop(name, nil)
		p := &s.panels[at]
		w.press("space")
		w.wait(func() bool { return !p.running() && p.trial.Ended() })
		w.stop(name+"-run", nil)
		for i, id := range e.Plots[1:] {
			w.stop(name+"-figure-"+id, func() { p.turnTo(i + 1) })
		}
	}
	return way
}

// someday is when drills are held: what is drawn from a seed also depends on what is
// due.
func someday() time.Time { return time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC) }

// talk begins a drill or an interview.
func (w *walker) talk(o Start) *drillScreen {
	w.run(toTalk(o)(&w.app))
	w.wait(func() bool { _, ok := w.app.on.(*drillScreen); return ok || w.app.trouble != "" })
	s, ok := w.app.on.(*drillScreen)
	if !ok {
		w.fail(fmt.Errorf("no drill: %s", w.app.trouble))
		return nil
	}
	return s
}

// answerRight answers every part of the question on the table with its key. sure
// is called when it is asked how sure the learner is.
func (w *walker) answerRight(s *drillScreen, sure func()) {
	q := s.talk.Asked().Question
	if err := q.Settle(w.ctx); err != nil {
		w.fail(err)
		return
	}
	for _, p := range q.Parts {
		w.press(p.Key, "enter")
	}
	sure()
	w.press("3")
	w.wait(func() bool { return s.scene.Can(show.Next) && !w.busy() })
}

// drillLeg answers one question, gives up on the next and ends the drill.
func drillLeg() leg {
	return leg{[]string{"drill-question", "drill-help", "drill-hint", "drill-sure", "drill-right", "drill-why", "drill-follow-up", "drill-gave-up", "drill-summary"}, func(w *walker) {
		s := w.talk(Start{Drill: &drills.SittingOptions{Seed: 5, Now: someday}})
		if s == nil {
			return
		}
		w.read("drill-question", &s.text, nil)
		w.help("drill-help")
		w.send(ctrl('t'))
		w.settle()
		w.stop("drill-hint", nil)
		w.answerRight(s, func() { w.stop("drill-sure", nil) })
		w.read("drill-right", &s.text, nil)
		w.press("w")
		w.read("drill-why", &s.text, nil)
		w.press("f")
		w.read("drill-follow-up", &s.text, nil)
		w.press("enter", "tab")
		w.wait(func() bool { return s.scene.Can(show.Next) && !w.busy() })
		w.read("drill-gave-up", &s.text, nil)
		w.send(ctrl('x'))
		w.settle()
		w.read("drill-summary", &s.text, nil)
	}}
}

// interviewLeg begins an interview and ends it after a question.
func interviewLeg() leg {
	return leg{[]string{"interview-question", "interview-right", "interview-scorecard"}, func(w *walker) {
		s := w.talk(Start{Interview: &drills.InterviewOptions{Seed: 5, Now: someday}})
		if s == nil {
			return
		}
		w.read("interview-question", &s.text, nil)
		w.answerRight(s, func() {})
		w.read("interview-right", &s.text, nil)
		w.send(ctrl('x'))
		w.settle()
		w.read("interview-scorecard", &s.text, nil)
	}}
}

// kindLeg asks a question of a kind.
func kindLeg(kind drills.Kind, f *drills.Family) leg {
	name := fmt.Sprintf("drill-%s", kind)
	return leg{[]string{name, name + "-right"}, func(w *walker) {
		s := w.talk(Start{Drill: &drills.SittingOptions{Family: f.ID, Seed: 5, Now: someday}})
		if s == nil {
			return
		}
		w.read(name, &s.text, nil)
		w.answerRight(s, func() {})
		w.read(name+"-right", &s.text, nil)
	}}
}

// fail says why there is no going on.
func (w *walker) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}
