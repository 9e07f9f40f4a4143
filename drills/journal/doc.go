// Package journal keeps what the learner did, in one SQLite file.
//
// The answers are the record; they are only ever added (a learner may mark one
// as contested afterwards). What the schedule remembers of each question
// family is derived from them and kept beside them, in the same transaction;
// [Journal.Replay] derives it again. Runs, the positions in the lessons and the
// goals that were reached stand on their own.
//
// An answer is on the disk when [Journal.Record] returns: a killed program, or
// a machine without power, loses nothing that was confirmed. Several programs
// may use one journal at a time. A file that is not a journal, or not one this
// version can read, is reported as a [FileError] and left unchanged. A journal
// that is deleted or replaced while it is open is written again, with the next
// answer or when it is closed; [Journal.Restored] says so.
//
// The package reads no clock: times are passed in. They are kept to the
// millisecond, in UTC.
package journal
