package main

import (
	"errors"

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
func openScreen(cmd *cobra.Command, l *lab, start tui.Start) error {
	all, err := l.lessons()
	if err != nil {
		return err
	}
	mono := noColor()
	options := []tea.ProgramOption{tea.WithContext(cmd.Context()), tea.WithFPS(30)}
	if mono { // colorprofile heeds NO_COLOR only where it reads as true; no-color.org says any value counts
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	return l.withNotebook(cmd, func(book *lessons.Notebook) error {
		app := tui.New(tui.Options{
			Lessons: all, Lab: l.experiment, Notebook: book, Start: start,
			Bank:  func() (*drills.Bank, error) { return drills.ParseBank(l.fsys(), all.Steps(), l.experiment) },
			Theme: tui.Theme(l.look.theme), Mono: mono, Blocks: l.look.ascii,
		})
		_, err := tea.NewProgram(app, options...).Run()
		if errors.Is(err, tea.ErrInterrupted) {
			return nil
		}
		return err
	})
}

// openDrill opens the screen with a drill.
func openDrill(cmd *cobra.Command, l *lab, o drills.SittingOptions) error {
	return openScreen(cmd, l, tui.Start{Drill: &o})
}

// openInterview opens the screen with an interview.
func openInterview(cmd *cobra.Command, l *lab, o drills.InterviewOptions) error {
	return openScreen(cmd, l, tui.Start{Interview: &o})
}
