package algebra

import (
	"testing"

	"loralab/drills/verdict"
	"loralab/drills/verdict/verdicttest"
)

func shapeQuestion() Shape {
	return Shape{
		Key: []Shaped{{"A", "r×k"}, {"B", "d×r"}}, Symbols: Symbols("d", "k", "r"), Live: map[string]float64{"d": 640, "k": 512, "r": 6},
		Misconceptions: []verdict.Misconception{{Note: "square-rank", Answer: "A: r×r, B: r×r", Words: "only the inner side of each is r"}},
	}
}

var shapeRows = []verdicttest.Row{
	{"A: r×k, B: d×r", verdict.Right, "right", "A: r×k, B: d×r", "A is r×k, here 6×512"},
	{"A:r×k,B:d×r", verdict.Right, "right", "", ""},
	{"B: d×r, A: r×k", verdict.Right, "right", "B: d×r, A: r×k", ""},
	{"A r×k B d×r", verdict.Right, "right", "", ""},
	{"A is r×k and B is d×r", verdict.Right, "right", "A: r×k, B: d×r", ""},
	{"A is r by k, B is d by r.", verdict.Right, "right", "", ""},
	{"A: r-by-k, B: d-by-r", verdict.Right, "right", "", ""},
	{"A ∈ R^{r×k}, B ∈ R^{d×r}", verdict.Right, "right", "A: r×k, B: d×r", ""},
	{"A ∈ ℝ^(r×k), B ∈ ℝ^(d×r)", verdict.Right, "right", "", ""},
	{"A ∈ ℝʳˣᵏ, B ∈ ℝᵈˣʳ", verdict.Right, "right", "A: r×k, B: d×r", ""},
	{`A \in \mathbb{R}^{r \times k}, B \in \mathbb{R}^{d \times r}`, verdict.Right, "right", "A: r×k, B: d×r", ""},
	{`$A \in \mathbb{R}^{r \times k}$ and $B \in \mathbb{R}^{d \times r}$`, verdict.Right, "right", "", ""},
	{"A: (r, k), B: (d, r)", verdict.Right, "right", "A: r×k, B: d×r", ""},
	{"A = [r, k]; B = [d, r]", verdict.Right, "right", "", ""},
	{"A.shape == (r, k), B.shape == (d, r)", verdict.Right, "right", "", ""},
	{"A has shape (r, k), B has shape (d, r)", verdict.Right, "right", "", ""},
	{"A: rxk, B: dxr", verdict.Right, "right", "", ""},
	{"A = r x k\nB = d x r", verdict.Right, "right", "", ""},
	{"A: r*k, B: d*r", verdict.Right, "right", "", ""},
	{"A and B are r×k and d×r respectively", verdict.Right, "right", "", ""},
	{"A has r rows and k columns, B has d rows and r columns", verdict.Right, "right", "", ""},
	{"rxk, dxr", verdict.Right, "right", "r×k, d×r", ""},
	{"(r,k) and (d,r)", verdict.Right, "right", "", ""},
	{"(r, k), (d, r)", verdict.Right, "right", "", ""},
	{"A: 6x512, B: 640x6", verdict.Right, "right", "A: 6×512, B: 640×6", ""},
	{"A (6, 512); B (640, 6)", verdict.Right, "right", "", ""},
	{"A: 6×k, B: d×6", verdict.Right, "right", "", ""},
	{"A: rank x d_in, B: d_out x rank", verdict.Right, "right", "A: r×k, B: d×r", ""},
	{"lora_A: [r, k], lora_B: [d, r]", verdict.Right, "right", "", ""},
	{"A: r × (d+k-d), B: d × 2r/2", verdict.Right, "right", "", ""},
	{"W: d×k, A: r×k, B: d×r", verdict.Invalid, "unknown-symbol", "", ""},

	{"A: k×r, B: r×d", verdict.Wrong, "transposed", "", "rows come first"},
	{"A: d×r, B: r×k", verdict.Wrong, "swapped", "", "the shape of another one"},
	{"A: r×r, B: r×r", verdict.Wrong, "square-rank", "", "only the inner side"},
	{"A: 6×640, B: 512×6", verdict.Wrong, "shape", "", ""},
	{"A: r×k×1, B: d×r×1", verdict.Wrong, "shape", "", ""},
	{"A: r×k, B: r×d", verdict.Partial, "transposed", "", "B: yours r×d, it is d×r, here 640×6"},
	{"A: r×k", verdict.Partial, "missing", "", "B is missing"},
	{"B: 640×6", verdict.Partial, "missing", "", ""},

	{"r×k", verdict.Invalid, "names", "", "say whose"},
	{"A is r", verdict.Invalid, "incomplete", "", "one dimension"},
	{"A", verdict.Invalid, "incomplete", "", "no shape found"},
	{"A: R×k, B: d×r", verdict.Invalid, "wrong-case", "", ""},
	{"A: p×q, B: d×r", verdict.Invalid, "unknown-symbol", "", "the symbols are d, k, r"},
	{"A: r×, B: d×r", verdict.Invalid, "incomplete", "", ""},
	{"A: r×k, d×r", verdict.Invalid, "names", "", ""},
	{"r×k, d×r, d×k", verdict.Invalid, "too-many", "", ""},
	{"A: (r×k, B: d×r", verdict.Invalid, "unknown-symbol", "", ""},
	{"foo", verdict.Invalid, "unknown-symbol", "", ""},
}

func TestShape(t *testing.T) { verdicttest.Check(t, shapeQuestion(), shapeRows) }

func TestShapeOfOne(t *testing.T) {
	verdicttest.Check(t, Shape{Key: []Shaped{{"A", "8×4096"}}}, []verdicttest.Row{
		{"8x4096", verdict.Right, "right", "8×4,096", ""},
		{"8×4096", verdict.Right, "right", "", ""},
		{"8 x 4096", verdict.Right, "right", "", ""},
		{"8X4096", verdict.Right, "right", "", ""},
		{"8 × 4,096", verdict.Right, "right", "", ""},
		{"8, 4096", verdict.Right, "right", "", ""},
		{"(8,4096)", verdict.Right, "right", "", ""},
		{"(8, 4096)", verdict.Right, "right", "", ""},
		{"[8, 4096]", verdict.Right, "right", "", ""},
		{"torch.Size([8, 4096])", verdict.Right, "right", "", ""},
		{"A is (8, 4096)", verdict.Right, "right", "A: 8×4,096", ""},
		{"A: 8 by 4096", verdict.Right, "right", "", ""},
		{"8 × 2^12", verdict.Right, "right", "", ""},
		{"4096x8", verdict.Wrong, "transposed", "", ""},
		{"8x512", verdict.Wrong, "shape", "", ""},
		{"(8,512)", verdict.Wrong, "shape", "8×512", ""},
		{"8", verdict.Invalid, "incomplete", "", ""},
		{"8 4096", verdict.Invalid, "two-numbers", "", ""},
		{"rxk", verdict.Invalid, "unknown-symbol", "", ""},
	})
}

func TestShapeQuestionsThatAreBroken(t *testing.T) {
	for name, q := range map[string]Shape{
		"no key":        {},
		"key":           {Key: []Shaped{{"A", "r"}}, Symbols: Symbols("r")},
		"misconception": {Key: []Shaped{{"A", "2×3"}}, Misconceptions: []verdict.Misconception{{Note: "m", Answer: "two by", Words: ""}}},
	} {
		if v, err := q.Grade("7×7"); err == nil {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
