package tui

import (
	"fmt"

	"loralab/lessons"
	"loralab/lessons/show"
)

// classLeg shows the first page of a lesson that asks something to a class: asked,
// guessed, run and covered, revealed, explained.
func classLeg(l *lessons.Lesson) (leg, bool) {
	at := 0
	for at < len(l.Pages) && (l.Pages[at].Run() == nil || len(l.Pages[at].Predictions()) == 0) {
		at++
	}
	if at == len(l.Pages) {
		return leg{}, false
	}
	name := func(moment string) string { return fmt.Sprintf("present-lesson-%d-page-%d-%s", l.Step, at+1, moment) }
	stops := []string{name("question"), name("guesses"), name("covered"), name("truth"), name("text"), name("help")}
	return leg{stops, func(w *walker) {
		w.run(toClass(l, at)(&w.app))
		s := w.app.on.(*classScreen)
		w.stop(name("question"), nil)
		guesses := "20, 35 40 42: 3, 75"
		if len(l.Pages[at].Predictions()[0].Choices) > 0 {
			guesses = "a 12, b 7"
		}
		w.press(guesses, "enter")
		if s.scene.Trouble != "" {
			w.fail(fmt.Errorf("%s: %s: %s", name("question"), guesses, s.scene.Trouble))
			return
		}
		w.stop(name("guesses"), nil)
		w.press("space")
		p := s.panel()
		w.wait(func() bool { return !p.running() && !w.busy() })
		if p.failed {
			w.fail(fmt.Errorf("%s: %s", name("covered"), p.note))
			return
		}
		w.stop(name("covered"), nil)
		w.press("t")
		w.stop(name("truth"), nil)
		w.run(s.do(show.Deed{Act: show.Why}))
		w.settle()
		w.read(name("text"), &s.text, nil)
		w.help(name("help"))
	}}, true
}
