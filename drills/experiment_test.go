package drills

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"loralab/drills/journal"
	"loralab/drills/verdict"
	"loralab/lessons/lab"
	"loralab/lessons/show"
	"loralab/plots"
)

// bench is a laboratory with one experiment, whose runs end when the test says.
type bench struct {
	gate  chan struct{} // closed: runs go through
	fault error         // what runs end with
	begun atomic.Int32
	ended atomic.Int32
}

func (b *bench) laboratory() lab.Laboratory {
	return lab.Laboratory{{
		ID: "growth", Title: "Growth", Question: "how fast?", Plots: []string{"curve"},
		Knobs: []lab.Knob{
			{Name: "rank", Kind: lab.Whole, Default: "2", Min: 1, Max: 64},
			{Name: "start", Kind: lab.Choice, Default: "a", Choices: []string{"a", "b"}},
		},
		Findings: []lab.Spec{
			{Name: "steps", Label: "steps", Kind: lab.KindCount},
			{Name: "share", Label: "share", Kind: lab.KindReal, Percent: true, Digits: 3},
			{Name: "best", Label: "best", Kind: lab.KindText},
			{Name: "time", Label: "time", Kind: lab.KindReal, Measured: true},
			{Name: "never", Label: "never found", Kind: lab.KindReal},
			{Name: "size", Label: "size", Kind: lab.KindShape},
			{Name: "ranks", Label: "ranks", Kind: lab.KindMatrix, Columns: []string{"rank", "loss"}},
			{Name: "starts", Label: "starts", Kind: lab.KindMatrix, Columns: []string{"loss", "same"}, Rows: []string{"a", "b", "c"}},
		},
		Run: func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
			b.begun.Add(1)
			defer b.ended.Add(1)
			select {
			case <-b.gate:
			case <-ctx.Done():
				return ctx.Err()
			}
			r := s.Whole("rank")
			rec.Report("steps", 10*r)
			rec.Report("share", float64(r)/40)
			rec.Report("best", s.Text("start"))
			rec.Report("ranks", [][]float64{{1, 0.5}, {2, 0.25}, {4, 0.125}})
			rec.Report("starts", [][]float64{{3, 1}, {1, 1}, {2, 1}})
			return b.fault
		},
		Figures: func(*lab.Record) []*plots.Figure {
			return []*plots.Figure{{ID: "curve", Title: "the curve", Lines: []plots.Line{{Name: "loss", X: []float64{0, 1}, Y: []float64{1, 0}}}}}
		},
	}}
}

// quiet waits until a run has begun and all have ended.
func (b *bench) quiet() {
	for b.begun.Load() == 0 || b.ended.Load() < b.begun.Load() {
		time.Sleep(time.Millisecond)
	}
}

func newBench() *bench { return &bench{gate: make(chan struct{})} }

// grown is a question that a run decides.
const grown = `families:
- id: counting/grown
  depth: applied
  title: Grown
  draw: {r: 3..9}
  run: {experiment: growth, set: {rank: "{{r}}", seed: 5}, figure: curve}
  prompt: How many percent at rank {{r}}?
  kind: real
  finding: share
  unit: "%"
  plus: 1
  misconceptions:
  - {note: counted, answer: "{{find steps}}", words: "Those are {{find steps}} steps."}
  hints: [general, specific]
  why: It is {{find share}} after {{find steps}} steps, and {{find ranks rank=2 loss}} at rank 2.
  follow-ups: ["And then?"]
`

func (b *bench) bank(t testing.TB, text string) *Bank {
	t.Helper()
	bank, err := ParseBank(fstest.MapFS{"drills/a.yaml": {Data: []byte(text)}}, courseSteps(), b.laboratory())
	if err != nil {
		t.Fatal(err)
	}
	return bank
}

func (b *bench) talk(t testing.TB, d *desk, count int) *Talk {
	t.Helper()
	talk, err := NewDrill(t.Context(), b.bank(t, grown), d.book, SittingOptions{Count: count, Seed: 7, Now: d.now})
	if err != nil {
		t.Fatal(err)
	}
	return talk
}

func do(t testing.TB, talk *Talk, deeds ...show.Deed) (s show.Scene) {
	t.Helper()
	for _, d := range deeds {
		var err error
		if s, err = talk.Do(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// within fails the test where something does not come to its end.
func within(t testing.TB, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatalf("%s hangs", what)
	}
}

// The answer is typed and read while the run is under way; the verdict has its
// figure and the words of its findings.
func TestRunDecides(t *testing.T) {
	b, d := newBench(), newDesk(t)
	talk := b.talk(t, d, 1)
	q := talk.Asked().Question
	if q.Parts[0].Key != "" || q.Why != "" || len(q.Evidence()) > 0 {
		t.Errorf("before its run is over the question has the key %q and the reason %q", q.Parts[0].Key, q.Why)
	}
	if _, err := q.Grade("1", 0); !errors.Is(err, ErrNotRun) {
		t.Errorf("graded before the run: %v", err)
	}
	rank := q.Run.Settings.Whole("rank")
	var scene show.Scene
	within(t, "reading", func() {
		scene = do(t, talk, show.Deed{Act: show.Typed, Text: "garbage !"})
		if !strings.Contains(scene.Trouble, "not read") {
			t.Errorf("trouble %q", scene.Trouble)
		}
		scene = do(t, talk, show.Deed{Act: show.Typed, Text: fmt.Sprintf("%d/40 * 100", rank)})
	})
	if scene.Ask.Form != show.Confidence || len(scene.Ask.Read) != 1 {
		t.Fatalf("asked for %v, read as %q", scene.Ask.Form, scene.Ask.Read)
	}
	close(b.gate)
	scene = do(t, talk, show.Deed{Act: show.Sure, Number: 2}, show.Deed{Act: show.Why})
	var marks []show.Mark
	var figures int
	text := ""
	for _, block := range scene.Blocks {
		switch block := block.(type) {
		case show.Verdict:
			marks = append(marks, block.Mark)
		case show.Figure:
			figures++
		case show.Label:
			text += block.Name + ": " + block.Text + "\n"
		}
	}
	if len(marks) != 1 || marks[0] != show.Hit || figures != 1 {
		t.Errorf("marks %v and %d figures, want a hit and one", marks, figures)
	}
	for _, want := range []string{
		fmt.Sprintf("the run: loralab run growth --set rank=%d --seed 5", rank),
		fmt.Sprintf("why: It is %#.3g %% after %d steps, and 0.2500 at rank 2.", float64(rank)*2.5, rank*10),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the labels lack %q:\n%s", want, text)
		}
	}
	kept := slices.DeleteFunc(d.answers(journal.Filter{Kind: journal.Drill}), func(a journal.Answer) bool { return a.Status != journal.Right })
	if len(kept) != 1 || kept[0].Experiment != "growth" || !strings.Contains(string(kept[0].Settings), fmt.Sprintf(`"rank":%d`, rank)) {
		t.Errorf("kept %+v, want the run that graded it", kept)
	}
	if n := b.begun.Load(); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
}

// A misconception may be a finding.
func TestFindingMisconceived(t *testing.T) {
	b := newBench()
	close(b.gate)
	q, err := b.bank(t, grown).Find("counting/grown").Instance(3)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	steps := 10 * q.Run.Settings.Whole("rank")
	r, err := q.Grade(fmt.Sprint(steps), 0)
	if err != nil || r.Note != "counted" || !strings.Contains(r.Feedback, fmt.Sprintf("Those are %d steps.", steps)) || r.Run != q.Run.Command() {
		t.Errorf("%+v, %v", r, err)
	}
}

// A run ends with its question, however that is left.
func TestRunEndsWithItsQuestion(t *testing.T) {
	for name, leave := range map[string]func(*Talk, context.CancelFunc){
		"passed over": func(talk *Talk, _ context.CancelFunc) { do(t, talk, show.Deed{Act: show.Pass}) },
		"stopped":     func(talk *Talk, _ context.CancelFunc) { do(t, talk, show.Deed{Act: show.Stop}) },
		"left":        func(talk *Talk, _ context.CancelFunc) { talk.Leave() },
		"ended":       func(_ *Talk, cancel context.CancelFunc) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			b, d := newBench(), newDesk(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			talk, err := NewDrill(ctx, b.bank(t, grown), d.book, SittingOptions{Count: 1, Seed: 7, Now: d.now})
			if err != nil {
				t.Fatal(err)
			}
			within(t, "the beginning", func() {
				for b.begun.Load() == 0 {
					time.Sleep(time.Millisecond)
				}
			})
			leave(talk, cancel)
			within(t, "the run of a question that was "+name, b.quiet)
		})
	}
}

// An answer that is being graded when the talk is left is graded and kept.
func TestLeavingKeepsTheAnswer(t *testing.T) {
	b, d := newBench(), newDesk(t)
	talk := b.talk(t, d, 1)
	do(t, talk, show.Deed{Act: show.Typed, Text: "10"})
	graded := make(chan error)
	go func() {
		_, err := talk.Do(context.Background(), show.Deed{Act: show.Sure, Number: 1})
		graded <- err
	}()
	bank := talk.Asked().Family.bank
	within(t, "the wait", func() { // for the run there are the talk and the answer
		for bank.runs.wants() < 2 {
			time.Sleep(time.Millisecond)
		}
		talk.Leave()
		for bank.runs.wants() > 1 {
			time.Sleep(time.Millisecond)
		}
	})
	close(b.gate)
	if err := <-graded; err != nil {
		t.Fatal(err)
	}
	if n := len(d.answers(journal.Filter{Kind: journal.Drill})); n != 1 {
		t.Errorf("%d answers kept, want 1", n)
	}
}

// wants is how many contexts want a run.
func (r *runs) wants() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, b := range r.all {
		n += b.wanted
	}
	return n
}

// Whoever waits for a run can stop waiting.
func TestSettleEndsWithItsContext(t *testing.T) {
	b := newBench()
	q, err := b.bank(t, grown).Find("counting/grown").Instance(3)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Settle(ctx); !errors.Is(err, context.Canceled) || errors.As(err, new(*RunError)) {
		t.Errorf("error %v, want that of the context", err)
	}
	within(t, "the run that nobody waits for", b.quiet)
	close(b.gate)
	if err := q.Settle(t.Context()); err != nil { // the cancelled run is not the answer
		t.Error(err)
	}
}

// A run that decides nothing makes nobody wrong.
func TestFailedRunIsNobodysMistake(t *testing.T) {
	for name, row := range map[string]struct {
		fault    error
		old, new string
		want     string
	}{
		"an error":               {fault: errors.New("diverged at step 3"), want: "diverged at step 3"},
		"no finding":             {old: "finding: share", new: "finding: never", want: "it found no never"},
		"no finding to speak of": {old: "It is {{find share}}", new: "It is {{find never}}", want: "it found no never"},
	} {
		t.Run(name, func(t *testing.T) {
			b, d := newBench(), newDesk(t)
			b.fault = row.fault
			close(b.gate)
			bank := b.bank(t, strings.Replace(grown, row.old, row.new, 1))
			talk, err := NewDrill(t.Context(), bank, d.book, SittingOptions{Count: 2, Seed: 7, Now: d.now})
			if err != nil {
				t.Fatal(err)
			}
			first := talk.Asked()
			scene := do(t, talk, show.Deed{Act: show.Typed, Text: "10"}, show.Deed{Act: show.Sure, Number: 3})
			if talk.Asked() == first || !strings.Contains(scene.Trouble, "passed over: ") || !strings.Contains(scene.Trouble, row.want) || !strings.Contains(scene.Trouble, "loralab run growth") {
				t.Errorf("trouble %q, want the question passed over because %s", scene.Trouble, row.want)
			}
			scene = do(t, talk, show.Deed{Act: show.GiveUp})
			if !scene.Over || !strings.Contains(scene.Trouble, row.want) {
				t.Errorf("giving up: over %v, trouble %q", scene.Over, scene.Trouble)
			}
			if n := len(d.answers(journal.Filter{})); n != 0 {
				t.Errorf("%d answers kept, want none", n)
			}
			if sum := talk.from.(*Sitting).Summary(); sum.Asked != 0 || sum.Passed != 0 {
				t.Errorf("summary %+v", sum)
			}
			v := d.interview(bank, 5, 3)
			conversation := newTalk(t.Context(), v)
			do(t, conversation, show.Deed{Act: show.Typed, Text: "10"}, show.Deed{Act: show.Sure, Number: 3}, show.Deed{Act: show.Stop})
			if card := v.Scorecard(); card.All.Asked != 0 {
				t.Errorf("the interview counts %d questions", card.All.Asked)
			}
			if err := bank.Check(t.Context()); err == nil || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), "drills/a.yaml:") {
				t.Errorf("check says %v", err)
			}
		})
	}
}

// The same settings run once, and no more records are kept than that.
func TestRunsAreDoneOnce(t *testing.T) {
	b := newBench()
	close(b.gate)
	e := b.laboratory()[0]
	var all runs
	var callers sync.WaitGroup
	for i := range 40 {
		callers.Go(func() {
			s, err := e.Defaults().With("seed", fmt.Sprint(i%2))
			if err != nil {
				t.Error(err)
			}
			if _, err := all.record(t.Context(), e, s); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	if n := b.begun.Load(); n != 2 {
		t.Errorf("%d runs for two settings", n)
	}
	for i := range 2 * keptRuns {
		s, err := e.Defaults().With("seed", fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := all.record(t.Context(), e, s); err != nil {
			t.Fatal(err)
		}
	}
	within(t, "the last run", func() {
		for done := false; !done; time.Sleep(time.Millisecond) {
			all.mu.Lock()
			done = len(all.all) == keptRuns && len(all.done) == keptRuns
			all.mu.Unlock()
		}
	})
}

// Every kind that a run can decide, and the key it gets at rank 4.
func TestKindsThatARunDecides(t *testing.T) {
	options := "options: [{id: a, text: the first, note: said-a, words: no, row: a}, {id: b, text: the second, note: said-b, words: no, row: b}, {id: c, text: the third, note: said-c, words: no, row: c}]"
	for name, row := range map[string]struct{ fields, want, fault string }{
		"count":           {"kind: count\n  finding: steps", "40", ""},
		"count as a real": {"kind: real\n  finding: steps\n  plus: 1", "40", ""},
		"percent":         {"kind: real\n  finding: share\n  unit: \"%\"\n  plus: 1", "10 %", ""},
		"entry by number": {"kind: real\n  finding: ranks\n  row: \"rank={{r}}\"\n  column: loss\n  plus: 0.1", "0.125", ""},
		"entry by name":   {"kind: real\n  finding: starts\n  row: c\n  column: loss\n  plus: 0.1", "2", ""},
		"text":            {"kind: choice\n  finding: best\n  " + options, "the first", ""},
		"count as a text": {"kind: choice\n  finding: steps\n  options: [{id: \"40\", text: forty, note: said-40, words: no}, {id: \"1\", text: one, note: said-1, words: no}]", "forty", ""},
		"least":           {"kind: choice\n  first: least\n  finding: starts\n  column: loss\n  " + options, "the second", ""},
		"greatest":        {"kind: choice\n  first: greatest\n  finding: starts\n  column: loss\n  " + options, "the first", ""},
		"order":           {"kind: order\n  first: least\n  finding: starts\n  column: loss\n  " + options, "the second, the third, the first", ""},
		"order alike":     {"kind: order\n  first: least\n  finding: starts\n  column: same\n  " + options, "", "alike"},
		"best alike":      {"kind: choice\n  first: least\n  finding: starts\n  column: same\n  " + options, "", "alike"},
		"no option":       {"kind: choice\n  finding: steps\n  " + options, "", `"40" is the right one and none of the options`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench()
			close(b.gate)
			text := strings.Replace(grown, "  kind: real\n  finding: share\n  unit: \"%\"\n  plus: 1\n", "  "+row.fields+"\n", 1)
			text = strings.Replace(text, "r: 3..9", "r: 4..4", 1)
			misconception := "answer: \"7\""
			if strings.Contains(row.fields, "order") {
				misconception = "answer: a b c"
			}
			text = strings.Replace(text, "answer: \"{{find steps}}\"", misconception, 1)
			q, err := b.bank(t, text).Find("counting/grown").Instance(3)
			if err != nil {
				t.Fatal(err)
			}
			before := q.Text()
			if err := q.Settle(t.Context()); row.fault != "" {
				if failed := (*RunError)(nil); !errors.As(err, &failed) || !strings.Contains(err.Error(), row.fault) {
					t.Errorf("error %v, want %s", err, row.fault)
				}
				return
			} else if err != nil {
				t.Fatal(err)
			}
			if q.Text() != before {
				t.Errorf("the question changes when its run is over:\n%s\n%s", before, q.Text())
			}
			key := q.Parts[0].Key
			if _, after, lettered := strings.Cut(key, ") "); lettered {
				key = after
			}
			if key != row.want {
				t.Errorf("key %q, want %q", key, row.want)
			}
			if r, err := q.Grade(q.Parts[0].Key, 0); err != nil || r.Status != verdict.Right {
				t.Errorf("its key is %v: %v", r.Status, err)
			}
		})
	}
}

// TestMistakesInRuns spoils a question that a run decides in one place at a time.
func TestMistakesInRuns(t *testing.T) {
	for _, row := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"unknown experiment", "growth,", "grwth,", `a.yaml:6:21: unknown experiment "grwth"`},
		{"no experiment", "experiment: growth, ", "", `a.yaml:6:8: key "experiment" is missing`},
		{"unknown figure", "figure: curve", "figure: curves", `unknown figure "curves" (figures of growth: curve)`},
		{"unknown knob", "set: {rank", "set: {rnk", `a.yaml:6:35: unknown knob "rnk"`},
		{"value", "seed: 5", "seed: five", `a.yaml:6:50: knob seed: "five" is not allowed`},
		{"value at times", "r: 3..9", "r: 60..70", `a.yaml:6:35: knob rank: "65" is not allowed, want a whole number from 1 to 64`},
		{"name not drawn", `rank: "{{r}}"`, `rank: "{{k}}"`, "a.yaml:6:35: rank: {{k}} is neither drawn nor computed"},
		{"unknown finding", "finding: share", "finding: shore", `a.yaml:9:12: unknown finding "shore" of growth (share`},
		{"measured", "finding: share", "finding: time", "a.yaml:9:12: time is measured and differs from run to run"},
		{"finding of another kind", "finding: share", "finding: best", "a.yaml:9:12: best is a text, want a count or a real"},
		{"table without a row", "finding: share", "finding: ranks", "ranks is a table: say which row and column"},
		{"unknown column", "finding: share", "finding: ranks\n  row: rank=2\n  column: los", `a.yaml:11:11: ranks has no column "los"`},
		{"unknown row", "finding: share", "finding: starts\n  row: d\n  column: loss", `a.yaml:10:8: starts has no row "d" (rows: a, b, c)`},
		{"row of no table", "finding: share", "finding: share\n  row: a", "share is a real and has no rows"},
		{"kind that no run decides", "kind: real\n  finding: share\n  unit: \"%\"\n  plus: 1", "kind: recall\n  finding: share\n  points: [{id: a, words: w, hit: [x]}]\n  model: x", "a run cannot be the key of a part of kind recall"},
		{"key and finding", "finding: share", "finding: share\n  key: lora-params", "lora-params needs d"},
		{"finding and no run", "  run: {experiment: growth, set: {rank: \"{{r}}\", seed: 5}, figure: curve}\n", "", "a.yaml:8:12: the question has no run"},
		{"finding in the prompt", "percent at", "{{find share}} at", "prompt: {{find share}} is neither drawn nor computed"},
		{"finding in a hint", "specific]", "\"{{find share}}\"]", "hints: {{find share}} is neither drawn nor computed"},
		{"unknown finding in a text", "after {{find steps}}", "after {{find step}}", `why: unknown finding "step" of growth`},
		{"half a place in a text", "ranks rank=2 loss", "ranks loss", "want {{find NAME}}, or {{find NAME ROW COLUMN}}"},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := newBench()
			close(b.gate)
			if !strings.Contains(grown, row.old) {
				t.Fatalf("%q is not in the question", row.old)
			}
			text := strings.Replace(grown, row.old, row.new, 1)
			bank, err := ParseBank(fstest.MapFS{"drills/a.yaml": {Data: []byte(text)}}, courseSteps(), b.laboratory())
			if err == nil {
				err = bank.Check(t.Context())
			}
			switch {
			case row.want == "" && err != nil:
				t.Errorf("%v", err)
			case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
				t.Errorf("found %v, want %s", err, row.want)
			}
		})
	}
}

// Check does a few runs of each family, not one for every seed.
func TestCheckRunsAFew(t *testing.T) {
	b := newBench()
	close(b.gate)
	if err := b.bank(t, grown).Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := b.begun.Load(); n != checkedRuns {
		t.Errorf("%d runs of 7 possible, want %d", n, checkedRuns)
	}
}

// Every step asks at least two questions that a run decides, twelve in all.
func TestRunsDecideInEveryStep(t *testing.T) {
	bank, all := loadBank(t), 0
	for _, step := range courseSteps() {
		n := 0
		for _, f := range bank.Select(step, "") {
			if f.experiment != nil {
				n++
			}
		}
		if all += n; n < 2 {
			t.Errorf("%s: %d questions that a run decides, want 2", step, n)
		}
	}
	if all < 12 {
		t.Errorf("%d questions that a run decides, want 12", all)
	}
}
