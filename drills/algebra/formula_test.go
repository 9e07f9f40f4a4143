package algebra

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

func loraVsFull() Formula {
	return Formula{
		Key: "r(d+k)", Symbols: Symbols("d", "k", "r"), Seed: 1,
		Live:           map[string]float64{"d": 640, "k": 512, "r": 6},
		Misconceptions: []Misconception{{"product", "r·d·k", "A and B are added, not multiplied: r·k and d·r"}, {"square", "2dr", "that is right only where d = k"}},
	}
}

var formulaRows = []graded{
	{"r(d+k)", Right, "right", "r·(d + k)", "here d=640, k=512, r=6: 6,912"},
	{"r·(d + k)", Right, "right", "r·(d + k)", ""},
	{"r*(d+k)", Right, "right", "r·(d + k)", ""},
	{"r x (d+k)", Invalid, "unknown-symbol", "", "the symbols are d, k, r"},
	{"r × (d+k)", Right, "right", "", ""},
	{"rd + rk", Right, "right", "r·d + r·k", ""},
	{"rd+rk", Right, "right", "", ""},
	{"r d + r k", Right, "right", "", ""},
	{"dr + rk", Right, "right", "", ""},
	{"d*r + r*k", Right, "right", "", ""},
	{"(d+k)r", Right, "right", "(d + k)·r", ""},
	{"(d + k) r.", Right, "right", "", ""},
	{"N = r(d+k)", Right, "right", "N = r·(d + k)", ""},
	{"params = r*d + r*k", Right, "right", "", ""},
	{"trainable params = r*(d+k)", Right, "right", "", ""},
	{"N_A + N_B = rd + rk", Invalid, "unknown-symbol", "", ""},
	{"rank*(d_in + d_out)", Right, "right", "r·(k + d)", ""},
	{"rank * (in_features + out_features)", Right, "right", "", ""},
	{"self.r * (self.in_features + self.out_features)", Right, "right", "", ""},
	{`r \cdot (d + k)`, Right, "right", "", ""},
	{`r\left(d+k\right)`, Right, "right", "", ""},
	{`$r(d+k)$`, Right, "right", "", ""},
	{`\frac{r(d^2-k^2)}{d-k}`, Right, "right", "r·(d² − k²)/(d − k)", ""},
	{"((d+k)^2-(d-k)^2)r(d+k)/(4dk)", Right, "right", "", ""},
	{"r(d²-k²)/(d-k)", Right, "right", "", ""},
	{"r**1*(d+k)", Right, "right", "", ""},
	{"2r(d+k)/2", Right, "right", "", ""},
	{"0.5·2r(d+k)", Right, "right", "", ""},
	{"½·2r(d+k)", Right, "right", "", ""},
	{"1/2 (2rd + 2rk)", Right, "right", "(1/2)·(2·r·d + 2·r·k)", ""},
	{"r(d+k) + 0·α", Invalid, "unknown-symbol", "", "α"},
	{"√(r²)(d+k)", Right, "right", "", ""},
	{"r(d+k)(√2)²/2", Right, "right", "", ""},
	{"-r(-d-k)", Right, "right", "−r·(−d − k)", ""},
	{"r(d--k)", Right, "right", "", ""},

	{"2dr", Wrong, "square", "2·d·r", "yours gives"},
	{"rdk", Wrong, "product", "r·d·k", "added, not multiplied"},
	{"d·k", Wrong, "value", "", "here, at d=640, k=512, r=6, yours gives 327,680, the layer has 6,912"},
	{"dk", Wrong, "value", "d·k", ""},
	{"r(d-k)", Wrong, "value", "", ""},
	{"r+d+k", Wrong, "value", "", ""},
	{"2r(d+k)", Wrong, "double", "", "twice the truth, everywhere"},
	{"r(d+k)/2", Wrong, "half", "", ""},
	{"-r(d+k)", Wrong, "sign", "", ""},
	{"3r(d+k)", Wrong, "factor", "", "everywhere 3 times"},
	{"1000r(d+k)", Wrong, "power-of-ten", "", ""},
	{"r(d+k)/dk", Wrong, "value", "r·(d + k)/(d·k)", ""},
	{"1/(r(d+k))", Wrong, "reciprocal", "", ""},
	{"r(d+k)√2", Wrong, "value", "", ""},
	{"r^d", Wrong, "value", "", ""},
	{"r(d+k)+1", Wrong, "value", "", ""},

	{"36864", Invalid, "number-for-formula", "", "the symbols are d, k, r"},
	{"6(640+512)", Invalid, "number-for-formula", "", ""},
	{"R(d+k)", Invalid, "wrong-case", "", "did you mean r"},
	{"r(D+k)", Invalid, "wrong-case", "", ""},
	{"RD+RK", Invalid, "wrong-case", "", "r·d"},
	{"r(m+n)", Invalid, "unknown-symbol", "", "the symbols are d, k, r"},
	{"alpha/r", Invalid, "unknown-symbol", "", ""},
	{"d2", Invalid, "unknown-symbol", "", "d^2"},
	{"1/r (d+k)", Invalid, "ambiguous", "", "1/(r·(d + k)) or as (1/r)·(d + k)"},
	{"1/r(d+k)", Invalid, "ambiguous", "", ""},
	{"1/2d", Invalid, "ambiguous", "", ""},
	{"d/r k", Invalid, "ambiguous", "", ""},
	{"r/(d-d)", Invalid, "undefined", "", "divides by zero at"},
	{"d^k^d^k", Invalid, "too-large", "", ""},
	{"d^-k^d^k", Invalid, "too-large", "", ""},
	{"√(d-d-1)", Invalid, "undefined", "", ""},
	{"d^(1/3)", Invalid, "power", "", ""},
	{"rᵀ(d+k)", Invalid, "power", "", ""},
	{"r(d+k", Invalid, "parentheses", "", ""},
	{"r(d+k))", Invalid, "parentheses", "", ""},
	{"r(d+)", Invalid, "parentheses", "", ""},
	{"r(d+k) = rd + rk", Right, "right", "r·(d + k) = r·d + r·k", ""},
	{"N = r(d+k) = rd + rk", Right, "right", "N = r·(d + k) = r·d + r·k", ""},
	{"N = r(d+k) = rdk", Wrong, "product", "", ""},
	{"rdk = r(d+k)", Wrong, "product", "", ""},
	{"N = rd = rk", Wrong, "value", "", ""},
	{"N = M = rd + rk", Invalid, "unknown-symbol", "", ""},
	{"= r(d+k)", Invalid, "incomplete", "", ""},
	{"N =", Invalid, "incomplete", "", ""},
	{"d,k", Invalid, "unexpected", "", ""},
	{"d < k", Invalid, "unknown-sign", "", ""},
	{`\sum d`, Invalid, "unknown-command", "", ""},
	{`\frac d k`, Invalid, "frac", "", ""},
	{"d k 3", Invalid, "two-numbers", "", ""},
}

func TestFormula(t *testing.T) { check(t, loraVsFull(), formulaRows) }

func TestFormulaWithRoots(t *testing.T) {
	check(t, Formula{Key: "α/√r", Symbols: Symbols("α", "r"), Seed: 4}, []graded{
		{"α/√r", Right, "right", "α/√r", ""},
		{"alpha/sqrt(r)", Right, "right", "α/√r", ""},
		{`\frac{\alpha}{\sqrt{r}}`, Right, "right", "", ""},
		{"alpha / r^0.5", Right, "right", "", ""},
		{"alpha r^(-1/2)", Right, "right", "", ""},
		{"α√r/r", Right, "right", "", ""},
		{"lora_alpha / math.sqrt(r)", Right, "right", "", ""},
		{"s = α/√r", Right, "right", "s = α/√r", ""},
		{"α/r", Wrong, "value", "", "yours gives"},
		{"α/√r·1.0000000001", Wrong, "value", "", ""},
		{"√(α/r)", Wrong, "value", "", ""},
		{"Alpha/√r", Invalid, "wrong-case", "", ""},
	})
}

func TestFormulaOverManySymbols(t *testing.T) {
	check(t, Formula{Key: "L·N_A·r(d+k)/(dk)", Symbols: Symbols("d", "k", "r", "L", "N_A"), Seed: 5}, []graded{
		{"L N_A r (d+k)/(dk)", Right, "right", "L·N_A·r·(d + k)/(d·k)", ""},
		{"LN_Ar(d+k)/dk", Right, "right", "", ""},
		{`\frac{L N_A r (d+k)}{d k}`, Right, "right", "", ""},
		{`L N_{A} r (1/d + 1/k)`, Right, "right", "", ""},
		{"L·N_A·r·(d+k)", Wrong, "value", "", ""},
		{"L·N_B·r", Invalid, "unknown-symbol", "", "d, k, r, L, N_A"},
	})
}

// The counterexample is one: whoever computes it by hand gets the two numbers.
func TestCounterexampleIsTrue(t *testing.T) {
	for seed := range uint64(40) {
		q := loraVsFull()
		q.Seed, q.Live, q.Misconceptions = seed, nil, nil
		v, err := q.Grade("2dr")
		if err != nil || v.Status != Wrong {
			t.Fatal(v, err)
		}
		var d, k, r, yours, truth int
		if _, err := fmt.Sscanf(v.Feedback[0], "at d=%d, k=%d, r=%d yours gives %d, the layer has %d", &d, &k, &r, &yours, &truth); err != nil {
			t.Fatalf("%q: %v", v.Feedback[0], err)
		}
		if yours != 2*d*r || truth != r*(d+k) || yours == truth {
			t.Errorf("seed %d: %s", seed, v.Feedback[0])
		}
	}
}

func TestPointsAreDistinctPrimesWithASmallRank(t *testing.T) {
	symbols := Symbols("d", "k", "r", "n")
	for seed := range uint64(20) {
		points := drawPoints(seed, symbols)
		if len(points) < 8 {
			t.Fatalf("%d points", len(points))
		}
		for _, p := range points {
			seen := map[string]bool{}
			for name, v := range p {
				if !v.IsInt() || !v.Num().ProbablyPrime(10) || seen[v.String()] {
					t.Errorf("seed %d: %s = %s", seed, name, v)
				}
				seen[v.String()] = true
				if name != "r" && p["r"].Cmp(v) >= 0 {
					t.Errorf("seed %d: r = %s is not below %s = %s", seed, p["r"], name, v)
				}
			}
			if len(p) != len(symbols) {
				t.Errorf("seed %d: point %v", seed, p)
			}
		}
	}
}

func TestFormulaQuestionsThatAreBroken(t *testing.T) {
	for name, q := range map[string]Formula{
		"key":           {Key: "r(", Symbols: Symbols("r")},
		"key's symbols": {Key: "r·d", Symbols: Symbols("r")},
		"key nowhere":   {Key: "r/0", Symbols: Symbols("r")},
		"misconception": {Key: "r", Symbols: Symbols("r"), Misconceptions: []Misconception{{"m", "d", ""}}},
	} {
		if v, err := q.Grade("r+1"); err == nil {
			t.Errorf("%s: %+v", name, v)
		} else if !strings.HasPrefix(err.Error(), "algebra: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Printing and reading again changes no value.
func TestEchoReadsBack(t *testing.T) {
	words := newVocabulary(Symbols("d", "k", "r"))
	points := drawPoints(9, Symbols("d", "k", "r"))
	for _, row := range formulaRows {
		first, err := readFormula(row.answer, words)
		if err != nil {
			continue
		}
		second, err := readFormula(first.tree().String(), words)
		if err != nil {
			t.Errorf("%s is shown as %s: %v", row.answer, first.tree(), err)
			continue
		}
		for _, p := range points {
			a, errA := evaluate(first.tree(), p)
			b, errB := evaluate(second.tree(), p)
			if (errA == nil) != (errB == nil) || errA == nil && !a.equal(b) {
				t.Errorf("%s is shown as %s, which is another value", row.answer, first.tree())
			}
		}
	}
}

func TestQuantities(t *testing.T) {
	for text, want := range map[string]string{"1234567": "1,234,567", "-4096": "−4,096", "1/3": "1/3", "1e-15": "1·10⁻¹⁵", "12345678901234567890123456789012345678901234567890": "1.23457·10⁴⁹"} {
		r, ok := new(big.Rat).SetString(text)
		if got := (quantity{rat: r}).String(); !ok || got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
}
