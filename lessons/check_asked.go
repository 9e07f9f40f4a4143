package lessons

import (
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// sight is a place where a finding's value stands before the learner's eyes once
// the page has been run.
type sight struct {
	finding string
	line    int
	where   string // "the table"
}

// sights lists what the page lets its reader see after its run.
func (p Page) sights(e *lab.Experiment) []sight {
	var all []sight
	for _, b := range p.Blocks {
		switch b := b.(type) {
		case Prose:
			all = append(all, named(b.Markdown, b.Line, "the text")...)
		case Predict:
			all = append(all, sight{b.Finding.Name, b.line, "a question"})
			all = append(all, named(b.Because, b.becauseAt, "an explanation")...)
		case Goal:
			for _, c := range b.When {
				if c.Spec != nil {
					all = append(all, sight{c.Spec.Name, b.line, "a goal"})
				}
			}
		case Run:
			for _, name := range b.Table {
				all = append(all, sight{name, b.tableAt, "the table"})
			}
			for _, f := range e.Figures(&lab.Record{Experiment: e.ID, Settings: b.Settings}) {
				if !slices.Contains(b.Figures, f.ID) {
					continue
				}
				for _, shown := range f.Shows {
					all = append(all, sight{shown.Name, b.figuresAt, "figure " + f.ID})
				}
			}
		}
	}
	return all
}

// named lists the findings that Markdown refers to. Its first line is line at.
func named(markdown string, at int, where string) []sight {
	var all []sight
	for i, text := range strings.Split(markdown, "\n") {
		for _, part := range strings.Split(text, "{{")[1:] {
			ref, _, _ := strings.Cut(part, "}}")
			name, _, _ := strings.Cut(strings.TrimSpace(ref), " ")
			if _, _, elsewhere := parseLink(ref); name != "knob" && !elsewhere {
				all = append(all, sight{name, at + i, where})
			}
		}
	}
	return all
}

// checkAsked refuses a question whose answer has been seen: on an earlier page
// whose run is the same one, or asked before on its own page.
func (c Course) checkAsked() []error {
	type seen struct {
		file, title string
		experiment  *lab.Experiment
		settings    lab.Settings
		sights      []sight
	}
	var before []seen
	var wrong []error
	for _, l := range c {
		for _, p := range l.Pages {
			run := p.Run()
			if run == nil {
				continue
			}
			now := seen{l.File, p.Title, p.Experiment, run.Settings, nil}
			for _, q := range p.Predictions() {
				for _, s := range append(before, now) {
					if s.experiment.ID != p.Experiment.ID || !s.settings.Alike(run.Settings) {
						continue
					}
					if i := slices.IndexFunc(s.sights, func(at sight) bool { return at.finding == q.Finding.Name }); i >= 0 {
						at := s.sights[i]
						wrong = append(wrong, source.Piece{File: l.File, Line: 1}.Errorf(q.line, q.column,
							"%s is asked for, but page %q has shown it under the same settings, in %s (%s:%d): ask for something else or show it later",
							q.Finding.Name, s.title, at.where, s.file, at.line))
						break
					}
				}
				now.sights = append(now.sights, sight{q.Finding.Name, q.line, "a question"})
			}
			now.sights = p.sights(p.Experiment)
			before = append(before, now)
		}
	}
	return wrong
}
