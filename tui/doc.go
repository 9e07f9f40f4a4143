// Package tui is the laboratory on a terminal: one Bubble Tea program.
//
// [App] is the laboratory as a tea.Model, and the only place that returns a
// tea.View but for [Guarded], which stands around it and survives its panics. A
// screen is one type behind an interface of this package; it renders what a machine
// of package lessons or drills has to show, and hands back what the learner did.
// Prose and figures are laid out in update and kept; view joins lines.
//
// A run computes in its own goroutine at full speed and leaves its newest state in a
// mailbox of one place; the screen takes it when it can. So neither waits for the
// other. Leaving a screen cancels its run.
package tui
