package tui

import (
	"slices"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/show"
)

// sideBySide reports whether text and panel stand beside each other.
func (s *lessonScreen) sideBySide() bool { return !s.env.narrow() && s.panel() != nil && !s.zoom }

func (s *lessonScreen) textWidth() int {
	if s.sideBySide() {
		return min(max((s.env.width-4)*42/100, 36), 62)
	}
	return min(s.env.width-4, 76)
}

// panelHeight is the panel's share of a narrow screen: nothing before the first
// run, then the figure comes first.
func (s *lessonScreen) panelHeight() int {
	p := s.panel()
	switch {
	case p == nil:
		return 0
	case s.sideBySide(), s.zoom:
		return s.env.bodyHeight()
	case p.trial.Record() == nil && !p.running():
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
	if n := len(s.pin); n > 0 {
		height -= n + 1
	}
	return max(height, 1)
}

func (s *lessonScreen) resize() {
	if p := s.panel(); p != nil {
		width := s.env.width - 4
		if s.sideBySide() {
			width -= s.textWidth() + 3
		}
		p.resize(width, s.panelHeight())
	}
	s.render()
}

func (s *lessonScreen) typesetter() typesetter {
	return typesetter{st: s.env.styles, width: s.textWidth()}
}

// render lays out the page's text as lines. The question that is asked is pinned
// below it, those that come later wait.
func (s *lessonScreen) render() {
	st := s.env.styles
	s.pin = s.pinned()
	var blocks []show.Block
	for _, b := range s.scene.Blocks {
		if q, ok := b.(show.Question); !ok || q.State == show.Taken {
			blocks = append(blocks, b)
		}
	}
	text := s.typesetter().blocks(blocks)
	add := func(line string) { text = append(text, "", line) }
	for _, b := range s.scene.Blocks {
		if d, ok := b.(show.Drill); ok {
			add(s.drillLine(d.Family))
		}
	}
	switch {
	case s.scene.Ask.Form == show.Run && s.panel().running():
		add(st.muted.Render("it runs: what it finds comes next"))
	case s.scene.Ask.Form == show.Run:
		add(st.accent.Render("space") + st.muted.Render(" runs it"))
	case s.scene.Ask.Form != show.Nothing:
	case s.scene.Can(show.Next):
		add(st.accent.Render("n") + st.muted.Render(" next: "+s.walk.Lesson.Pages[s.page+1].Title))
	default:
		add(st.muted.Render("the end of this step · ") + st.accent.Render("esc") + st.muted.Render(" home"))
	}
	s.text.set(text, s.textHeight())
}

// reveal scrolls to where the truth stands beside the prediction.
func (s *lessonScreen) reveal() {
	s.render()
	i := slices.IndexFunc(s.text.lines, func(line string) bool { return ansi.Strip(line) == "predict" })
	s.text.to(i)
}

// drillLine offers the question that the drills ask about this page.
func (s *lessonScreen) drillLine(family string) string {
	st := s.env.styles
	if s.env.bank == nil || s.env.bank.Find(family) == nil {
		return st.muted.Render("the drills ask " + family)
	}
	return st.accent.Render("m") + st.muted.Render(" asks you: ") + s.env.bank.Find(family).Title
}

// recall is the family that the page offers to ask now, "" if there is none.
func (s *lessonScreen) recall() string {
	if s.scene.Can(show.Recall) {
		return s.walk.Recall()
	}
	return ""
}

// pinned is what stays in view under the text: the question that is asked.
func (s *lessonScreen) pinned() []string {
	st, set, ask := s.env.styles, s.typesetter(), s.scene.Ask
	var lines []string
	for _, b := range s.scene.Blocks {
		if q, ok := b.(show.Question); ok && q.State == show.Asked {
			lines = set.question(q)
		}
	}
	switch ask.Form {
	case show.Line:
		lines = append(lines, s.field.view(set.width))
	case show.Choice:
		for i, c := range ask.Choices {
			head, style := "  "+strconv.Itoa(i+1)+"  ", st.text
			if i == s.choice {
				head, style = "▸ "+strconv.Itoa(i+1)+"  ", st.accent
			}
			lines = append(lines, set.indented(head, style, c)...)
		}
	case show.Confidence:
		for _, read := range ask.Read {
			lines = append(lines, st.muted.Render("you say ")+read)
		}
		lines = append(lines, confidencePrompt(ask, st))
	}
	if s.scene.Trouble != "" {
		lines = append(lines, set.wrapped(st.bad.Render(s.scene.Trouble))...)
	}
	return lines
}

func (s *lessonScreen) title() (left, right string) {
	return s.scene.Name + " · " + strings.TrimPrefix(s.scene.Where, "page "), s.scene.Topic // the settings need the room
}

func (s *lessonScreen) view() string {
	p := s.panel()
	if p != nil && s.zoom {
		return p.view()
	}
	text := s.text.seen(s.env.styles)
	if len(s.pin) > 0 {
		text = append(append(text, ""), s.pin...)
	}
	switch {
	case p == nil, !s.sideBySide() && s.panelHeight() == 0:
		return strings.Join(text, "\n")
	case s.sideBySide():
		return beside(text, strings.Split(p.view(), "\n"), s.textWidth(), 3)
	}
	return p.view() + "\n\n" + strings.Join(text, "\n")
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

func (s *lessonScreen) bindings() []key.Binding {
	k := s.env.keys
	var turn []key.Binding
	if s.scene.Can(show.Next) {
		turn = append(turn, as(k.Next, "next"))
	}
	if s.scene.Can(show.Previous) {
		turn = append(turn, as(k.Previous, "back"))
	}
	switch s.scene.Ask.Form {
	case show.Line:
		return []key.Binding{k.Answer, k.Skip, k.PageDown, k.Home}
	case show.Choice:
		return append([]key.Binding{as(k.Up, "choose"), k.Answer, k.Skip, k.PageDown}, append(turn, k.Home)...)
	case show.Confidence:
		return append([]key.Binding{k.Guess, k.Think, k.Sure, k.Edit, k.PageDown}, append(turn, k.Home)...)
	}
	if s.recall() != "" {
		turn = append(turn, k.Recall)
	}
	if !s.text.fits() {
		turn = append(turn, as(k.PageDown, "more text"))
	}
	if p := s.panel(); p != nil {
		zoom := k.Zoom
		if s.zoom {
			zoom = as(zoom, "text again")
		}
		turn = append(p.bindings(turn...), zoom)
	}
	return append(turn, k.Home)
}
