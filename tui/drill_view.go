package tui

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons/show"
)

func (s *drillScreen) typesetter() typesetter {
	return typesetter{st: s.env.styles, width: min(s.env.width-4, 76), rows: s.env.bodyHeight() / 2}
}

// textHeight is what the pinned answer line leaves.
func (s *drillScreen) textHeight() int {
	height := s.env.bodyHeight()
	if len(s.pin) > 0 {
		height -= len(s.pin) + 1
	}
	return max(height, 1)
}

func (s *drillScreen) render() {
	s.pin = s.pinned()
	s.text.set(s.typesetter().blocks(s.scene.Blocks), s.textHeight())
}

// pinned is what stays in view under the text: the answer line, or the question
// how sure the learner is.
func (s *drillScreen) pinned() []string {
	st, set := s.env.styles, s.typesetter()
	ask := s.scene.Ask
	var lines []string
	switch f := s.fields[ask.Part]; {
	case ask.Form == show.Confidence:
		for _, read := range ask.Read {
			for _, line := range strings.Split(read, "\n") {
				lines = append(lines, s.env.cut(st.muted.Render("read as   ")+line))
			}
		}
		lines = append(lines, confidencePrompt(ask, st))
	case f != nil && ask.Form != show.Nothing:
		if ask.Parts > 1 {
			lines = append(lines, st.muted.Render(fmt.Sprintf("part %d of %d", ask.Part, ask.Parts)))
		}
		lines = append(lines, strings.Split(f.view(set.width), "\n")...)
	}
	if s.scene.Trouble != "" {
		lines = append(lines, set.wrapped(st.bad.Render(s.scene.Trouble))...)
	}
	return lines
}

// confidencePrompt offers how sure one can be, each behind its key.
func confidencePrompt(ask show.Ask, st styles) string {
	line := ask.Prompt
	for i, choice := range ask.Choices {
		line += "  " + st.accent.Render(fmt.Sprint(i+1)) + " " + choice
	}
	return line
}

func (s *drillScreen) title() (left, right string) {
	left = s.scene.Name
	if s.scene.Where != "" {
		left += " · " + s.scene.Where
	}
	return left, s.scene.Topic
}

func (s *drillScreen) view() string {
	text := s.text.seen(s.env.styles)
	if len(s.pin) > 0 {
		text = append(append(text, ""), s.pin...)
	}
	for i, line := range text {
		text[i] = ansi.Truncate(line, max(s.env.width-2, 1), "…")
	}
	return strings.Join(text, "\n")
}

func (s *drillScreen) bindings() []key.Binding {
	k := s.env.keys
	var all []key.Binding
	switch s.scene.Ask.Form {
	case show.Line, show.Sentences:
		all = append(all, k.Answer)
	case show.Confidence:
		all = append(all, k.Guess, k.Think, k.Sure)
	}
	for _, o := range s.scene.Offers {
		all = append(all, s.binding(o))
	}
	if s.scene.Ask.Form == show.Line {
		all = append(all, key.NewBinding(key.WithKeys("up"), key.WithHelp("↑↓", "what you typed before")))
	}
	return append(all, k.PageDown, k.Home)
}

// binding is the key of something that can be done, in the words of the scene.
func (s *drillScreen) binding(o show.Offer) key.Binding {
	k := s.env.keys
	b, ok := map[show.Act]key.Binding{
		show.Hint: k.Hint, show.GiveUp: k.Skip, show.Pass: k.Pass, show.Stop: k.Stop, show.Back: k.Back,
		show.Next: k.Answer, show.Why: k.Why, show.FollowUp: k.FollowUp, show.Contest: k.Contest,
	}[o.Act]
	switch {
	case !ok:
		b = key.NewBinding(key.WithDisabled())
	case o.Act == show.Back && s.scene.Ask.Form == show.Confidence:
		b = k.Edit
	}
	return as(b, o.Does)
}
