package lessons

import (
	"math"
	"slices"
	"strings"
	"testing"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/plots"
)

// TestAskedFindingsAreShown: each prediction can be drawn into one of its page's
// figures before anything has run, and its label is there whole.
func TestAskedFindingsAreShown(t *testing.T) {
	all, err := ParseLessons(content.FS, laboratory(t))
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, l := range all {
		for _, page := range l.Pages {
			run := page.Run()
			if run == nil {
				continue
			}
			before := &lab.Record{Experiment: page.Experiment.ID, Settings: run.Settings}
			for _, q := range page.Predictions() {
				asked++
				where := l.File + ", " + page.Title + ": " + q.Finding.Name
				f, mark := place(page.Experiment, before, run.Figures, q, "you said")
				if f == nil {
					t.Errorf("%s is in none of the figures %v", where, run.Figures)
					continue
				}
				for _, ink := range []plots.Ink{plots.DarkInk(), {Mono: true, ASCII: true}} {
					if drawn := f.With([]plots.Mark{mark}).Cells(76, 14, ink); !strings.Contains(drawn, "you said") || strings.Contains(drawn, "no data yet") {
						t.Errorf("%s is not drawn into %s:\n%s", where, f.ID, drawn)
					}
				}
			}
		}
	}
	if asked < 40 {
		t.Fatalf("%d predictions: this test looks in the wrong place", asked)
	}
}

// place is the first of some figures that shows what is asked, and a guess in it.
func place(e *lab.Experiment, r *lab.Record, ids []string, q Predict, label string) (*plots.Figure, plots.Mark) {
	word, value := "", 1.0
	if len(q.Choices) > 0 {
		word, value = q.Choices[len(q.Choices)-1], math.NaN()
	}
	for _, id := range ids {
		f := e.Figure(r, id)
		if f == nil || !slices.ContainsFunc(f.Shows, func(s plots.Shown) bool { return s.Name == q.Finding.Name }) {
			continue
		}
		mark, _ := f.Place(q.Finding.Name, value, word, label)
		return f, mark
	}
	return nil, plots.Mark{}
}
