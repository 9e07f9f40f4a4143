package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"loralab/drills/journal"
	"loralab/lessons"
)

// journalPath returns the file of --journal, else where the environment says.
func (l *laboratory) journalPath() (string, error) {
	if l.journalFile != "" {
		return l.journalFile, nil
	}
	path, err := journal.DefaultPath(os.Getenv)
	return path, usage(err)
}

// openJournal opens the learner's journal. What is wrong with the file is said
// in one line, and the file is left as it is.
func (l *laboratory) openJournal(ctx context.Context) (*journal.Journal, error) {
	path, err := l.journalPath()
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, path, journal.Options{})
	return j, usage(err)
}

// finishing is how long the program waits for what is being written down when
// it is left: longer than the journal itself waits for another program.
const finishing = 10 * time.Second

// withNotebook opens the journal for the time that do takes, and closes it when
// what do has begun to write is written.
func (l *laboratory) withNotebook(cmd *cobra.Command, do func(*lessons.Notebook) error) (err error) {
	if l.forgets {
		book, err := lessons.NewNotebook(cmd.Context(), nil)
		if err != nil {
			return err
		}
		return do(book)
	}
	j, err := l.openJournal(cmd.Context())
	if err != nil {
		return err
	}
	defer func() {
		if closed := closeJournal(cmd, j); err == nil {
			err = closed
		}
	}()
	book, err := lessons.NewNotebook(cmd.Context(), j)
	if err != nil {
		return err
	}
	defer func() {
		// The command may have been interrupted: what was answered is written all the same.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(cmd.Context()), finishing)
		defer cancel()
		if unwritten := book.Finish(ctx); err == nil {
			err = unwritten
		}
	}()
	return do(book)
}
