package tui

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"loralab/drills"
	"loralab/lessons"
)

// homeScreen lists the steps and what else there is to do.
type homeScreen struct {
	env     *env
	lessons lessons.Course
	at      int
	review  *drills.ReviewHome // nil until the journal has answered
	to      way                // where a key leads
	teaches bool               // lessons are opened in front of a class
	still
}

func newHomeScreen(env *env, all []*lessons.Lesson) *homeScreen {
	s := &homeScreen{env: env, lessons: all}
	s.come()
	return s
}

// come marks the first step that is not done.
func (s *homeScreen) come() {
	s.at = 0
	for i, l := range s.lessons {
		if _, done := s.env.notebook.Position(l.ID); !done {
			s.at = i
			return
		}
	}
}

// way leads to what was chosen.
func (s *homeScreen) way() way {
	to := s.to
	s.to = nil
	return to
}

func (s *homeScreen) update(msg tea.Msg) tea.Cmd {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	k := s.env.keys
	switch {
	case key.Matches(press, k.Down):
		s.at = min(s.at+1, len(s.lessons)-1)
	case key.Matches(press, k.Up):
		s.at = max(s.at-1, 0)
	case key.Matches(press, k.Enter):
		s.to = s.open(s.lessons[s.at])
	case key.Matches(press, k.Present):
		s.to = toClass(s.lessons[s.at], 0)
	case key.Matches(press, k.Bench):
		s.to = toBench
	case s.teaches: // nothing that would be written down
	case key.Matches(press, k.Drill):
		s.to = toTalk(Start{Drill: &drills.SittingOptions{}})
	case key.Matches(press, k.Interview):
		s.to = toTalk(Start{Interview: &drills.InterviewOptions{}})
	case key.Matches(press, k.Progress):
		s.to = toProgress
	default:
		for i, l := range s.lessons {
			if press.String() == fmt.Sprint(l.Step) {
				s.at, s.to = i, s.open(l)
			}
		}
	}
	return nil
}

// open leads to a lesson.
func (s *homeScreen) open(l *lessons.Lesson) way {
	if s.teaches {
		return toClass(l, 0)
	}
	return toLesson(l)
}

func (s *homeScreen) title() (left, right string) {
	if s.teaches {
		return "loralab", "in front of a class: nothing is saved"
	}
	return "loralab", "LoRA, by running it"
}

func (s *homeScreen) view() string {
	st := s.env.styles
	width := min(s.env.width-4, 76)
	formula := st.accent.Render(st.say("h = Wx + (α/r)·B·A·x"))
	centre := func(line string) string { return lipgloss.PlaceHorizontal(width, lipgloss.Center, line) }
	lines := []string{centre(formula), centre(st.muted.Render("a small detour beside frozen weights: predict, run, see")), ""}
	for i, l := range s.lessons {
		lines = append(lines, s.row(i, l, width))
	}
	lines = append(lines, "")
	lines = append(lines, s.menu()...)
	foot := "○ not begun  ◐ begun  ● done"
	if reached, all := s.lessons.Goals(s.env.notebook); reached > 0 {
		foot += fmt.Sprintf("   goals %d of %d", reached, all)
	}
	lines = append(lines, "", st.muted.Render(foot))
	return strings.Join(lines, "\n")
}

// menu lists what there is besides the lessons.
func (s *homeScreen) menu() []string {
	st, k := s.env.styles, s.env.keys
	row := func(b key.Binding, what string) string {
		h := b.Help()
		return "     " + st.accent.Render(h.Key) + "  " + h.Desc + strings.Repeat(" ", max(11-len(h.Desc), 1)) + st.muted.Render(what)
	}
	bench := row(k.Bench, "turn every knob, compare runs")
	if s.review == nil || s.teaches {
		return []string{bench}
	}
	return []string{row(k.Drill, s.due()), row(k.Interview, fmt.Sprintf("five depths, follow-ups, a scorecard: %d minutes", drills.InterviewMinutes)),
		bench, row(k.Progress, "what sticks, what slips")}
}

// due says what waits to be reviewed. It counts no streaks.
func (s *homeScreen) due() string {
	r := s.review
	switch {
	case r.Due > 0 && r.Shaky > 0:
		return fmt.Sprintf("%d due, %d of them shaky, about %d min", r.Due, r.Shaky, r.Minutes)
	case r.Due > 0:
		return fmt.Sprintf("%d due, about %d min", r.Due, r.Minutes)
	case !r.Next.IsZero():
		now := time.Now()
		next := max(r.Next.Sub(now), time.Minute) // "next now" would be odd
		return fmt.Sprintf("nothing due, next %s; %d not asked yet", drills.Until(now.Add(next), now), r.New)
	}
	return fmt.Sprintf("%d questions, none asked yet", r.New)
}

func (s *homeScreen) row(i int, l *lessons.Lesson, width int) string {
	st := s.env.styles
	page, done := s.env.notebook.Position(l.ID)
	glyph, state := "○", ""
	switch {
	case done:
		glyph, state = "●", "done"
	case page >= 0:
		glyph, state = "◐", fmt.Sprintf("page %d of %d", page+1, len(l.Pages))
	case l.Minutes > 0:
		state = fmt.Sprintf("%d min", l.Minutes)
	}
	mark, name := "  ", st.text.Render(l.Title)
	if i == s.at {
		mark, name = st.accent.Render("▸ "), st.strong.Render(l.Title)
	}
	row := fmt.Sprintf("%s%s %d  %s", mark, glyph, l.Step, name)
	row += strings.Repeat(" ", max(28-lipgloss.Width(row), 1)) + st.muted.Render(l.Question)
	return row + strings.Repeat(" ", max(width-lipgloss.Width(row)-lipgloss.Width(state), 1)) + st.muted.Render(state)
}

func (s *homeScreen) bindings() []key.Binding {
	k := s.env.keys
	b := []key.Binding{k.Enter, key.NewBinding(key.WithKeys("up"), key.WithHelp("↑↓", "choose"))}
	if s.review != nil && !s.teaches {
		b = append(b, k.Drill, k.Interview)
	}
	b = append(b, k.Bench)
	if s.review != nil && !s.teaches {
		b = append(b, k.Progress)
	}
	if !s.teaches {
		b = append(b, k.Present)
	}
	return append(b, k.Quit)
}
