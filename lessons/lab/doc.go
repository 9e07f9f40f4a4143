// Package lab is the framework of experiments.
//
// An [Experiment] is declared once: the question it answers, its [Knob]s, the
// [Spec]s of what it finds out, a Run and the figures that can be drawn. A run
// under some [Settings] emits into a [Recorder], from which comes its [Record]:
// the settings, the [Series] of frames and the [Finding]s. The record is all
// there is to know about a run, and the same seed and settings give the same
// [Record.Lasting], byte for byte. Figures, tables, the prose of lessons and the
// keys of drills are made from records.
//
// Data that does not fit (the value of a knob, an id) is an error that says what
// is allowed. A name that an experiment does not declare is a mistake in the
// program and panics.
package lab
