// Package drills asks questions from memory and grades what is answered.
//
// A [Bank] of question families is parsed from the content. A [Family] draws
// numbers under a seed and becomes a [Question], whose keys the laboratory
// computes, or finds in a [Run] that goes on while the learner thinks; nothing that
// can be computed is stored. A [Sitting] asks what is due,
// an [Interview] as an interviewer would.
//
// Answers are graded by the packages below: algebra (numbers, formulas,
// equations, shapes), options (choices, orders) and words (sentences, and answers
// hidden in prose), all in the terms of package verdict. Each kind of question
// is one file, kind_*.go.
package drills
