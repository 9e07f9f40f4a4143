package verdicttest

import (
	"strings"
	"testing"
	"time"

	"loralab/drills/verdict"
)

// Refuses checks that what is no answer at all is Invalid.
func Refuses(t *testing.T, g verdict.Grader) {
	t.Helper()
	long := strings.Repeat("1+", verdict.MaxLength/2) + "1"
	for _, answer := range []string{"", "  \n\t", "\u00a0", long, "\xff\xfe", "?!", "$$", `\`} {
		v, err := g.Grade(answer)
		if err != nil || v.Status != verdict.Invalid {
			t.Errorf("%.12q is %v, %s, %v; want invalid", answer, v.Status, v.Note, err)
		}
	}
}

// Fuzz grades arbitrary answers: nothing panics, no answer is an error, and
// every verdict is well formed.
func Fuzz(f *testing.F, rows []Row, graders ...verdict.Grader) {
	for _, row := range rows {
		f.Add(row.Answer)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		for _, g := range graders {
			v, err := g.Grade(answer)
			if err != nil {
				t.Fatalf("%T: %q: %v", g, answer, err)
			}
			WellFormed(t, v)
		}
	})
}

// Survives grades answers made to be slow or deep, cut to a length: they are
// refused or graded at once, and none of them is right by luck unless that is
// allowed. The bound is a hundred times what they take, so that it fails for
// growth, not for load.
func Survives(t *testing.T, g verdict.Grader, length int, luck bool) {
	t.Helper()
	fill := func(s string) string { return strings.Repeat(s, verdict.MaxLength/len(s)) }
	for _, answer := range []string{
		fill("("), fill(")"), fill("["), fill("√"), fill("-"), fill("-("), fill("2^"), "2" + fill("^2"), fill("9"), fill("9^9*"),
		"1" + fill("/3+1"), "1" + fill("+1/7"), fill("dkr"), fill("BA"), "W" + fill("W^TW"), "x" + fill("+x"), fill("d/k "), fill("A "), fill("rd^kr"),
		fill("x×"), fill("r×k,"), fill("A:"), fill("a=a;"), fill("h=h\n"), fill("B is zero and "), fill("not "), fill("if "), fill("zero "),
		fill("A and B "), fill("∂L/∂"), fill("N(0,"), fill("²"), fill("ᵀ"), fill("{"), fill(`\frac`), fill(`\frac{`), fill("′"), fill("_"), fill("α"), fill("Δ"),
		fill("1,"), fill("1 "), fill("0.0"), fill("e9"), fill("d_{"), fill("sqrt("), fill("W("), fill("matmul(x,"),
		"a=W*W^T*W*W^T*W;b=a*a^T*a;c=b*b^T*b;d1=c*c^T*c;e=d1*d1^T*d1;h=e*x",
		"h=" + strings.Repeat("W*W^T*", 50) + "W*x",
	} {
		answer = answer[:min(len(answer), length)]
		began := time.Now()
		v, err := g.Grade(answer)
		if err != nil {
			t.Errorf("%.20q: %v", answer, err)
		}
		if v.Status == verdict.Right && !luck {
			t.Errorf("%.20q is right", answer)
		}
		if d := time.Since(began); d > 5*time.Second {
			t.Errorf("%.20q took %v", answer, d)
		}
	}
}
