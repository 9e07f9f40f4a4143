package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"loralab/lessons"
	"loralab/lessons/show"
	"loralab/tui"
)

func newLesson(l *laboratory) *cobra.Command {
	return &cobra.Command{
		Use:     "lesson STEP",
		Short:   "Go through one step: predictions, runs, findings",
		Long:    "lesson is a step of the course: it asks for a prediction, runs, and shows the truth\nbeside it. STEP is a number or a name such as reparameterization. On a terminal it opens\nthe screen; with --plain, or on a pipe, it talks line by line.",
		Example: "  loralab lesson 1\n  loralab lesson reparameterization --plain",
		Args:    one("step", "give its number or name, such as 1 or reparameterization"),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := l.lessons()
			if err != nil {
				return err
			}
			if !l.screen() { // a screen shows a run again
				all, _ = all.Remember(l.experiment)
			}
			lesson, err := all.Find(args[0])
			if err != nil {
				return usage(err)
			}
			if l.screen() {
				return openScreen(cmd, l, tui.Start{Lesson: lesson})
			}
			return l.withNotebook(cmd, func(book *lessons.Notebook) error {
				p := newReader(interruptible(cmd.Context(), cmd.InOrStdin()), cmd.OutOrStdout(), len(all))
				return p.lesson(cmd.Context(), lesson, book)
			})
		},
	}
}

// reader is the plain face of lessons.
type reader struct {
	*plain
	steps  int
	number int // of the lesson that is read
}

func newReader(in io.Reader, out io.Writer, steps int) *reader {
	r := &reader{plain: newPlain(in, out), steps: steps}
	r.ended, r.head = goOn, r.heading
	return r
}

// lesson reads a lesson from its first page to its last.
func (r *reader) lesson(ctx context.Context, l *lessons.Lesson, book *lessons.Notebook) error {
	r.number, r.place = l.Step, ""
	walk := lessons.NewWalk(l, book, 0)
	if _, err := walk.Do(ctx, show.Deed{Act: show.Page, Number: 1}); err != nil {
		return err
	}
	return r.talk(ctx, walk)
}

func (r *reader) heading(s show.Scene) string {
	head := titled(fmt.Sprintf("Step %d of %d, %s", r.number, r.steps, s.Where), s)
	if !r.over && (s.Ask.Form == show.Line || s.Ask.Form == show.Choice) {
		head += "\nAn empty line means: I don't know."
	}
	return head
}

// titled is a head with the title of its page.
func titled(head string, s show.Scene) string {
	if h, ok := s.Blocks[0].(show.Heading); ok {
		head += ": " + h.Text
	}
	return head
}

// goOn is what an input that has ended says: nothing, and the next page.
func goOn(s show.Scene) show.Deed {
	for _, act := range []show.Act{show.GiveUp, show.Next} {
		if s.Can(act) {
			return show.Deed{Act: act}
		}
	}
	return show.Deed{Act: show.Stop}
}
