package algebra

import (
	"strings"
	"testing"
)

// graded is one row of a table: what is written, and what becomes of it.
type graded struct {
	answer string
	status Status
	note   string
	echo   string // "" for not checked
	says   string // must occur in the feedback
}

// check grades every row. The row's name is the answer itself.
func check(t *testing.T, g Grader, rows []graded) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.answer, func(t *testing.T) {
			t.Helper()
			v, err := g.Grade(row.answer)
			if err != nil {
				t.Fatal(err)
			}
			if v.Status != row.status || v.Note != row.note {
				t.Errorf("%q is %v, %s, want %v, %s\n%q %q", row.answer, v.Status, v.Note, row.status, row.note, v.Echo, v.Feedback)
			}
			if row.echo != "" && v.Echo != row.echo {
				t.Errorf("%q was read as %q, want %q", row.answer, v.Echo, row.echo)
			}
			if !strings.Contains(strings.Join(v.Feedback, "\n"), row.says) {
				t.Errorf("%q: feedback %q does not say %q", row.answer, v.Feedback, row.says)
			}
			wellFormed(t, v)
			again, err := g.Grade(row.answer)
			if err != nil || again.Note != v.Note || again.Echo != v.Echo || strings.Join(again.Feedback, "\n") != strings.Join(v.Feedback, "\n") {
				t.Errorf("graded again it is %+v, %v, was %+v", again, err, v)
			}
		})
	}
}

// wellFormed holds for every verdict of every grader.
func wellFormed(t *testing.T, v Verdict) {
	t.Helper()
	switch {
	case v.Status == Right && v.Score != 1,
		v.Status == Partial && (v.Score <= 0 || v.Score >= 1),
		v.Status <= Wrong && v.Score != 0:
		t.Errorf("%v with the score %v", v.Status, v.Score)
	case v.Note == "" || strings.ContainsAny(v.Note, ";| "):
		t.Errorf("the note %q is no stable name", v.Note)
	case v.Status <= Wrong && len(v.Feedback) == 0:
		t.Errorf("%v without a word of feedback", v.Status)
	case v.Status >= Wrong && v.Echo == "":
		t.Errorf("%v without an echo", v.Status)
	}
	for _, line := range v.Feedback {
		if strings.TrimSpace(line) == "" {
			t.Errorf("an empty line of feedback in %q", v.Feedback)
		}
	}
}

func TestStatusIsText(t *testing.T) {
	for s := Invalid; s <= Right; s++ {
		text, err := s.MarshalText()
		var back Status
		if err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("%v is written as %q and read as %v", uint8(s), text, back)
		}
	}
	if new(Status).UnmarshalText([]byte("nearly")) == nil {
		t.Error("a status that does not exist is read")
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	long := strings.Repeat("1+", maxLength/2) + "1"
	for name, g := range everyGrader(t) {
		for _, answer := range []string{"", "  \n\t", "\u00a0", long, "\xff\xfe", "?!", "$$", `\`} {
			v, err := g.Grade(answer)
			if err != nil || v.Status != Invalid && !(name == "rubric" && answer != "") {
				t.Errorf("%s: %.12q is %v, %s, %v; want invalid", name, answer, v.Status, v.Note, err)
			}
		}
	}
}
