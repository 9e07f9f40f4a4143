package tui

import (
	"context"
	"fmt"
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
	s.page = page
	s.resize()
	return tea.Batch(s.focus(), s.savePosition())
}

// savePosition writes down where the learner is. The step is done when its last
// page was reached.
func (s *lessonScreen) savePosition() tea.Cmd {
	book, id, page, done := s.env.notebook, s.lesson.ID, s.page, s.page == len(s.pages)-1
	return func() tea.Msg { return noted{book.SavePosition(context.Background(), id, page, done)} }
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
			s.pages[msg.page].questions[msg.question].verdict = &msg.verdict
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
}

// gradeCmd compares the page's predictions with the run that has just ended,
// the first one after them, and writes both down.
func (s *lessonScreen) gradeCmd() tea.Cmd {
	p, book, id, page := s.now(), s.env.notebook, s.lesson.ID, s.page
	record := p.panel.record
	cmds := []tea.Cmd{func() tea.Msg { return noted{book.SaveRun(context.Background(), record)} }}
	for i := range p.questions {
		q := &p.questions[i]
		if q.prediction == nil || q.verdict != nil {
			continue
		}
		prediction := *q.prediction
		cmds = append(cmds, func() tea.Msg {
			verdict := prediction.Grade(record)
			if err := book.SavePrediction(context.Background(), prediction, verdict, record); err != nil {
				return noted{err}
			}
			return graded{id, page, i, verdict}
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

// sideBySide reports whether text and panel stand beside each other.
func (s *lessonScreen) sideBySide() bool { return !s.env.narrow() && s.now().panel != nil }

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
	case s.sideBySide():
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
			add(s.env.recall(b.Family))
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
	if len(s.now().text) > s.textHeight() {
		turn = append(turn, as(k.PageDown, "more text"))
	}
	if p := s.now().panel; p != nil {
		turn = p.bindings(turn...)
	}
	return append(turn, k.Home)
}
