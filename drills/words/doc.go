// Package words reads English: sentences in which points are looked for, and
// prose that has the answer to another kind of question in it.
//
// A [Rubric] says which points a few sentences should make. Compiled, it is a
// [Matcher], which cuts an answer into sentences and clauses, finds out what each clause
// is about, what is negated and what merely supposed, and tries the rubric's
// patterns on them.
//
// [Find], [FindClaim] and [FindShapes] take any grader and look for the part
// of a text that it can read. They know nothing of formulas.
package words
