package algebra

import (
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/drills/verdict"
	"loralab/drills/verdict/verdicttest"
	"loralab/lora"
)

func normalMatrix(rng *rand.Rand, rows, cols int) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			m.Set(i, j, rng.NormFloat64())
		}
	}
	return m
}

// liveLayer returns a layer of package lora with its operands, an input and
// what the layer makes of it.
func liveLayer(t testing.TB, d, k, r, n int, alpha float64, rule lora.Scaling, bias bool) (Layer, *mat.Dense) {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(d), uint64(k)))
	var b []float64
	if bias {
		b = normalMatrix(rng, 1, d).RawRowView(0)
	}
	l := lora.NewLinear(normalMatrix(rng, d, k), b)
	a := lora.NewAdapter(d, k, r, alpha, rule)
	a.A.Copy(normalMatrix(rng, r, k))
	a.B.Copy(normalMatrix(rng, d, r))
	l.Attach("a", a)
	x, h := normalMatrix(rng, k, n), mat.NewDense(d, n, nil)
	l.Forward(h, x, new(lora.Tape))
	layer := LoRALayer(l.W, a.A, a.B, x, alpha, r, rule.String())
	if bias {
		layer = append(layer, Operand{Name: "b", Role: Bias, Matrix: mat.NewDense(d, 1, b), Rows: "d", Cols: "1"})
	}
	return layer, h
}

func forward(t testing.TB) Equation {
	layer, h := liveLayer(t, 7, 5, 2, 3, 12, lora.AlphaOverR, false)
	return Equation{Key: "h = W x + (α/r) B A x", Layer: layer, Truth: h, Seed: 3}
}

var forwardRows = []verdicttest.Row{
	{"h = Wx + (α/r) B A x", verdict.Right, "right", "h = W·x + (α/r)·B·A·x", "multiplied out on the live layer, h d×n"},
	{"Wx + (α/r)BAx", verdict.Right, "right", "h = W·x + (α/r)·B·A·x", ""},
	{"h = Wx + (alpha/r) B A x", verdict.Right, "right", "h = W·x + (α/r)·B·A·x", ""},
	{"(alpha/r) B @ A @ x + W @ x", verdict.Right, "right", "", ""},
	{"h = W x + alpha/r B A x", verdict.Right, "right", "h = W·x + (α/r)·B·A·x", ""},
	{"Wx+α/rBAx", verdict.Right, "right", "h = W·x + (α/r)·B·A·x", ""},
	{"Wx + sBAx", verdict.Right, "right", "h = W·x + s·B·A·x", ""},
	{"W_0 x + s·B·A·x", verdict.Right, "right", "h = W·x + s·B·A·x", ""},
	{"W0x + s*B*A*x", verdict.Right, "right", "", ""},
	{"W₀x + sBAx", verdict.Right, "right", "", ""},
	{"W_{0}x + sBAx", verdict.Right, "right", "", ""},
	{`h = W_0x + \frac{\alpha}{r}BAx`, verdict.Right, "right", "h = W·x + (α/r)·B·A·x", ""},
	{`$h = W_0 x + \frac{\alpha}{r} B A x$`, verdict.Right, "right", "", ""},
	{`h = \mathbf{W}_0 \mathbf{x} + \tfrac{\alpha}{r} \mathbf{B}\mathbf{A}\mathbf{x}`, verdict.Right, "right", "", ""},
	{"h(x) = Wx + sBAx", verdict.Right, "right", "", ""},
	{"f(x) = Wx + sBAx", verdict.Right, "right", "f = W·x + s·B·A·x", ""},
	{"y = Wx + scaling * B A x", verdict.Right, "right", "", ""},
	{"out = W @ x + (lora_alpha / r) * (B @ (A @ x))", verdict.Right, "right", "", ""},
	{"(W + sBA)x", verdict.Right, "right", "h = (W + s·B·A)·x", ""},
	{"h = (W + (α/r)·B·A)·x", verdict.Right, "right", "", ""},
	{"h = Wx + 6BAx", verdict.Right, "right", "", ""},
	{"h = Wx + 12/2 BAx", verdict.Right, "right", "", ""},
	{"Wx + BAx·6.0", verdict.Right, "right", "", ""},
	{"Wx + α r^-1 BAx", verdict.Right, "right", "", ""},
	{"Wx + sB(Ax)", verdict.Right, "right", "h = W·x + s·B(A·x)", ""},
	{"h = Wx − (−s)BAx", verdict.Right, "right", "", ""},
	{"Wx + sBAx = h", verdict.Right, "right", "h = W·x + s·B·A·x", ""},
	{"h = (W+sBA)x = Wx + sBAx", verdict.Right, "right", "", ""},
	{"h = W'x = (W+sBA)x", verdict.Right, "right", "", ""},
	{"h = W'x where W' = W + (alpha/r) B A", verdict.Right, "right", "h = W′·x; W′ = W + (α/r)·B·A", ""},
	{"h = Wx + ΔW x, ΔW = sBA", verdict.Right, "right", "h = W·x + ΔW·x; ΔW = s·B·A", ""},
	{`h = W_0 x + \Delta W x, \Delta W = \frac{\alpha}{r}BA`, verdict.Right, "right", "", ""},
	{"h = Wx + sBAx where s = α/r", verdict.Right, "right", "h = W·x + s·B·A·x; s = α/r", ""},
	{"h = Wx + c BAx with c = alpha / r", verdict.Right, "right", "", ""},
	{"h = Wx + sBAx, with A ∈ R^{r×k} and B ∈ R^{d×r}", verdict.Right, "right", "h = W·x + s·B·A·x", ""},
	{"h = Wx + sBAx, where x is the input", verdict.Right, "right", "", ""},
	{"the layer computes h = Wx + sBAx.", verdict.Right, "right", "", ""},
	{"h = W x + B A x * (alpha / r)", verdict.Right, "right", "", ""},
	{"h = (W0 + alpha/r * B @ A) @ x", verdict.Right, "right", "h = (W + (α/r)·B·A)·x", ""},
	{"h = W x + (12/2) B A x", verdict.Right, "right", "", ""},
	{`h = Wx + \alpha/r \cdot BAx`, verdict.Right, "right", "", ""},
	{"h = W·x + α·B·A·x/r", verdict.Right, "right", "", ""},
	{"h=Wx+(α/r)B(A(x))", verdict.Right, "right", "", ""},
	{"h = W x + alpha / r * (B (A x))", verdict.Right, "right", "", ""},
	{"h = W₀x + ∆Wx where ∆W = (α⁄r)·BA", verdict.Right, "right", "", ""},
	{"ℎ = 𝑊𝑥 + 𝑠𝐵𝐴𝑥", verdict.Right, "right", "h = W·x + s·B·A·x", ""},
	{"h = Wx + sBAx (s = α/r)", verdict.Right, "right", "h = W·x + s·B·A·x; s = α/r", ""},
	{"h = Wx + cBAx (where c = α/r).", verdict.Right, "right", "", ""},
	{"h = Wx + BA x α/r", verdict.Right, "right", "", ""},
	{"np.dot(W, x) + s * np.dot(B, np.dot(A, x))", verdict.Right, "right", "", ""},
	{"(B @ A @ x).mul(s) + W.mm(x)", verdict.Right, "right", "", ""},
	{"y = self.linear(x) + self.lora_B(self.lora_A(x)) * (self.alpha / self.rank)", verdict.Right, "right", "", ""},
	{"h = frozen(x) + s·B(A(x))", verdict.Right, "right", "", ""},
	{"output = F.linear(x, self.weight) + (self.dropout(x) @ self.lora_A.T @ self.lora_B.T) * self.scaling", verdict.Right, "right-rows", "", ""},
	{`h = W_0 x + \Delta W x = W_0 x + BA x`, verdict.Wrong, "scale-missing", "", ""},
	{"h = sBAx + Wx = Wx + BAx", verdict.Wrong, "scale-missing", "", ""},
	{"h = Wx + BAx = Wx + sBAx", verdict.Wrong, "scale-missing", "", ""},
	{"y = base(x) + lora_B(lora_A(x)) * scaling", verdict.Right, "right", "y = W(x) + B(A(x))·s", ""},
	{"result = self.base_layer(x)\nresult = result + self.lora_B(self.lora_A(self.lora_dropout(x))) * self.scaling\nreturn result", verdict.Right, "right", "result = W(x); result = result + B(A(x))·s", ""},
	{"result = base_layer(x)\nresult += lora_B(lora_A(dropout(x))) * scaling", verdict.Right, "right", "", ""},
	{"def forward(self, x):\n    return self.base_layer(x) + self.scaling * self.lora_B(self.lora_A(x))  # PEFT", verdict.Right, "right", "", ""},
	{"torch.matmul(W, x) + s * torch.matmul(B, torch.matmul(A, x))", verdict.Right, "right", "", ""},
	{"W.matmul(x) + s*B.matmul(A).matmul(x)", verdict.Right, "right", "", ""},

	{"x @ W.T + s * x @ A.T @ B.T", verdict.Right, "right-rows", "h = x·Wᵀ + s·x·Aᵀ·Bᵀ", "examples in rows"},
	{"return x @ W.T + (x @ A.T @ B.T) * (lora_alpha / r)", verdict.Right, "right-rows", "", ""},
	{"x Wᵀ + s x Aᵀ Bᵀ", verdict.Right, "right-rows", "", ""},
	{"xW^T + sxA^TB^T", verdict.Right, "right-rows", "", ""},
	{`xW^\top + s x A^{\top} B^{\top}`, verdict.Right, "right-rows", "", ""},
	{"x @ W.t() + s * (x @ A.t()) @ B.t()", verdict.Right, "right-rows", "", ""},
	{"x @ W.transpose(0, 1) + s * x @ (B @ A).T", verdict.Right, "right-rows", "", ""},
	{"x @ (W + s * B @ A).T", verdict.Right, "right-rows", "", ""},
	{"F.linear(x, W) + s * F.linear(F.linear(x, A), B)", verdict.Right, "right-rows", "h = x·Wᵀ + s·x·Aᵀ·Bᵀ", ""},
	{"x @ W.weight.T + self.lora_B(self.lora_A(x)) * self.scaling", verdict.Right, "right-rows", "", ""},
	{"x^T W^T + s x^T A^T B^T", verdict.Right, "right-rows", "", ""},
	{"h = (x^T (W + sBA)^T)^T", verdict.Right, "right", "", ""},

	{"Wx + BAx", verdict.Wrong, "scale-missing", "h = W·x + B·A·x", "the scale is missing; it is α/r, here 6"},
	{"x @ W.T + x @ A.T @ B.T", verdict.Wrong, "scale-missing", "", ""},
	{"h = (W + BA)x", verdict.Wrong, "scale-missing", "", ""},
	{"Wx + αBAx", verdict.Wrong, "scale-alpha", "", "not α alone"},
	{"Wx + (r/α)BAx", verdict.Wrong, "scale-inverted", "", "upside down"},
	{"Wx + BAx/r", verdict.Wrong, "scale-rank", "", ""},
	{"Wx + α·r·BAx", verdict.Wrong, "scale-times-rank", "", ""},
	{"Wx + α/√r BAx", verdict.Wrong, "scale-root", "", "rsLoRA"},
	{"Wx + s²BAx", verdict.Wrong, "scale-twice", "", ""},
	{"h = Wx + sBAx where s = α", verdict.Wrong, "scale-alpha", "", ""},
	{"sBAx", verdict.Wrong, "base-missing", "", "W is missing"},
	{"h = BAx", verdict.Wrong, "base-missing", "", "and the scale is missing"},
	{"Wx", verdict.Wrong, "update-missing", "", ""},
	{"Wx + Wx + sBAx", verdict.Wrong, "base-twice", "", ""},
	{"2Wx + sBAx", verdict.Wrong, "base-twice", "", ""},
	{"Wx - sBAx", verdict.Wrong, "sign", "", "added, not subtracted"},
	{"Wx − BAx", verdict.Wrong, "sign", "", "and the scale is missing"},
	{"sBAx - Wx", verdict.Wrong, "base-sign", "", ""},
	{"Wx + 5BAx", verdict.Wrong, "value", "", "at entry ("},
	{"s(Wx + BAx)", verdict.Wrong, "everything-scaled", "", "the base is not scaled"},
	{"Wx + sABx", verdict.Wrong, "order", "h = W·x + s·A·B·x", "A·B: A is r×k, B is d×r; the inner sizes k and d differ"},
	{"(W + sAB)x", verdict.Wrong, "order", "", ""},
	{"Wx + sBxA", verdict.Wrong, "order", "", "B·x: B is d×r, x is k×n; the inner sizes r and k differ"},
	{"xW + sBAx", verdict.Wrong, "order", "", ""},
	{"x@W + s*x@A@B", verdict.Wrong, "shape", "", "x·W: x is n×k, W is d×k; the inner sizes k and d differ"},
	{"Wx + sA^TB^Tx", verdict.Wrong, "shape", "", ""},
	{"Wx + sBA", verdict.Wrong, "shape", "", "a sum needs equal shapes"},
	{"Wx + s", verdict.Wrong, "shape", "", "a number and a matrix are not added"},
	{"W^T x + sBAx", verdict.Wrong, "shape", "", "Wᵀ·x: Wᵀ is k×d, x is k×n"},
	{"W + sBA", verdict.Wrong, "result-shape", "", "not yet applied to x"},
	{"W' = W + sBA", verdict.Wrong, "result-shape", "", ""},

	{"h = foo", verdict.Invalid, "unknown-symbol", "", "the symbols are W, A, B, x, α, r, s"},
	{"h = Wx + sBAz", verdict.Invalid, "unknown-symbol", "", ""},
	{"wx + sbax", verdict.Invalid, "wrong-case", "", "did you mean W·x"},
	{"h = h + sBAx", verdict.Invalid, "unknown-symbol", "", "before it is defined"},
	{"h = a; a = b1; b1 = a", verdict.Invalid, "unknown-symbol", "", ""},
	{"h", verdict.Invalid, "unknown-symbol", "", ""},
	{"h =", verdict.Invalid, "incomplete", "", ""},
	{"6", verdict.Invalid, "number-for-matrix", "", "h is a matrix"},
	{"α/r", verdict.Invalid, "number-for-matrix", "", ""},
	{"h = Wx / A", verdict.Invalid, "operation", "", "nothing is divided by a matrix"},
	{"h = W^2 x", verdict.Invalid, "operation", "", ""},
	{"h = √W x", verdict.Invalid, "operation", "", ""},
	{"h = Wx/0", verdict.Invalid, "undefined", "", ""},
	{"h = Wx + (α/(r-r)) BAx", verdict.Invalid, "undefined", "", ""},
	{"h - Wx = sBAx", verdict.Invalid, "left-side", "", ""},
	{"h = Wx + s(BAx", verdict.Invalid, "parentheses", "", ""},
	{"h = Wx + W'x", verdict.Invalid, "unknown-symbol", "", "for a transpose"},
	{"h = Wx + softmax(BAx)", verdict.Invalid, "unknown-symbol", "", ""},
	{"h = Wx ? BAx", verdict.Invalid, "unknown-sign", "", ""},
	{"h = W.foo x", verdict.Invalid, "unknown-symbol", "", ".foo"},
}

func TestForward(t *testing.T) {
	q := forward(t)
	q.Misconceptions = []verdict.Misconception{{Note: "everything-scaled", Answer: "s(Wx + BAx)", Words: "the base is not scaled"}}
	verdicttest.Check(t, q, forwardRows)
}

func TestMergedWeight(t *testing.T) {
	layer, _ := liveLayer(t, 6, 9, 4, 2, 6, lora.AlphaOverR, false)
	verdicttest.Check(t, Equation{Key: "W′ = W + (α/r) B A", Layer: layer, Symbolic: true}, []verdicttest.Row{
		{"W' = W + (α/r)BA", verdict.Right, "right", "W′ = W + (α/r)·B·A", "W′ d×k"},
		{"W′ = W_0 + sBA", verdict.Right, "right", "", ""},
		{`W' = W + \frac{\alpha}{r}BA`, verdict.Right, "right", "", ""},
		{`W^\prime = W + sBA`, verdict.Right, "right", "W′ = W + s·B·A", ""},
		{"W + s B A", verdict.Right, "right", "W′ = W + s·B·A", ""},
		{"W_merged = W + s·B·A", verdict.Right, "right", "", ""},
		{"W = W + scaling * B @ A", verdict.Right, "right", "", ""},
		{"W += s * B @ A", verdict.Right, "right", "W = W + s·B·A", ""},
		{"W ← W + sBA", verdict.Right, "right", "", ""},
		{"W.data += self.scaling * (lora_B.weight @ lora_A.weight)", verdict.Right, "right", "", ""},
		{"weight = W + s*B@A", verdict.Right, "right", "", ""},
		{"W' = W + ΔW, ΔW = (α/r)BA", verdict.Right, "right", "", ""},
		{"W'^T = W^T + s A^T B^T", verdict.Right, "right", "W′ᵀ = Wᵀ + s·Aᵀ·Bᵀ", ""},
		{"W′ᵀ = (W + sBA)ᵀ", verdict.Right, "right", "", ""},
		{"The merged weight is W' = W + sBA", verdict.Right, "right", "", ""},
		{"W' = W + 1.5BA", verdict.Partial, "only-these-numbers", "", "α = 6, r = 4"},
		{"W + 6/r BA", verdict.Partial, "only-these-numbers", "", ""},
		{"W' = W + BA", verdict.Wrong, "scale-missing", "", "here 1.5"},
		{"W' = W + 6BA", verdict.Wrong, "scale-alpha", "", "here 1.5"},
		{"W' = sBA", verdict.Wrong, "base-missing", "", ""},
		{"W' = W - sBA", verdict.Wrong, "sign", "", ""},
		{"W' = W + sAB", verdict.Wrong, "order", "", "A·B: A is r×k, B is d×r; the inner sizes k and d differ"},
		{"W.T + s A.T B.T", verdict.Wrong, "transposed", "", "it is W′ᵀ"},
		{"W'^T = W + sBA", verdict.Wrong, "transposed", "", ""},
		{"W' = Wx + sBAx", verdict.Wrong, "result-shape", "", "the weight itself"},
		{"h = Wx + sBAx", verdict.Wrong, "result-shape", "", ""},
	})
	verdicttest.Check(t, Equation{Key: "ΔW = (α/r) B A", Layer: layer}, []verdicttest.Row{
		{"ΔW = (α/r)BA", verdict.Right, "right", "ΔW = (α/r)·B·A", ""},
		{`\Delta W = \frac{\alpha}{r} B A`, verdict.Right, "right", "", ""},
		{"delta_W = s * B @ A", verdict.Right, "right", "", ""},
		{"dW = s * B @ A", verdict.Right, "right", "", ""},
		{"BA·s", verdict.Right, "right", "", ""},
		{"ΔW = BA", verdict.Wrong, "scale-missing", "", ""},
		{"ΔW = W' - W where W' = W + sBA", verdict.Right, "right", "", ""},
		{"ΔW = AB", verdict.Wrong, "shape", "", "inner sizes"},
		{"ΔW = A^T B^T", verdict.Wrong, "transposed", "", ""},
	})
}

func TestForwardWithBias(t *testing.T) {
	layer, h := liveLayer(t, 4, 8, 3, 5, 7, lora.AlphaOverSqrtR, true)
	verdicttest.Check(t, Equation{Key: "h = W x + b + s B A x", Layer: layer, Truth: h}, []verdicttest.Row{
		{"Wx + b + (α/√r)BAx", verdict.Right, "right", "h = W·x + b + (α/√r)·B·A·x", ""},
		{`h = Wx + \frac{\alpha}{\sqrt{r}}BAx + b`, verdict.Right, "right", "", ""},
		{"x @ W.T + bias + s * x @ A.T @ B.T", verdict.Right, "right-rows", "", ""},
		{"F.linear(x, W, b) + s * F.linear(F.linear(x, A), B)", verdict.Right, "right-rows", "", ""},
		{"base(x) + s * B(A(x))", verdict.Right, "right", "h = W(x) + b + s·B(A(x))", ""},
		{"Wx + sBAx", verdict.Wrong, "bias-missing", "", ""},
		{"Wx + b + (α/r)BAx", verdict.Wrong, "scale-no-root", "", "plain LoRA"},
		{"Wx + b", verdict.Wrong, "update-missing", "", ""},
		{"b + sBAx", verdict.Wrong, "base-missing", "", ""},
	})
}

// On a live layer that is square, or whose B is zero, wrong equations agree by
// coincidence. They are wrong all the same.
func TestCoincidencesOfTheLiveLayer(t *testing.T) {
	layer, _ := liveLayer(t, 5, 5, 5, 5, 5, lora.AlphaOverR, false)
	for i := range layer {
		if layer[i].Name == "B" {
			layer[i].Matrix.Zero()
		}
	}
	q := Equation{Key: "h = W x + (α/r) B A x", Layer: layer}
	verdicttest.Check(t, q, []verdicttest.Row{
		{"Wx + sBAx", verdict.Right, "right", "", "difference is 0"},
		{"Wx", verdict.Wrong, "update-missing", "", "agree by coincidence"},
		{"Wx + αBAx", verdict.Wrong, "scale-alpha", "", "agree by coincidence"},
		{"W^T x", verdict.Wrong, "shape", "", "inner sizes"},
		{"Wx + sABx", verdict.Wrong, "order", "", ""},
		{"x @ W.T", verdict.Wrong, "update-missing", "", ""},
		{"x @ W.T + s*x@A.T@B.T", verdict.Right, "right-rows", "", "difference is 0"},
		{"Wx + BAx", verdict.Right, "right", "", ""}, // α/r is 1 here, and numbers are allowed
	})
	q.Symbolic = true
	verdicttest.Check(t, q, []verdicttest.Row{{"Wx + BAx", verdict.Partial, "only-these-numbers", "", "α = 5, r = 5"}})
}

// Without live matrices the drawn ones decide, for any seed.
func TestEquationWithoutALiveLayer(t *testing.T) {
	for seed := range uint64(30) {
		q := Equation{Key: "h = W x + (α/r) B A x", Layer: LoRALayer(nil, nil, nil, nil, 16, 4, "α/r"), Seed: seed}
		for answer, want := range map[string]string{"Wx+sBAx": "right", "x@W.T + s*x@A.T@B.T": "right-rows", "Wx+BAx": "scale-missing", "Wx+sABx": "order"} {
			v, err := q.Grade(answer)
			if err != nil || v.Note != want {
				t.Errorf("seed %d: %s is %s, want %s, %v", seed, answer, v.Note, want, err)
			}
		}
		sizes := map[int]bool{}
		for _, o := range q.Layer.redrawn(seed, true) {
			if o.Name == "W" || o.Name == "x" {
				r, c := o.Matrix.Dims()
				sizes[r], sizes[c] = true, true
			}
			if o.Name == "A" {
				r, _ := o.Matrix.Dims()
				sizes[r] = true
			}
		}
		if len(sizes) != 4 {
			t.Errorf("seed %d: d, k, r, n are %v", seed, sizes)
		}
	}
}

func TestEquationQuestionsThatAreBroken(t *testing.T) {
	q := forward(t)
	other := mat.DenseCopyOf(q.Truth)
	other.Set(0, 0, other.At(0, 0)+1e-3)
	badSize := append(Layer{}, q.Layer...)
	badSize[1].Matrix = mat.NewDense(2, 4, nil)
	noLetters := append(Layer{}, q.Layer...)
	noLetters[0].Rows = ""
	for name, q := range map[string]Equation{
		"key":           {Key: "h = W x +", Layer: q.Layer},
		"key's shapes":  {Key: "h = x W", Layer: q.Layer},
		"key's names":   {Key: "h = V x", Layer: q.Layer},
		"number":        {Key: "s = α/r", Layer: q.Layer},
		"truth":         {Key: q.Key, Layer: q.Layer, Truth: other},
		"truth's shape": {Key: q.Key, Layer: q.Layer, Truth: mat.NewDense(2, 2, nil)},
		"sizes":         {Key: q.Key, Layer: badSize},
		"letters":       {Key: q.Key, Layer: noLetters},
		"scaling":       {Key: q.Key, Layer: LoRALayer(nil, nil, nil, nil, 1, 0, "α/r")},
		"misconception": {Key: q.Key, Layer: q.Layer, Misconceptions: []verdict.Misconception{{Note: "m", Answer: "V x", Words: ""}}},
	} {
		if v, err := q.Grade("2Wx + 3BAx"); err == nil {
			t.Errorf("%s: %+v", name, v)
		} else if !strings.HasPrefix(err.Error(), "algebra: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
