// Package verdicttest holds graders to tables of answers.
package verdicttest

import (
	"strings"
	"testing"

	"loralab/drills/verdict"
)

// Row is one row of a table: what is written, and what becomes of it. It is an
// alias, so that tables of other packages can be written without the names of
// its fields.
type Row = struct {
	Answer string
	Status verdict.Status
	Note   string
	Echo   string // "" for not checked
	Says   string // must occur in the feedback
}

// Check grades every row. The row's name is the answer itself.
func Check(t *testing.T, g verdict.Grader, rows []Row) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.Answer, func(t *testing.T) {
			t.Helper()
			v, err := g.Grade(row.Answer)
			if err != nil {
				t.Fatal(err)
			}
			if v.Status != row.Status || v.Note != row.Note {
				t.Errorf("%q is %v, %s, want %v, %s\n%q %q", row.Answer, v.Status, v.Note, row.Status, row.Note, v.Echo, v.Feedback)
			}
			if row.Echo != "" && v.Echo != row.Echo {
				t.Errorf("%q was read as %q, want %q", row.Answer, v.Echo, row.Echo)
			}
			if !strings.Contains(strings.Join(v.Feedback, "\n"), row.Says) {
				t.Errorf("%q: feedback %q does not say %q", row.Answer, v.Feedback, row.Says)
			}
			WellFormed(t, v)
			again, err := g.Grade(row.Answer)
			if err != nil || again.Note != v.Note || again.Echo != v.Echo || strings.Join(again.Feedback, "\n") != strings.Join(v.Feedback, "\n") {
				t.Errorf("graded again it is %+v, %v, was %+v", again, err, v)
			}
		})
	}
}

// WellFormed holds for every verdict of every grader.
func WellFormed(t *testing.T, v verdict.Verdict) {
	t.Helper()
	switch {
	case v.Status == verdict.Right && v.Score != 1,
		v.Status == verdict.Partial && (v.Score <= 0 || v.Score >= 1),
		v.Status <= verdict.Wrong && v.Score != 0:
		t.Errorf("%v with the score %v", v.Status, v.Score)
	case v.Note == "" || strings.ContainsAny(v.Note, ";| "):
		t.Errorf("the note %q is no stable name", v.Note)
	case v.Status <= verdict.Wrong && len(v.Feedback) == 0:
		t.Errorf("%v without a word of feedback", v.Status)
	case v.Status >= verdict.Wrong && v.Echo == "":
		t.Errorf("%v without an echo", v.Status)
	}
	for _, line := range v.Feedback {
		if strings.TrimSpace(line) == "" {
			t.Errorf("an empty line of feedback in %q", v.Feedback)
		}
	}
}
