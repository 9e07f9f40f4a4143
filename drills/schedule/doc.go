// Package schedule decides when a question comes back.
//
// It has three parts. FSRS-6 keeps, for every question family, how long its
// answer lasts in the learner's memory ([State], [Parameters.Next]). A
// [Session] puts what is due in an order that teaches: what the learner was
// sure of and had wrong first, steps mixed, a miss again a few questions later
// with other numbers. [Calibrate] sets the learner's confidence beside the
// outcome.
//
// The package is pure. Time is passed in, randomness comes from a seed, and
// the same calls give the same answers on every machine; so a memory can be
// rebuilt from the log of answers alone.
//
// The formulas are those of FSRS-6 as go-fsrs and fsrs-rs compute them. Where
// the implementations disagree the choice is stated beside the line that makes
// it.
package schedule
