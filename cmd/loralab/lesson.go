package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/lessons"
	"loralab/tui"
)

func newLesson(l *lab) *cobra.Command {
	return &cobra.Command{
		Use:     "lesson STEP",
		Short:   "Go through one step line by line: predictions, runs, findings",
		Long:    "lesson is a step of the course without the screen: it asks for a prediction, runs, and\nprints the truth beside it. STEP is a number or a name such as reparameterization.",
		Example: "  loralab lesson 1\n  loralab lesson reparameterization",
		Args:    one("step", "give its number or name, such as 1 or reparameterization"),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := l.lessons()
			if err != nil {
				return err
			}
			lesson, err := pick(all, args[0])
			if err != nil {
				return usage(err)
			}
			return l.withNotebook(cmd, func(book *drills.Notebook) error {
				reader := newReader(cmd.Context(), newDialogue(interruptible(cmd.Context(), cmd.InOrStdin()), cmd.OutOrStdout()), len(all))
				reader.book = book
				return reader.lesson(lesson)
			})
		},
	}
}

func pick(all []*lessons.Lesson, name string) (*lessons.Lesson, error) {
	var names []string
	for _, l := range all {
		if l.ID == name || strconv.Itoa(l.Step) == name {
			return l, nil
		}
		names = append(names, fmt.Sprintf("%d %s", l.Step, l.ID))
	}
	return nil, fmt.Errorf("unknown step %q (steps: %s)", name, strings.Join(names, ", "))
}

// reader goes through lessons in plain text. Runs of the same settings are done
// once.
type reader struct {
	ctx     context.Context
	talk    *dialogue
	steps   int
	book    *drills.Notebook // nil for the tour, which asks nothing and keeps nothing
	records map[string]*lessons.Record
}

func newReader(ctx context.Context, talk *dialogue, steps int) *reader {
	return &reader{ctx: ctx, talk: talk, steps: steps, records: map[string]*lessons.Record{}}
}

func (r *reader) lesson(l *lessons.Lesson) error {
	for i := range l.Pages {
		r.talk.say("Step %d of %d, page %d of %d: %s\n", l.Step, r.steps, i+1, len(l.Pages), l.Pages[i].Title)
		if err := r.page(l, &l.Pages[i]); err != nil {
			return err
		}
		if r.book == nil {
			continue
		}
		if err := r.book.SavePosition(r.ctx, l.ID, i, i == len(l.Pages)-1); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) page(l *lessons.Lesson, p *lessons.Page) error {
	record := &lessons.Record{Settings: l.Experiment.Defaults()}
	if run := p.Run(); run != nil {
		record.Settings = run.Settings
	}
	var predictions []drills.Prediction
	for _, b := range p.Blocks {
		switch b := b.(type) {
		case lessons.Prose:
			r.talk.say("%s\n", tui.Markdown(b.Resolve(record), r.talk.width))
		case lessons.Predict:
			r.talk.say("%s", tui.Markdown("Predict: "+b.Ask, r.talk.width))
			p := drills.Prediction{Ask: b, Skipped: true}
			if r.book != nil {
				p = r.predict(b)
			}
			predictions = append(predictions, p)
			r.talk.say("")
		case lessons.Run:
			var err error
			if record, err = r.run(l.Experiment, b); err != nil {
				return err
			}
			if err := r.truths(predictions, record); err != nil {
				return err
			}
		case lessons.Recall:
			r.talk.say("  loralab drill --family %s\n", b.Family)
		}
	}
	return nil
}

// predict asks until the answer can be read, the learner gives up or the input
// ends.
func (r *reader) predict(ask lessons.Predict) drills.Prediction {
	for i, c := range ask.Choices {
		r.talk.say("  %d. %s", i+1, c)
	}
	r.talk.say("An empty line means: I don't know.")
	for {
		line, ok := r.talk.ask()
		if !ok || line == "" {
			return drills.Prediction{Ask: ask, Skipped: true}
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(ask.Choices) {
			line = ask.Choices[n-1]
		}
		p, err := drills.ReadPrediction(ask, line)
		if err != nil {
			r.talk.say("%v", err)
			continue
		}
		r.talk.say("You say %s. How sure? 1 guess, 2 think, 3 sure", p.Said())
		p.Confidence = r.confidence()
		return p
	}
}

func (r *reader) confidence() drills.Confidence {
	for {
		line, ok := r.talk.ask()
		if !ok {
			return drills.Guess
		}
		if c, err := drills.ParseConfidence(line); err == nil {
			return c
		}
		r.talk.say("1, 2 or 3?")
	}
}

// repeats is the command line that repeats a run.
func repeats(e *lessons.Experiment, s lessons.Settings) string {
	line := "loralab run " + e.ID
	for _, k := range s.Knobs() {
		switch {
		case k.Name == "seed":
			line += " --seed " + s.Text(k.Name)
		case s.Matters(k) && s.Text(k.Name) != k.Default:
			line += " --set " + k.Name + "=" + s.Text(k.Name)
		}
	}
	return line
}

// run does what a run block says and prints its findings and figures as tables.
func (r *reader) run(e *lessons.Experiment, b lessons.Run) (*lessons.Record, error) {
	id := e.ID + " " + b.Settings.String()
	record := r.records[id]
	if record == nil {
		var err error
		if record, err = e.Do(r.ctx, b.Settings, nil); err != nil {
			return nil, err
		}
		r.records[id] = record
	}
	r.talk.say("%s\n", lipgloss.Wrap("Run: "+repeats(e, b.Settings), r.talk.width, ""))
	if f := e.Figure(record, b.Figures[0]); f != nil && r.book != nil { // the tour is long enough without curves
		r.talk.say("%s\n", f.Table(6))
	}
	var listed []lessons.Finding
	for _, name := range b.Table {
		if f, ok := record.Find(name); ok {
			listed = append(listed, f)
		}
	}
	if len(listed) > 0 {
		printFindings(r.talk.out, listed)
		r.talk.say("")
	}
	return record, nil
}

// truths prints each prediction beside what the run found, after it was written
// down.
func (r *reader) truths(predictions []drills.Prediction, record *lessons.Record) error {
	for _, p := range predictions {
		v := p.Grade(record)
		if r.book != nil {
			if err := r.book.SavePrediction(r.ctx, p, v, record); err != nil {
				return err
			}
		}
		switch {
		case p.Skipped:
			r.talk.say("The run says %s.", v.Truth)
		case v.Right:
			r.talk.say("You said %s. The run says %s. Right: %s.", p.Said(), v.Truth, v.Gap)
		default:
			r.talk.say("You said %s. The run says %s. Not so: %s.", p.Said(), v.Truth, v.Gap)
		}
		if p.Ask.Because != "" {
			r.talk.say("%s", tui.Markdown(lessons.Prose{Markdown: p.Ask.Because}.Resolve(record), r.talk.width))
		}
		r.talk.say("")
	}
	return nil
}
