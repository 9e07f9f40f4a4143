package tui

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"

	"loralab/drills"
	"loralab/drills/verdict"
)

func (s *drillScreen) width() int { return min(s.env.width-4, 76) }

// textHeight is what the pinned answer line leaves.
func (s *drillScreen) textHeight() int {
	height := s.env.bodyHeight()
	if pinned := s.pinned(); len(pinned) > 0 {
		height -= len(pinned) + 1
	}
	return max(height, 1)
}

func (s *drillScreen) render() {
	switch s.phase {
	case summed:
		s.text = s.summary()
	case judged:
		s.text = s.verdict()
	default:
		s.text = s.question()
	}
	s.scroll = min(max(s.scroll, 0), max(len(s.text)-s.textHeight(), 0))
}

// wrapped breaks the words of a question into lines. They are not Markdown:
// the stars of r*(d+k) + d*k are meant.
func (s *drillScreen) wrapped(text string) []string {
	return strings.Split(lipgloss.Wrap(text, s.width(), ""), "\n")
}

// question is the prompt with what was shown of it so far.
func (s *drillScreen) question() []string {
	st := s.env.styles
	var lines []string
	if s.spoken != "" {
		lines = append(s.wrapped(s.spoken), "")
	}
	lines = append(lines, s.wrapped(s.asked.Question.Prompt)...)
	for i, p := range s.asked.Question.Parts {
		if p.Ask != "" {
			lines = append(lines, "")
			lines = append(lines, s.wrapped(fmt.Sprintf("%s %s", st.strong.Render(fmt.Sprintf("%d.", i+1)), p.Ask))...)
		}
		for j, o := range p.Options {
			lines = append(lines, fmt.Sprintf("  %c  %s", 'a'+j, o))
		}
		if i < s.at || s.phase != answering {
			lines = append(lines, st.muted.Render("› ")+s.lines[i].value())
		}
	}
	for i, hint := range s.hints {
		lines = append(lines, "")
		lines = append(lines, s.wrapped(st.strong.Render(fmt.Sprintf("hint %d ", i+1))+" "+hint)...)
	}
	return lines
}

// pinned is what stays in view under the text: the answer line, or the question
// how sure the learner is.
func (s *drillScreen) pinned() []string {
	st := s.env.styles
	var lines []string
	switch s.phase {
	case answering:
		if n := len(s.lines); n > 1 {
			lines = append(lines, st.muted.Render(fmt.Sprintf("part %d of %d", s.at+1, n)))
		}
		lines = append(lines, strings.Split(s.lines[s.at].view(s.width()), "\n")...)
		if s.trouble != "" {
			lines = append(lines, s.wrapped(st.bad.Render(s.trouble))...)
		}
	case confiding:
		for _, echo := range strings.Split(s.echo, "\n") {
			if echo != "" {
				lines = append(lines, s.env.cut(st.muted.Render("read as   ")+echo))
			}
		}
		lines = append(lines, "how sure?  "+st.accent.Render("1")+" guess  "+st.accent.Render("2")+" think  "+st.accent.Render("3")+" sure")
	case waiting:
		lines = append(lines, st.muted.Render("…"))
	}
	return lines
}

// verdict is the question with what became of it.
func (s *drillScreen) verdict() []string {
	st, r := s.env.styles, s.result
	lines := append(s.question(), "")
	for _, p := range r.Parts {
		mark, word := st.bad.Render("✗"), "not quite"
		switch p.Status {
		case verdict.Right:
			mark, word = st.good.Render("✓"), "right"
		case verdict.Partial:
			mark, word = st.accent.Render("◐"), "in part"
		}
		head := mark + " " + word
		if p.Status == verdict.Wrong && p.Echo == "" && len(p.Feedback) == 0 {
			mark, word = st.muted.Render("·"), "not answered"
			head = mark + " " + word
		}
		if len(r.Parts) > 1 {
			head = fmt.Sprintf("%s %d. %s", mark, p.Part, word)
		}
		if p.Echo != "" {
			head += st.muted.Render("   read as ") + p.Echo
		}
		lines = append(lines, s.env.cut(head))
		for _, f := range p.Feedback {
			for _, line := range s.wrapped(f) {
				lines = append(lines, "  "+line)
			}
		}
		if p.Status != verdict.Right && p.Key != "" {
			lines = append(lines, s.labelled("the answer", p.Key)...)
		}
	}
	if s.asked.Missed() {
		if _, drill := s.from.(*drills.Sitting); drill {
			lines = append(lines, st.muted.Render("→ it comes back in a few questions with other numbers"))
		}
	}
	if s.said != "" {
		lines = append(lines, st.muted.Render(s.said))
	}
	if s.why {
		lines = append(lines, "")
		lines = append(lines, s.labelled("why", s.asked.Question.Why)...)
	}
	if s.follow {
		lines = append(lines, "", st.strong.Render("the next question an interviewer would ask"))
		for i, u := range s.asked.Question.FollowUps {
			mark := "·"
			if u.Family != "" {
				mark = st.accent.Render(fmt.Sprint(i + 1))
			}
			for j, line := range s.wrapped(u.Text) {
				if j > 0 {
					mark = " "
				}
				lines = append(lines, mark+" "+line)
			}
		}
	}
	return lines
}

// labelled is a text behind a label, its further lines indented.
func (s *drillScreen) labelled(label, text string) []string {
	wrapped := strings.Split(lipgloss.Wrap(text, s.width()-len(label)-4, ""), "\n")
	for i, line := range wrapped {
		head := strings.Repeat(" ", len(label))
		if i == 0 {
			head = s.env.styles.muted.Render(label)
		}
		wrapped[i] = "  " + head + "  " + line
	}
	return wrapped
}

func (s drillScreen) title() (left, right string) {
	kind := "drill"
	if i, ok := s.from.(*drills.Interview); ok {
		kind = "interview"
		if left := i.Left(); left > 0 && s.phase != summed {
			kind += fmt.Sprintf(" · %d min left", int((left+time.Minute-1)/time.Minute))
		}
	}
	if s.asked == nil {
		return kind, ""
	}
	return kind + " · " + s.heading, s.asked.Family.Step + " · " + string(s.asked.Family.Depth)
}

func (s drillScreen) view() string {
	height := s.textHeight()
	text := append([]string(nil), s.text[min(s.scroll, len(s.text)):]...)
	more := len(text) > height
	text = text[:min(len(text), height)]
	if more && height > 1 {
		text[height-1] = s.env.styles.muted.Render("↓ pgdn: more")
	}
	if pinned := s.pinned(); len(pinned) > 0 {
		text = append(append(text, ""), pinned...)
	}
	return strings.Join(text, "\n")
}

func (s drillScreen) bindings() []key.Binding {
	k := s.env.keys
	switch s.phase {
	case answering:
		return []key.Binding{k.Answer, k.Hint, k.Skip, key.NewBinding(key.WithKeys("up"), key.WithHelp("↑↓", "what you typed before")), k.Home}
	case confiding:
		return []key.Binding{k.Guess, k.Think, k.Sure, k.Edit, k.Home}
	case judged:
		b := []key.Binding{as(k.Answer, "next"), k.Why, k.FollowUp}
		if s.result.Status != verdict.Right {
			b = append(b, k.Contest)
		}
		return append(b, k.PageDown, k.Home)
	}
	return []key.Binding{k.PageDown, k.Home}
}
