// Package lessons holds the course: lessons, and the experiments that they run.
//
// A [Lesson] is Markdown: pages of prose with blocks that name what is predicted,
// run and recalled. Which lessons there are, in which order and with which
// experiment is said in their front matter; [ParseLessons] reads a folder of them
// into a [Course]. Numbers in the prose are references to findings, so that a
// lesson cannot contradict its run; a reference to what the page's run has not
// computed is refused with its place in the file.
//
// Experiments are declared with package lab, train with package train, and have a
// package each; [NewLaboratory] names them. A new experiment is one folder and
// one line there. Its record is all there is to know about a run: the live screen,
// the command line, the prose of a lesson, the truth of a prediction and the key of
// a drill that asks for a finding read that one record, and none of them computes
// a number of its own.
//
// A [Walk] takes a learner through a lesson, without a screen. Package source reads
// content files, which may be anybody's.
package lessons
