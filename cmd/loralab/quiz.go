package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"loralab/drills"
	"loralab/drills/verdict"
	"loralab/tui"
)

// asker is what puts questions: a sitting or an interview.
type asker interface {
	Next() (*drills.Asked, bool)
	Answer(ctx context.Context, a *drills.Asked, text string, c drills.Confidence) (drills.Result, error)
	Refused(ctx context.Context, a *drills.Asked, text string, part int) error
	GiveUp(ctx context.Context, a *drills.Asked) (drills.Result, error)
	Contest(ctx context.Context, a *drills.Asked) error
}

// follower is an asker that can ask a follow-up next.
type follower interface {
	Follow(drills.FollowUp) bool
}

// quiz asks questions line by line. It ends when there are no more, when the
// learner stops, or with the input.
type quiz struct {
	ctx  context.Context
	talk *dialogue
	from asker
	over bool
	err  error // why it ended early
}

func newQuiz(cmd *cobra.Command, from asker) *quiz {
	in := interruptible(cmd.Context(), cmd.InOrStdin())
	return &quiz{ctx: cmd.Context(), talk: newDialogue(in, cmd.OutOrStdout()), from: from}
}

func (q *quiz) help() string {
	return "Instead of an answer: ? for a hint, skip to pass it over, give up to see the answer,\nstop to end."
}

// run asks until it is over; head introduces each question.
func (q *quiz) run(head func(*drills.Asked) string) {
	for !q.over {
		a, ok := q.from.Next()
		if !ok {
			return
		}
		q.talk.say("%s", head(a))
		if a.Lead != "" {
			q.prose(a.Lead)
		}
		q.ask(a)
	}
}

// ask puts one question until it is closed or passed over.
func (q *quiz) ask(a *drills.Asked) {
	q.talk.say("")
	q.prose(a.Question.Prompt)
	if len(a.Question.Parts) == 1 {
		q.options(a.Question.Parts[0])
	}
	var r drills.Result
	for a.Open() && !q.over {
		page, said := q.page(a)
		switch said {
		case skip:
			q.talk.say("Passed over.\n")
			return
		case stop:
			q.over = true
			return
		case giveUp:
			r, q.err = q.from.GiveUp(q.ctx, a)
		default:
			q.talk.say("How sure? 1 guess, 2 think, 3 sure")
			confidence, ok := q.confidence()
			if !ok {
				return
			}
			r, q.err = q.from.Answer(q.ctx, a, page, confidence)
		}
		if q.err != nil { // of the content or the journal; what was not written down is not graded
			q.over = true
			return
		}
		q.reply(a, r)
	}
	if !q.over {
		q.after(a, r.Status == verdict.Right)
	}
}

// command is a line that is no answer.
type command int

const (
	answer command = iota
	hint
	skip
	giveUp
	stop
)

// readCommand tells commands from answers. No command could be one: none is a
// formula, a number, a letter of an option or a sentence.
func readCommand(line string) command {
	switch strings.ToLower(strings.Trim(line, " .!")) {
	case "?", "hint":
		return hint
	case "skip", "pass":
		return skip
	case "give up", "giveup", "i don't know", "i do not know", "don't know", "idk":
		return giveUp
	case "stop", "quit", "exit", "q":
		return stop
	}
	return answer
}

// page asks for the answer to every part and returns them as one page, or the
// command that came instead. Of several parts some may be left out.
func (q *quiz) page(a *drills.Asked) (string, command) {
	parts := a.Question.Parts
	for {
		answers := make([]string, len(parts))
		for i, p := range parts {
			if len(parts) > 1 {
				q.talk.say("\nPart %d of %d. An empty line leaves it out.", i+1, len(parts))
				q.prose(p.Ask)
				q.options(p)
			}
			text, said := q.part(a, i+1)
			if said != answer {
				return "", said
			}
			answers[i] = text
		}
		if strings.Join(answers, "") != "" {
			return a.Page(answers), answer
		}
		q.talk.say("Nothing written yet; give up shows the answer.")
	}
}

// part asks until the answer to a part can be read.
func (q *quiz) part(a *drills.Asked, part int) (string, command) {
	for {
		line, ok := q.talk.ask()
		if !ok {
			return "", stop
		}
		switch said := readCommand(line); {
		case said == hint:
			q.hint(a)
		case said != answer:
			return "", said
		case line == "" && len(a.Question.Parts) > 1, q.reads(a, line, part):
			return line, answer
		}
		if q.over {
			return "", stop
		}
	}
}

// reads says how an answer is read, or why it is not.
func (q *quiz) reads(a *drills.Asked, line string, part int) bool {
	echo, trouble, err := a.Read(line, part)
	if err == nil && trouble != "" {
		err = q.from.Refused(q.ctx, a, line, part)
	}
	switch {
	case err != nil:
		q.err, q.over = err, true
		return false
	case trouble != "":
		q.label("Not read, which costs nothing: ", trouble)
		return false
	case echo != "" && !a.Question.Parts[part-1].Sentences(): // sentences are read as they are
		q.label("Read as ", echo)
	}
	return true
}

func (q *quiz) hint(a *drills.Asked) {
	text, left := a.Hint()
	switch {
	case text == "":
		q.talk.say("There is no further hint; give up shows the answer.")
	default:
		q.prose("Hint: " + text)
		if left > 0 {
			q.talk.say("(%d more)", left)
		}
	}
}

func (q *quiz) confidence() (drills.Confidence, bool) {
	for {
		line, ok := q.talk.ask()
		if !ok || readCommand(line) == stop {
			q.over = true
			return 0, false
		}
		if c, err := drills.ParseConfidence(line); err == nil {
			return c, true
		}
		q.talk.say("1, 2 or 3?")
	}
}

// reply says what became of the answer: all of it once the question is closed.
func (q *quiz) reply(a *drills.Asked, r drills.Result) {
	q.talk.say("")
	if a.Open() {
		if a.Reply == "" {
			q.label("Not read, which costs nothing: ", r.Feedback)
			return
		}
		q.prose(a.Reply)
		return
	}
	for _, p := range r.Parts {
		number := ""
		if len(r.Parts) > 1 {
			number = fmt.Sprintf("%d. ", p.Part)
		}
		switch p.Status {
		case verdict.Right:
			q.talk.say("%sRight.", number)
		case verdict.Partial:
			q.talk.say("%sRight in part.", number)
		default:
			q.talk.say("%sNot right.", number)
		}
		for _, line := range p.Feedback {
			q.label("  ", line)
		}
		if p.Status != verdict.Right {
			q.label("  The answer: ", p.Key)
		}
	}
	if r.Status != verdict.Right {
		q.prose("Why: " + a.Question.Why)
	}
	if _, drill := q.from.(*drills.Sitting); drill && a.Missed() {
		numbers := ""
		if a.Draws() {
			numbers = ", with other numbers"
		}
		q.talk.say("It comes back in a few questions%s.", numbers)
	}
}

// after offers what there is to a question that is closed.
func (q *quiz) after(a *drills.Asked, right bool) {
	for {
		q.talk.say("\nAn empty line: on. 1 why, 2 follow-up, 3 contest the verdict, 4 stop.")
		line, ok := q.talk.ask()
		if !ok {
			q.over = true
			return
		}
		switch strings.ToLower(line) {
		case "", "next", "on":
			return
		case "1", "why", "w":
			q.prose(a.Question.Why)
		case "2", "follow-up", "follow", "f":
			if q.followUp(a) {
				return
			}
		case "3", "contest", "x":
			if right {
				q.talk.say("It was right: there is nothing to contest.")
				continue
			}
			if err := q.from.Contest(q.ctx, a); err != nil {
				q.err, q.over = err, true
				return
			}
			q.talk.say("Contested: the journal says so. It is asked again all the same.")
		case "4", "stop", "quit", "exit", "q":
			q.over = true
			return
		default:
			q.talk.say("“%s” is none of these.", line)
		}
	}
}

// followUp shows what an interviewer would ask next; it reports whether one of
// them was chosen as the next question.
func (q *quiz) followUp(a *drills.Asked) bool {
	from, can := q.from.(follower)
	q.talk.say("An interviewer would go on with:")
	var known []drills.FollowUp
	for _, u := range a.Question.FollowUps {
		if u.Family == "" || !can {
			q.prose("  - " + u.Text)
			continue
		}
		known = append(known, u)
		q.prose(fmt.Sprintf("%d. %s", len(known), u.Text))
	}
	if len(known) == 0 {
		return false
	}
	q.talk.say("A number asks it next; an empty line does not.")
	line, ok := q.talk.ask()
	if !ok {
		q.over = true
		return true
	}
	n, err := strconv.Atoi(line)
	return err == nil && n >= 1 && n <= len(known) && from.Follow(known[n-1])
}

// options prints what there is to choose from. Feedback names options by their
// letters, answers are read by either.
func (q *quiz) options(p drills.Part) {
	for i, o := range p.Options {
		q.label(fmt.Sprintf("  %d. (%c) ", i+1, 'a'+i), o)
	}
}

// prose prints Markdown of the content.
func (q *quiz) prose(text string) { q.talk.say("%s", tui.Markdown(text, q.talk.width)) }

// label prints text behind a label, its further lines under its first. It is no
// Markdown: in r*(d+k) + d*k the stars are multiplied.
func (q *quiz) label(label, text string) {
	indent := strings.Repeat(" ", min(len(label), 4))
	first := q.talk.width - ansi.StringWidth(label)
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			label, first = indent, q.talk.width-len(indent)
		}
		head, rest, _ := strings.Cut(ansi.Wordwrap(line, first, ""), "\n")
		q.talk.say("%s%s", label, head)
		if rest = strings.ReplaceAll(rest, "\n", " "); rest != "" {
			rest = ansi.Wordwrap(rest, q.talk.width-len(indent), "")
			q.talk.say("%s%s", indent, strings.ReplaceAll(rest, "\n", "\n"+indent))
		}
	}
}
