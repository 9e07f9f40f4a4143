package algebra

import (
	"strings"
	"testing"
	"time"
)

// everyGrader returns one question of each kind.
func everyGrader(t testing.TB) map[string]Grader {
	return map[string]Grader{
		"count": countQuestion(), "rounded": Count{Truth: countQuestion().Truth, Rounding: true, Unit: "bytes"},
		"real": Real{Truth: 1.0 / 256, Rel: 0.01, Digits: 2}, "percent": Real{Truth: 0.39, Digits: 2, Unit: "%"},
		"shape": shapeQuestion(), "formula": loraVsFull(), "equation": forward(t),
		"choice": Choice{Options: []string{"one", "two"}}, "order": Order{Items: []string{"one", "two"}, Key: []int{1, 0}, Relation: ">"},
		"rubric": readRubric(t, "why_b_zero.yaml"),
	}
}

// fuzz grades arbitrary answers: nothing panics, no answer is an error, and every
// verdict is well formed.
func fuzz(f *testing.F, rows []graded, names ...string) {
	for _, row := range rows {
		f.Add(row.answer)
	}
	graders := everyGrader(f)
	f.Fuzz(func(t *testing.T, answer string) {
		for _, name := range names {
			v, err := graders[name].Grade(answer)
			if err != nil {
				t.Fatalf("%s: %q: %v", name, answer, err)
			}
			wellFormed(t, v)
		}
	})
}

func FuzzParseCount(f *testing.F)    { fuzz(f, countRows, "count", "rounded") }
func FuzzParseReal(f *testing.F)     { fuzz(f, realRows, "real", "percent") }
func FuzzParseShape(f *testing.F)    { fuzz(f, shapeRows, "shape") }
func FuzzParseFormula(f *testing.F)  { fuzz(f, formulaRows, "formula") }
func FuzzParseEquation(f *testing.F) { fuzz(f, forwardRows, "equation") }
func FuzzChoice(f *testing.F) {
	fuzz(f, []graded{{answer: "b)"}, {answer: "2 1"}, {answer: "b>a"}}, "choice", "order")
}

func FuzzRubric(f *testing.F) {
	for _, row := range whyBZero {
		f.Add(row.answer)
	}
	q := readRubric(f, "why_b_zero.yaml")
	f.Fuzz(func(t *testing.T, answer string) {
		v, err := q.Grade(answer)
		if err != nil {
			t.Fatalf("%q: %v", answer, err)
		}
		wellFormed(t, v)
		for _, p := range v.Points {
			for _, words := range p.Heard {
				if !strings.Contains(answer, words) {
					t.Errorf("%q is not in %q", words, answer)
				}
			}
		}
	})
}

func FuzzPattern(f *testing.F) {
	q := readRubric(f, "why_b_zero.yaml")
	for _, p := range q.Points {
		for _, pattern := range append(p.Hit, p.Miss...) {
			f.Add(pattern)
		}
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		q := Rubric{Points: []Point{{ID: "p", Hit: []string{pattern}}}}
		if q.Check() != nil {
			return
		}
		for _, row := range whyBZero[:12] {
			if _, err := q.Grade(row.answer); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Answers made to be slow or deep are refused or graded at once. The bound is
// a hundred times what they take, so that it fails for growth, not for load.
func TestHostileAnswers(t *testing.T) {
	fill := func(s string) string { return strings.Repeat(s, maxLength/len(s)) }
	for name, g := range everyGrader(t) {
		for _, answer := range []string{
			fill("("), fill(")"), fill("["), fill("√"), fill("-"), fill("-("), fill("2^"), "2" + fill("^2"), fill("9"), fill("9^9*"),
			"1" + fill("/3+1"), "1" + fill("+1/7"), fill("dkr"), fill("BA"), "W" + fill("W^TW"), "x" + fill("+x"), fill("d/k "), fill("A "), fill("rd^kr"),
			fill("x×"), fill("r×k,"), fill("A:"), fill("a=a;"), fill("h=h\n"), fill("B is zero and "), fill("not "), fill("if "), fill("zero "),
			fill("A and B "), fill("∂L/∂"), fill("N(0,"), fill("²"), fill("ᵀ"), fill("{"), fill(`\frac`), fill(`\frac{`), fill("′"), fill("_"), fill("α"), fill("Δ"),
			fill("1,"), fill("1 "), fill("0.0"), fill("e9"), fill("d_{"), fill("sqrt("), fill("W("), fill("matmul(x,"),
			"a=W*W^T*W*W^T*W;b=a*a^T*a;c=b*b^T*b;d1=c*c^T*c;e=d1*d1^T*d1;h=e*x",
			"h=" + strings.Repeat("W*W^T*", 50) + "W*x",
		} {
			if name == "rubric" {
				answer = answer[:min(len(answer), 1000)] // regular expressions are slow under the race detector
			}
			began := time.Now()
			v, err := g.Grade(answer)
			if err != nil {
				t.Errorf("%s: %.20q: %v", name, answer, err)
			}
			if v.Status == Right && name != "choice" {
				t.Errorf("%s: %.20q is right", name, answer)
			}
			if d := time.Since(began); d > 5*time.Second {
				t.Errorf("%s: %.20q took %v", name, answer, d)
			}
		}
	}
}
