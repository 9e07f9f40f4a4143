package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/drills/journal"
)

// journalPath returns the file of --journal, else where the environment says.
func (l *lab) journalPath() (string, error) {
	if l.journalFile != "" {
		return l.journalFile, nil
	}
	path, err := journal.DefaultPath(os.Getenv)
	return path, usage(err)
}

// openJournal opens the learner's journal. What is wrong with the file is said
// in one line, and the file is left as it is.
func (l *lab) openJournal(ctx context.Context) (*journal.Journal, error) {
	path, err := l.journalPath()
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, path, journal.Options{})
	return j, usage(err)
}

// withNotebook opens the journal for the time that do takes.
func (l *lab) withNotebook(cmd *cobra.Command, do func(*drills.Notebook) error) (err error) {
	j, err := l.openJournal(cmd.Context())
	if err != nil {
		return err
	}
	defer func() {
		if closed := closeJournal(cmd, j); err == nil {
			err = closed
		}
	}()
	book, err := drills.NewNotebook(cmd.Context(), j)
	if err != nil {
		return err
	}
	return do(book)
}
