package algebra

import "testing"

func TestChoice(t *testing.T) {
	q := Choice{Options: []string{"A is zero", "B is zero", "both are zero"}, Key: 1, Notes: map[int]string{2: "both-zero"}, Words: map[int]string{2: "then nothing trains"}}
	check(t, q, []graded{
		{"b", Right, "right", "b) B is zero", ""},
		{"B)", Right, "right", "", ""},
		{"(b)", Right, "right", "", ""},
		{"b.", Right, "right", "", ""},
		{"2", Right, "right", "", ""},
		{"option b", Right, "right", "", ""},
		{"the answer is B", Right, "right", "", ""},
		{"it's b", Right, "right", "", ""},
		{"B is  zero", Right, "right", "", ""},
		{"a", Wrong, "choice", "a) A is zero", "it is b) B is zero"},
		{"c", Wrong, "both-zero", "", "then nothing trains"},
		{"3", Wrong, "both-zero", "", ""},
		{"d", Invalid, "choice", "", "a, b or c"},
		{"0", Invalid, "choice", "", ""},
		{"a and b", Invalid, "choice", "", "names two"},
		{"a, c", Invalid, "choice", "", ""},
		{"none", Invalid, "choice", "", ""},
		{"...", Invalid, "choice", "", ""},
		{"99999999999999999999", Invalid, "choice", "", ""},
	})
	for _, q := range []Choice{{}, {Options: []string{"x"}, Key: 1}, {Options: []string{"x"}, Key: -1}} {
		if _, err := q.Grade("a"); err == nil {
			t.Errorf("%+v is graded", q)
		}
	}
}

func TestOrder(t *testing.T) {
	items := []string{"LoRA", "full", "QLoRA"}
	check(t, Order{Items: items, Key: []int{1, 0, 2}, Relation: ">"}, []graded{
		{"2 1 3", Right, "right", "full > LoRA > QLoRA", ""},
		{"2, 1, 3", Right, "right", "", ""},
		{"2,1,3", Right, "right", "", ""},
		{"2-1-3", Right, "right", "", ""},
		{"213", Right, "right", "", ""},
		{"b>a>c", Right, "right", "", ""},
		{"b > a > c", Right, "right", "", ""},
		{"B A C", Right, "right", "", ""},
		{"bac", Right, "right", "", ""},
		{"b → a → c", Right, "right", "", ""},
		{"b, then a, then c", Right, "right", "", ""},
		{"c<a<b", Right, "right", "full > LoRA > QLoRA", ""},
		{"b<a<c", Wrong, "reversed", "", "the other way round"},
		{"3 1 2", Wrong, "reversed", "", ""},
		{"1 2 3", Wrong, "order", "", "they part at place 1: full, not LoRA"},
		{"2 3 1", Wrong, "order", "", "place 2"},
		{"1 2", Invalid, "order", "", "2 of 3 items"},
		{"1 1 2", Invalid, "order", "", "twice"},
		{"1 2 4", Invalid, "order", "", "none of the items"},
		{"a<b>c", Invalid, "order", "", "both < and >"},
		{"a=b=c", Invalid, "order", "", ""},
		{"first", Invalid, "order", "", ""},
	})
	check(t, Order{Items: items, Key: []int{1, 0, 2}}, []graded{
		{"b<a<c", Right, "right", "full, LoRA, QLoRA", ""},
		{"b>a>c", Right, "right", "", ""},
	})
	for _, q := range []Order{{Items: items, Key: []int{0, 1}}, {Items: items, Key: []int{0, 1, 1}}, {Items: items, Key: []int{1, 2, 3}}} {
		if _, err := q.Grade("1 2 3"); err == nil {
			t.Errorf("%+v is graded", q)
		}
	}
}
