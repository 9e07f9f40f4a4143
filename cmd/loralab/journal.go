package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"loralab/drills/journal"
	"loralab/lora/atomicfile"
	"loralab/lora/number"
)

func newJournal(l *laboratory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "journal",
		Short: "Take your progress to another machine, or look at it",
		Long: "The journal keeps what you answered, ran and read. export writes it as lines of JSON, import\n" +
			"adds such lines to it: what is there already is not added twice.",
		Example: "  loralab journal path\n  loralab journal export -o progress.jsonl\n  loralab journal import progress.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return usagef("journal does what? export, import or path")
		},
	}
	cmd.AddCommand(newJournalExport(l), newJournalImport(l), newJournalPath(l))
	return cmd
}

// readJournal opens the journal to be read; where there is none it makes none.
func (l *laboratory) readJournal(ctx context.Context) (*journal.Journal, error) {
	path, err := l.journalPath()
	if err != nil {
		return nil, err
	}
	j, err := journal.OpenReadOnly(ctx, path, journal.Options{})
	return j, usage(err)
}

// closeJournal closes the journal and says if it had to be written again.
func closeJournal(cmd *cobra.Command, j *journal.Journal) error {
	err := j.Close()
	if j.Restored() {
		fmt.Fprintf(cmd.ErrOrStderr(), "loralab: the journal %s was deleted or replaced while it was open; everything in it was written there again\n", printable(j.Path()))
	}
	return err
}

func newJournalPath(l *laboratory) *cobra.Command {
	return &cobra.Command{
		Use:   "path",
		Short: "Print the file of the journal",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := l.journalPath()
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return nil
		},
	}
}

func newJournalExport(l *laboratory) *cobra.Command {
	var output destination
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the journal as lines of JSON",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if output.file == "-" {
				output.file = ""
			}
			if err := l.mayWrite(&output); err != nil {
				return usage(err)
			}
			j, err := l.readJournal(cmd.Context())
			if err != nil {
				return err
			}
			defer j.Close()
			if output.file == "" {
				return j.Export(cmd.Context(), cmd.OutOrStdout())
			}
			// Escaped like standard output: the same journal gives the same bytes.
			if err := atomicfile.Write(output.file, output.force, func(f atomicfile.File) error {
				return j.Export(cmd.Context(), &escaper{w: f})
			}); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "written: %s\n", printable(output.file))
			return nil
		},
	}
	output.addTo(cmd.Flags(), "output", "o", "write to this `file` instead of standard output")
	return cmd
}

// mayWrite refuses a file that may not be written, as [destination.check] says.
func (l *laboratory) mayWrite(d *destination) error { return d.check(l.kept()) }

// kept is the file of the journal, which no command overwrites; "" where there is no
// place for one, since then no file is one.
func (l *laboratory) kept() string {
	kept, err := l.journalPath()
	if err != nil {
		return ""
	}
	return kept
}

func newJournalImport(l *laboratory) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Add what another journal exported; - is standard input",
		Args:  one("file", "name what loralab journal export has written, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in := cmd.InOrStdin()
			if args[0] != "-" {
				file, err := openRegular(args[0])
				if err != nil {
					return usage(err)
				}
				defer file.Close()
				in = file
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
			got, err := j.Import(cmd.Context(), in)
			if wrong := (*journal.ImportError)(nil); errors.As(err, &wrong) {
				return usage(fmt.Errorf("%s: %w", printable(args[0]), err))
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "added: %d answers, %d runs, %d lesson positions, %s; %d rows were here already\n",
				got.Answers, got.Runs, got.Lessons, number.Plural(got.Goals, "goal"), got.Known)
			return nil
		},
	}
}
