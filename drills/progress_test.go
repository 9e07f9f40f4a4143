package drills

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"loralab/drills/journal"
	"loralab/drills/schedule"
	"loralab/lessons/lab"
	"loralab/plots"
)

func TestReview(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	review := func() ReviewHome {
		t.Helper()
		h, err := Review(d.ctx, bank, d.book, d.time)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	if h := review(); h.New != 25 || h.Due != 0 || h.Minutes != 0 || !h.Next.IsZero() || h.Pace != firstPace {
		t.Errorf("at first %+v", h)
	}
	s := d.sit(bank, SittingOptions{})
	for a, ok := s.Next(); ok && a.Number <= 3; a, ok = s.Next() {
		text, c := right(a), Think
		if a.Number == 1 {
			text, c = wrong, Sure
		}
		if _, err := s.Answer(d.ctx, a, text, c); err != nil {
			t.Fatal(err)
		}
	}
	if h := review(); h.New != 22 || h.Due != 0 || !h.Next.Equal(d.time.Add(time.Minute)) {
		t.Errorf("right after %+v, want the miss to be next", h)
	}
	d.time = d.time.Add(schedule.Day)
	if h := review(); h.Due != 3 || h.SureButWrong != 1 || h.Minutes != 2 || !h.Next.IsZero() {
		t.Errorf("a day later %+v, want 3 due, one of them sure but wrong, 2 minutes", h)
	}
}

func TestPaceIsTheLearners(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	d.play(d.sit(bank, SittingOptions{Count: 20}), 80*time.Second, always(true))
	d.time = d.time.Add(time.Hour)
	h, err := Review(d.ctx, bank, d.book, d.time)
	if err != nil || h.Pace != 80*time.Second || h.Due != 20 || h.Minutes != 27 {
		t.Errorf("%+v, %v; want 80 s each, 27 minutes", h, err)
	}
}

func TestProgress(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	before, err := Progress(d.ctx, bank, d.book, d.time)
	if err != nil {
		t.Fatal(err)
	}
	withBook := d.book
	d.book = memoryOnly(t)
	without, err := Progress(d.ctx, bank, d.book, d.time)
	if err != nil {
		t.Fatal(err)
	}
	d.book = withBook
	for i, g := range before.Steps {
		if g != without.Steps[i] || g.Name != courseSteps()[i] || g.Unseen != 5 {
			t.Errorf("step %+v, without a journal %+v", g, without.Steps[i])
		}
	}
	for i, g := range before.Depths {
		if g != without.Depths[i] || g.Name != string(Depths()[i]) {
			t.Errorf("depth %+v, without a journal %+v", g, without.Depths[i])
		}
	}
	d.play(d.sit(bank, SittingOptions{Count: 6}), time.Second, func(a *Asked) bool { return a.Number != 2 })
	s, err := Progress(d.ctx, bank, d.book, d.time)
	if err != nil {
		t.Fatal(err)
	}
	if s.Answers != 8 || s.Right != 7 || s.All.Unseen != 19 || len(s.Notes) != 1 {
		t.Errorf("%d answers, %d right, %d unseen, notes %v", s.Answers, s.Right, s.All.Unseen, s.Notes)
	}
}

func TestSlips(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	s := d.sit(bank, SittingOptions{Count: 4})
	for i, text := range []string{"2", "", "product", "product"} { // a slip, nothing, a misconception twice
		a, _ := s.Next()
		var err error
		switch {
		case text == "":
			_, err = s.GiveUp(d.ctx, a)
		case text == "product":
			text = a.Question.Parts[0].expected[0].answer
			fallthrough
		default:
			_, err = s.Answer(d.ctx, a, text, Sure)
		}
		if err != nil {
			t.Fatalf("answer %d: %v", i, err)
		}
	}
	stats, err := Progress(d.ctx, bank, d.book, d.time)
	if err != nil {
		t.Fatal(err)
	}
	if got := misconceptions(bank, stats); len(stats.Notes) != 3 || len(got) != 1 || got[0].Note != "product" || got[0].Count != 2 {
		t.Errorf("%+v of %+v, want product twice", got, stats.Notes)
	}

	// A wrong prediction is a slip, a right one is none.
	for i, status := range []journal.Status{journal.Wrong, journal.Right, journal.Wrong, journal.Wrong} {
		a := journal.Answer{Time: d.time, Session: "s", Kind: journal.Prediction, Family: "e/predict-f", Raw: "1", Status: status}
		if i == 1 {
			a.Score = 1
		}
		if _, err := d.book.Journal().Record(d.ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	if stats, err = Progress(d.ctx, bank, d.book, d.time); err != nil {
		t.Fatal(err)
	}
	laboratory := lab.Laboratory{{ID: "e", Findings: []lab.Spec{{Name: "f", Label: "what f is"}}}}
	var said []string
	for _, s := range Slips(bank, laboratory, stats) {
		said = append(said, fmt.Sprint(s.What, " ", s.Count))
	}
	if want := []string{"predicting what f is 3", "product 2"}; !slices.Equal(said, want) {
		t.Errorf("what slips: %v, want %v", said, want)
	}
}

func TestProgressFigures(t *testing.T) {
	d := newDesk(t)
	bank := smallBank(t, 1)
	draw := func() map[string]*plots.Figure {
		t.Helper()
		s, err := Progress(d.ctx, bank, d.book, d.time)
		if err != nil {
			t.Fatal(err)
		}
		byID := map[string]*plots.Figure{}
		for _, f := range ProgressFigures(s) {
			byID[f.ID] = f
			f.Cells(60, 14, plots.MonoInk()) // must not panic, whatever there is
		}
		return byID
	}
	figures := draw()
	if !figures["calibration"].Empty() || !figures["days"].Empty() || figures["steps"].Empty() || figures["depths"].Empty() {
		t.Error("before the first answer only what is not asked yet can be shown")
	}
	d.play(d.sit(bank, SittingOptions{Count: 4}), time.Second, func(a *Asked) bool { return a.Number != 2 })
	d.time = d.time.Add(2 * schedule.Day)
	figures = draw()
	if table := figures["calibration"].Table(20); !strings.Contains(table, "think 5/6") {
		t.Errorf("calibration:\n%s", table)
	}
	days := figures["days"].Bars
	if n := len(days.Names); n != shownDays || days.Series[0].Values[n-3] != 5 || days.Series[1].Values[n-3] != 1 || days.Series[0].Values[n-1] != 0 {
		t.Errorf("days %v %v", days.Names, days.Series)
	}
	for _, series := range figures["steps"].Bars.Series {
		for _, x := range series.Values {
			if x < 0 {
				t.Errorf("%s: %v", series.Name, series.Values)
			}
		}
	}
}
