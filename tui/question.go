package tui

import (
	"fmt"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"loralab/drills"
	"loralab/lessons"
)

// question asks for one prediction: an answer first, then how sure the learner
// is. Once both are given the run may start.
type question struct {
	env        *env
	ask        lessons.Predict
	input      textinput.Model
	choice     int // of a choice: the marked one
	prediction *drills.Prediction
	complaint  string // why the answer could not be read
	verdict    *drills.PredictionVerdict
	graded     *lessons.Record // the run that it was graded against: what explains it, too
}

func newQuestion(env *env, ask lessons.Predict) question {
	in := textinput.New()
	in.Prompt = "› "
	in.CharLimit = 80
	in.SetVirtualCursor(true)
	in.Placeholder = "a number"
	if ask.Finding.Percent {
		in.Placeholder = "a number, in percent"
	} else if ask.Finding.Unit != "" {
		in.Placeholder = "a number, in " + ask.Finding.Unit
	}
	return question{env: env, ask: ask, input: in}
}

// committed reports whether answer and confidence are given, or were skipped.
func (q *question) committed() bool {
	return q.prediction != nil && (q.prediction.Skipped || q.prediction.Confidence != 0)
}

// typing reports whether keys go into the answer line.
func (q *question) typing() bool {
	return q.prediction == nil && len(q.ask.Choices) == 0
}

func (q *question) focus() tea.Cmd {
	if !q.typing() {
		return nil
	}
	return q.input.Focus()
}

func (q *question) update(msg tea.Msg) tea.Cmd {
	press, isKey := msg.(tea.KeyPressMsg)
	k := q.env.keys
	switch {
	case !isKey:
		var cmd tea.Cmd
		q.input, cmd = q.input.Update(msg)
		return cmd
	case key.Matches(press, k.Skip):
		q.prediction = &drills.Prediction{Ask: q.ask, Skipped: true}
	case q.prediction != nil:
		q.tapConfidence(press)
	case len(q.ask.Choices) > 0:
		q.choose(press)
	case key.Matches(press, k.Answer):
		q.read(q.input.Value())
	default:
		q.complaint = ""
		var cmd tea.Cmd
		q.input, cmd = q.input.Update(msg)
		return cmd
	}
	return nil
}

func (q *question) tapConfidence(press tea.KeyPressMsg) {
	for i, b := range []key.Binding{q.env.keys.Guess, q.env.keys.Think, q.env.keys.Sure} {
		if key.Matches(press, b) {
			q.prediction.Confidence = drills.Confidence(i + 1)
		}
	}
}

func (q *question) choose(press tea.KeyPressMsg) {
	k := q.env.keys
	switch {
	case key.Matches(press, k.Up):
		q.choice = max(q.choice-1, 0)
	case key.Matches(press, k.Down):
		q.choice = min(q.choice+1, len(q.ask.Choices)-1)
	case key.Matches(press, k.Answer):
		q.read(q.ask.Choices[q.choice])
	default:
		if n, err := strconv.Atoi(press.String()); err == nil && n >= 1 && n <= len(q.ask.Choices) {
			q.choice = n - 1
			q.read(q.ask.Choices[q.choice])
		}
	}
}

func (q *question) read(text string) {
	p, err := drills.ReadPrediction(q.ask, text)
	if err != nil {
		q.complaint = err.Error()
		return
	}
	q.prediction, q.complaint = &p, ""
	q.input.Blur()
}

func (q *question) lines(width int, now *lessons.Record) []string {
	st := q.env.styles
	lines := []string{st.accent.Render("predict")}
	lines = append(lines, strings.Split(renderMarkdown(q.ask.Ask, width, st), "\n")...)
	switch {
	case q.verdict != nil:
		lines = append(lines, q.truth(width, now)...)
	case q.committed():
		lines = append(lines, st.muted.Render("you said ")+q.prediction.Said())
	case q.prediction != nil:
		lines = append(lines, st.muted.Render("you say ")+q.prediction.Said(),
			"how sure?  "+st.accent.Render("1")+" guess  "+st.accent.Render("2")+" think  "+st.accent.Render("3")+" sure")
	case len(q.ask.Choices) > 0:
		for i, c := range q.ask.Choices {
			line := fmt.Sprintf("  %d  %s", i+1, c)
			if i == q.choice {
				line = st.accent.Render("▸ "+strconv.Itoa(i+1)) + "  " + c
			}
			lines = append(lines, line)
		}
	default:
		q.input.SetWidth(max(width-4, 10))
		lines = append(lines, q.input.View())
		if q.complaint != "" {
			lines = append(lines, strings.Split(lipgloss.Wrap(st.bad.Render(q.complaint), width, ""), "\n")...)
		}
	}
	return lines
}

// truth is the prediction beside what the run found.
func (q *question) truth(width int, now *lessons.Record) []string {
	st := q.env.styles
	v := q.verdict
	mark := st.bad.Render("✗ " + v.Gap)
	switch {
	case q.prediction.Skipped:
		mark = st.muted.Render("not predicted")
	case v.Right:
		mark = st.good.Render("✓ " + v.Gap)
	}
	asked := ""
	if !now.Settings.Equal(q.graded.Settings) {
		asked = st.muted.Render("  (asked of " + difference(q.graded.Settings, now.Settings) + ")")
	}
	lines := []string{
		st.muted.Render("you said     ") + st.strong.Render(q.prediction.Said()) + confidenceMark(q.prediction, st),
		st.muted.Render("the run says ") + st.strong.Render(v.Truth) + asked,
		mark,
	}
	if q.ask.Because != "" {
		because := lessons.Prose{Markdown: q.ask.Because}.Resolve(q.graded)
		lines = append(lines, strings.Split(renderMarkdown(because, width, st), "\n")...)
	}
	return lines
}

// difference names the knobs in which was differs from is, with their values
// in was.
func difference(was, is lessons.Settings) string {
	var parts []string
	for _, k := range was.Knobs() {
		if was.Text(k.Name) != is.Text(k.Name) {
			parts = append(parts, k.Name+" "+was.Text(k.Name))
		}
	}
	return strings.Join(parts, ", ")
}

func confidenceMark(p *drills.Prediction, st styles) string {
	if p.Skipped {
		return ""
	}
	return st.muted.Render(" · " + p.Confidence.String())
}

// bindings are the keys that do something now.
func (q *question) bindings() []key.Binding {
	k := q.env.keys
	switch {
	case q.prediction != nil:
		return []key.Binding{k.Guess, k.Think, k.Sure}
	case len(q.ask.Choices) > 0:
		return []key.Binding{as(k.Up, "choose"), k.Answer, k.Skip}
	}
	return []key.Binding{k.Answer, k.Skip}
}
