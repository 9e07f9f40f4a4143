package lessons

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/show"
)

// Scene is what is to be shown now.
func (c *Class) Scene() show.Scene {
	w := c.walk()
	if c.over {
		return show.Scene{Name: w.name(), Over: true}
	}
	return show.Scene{
		Name: w.name(), Where: fmt.Sprintf("page %d of %d", w.page+1, len(w.pages)),
		Topic: w.settings(), Blocks: c.blocks(), Ask: c.ask(), Moment: c.moment(), Trouble: c.trouble, Offers: c.offers(),
	}
}

// moment is the figure's, unless the text is looked at or all there is.
func (c *Class) moment() show.Moment {
	switch {
	case c.Trial() == nil:
		return show.Reading
	case c.room().words:
		return show.Explaining
	}
	return show.Watching
}

// found is what the last run found, nil before it and while that is covered.
func (c *Class) found() *lab.Record {
	if t := c.Trial(); t != nil && c.revealed() {
		return t.Finished()
	}
	return nil
}

// blocks are the page's title, its questions with what the class says, its run and,
// while the text is looked at, its text: what stands after the run, and why the truth
// is what it is, once it may be seen.
func (c *Class) blocks() []show.Block {
	w, r := c.walk(), c.room()
	record, found := w.record(), c.found()
	all := []show.Block{show.Heading{Text: c.page().Title}}
	asked := 0
	for _, b := range c.page().Blocks {
		switch b := b.(type) {
		case Prose:
			if c.moment() != show.Watching {
				all = append(all, show.Prose{Markdown: b.Resolve(record)})
			}
		case Predict:
			all = append(all, c.question(asked, found))
			asked++
		case Run:
			e := show.Experiment{Trial: c.Trial(), Covered: !c.revealed()}
			for _, round := range r.rounds {
				e.Guesses = append(e.Guesses, round.tally().marks()...)
				if c.revealed() {
					e.Truths = append(e.Truths, round.ask.Finding.Name)
				}
			}
			all = append(all, e)
			for _, round := range r.rounds {
				if f := round.tally().figure(found); f != nil {
					all = append(all, show.Figure{Figure: f})
				}
			}
			if found == nil {
				return all
			}
		case Recall:
			all = append(all, show.Drill{Family: b.Family})
		}
	}
	return all
}

// question is one of the page with what the class says and, once it may be seen, what
// is so.
func (c *Class) question(i int, found *lab.Record) show.Question {
	r := c.room()
	round := r.rounds[i]
	t := round.tally()
	q := show.Question{Title: "question", State: show.Coming, Blocks: []show.Block{show.Prose{Markdown: round.ask.Ask}}}
	if len(r.rounds) > 1 {
		q.Title = fmt.Sprintf("question %d", i+1)
	}
	switch {
	case found != nil:
		q.State = show.Taken
	case i == r.asked:
		q.State = show.Asked
	}
	if len(round.ask.Choices) > 0 {
		q.Blocks = append(q.Blocks, show.Options{Items: round.ask.Choices, Lettered: true})
	}
	q.Blocks = append(q.Blocks, show.Label{Name: "the class says", Text: t.String()})
	q.Brief = show.Brief{Ask: round.ask.Brief, Said: t.String()}
	if found == nil {
		return q
	}
	q.Brief.Truth = notFound
	if f, ok := found.Find(round.ask.Finding.Name); ok {
		q.Brief.Truth = f.Text()
	}
	if now := c.Trial().Settings(); !now.Equal(found.Settings) { // a knob was turned since
		q.Brief.Truth += "  (of " + difference(found.Settings, now) + ")"
	}
	q.Brief.Gap = t.right(found)
	q.Blocks = append(q.Blocks, show.Label{Name: "the run says", Text: q.Brief.Truth})
	if q.Brief.Gap != "" {
		q.Blocks = append(q.Blocks, show.Label{Name: "the class had", Text: q.Brief.Gap})
	}
	if round.ask.Because != "" && r.words {
		q.Blocks = append(q.Blocks, show.Prose{Markdown: Prose{Markdown: round.ask.Because}.Resolve(found)})
	}
	return q
}

func (c *Class) ask() show.Ask {
	r := c.room()
	ask := show.Ask{Question: 1000*c.Lesson().Step + c.Page() + 1, Part: r.asked + 1, Parts: len(r.rounds)}
	switch {
	case c.begin:
		ask.Form, ask.Begin = show.Run, true
	case !c.revealed():
		ask.Form, ask.Placeholder = show.Line, r.rounds[r.asked].ask.roomPlaceholder()
	}
	return ask
}

// offers begin with what leads on.
func (c *Class) offers() []show.Offer {
	r, t := c.room(), c.Trial()
	var all []show.Offer
	offer := func(act show.Act, does string, can bool) {
		if can {
			all = append(all, show.Offer{Act: act, Does: does})
		}
	}
	has := t != nil
	ran := has && t.Finished() != nil
	words := c.moment() == show.Explaining
	offer(show.Begin, "run", has && !ran)
	offer(show.Reveal, "show the truth", has && !c.revealed())
	offer(show.Why, "explain", ran && c.revealed() && !words)
	offer(show.Next, "next", c.at < len(c.course)-1 || c.Page() < len(c.Lesson().Pages)-1)
	offer(show.Begin, "run again", ran)
	offer(show.Why, "text", has && !(ran && c.revealed()) && !words)
	offer(show.Watch, "figure", words)
	offer(show.Pass, "the other question", len(r.rounds) > 1 && !c.revealed())
	offer(show.Back, "take the last guesses back", c.lastHeard() != nil)
	offer(show.Again, "ask again", len(r.rounds) > 0 && r.open)
	offer(show.Previous, "back", c.at > 0 || c.Page() > 0)
	offer(show.Stop, "stop", true)
	return all
}
