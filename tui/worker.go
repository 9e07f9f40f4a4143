package tui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/lessons/show"
)

// worker hands deeds to a machine, one at a time and off the event loop: they may
// wait for a disk. What is typed meanwhile is not lost, and a deed is done even
// where the program is left before its turn comes.
type worker struct {
	book  *lessons.Notebook
	of    screen // whose deeds they are
	busy  bool
	deeds []tea.Cmd         // to be done when the one under way is
	queue []tea.KeyPressMsg // typed while busy, the oldest first
}

// done brings what is to be shown after a deed.
type done struct {
	to    screen
	deed  show.Deed
	scene show.Scene
	err   error
}

func (w *worker) do(m show.Machine, deed show.Deed) tea.Cmd {
	var scene show.Scene
	save := w.book.Pending(func() error {
		return lab.Catch(func() (err error) {
			scene, err = m.Do(context.Background(), deed)
			return err
		})
	})
	cmd := func() tea.Msg {
		err := save()
		if errors.As(err, new(*lab.PanicError)) {
			scene = m.Scene() // what was shown before: what is typed there stays
		}
		return done{w.of, deed, scene, err}
	}
	if w.busy {
		w.deeds = append(w.deeds, cmd)
		return nil
	}
	w.busy = true
	return cmd
}

// hold keeps a key for after the deed that is under way; it reports whether one
// is.
func (w *worker) hold(msg tea.KeyPressMsg) bool {
	if w.busy {
		w.queue = append(w.queue, msg)
	}
	return w.busy
}

// next says that the deed is done, and goes on with what came meanwhile, up to the
// next deed.
func (w *worker) next(press func(tea.KeyPressMsg) tea.Cmd) tea.Cmd {
	if len(w.deeds) > 0 {
		deed := w.deeds[0]
		w.deeds = w.deeds[1:]
		return deed
	}
	w.busy = false
	var cmds []tea.Cmd
	for len(w.queue) > 0 && !w.busy {
		msg := w.queue[0]
		w.queue = w.queue[1:]
		cmds = append(cmds, press(msg))
	}
	return tea.Batch(cmds...)
}
