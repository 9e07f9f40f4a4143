package tui

import (
	"context"
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/drills"
	"loralab/drills/journal"
	"loralab/lessons"
	"loralab/plots"
)

// progressScreen shows what sticks and what slips.
type progressScreen struct {
	env    *env
	course lessons.Course
	still
	stats   journal.Stats
	loaded  bool
	trouble string
	figures []*plots.Figure
	at      int
	drawn   string
}

// progressLoaded brings what the journal says.
type progressLoaded struct {
	stats journal.Stats
	err   error
}

func newProgressScreen(env *env, course lessons.Course) (*progressScreen, tea.Cmd) {
	bank, book := env.bank, env.notebook
	return &progressScreen{env: env, course: course}, func() tea.Msg {
		stats, err := drills.Progress(context.Background(), bank, book, time.Now())
		return progressLoaded{stats, err}
	}
}

func (s *progressScreen) update(msg tea.Msg) tea.Cmd {
	k := s.env.keys
	switch msg := msg.(type) {
	case progressLoaded:
		s.loaded, s.stats = true, msg.stats
		if msg.err != nil {
			s.trouble = msg.err.Error()
		}
		s.figures = drills.ProgressFigures(msg.stats)
	case tea.KeyPressMsg:
		switch {
		case key.Matches(msg, k.Figure):
			s.at = (s.at + 1) % max(len(s.figures), 1)
		case key.Matches(msg, k.FigureBack):
			s.at = (s.at + len(s.figures) - 1) % max(len(s.figures), 1)
		}
	}
	s.draw()
	return nil
}

func (s *progressScreen) draw() {
	s.drawn = ""
	rows := s.env.bodyHeight() - 6
	if len(s.figures) > 0 && rows >= 4 && s.env.width >= 24 {
		s.drawn = s.figures[s.at].Cells(s.env.width-4, rows, s.env.styles.ink)
	}
}

func (s *progressScreen) title() (left, right string) {
	right = fmt.Sprintf("%d answers", s.stats.Answers)
	if reached, all := s.course.Goals(s.env.notebook); all > 0 {
		right = fmt.Sprintf("goals %d of %d · ", reached, all) + right
	}
	return "progress", right
}

func (s *progressScreen) view() string {
	st := s.env.styles
	switch {
	case s.trouble != "":
		return st.bad.Render("✗ " + s.trouble)
	case !s.loaded:
		return st.muted.Render("reading the journal …")
	}
	all := s.stats.All
	if s.stats.Answers == 0 {
		return fmt.Sprintf("%d questions wait in the bank, and none was answered yet.\n\n", all.Families) +
			st.accent.Render("esc") + st.muted.Render(" home, then ") + st.accent.Render("d") + st.muted.Render(" drills them: what sticks and what slips stands here then")
	}
	lines := []string{
		fmt.Sprintf("%d questions in the bank: %d known, %d due, %d shaky, %d not asked yet", all.Families, all.Known, all.Due, all.Shaky, all.Unseen),
		s.slips(), "",
		s.tabs(), s.drawn,
	}
	return strings.Join(lines, "\n")
}

// slips names the misconceptions that were met and the predictions that were
// wrong most often, as many as there is room for.
func (s *progressScreen) slips() string {
	var notes []string
	const head = "what slips: "
	for _, n := range drills.Slips(s.env.bank, s.env.lab, s.stats) {
		note := fmt.Sprintf("%s (%d)", s.env.styles.say(n.What), n.Count)
		if ansi.StringWidth(head+strings.Join(append(notes, note), ", ")) > s.env.width-4 {
			break
		}
		notes = append(notes, note)
	}
	if len(notes) == 0 {
		return s.env.styles.muted.Render("no slips so far")
	}
	return s.env.cut(s.env.styles.muted.Render(head) + strings.Join(notes, ", "))
}

func (s *progressScreen) tabs() string {
	parts := make([]string, len(s.figures))
	for i, f := range s.figures {
		if i == s.at {
			parts[i] = s.env.styles.accent.Render("▸" + f.ID)
		} else {
			parts[i] = s.env.styles.muted.Render(" " + f.ID)
		}
	}
	return strings.Join(parts, "  ")
}

func (s *progressScreen) bindings() []key.Binding {
	return []key.Binding{as(s.env.keys.Figure, "next figure"), s.env.keys.Home}
}
