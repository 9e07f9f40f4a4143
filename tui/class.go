package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/plots"
)

// classScreen shows the course in front of a class: the question, a figure with
// all the room, what the class guesses. It keeps what is being typed and the run
// that is under way; all else is the class's.
type classScreen struct {
	env    *env
	class  *lessons.Class
	scene  show.Scene
	work   worker
	panels map[*lab.Trial]*panel
	field  *field // where guesses are typed, nil where none are asked for
	asked  [2]int // page and question that field belongs to
	jump   jump
	knobs  bool // the knobs are shown
	shown  int  // index into exhibits
	picked bool // it was chosen by hand

	text scroller      // while the text is looked at
	body []string      // what is shown, drawn
	fig  *plots.Figure // that is in it, nil where none is
}

func newClassScreen(env *env, class *lessons.Class) (*classScreen, tea.Cmd) {
	s := &classScreen{env: env, class: class, panels: map[*lab.Trial]*panel{}}
	s.work = worker{book: env.notebook, of: s}
	cmd := s.show(class.Scene())
	return s, cmd
}

// panel is the run of the page that is shown, nil where it has none.
func (s *classScreen) panel() *panel {
	t := s.class.Trial()
	if t == nil {
		return nil
	}
	if s.panels[t] == nil {
		p := newPanel(s.env, t)
		s.panels[t] = &p
	}
	return s.panels[t]
}

// show takes over a scene.
func (s *classScreen) show(scene show.Scene) tea.Cmd {
	s.scene = scene
	if p := s.panel(); p != nil {
		p.of = scene.Experiment()
	}
	if now := [2]int{scene.Ask.Question, scene.Ask.Part}; now != s.asked {
		if now[0] != s.asked[0] {
			s.knobs, s.picked, s.text.top = false, false, 0
		}
		s.asked, s.field = now, nil
	}
	var cmd tea.Cmd
	switch {
	case scene.Ask.Form != show.Line:
		s.field = nil
	case s.field == nil:
		f := newField(scene.Ask.Placeholder, guessesLimit, 1)
		s.field = &f
		cmd = f.focus()
	}
	s.render()
	return cmd
}

// guessesLimit is how many characters a line of guesses has at most.
const guessesLimit = 400

// typing reports whether letters go into something that is typed.
func (s *classScreen) typing() bool { return s.jump.asks() || s.field != nil && s.field.value() != "" }

func (s *classScreen) unsent() []string {
	if s.field != nil && s.field.value() != "" {
		return []string{s.field.value()}
	}
	return nil
}

// leave is for another screen: the run under way is cancelled.
func (s *classScreen) leave() {
	s.work.queue = nil
	s.stop()
}

func (s *classScreen) stop() {
	if p := s.panel(); p != nil {
		p.stop()
	}
}

func (s *classScreen) prompt() string { return s.jump.prompt(s.env) }

// closes takes back the question which page to go to, or else what is being typed.
func (s *classScreen) closes() bool {
	switch {
	case s.jump.close():
	case s.field != nil && s.field.value() != "":
		s.field.setValue("")
	default:
		return false
	}
	s.render()
	return true
}

func (s *classScreen) do(deed show.Deed) tea.Cmd { return s.work.do(s.class, deed) }

func (s *classScreen) update(msg tea.Msg) tea.Cmd {
	cmd := s.handle(msg)
	s.render()
	return cmd
}

func (s *classScreen) handle(msg tea.Msg) tea.Cmd {
	p := s.panel()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return nil
	case stepped:
		return p.follow(msg, s.do)
	case rested, exported:
		return p.update(msg)
	case done:
		return s.done(msg)
	case tea.KeyPressMsg:
		if s.work.hold(msg) {
			return nil
		}
		return s.press(msg)
	}
	switch { // a paste, the cursor's blink
	case s.jump.asks():
		return s.jump.field.update(msg)
	case s.field != nil:
		return s.field.update(msg)
	}
	return nil
}

// done takes over what came of a deed.
func (s *classScreen) done(msg done) tea.Cmd {
	if msg.err != nil {
		msg.scene.Trouble = msg.err.Error()
	}
	if msg.deed.Act == show.Typed && msg.scene.Trouble == "" {
		s.field = nil // what was typed is heard
	}
	if msg.deed.Act == show.Reveal || msg.deed.Act == show.Again {
		s.picked = false
	}
	cmd := s.show(msg.scene)
	if msg.deed.Act == show.Why && !s.scene.Experiment().Covered {
		s.toTruth()
	}
	return tea.Batch(cmd, s.work.next(s.press))
}

func (s *classScreen) press(msg tea.KeyPressMsg) tea.Cmd {
	k, p := s.env.keys, s.panel()
	s.scene.Trouble = ""
	if s.jump.asks() {
		deed, ok, cmd := s.jump.press(k, msg)
		if ok {
			s.stop()
			return s.do(deed)
		}
		return cmd
	}
	if s.typing() {
		if key.Matches(msg, k.Answer) {
			return s.do(show.Deed{Act: show.Typed, Text: s.field.value()})
		}
		return s.field.update(msg)
	}
	switch {
	case key.Matches(msg, k.Enter):
		return s.on()
	case key.Matches(msg, k.Jump):
		return s.jump.ask("its number, such as 4; of another step 2.4")
	case key.Matches(msg, k.Reveal) && s.scene.Can(show.Reveal):
		return s.do(show.Deed{Act: show.Reveal})
	case key.Matches(msg, k.Again) && s.scene.Can(show.Again):
		return s.do(show.Deed{Act: show.Again})
	case key.Matches(msg, k.Skip) && s.scene.Can(show.Pass):
		return s.do(show.Deed{Act: show.Pass})
	case key.Matches(msg, k.Edit) && s.scene.Can(show.Back):
		return s.do(show.Deed{Act: show.Back})
	case key.Matches(msg, k.Next):
		return s.turn(show.Next)
	case key.Matches(msg, k.Previous):
		return s.turn(show.Previous)
	case key.Matches(msg, k.Text):
		for _, act := range []show.Act{show.Why, show.Watch} {
			if s.scene.Can(act) {
				return s.do(show.Deed{Act: act})
			}
		}
		return nil
	case s.scene.Moment != show.Watching && s.scroll(msg):
		return nil
	case s.field != nil && s.guessing(msg):
		return s.field.update(msg)
	case p == nil:
		return nil
	}
	return s.pressPanel(p, msg)
}

// guessing reports whether a key begins a guess: a digit, a sign or, of choices, a
// letter of one.
func (s *classScreen) guessing(msg tea.KeyPressMsg) bool {
	if len(msg.Text) != 1 {
		return false
	}
	c := msg.Text[0]
	if n := s.choices(); n > 0 {
		return c >= 'a' && int(c-'a') < n
	}
	return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '('
}

// choices is how many choices the question has that is asked, 0 where a number is
// guessed.
func (s *classScreen) choices() int {
	for _, b := range s.scene.Blocks {
		q, ok := b.(show.Question)
		if !ok || q.State != show.Asked {
			continue
		}
		for _, b := range q.Blocks {
			if o, ok := b.(show.Options); ok {
				return len(o.Items)
			}
		}
	}
	return 0
}

// on does what leads on: runs, reveals, explains, goes to the next page.
func (s *classScreen) on() tea.Cmd {
	p := s.panel()
	if p.running() || len(s.scene.Offers) == 0 {
		return nil
	}
	switch act := s.scene.Offers[0].Act; act {
	case show.Begin:
		return p.run()
	case show.Next:
		return s.turn(show.Next)
	case show.Stop: // the last page of the course
		return nil
	default:
		return s.do(show.Deed{Act: act})
	}
}

// turn leaves the page, and the run that is under way on it.
func (s *classScreen) turn(act show.Act) tea.Cmd {
	if !s.scene.Can(act) {
		return nil
	}
	s.stop()
	return s.do(show.Deed{Act: act})
}

// toTruth scrolls the text to where the truth stands under the question: what is
// before it was known.
func (s *classScreen) toTruth() {
	i := slices.IndexFunc(s.text.lines, func(line string) bool { return strings.HasPrefix(ansi.Strip(line), "question") })
	s.text.to(max(i, 0))
	s.render()
}

// scroll scrolls the text; it reports whether the key was for that.
func (s *classScreen) scroll(msg tea.KeyPressMsg) bool {
	k := s.env.keys
	switch {
	case key.Matches(msg, k.PageDown):
		s.text.page(1)
	case key.Matches(msg, k.PageUp):
		s.text.page(-1)
	case key.Matches(msg, k.Down):
		s.text.to(s.text.top + 1)
	case key.Matches(msg, k.Up):
		s.text.to(s.text.top - 1)
	default:
		return false
	}
	return true
}

// pressPanel takes the keys of a run. The first arrow shows the knobs, the next turn
// them.
func (s *classScreen) pressPanel(p *panel, msg tea.KeyPressMsg) tea.Cmd {
	k := s.env.keys
	switch {
	case key.Matches(msg, k.Zoom):
		s.knobs = !s.knobs
		return nil
	case key.Matches(msg, k.Figure):
		s.pick(1)
		return nil
	case key.Matches(msg, k.FigureBack):
		s.pick(-1)
		return nil
	case p.of.Covered && (key.Matches(msg, k.Compare) || key.Matches(msg, k.Export)):
		return nil
	case key.Matches(msg, k.Up), key.Matches(msg, k.Down), key.Matches(msg, k.Left), key.Matches(msg, k.Right):
		if !s.knobs {
			s.knobs = true
			return nil
		}
	}
	before := p.trial.Settings()
	cmd := p.press(msg)
	if !p.trial.Settings().Equal(before) {
		s.show(s.class.Scene())
	}
	return cmd
}
