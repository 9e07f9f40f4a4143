package drills

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"loralab/drills/journal"
	"loralab/lessons"
	"loralab/lessons/show"
)

// examination is what a [Talk] goes through: a [Sitting] or an [Interview].
// They differ in what they ask next, and in what they say of an answer.
type examination interface {
	Next() (*Asked, bool)
	Answer(ctx context.Context, a *Asked, text string, c Confidence) (Result, error)
	GiveUp(ctx context.Context, a *Asked) (Result, error)
	Contest(ctx context.Context, a *Asked) error
	Refused(ctx context.Context, a *Asked, text string, part int) error
	Follow(u FollowUp) bool
	Seed() uint64
	Err() error

	name() string              // "drill"
	where(a *Asked) string     // "question 3 of 12"
	asks(u FollowUp) bool      // whether a follow-up can be made the next question
	comesBack(a *Asked) string // what becomes of a missed question, "" if nothing
	summary() []show.Block     // what came of it all
}

// Talk is a drill or an interview as it goes, one question after the other,
// without a screen: it takes what the learner did and says what is to be shown. It
// alone writes to the journal, and what it shows as judged is written.
//
// A Talk is not safe for several goroutines. Do may wait for a disk, or for the run
// that decides a question: it is begun when the question is dealt.
type Talk struct {
	from examination
	ctx  context.Context // in which runs go on between deeds
	end  context.CancelFunc
	turn
}

// turn is the question on the table, and how far it has come.
type turn struct {
	leave context.CancelFunc // its run is wanted no longer
	asked *Asked
	stage stage

	number  int      // of the question, from 1: contrary to Asked.Number it never repeats
	part    int      // index of the part that is asked
	answers []string // by part, as they were typed
	read    []string // by part, how they were read
	hints   []string // shown so far
	trouble string
	result  Result
	why     bool // the reason is shown
	follow  bool // what an interviewer asks next is shown
	said    string
}

// AnswerLimit is how many characters of an answer are read at the most.
const AnswerLimit = 4096

// stage is where a question stands.
type stage uint8

const (
	answering stage = iota
	confiding       // the answer was read; how sure?
	judged
	over
)

// NewDrill begins a drill, whose runs end with ctx. The error says what is wrong
// with the options, or with the journal.
func NewDrill(ctx context.Context, bank *Bank, book *lessons.Notebook, o SittingOptions) (*Talk, error) {
	s, err := NewSitting(ctx, bank, book, o)
	if err != nil {
		return nil, err
	}
	return newTalk(ctx, s), nil
}

// NewConversation begins an interview, whose runs end with ctx; its time runs from
// now.
func NewConversation(ctx context.Context, bank *Bank, book *lessons.Notebook, o InterviewOptions) (*Talk, error) {
	v, err := NewInterview(ctx, bank, book, o)
	if err != nil {
		return nil, err
	}
	return newTalk(ctx, v), nil
}

func newTalk(ctx context.Context, from examination) *Talk {
	t := &Talk{from: from}
	t.ctx, t.end = context.WithCancel(ctx)
	t.next()
	return t
}

// Leave ends the runs that go on in the background, if nobody waits for them. It
// may be called while a Do is under way, which comes to its end.
func (t *Talk) Leave() { t.end() }

// Seed is the seed the questions are drawn from.
func (t *Talk) Seed() uint64 { return t.from.Seed() }

// Asked is the question on the table, nil once the talk is over.
func (t *Talk) Asked() *Asked { return t.asked }

// Err is why the talk ended early: a mistake in the content.
func (t *Talk) Err() error { return t.from.Err() }

// next puts the next question on the table, or sums up.
func (t *Talk) next() {
	if t.leave != nil {
		t.leave()
	}
	t.turn = turn{number: t.number + 1}
	asked, ok := t.from.Next()
	if !ok {
		t.stage = over
		return
	}
	t.asked = asked
	t.answers = make([]string, len(asked.Question.Parts))
	t.read = make([]string, len(asked.Question.Parts))
	var ctx context.Context
	ctx, t.leave = context.WithCancel(t.ctx)
	asked.Question.Begin(ctx)
}

// passOver goes on to the next question where the run that was to decide this
// one could not, which is nobody's mistake. Any other error it returns.
func (t *Talk) passOver(err error) error {
	failed := (*RunError)(nil)
	if !errors.As(err, &failed) {
		return err
	}
	t.asked.void = true
	t.next()
	t.trouble = "passed over: " + failed.Error()
	return nil
}

// Do takes what the learner did and returns what is to be shown then. What
// cannot be done now does nothing. With an error, of the journal or of the content,
// nothing has changed and the deed can be done again.
func (t *Talk) Do(ctx context.Context, d show.Deed) (show.Scene, error) {
	if t.stage != over {
		if err := t.do(ctx, d); err != nil {
			return t.Scene(), err
		}
	}
	return t.Scene(), nil
}

func (t *Talk) do(ctx context.Context, d show.Deed) error {
	if d.Act == show.Stop {
		t.leave()
		t.asked, t.stage = nil, over
		return nil
	}
	switch t.stage {
	case answering:
		return t.whileAnswering(ctx, d)
	case confiding:
		return t.whileConfiding(ctx, d)
	}
	return t.whileJudged(ctx, d)
}

func (t *Talk) whileAnswering(ctx context.Context, d show.Deed) error {
	t.trouble = ""
	switch d.Act {
	case show.Hint:
		hint, _ := t.asked.Hint()
		if hint == "" {
			t.trouble = "there is no further hint: giving up shows the answer"
			return nil
		}
		t.hints = append(t.hints, hint)
	case show.Back:
		t.part = max(t.part-1, 0)
	case show.Pass:
		t.next()
	case show.GiveUp:
		return t.giveUp(ctx)
	case show.Typed:
		if show.Unknown(d.Text) {
			return t.giveUp(ctx)
		}
		return t.take(ctx, strings.TrimSpace(d.Text))
	}
	return nil
}

// take reads the answer to the present part. Of several parts some may be left
// out. What cannot be read is written down for whoever improves the reader, and
// costs nothing.
func (t *Talk) take(ctx context.Context, text string) error {
	several := len(t.answers) > 1
	if text != "" || !several {
		read, why, err := t.asked.Read(text, t.part+1)
		if err == nil && why != "" {
			err = t.from.Refused(ctx, t.asked, text, t.part+1)
		}
		if err != nil {
			return err
		}
		if why != "" {
			t.trouble = costsNothing + why
			return nil
		}
		t.read[t.part] = read
	}
	t.answers[t.part] = text
	switch {
	case t.part < len(t.answers)-1:
		t.part++
	case strings.Join(t.answers, "") == "":
		t.part, t.trouble = 0, "nothing is written yet: giving up shows the answer"
	default:
		t.stage = confiding
	}
	return nil
}

const costsNothing = "not read, which costs nothing: "

func (t *Talk) giveUp(ctx context.Context) error {
	r, err := t.from.GiveUp(ctx, t.asked)
	if err != nil {
		return t.passOver(err)
	}
	t.judge(r)
	return nil
}

func (t *Talk) whileConfiding(ctx context.Context, d show.Deed) error {
	switch {
	case d.Act == show.Back:
		t.stage, t.part = answering, 0
	case d.Act == show.Sure && d.Number >= int(Guess) && d.Number <= int(Sure):
		r, err := t.from.Answer(ctx, t.asked, t.asked.Page(t.answers), Confidence(d.Number))
		if err != nil {
			return t.passOver(err)
		}
		t.judge(r)
	}
	return nil
}

// judge takes over a verdict. The question may still be open: it could not be
// read after all, or the interviewer waits for another try.
func (t *Talk) judge(r Result) {
	t.result, t.part = r, 0
	if !t.asked.Open() {
		t.stage = judged
		t.why = r.Score < 1
		return
	}
	t.stage = answering
	if t.asked.Reply == "" {
		t.trouble = costsNothing + r.Feedback
	}
}

func (t *Talk) whileJudged(ctx context.Context, d show.Deed) error {
	switch d.Act {
	case show.Next:
		t.next()
	case show.Why:
		t.why = !t.why
	case show.FollowUp:
		return t.followUp(d.Number)
	case show.Contest:
		if t.result.Score == 1 {
			return nil
		}
		if err := t.from.Contest(ctx, t.asked); err != nil {
			return err
		}
		t.said = "contested: the journal says so, and the question comes back all the same"
	}
	return nil
}

// followUp shows what an interviewer would ask next, or asks the one of that
// number (from 1).
func (t *Talk) followUp(number int) error {
	all := t.asked.Question.FollowUps
	switch {
	case number == 0:
		t.follow = !t.follow
	case number <= len(all) && t.from.Follow(all[number-1]):
		t.next()
	default:
		t.trouble = fmt.Sprintf("the bank has no question for follow-up %d", number)
	}
	return nil
}

func (s *Sitting) name() string { return string(journal.Drill) }

func (s *Sitting) where(a *Asked) string {
	where := fmt.Sprintf("question %d of %d", a.Number, a.Of)
	if a.Repeat {
		where += ", again"
	}
	return where
}

func (s *Sitting) asks(u FollowUp) bool { return s.bank.Find(u.Family) != nil }

func (s *Sitting) comesBack(a *Asked) string {
	if a.Draws() {
		return "it comes back in a few questions, with other numbers"
	}
	return "it comes back in a few questions"
}

func (v *Interview) name() string { return string(journal.Interview) }

// where counts the minutes left up: what has begun is not over.
func (v *Interview) where(a *Asked) string {
	left := (v.Left() + time.Minute - 1) / time.Minute
	return fmt.Sprintf("question %d of about %d · %d min", a.Number, a.Of, left)
}

// asks is false: the interviewer chooses the questions.
func (v *Interview) asks(FollowUp) bool { return false }

// Follow does nothing, as asks says.
func (v *Interview) Follow(FollowUp) bool { return false }

func (v *Interview) comesBack(*Asked) string { return "" }
