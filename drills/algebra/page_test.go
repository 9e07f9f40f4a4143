package algebra

import "testing"

const page = `LoRA keeps the pretrained weight frozen and learns a low-rank update: the layer computes h = W x + (α/r) B A x, where A is r×k and B is d×r.
B starts at zero, so BA = 0 and training begins from the base model; A is random, otherwise no gradient would flow.
Trained are r(d+k) parameters instead of d·k.
At inference you merge once: W' = W + (α/r) B A. Then there is no latency.`

func TestGradePage(t *testing.T) {
	q := forward(t)
	for name, row := range map[string]struct {
		g    Grader
		page string
		want Status
	}{
		"equation":                {q, page, Right},
		"merged":                  {Equation{Key: "W′ = W + s B A", Layer: q.Layer}, page, Right},
		"shapes":                  {Shape{Key: []Shaped{{"A", "r×k"}, {"B", "d×r"}}, Symbols: Symbols("d", "k", "r")}, page, Right},
		"formula":                 {loraVsFull(), page, Right},
		"rubric":                  {readRubric(t, "why_b_zero.yaml"), page, Right},
		"wrong equation":          {q, "LoRA computes h = W x + B A x, which is all.", Wrong},
		"no equation":             {q, "LoRA is a method for fine-tuning.", Invalid},
		"wrong formula":           {loraVsFull(), "It trains 2 · r(d+k) parameters", Wrong},
		"half of the shapes":      {Shape{Key: []Shaped{{"A", "r×k"}, {"B", "d×r"}}, Symbols: Symbols("d", "k", "r")}, "The matrix A is r×k.", Partial},
		"shapes in two sentences": {Shape{Key: []Shaped{{"A", "r×k"}, {"B", "d×r"}}, Symbols: Symbols("d", "k", "r")}, "I recall that A is r×k. Then B is d×r.", Right},
		"count":                   {countQuestion(), "That makes 65,536 of them", Right},
	} {
		v, err := GradePage(row.g, row.page)
		if err != nil || v.Status != row.want {
			t.Errorf("%s: %v (%s), want %v: %q %q %v", name, v.Status, v.Note, row.want, v.Echo, v.Feedback, err)
		}
	}
}
