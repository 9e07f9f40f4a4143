package lessons

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"loralab/lessons/lab"
	"loralab/lessons/source"
)

// A page can speak of what another page has found, {{rank-95 of reparameterization/How
// much rank is enough?}}, and say where that is, {{page reparameterization/How much
// rank is enough?}}. Its run then does the runs of those pages, too, under the settings
// that they begin with.

// link is such a reference.
type link struct {
	finding      string // "" of a page alone
	lesson, page string
	file         string
	line, column int
}

func (l link) errorf(format string, args ...any) error {
	return source.Piece{File: l.file, Line: 1}.Errorf(l.line, l.column, format, args...)
}

// name is what the finding is called in the record of the page that speaks of it.
func (l link) name() string { return l.finding + " of " + l.lesson + "/" + l.page }

// parseLink reads a reference that leads to another page; ok is false for all others.
func parseLink(ref string) (l link, bare, ok bool) {
	ref = strings.TrimSpace(ref)
	path, ok := strings.CutPrefix(ref, "page ")
	if !ok {
		if l.finding, path, ok = strings.Cut(ref, " of "); !ok {
			return l, false, false
		}
		l.finding, bare = strings.CutSuffix(strings.TrimSpace(l.finding), " bare")
		l.finding = strings.TrimSpace(l.finding)
	}
	l.lesson, l.page, _ = strings.Cut(strings.TrimSpace(path), "/")
	return l, bare, true
}

// linked is the run of a page that others speak of.
type linked struct {
	name       string // "lesson 1, page 5"
	experiment *lab.Experiment
	settings   lab.Settings
	wanted     map[string]string // findings, by what they are called there
}

// memory has, by id, the experiments that run the same settings once.
type memory map[string]*lab.Experiment

func (m memory) of(e *lab.Experiment) *lab.Experiment {
	if m[e.ID] == nil {
		m[e.ID] = lab.Remember(e)
	}
	return m[e.ID]
}

// connect follows the links of every page, and gives a page that has some a run that
// finds what they lead to.
func (c Course) connect(once memory) []error {
	var wrong []error
	for _, l := range c {
		for i := range l.Pages {
			p := &l.Pages[i]
			var sources []linked
			for _, to := range p.links {
				if err := c.follow(to, l, i, &sources); err != nil {
					wrong = append(wrong, err)
				}
			}
			if len(sources) > 0 {
				for j, s := range sources {
					sources[j].experiment = once.of(s.experiment)
				}
				p.Experiment = withLinked(once.of(p.Experiment), sources)
			}
			p.numberLinks(c)
		}
	}
	return wrong
}

// follow looks where a link of page at of a lesson leads, and adds what is to be run
// for it.
func (c Course) follow(to link, from *Lesson, at int, sources *[]linked) error {
	l, number, err := c.locate(to.lesson, to.page)
	switch {
	case err != nil:
		return to.errorf("%w", err)
	case l.Step > from.Step || l == from && number > at:
		return to.errorf("%s comes later: speak of what the learner has met", pageName(l, number))
	case to.finding == "":
		return nil
	}
	p := l.Pages[number]
	switch spec, ok := p.Experiment.Spec(to.finding); {
	case p.Run() == nil:
		return to.errorf("%s has no run, and so no findings", pageName(l, number))
	case len(p.links) > 0:
		return to.errorf("%s itself speaks of other pages: lead to those", pageName(l, number))
	case !ok:
		return to.errorf("unknown finding %q (findings of %s: %s)", to.finding, p.Experiment.ID, findingNames(p.Experiment))
	case spec.Kind == lab.KindMatrix || spec.Measured:
		return to.errorf("%s is a matrix or a timing: it cannot be spoken of elsewhere", to.finding)
	}
	run := p.Run().Settings
	i := slices.IndexFunc(*sources, func(s linked) bool { return s.experiment == p.Experiment && s.settings.Alike(run) })
	if i < 0 {
		i = len(*sources)
		*sources = append(*sources, linked{pageName(l, number), p.Experiment, run, map[string]string{}})
	}
	(*sources)[i].wanted[to.name()] = to.finding
	return nil
}

// locate returns the lesson and the index of a page.
func (c Course) locate(lesson, title string) (*Lesson, int, error) {
	l, err := c.Find(lesson)
	if err != nil {
		return nil, 0, err
	}
	if at := l.index(title); at >= 0 {
		return l, at, nil
	}
	var titles []string
	for _, p := range l.Pages {
		titles = append(titles, p.Title)
	}
	return nil, 0, fmt.Errorf("lesson %s has no page %q (pages: %s)", l.ID, title, strings.Join(titles, "; "))
}

// index is where the page of a title stands in the lesson, -1 where there is none.
func (l *Lesson) index(title string) int {
	return slices.IndexFunc(l.Pages, func(p Page) bool { return p.Title == title })
}

func pageName(l *Lesson, at int) string { return fmt.Sprintf("lesson %d, page %d", l.Step, at+1) }

// numberLinks writes where each {{page …}} is into the page's text.
func (p *Page) numberLinks(c Course) {
	number := func(text string) string {
		for _, to := range p.links {
			if l, at, err := c.locate(to.lesson, to.page); err == nil && to.finding == "" {
				text = strings.ReplaceAll(text, "{{page "+to.lesson+"/"+to.page+"}}", pageName(l, at))
			}
		}
		return text
	}
	for i, b := range p.Blocks {
		switch b := b.(type) {
		case Prose:
			b.Markdown = number(b.Markdown)
			p.Blocks[i] = b
		case Predict:
			b.Because = number(b.Because)
			p.Blocks[i] = b
		}
	}
}

// withLinked is an experiment that first does other runs, and finds what is wanted of
// them beside its own.
func withLinked(e *lab.Experiment, sources []linked) *lab.Experiment {
	more := *e
	more.Findings = slices.Clone(e.Findings)
	for _, s := range sources {
		for name, finding := range s.wanted {
			spec, _ := s.experiment.Spec(finding)
			spec.Name = name
			more.Findings = append(more.Findings, spec)
		}
	}
	own := len(e.Findings)
	slices.SortFunc(more.Findings[own:], func(a, b lab.Spec) int { return strings.Compare(a.Name, b.Name) })
	more.Run = func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
		tracks := make([]*lab.Track, len(sources))
		for i, source := range sources {
			tracks[i] = rec.Prelude(source.name, linkedSteps)
		}
		for i, source := range sources {
			if err := source.run(ctx, rec, tracks[i]); err != nil {
				return err
			}
		}
		return e.Run(ctx, s, rec)
	}
	return &more
}

// linkedSteps is how many steps the run of another page counts as: how many it has is
// known once it has begun.
const linkedSteps = 400

// run does the run and reports what is wanted of it.
func (s linked) run(ctx context.Context, rec *lab.Recorder, track *lab.Track) error {
	var mu sync.Mutex // a run reports from several goroutines
	step := 0
	upTo := func(share float64) {
		mu.Lock()
		defer mu.Unlock()
		for ; step <= int(share*linkedSteps); step++ {
			track.Add(step)
		}
	}
	r, err := s.experiment.Do(ctx, s.settings, func(p lab.Progress) {
		if p.Total > 0 && p.Done < p.Total {
			upTo(float64(p.Done) / float64(p.Total))
		}
	})
	if err != nil {
		return err
	}
	upTo(1)
	for name, finding := range s.wanted {
		if f, ok := r.Find(finding); ok {
			rec.Report(name, f.Value)
		}
	}
	return nil
}

// Remember returns the course and the laboratory with experiments that run the same
// settings once, see [lab.Remember], on whichever page and whichever bench.
func (c Course) Remember(l lab.Laboratory) (Course, lab.Laboratory) {
	once := memory{}
	l = slices.Clone(l)
	for i, e := range l {
		l[i] = once.of(e)
	}
	course := slices.Clone(c)
	for i, lesson := range course {
		copied := *lesson
		copied.Pages = slices.Clone(lesson.Pages)
		copied.Experiment = once.of(lesson.Experiment)
		for j, p := range copied.Pages {
			copied.Pages[j].Blocks = slices.Clone(p.Blocks)
			copied.Pages[j].Experiment = once.of(p.Experiment)
		}
		course[i] = &copied
	}
	if wrong := course.connect(once); len(wrong) > 0 {
		panic(errors.Join(wrong...)) // the links were followed when the course was read
	}
	return course, l
}
