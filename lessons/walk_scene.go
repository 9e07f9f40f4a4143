package lessons

import (
	"fmt"
	"strings"

	"loralab/drills/schedule"
	"loralab/lessons/lab"
	"loralab/lessons/show"
)

// HowSure is asked of every answer and of every prediction before it is
// judged; [Confidences] are what can be said.
const HowSure = "how sure?"

// Confidences are the words of schedule.Confidences.
func Confidences() []string {
	var all []string
	for _, c := range schedule.Confidences() {
		all = append(all, c.String())
	}
	return all
}

// Scene is what is to be shown now.
func (w *Walk) Scene() show.Scene {
	if w.over {
		return show.Scene{Name: w.name(), Over: true}
	}
	return show.Scene{
		Name: w.name(), Where: fmt.Sprintf("page %d of %d", w.page+1, len(w.pages)),
		Topic: w.settings(), Blocks: w.blocks(), Ask: w.ask(), Moment: w.moment(), Trouble: w.trouble, Offers: w.offers(),
	}
}

func (w *Walk) name() string { return fmt.Sprintf("%d %s", w.Lesson.Step, w.Lesson.Title) }

// settings are the knobs that matter on this page, as they stand.
func (w *Walk) settings() string {
	t := w.Trial()
	if t == nil {
		return ""
	}
	s := t.Settings()
	parts := []string{"seed " + s.Text("seed")}
	for _, k := range t.Knobs() {
		name := k.Name
		if k.Symbol != "" {
			name = k.Symbol
		}
		parts = append(parts, name+" "+s.Shown(k.Name))
	}
	return strings.Join(parts, " · ")
}

// record is what the prose speaks of: the last run that came to its end, or the
// settings alone.
func (w *Walk) record() *lab.Record {
	e := w.Lesson.Pages[w.page].Experiment
	s := e.Defaults()
	if t := w.Trial(); t != nil {
		if r := t.Finished(); r != nil {
			return r
		}
		s = t.Settings()
	}
	return &lab.Record{Experiment: e.ID, Settings: s}
}

// blocks are what the page shows. What stands after the run is shown once a run
// has ended, since its numbers are that run's.
func (w *Walk) blocks() []show.Block {
	p, record := &w.pages[w.page], w.record()
	all := []show.Block{show.Heading{Text: w.Lesson.Pages[w.page].Title}}
	asked := 0
	for _, b := range w.Lesson.Pages[w.page].Blocks {
		switch b := b.(type) {
		case Prose:
			all = append(all, show.Prose{Markdown: b.Resolve(record)})
		case Predict:
			all = append(all, p.questions[asked].block(&p.questions[asked] == w.asking(), record))
			asked++
		case Run:
			all = append(all, show.Experiment{Trial: p.trial, Guesses: p.guesses()})
			if p.trial.Finished() == nil {
				return all
			}
		case Goal:
			all = append(all, p.goal.block(record))
		case Recall:
			all = append(all, show.Drill{Family: b.Family})
		}
	}
	return all
}

// block is a question with what was said and, after the run, what is so.
func (q *question) block(asked bool, now *lab.Record) show.Block {
	b := show.Question{Title: "predict", Blocks: []show.Block{show.Prose{Markdown: q.ask.Ask}}}
	if asked {
		b.State = show.Asked
	}
	if !q.committed() {
		return b
	}
	b.State = show.Taken
	said := q.said.Said()
	if !q.said.Skipped {
		said += " · " + q.said.Confidence.String()
	}
	b.Blocks = append(b.Blocks, show.Label{Name: "you said", Text: said})
	b.Brief = show.Brief{Ask: q.ask.Brief, Said: strings.Replace(said, q.said.Said(), q.said.inShort(), 1)}
	if q.verdict == nil {
		return b
	}
	truth := q.verdict.Truth
	if !now.Settings.Equal(q.graded.Settings) {
		truth += "  (asked of " + difference(q.graded.Settings, now.Settings) + ")"
	}
	judged := q.judged()
	b.Brief.Truth, b.Brief.Mark = q.verdict.Truth, judged.Mark
	if truth != q.verdict.Truth { // a figure of other settings has another truth in it
		b.Brief.Truth += " (as asked)"
	}
	if len(q.ask.Choices) == 0 { // of a choice the mark says it all
		b.Brief.Gap = short(q.verdict.Gap)
	}
	b.Blocks = append(b.Blocks, show.Label{Name: "the run says", Text: truth}, judged)
	if q.ask.Because != "" {
		b.Blocks = append(b.Blocks, show.Prose{Markdown: Prose{Markdown: q.ask.Because}.Resolve(q.graded)})
	}
	return b
}

// guesses are what was predicted, as the figures show it.
func (p *page) guesses() []show.Guess {
	var all []show.Guess
	for _, q := range p.questions {
		if q.said == nil || q.said.Skipped {
			continue
		}
		g := show.Guess{Finding: q.ask.Finding.Name, Value: keptValue(q.ask.Finding, q.said.value), Label: "you " + q.said.inShort(), Graded: q.graded}
		if len(q.ask.Choices) > 0 {
			g.Word = q.said.echo
		}
		all = append(all, g)
	}
	return all
}

// short is what a gap says first: how far off, not what would have done.
func short(gap string) string {
	gap, _, _ = strings.Cut(gap, ";")
	gap, _, _ = strings.Cut(gap, ",")
	return gap
}

func (q *question) judged() show.Verdict {
	v := show.Verdict{Mark: show.Missed, Word: "not quite: " + q.verdict.Gap}
	switch {
	case q.said.Skipped:
		v.Mark, v.Word = show.Unanswered, "not predicted"
	case q.verdict.Right:
		v.Mark, v.Word = show.Hit, "right: "+q.verdict.Gap
	}
	return v
}

// difference names the knobs in which was differs from is, with their values
// in was.
func difference(was, is lab.Settings) string {
	var parts []string
	for _, k := range was.Knobs() {
		if was.Text(k.Name) != is.Text(k.Name) {
			parts = append(parts, k.Name+" "+was.Shown(k.Name))
		}
	}
	return strings.Join(parts, ", ")
}

func (w *Walk) ask() show.Ask {
	p := &w.pages[w.page]
	ask := show.Ask{Question: w.page + 1, Parts: len(p.questions)}
	for i := range p.questions {
		q := &p.questions[i]
		if q.committed() {
			continue
		}
		ask.Part = i + 1
		switch {
		case q.said != nil:
			ask.Form, ask.Prompt, ask.Choices = show.Confidence, HowSure, Confidences()
			ask.Read = []string{q.said.Said()}
		case len(q.ask.Choices) > 0:
			ask.Form, ask.Choices = show.Choice, q.ask.Choices
		default:
			ask.Form, ask.Placeholder = show.Line, q.ask.placeholder()
		}
		return ask
	}
	if p.trial != nil && p.trial.Finished() == nil {
		ask.Form, ask.Begin = show.Run, w.begin
	}
	return ask
}

// placeholder says what a prediction looks like.
func (p Predict) placeholder() string {
	switch {
	case p.Finding.Percent:
		return "a number, in percent"
	case p.Finding.Unit == "×":
		return "a number: how many times"
	case p.Finding.Unit != "":
		return "a number, in " + p.Finding.Unit
	}
	return "a number"
}

func (w *Walk) offers() []show.Offer {
	var all []show.Offer
	if q := w.asking(); q != nil {
		if q.said != nil {
			all = append(all, show.Offer{Act: show.Back, Does: "change the answer"})
		} else {
			all = append(all, show.Offer{Act: show.GiveUp, Does: "I don't know"})
		}
	}
	if w.page < len(w.pages)-1 {
		all = append(all, show.Offer{Act: show.Next, Does: "next"})
	}
	if w.plays() {
		all = append(all, show.Offer{Act: show.Turn, Does: "turn a knob"})
		if !w.pages[w.page].goal.hinted {
			all = append(all, show.Offer{Act: show.Hint, Does: "a hint for the goal"})
		}
	}
	if w.page > 0 {
		all = append(all, show.Offer{Act: show.Previous, Does: "back"})
	}
	if w.Recall() != "" {
		all = append(all, show.Offer{Act: show.Recall, Does: "from memory"})
	}
	return append(all, show.Offer{Act: show.Stop, Does: "stop"})
}

// Recall is the family of questions that the page offers to ask now, "" where
// there is none or what comes before it is not done.
func (w *Walk) Recall() string {
	if t := w.Trial(); t != nil && t.Finished() == nil {
		return ""
	}
	for _, b := range w.Lesson.Pages[w.page].Blocks {
		if r, ok := b.(Recall); ok {
			return r.Family
		}
	}
	return ""
}
