package words

import (
	"strings"
	"testing"

	"loralab/drills/verdict/verdicttest"
)

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
		verdicttest.WellFormed(t, v)
		for _, p := range v.Points {
			for _, words := range p.Quotes {
				if !strings.Contains(joinReason(answer), words) {
					t.Errorf("%q is not in %q", words, answer)
				}
			}
		}
	})
}

func FuzzPattern(f *testing.F) {
	for _, p := range readRubric(f, "why_b_zero.yaml").rubric.Points {
		for _, pattern := range append(p.Hit, p.Miss...) {
			f.Add(pattern)
		}
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		q, err := Rubric{Points: []Point{{ID: "p", Hit: []string{pattern}}}}.Compile()
		if err != nil {
			return
		}
		for _, row := range whyBZero[:12] {
			if _, err := q.Grade(row.answer); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestHostileSentences(t *testing.T) {
	// Regular expressions are slow under the race detector.
	verdicttest.Survives(t, readRubric(t, "why_b_zero.yaml"), 1000, false)
}
