package tui

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/drills"
)

// bottom scrolls to the end of the text, wherever that is.
const bottom = math.MaxInt

// asker is what puts questions on the table: a sitting or an interview.
type asker interface {
	Next() (*drills.Asked, bool)
	Answer(ctx context.Context, a *drills.Asked, text string, c drills.Confidence) (drills.Result, error)
	GiveUp(ctx context.Context, a *drills.Asked) (drills.Result, error)
	Contest(ctx context.Context, a *drills.Asked) error
	Refused(ctx context.Context, a *drills.Asked, text string, part int) error
}

// phase is where a question stands.
type phase uint8

const (
	answering phase = iota
	confiding       // the answer was read; how sure?
	waiting         // it is being written down
	judged
	summed // the questions are over
)

// drillScreen asks questions one after the other, in a drill or an interview.
type drillScreen struct {
	env     *env
	from    asker
	engine  *sync.Mutex // held while from is at work: it writes to the journal in commands
	history []string

	asked   *drills.Asked
	heading string // "3 of 12"; this and spoken are kept here, since an answer that is being written down may change them
	spoken  string // what the interviewer said before the question
	lines   []answerLine
	at      int // the part that is being answered
	phase   phase
	page    string   // the answers as one page
	echo    string   // how they were read
	trouble string   // why they could not be read
	hints   []string // shown so far
	result  drills.Result
	why     bool
	follow  bool
	said    string // a line about what a key did

	text   []string
	scroll int
}

// judgedMsg brings a verdict, after it was written down.
type judgedMsg struct {
	asked  *drills.Asked
	result drills.Result
	err    error
}

// contested brings the outcome of contesting.
type contested struct{ err error }

func newDrillScreen(env *env, from asker, history []string) (drillScreen, tea.Cmd) {
	s := drillScreen{env: env, from: from, engine: new(sync.Mutex), history: history}
	cmd := s.next()
	s.render()
	return s, cmd
}

// next puts the next question on the table.
func (s *drillScreen) next() tea.Cmd {
	s.engine.Lock()
	asked, ok := s.from.Next()
	s.engine.Unlock()
	if !ok {
		s.phase, s.asked, s.scroll = summed, nil, 0
		return nil
	}
	s.asked, s.at, s.scroll = asked, 0, 0
	s.head()
	s.hints, s.trouble, s.echo, s.said, s.why, s.follow = nil, "", "", "", false, false
	s.lines = nil
	for _, p := range asked.Question.Parts {
		s.lines = append(s.lines, newAnswerLine(s.env, p, s.history))
	}
	return s.answer()
}

// head takes over what is said of the question now.
func (s *drillScreen) head() {
	s.spoken = strings.TrimSpace(s.asked.Reply + "\n\n" + s.asked.Lead)
	s.heading = fmt.Sprintf("%d of %d", s.asked.Number, s.asked.Of)
	if s.asked.Repeat {
		s.heading += " · again, with other numbers"
	}
}

// answer opens the answer line of the present part.
func (s *drillScreen) answer() tea.Cmd {
	s.phase = answering
	for i := range s.lines {
		s.lines[i].blur()
	}
	return s.lines[s.at].focus()
}

// typing reports whether keys go into an answer line.
func (s *drillScreen) typing() bool { return s.phase == answering }

func (s drillScreen) update(msg tea.Msg) (drillScreen, tea.Cmd) {
	cmd := s.handle(msg)
	s.render()
	return s, cmd
}

func (s *drillScreen) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return nil
	case judgedMsg:
		return s.judged(msg)
	case contested:
		s.said = "contested: the journal says so, and the question comes back"
		if msg.err != nil {
			s.said = msg.err.Error()
		}
		return nil
	case tea.KeyPressMsg:
		return s.press(msg)
	}
	if s.phase == answering { // the cursor's blink
		return s.lines[s.at].update(msg)
	}
	return nil
}

func (s *drillScreen) press(msg tea.KeyPressMsg) tea.Cmd {
	k := s.env.keys
	switch {
	case key.Matches(msg, k.PageDown):
		s.scroll += max(s.textHeight()-2, 1) // render keeps it within the text
		return nil
	case key.Matches(msg, k.PageUp):
		s.scroll -= max(s.textHeight()-2, 1)
		return nil
	}
	switch s.phase {
	case answering:
		return s.pressAnswering(msg)
	case confiding:
		return s.pressConfiding(msg)
	case judged:
		return s.pressJudged(msg)
	}
	return nil
}

func (s *drillScreen) pressAnswering(msg tea.KeyPressMsg) tea.Cmd {
	k := s.env.keys
	switch {
	case key.Matches(msg, k.Hint):
		s.engine.Lock()
		hint, _ := s.asked.Hint()
		s.engine.Unlock()
		if hint != "" {
			s.hints = append(s.hints, hint)
		} else {
			s.trouble = "there is no further hint; tab gives up and shows the answer"
		}
		return nil
	case key.Matches(msg, k.Skip):
		return s.giveUp()
	case key.Matches(msg, k.Answer):
		return s.commit()
	case msg.String() == "shift+tab" && s.at > 0:
		s.at--
		return s.answer()
	}
	s.trouble = ""
	return s.lines[s.at].update(msg)
}

// commit takes the present part, and after the last one reads the whole page.
func (s *drillScreen) commit() tea.Cmd {
	text := s.lines[s.at].value()
	echo, trouble, err := s.asked.Read(text, s.at+1)
	switch {
	case err != nil:
		s.trouble = err.Error()
		return nil
	case trouble != "":
		s.trouble = trouble // invalid is not wrong: it costs nothing
		return s.refused(text)
	}
	s.trouble = ""
	if s.echo != "" {
		s.echo += "\n"
	}
	s.echo += echo
	if s.at < len(s.lines)-1 {
		s.at++
		return s.answer()
	}
	answers := make([]string, len(s.lines))
	for i := range s.lines {
		answers[i] = s.lines[i].value()
		s.lines[i].blur()
	}
	s.page, s.phase = s.asked.Page(answers), confiding
	return nil
}

// refused writes down what could not be read, for whoever improves the reader.
func (s *drillScreen) refused(text string) tea.Cmd {
	from, asked, part := s.from, s.asked, s.at+1
	return note(s.env.notebook, s.alone(func() error { return from.Refused(context.Background(), asked, text, part) }))
}

// alone returns do as something that has the engine to itself.
func (s *drillScreen) alone(do func() error) func() error {
	engine := s.engine
	return func() error {
		engine.Lock()
		defer engine.Unlock()
		return do()
	}
}

// judge is the command that brings the verdict of do, which writes it down.
func (s *drillScreen) judge(do func() (drills.Result, error)) tea.Cmd {
	var result drills.Result
	asked := s.asked
	save := s.env.notebook.Pending(s.alone(func() (err error) {
		result, err = do()
		return err
	}))
	return func() tea.Msg {
		err := save()
		return judgedMsg{asked, result, err}
	}
}

func (s *drillScreen) pressConfiding(msg tea.KeyPressMsg) tea.Cmd {
	for i, b := range []key.Binding{s.env.keys.Guess, s.env.keys.Think, s.env.keys.Sure} {
		if key.Matches(msg, b) {
			s.phase = waiting
			from, asked, page := s.from, s.asked, s.page
			confidence := drills.Confidence(i + 1)
			return s.judge(func() (drills.Result, error) {
				return from.Answer(context.Background(), asked, page, confidence)
			})
		}
	}
	if key.Matches(msg, s.env.keys.Edit) {
		s.echo, s.at = "", 0
		return s.answer()
	}
	return nil
}

func (s *drillScreen) giveUp() tea.Cmd {
	s.phase = waiting
	from, asked := s.from, s.asked
	return s.judge(func() (drills.Result, error) { return from.GiveUp(context.Background(), asked) })
}

func (s *drillScreen) judged(msg judgedMsg) tea.Cmd {
	if msg.asked != s.asked {
		return nil
	}
	if msg.err != nil { // nothing was written and nothing is lost: the answer is still on the screen
		s.trouble, s.at = msg.err.Error(), len(s.lines)-1
		return s.answer()
	}
	s.result = msg.result
	s.head() // there is one more to come if this one comes back
	if s.page != "" {
		s.history = append([]string{s.lines[len(s.lines)-1].value()}, s.history...)
	}
	if s.asked.Open() { // could not be read after all, or the interviewer waits for another try
		s.trouble, s.echo, s.at = msg.result.Feedback, "", 0
		if s.spoken != "" {
			s.trouble = ""
		}
		return s.answer()
	}
	s.phase, s.scroll = judged, 0
	return nil
}

func (s *drillScreen) pressJudged(msg tea.KeyPressMsg) tea.Cmd {
	k := s.env.keys
	switch {
	case key.Matches(msg, k.Answer):
		return s.next()
	case key.Matches(msg, k.Why):
		s.why, s.scroll = !s.why, bottom
	case key.Matches(msg, k.FollowUp):
		s.follow, s.scroll = !s.follow, bottom
	case key.Matches(msg, k.Contest):
		from, asked := s.from, s.asked
		contest := s.env.notebook.Pending(s.alone(func() error { return from.Contest(context.Background(), asked) }))
		return func() tea.Msg { return contested{contest()} }
	default:
		return s.pressFollow(msg)
	}
	return nil
}

// pressFollow makes a follow-up of the bank the next question.
func (s *drillScreen) pressFollow(msg tea.KeyPressMsg) tea.Cmd {
	sitting, ok := s.from.(*drills.Sitting)
	if !ok || !s.follow {
		return nil
	}
	for i, u := range s.asked.Question.FollowUps {
		if msg.String() == fmt.Sprint(i+1) && sitting.Follow(u) {
			return s.next()
		}
	}
	return nil
}
