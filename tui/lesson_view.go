package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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

// watching reports whether the figure has the screen: on a narrow one, text and
// figure take turns.
func (s *lessonScreen) watching() bool {
	return s.panel() != nil && (s.zoom || s.env.narrow() && s.scene.Moment == show.Watching)
}

// panelHeight is what the panel has of the screen.
func (s *lessonScreen) panelHeight() int {
	switch {
	case s.watching():
		return max(s.env.bodyHeight()-len(s.above()), 0)
	case s.sideBySide():
		return s.env.bodyHeight()
	}
	return 0
}

func (s *lessonScreen) textHeight() int {
	height := s.env.bodyHeight()
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
	add := func(line string) { text = append(append(text, ""), wrap(line, s.textWidth())...) }
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
		if after := s.env.course.After(s.walk.Lesson); after != nil {
			add(st.accent.Render("n") + st.muted.Render(fmt.Sprintf(" next lesson: %d %s", after.Step, after.Title)))
		} else {
			add(st.muted.Render("the end of the course · ") + st.accent.Render("esc") + st.muted.Render(" home"))
		}
	}
	s.text.least = min(s.text.least, max(len(text)-1, 0))
	s.text.set(text, s.textHeight())
}

// reveal scrolls to where the truth stands beside the prediction.
func (s *lessonScreen) reveal() {
	s.render()
	i := slices.IndexFunc(s.text.lines, func(line string) bool { return ansi.Strip(line) == "predict" })
	s.text.begin(i)
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

// briefs are the predictions of the page, one a line: what is asked at the left,
// what was said and is so at the right.
func (s *lessonScreen) briefs(width int) []string {
	var lines []string
	for _, b := range s.scene.Blocks {
		if q, ok := b.(show.Question); ok && q.Brief.Ask != "" {
			lines = append(lines, s.typesetter().brief(said(s.env.styles, q).Brief, width)...)
		}
	}
	return lines
}

// above is what stands over the figure where it has the screen: what was predicted
// and, where that leaves the figure enough, what is to be reached.
func (s *lessonScreen) above() []string {
	width := s.env.width - 4
	lines := s.briefs(width)
	if aim := s.aim(width); s.env.bodyHeight()-len(lines)-len(aim) >= aimedRows {
		lines = append(lines, aim...)
	}
	return lines
}

// aimedRows is what a panel is left under the goal at least.
const aimedRows = 16

// aim is how the last run stands to the goal of the page, in a line or two; nil where
// there is no goal or it waits for the first run.
func (s *lessonScreen) aim(width int) []string {
	for _, b := range s.scene.Blocks {
		if g, ok := b.(show.Goal); ok {
			return s.typesetter().aim(said(s.env.styles, g), width)
		}
	}
	return nil
}

// pinned is what stays in view under the text: the question that is asked or, where
// the text is too long for it, what was said.
func (s *lessonScreen) pinned() []string {
	st, set, ask := s.env.styles, s.typesetter(), s.scene.Ask
	var lines []string
	if s.sideBySide() && !s.text.fits() {
		if s.panel().running() {
			lines = s.briefs(set.width)
		}
		lines = append(lines, s.aim(set.width)...)
	}
	for _, b := range s.scene.Blocks {
		if q, ok := b.(show.Question); ok && q.State == show.Asked {
			lines = set.blocks([]show.Block{q})
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
			lines = append(lines, set.indented(head, style, st.say(c))...)
		}
	case show.Confidence:
		for _, read := range ask.Read {
			lines = append(lines, set.indented("you say ", st.muted, read)...)
		}
		lines = append(lines, confidencePrompt(ask, st))
	}
	if s.scene.Trouble != "" {
		lines = append(lines, set.wrapped(st.bad.Render(s.scene.Trouble))...)
	}
	return lines
}

func (s *lessonScreen) title() (left, right string) {
	left = s.scene.Name + " · " + strings.TrimPrefix(s.scene.Where, "page ")
	room := s.env.width - 4 - ansi.StringWidth(left) - 2
	for i, part := range strings.SplitAfter(s.scene.Topic, " · ") { // whole settings, as many as there is room for
		if ansi.StringWidth(right+strings.TrimSuffix(part, " · ")) > room || i > 0 && s.watching() && !s.zoom {
			break // while the figure has the screen its knobs say the rest
		}
		right += s.env.styles.say(strings.TrimSuffix(part, " · ")) + strings.Repeat(" · ", strings.Count(part, " · "))
	}
	return left, strings.TrimSuffix(right, " · ")
}

func (s *lessonScreen) view() string {
	p := s.panel()
	if s.watching() {
		return strings.Join(append(s.above(), p.view()), "\n")
	}
	text := s.text.seen(s.env.styles)
	if len(s.pin) > 0 {
		text = append(append(text, ""), s.pin...)
	}
	if s.sideBySide() {
		return beside(text, strings.Split(p.view(), "\n"), s.textWidth(), 3)
	}
	return strings.Join(text, "\n")
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
