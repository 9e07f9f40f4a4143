// Package lessons holds the experiments of the laboratory and the lessons that
// run them.
//
// An [Experiment] is declared once: the question it answers, its [Knob]s, the
// [Spec]s of what it finds out, a Run and the figures that can be drawn. Its
// [Record] is all there is to know about a run. The live screen, the command
// line, the prose of a lesson and the key of a drill read that one Record;
// none of them computes a number of its own.
//
// A [Lesson] is Markdown: pages of prose with blocks that name an experiment.
// Numbers in the prose are references to findings, so that a lesson cannot
// contradict its run.
package lessons
