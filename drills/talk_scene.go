package drills

import (
	"fmt"
	"strings"

	"loralab/drills/verdict"
	"loralab/lessons"
	"loralab/lessons/show"
)

// Scene is what is to be shown now.
func (t *Talk) Scene() show.Scene {
	if t.stage == over {
		return show.Scene{Name: t.from.name(), Blocks: t.from.summary(), Trouble: t.trouble, Over: true}
	}
	s := show.Scene{
		Name: t.from.name(), Where: t.from.where(t.asked),
		Topic: t.asked.Family.Step + " · " + string(t.asked.Family.Depth), Trouble: t.trouble,
		Blocks: t.question(), Ask: t.ask(), Offers: t.offers(),
	}
	if t.stage == judged {
		s.Blocks = append(s.Blocks, t.verdict()...)
	}
	return s
}

// question is the prompt with what was shown and answered of it so far.
func (t *Talk) question() []show.Block {
	var all []show.Block
	if t.asked.Lead != "" {
		all = append(all, show.Words{Text: t.asked.Lead})
	}
	all = append(all, show.Words{Text: t.asked.Question.Prompt})
	for i, p := range t.asked.Question.Parts {
		q := show.Question{State: show.Coming}
		if p.Ask != "" {
			q.Title = fmt.Sprintf("%d.", i+1)
			q.Blocks = append(q.Blocks, show.Words{Text: p.Ask})
		}
		if len(p.Options) > 0 {
			q.Blocks = append(q.Blocks, show.Options{Items: p.Options, Lettered: true})
		}
		switch {
		case i == t.part && t.stage == answering:
			q.State = show.Asked
		case i < t.part || t.stage != answering:
			q.State, q.Answer = show.Taken, t.answers[i]
		}
		all = append(all, q)
	}
	for i, hint := range t.hints {
		all = append(all, show.Label{Name: fmt.Sprintf("hint %d of %d", i+1, len(t.asked.Question.Hints)), Text: hint})
	}
	if t.asked.Reply != "" && t.asked.Open() { // the interviewer waits for another try
		all = append(all, show.Words{Text: t.asked.Reply})
	}
	return all
}

func (t *Talk) ask() show.Ask {
	ask := show.Ask{Question: t.number, Part: t.part + 1, Parts: len(t.answers)}
	switch t.stage {
	case answering:
		p := t.asked.Question.Parts[t.part]
		ask.Form, ask.Placeholder = show.Line, p.Placeholder()
		if p.Sentences() {
			ask.Form = show.Sentences
		}
	case confiding:
		ask.Form, ask.Prompt = show.Confidence, lessons.HowSure
		ask.Choices = lessons.Confidences()
		for i, read := range t.read {
			if read != "" && !t.asked.Question.Parts[i].Sentences() { // sentences are read as they are
				ask.Read = append(ask.Read, read)
			}
		}
	}
	return ask
}

func (t *Talk) offers() []show.Offer {
	switch t.stage {
	case answering:
		all := []show.Offer{{Act: show.Hint, Does: "hint"}, {Act: show.GiveUp, Does: "I don't know"}}
		if t.part > 0 {
			all = append(all, show.Offer{Act: show.Back, Does: "the part before"})
		}
		return append(all, show.Offer{Act: show.Pass, Does: "pass it over"}, show.Offer{Act: show.Stop, Does: "stop"})
	case confiding:
		return []show.Offer{{Act: show.Back, Does: "change the answer"}, {Act: show.Stop, Does: "stop"}}
	}
	all := []show.Offer{{Act: show.Next, Does: "next"}, {Act: show.Why, Does: "why"}}
	if follow := t.asked.Question.FollowUps; len(follow) > 0 {
		offer := show.Offer{Act: show.FollowUp, Does: "follow-up"}
		for i, u := range follow {
			if t.follow && t.from.asks(u) {
				offer.Numbers = append(offer.Numbers, i+1)
			}
		}
		all = append(all, offer)
	}
	if t.result.Score < 1 {
		all = append(all, show.Offer{Act: show.Contest, Does: "contest"})
	}
	return append(all, show.Offer{Act: show.Stop, Does: "stop"})
}

// verdict is what became of the answer.
func (t *Talk) verdict() []show.Block {
	var all []show.Block
	for _, p := range t.result.Parts {
		v := show.Verdict{Read: p.Echo, Feedback: p.Feedback}
		v.Mark, v.Word = mark(p)
		if len(t.result.Parts) > 1 {
			v.Part = p.Part
		}
		all = append(all, v)
		if p.Status != verdict.Right && p.Key != "" {
			all = append(all, show.Label{Name: "the answer", Text: p.Key})
		}
	}
	if t.asked.Missed() {
		if back := t.from.comesBack(t.asked); back != "" {
			all = append(all, show.Note{Text: back})
		}
	}
	if t.why {
		all = append(all, show.Label{Name: "why", Text: t.asked.Question.Why})
	}
	all = append(all, t.asked.Question.Evidence()...)
	if t.follow {
		all = append(all, t.followUps())
	}
	if t.said != "" {
		all = append(all, show.Note{Text: t.said})
	}
	return all
}

func mark(p PartResult) (show.Mark, string) {
	switch {
	case p.Status == verdict.Right:
		return show.Hit, "right"
	case p.Status == verdict.Partial:
		return show.Partly, "right in part"
	case p.Note == gaveUp:
		return show.Unanswered, "not answered"
	}
	return show.Missed, "not quite"
}

// followUps are numbered where the bank can ask them and this talk may go
// there.
func (t *Talk) followUps() show.Block {
	table := show.Table{Title: "an interviewer would go on with"}
	for i, u := range t.asked.Question.FollowUps {
		number := "·"
		if t.from.asks(u) {
			number = fmt.Sprint(i + 1)
		}
		table.Rows = append(table.Rows, []string{number, strings.TrimSpace(u.Text)})
	}
	return table
}
