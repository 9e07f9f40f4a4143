package options

import (
	"testing"

	"loralab/drills/verdict"
	"loralab/drills/verdict/verdicttest"
)

func TestChoice(t *testing.T) {
	q := Choice{Options: []string{"A is zero", "B is zero", "both are zero"}, Key: 1, Notes: map[int]string{2: "both-zero"}, Words: map[int]string{2: "then nothing trains"}}
	verdicttest.Check(t, q, []verdicttest.Row{
		{"b", verdict.Right, "right", "b) B is zero", ""},
		{"B)", verdict.Right, "right", "", ""},
		{"(b)", verdict.Right, "right", "", ""},
		{"b.", verdict.Right, "right", "", ""},
		{"2", verdict.Right, "right", "", ""},
		{"option b", verdict.Right, "right", "", ""},
		{"the answer is B", verdict.Right, "right", "", ""},
		{"it's b", verdict.Right, "right", "", ""},
		{"B is  zero", verdict.Right, "right", "", ""},
		{"a", verdict.Wrong, "choice", "a) A is zero", "it is b) B is zero"},
		{"c", verdict.Wrong, "both-zero", "", "then nothing trains"},
		{"3", verdict.Wrong, "both-zero", "", ""},
		{"d", verdict.Invalid, "choice", "", "a, b or c"},
		{"0", verdict.Invalid, "choice", "", ""},
		{"a and b", verdict.Invalid, "choice", "", "names two"},
		{"a, c", verdict.Invalid, "choice", "", ""},
		{"none", verdict.Invalid, "choice", "", ""},
		{"...", verdict.Invalid, "choice", "", ""},
		{"99999999999999999999", verdict.Invalid, "choice", "", ""},
	})
	for _, q := range []Choice{{}, {Options: []string{"x"}, Key: 1}, {Options: []string{"x"}, Key: -1}} {
		if _, err := q.Grade("a"); err == nil {
			t.Errorf("%+v is graded", q)
		}
	}
}

func TestOrder(t *testing.T) {
	items := []string{"LoRA", "full", "QLoRA"}
	verdicttest.Check(t, Order{Items: items, Key: []int{1, 0, 2}, Relation: ">"}, []verdicttest.Row{
		{"2 1 3", verdict.Right, "right", "full > LoRA > QLoRA", ""},
		{"2, 1, 3", verdict.Right, "right", "", ""},
		{"2,1,3", verdict.Right, "right", "", ""},
		{"2-1-3", verdict.Right, "right", "", ""},
		{"213", verdict.Right, "right", "", ""},
		{"b>a>c", verdict.Right, "right", "", ""},
		{"b > a > c", verdict.Right, "right", "", ""},
		{"B A C", verdict.Right, "right", "", ""},
		{"bac", verdict.Right, "right", "", ""},
		{"b → a → c", verdict.Right, "right", "", ""},
		{"b, then a, then c", verdict.Right, "right", "", ""},
		{"c<a<b", verdict.Right, "right", "full > LoRA > QLoRA", ""},
		{"b<a<c", verdict.Wrong, "reversed", "", "the other way round"},
		{"3 1 2", verdict.Wrong, "reversed", "", ""},
		{"1 2 3", verdict.Wrong, "order", "", "they part at place 1: full, not LoRA"},
		{"2 3 1", verdict.Wrong, "order", "", "place 2"},
		{"1 2", verdict.Invalid, "order", "", "2 of 3 items"},
		{"1 1 2", verdict.Invalid, "order", "", "twice"},
		{"1 2 4", verdict.Invalid, "order", "", "none of the items"},
		{"a<b>c", verdict.Invalid, "order", "", "both < and >"},
		{"a=b=c", verdict.Invalid, "order", "", ""},
		{"first", verdict.Invalid, "order", "", ""},
	})
	verdicttest.Check(t, Order{Items: items, Key: []int{1, 0, 2}}, []verdicttest.Row{
		{"b<a<c", verdict.Right, "right", "full, LoRA, QLoRA", ""},
		{"b>a>c", verdict.Right, "right", "", ""},
	})
	for _, q := range []Order{{Items: items, Key: []int{0, 1}}, {Items: items, Key: []int{0, 1, 1}}, {Items: items, Key: []int{1, 2, 3}}} {
		if _, err := q.Grade("1 2 3"); err == nil {
			t.Errorf("%+v is graded", q)
		}
	}
}

func everyGrader() map[string]verdict.Grader {
	return map[string]verdict.Grader{
		"choice": Choice{Options: []string{"one", "two"}},
		"order":  Order{Items: []string{"one", "two"}, Key: []int{1, 0}, Relation: ">"},
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for name, g := range everyGrader() {
		t.Run(name, func(t *testing.T) { verdicttest.Refuses(t, g) })
	}
}

func TestHostileAnswers(t *testing.T) {
	for name, g := range everyGrader() {
		t.Run(name, func(t *testing.T) { verdicttest.Survives(t, g, verdict.MaxLength, name == "choice") })
	}
}

func FuzzOptions(f *testing.F) {
	all := everyGrader()
	verdicttest.Fuzz(f, []verdicttest.Row{{Answer: "b)"}, {Answer: "2 1"}, {Answer: "b>a"}}, all["choice"], all["order"])
}
