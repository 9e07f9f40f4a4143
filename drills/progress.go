package drills

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"loralab/drills/journal"
	"loralab/drills/schedule"
	"loralab/lessons"
	"loralab/lessons/lab"
)

// ReviewHome is what waits for the learner.
type ReviewHome struct {
	Due          int           // families due now
	Shaky        int           // of them, likely forgotten
	SureButWrong int           // of them, missed last time though the learner was sure
	New          int           // families never asked
	Families     int           // all of the bank
	Minutes      int           // that the due ones will take, at the learner's own pace
	Next         time.Time     // when the next family is due if none is; zero if none will be
	Pace         time.Duration // a question, measured from the journal
}

// Review says what is due at a time.
func Review(ctx context.Context, bank *Bank, book *lessons.Notebook, now time.Time) (ReviewHome, error) {
	memories, plan, err := memories(ctx, book.Journal())
	if err != nil {
		return ReviewHome{}, err
	}
	h := ReviewHome{Families: len(bank.families)}
	for _, f := range bank.families {
		m, seen := memories[f.ID]
		switch {
		case !seen:
			h.New++
			continue
		case m.State.Due.After(now):
			if h.Next.IsZero() || m.State.Due.Before(h.Next) {
				h.Next = m.State.Due
			}
			continue
		}
		h.Due++
		if plan.Shaky(m.State, now) {
			h.Shaky++
		}
		if m.Item(plan, 0, now).SureButWrong() {
			h.SureButWrong++
		}
	}
	if h.Due > 0 {
		h.Next = time.Time{}
	}
	if h.Pace, err = pace(ctx, book.Journal(), now); err != nil {
		return h, err
	}
	h.Minutes = int((time.Duration(h.Due)*h.Pace + time.Minute - 1) / time.Minute)
	return h, nil
}

const (
	firstPace = 30 * time.Second  // of a learner who has not answered enough yet
	breakTime = 5 * time.Minute   // a longer gap between answers is no thinking
	paceSpan  = 60 * schedule.Day // how far back the pace is measured
	paceNeeds = 8                 // gaps before they are believed
)

// pace is the median time from one answered question to the next.
func pace(ctx context.Context, j *journal.Journal, now time.Time) (time.Duration, error) {
	if j == nil {
		return firstPace, nil
	}
	answers, err := j.Answers(ctx, journal.Filter{Kind: journal.Drill, Since: now.Add(-paceSpan)})
	if err != nil {
		return 0, err
	}
	var gaps []time.Duration
	last := map[string]time.Time{} // by sitting
	for _, a := range answers {
		if a.Rating == 0 { // a part of a page, or not readable
			continue
		}
		if before, ok := last[a.Session]; ok && a.Time.Sub(before) < breakTime {
			gaps = append(gaps, a.Time.Sub(before))
		}
		last[a.Session] = a.Time
	}
	if len(gaps) < paceNeeds {
		return firstPace, nil
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2], nil
}

// Progress counts what is known, due and shaky by step and depth, the
// misconceptions met, and how confidence compares with the outcome.
func Progress(ctx context.Context, bank *Bank, book *lessons.Notebook, now time.Time) (journal.Stats, error) {
	families := make([]journal.Family, len(bank.families))
	for i, f := range bank.families {
		families[i] = journal.Family{ID: f.ID, Step: f.Step, Depth: string(f.Depth)}
	}
	s := unseen(families, now)
	if book.Journal() != nil {
		var err error
		if s, err = book.Journal().Stats(ctx, now, families, time.Time{}); err != nil {
			return s, err
		}
	}
	slices.SortStableFunc(s.Depths, func(a, b journal.Group) int { return depthIndex(Depth(a.Name)) - depthIndex(Depth(b.Name)) })
	return s, nil
}

// misconceptions returns the notes of s that the bank knows as misconceptions,
// the most frequent first. The others say only that something was missed, left
// out or not known.
func misconceptions(bank *Bank, s journal.Stats) []journal.NoteCount {
	known := map[string]bool{}
	for _, f := range bank.families {
		maps.Copy(known, f.notes)
	}
	return slices.DeleteFunc(slices.Clone(s.Notes), func(n journal.NoteCount) bool { return !known[n.Note] })
}

// Slip is a mistake that was made more than once or not long ago, in words.
type Slip struct {
	What  string // "bias forgotten", "predicting accuracy after LoRA"
	Count int
	Last  time.Time
}

// Slips are the misconceptions that were met and the predictions that were wrong, the
// most frequent first.
func Slips(bank *Bank, laboratory lab.Laboratory, s journal.Stats) []Slip {
	var all []Slip
	for _, n := range misconceptions(bank, s) {
		all = append(all, Slip{strings.ReplaceAll(n.Note, "-", " "), n.Count, n.Last})
	}
	for _, m := range s.Missed {
		experiment, finding, _ := strings.Cut(m.Prediction, "/predict-")
		e, err := laboratory.Experiment(experiment)
		if err != nil {
			continue // of other content
		}
		if spec, ok := e.Spec(finding); ok {
			all = append(all, Slip{"predicting " + spec.Label, m.Count, m.Last})
		}
	}
	slices.SortStableFunc(all, func(a, b Slip) int { return b.Count - a.Count })
	return all
}

// unseen is the progress of a learner without a journal.
func unseen(families []journal.Family, now time.Time) journal.Stats {
	s := journal.Stats{At: now, Families: []journal.FamilyStats{}, Notes: []journal.NoteCount{}, Missed: []journal.Missed{}, Days: []journal.Day{}, Calibration: schedule.Calibrate(nil)}
	add := func(groups []journal.Group, name string) []journal.Group {
		i := slices.IndexFunc(groups, func(g journal.Group) bool { return g.Name == name })
		if i < 0 {
			return append(groups, journal.Group{Name: name, Families: 1, Unseen: 1})
		}
		groups[i].Families++
		groups[i].Unseen++
		return groups
	}
	for _, f := range families {
		s.All.Families++
		s.All.Unseen++
		s.Steps, s.Depths = add(s.Steps, f.Step), add(s.Depths, f.Depth)
	}
	return s
}
