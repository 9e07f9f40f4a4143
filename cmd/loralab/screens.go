package main

import (
	"context"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/lora/number"
	"loralab/tui"
)

func newScreens(l *laboratory) *cobra.Command {
	var sizes, only []string
	var mono bool
	var folder screensFolder
	cmd := &cobra.Command{
		Use:   "screens",
		Short: "Write every screen as text and as a picture",
		Long: "screens goes through the whole program without a terminal, runs every experiment that a page\n" +
			"shows, and writes each screen as text and, beside it, as an SVG: home.txt, home.svg,\n" +
			"lesson-1-page-4-watch.txt and so on. What is scrolled goes on in …-2.txt. Nothing is written\n" +
			"into your journal. With several sizes each has a folder of its own.",
		Example: "  loralab screens -o screens\n  loralab screens --size 80x24 --size 120x40 --theme light -o screens\n  loralab screens --only 'lesson-1-page-4-*' --only 'bench-*' -o screens",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			looks, err := l.looks(sizes, mono)
			if err != nil {
				return usage(err)
			}
			all, err := l.lessons()
			if err != nil {
				return err
			}
			book, err := lessons.NewNotebook(cmd.Context(), nil) // it keeps nothing
			if err != nil {
				return err
			}
			gallery := tui.Gallery{Looks: looks, Options: tui.Options{Lessons: all, Lab: l.experiment, Notebook: book,
				Bank: func() (*drills.Bank, error) {
					bank, err := l.bank()
					return bank, usage(err)
				}}}
			if gallery.Only, err = matching(only); err != nil {
				return usage(err)
			}
			return l.writeScreens(cmd.Context(), gallery, &folder, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&sizes, "size", []string{"80x24"}, "columns and rows of the `terminal`; may be given several times")
	f.StringArrayVar(&only, "only", nil, "only the screens whose name fits this `pattern`, such as 'lesson-1-*'; may be given several times")
	f.BoolVar(&mono, "no-color", false, "without colour, as under NO_COLOR")
	folder.addTo(f)
	return cmd
}

// The least and the greatest terminal that screens are written for.
const (
	leastColumns, mostColumns = 20, 500
	leastRows, mostRows       = 6, 200
)

// looks reads the sizes, each of which has the colours of the flags.
func (l *laboratory) looks(sizes []string, mono bool) ([]tui.Look, error) {
	var all []tui.Look
	for _, size := range sizes {
		columns, rows, _ := strings.Cut(size, "x")
		wide, err := strconv.Atoi(columns)
		high, err2 := strconv.Atoi(rows)
		if err != nil || err2 != nil {
			return nil, fmt.Errorf("--size %q: want columns and rows, such as 80x24", size)
		}
		if wide < leastColumns || wide > mostColumns || high < leastRows || high > mostRows {
			return nil, fmt.Errorf("--size %s: want %d to %d columns and %d to %d rows", size, leastColumns, mostColumns, leastRows, mostRows)
		}
		all = append(all, tui.Look{Width: wide, Height: high, Theme: tui.Theme(l.look.theme), Mono: mono, ASCII: l.look.ascii})
	}
	return all, nil
}

// matching returns whether a name fits one of the patterns; nil, which is all, where
// there is none.
func matching(patterns []string) (func(string) bool, error) {
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil {
			return nil, fmt.Errorf("--only %q: want a name with * and ?, such as 'lesson-1-*'", p)
		}
	}
	if len(patterns) == 0 {
		return nil, nil
	}
	return func(name string) bool {
		for _, p := range patterns {
			if fits, _ := path.Match(p, name); fits { // it was tried above
				return true
			}
		}
		return false
	}, nil
}

// writeScreens goes through the gallery and writes what it shows.
func (l *laboratory) writeScreens(ctx context.Context, g tui.Gallery, to *screensFolder, stdout, stderr io.Writer) error {
	names, err := g.Names()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return usagef("--only: no screen has such a name; they begin with %s", "home, lesson-, present-, bench-, drill-, interview-, progress")
	}
	if err := to.prepare(g.Looks, names, l.kept()); err != nil {
		return usage(err)
	}
	bar := newBar(stderr, "screens")
	defer bar.clear()
	g.Progress = func(done, total int, next string) {
		bar.show(lab.Progress{Done: done, Total: total, Series: fmt.Sprintf("%-28s", next)})
	}
	written := 0
	err = g.Shots(ctx, func(s tui.Shot) error {
		written++
		return to.write(s)
	})
	if err != nil {
		return err
	}
	bar.clear()
	fmt.Fprintf(stdout, "written: %s to %s, each as .txt and .svg\n", number.Plural(written, "screen"), printable(to.name))
	return nil
}
