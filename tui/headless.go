package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"
)

// headless plays the event loop without a terminal: keys go in, commands are run as
// Bubble Tea would run them, and what a terminal would show can be read. The gallery
// and the tests drive the program with it.
type headless struct {
	ctx  context.Context
	app  App
	msgs chan tea.Msg
}

func newHeadless(ctx context.Context, app App, width, height int) *headless {
	h := &headless{ctx: ctx, app: app, msgs: make(chan tea.Msg, 64)}
	h.run(h.app.Init())
	h.send(tea.WindowSizeMsg{Width: width, Height: height})
	return h
}

// run executes a command as Bubble Tea would: in its own goroutine.
func (h *headless) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		select {
		case h.msgs <- cmd():
		case <-h.ctx.Done():
		}
	}()
}

func (h *headless) send(msg tea.Msg) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, cmd := range batch {
			h.run(cmd)
		}
		return
	}
	model, cmd := h.app.Update(msg)
	h.app = model.(App)
	h.run(cmd)
}

// keyCodes are those with a name; everything else is typed rune by rune.
var keyCodes = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "space": tea.KeySpace, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "backspace": tea.KeyBackspace,
}

// press types keys, named ones in full, and waits until what they do is done; a
// run that they begin goes on.
func (h *headless) press(keys ...string) {
	for _, k := range keys {
		if code, ok := keyCodes[k]; ok {
			h.send(tea.KeyPressMsg{Code: code})
		} else {
			for _, r := range k {
				h.send(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
		}
		h.settle()
	}
}

// settle waits until no deed is under way.
func (h *headless) settle() { h.wait(func() bool { return !h.busy() }) }

// wait lets messages come in until something is so, or the context is over.
func (h *headless) wait(until func() bool) {
	for !until() {
		select {
		case msg := <-h.msgs:
			h.send(msg)
		case <-h.ctx.Done():
			return
		}
	}
}

func (h *headless) busy() bool {
	switch s := h.app.on.(type) {
	case *lessonScreen:
		return s.work.busy
	case *drillScreen:
		return s.work.busy
	case *classScreen:
		return s.work.busy
	}
	return false
}

// ctrl is a key pressed together with the control key.
func ctrl(r rune) tea.Msg { return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl} }
