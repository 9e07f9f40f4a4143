package tui

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/show"
	"loralab/plots"
)

// exhibit is one of the things that can be looked at on a page: a figure of the
// run, what the class guesses, the numbers.
type exhibit struct {
	name   string
	figure func() *plots.Figure // nil for the numbers
}

// exhibits are those of the page, in the order in which f shows them.
func (s *classScreen) exhibits() []exhibit {
	p := s.panel()
	var all []exhibit
	for i, id := range p.trial.Figures {
		all = append(all, exhibit{id, func() *plots.Figure { p.figure = i; return p.current() }})
	}
	for _, b := range s.scene.Blocks {
		if f, ok := b.(show.Figure); ok {
			all = append(all, exhibit{f.ID, func() *plots.Figure { return f.Figure }})
		}
	}
	if len(p.trial.Table) > 0 && !p.of.Covered {
		all = append(all, exhibit{"numbers", nil})
	}
	return all
}

// exhibit is the one that is shown. Until one is chosen it is the first figure or,
// where that has no room for guesses and there is nothing else to see yet, the guesses
// alone.
func (s *classScreen) exhibit(width, rows int) exhibit {
	all := s.exhibits()
	if s.shown = min(s.shown, len(all)-1); s.picked {
		return all[s.shown]
	}
	s.shown = 0
	if guesses := slices.IndexFunc(all, func(v exhibit) bool { return v.name == guessesID }); s.panel().of.Covered && guesses >= 0 {
		if f := all[0].figure(); f == nil || len(f.Marks) == 0 || !holds(f, false, width, rows) {
			s.shown = guesses
		}
	}
	return all[s.shown]
}

// holds reports whether a figure has room for the label of each guess, or of each
// truth.
func holds(f *plots.Figure, truth bool, width, rows int) bool {
	drawn := f.Cells(width, rows, plots.MonoInk())
	return !slices.ContainsFunc(f.Marks, func(m plots.Mark) bool { return m.Truth == truth && !strings.Contains(drawn, m.Label) })
}

// legible is the figure without the marks that it has no room for: some of the guesses
// would look like all of them.
func legible(f *plots.Figure, width, rows int) *plots.Figure {
	for _, truth := range []bool{false, true} {
		if !holds(f, truth, width, rows) {
			f = f.With(slices.DeleteFunc(slices.Clone(f.Marks), func(m plots.Mark) bool { return m.Truth == truth }))
		}
	}
	return f
}

// guessesID is the id of the figure of what a class guesses.
const guessesID = "guesses"

// pick shows the next exhibit, or the one before.
func (s *classScreen) pick(by int) {
	n := len(s.exhibits())
	s.shown, s.picked = (s.shown+by+n)%n, true
}

// render draws what the screen shows: the question, the figure with what is left of
// the room, and beneath it what is guessed and what is so.
func (s *classScreen) render() {
	p, width, height := s.panel(), s.env.width-4, s.env.bodyHeight()
	foot := s.foot()
	s.fig = nil
	if p == nil || s.scene.Moment != show.Watching {
		s.renderText(height - len(foot))
		s.body = append(s.text.seen(s.env.styles), foot...)
		return
	}
	p.resize(width, 0)
	head := s.head(width)
	exhibit := s.exhibit(width, max(height-len(head)-1-len(foot), 0))
	var f *plots.Figure
	if exhibit.figure != nil {
		f = exhibit.figure()
	}
	if f != nil && f.Caption != "" && !p.of.Covered {
		muted := styles{text: s.env.styles.muted, ink: s.env.styles.ink}
		lines := strings.Split(renderMarkdown(f.Caption, width, muted), "\n")
		foot = append(lines[:min(len(lines), captionRows)], foot...)
	}
	if len(head) > 0 && !s.env.narrow() {
		head = append(head, "")
	}
	s.body = append(head, s.drawn(exhibit, f, width, max(height-len(head)-len(foot), 0))...)
	s.body = append(s.body, foot...)
}

// drawn is a exhibit as that many lines.
func (s *classScreen) drawn(v exhibit, f *plots.Figure, width, rows int) []string {
	p, lines := s.panel(), []string(nil)
	switch {
	case v.figure == nil:
		lines = p.table[:min(rows, len(p.table))]
	case rows < leastRows || width < leastColumns:
		lines = []string{s.env.styles.muted.Render("no room to draw here: the screen is too small")}
	case f == nil:
		lines = append(make([]string, rows/2), lipgloss.PlaceHorizontal(width, lipgloss.Center, s.env.styles.muted.Render("nothing to draw here under these settings")))
	default:
		f = legible(f, width, rows)
		s.fig, p.drawn = f, f.Cells(width, rows, s.env.styles.ink)
		lines = strings.Split(p.drawn, "\n")
	}
	return append(lines[:min(len(lines), rows)], make([]string, max(rows-len(lines), 0))...)
}

// renderText lays the text out.
func (s *classScreen) renderText(height int) {
	set := typesetter{st: s.env.styles, width: min(s.env.width-4, 76)}
	var blocks []show.Block
	for _, b := range s.scene.Blocks {
		switch b.(type) {
		case show.Heading, show.Figure, show.Experiment, show.Drill:
		default:
			blocks = append(blocks, b)
		}
	}
	s.text.set(set.blocks(blocks), height)
}

// questions are those of the page.
func (s *classScreen) questions() []show.Question {
	var all []show.Question
	for _, b := range s.scene.Blocks {
		if q, ok := b.(show.Question); ok {
			all = append(all, said(s.env.styles, q))
		}
	}
	return all
}

// head is the question that is asked, with its choices.
func (s *classScreen) head(width int) []string {
	st, set := s.env.styles, typesetter{st: s.env.styles, width: width}
	all := s.questions()
	var lines []string
	for i, q := range all {
		switch {
		case q.State == show.Coming, q.State == show.Taken && len(all) > 1:
			continue
		case q.State == show.Taken && s.env.narrow() && q.Brief.Ask != "": // the figure needs the rows
			lines = append(lines, st.strong.Render(q.Brief.Ask))
			continue
		}
		for _, b := range q.Blocks {
			switch b := b.(type) {
			case show.Prose:
				text := strings.Split(renderMarkdown(b.Markdown, width, styles{text: st.strong, strong: st.strong, code: st.strong, ink: st.ink}), "\n")
				lines = append(lines, text...)
			case show.Options:
				var parts []string
				for i, item := range b.Items {
					parts = append(parts, st.accent.Render(string(rune('a'+i)))+" "+item)
				}
				lines = append(lines, set.wrapped(strings.Join(parts, "    "))...)
			}
		}
		if len(all) > 1 {
			lines = append(lines, st.muted.Render(fmt.Sprintf("question %d of %d", i+1, len(all))))
		}
	}
	return lines
}

// foot is what stands under the figure: what the class says and what is so, where the
// run stands, the knobs, what is typed.
func (s *classScreen) foot() []string {
	st, p, width := s.env.styles, s.panel(), s.env.width-4
	set := typesetter{st: st, width: width}
	var lines []string
	if s.scene.Moment == show.Watching {
		all := s.questions()
		for _, q := range all {
			if q.State == show.Coming {
				continue
			}
			if q.State == show.Taken {
				ask := ""
				if len(all) > 1 {
					ask = st.muted.Render(q.Brief.Ask + " · ")
				}
				lines = append(lines, ask+st.accent.Render("the run   ")+st.strong.Render(q.Brief.Truth))
			}
			said := q.Brief.Said
			if q.Brief.Gap != "" {
				said += " · " + q.Brief.Gap
			}
			lines = append(lines, set.indented("the class ", st.muted, said)...)
		}
		if p != nil {
			if s.knobs {
				lines = append(lines, p.knobRows()...)
			}
			lines = append(lines, s.status(p))
		}
	}
	if s.scene.Trouble != "" {
		lines = append(lines, set.wrapped(st.bad.Render(s.scene.Trouble))...)
	}
	if s.field != nil && s.scene.Moment == show.Watching {
		lines = append(lines, st.accent.Render("guesses ")+s.field.view(width-8))
	}
	return lines
}

// status says where the run stands, and under which settings.
func (s *classScreen) status(p *panel) string {
	st := s.env.styles
	line := p.status()
	switch {
	case p.running():
	case p.trial.Record() == nil:
		line = st.accent.Render("space") + st.muted.Render(" runs it")
	case p.of.Covered && p.note == "" && !p.trial.Stale():
		line += st.muted.Render(" · ") + st.accent.Render("t") + st.muted.Render(" shows what it found")
	}
	topic := "   " + st.say(s.scene.Topic)
	if !p.running() && !s.knobs && ansi.StringWidth(line+topic) <= s.env.width-4 {
		line += st.muted.Render(topic)
	}
	return line
}

func (s *classScreen) title() (left, right string) {
	lesson := s.class.Lesson()
	left = fmt.Sprintf("%d.%d  %s", lesson.Step, s.class.Page()+1, lesson.Pages[s.class.Page()].Title)
	return s.env.styles.say(left), "nothing is saved · " + s.scene.Where
}

func (s *classScreen) view() string {
	lines := slices.Clone(s.body)
	for i, l := range lines {
		lines[i] = ansi.Truncate(l, max(s.env.width-4, 1), "…")
	}
	return strings.Join(lines, "\n")
}

func (s *classScreen) bindings() []key.Binding {
	k, p := s.env.keys, s.panel()
	if s.jump.asks() {
		return s.jump.bindings(k)
	}
	if s.typing() {
		return []key.Binding{as(k.Answer, "take these guesses"), as(k.Home, "clear")}
	}
	var b []key.Binding
	if p.running() {
		word := "pause"
		if p.live.gate.paused() {
			word = "go on"
		}
		b = append(b, as(k.Pause, word), k.Slow, k.Cancel)
	} else if len(s.scene.Offers) > 0 && s.scene.Offers[0].Act != show.Stop {
		b = append(b, as(k.Enter, s.scene.Offers[0].Does))
	}
	add := func(act show.Act, binding key.Binding) {
		if s.scene.Can(act) && (p.running() || s.scene.Offers[0].Act != act) { // enter does that
			b = append(b, binding)
		}
	}
	add(show.Reveal, k.Reveal)
	add(show.Again, k.Again)
	add(show.Next, as(k.Next, "next"))
	b = append(b, k.Jump)
	add(show.Pass, as(k.Skip, "other question"))
	if p != nil && s.scene.Moment == show.Watching {
		if !p.running() && p.trial.Record() != nil {
			b = append(b, as(k.Run, "run again"))
		}
		b = append(b, as(k.Figure, "figure"), as(k.Zoom, "knobs"))
	}
	add(show.Why, k.Text)
	add(show.Watch, as(k.Text, "figure"))
	add(show.Back, as(k.Edit, "take the last guesses back"))
	if s.knobs && p != nil {
		b = append(b, key.NewBinding(key.WithKeys("left"), key.WithHelp("←→", "turn")), key.NewBinding(key.WithKeys("up"), key.WithHelp("↑↓", "knob")), k.Undo, k.Reset, k.Auto)
	}
	if !s.text.fits() && s.scene.Moment != show.Watching {
		b = append(b, as(k.PageDown, "more text"))
	}
	add(show.Previous, as(k.Previous, "back"))
	if p != nil && !p.of.Covered && p.trial.Record() != nil {
		b = append(b, k.Compare, as(k.Export, "export"))
	}
	return append(b, k.Home)
}
