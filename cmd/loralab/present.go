package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"loralab/lessons"
	"loralab/lessons/show"
	"loralab/tui"
)

func newPresent(l *laboratory) *cobra.Command {
	page := 1
	cmd := &cobra.Command{
		Use:   "present [STEP]",
		Short: "Show the course to a class: large figures, the class's guesses, the truth when you say so",
		Long: "present is for a projector: a page is its question and a figure with all the room. Type in\n" +
			"what the class guesses, run, and reveal what the run found. Any page can be gone to by its\n" +
			"number. It begins afresh, and nothing is written into your journal. STEP is a number or a name\n" +
			"such as reparameterization. With --plain, or on a pipe, it talks line by line.",
		Example: "  loralab present\n  loralab present 1 --page 2\n  loralab present counting --plain",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := l.lessons()
			if err != nil {
				return err
			}
			lesson := all[0]
			if len(args) > 0 {
				if lesson, err = all.Find(args[0]); err != nil {
					return usage(err)
				}
			}
			if page < 1 || page > len(lesson.Pages) {
				return usagef("--page %d: step %d has pages 1 to %d", page, lesson.Step, len(lesson.Pages))
			}
			if l.screen() {
				l.forgets = true
				return openScreen(cmd, l, tui.Start{Class: &tui.ClassStart{Lesson: lesson, Page: page - 1}})
			}
			p := newSpeaker(interruptible(cmd.Context(), cmd.InOrStdin()), cmd.OutOrStdout())
			return p.present(cmd.Context(), lessons.NewClass(all, lesson, page-1))
		},
	}
	cmd.Flags().IntVar(&page, "page", 1, "begin with this `page` of the step")
	return cmd
}

// speaker is the plain face of a class: for one without a projector.
type speaker struct{ *plain }

func newSpeaker(in io.Reader, out io.Writer) *speaker {
	s := &speaker{newPlain(in, out)}
	s.head = func(scene show.Scene) string {
		return titled(fmt.Sprintf("%s, %s", scene.Name, scene.Where), scene)
	}
	return s
}

// present goes through the class until it is stopped or the input ends.
func (s *speaker) present(ctx context.Context, c *lessons.Class) error {
	s.out.label("", "Nothing is saved. \"page 4\" goes to a page, \"page 2.4\" to one of another step, \"set rank=2\" turns a knob.")
	s.out.say("")
	scene := c.Scene()
	for !scene.Over {
		scene.Blocks = slices.DeleteFunc(scene.Blocks, func(b show.Block) bool { _, figure := b.(show.Figure); return figure }) // the tally has it in words
		s.show(scene)
		deed, err := s.next(ctx, scene)
		if err != nil {
			return err
		}
		if deed.Act == show.Again || deed.Act == show.Watch { // what stands there is read out once more
			s.printed = nil
		}
		if scene, err = c.Do(ctx, deed); err != nil {
			return err
		}
	}
	return nil
}

// saidAs are the words for what is offered: the first is listed, the others do, too.
var saidAs = map[show.Act][]string{
	show.Begin:    {"run"},
	show.Reveal:   {"t", "truth", "reveal"},
	show.Why:      {"w", "why", "explain", "text"},
	show.Watch:    {"f", "figure"},
	show.Next:     {"n", "next"},
	show.Previous: {"p", "previous", "back"},
	show.Pass:     {"o", "other"},
	show.Back:     {"u", "undo"},
	show.Again:    {"r", "again"},
	show.Stop:     {"q", "quit", "stop", "exit"},
}

// next asks what is to be done: an empty line does what is offered first.
func (s *speaker) next(ctx context.Context, scene show.Scene) (show.Deed, error) {
	if scene.Ask.Form == show.Run {
		return s.ran(ctx, scene)
	}
	for {
		s.out.label("", offered(scene))
		line, ok := s.line()
		switch {
		case !ok:
			return show.Deed{Act: show.Stop}, nil
		case line == "":
			return show.Deed{Act: scene.Offers[0].Act}, nil
		}
		if deed, ok := said(scene, line); ok {
			return deed, nil
		}
		s.out.say("“%s” is none of these.", line)
	}
}

// offered lists what can be done, in one sentence or two.
func offered(scene show.Scene) string {
	text := ""
	if scene.Ask.Form == show.Line {
		text = "Guesses: " + scene.Ask.Placeholder + ". "
	}
	text += "An empty line: " + scene.Offers[0].Does + "."
	for i, o := range scene.Offers[1:] {
		sep := ", "
		if i == 0 {
			sep = " Or "
		}
		word := saidAs[o.Act][0]
		if strings.HasPrefix(o.Does, word+" ") {
			text += sep + o.Does
		} else {
			text += sep + word + " " + o.Does
		}
	}
	return text + "."
}

// said reads a line; ok is false where it is nothing that can be done.
func said(scene show.Scene, line string) (deed show.Deed, ok bool) {
	word := strings.ToLower(line)
	for _, o := range scene.Offers {
		if slices.Contains(saidAs[o.Act], word) || word == o.Does {
			return show.Deed{Act: o.Act}, true
		}
	}
	for _, head := range []string{"page ", "g "} {
		if where, found := strings.CutPrefix(word, head); found {
			return show.Deed{Act: show.Page, Text: where}, true
		}
	}
	if knob, found := strings.CutPrefix(line, "set "); found {
		return show.Deed{Act: show.Turn, Text: knob}, true
	}
	return show.Deed{Act: show.Typed, Text: line}, scene.Ask.Form == show.Line
}
