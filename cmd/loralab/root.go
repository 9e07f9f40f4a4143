package main

import (
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"loralab/content"
	"loralab/drills"
	"loralab/lessons"
	"loralab/lessons/lab"
	"loralab/tui"
)

// laboratory is what every command works with: the experiments, and where the content
// is read from.
type laboratory struct {
	contentDir  string
	journalFile string
	experiment  lab.Laboratory
	look        look
	parsed      *drills.Bank                // by bank, nil until it is asked for
	wrap        func(tui.App) tui.Guardable // for tests: a screen that panics
	plain       bool                        // plain text, also on a terminal
	forgets     bool                        // no journal is opened, and nothing written down
}

// fsys returns the content: the embedded one, or the folder of --content.
func (l *laboratory) fsys() fs.FS {
	if l.contentDir != "" {
		return os.DirFS(l.contentDir)
	}
	return content.FS
}

// lessons parses the lessons.
func (l *laboratory) lessons() (lessons.Course, error) {
	all, err := lessons.ParseLessons(l.fsys(), l.experiment)
	return all, usage(err)
}

// newLaboratory returns the laboratory that ships with the program.
func newLaboratory() *laboratory { return &laboratory{experiment: lessons.NewLaboratory(content.FS)} }

func newRoot() *cobra.Command { return newLaboratory().root() }

// root is the command that all others are under.
func (l *laboratory) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "loralab",
		Short: "A laboratory for low-rank adaptation: every number is computed while you watch",
		Long: "loralab teaches low-rank adaptation (LoRA) by running it. On a terminal it opens the\n" +
			"laboratory; elsewhere it prints the tour: the steps, really run.",
		Example: "  loralab\n  loralab tour\n  loralab run reparameterization --set rank=2 --plot loss.png",
		Args:    cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			// Here, not for all output: the help has colours.
			out := cmd.OutOrStdout()
			if l.look.ascii && !printsData(cmd) {
				out = asciiOut{out}
			}
			cmd.SetOut(&escaper{w: out})
			if err := namesSomething(cmd.Flags()); err != nil {
				return err
			}
			return l.look.check()
		},
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
	root.PersistentFlags().BoolVar(&l.look.ascii, "ascii", false, "ASCII alone, for fonts that lack braille, blocks or Greek letters")
	root.PersistentFlags().BoolVar(&l.plain, "plain", false, "plain text, line by line, instead of the screen")
	root.AddCommand(newTour(l), newLesson(l), newPresent(l), newRun(l), newExperiments(l), newCount(), newQuantize(), newAdapter(), newAsk(l), newGrade(l), newCheck(l), newGlossary(l))
	root.AddCommand(newDrill(l), newInterview(l), newStats(l), newJournal(l), newScreens(l))
	return root
}

// namesSomething refuses an empty name of a file or folder. An empty variable of
// a script would otherwise mean the default, and lead elsewhere than it says.
func namesSomething(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if f.Value.String() != "" || err != nil {
			return
		}
		switch f.Name {
		case "journal", "content":
			err = usagef("--%s is empty: want a name, or leave the flag out", f.Name)
		case "plot", "output":
			err = usagef("--%s is empty: want the name of a file", f.Name)
		}
	})
	return err
}

// screen reports whether a command opens the screen rather than talk in plain
// text.
func (l *laboratory) screen() bool { return !l.plain && interactive() }

// interactive reports whether there is a terminal that can show the screen.
func interactive() bool {
	name := os.Getenv("TERM")
	return name != "" && name != "dumb" && os.Getenv("CI") == "" &&
		term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
}

func noColor() bool { return os.Getenv("NO_COLOR") != "" }
