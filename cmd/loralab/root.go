package main

import (
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"loralab/content"
	"loralab/lessons"
	framework "loralab/lessons/lab"
	"loralab/tui"
)

// lab is what every command works with: the experiments, and where the content
// is read from.
type lab struct {
	contentDir  string
	journalFile string
	experiment  framework.Laboratory
	look        look
	wrap        func(tui.App) tui.Guardable // for tests: a screen that panics
	plain       bool                        // plain text, also on a terminal
}

// fsys returns the content: the embedded one, or the folder of --content.
func (l *lab) fsys() fs.FS {
	if l.contentDir != "" {
		return os.DirFS(l.contentDir)
	}
	return content.FS
}

// lessons parses the lessons.
func (l *lab) lessons() ([]*lessons.Lesson, error) {
	all, err := lessons.ParseLessons(l.fsys(), l.experiment)
	return all, usage(err)
}

func newRoot() *cobra.Command { return newLab().root() }

func newLab() *lab { return &lab{experiment: lessons.NewLaboratory(content.FS)} }

// root is the command that all others are under.
func (l *lab) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "loralab",
		Short: "A laboratory for low-rank adaptation: every number is computed while you watch",
		Long: "loralab teaches low-rank adaptation (LoRA) by running it. On a terminal it opens the\n" +
			"laboratory; elsewhere it prints the tour: the steps, really run.",
		Example:           "  loralab\n  loralab tour\n  loralab run reparameterization --set rank=2 --plot loss.png",
		Args:              cobra.NoArgs,
		PersistentPreRunE: func(*cobra.Command, []string) error { return l.look.check() },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !l.screen() {
				return tour(cmd, l)
			}
			return openScreen(cmd, l, tui.Start{})
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.PersistentFlags().StringVar(&l.contentDir, "content", "", "teach from this folder instead of the lessons that ship with the program")
	root.PersistentFlags().StringVar(&l.journalFile, "journal", "", "keep progress in this file (default: $LORALAB_JOURNAL, else the user's data folder)")
	root.PersistentFlags().StringVar(&l.look.theme, "theme", "auto", "colours for a dark or a light ground: auto, dark, light")
	root.PersistentFlags().BoolVar(&l.look.ascii, "ascii", false, "figures without braille, for fonts that lack it")
	root.PersistentFlags().BoolVar(&l.plain, "plain", false, "plain text, line by line, instead of the screen")
	root.AddCommand(newTour(l), newLesson(l), newRun(l), newExperiments(l), newCount(), newQuantize(), newAdapter(), newAsk(l), newGrade(l), newCheck(l))
	root.AddCommand(newDrill(l), newInterview(l), newStats(l), newJournal(l))
	return root
}

// screen reports whether a command opens the screen rather than talk in plain
// text.
func (l *lab) screen() bool { return !l.plain && interactive() }

// interactive reports whether there is a terminal that can show the screen.
func interactive() bool {
	name := os.Getenv("TERM")
	return name != "" && name != "dumb" && os.Getenv("CI") == "" &&
		term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
}

func noColor() bool { return os.Getenv("NO_COLOR") != "" }
