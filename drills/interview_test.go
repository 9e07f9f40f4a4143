package drills

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"loralab/drills/journal"
	"loralab/drills/schedule"
	"loralab/drills/verdict"
	"loralab/lessons"
)

func (d *desk) interview(b *Bank, minutes int, seed uint64) *Interview {
	d.t.Helper()
	v, err := NewInterview(d.ctx, b, d.book, InterviewOptions{Minutes: minutes, Seed: seed, Now: d.now})
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// covered checks that every step and depth was asked, that nothing was asked
// twice, and that the talk began with what is conceptual.
func covered(t *testing.T, asked []*Asked) {
	t.Helper()
	steps, depths, families := map[string]bool{}, map[Depth]bool{}, map[*Family]bool{}
	for _, a := range asked {
		steps[a.Family.Step], depths[a.Family.Depth] = true, true
		if families[a.Family] {
			t.Errorf("%s is asked twice", a.Family.ID)
		}
		families[a.Family] = true
	}
	if len(steps) != len(courseSteps()) || len(depths) != len(Depths()) {
		t.Errorf("%d steps and %d depths, want all", len(steps), len(depths))
	}
	if asked[0].Family.Depth != Conceptual {
		t.Errorf("it begins with %s", asked[0].Family.ID)
	}
}

func TestInterviewCoversStepsAndDepths(t *testing.T) {
	bank := smallBank(t, 3)
	coin := rand.New(rand.NewPCG(3, 0))
	for _, learner := range []struct {
		name  string
		knows func(*Asked) bool
	}{
		{"knows all", always(true)},
		{"knows nothing", always(false)},
		{"knows what is conceptual", func(a *Asked) bool { return a.Family.Depth == Conceptual }},
		{"knows some", func(*Asked) bool { return coin.IntN(2) == 0 }},
	} {
		for _, talk := range []struct {
			minutes int
			delay   time.Duration
			want    int // questions, 0 for what the time allows
		}{
			{20, 0, 20}, {20, time.Minute, 20}, {20, 2 * time.Minute, 0}, {10, 0, 10}, {12, time.Minute, 12},
			{5, 0, 5}, {1, 0, 5}, {45, 0, 45}, {45, 4 * time.Minute, 0},
		} {
			t.Run(fmt.Sprintf("%s, %d minutes, %v each", learner.name, talk.minutes, talk.delay), func(t *testing.T) {
				d := newDesk(t)
				begun := d.time
				d.book = memoryOnly(t) // hundreds of answers; the journal has its own tests
				v := d.interview(bank, talk.minutes, 11)
				asked := d.play(v, talk.delay, learner.knows)
				covered(t, asked)
				if talk.want > 0 && len(asked) != talk.want {
					t.Errorf("%d questions, want %d", len(asked), talk.want)
				}
				if over := d.time.Sub(begun) - time.Duration(talk.minutes)*time.Minute; over > talk.delay {
					t.Errorf("it goes on %v after its end", over)
				}
				if !slices.IsSortedFunc(asked, func(a, b *Asked) int {
					return slices.Index(courseSteps(), a.Family.Step) - slices.Index(courseSteps(), b.Family.Step)
				}) {
					t.Error("the steps are not in their order")
				}
			})
		}
	}
}

// TestInterviewFollowsWhatWasSaid looks at every pair of neighbours within a
// step: deeper after a right answer, no deeper after a wrong one, unless the talk
// says that it comes from another side.
func TestInterviewFollowsWhatWasSaid(t *testing.T) {
	bank := smallBank(t, 3)
	deeper, simpler := 0, 0
	for seed := range uint64(20) {
		d := newDesk(t)
		d.book = memoryOnly(t)
		rng := rand.New(rand.NewPCG(seed, 9))
		asked := d.play(d.interview(bank, 25, seed), 0, func(*Asked) bool { return rng.IntN(3) > 0 })
		for i := 1; i < len(asked); i++ {
			a, b := asked[i-1], asked[i]
			if a.Family.Step != b.Family.Step || b.Lead == "From another side." {
				continue
			}
			knew := a.last.Status == verdict.Right
			from, to := depthIndex(a.Family.Depth), depthIndex(b.Family.Depth)
			switch {
			case knew && to <= from:
				t.Errorf("seed %d: %s was right, then %s", seed, a.Family.ID, b.Family.ID)
			case !knew && (to > from || (to < from) != (b.Lead == "Something simpler.")):
				t.Errorf("seed %d: %s was wrong, then %s", seed, a.Family.ID, b.Family.ID)
			case knew:
				deeper++
			default:
				simpler++
			}
		}
	}
	if deeper < 50 || simpler < 50 {
		t.Errorf("%d times deeper, %d times simpler: too few to tell", deeper, simpler)
	}
}

func TestInterviewTakesTheFollowUpOfTheBank(t *testing.T) {
	text := "families:\n"
	for _, f := range []struct{ id, depth, next string }{
		{"one", "conceptual", "And then? → merging/four"}, {"two", "implementation", "x"}, {"three", "applied", "x"}, {"four", "systems", "x"},
	} {
		text += fmt.Sprintf(`
- {id: merging/%s, depth: %s, title: t, prompt: p, draw: {d: 5..9, k: 5..9}, kind: count, key: full-params,
  misconceptions: [{note: n, answer: d+k, words: w}], hints: [a, b], why: y, follow-ups: [%q]}
`, f.id, f.depth, f.next)
	}
	bank, err := ParseBank(fstest.MapFS{"drills/1.yaml": {Data: []byte(text)}}, courseSteps(), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	v := d.interview(bank, 20, 1)
	asked := d.play(v, 0, always(true))
	if asked[0].Family.ID != "merging/one" || asked[1].Family.ID != "merging/four" || asked[1].Lead != "And then?" {
		t.Errorf("%s, then %q %s", asked[0].Family.ID, asked[1].Lead, asked[1].Family.ID)
	}
	if len(asked) != 4 || len(d.answers(journal.Filter{Kind: journal.Interview})) != 4 {
		t.Errorf("%d questions of a bank of 4", len(asked))
	}
}

// TestInterviewOffersOptionsAfterAMiss has nothing shallower than the first
// question: what can be chosen is simpler than what must be recalled.
func TestInterviewOffersOptionsAfterAMiss(t *testing.T) {
	const family = `
- {id: merging/%s, depth: conceptual, title: t, prompt: p, draw: {d: 5..9, k: 5..9}, %s, hints: [a, b], why: y, follow-ups: [x]}
`
	text := "families:\n"
	for i := range 6 {
		text += fmt.Sprintf(family, fmt.Sprint("write-", i), "kind: count, key: full-params, misconceptions: [{note: n, answer: d+k, words: w}]")
	}
	text += fmt.Sprintf(family, "choose", "kind: choice, answer: [yes], options: [{id: yes, text: yes}, {id: no, text: no, note: n, words: w}]")
	bank, err := ParseBank(fstest.MapFS{"drills/1.yaml": {Data: []byte(text)}}, courseSteps(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(10) {
		d := newDesk(t)
		d.book = memoryOnly(t)
		asked := d.play(d.interview(bank, 20, seed+1), 0, func(a *Asked) bool { return a.Family.offers() })
		if asked[0].Family.offers() {
			continue // nothing is simpler
		}
		if asked[1].Family.ID != "merging/choose" || asked[1].Lead != "Something simpler." {
			t.Errorf("seed %d: %q %s", seed, asked[1].Lead, asked[1].Family.ID)
		}
	}
}

func TestInterviewHintThenTheKey(t *testing.T) {
	for _, test := range []struct {
		name   string
		second func(*Asked) string
		right  bool
		reply  string
		score  float64
	}{
		{"right after the hint", right, true, "Right.", 0.5},
		{"wrong again", func(*Asked) string { return "2" }, false, "Not yet.", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			v := d.interview(smallBank(t, 1), 20, 5)
			a, _ := v.Next()
			if _, err := v.Answer(d.ctx, a, wrong, Sure); err != nil {
				t.Fatal(err)
			}
			if !a.Open() || a.Reply != "Not yet. A hint: Two matrices." {
				t.Errorf("open %v, reply %q", a.Open(), a.Reply)
			}
			d.time = d.time.Add(time.Second)
			if r, err := v.Answer(d.ctx, a, "?!", Think); err != nil || r.Status != verdict.Invalid || !a.Open() {
				t.Errorf("%v, %v, open %v; want invalid, which costs nothing", r.Status, err, a.Open())
			}
			d.time = d.time.Add(time.Second)
			if _, err := v.Answer(d.ctx, a, test.second(a), Think); err != nil {
				t.Fatal(err)
			}
			if a.Open() || a.Reply != test.reply {
				t.Errorf("open %v, reply %q", a.Open(), a.Reply)
			}
			rows := d.answers(journal.Filter{})
			reviews := 0
			for _, row := range rows {
				if row.Rating > 0 {
					reviews++
				}
			}
			if len(rows) != 3 || reviews != 1 || rows[0].Rating != schedule.Again || rows[2].Hints != 1 {
				t.Errorf("%d rows, %d reviews: %+v", len(rows), reviews, rows)
			}
			card := v.Scorecard()
			if m := card.All; m.Asked != 1 || m.Right != 0 || (m.Hinted == 1) != test.right || m.Score != test.score {
				t.Errorf("marks %+v", m)
			}
			if len(card.Review) != 1 {
				t.Errorf("to review: %v", card.Review)
			}
		})
	}
}

func TestInterviewGiveUp(t *testing.T) {
	d := newDesk(t)
	v := d.interview(smallBank(t, 1), 20, 5)
	a, _ := v.Next()
	if _, err := v.GiveUp(d.ctx, a); err != nil || !a.Open() || !strings.HasPrefix(a.Reply, "Fair enough. A hint:") {
		t.Errorf("%v, open %v, reply %q", err, a.Open(), a.Reply)
	}
	if _, err := v.GiveUp(d.ctx, a); err != nil || a.Open() || a.Reply != "Fair enough." {
		t.Errorf("%v, open %v, reply %q", err, a.Open(), a.Reply)
	}
}

func TestScorecard(t *testing.T) {
	d := newDesk(t)
	v := d.interview(smallBank(t, 2), 20, 5)
	asked := d.play(v, 10*time.Second, func(a *Asked) bool { return a.Family.Step != "quantization" })
	card := v.Scorecard()
	if card.Took != time.Duration(len(asked))*10*time.Second || len(card.Turns) != len(asked) || card.All.Asked != len(asked) {
		t.Errorf("%v, %d turns, %d asked; want all of %d", card.Took, len(card.Turns), card.All.Asked, len(asked))
	}
	sum := map[string]int{}
	for name, marks := range map[string][]Mark{"steps": card.Steps, "depths": card.Depths} {
		for _, m := range marks {
			sum[name] += m.Asked
			if m.Asked == 0 {
				t.Errorf("%s was not asked", m.Name)
			}
			if name == "steps" && (m.Score == 1) != (m.Name != "quantization") {
				t.Errorf("%s: %+v", m.Name, m)
			}
		}
	}
	if sum["steps"] != len(asked) || sum["depths"] != len(asked) {
		t.Errorf("%v, want %d each", sum, len(asked))
	}
	for _, f := range card.Review {
		if f.Step != "quantization" {
			t.Errorf("%s is to be reviewed", f.ID)
		}
	}
	for _, turn := range card.Turns {
		if q := turn.Asked.Question; turn.Model[0] != q.Parts[0].Key || turn.Why != q.Why || strings.Contains(turn.Why, "{{") {
			t.Errorf("model answer %q, because %q", turn.Model, turn.Why)
		}
		if turn.Right != (turn.Said != wrong) {
			t.Errorf("said %q, right %v", turn.Said, turn.Right)
		}
	}
}

func TestInterviewSeed(t *testing.T) {
	bank := smallBank(t, 3)
	ids := func(seed uint64) (all []string) {
		d := newDesk(t)
		for _, a := range d.play(d.interview(bank, 20, seed), 0, always(true)) {
			all = append(all, a.Question.Prompt+a.Family.ID)
		}
		return all
	}
	if a, b := ids(4), ids(4); !slices.Equal(a, b) {
		t.Error("the same seed gives another interview")
	}
	if a, b := ids(4), ids(5); slices.Equal(a, b) {
		t.Error("another seed gives the same interview")
	}
}

func TestInterviewRefuses(t *testing.T) {
	d := newDesk(t)
	for _, minutes := range []int{-1, 241} {
		if _, err := NewInterview(d.ctx, smallBank(t, 1), d.book, InterviewOptions{Minutes: minutes}); err == nil {
			t.Errorf("%d minutes are accepted", minutes)
		}
	}
}

// TestInterviewOnTheBank holds talks on the bank that ships.
func TestInterviewOnTheBank(t *testing.T) {
	bank, err := ParseBank(os.DirFS("../content"), contentSteps(t), lessons.NewLaboratory(os.DirFS("../content")))
	if err != nil {
		t.Fatal(err)
	}
	for _, knows := range []bool{true, false} {
		for seed := range uint64(5) {
			d := newDesk(t)
			d.book = memoryOnly(t)
			v := d.interview(bank, InterviewMinutes, seed+1)
			var asked []*Asked
			for a, ok := v.Next(); ok; a, ok = v.Next() {
				asked = append(asked, a)
				for a.Open() {
					if err := a.Question.Settle(d.ctx); err != nil {
						t.Fatal(err)
					}
					var all []string
					for _, p := range a.Question.Parts {
						all = append(all, p.answer)
					}
					if !knows {
						if _, err := v.GiveUp(d.ctx, a); err != nil {
							t.Fatal(err)
						}
						continue
					}
					if r, err := v.Answer(d.ctx, a, a.Page(all), Sure); err != nil || r.Status != verdict.Right {
						t.Fatalf("%s, seed %d: the key %q is %v, %v: %s", a.Family.ID, a.Question.Seed, all, r.Status, err, r.Feedback)
					}
				}
			}
			covered(t, asked)
			if len(asked) != InterviewMinutes || v.Err() != nil {
				t.Errorf("seed %d: %d questions, %v; want %d", seed, len(asked), v.Err(), InterviewMinutes)
			}
		}
	}
}
