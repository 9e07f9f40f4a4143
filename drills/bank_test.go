package drills

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"loralab/drills/verdict"
	"loralab/lessons"
)

// courseSteps are the steps of banks that a test makes up.
func courseSteps() []string {
	return []string{"reparameterization", "initialization", "counting", "quantization", "merging"}
}

// contentSteps are the steps that the lessons of ../content name.
func contentSteps(t testing.TB) []string {
	t.Helper()
	fsys := os.DirFS("../content")
	course, err := lessons.ParseLessons(fsys, lessons.NewLaboratory(fsys))
	if err != nil {
		t.Fatal(err)
	}
	return course.Steps()
}

func loadBank(t testing.TB) *Bank {
	t.Helper()
	b, err := ParseBank(os.DirFS("../content"), contentSteps(t), lessons.NewLaboratory(os.DirFS("../content")))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Without its context this check would never end.
func TestCheckEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := smallBank(t, 1).check(ctx, math.MaxInt, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

// TestBank holds the content to what a learner relies on.
func TestBank(t *testing.T) {
	b := loadBank(t)
	seeds, runs := checkedSeeds, checkedRuns
	if raceDetector { // it makes the arithmetic ten times slower, and looks for other mistakes
		seeds, runs = 8, 1
	}
	if err := b.check(t.Context(), seeds, runs); err != nil {
		t.Fatal(err)
	}
	if n := len(b.Families()); n < 60 {
		t.Errorf("%d families, want 60", n)
	}
	for _, step := range contentSteps(t) {
		if n := len(b.Select(step, "")); n < 10 {
			t.Errorf("%s: %d families, want 10", step, n)
		}
	}
	drawn := 0
	for _, depth := range Depths() {
		if n := len(b.Select("", depth)); n < 8 {
			t.Errorf("%s: %d families, want 8", depth, n)
		}
	}
	for _, f := range b.Families() {
		if len(f.draws) > 0 {
			drawn++
		}
	}
	if drawn*3 < len(b.Families())*2 {
		t.Errorf("%d of %d families draw something, want most", drawn, len(b.Families()))
	}
	for id, parts := range map[string]int{
		"reparameterization/write-it": 2, "reparameterization/why-low-rank": 1, "initialization/why-b-zero": 1,
		"counting/lora-vs-full": 2, "quantization/what-qlora-adds": 1, "merging/latency": 2, "recall/without-looking": 4,
	} {
		if f := b.Find(id); f == nil || f.Parts() != parts {
			t.Errorf("%s is missing or does not have %d parts", id, parts)
		}
	}
}

// TestInstancesRepeat draws questions twice, from two banks, in another order.
func TestInstancesRepeat(t *testing.T) {
	one, two := loadBank(t), loadBank(t)
	families := two.Families()
	slices.Reverse(families)
	texts := map[string]string{}
	for _, f := range families {
		q, err := f.Instance(11)
		if err != nil {
			t.Fatal(err)
		}
		texts[f.ID] = q.Text() + keysOf(q)
	}
	differ := 0
	for _, f := range one.Families() {
		q, err := f.Instance(11)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Text() + keysOf(q); got != texts[f.ID] {
			t.Errorf("%s: two instances of one seed differ:\n%s\n%s", f.ID, got, texts[f.ID])
		}
		other, err := f.Instance(12)
		if err != nil {
			t.Fatal(err)
		}
		if other.Text() != q.Text() {
			differ++
		}
	}
	if differ*2 < len(texts) {
		t.Errorf("only %d questions differ under another seed", differ)
	}
}

func keysOf(q *Question) string {
	var keys []string
	for _, p := range q.Parts {
		keys = append(keys, p.Key)
	}
	return strings.Join(keys, "\n")
}

// TestResultJSON pins the names that programs read.
func TestResultJSON(t *testing.T) {
	q, err := loadBank(t).Find("reparameterization/write-it").Instance(3)
	if err != nil {
		t.Fatal(err)
	}
	r, err := q.Grade("h = Wx + BAx; A: r×k, B: d×r", 0)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"family", "seed", "prompt", "status", "score", "note", "feedback", "echo", "parts", "key"} {
		if _, ok := got[name]; !ok {
			t.Errorf("%q is missing in %s", name, text)
		}
	}
	if got["status"] != "partial" || got["score"] != 0.5 || got["note"] != "scale-forgotten" || len(got["parts"].([]any)) != 2 {
		t.Errorf("%s", text)
	}
}

func TestPartsAreNumbered(t *testing.T) {
	q, err := loadBank(t).Find("merging/latency").Instance(3)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []int{-1, 3} {
		if _, err := q.Grade("no", part); err == nil {
			t.Errorf("part %d is accepted", part)
		}
	}
	r, err := q.Grade("W' = W + (α/r)BA", 2)
	if err != nil || r.Status != verdict.Right || len(r.Parts) != 1 || r.Parts[0].Part != 2 {
		t.Errorf("part 2: %+v, %v", r, err)
	}
}

const goodFamily = `families:
- id: counting/one
  depth: applied
  title: One
  draw: {d: 4..9, k: 10..19, r: [2, 3]}
  prompt: d = {{d}}, k = {{k}}, r = {{r}}
  kind: count
  key: lora-params
  misconceptions:
  - {note: product, answer: d*k*r, words: They add up.}
  hints: [general, specific]
  why: It is {{r}}.
  follow-ups: ["And then?"]
`

// TestMistakesAreFound spoils a bank in one place at a time.
func TestMistakesAreFound(t *testing.T) {
	for _, row := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"unknown key", "  title: One", "  titel: One", `a.yaml:4:3: unknown key "titel"`},
		{"bad id", "counting/one", "Counting One", `a.yaml:2:7: "Counting One" is no id`},
		{"unknown step", "counting/one", "count/one", `step "count" is none of`},
		{"unknown depth", "applied", "deep", `a.yaml:3:10: "deep" is none of`},
		{"range", "4..9", "9..4", `"9..4" is no range`},
		{"unknown quantity", "lora-params", "lora-parms", "unknown quantity \"lora-parms\" (lora-params"},
		{"quantity not drawn", "r: [2, 3]", "q: [2, 3]", "lora-params needs r, which is not drawn"},
		{"open name", "{{r}}.", "{{rank}}.", "a.yaml:12:8: why: {{rank}} is neither drawn nor computed"},
		{"one hint", "[general, specific]", "[general]", "want two hints"},
		{"no follow-up", `["And then?"]`, "[]", "one to three follow-ups"},
		{"follow-up to nowhere", `And then?`, `And then? → counting/two`, `leads to "counting/two"`},
		{"right misconception", "d*k*r", "r*(d+k)", "product, is right here"},
		{"misconception at times right", "d*k*r", "2*(d+k)", "product, is right here"},
		{"misconception met as another", "d*k*r", "2*r*(d+k)", ""},
		{"unreadable misconception", "d*k*r", "d*k*", "a.yaml:10:"},
		{"no misconception", "  misconceptions:\n  - {note: product, answer: d*k*r, words: They add up.}\n", "", "no misconception"},
		{"unknown kind", "kind: count", "kind: guess", `kind "guess" is none of`},
		{"impossible draw", "  prompt:", "  where: [d > k]\n  prompt:", "satisfy its constraints"},
		{"kind of the wrong truth", "lora-params", "saves", "saves is no count"},
		{"missing field", "  key: lora-params\n", "", "a part of kind count needs key"},
		{"two notes", "words: They add up.}\n", "words: They add up.}\n  - {note: product, answer: d*k, words: No.}\n", `note "product" stands twice`},
		{"neither true nor false", "  kind: count", "  rounding: maybe\n  kind: count", `rounding: "maybe" is neither true nor false`},
		{"yaml", "  title: One", "  title: [One", "a.yaml:"},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := strings.Replace(goodFamily, row.old, row.new, 1)
			b, err := ParseBank(fstest.MapFS{"drills/a.yaml": {Data: []byte(text)}}, courseSteps(), nil)
			if err == nil {
				err = b.Check(t.Context())
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

func TestUnknownFamilyNamesItsNeighbours(t *testing.T) {
	_, err := loadBank(t).Family("counting/lora-vs-ful")
	if err == nil || !strings.Contains(err.Error(), "counting/lora-vs-full") {
		t.Errorf("%v", err)
	}
}

func FuzzBank(f *testing.F) {
	f.Add(goodFamily)
	for _, name := range []string{"1-reparameterization", "5-merging"} {
		text, err := os.ReadFile("../content/drills/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBank(fstest.MapFS{"drills/a.yaml": {Data: []byte(text)}}, courseSteps(), nil)
		if err != nil {
			return
		}
		for _, family := range b.Families() {
			if family.ID == "" || family.Parts() == 0 || len(family.hints) != 2 {
				t.Errorf("%q parsed without an error", text)
			}
		}
	})
}
