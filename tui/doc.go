// Package tui is the laboratory on a terminal: one Bubble Tea program.
//
// [App] is the laboratory as a tea.Model, and the only place that returns a
// tea.View but for [Guarded], which stands around it and survives its panics.
// A screen is a concrete struct with an Update that returns its own type and a
// View that returns a string of the size it was given. What is dear to draw
// (prose, figures) is drawn in Update and kept; View only joins.
//
// A run computes in its own goroutine at full speed and leaves its newest state
// in a mailbox of one place ([live]); the screen picks it up when it can. So
// neither waits for the other. Leaving a screen cancels its run.
package tui
