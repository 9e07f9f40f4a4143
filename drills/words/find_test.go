package words_test

import (
	"math/big"
	"testing"

	"loralab/drills/algebra"
	"loralab/drills/verdict"
	"loralab/drills/words"
)

const page = `LoRA keeps the pretrained weight frozen and learns a low-rank update: the layer computes h = W x + (α/r) B A x, where A is r×k and B is d×r.
B starts at zero, so BA = 0 and training begins from the base model; A is random, otherwise no gradient would flow.
Trained are r(d+k) parameters instead of d·k.
At inference you merge once: W' = W + (α/r) B A. Then there is no latency.`

func TestFind(t *testing.T) {
	layer := algebra.LoRALayer(nil, nil, nil, nil, 12, 2, "α/r")
	equation := algebra.Equation{Key: "h = W x + (α/r) B A x", Layer: layer, Seed: 3}
	formula := algebra.Formula{Key: "r(d+k)", Symbols: algebra.Symbols("d", "k", "r"), Seed: 1}
	shapes := algebra.Shape{Key: []algebra.Shaped{{Name: "A", Dims: "r×k"}, {Name: "B", Dims: "d×r"}}, Symbols: algebra.Symbols("d", "k", "r")}
	for name, row := range map[string]struct {
		g    verdict.Grader
		page string
		want verdict.Status
	}{
		"equation":                {equation, page, verdict.Right},
		"merged":                  {algebra.Equation{Key: "W′ = W + s B A", Layer: layer}, page, verdict.Right},
		"shapes":                  {shapes, page, verdict.Right},
		"formula":                 {formula, page, verdict.Right},
		"wrong equation":          {equation, "LoRA computes h = W x + B A x, which is all.", verdict.Wrong},
		"no equation":             {equation, "LoRA is a method for fine-tuning.", verdict.Invalid},
		"wrong formula":           {formula, "It trains 2 · r(d+k) parameters", verdict.Wrong},
		"half of the shapes":      {shapes, "The matrix A is r×k.", verdict.Partial},
		"shapes in two sentences": {shapes, "I recall that A is r×k. Then B is d×r.", verdict.Right},
		"count":                   {algebra.Count{Truth: big.NewInt(65536)}, "That makes 65,536 of them", verdict.Right},
	} {
		v, err := words.Find(row.g, row.page)
		if err != nil || v.Status != row.want {
			t.Errorf("%s: %v (%s), want %v: %q %q %v", name, v.Status, v.Note, row.want, v.Echo, v.Feedback, err)
		}
	}
}
