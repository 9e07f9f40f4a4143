package lessons

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"loralab/drills/journal"
	"loralab/lessons/lab"
)

// Notebook is where the learner's progress is written down: the journal, with
// the lessons' positions and the goals reached also in memory, so that a screen can
// ask for them without waiting for a disk.
type Notebook struct {
	journal *journal.Journal // nil: nothing outlasts the program
	session string
	pending pendings

	mu        sync.Mutex
	positions map[string]journal.Position
	goals     map[goalKey]journal.Goal
}

// goalKey names a goal of a lesson.
type goalKey struct{ lesson, goal string }

func emptyNotebook(j *journal.Journal) *Notebook {
	return &Notebook{journal: j, session: rand.Text(), positions: map[string]journal.Position{}, goals: map[goalKey]journal.Goal{}}
}

// NewNotebook returns a notebook that writes to j, or that only remembers until
// the program ends where j is nil.
func NewNotebook(ctx context.Context, j *journal.Journal) (*Notebook, error) {
	n := emptyNotebook(j)
	if j == nil {
		return n, nil
	}
	positions, err := j.Positions(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range positions {
		n.positions[p.Lesson] = p
	}
	goals, err := j.Goals(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range goals {
		n.goals[goalKey{g.Lesson, g.Goal}] = g
	}
	return n, nil
}

// Journal returns the journal, nil where nothing outlasts the program.
func (n *Notebook) Journal() *journal.Journal { return n.journal }

// Session names this sitting in the journal.
func (n *Notebook) Session() string { return n.session }

// Position returns the page of a lesson that was open last, counted from 0, and
// whether the lesson is done; -1 where it never was open.
func (n *Notebook) Position(lesson string) (page int, done bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p, ok := n.positions[lesson]; ok {
		return p.Page - 1, p.Done
	}
	return -1, false
}

// SavePosition writes down the page (from 0) that is open. A lesson once done
// stays done.
func (n *Notebook) SavePosition(ctx context.Context, lesson string, page int, done bool) error {
	n.mu.Lock()
	p := journal.Position{Lesson: lesson, Page: page + 1, Done: done || n.positions[lesson].Done, Time: time.Now()}
	n.positions[lesson] = p
	n.mu.Unlock()
	if n.journal == nil {
		return nil
	}
	return n.journal.SetPosition(ctx, p)
}

// Goal returns how a goal of a lesson was reached first, and whether it was.
func (n *Notebook) Goal(lesson, goal string) (journal.Goal, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	g, ok := n.goals[goalKey{lesson, goal}]
	return g, ok
}

// SaveGoal writes down that a run has reached a goal of a lesson. Only the first time
// counts.
func (n *Notebook) SaveGoal(ctx context.Context, lesson, goal string, r *lab.Record) error {
	if _, ok := n.Goal(lesson, goal); ok {
		return nil
	}
	settings, err := json.Marshal(r.Settings)
	if err != nil {
		return fmt.Errorf("the goal's settings: %w", err)
	}
	g := journal.Goal{Lesson: lesson, Goal: goal, Time: time.Now(), Session: n.session, Experiment: r.Experiment, Settings: settings}
	if n.journal != nil {
		if err := n.journal.ReachGoal(ctx, g); err != nil {
			return err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.goals[goalKey{lesson, goal}] = g
	return nil
}

// SavePrediction writes down a prediction with the run that it was graded
// against. It is not a review: it is asked on its page, not by the schedule.
func (n *Notebook) SavePrediction(ctx context.Context, p Prediction, v PredictionVerdict, r *lab.Record) error {
	if n.journal == nil || p.Skipped {
		return nil
	}
	settings, err := json.Marshal(r.Settings)
	if err != nil {
		return fmt.Errorf("the prediction's settings: %w", err)
	}
	a := journal.Answer{
		Time: time.Now(), Session: n.session, Kind: journal.Prediction, Family: r.Experiment + "/predict-" + p.Ask.Finding.Name,
		Seed: r.Settings.Seed(), Raw: p.Text, Echo: p.Said(), Status: journal.Wrong, Note: v.Note,
		Confidence: p.Confidence, Experiment: r.Experiment, Settings: settings,
	}
	if v.Right {
		a.Status, a.Score = journal.Right, 1
	}
	_, err = n.journal.Record(ctx, a)
	return err
}

// SaveRun writes down what a run found under which settings.
func (n *Notebook) SaveRun(ctx context.Context, r *lab.Record) error {
	if n.journal == nil {
		return nil
	}
	settings, err := json.Marshal(r.Settings)
	if err != nil {
		return fmt.Errorf("the run's settings: %w", err)
	}
	findings := map[string]lab.Finding{}
	for _, f := range r.Findings {
		if f.Spec.Kind != lab.KindMatrix { // what curves are drawn from can be run again
			findings[f.Spec.Name] = f
		}
	}
	found, err := json.Marshal(findings)
	if err != nil {
		return fmt.Errorf("the run's findings: %w", err)
	}
	_, err = n.journal.RecordRun(ctx, journal.Run{Time: time.Now(), Session: n.session, Experiment: r.Experiment, Settings: settings, Findings: found})
	return err
}
