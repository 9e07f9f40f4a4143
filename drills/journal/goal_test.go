package journal

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// A goal once reached stays as it was reached first, also when it is reached again or
// another machine's journal is imported; a reach that was earlier there counts.
func TestGoals(t *testing.T) {
	goal := func(hours int, settings string) Goal {
		return Goal{Lesson: "merging", Goal: "few", Time: noon.Add(time.Duration(hours) * time.Hour), Experiment: "merging", Settings: json.RawMessage(settings)}
	}
	reached := func(j *Journal) string {
		t.Helper()
		all := must[[]Goal](t)(j.Goals(t.Context()))
		if len(all) != 1 {
			t.Fatalf("goals %+v, want one", all)
		}
		return string(all[0].Settings)
	}
	home, work := openNew(t), openNew(t)
	for _, g := range []Goal{goal(5, `{"rank":2}`), goal(6, `{"rank":1}`)} {
		if err := home.ReachGoal(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	if got := reached(home); got != `{"rank":2}` {
		t.Errorf("reached again, it is kept as %s", got)
	}
	if err := work.ReachGoal(t.Context(), goal(2, `{"rank":3}`)); err != nil {
		t.Fatal(err)
	}
	late, early := whole(t, home), whole(t, work)
	for _, text := range []string{late, early} {
		if !strings.HasPrefix(text, `{"type":"loralab-journal","format":2}`+"\n") {
			t.Errorf("an export with a goal begins %.60q", text)
		}
	}
	if got, err := importText(t, work, late); err != nil || got != (Imported{Known: 1}) || reached(work) != `{"rank":3}` {
		t.Errorf("a later reach: %+v, %v, kept as %s", got, err, reached(work))
	}
	if got, err := importText(t, home, early); err != nil || got != (Imported{Goals: 1}) || reached(home) != `{"rank":3}` {
		t.Errorf("an earlier reach: %+v, %v, kept as %s", got, err, reached(home))
	}
	for _, bad := range []Goal{{}, {Lesson: "a", Goal: "g", Time: noon}, {Lesson: "a", Goal: "g", Experiment: "e"}, goal(1, "{")} {
		if home.ReachGoal(t.Context(), bad) == nil {
			t.Errorf("%+v is kept", bad)
		}
	}
}
