package tui

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/plots"
)

// pageRules hold of the pages of lessons, in the moment that each is about.
func pageRules() []rule {
	return []rule{
		{"what was asked and said is in view", func(s *sight) (bad []string) {
			if s.lesson == nil || !s.watched() {
				return nil
			}
			for _, q := range questions(s.lesson) {
				said, _, _ := strings.Cut(q.Brief.Said, " · ")
				asked := strings.Contains(s.text, q.Brief.Ask) || strings.Contains(s.text, asciiIf(q.Brief.Ask, s.look)) ||
					!s.narrow() && strings.Contains(s.text, "you said")
				if !asked || !strings.Contains(s.text, said) && !strings.Contains(s.text, asciiIf(said, s.look)) {
					bad = append(bad, fmt.Sprintf("%q, %q", q.Brief.Ask, said))
				}
			}
			return bad
		}},
		{"what was predicted is drawn", func(s *sight) (bad []string) {
			if s.lesson == nil || s.moment() != "begun" && s.moment() != "watch" {
				return nil
			}
			for _, g := range s.lesson.scene.Experiment().Guesses {
				at := -1
				if s.fig != nil {
					at = slices.IndexFunc(s.fig.Marks, func(m plots.Mark) bool { return m.Label == g.Label })
				}
				switch {
				case at < 0:
					bad = append(bad, fmt.Sprintf("%s has no place in the figure %s", g.Finding, s.panel.trial.Figures[0]))
				case written(g.Label, drawing(s), s.look) == "":
					bad = append(bad, fmt.Sprintf("%q, of %s, is not in the drawing", g.Label, g.Finding))
				}
			}
			return bad
		}},
		{"the way on is named", func(s *sight) []string {
			if s.lesson == nil || s.help {
				return nil
			}
			keys := s.lines[len(s.lines)-1]
			for _, key := range s.wayOn() {
				if !strings.Contains(keys, key) {
					return []string{fmt.Sprintf("no %q in %q", key, strings.TrimSpace(keys))}
				}
			}
			return nil
		}},
		{"a page says what its run says", func(s *sight) []string {
			if s.lesson == nil || s.moment() != "explain" || s.look != ruleLooks()[0] {
				return nil
			}
			return wrongWith(s.page.Experiment, s.page, s.panelOf().trial.Finished())
		}},
	}
}

// watched reports whether the figure is looked at.
func (s *sight) watched() bool {
	return s.moment() == "begun" || s.moment() == "watch" || strings.Contains(s.name, "-figure-")
}

// narrow reports whether text and figure take turns.
func (s *sight) narrow() bool { return s.lesson.env.narrow() }

func (s *sight) panelOf() *panel { return s.lesson.panel() }

// wayOn are the keys that a learner needs to be told of in a moment.
func (s *sight) wayOn() []string {
	form := s.lesson.scene.Ask.Form
	several := s.panelOf() != nil && len(s.panelOf().tabNames()) > 1
	switch {
	case form == show.Line, form == show.Choice:
		return []string{"enter commit", "tab"}
	case form == show.Confidence:
		return []string{"1 guess", "3 sure"}
	case s.moment() == "begun":
		return []string{"space pause"}
	case s.watched() && several && s.narrow():
		return []string{"enter why", "f figure"}
	case s.watched() && several:
		return []string{"enter ", "f figure", "z "}
	case s.watched() && s.narrow():
		return []string{"enter why"}
	case s.moment() == "explain" && s.narrow():
		return []string{"enter ", "f figure"}
	case s.moment() == "explain":
		return []string{"enter "}
	}
	return nil
}

// questions are the predictions of the page that were made.
func questions(l *lessonScreen) (all []show.Question) {
	for _, b := range l.scene.Blocks {
		if q, ok := b.(show.Question); ok && q.State == show.Taken {
			all = append(all, q)
		}
	}
	return all
}

// wrongWith is what of a page its run does not bear out: each reference resolves,
// each prediction has its truth, each table and figure something to show.
func wrongWith(e *lab.Experiment, page *lessons.Page, r *lab.Record) (bad []string) {
	add := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	if _, err := json.Marshal(r); err != nil { // NaN and Inf; the word NaN may well stand in a text
		add("%v", err)
	}
	for _, id := range page.Run().Figures {
		if f := e.Figure(r, id); f == nil || f.Empty() {
			add("figure %s has nothing to draw", id)
		}
	}
	for _, name := range page.Run().Table {
		if _, ok := r.Find(name); !ok {
			add("the table names %s, which the run does not find", name)
		}
	}
	for _, b := range page.Blocks {
		text := ""
		switch b := b.(type) {
		case lessons.Prose:
			text = b.Resolve(r)
		case lessons.Goal:
			if b.Reached(r) {
				add("goal %s is reached without a turn of a knob", b.ID)
			}
		case lessons.Predict:
			text = lessons.Prose{Markdown: b.Because}.Resolve(r)
			truth, ok := r.Find(b.Finding.Name)
			if !ok {
				add("the run does not find %s, which is to be predicted", b.Finding.Name)
			}
			if len(b.Choices) > 0 && !slices.Contains(b.Choices, truth.Bare()) {
				add("%s is %q, none of the choices %v", b.Finding.Name, truth.Bare(), b.Choices)
			}
		}
		if strings.Contains(text, lessons.Missing) {
			add("a number is missing in: %s", text)
		}
	}
	return bad
}
