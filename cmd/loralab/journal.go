package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"loralab/drills/journal"
)

func newJournal(l *lab) *cobra.Command {
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
func (l *lab) readJournal(ctx context.Context) (*journal.Journal, error) {
	path, err := l.journalPath()
	if err != nil {
		return nil, err
	}
	j, err := journal.OpenReadOnly(ctx, path, journal.Options{})
	return j, usage(err)
}

func newJournalPath(l *lab) *cobra.Command {
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

func newJournalExport(l *lab) *cobra.Command {
	var output string
	var force bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the journal as lines of JSON",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if output != "" && output != "-" {
				if err := l.mayWrite(output, force); err != nil {
					return usage(err)
				}
			}
			j, err := l.readJournal(cmd.Context())
			if err != nil {
				return err
			}
			defer j.Close()
			if output == "" || output == "-" {
				return j.Export(cmd.Context(), cmd.OutOrStdout())
			}
			if err := writeWhole(output, func(w io.Writer) error { return j.Export(cmd.Context(), w) }); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "written: %s\n", output)
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this `file` instead of standard output")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite the file")
	return cmd
}

// mayWrite refuses a file that exists, unless forced, and the journal itself
// even then.
func (l *lab) mayWrite(file string, force bool) error {
	there, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	path, err := l.journalPath()
	if err != nil {
		return err
	}
	if kept, err := os.Stat(path); err == nil && os.SameFile(kept, there) {
		return fmt.Errorf("-o %s is the journal itself: name another file", file)
	}
	if !there.Mode().IsRegular() {
		return fmt.Errorf("-o %s is not a file", file)
	}
	if !force {
		return fmt.Errorf("-o %s exists: name another file, or overwrite it with --force", file)
	}
	return nil
}

// writeWhole writes a file beside its place and renames it, so that nothing
// half-written is ever seen under its name.
func writeWhole(file string, write func(io.Writer) error) (err error) {
	part, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			part.Close()
			os.Remove(part.Name())
		}
	}()
	if err = write(part); err != nil {
		return err
	}
	if err = part.Sync(); err != nil {
		return err
	}
	if err = part.Close(); err != nil {
		return err
	}
	return os.Rename(part.Name(), file)
}

func newJournalImport(l *lab) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Add what another journal exported; - is standard input",
		Args:  one("file", "name what loralab journal export has written, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in := cmd.InOrStdin()
			if args[0] != "-" {
				file, err := os.Open(args[0])
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
				if closed := j.Close(); err == nil {
					err = closed
				}
			}()
			got, err := j.Import(cmd.Context(), in)
			if wrong := (*journal.ImportError)(nil); errors.As(err, &wrong) {
				return usage(fmt.Errorf("%s: %w", args[0], err))
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "added: %d answers, %d runs, %d lesson positions; %d rows were here already\n",
				got.Answers, got.Runs, got.Lessons, got.Known)
			return nil
		},
	}
}
