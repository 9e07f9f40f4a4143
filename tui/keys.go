package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"loralab/lessons/show"
)

// keys are all key bindings, each defined once. Help is derived from them, so
// it cannot go stale.
type keys struct {
	// everywhere
	Help, Quit, Home, Words key.Binding

	// lists and pages
	Up, Down, Enter, Next, Previous, PageUp, PageDown key.Binding

	// runs
	Run, Pause, Step, Slow, Cancel, Left, Right, Knob, KnobBack, Figure, FigureBack, Compare, Export, Reset, Undo, Auto, Toggle, Zoom key.Binding

	// predictions
	Answer, Skip, Guess, Think, Sure key.Binding

	// drills
	Recall, Hint, Edit, Back, Pass, Stop, Why, FollowUp, Contest key.Binding

	// in front of a class
	Present, Jump, Reveal, Again, Text key.Binding

	// home
	Drill, Interview, Bench, Progress key.Binding
}

func newKeys() keys {
	bind := func(shown, does string, names ...string) key.Binding {
		return key.NewBinding(key.WithKeys(names...), key.WithHelp(shown, does))
	}
	return keys{
		Help:  bind("?", "keys", "?"),
		Quit:  bind("q", "quit", "q"),
		Home:  bind("esc", "home", "esc"),
		Words: bind("t", "the words of this page", "t"),

		Up:       bind("↑", "up", "up", "k"),
		Down:     bind("↓", "down", "down", "j"),
		Enter:    bind("enter", "open", "enter"),
		Next:     bind("n", "next page", "n"),
		Previous: bind("p", "page before", "p"),
		PageUp:   bind("pgup", "scroll up", "pgup"),
		PageDown: bind("pgdn", "scroll down", "pgdown"),

		Run:        bind("space", "run", "space"),
		Pause:      bind("space", "pause", "space"),
		Step:       bind("s", "one frame on", "s"),
		Slow:       bind("v", "slow motion", "v"),
		Cancel:     bind("x", "cancel the run", "x"),
		Left:       bind("←", "turn down", "left", "h"),
		Right:      bind("→", "turn up", "right", "l"),
		Knob:       bind("↓", "next knob", "down", "j"),
		KnobBack:   bind("↑", "knob before", "up", "k"),
		Figure:     bind("f", "next figure", "f"),
		FigureBack: bind("F", "figure before", "F"),
		Compare:    bind("c", "compare with the last run", "c"),
		Export:     bind("e", "export the figure", "e"),
		Zoom:       bind("z", "figure alone", "z"),
		Toggle:     bind("o", "put in or take out", "o"),
		Reset:      bind("0", "reset the knobs", "0"),
		Undo:       bind("u", "undo the last turn", "u"),
		Auto:       bind("a", "run by itself after a turn, or not", "a"),

		Answer: bind("enter", "commit", "enter"),
		Skip:   bind("tab", "I don't know", "tab"),
		Guess:  bind("1", "guess", "1"),
		Think:  bind("2", "think", "2"),
		Sure:   bind("3", "sure", "3"),

		Recall:   bind("m", "from memory", "m"),
		Hint:     bind("ctrl+t", "hint", "ctrl+t"),
		Edit:     bind("backspace", "change the answer", "backspace"),
		Back:     bind("shift+tab", "the part before", "shift+tab"),
		Pass:     bind("ctrl+o", "pass the question over", "ctrl+o"),
		Stop:     bind("ctrl+x", "end here, and sum up", "ctrl+x"),
		Why:      bind("w", "why", "w"),
		FollowUp: bind("f", "follow-up", "f"),
		Contest:  bind("x", "contest", "x"),

		Present: bind("P", "in front of a class", "P"),
		Jump:    bind("g", "go to a page", "g"),
		Reveal:  bind("t", "the truth", "t"),
		Again:   bind("r", "cover it, ask again", "r"),
		Text:    bind("w", "the text", "w"),

		Drill:     bind("d", "drill", "d"),
		Interview: bind("i", "interview", "i"),
		Bench:     bind("b", "bench", "b"),
		Progress:  bind("p", "progress", "p"),
	}
}

// sure is what a key says of how sure the learner is.
func (k keys) sure(msg tea.KeyPressMsg) (show.Deed, bool) {
	for i, b := range []key.Binding{k.Guess, k.Think, k.Sure} {
		if key.Matches(msg, b) {
			return show.Deed{Act: show.Sure, Number: i + 1}, true
		}
	}
	return show.Deed{}, false
}

// as returns a binding under other words, where a screen means something
// narrower by the same key.
func as(b key.Binding, does string) key.Binding {
	return key.NewBinding(key.WithKeys(b.Keys()...), key.WithHelp(b.Help().Key, does))
}
