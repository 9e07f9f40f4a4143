package tui

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"loralab/drills"
)

// answerLine is where one part of a question is answered: a line with the
// history of what was typed before, or a few lines for sentences.
type answerLine struct {
	env     *env
	part    drills.Part
	line    textinput.Model
	area    textarea.Model
	history []string // the newest first
	back    int      // how far back in the history, 0 is what is being typed
	draft   string
}

func newAnswerLine(env *env, part drills.Part, history []string) answerLine {
	a := answerLine{env: env, part: part, history: history, line: textinput.New(), area: textarea.New()}
	a.line.Prompt = "› "
	a.line.Placeholder = part.Placeholder()
	a.line.CharLimit = 4096 // what a grader reads at most
	a.area.Prompt = "› "
	a.area.ShowLineNumbers = false
	a.area.CharLimit = 4096
	a.area.Placeholder = part.Placeholder()
	a.area.SetHeight(3)
	a.area.KeyMap.InsertNewline = key.NewBinding() // enter commits
	return a
}

// sentences reports whether a few sentences are wanted.
func (a *answerLine) sentences() bool { return a.part.Sentences() }

func (a *answerLine) focus() tea.Cmd {
	if a.sentences() {
		return a.area.Focus()
	}
	return a.line.Focus()
}

func (a *answerLine) blur() {
	a.area.Blur()
	a.line.Blur()
}

func (a *answerLine) value() string {
	if a.sentences() {
		return strings.TrimSpace(a.area.Value())
	}
	return strings.TrimSpace(a.line.Value())
}

func (a *answerLine) update(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	if a.sentences() {
		a.area, cmd = a.area.Update(msg)
		return cmd
	}
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch press.String() {
		case "up":
			a.recall(1)
			return nil
		case "down":
			a.recall(-1)
			return nil
		}
	}
	a.line, cmd = a.line.Update(msg)
	return cmd
}

// recall brings back what was typed earlier; at the end, what is being typed.
func (a *answerLine) recall(by int) {
	if a.back == 0 {
		a.draft = a.line.Value()
	}
	a.back = min(max(a.back+by, 0), len(a.history))
	text := a.draft
	if a.back > 0 {
		text = a.history[a.back-1]
	}
	a.line.SetValue(text)
	a.line.CursorEnd()
}

func (a *answerLine) view(width int) string {
	if a.sentences() {
		a.area.SetWidth(width)
		return a.area.View()
	}
	a.line.SetWidth(max(width-4, 8))
	return a.line.View()
}
