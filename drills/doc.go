// Package drills grades what a learner writes against what the laboratory
// computes: predictions before a run, and questions from memory.
package drills
