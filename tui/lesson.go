package tui

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/drills"
	"loralab/lessons"
)

// lessonScreen teaches one lesson, page by page. What was predicted and run on
// a page stays there when the learner leaves the page and comes back.
type lessonScreen struct {
	env    *env
	lesson *lessons.Lesson
	pages  []pageState
	page   int
	zoom   bool // the figure has the screen to itself
}

// pageState is one page with its run and its predictions.
type pageState struct {
	panel     *panel // nil on a page without a run
	questions []question
	text      []string // rendered at textWidth
	asked     []string // the question that is being asked: stays in view under the text
	scroll    int
}

func newLessonScreen(env *env, l *lessons.Lesson, page int) lessonScreen {
	s := lessonScreen{env: env, lesson: l, page: min(max(page, 0), len(l.Pages)-1)}
	for _, p := range l.Pages {
		var state pageState
		if run := p.Run(); run != nil {
			panel := newPanel(env, l.Experiment, run)
			state.panel = &panel
		}
		for _, ask := range p.Predictions() {
			state.questions = append(state.questions, newQuestion(env, ask))
		}
		s.pages = append(s.pages, state)
	}
	s.resize()
	return s
}

func (s *lessonScreen) now() *pageState { return &s.pages[s.page] }

// asking returns the first question that is not committed, nil if there is
// none.
func (s *lessonScreen) asking() *question {
	p := s.now()
	for i := range p.questions {
		if !p.questions[i].committed() {
			return &p.questions[i]
		}
	}
	return nil
}

// focus puts the cursor into the question that is being asked.
func (s *lessonScreen) focus() tea.Cmd {
	if q := s.asking(); q != nil {
		return q.focus()
	}
	return nil
}

// leave cancels the run under way.
func (s *lessonScreen) leave() {
	if p := s.now().panel; p != nil {
		p.stop()
	}
}

// typing reports whether keys go into an answer line.
func (s *lessonScreen) typing() bool {
	q := s.asking()
	return q != nil && q.typing()
}

func (s *lessonScreen) turnTo(page int) tea.Cmd {
	if page < 0 || page >= len(s.pages) {
		return nil
	}
	s.leave()
	s.page, s.zoom = page, false
	s.resize()
	return tea.Batch(s.focus(), s.savePosition())
}

// savePosition writes down where the learner is. The step is done when its last
// page was reached.
func (s *lessonScreen) savePosition() tea.Cmd {
	book, id, page, done := s.env.notebook, s.lesson.ID, s.page, s.page == len(s.pages)-1
	return note(book, func() error { return book.SavePosition(context.Background(), id, page, done) })
}

func (s lessonScreen) update(msg tea.Msg) (lessonScreen, tea.Cmd) {
	cmd := s.handle(msg)
	s.render()
	return s, cmd
}

func (s *lessonScreen) handle(msg tea.Msg) tea.Cmd {
	p := s.now()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.resize()
		return nil
	case stepped:
		if p.panel == nil {
			return nil
		}
		fresh := p.panel.record == nil
		cmd, ended := p.panel.stepped(msg)
		if fresh || ended {
			s.resize()
		}
		if ended {
			cmd = tea.Batch(cmd, s.gradeCmd())
		}
		return cmd
	case graded:
		if msg.lesson == s.lesson.ID {
			q := &s.pages[msg.page].questions[msg.question]
			q.verdict, q.graded = &msg.verdict, msg.record
			s.revealTruth()
		}
		return nil
	case tea.KeyPressMsg:
		return s.press(msg)
	}
	if q := s.asking(); q != nil { // the cursor's blink
		return q.update(msg)
	}
	if p.panel != nil {
		return p.panel.update(msg)
	}
	return nil
}

// graded brings a verdict after it was written down: what the learner earned is
// on disk before it is on the screen.
type graded struct {
	lesson         string
	page, question int
	verdict        drills.PredictionVerdict
	record         *lessons.Record
}

// gradeCmd compares the page's predictions with the run that has just ended,
// the first one after them, and writes both down.
func (s *lessonScreen) gradeCmd() tea.Cmd {
	p, book, id, page := s.now(), s.env.notebook, s.lesson.ID, s.page
	record := p.panel.record
	cmds := []tea.Cmd{note(book, func() error { return book.SaveRun(context.Background(), record) })}
	for i := range p.questions {
		q := &p.questions[i]
		if q.prediction == nil || q.verdict != nil {
			continue
		}
		prediction := *q.prediction
		verdict := prediction.Grade(record)
		save := book.Pending(func() error { return book.SavePrediction(context.Background(), prediction, verdict, record) })
		cmds = append(cmds, func() tea.Msg {
			if err := save(); err != nil {
				return noted{err}
			}
			return graded{id, page, i, verdict, record}
		})
	}
	return tea.Batch(cmds...)
}

// revealTruth scrolls to where the truth stands beside the prediction.
func (s *lessonScreen) revealTruth() {
	s.render()
	p := s.now()
	for i, line := range p.text {
		if strings.HasPrefix(ansi.Strip(line), "predict") {
			p.scroll = i
			break
		}
	}
	s.clampScroll()
}

func (s *lessonScreen) press(msg tea.KeyPressMsg) tea.Cmd {
	k, p := s.env.keys, s.now()
	switch {
	case key.Matches(msg, k.PageDown):
		p.scroll += max(s.textHeight()-2, 1)
		s.clampScroll()
		return nil
	case key.Matches(msg, k.PageUp):
		p.scroll -= max(s.textHeight()-2, 1)
		s.clampScroll()
		return nil
	}
	if q := s.asking(); q != nil && !(key.Matches(msg, k.Next, k.Previous) && !q.typing()) {
		if key.Matches(msg, k.Run) && !q.typing() {
			p.panel.say("predict first; tab if you don't know", false)
			return nil
		}
		cmd := q.update(msg)
		if !q.committed() {
			return cmd
		}
		if s.asking() == nil && p.panel.record == nil {
			return tea.Batch(cmd, p.panel.run()) // a run starts when a prediction is committed
		}
		return tea.Batch(cmd, s.focus())
	}
	switch {
	case key.Matches(msg, k.Zoom) && p.panel != nil:
		s.zoom = !s.zoom
		s.resize()
	case key.Matches(msg, k.Next):
		return s.turnTo(s.page + 1)
	case key.Matches(msg, k.Previous):
		return s.turnTo(s.page - 1)
	case p.panel != nil:
		return p.panel.press(msg)
	case key.Matches(msg, k.Down):
		p.scroll++
		s.clampScroll()
	case key.Matches(msg, k.Up):
		p.scroll--
		s.clampScroll()
	}
	return nil
}
