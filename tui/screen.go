package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// screen is what the program shows at a time: one type, a pointer, in one or two
// files. A new one is that type and a way to it.
type screen interface {
	// update takes a message; the size of the screen comes as tea.WindowSizeMsg.
	update(tea.Msg) tea.Cmd

	// title stands at the top, view between it and the keys. They join what update
	// has drawn.
	title() (left, right string)
	view() string

	// bindings are the keys that do something now, the most useful first.
	bindings() []key.Binding

	// typing reports whether keys go into something that is typed; unsent is what
	// was typed and not yet committed.
	typing() bool
	unsent() []string

	// leave is for another screen: what is under way is cancelled.
	leave()
}

// way leads to another screen.
type way func(*App) tea.Cmd

// wayfinder is a screen from which others are opened. way returns where to go
// after the last message, once; nil is nowhere.
type wayfinder interface{ way() way }

// asker is a screen that at times asks for something small, such as which page to go
// to, in a line of its own above the keys. prompt is that line, "" where nothing is
// asked; closes stops asking and reports whether it was asked: esc does that first.
type asker interface {
	prompt() string
	closes() bool
}

// still is what most screens are: nothing is typed, nothing is under way.
type still struct{}

func (still) typing() bool     { return false }
func (still) unsent() []string { return nil }
func (still) leave()           {}
