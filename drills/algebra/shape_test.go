package algebra

import "testing"

func shapeQuestion() Shape {
	return Shape{
		Key: []Shaped{{"A", "r×k"}, {"B", "d×r"}}, Symbols: Symbols("d", "k", "r"), Live: map[string]float64{"d": 640, "k": 512, "r": 6},
		Misconceptions: []Misconception{{"square-rank", "A: r×r, B: r×r", "only the inner side of each is r"}},
	}
}

var shapeRows = []graded{
	{"A: r×k, B: d×r", Right, "right", "A: r×k, B: d×r", "A is r×k, here 6×512"},
	{"A:r×k,B:d×r", Right, "right", "", ""},
	{"B: d×r, A: r×k", Right, "right", "B: d×r, A: r×k", ""},
	{"A r×k B d×r", Right, "right", "", ""},
	{"A is r×k and B is d×r", Right, "right", "A: r×k, B: d×r", ""},
	{"A is r by k, B is d by r.", Right, "right", "", ""},
	{"A: r-by-k, B: d-by-r", Right, "right", "", ""},
	{"A ∈ R^{r×k}, B ∈ R^{d×r}", Right, "right", "A: r×k, B: d×r", ""},
	{"A ∈ ℝ^(r×k), B ∈ ℝ^(d×r)", Right, "right", "", ""},
	{"A ∈ ℝʳˣᵏ, B ∈ ℝᵈˣʳ", Right, "right", "A: r×k, B: d×r", ""},
	{`A \in \mathbb{R}^{r \times k}, B \in \mathbb{R}^{d \times r}`, Right, "right", "A: r×k, B: d×r", ""},
	{`$A \in \mathbb{R}^{r \times k}$ and $B \in \mathbb{R}^{d \times r}$`, Right, "right", "", ""},
	{"A: (r, k), B: (d, r)", Right, "right", "A: r×k, B: d×r", ""},
	{"A = [r, k]; B = [d, r]", Right, "right", "", ""},
	{"A.shape == (r, k), B.shape == (d, r)", Right, "right", "", ""},
	{"A has shape (r, k), B has shape (d, r)", Right, "right", "", ""},
	{"A: rxk, B: dxr", Right, "right", "", ""},
	{"A = r x k\nB = d x r", Right, "right", "", ""},
	{"A: r*k, B: d*r", Right, "right", "", ""},
	{"A and B are r×k and d×r respectively", Right, "right", "", ""},
	{"A has r rows and k columns, B has d rows and r columns", Right, "right", "", ""},
	{"rxk, dxr", Right, "right", "r×k, d×r", ""},
	{"(r,k) and (d,r)", Right, "right", "", ""},
	{"(r, k), (d, r)", Right, "right", "", ""},
	{"A: 6x512, B: 640x6", Right, "right", "A: 6×512, B: 640×6", ""},
	{"A (6, 512); B (640, 6)", Right, "right", "", ""},
	{"A: 6×k, B: d×6", Right, "right", "", ""},
	{"A: rank x d_in, B: d_out x rank", Right, "right", "A: r×k, B: d×r", ""},
	{"lora_A: [r, k], lora_B: [d, r]", Right, "right", "", ""},
	{"A: r × (d+k-d), B: d × 2r/2", Right, "right", "", ""},
	{"W: d×k, A: r×k, B: d×r", Invalid, "unknown-symbol", "", ""},

	{"A: k×r, B: r×d", Wrong, "transposed", "", "rows come first"},
	{"A: d×r, B: r×k", Wrong, "swapped", "", "the shape of another one"},
	{"A: r×r, B: r×r", Wrong, "square-rank", "", "only the inner side"},
	{"A: 6×640, B: 512×6", Wrong, "shape", "", ""},
	{"A: r×k×1, B: d×r×1", Wrong, "shape", "", ""},
	{"A: r×k, B: r×d", Partial, "transposed", "", "B: yours r×d, it is d×r, here 640×6"},
	{"A: r×k", Partial, "missing", "", "B is missing"},
	{"B: 640×6", Partial, "missing", "", ""},

	{"r×k", Invalid, "names", "", "say whose"},
	{"A is r", Invalid, "incomplete", "", "one dimension"},
	{"A", Invalid, "incomplete", "", "no shape found"},
	{"A: R×k, B: d×r", Invalid, "wrong-case", "", ""},
	{"A: p×q, B: d×r", Invalid, "unknown-symbol", "", "the symbols are d, k, r"},
	{"A: r×, B: d×r", Invalid, "incomplete", "", ""},
	{"A: r×k, d×r", Invalid, "names", "", ""},
	{"r×k, d×r, d×k", Invalid, "too-many", "", ""},
	{"A: (r×k, B: d×r", Invalid, "unknown-symbol", "", ""},
	{"foo", Invalid, "unknown-symbol", "", ""},
}

func TestShape(t *testing.T) { check(t, shapeQuestion(), shapeRows) }

func TestShapeOfOne(t *testing.T) {
	check(t, Shape{Key: []Shaped{{"A", "8×4096"}}}, []graded{
		{"8x4096", Right, "right", "8×4,096", ""},
		{"8×4096", Right, "right", "", ""},
		{"8 x 4096", Right, "right", "", ""},
		{"8X4096", Right, "right", "", ""},
		{"8 × 4,096", Right, "right", "", ""},
		{"8, 4096", Right, "right", "", ""},
		{"(8,4096)", Right, "right", "", ""},
		{"(8, 4096)", Right, "right", "", ""},
		{"[8, 4096]", Right, "right", "", ""},
		{"torch.Size([8, 4096])", Right, "right", "", ""},
		{"A is (8, 4096)", Right, "right", "A: 8×4,096", ""},
		{"A: 8 by 4096", Right, "right", "", ""},
		{"8 × 2^12", Right, "right", "", ""},
		{"4096x8", Wrong, "transposed", "", ""},
		{"8x512", Wrong, "shape", "", ""},
		{"(8,512)", Wrong, "shape", "8×512", ""},
		{"8", Invalid, "incomplete", "", ""},
		{"8 4096", Invalid, "two-numbers", "", ""},
		{"rxk", Invalid, "unknown-symbol", "", ""},
	})
}

func TestShapeQuestionsThatAreBroken(t *testing.T) {
	for name, q := range map[string]Shape{
		"no key":        {},
		"key":           {Key: []Shaped{{"A", "r"}}, Symbols: Symbols("r")},
		"misconception": {Key: []Shaped{{"A", "2×3"}}, Misconceptions: []Misconception{{"m", "two by", ""}}},
	} {
		if v, err := q.Grade("7×7"); err == nil {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
