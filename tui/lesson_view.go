package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons"
)

// sideBySide reports whether text and panel stand beside each other.
func (s *lessonScreen) sideBySide() bool { return !s.env.narrow() && s.now().panel != nil && !s.zoom }

func (s *lessonScreen) textWidth() int {
	if s.sideBySide() {
		return min(max((s.env.width-4)*42/100, 36), 62)
	}
	return min(s.env.width-4, 76)
}

// panelHeight is the panel's share of a narrow screen: nothing before the first
// run, then the figure comes first.
func (s *lessonScreen) panelHeight() int {
	p := s.now().panel
	switch {
	case p == nil:
		return 0
	case s.sideBySide(), s.zoom:
		return s.env.bodyHeight()
	case p.record == nil && !p.running():
		return 0
	case p.running():
		return max(s.env.bodyHeight()-5, 0)
	}
	return max(s.env.bodyHeight()-max(9, s.env.bodyHeight()*4/10), 0)
}

func (s *lessonScreen) textHeight() int {
	height := s.env.bodyHeight()
	if h := s.panelHeight(); h > 0 && !s.sideBySide() {
		height -= h + 1
	}
	if n := len(s.now().asked); n > 0 {
		height -= n + 1
	}
	return max(height, 1)
}

func (s *lessonScreen) resize() {
	if p := s.now().panel; p != nil {
		width := s.env.width - 4
		if s.sideBySide() {
			width -= s.textWidth() + 3
		}
		p.resize(width, s.panelHeight())
	}
	s.render()
}

func (s *lessonScreen) clampScroll() {
	p := s.now()
	p.scroll = min(max(p.scroll, 0), max(len(p.text)-s.textHeight(), 0))
}

// render lays out the page's text as lines. What stands after the run is shown
// once a run has ended, since its numbers are that run's.
func (s *lessonScreen) render() {
	p, st, width := s.now(), s.env.styles, s.textWidth()
	record, ended := s.record(), p.panel == nil || p.panel.finished() != nil
	p.asked = nil
	if q := s.asking(); q != nil {
		p.asked = q.lines(width, record)
	}
	lines := []string{st.title.Render(s.lesson.Pages[s.page].Title)}
	add := func(more []string) { lines = append(append(lines, ""), more...) }
	asked := 0
	for _, b := range s.lesson.Pages[s.page].Blocks {
		switch b := b.(type) {
		case lessons.Prose:
			add(strings.Split(renderMarkdown(b.Resolve(record), width, st), "\n"))
		case lessons.Predict:
			if p.questions[asked].committed() {
				add(p.questions[asked].lines(width, record))
			}
			asked++
		case lessons.Run:
			if !ended {
				if s.asking() == nil {
					add([]string{s.invitation()})
				}
				p.text = lines
				s.clampScroll()
				return
			}
		case lessons.Recall:
			add(s.recallLine(b.Family))
		}
	}
	if s.page == len(s.pages)-1 {
		add([]string{st.muted.Render("the end of this step · ") + st.accent.Render("esc") + st.muted.Render(" home")})
	} else {
		add([]string{st.accent.Render("n") + st.muted.Render(" next: "+s.lesson.Pages[s.page+1].Title)})
	}
	p.text = lines
	s.clampScroll()
}

// recallLine offers the question that the drills ask about this page.
func (s *lessonScreen) recallLine(family string) []string {
	st := s.env.styles
	if s.env.bank == nil || s.env.bank.Find(family) == nil {
		return []string{st.muted.Render("the drills ask " + family)}
	}
	return []string{st.accent.Render("m") + st.muted.Render(" asks you: ") + s.env.bank.Find(family).Title}
}

// recall returns the family that the page offers to ask now, "" if there is
// none or what comes before it is not done.
func (s *lessonScreen) recall() string {
	p := s.now()
	if p.panel != nil && p.panel.finished() == nil {
		return ""
	}
	for _, b := range s.lesson.Pages[s.page].Blocks {
		if r, ok := b.(lessons.Recall); ok {
			return r.Family
		}
	}
	return ""
}

// record is what the prose speaks of: the last run that reached its end.
func (s *lessonScreen) record() *lessons.Record {
	p := s.now().panel
	settings := s.lesson.Experiment.Defaults()
	if p != nil {
		if done := p.finished(); done != nil {
			return done
		}
		settings = p.settings
	}
	return &lessons.Record{Experiment: s.lesson.Experiment.ID, Settings: settings}
}

func (s *lessonScreen) invitation() string {
	st := s.env.styles
	switch {
	case s.now().panel.running():
		return st.muted.Render("it runs: what it finds comes next")
	default:
		return st.accent.Render("space") + st.muted.Render(" runs it")
	}
}

func (s lessonScreen) title() (left, right string) {
	left = fmt.Sprintf("%d %s · %d/%d", s.lesson.Step, s.lesson.Title, s.page+1, len(s.pages))
	if p := s.now().panel; p != nil {
		parts := []string{"seed " + p.settings.Text("seed")}
		for _, k := range p.offered() {
			name := k.Name
			if k.Symbol != "" {
				name = k.Symbol
			}
			parts = append(parts, name+" "+p.settings.Text(k.Name))
		}
		right = strings.Join(parts, " · ")
	}
	return left, right
}

func (s lessonScreen) view() string {
	p, height := s.now(), s.textHeight()
	text := append([]string(nil), p.text[min(p.scroll, len(p.text)):]...)
	more := len(text) > height
	text = text[:min(len(text), height)]
	if more && height > 1 {
		text[height-1] = s.env.styles.muted.Render("↓ pgdn: more")
	}
	if len(p.asked) > 0 {
		text = append(append(text, ""), p.asked...)
	}
	if p.panel == nil {
		return strings.Join(text, "\n")
	}
	if s.sideBySide() {
		return beside(text, strings.Split(p.panel.view(), "\n"), s.textWidth(), 3)
	}
	if s.panelHeight() == 0 {
		return strings.Join(text, "\n")
	}
	if s.zoom {
		return p.panel.view()
	}
	return p.panel.view() + "\n\n" + strings.Join(text, "\n")
}

// beside joins two columns of lines, the left one padded to its width.
func beside(left, right []string, width, gap int) string {
	var b strings.Builder
	for i := range max(len(left), len(right)) {
		if i > 0 {
			b.WriteByte('\n')
		}
		l, r := "", ""
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		l = ansi.Truncate(l, width, "…")
		b.WriteString(l)
		if r != "" {
			b.WriteString(strings.Repeat(" ", max(width-ansi.StringWidth(l), 0)+gap))
			b.WriteString(r)
		}
	}
	return b.String()
}

func (s lessonScreen) bindings() []key.Binding {
	k := s.env.keys
	if q := s.asking(); q != nil {
		return append(q.bindings(), k.PageDown, k.Home)
	}
	var turn []key.Binding
	if s.page < len(s.pages)-1 {
		turn = append(turn, as(k.Next, "next"))
	}
	if s.page > 0 {
		turn = append(turn, as(k.Previous, "back"))
	}
	if s.recall() != "" {
		turn = append(turn, k.Recall)
	}
	if len(s.now().text) > s.textHeight() {
		turn = append(turn, as(k.PageDown, "more text"))
	}
	if p := s.now().panel; p != nil {
		zoom := k.Zoom
		if s.zoom {
			zoom = as(zoom, "text again")
		}
		turn = append(p.bindings(turn...), zoom)
	}
	return append(turn, k.Home)
}
