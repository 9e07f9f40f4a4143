package drills

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/drills/verdict"
)

// newStep has a question of every kind for a step that no file of this
// repository knows. Their keys are quantities that other steps ask for too.
const newStep = `families:
- id: rank-choice/how-many
  depth: applied
  title: How many
  draw: {d: 20..40, k: 50..90, r: 2..6}
  prompt: How many numbers does LoRA train at d = {{d}}, k = {{k}}, r = {{r}}?
  kind: count
  key: lora-params
  misconceptions:
  - {note: one-product, answer: r*d*k, words: A and B are two matrices.}
  hints: [Two matrices., A is r×k.]
  why: r·(d+k).
  follow-ups: ["In symbols? → rank-choice/page"]
- id: rank-choice/page
  depth: conceptual
  title: The rest on one page
  draw: {d: 10..19, k: 20..29, r: 2..5, alpha: [7, 11, 13]}
  prompt: d = {{d}}, k = {{k}}, r = {{r}}, α = {{alpha}}.
  parts:
  - ask: The parameters, as a formula.
    kind: formula
    key: lora-params
    formula: r*(d+k)
    symbols: [d, k, r]
    misconceptions:
    - {note: multiplied, answer: r*d*k, words: They add up.}
  - ask: The layer.
    kind: equation
    key: lora-output
    equation: h = W x + (α/r) B A x
    misconceptions:
    - {note: unscaled, answer: h = W x + B A x, words: The scale is missing.}
  - ask: The shapes.
    kind: shape
    key: adapter-shapes
    shapes: {A: r×k, B: d×r}
    symbols: [d, k, r]
    misconceptions:
    - {note: exchanged, answer: "A: d×r, B: r×k", words: A comes first.}
  - ask: The scale.
    kind: real
    key: scale
    within: 0.01
    misconceptions:
    - {note: upside-down, answer: r/alpha, words: α is divided by r.}
  - ask: Does it save anything?
    kind: choice
    key: saves
    options:
    - {id: fewer, text: fewer, note: said-fewer, words: Count.}
    - {id: more, text: more, note: said-more, words: Count.}
    - {id: same, text: as many, note: said-same, words: Count.}
  - ask: In which order?
    kind: order
    options: [{id: a, text: choose the rank}, {id: b, text: train}, {id: c, text: merge}]
    answer: [a, b, c]
    misconceptions:
    - {note: merged-first, answer: c b a, words: Merging comes last.}
  - ask: Why is a low rank enough?
    kind: recall
    points:
    - {id: low, words: the update has a low rank, hit: ["BA & low"]}
    model: Because the update has a low intrinsic rank.
    misconceptions:
    - {note: weight-low, answer: Because W has a low rank., words: W has not., heard: ["W & low"]}
  hints: [One page., Begin with the layer.]
  why: See above.
  follow-ups: ["And now?"]
`

// A content folder adds a step by its id alone: nothing in Go names the steps.
func TestContentAddsAStep(t *testing.T) {
	files := fstest.MapFS{"drills/6-rank.yaml": {Data: []byte(newStep)}, "drills/a.yaml": {Data: []byte(goodFamily)}}
	bank, err := ParseBank(files, []string{"rank-choice", "counting"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := bank.check(t.Context(), 20, 1); err != nil {
		t.Fatal(err)
	}
	if got := bank.Steps(); !slices.Equal(got, []string{"rank-choice", "counting"}) {
		t.Errorf("steps %v", got)
	}
	var ids []string
	for _, f := range bank.Families() {
		ids = append(ids, f.ID)
	}
	if want := []string{"rank-choice/how-many", "rank-choice/page", "counting/one"}; !slices.Equal(ids, want) {
		t.Errorf("families %v, want those of the first step first: %v", ids, want)
	}
	kinds := bank.Find("rank-choice/page").Kinds()
	for _, f := range forms {
		if f.kind() != bank.Find("rank-choice/how-many").Kinds()[0] && !slices.Contains(kinds, f.kind()) {
			t.Errorf("no question of kind %s", f.kind())
		}
	}
	d := newDesk(t)
	for _, a := range d.play(d.sit(bank, SittingOptions{Step: "rank-choice", Count: 2}), 0, func(*Asked) bool { return true }) {
		if a.Family.Step != "rank-choice" || a.last.Status != verdict.Right {
			t.Errorf("%s: %v, %s", a.Family.ID, a.last.Status, a.last.Feedback)
		}
	}
	card := d.interview(bank, 5, 3).Scorecard()
	if len(card.Steps) != 2 || card.Steps[0].Name != "rank-choice" {
		t.Errorf("the scorecard has the steps %+v", card.Steps)
	}
	if _, err := ParseBank(files, []string{"counting"}, nil); err == nil || !strings.Contains(err.Error(), `drills/6-rank.yaml:2:7: rank-choice/how-many: step "rank-choice" is none of counting`) {
		t.Errorf("a step that the course does not have: %v", err)
	}
	if bank, err := ParseBank(files, nil, nil); err != nil || !slices.Equal(bank.Steps(), []string{"rank-choice", "counting"}) {
		t.Errorf("where no course is known: %v", err)
	}
}

// Every kind says how it is asked for.
func TestKindsSayHowTheyAreAsked(t *testing.T) {
	bank, err := ParseBank(fstest.MapFS{"drills/6-rank.yaml": {Data: []byte(newStep)}}, []string{"rank-choice"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	q, err := bank.Find("rank-choice/page").Instance(1)
	if err != nil {
		t.Fatal(err)
	}
	want := map[Kind]string{
		"formula": "a formula in d, k, r", "equation": "an equation, as you would write it on paper or in PyTorch", "shape": "rows × columns, as in A: …×…",
		"real": "a number, or an expression of numbers", "choice": "a letter", "order": "all letters in order, such as c b a", "recall": "a sentence or a few",
	}
	for _, p := range q.Parts {
		if p.Placeholder() != want[p.Kind] || p.Sentences() != (p.Kind == "recall") {
			t.Errorf("%s: %q, sentences %v", p.Kind, p.Placeholder(), p.Sentences())
		}
	}
}
