package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/lessons"
	"loralab/tui"
)

// look is how the screen looks: flags of the root command.
type look struct {
	theme string
	ascii bool
}

func (v look) check() error {
	switch tui.Theme(v.theme) {
	case tui.Auto, tui.Dark, tui.Light:
		return nil
	}
	return usagef("--theme: %q is not allowed, want auto, dark or light", v.theme)
}

// openScreen shows the laboratory on the terminal until the learner leaves it.
func openScreen(cmd *cobra.Command, l *laboratory, start tui.Start) error {
	all, err := l.lessons()
	if err != nil {
		return err
	}
	glossary, err := lessons.ReadGlossary(l.fsys())
	if err != nil {
		return usage(err)
	}
	path, err := l.journalPath()
	if err != nil {
		return err
	}
	ctx, stop := untilEnded(cmd.Context())
	defer stop()
	mono := noColor()
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithInput(newKeyboard(os.Stdin)), tea.WithFPS(30)}
	if mono { // colorprofile heeds NO_COLOR only where it reads as true; no-color.org says any value counts
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	return l.withNotebook(cmd, func(book *lessons.Notebook) error {
		app := tui.New(tui.Options{
			Lessons: all, Lab: l.experiment, Notebook: book, Start: start, Glossary: glossary,
			Bank:  func() (*drills.Bank, error) { return drills.ParseBank(l.fsys(), all.Steps(), l.experiment) },
			Theme: tui.Theme(l.look.theme), Mono: mono, ASCII: l.look.ascii,
			Pictures: picturesFolder(os.Getenv),
		})
		model := tui.Guardable(app)
		if l.wrap != nil {
			model = l.wrap(app)
		}
		guard := tui.Guard(model, filepath.Dir(path))
		_, err := tea.NewProgram(guard, options...).Run()
		var ended signalError
		if errors.As(context.Cause(ctx), &ended) {
			return ended
		}
		for _, file := range app.Exported() { // the screen, which said so too, is gone
			fmt.Fprintf(cmd.OutOrStdout(), "written: %s\n", printable(file))
		}
		switch {
		case guard.Err() != nil:
			return guard.Err()
		case cmd.Context().Err() != nil: // interrupted
			return nil
		case errors.Is(err, tea.ErrProgramPanic):
			return guard.Rescue(err)
		}
		return err
	})
}

// openDrill opens the screen with a drill.
func openDrill(cmd *cobra.Command, l *laboratory, o drills.SittingOptions) error {
	return openScreen(cmd, l, tui.Start{Drill: &o})
}

// openInterview opens the screen with an interview.
func openInterview(cmd *cobra.Command, l *laboratory, o drills.InterviewOptions) error {
	return openScreen(cmd, l, tui.Start{Interview: &o})
}
