package algebra

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"loralab/drills/verdict"
	"loralab/drills/verdict/verdicttest"
)

func loraVsFull() Formula {
	return Formula{
		Key: "r(d+k)", Symbols: Symbols("d", "k", "r"), Seed: 1,
		Live: map[string]float64{"d": 640, "k": 512, "r": 6},
		Misconceptions: []verdict.Misconception{
			{Note: "product", Answer: "r·d·k", Words: "A and B are added, not multiplied: r·k and d·r"},
			{Note: "square", Answer: "2dr", Words: "that is right only where d = k"},
		},
	}
}

var formulaRows = []verdicttest.Row{
	{"r(d+k)", verdict.Right, "right", "r·(d + k)", "here d=640, k=512, r=6: 6,912"},
	{"r·(d + k)", verdict.Right, "right", "r·(d + k)", ""},
	{"r*(d+k)", verdict.Right, "right", "r·(d + k)", ""},
	{"r x (d+k)", verdict.Invalid, "unknown-symbol", "", "the symbols are d, k, r"},
	{"r × (d+k)", verdict.Right, "right", "", ""},
	{"rd + rk", verdict.Right, "right", "r·d + r·k", ""},
	{"rd+rk", verdict.Right, "right", "", ""},
	{"r d + r k", verdict.Right, "right", "", ""},
	{"dr + rk", verdict.Right, "right", "", ""},
	{"d*r + r*k", verdict.Right, "right", "", ""},
	{"(d+k)r", verdict.Right, "right", "(d + k)·r", ""},
	{"(d + k) r.", verdict.Right, "right", "", ""},
	{"N = r(d+k)", verdict.Right, "right", "N = r·(d + k)", ""},
	{"params = r*d + r*k", verdict.Right, "right", "", ""},
	{"trainable params = r*(d+k)", verdict.Right, "right", "", ""},
	{"N_A + N_B = rd + rk", verdict.Invalid, "unknown-symbol", "", ""},
	{"rank*(d_in + d_out)", verdict.Right, "right", "r·(k + d)", ""},
	{"rank * (in_features + out_features)", verdict.Right, "right", "", ""},
	{"self.r * (self.in_features + self.out_features)", verdict.Right, "right", "", ""},
	{`r \cdot (d + k)`, verdict.Right, "right", "", ""},
	{`r\left(d+k\right)`, verdict.Right, "right", "", ""},
	{`$r(d+k)$`, verdict.Right, "right", "", ""},
	{`\frac{r(d^2-k^2)}{d-k}`, verdict.Right, "right", "r·(d² − k²)/(d − k)", ""},
	{"((d+k)^2-(d-k)^2)r(d+k)/(4dk)", verdict.Right, "right", "", ""},
	{"r(d²-k²)/(d-k)", verdict.Right, "right", "", ""},
	{"r**1*(d+k)", verdict.Right, "right", "", ""},
	{"2r(d+k)/2", verdict.Right, "right", "", ""},
	{"0.5·2r(d+k)", verdict.Right, "right", "", ""},
	{"½·2r(d+k)", verdict.Right, "right", "", ""},
	{"1/2 (2rd + 2rk)", verdict.Right, "right", "(1/2)·(2·r·d + 2·r·k)", ""},
	{"r(d+k) + 0·α", verdict.Invalid, "unknown-symbol", "", "α"},
	{"√(r²)(d+k)", verdict.Right, "right", "", ""},
	{"r(d+k)(√2)²/2", verdict.Right, "right", "", ""},
	{"-r(-d-k)", verdict.Right, "right", "−r·(−d − k)", ""},
	{"r(d--k)", verdict.Right, "right", "", ""},

	{"2dr", verdict.Wrong, "square", "2·d·r", "yours gives"},
	{"rdk", verdict.Wrong, "product", "r·d·k", "added, not multiplied"},
	{"d·k", verdict.Wrong, "value", "", "here, at d=640, k=512, r=6, yours gives 327,680, the layer has 6,912"},
	{"dk", verdict.Wrong, "value", "d·k", ""},
	{"r(d-k)", verdict.Wrong, "value", "", ""},
	{"r+d+k", verdict.Wrong, "value", "", ""},
	{"2r(d+k)", verdict.Wrong, "double", "", "twice the truth, everywhere"},
	{"r(d+k)/2", verdict.Wrong, "half", "", ""},
	{"-r(d+k)", verdict.Wrong, "sign", "", ""},
	{"3r(d+k)", verdict.Wrong, "factor", "", "everywhere 3 times"},
	{"1000r(d+k)", verdict.Wrong, "power-of-ten", "", ""},
	{"r(d+k)/dk", verdict.Wrong, "value", "r·(d + k)/(d·k)", ""},
	{"1/(r(d+k))", verdict.Wrong, "reciprocal", "", ""},
	{"r(d+k)√2", verdict.Wrong, "value", "", ""},
	{"r^d", verdict.Wrong, "value", "", ""},
	{"r(d+k)+1", verdict.Wrong, "value", "", ""},

	{"36864", verdict.Invalid, "number-for-formula", "", "the symbols are d, k, r"},
	{"6(640+512)", verdict.Invalid, "number-for-formula", "", ""},
	{"R(d+k)", verdict.Invalid, "wrong-case", "", "did you mean r"},
	{"r(D+k)", verdict.Invalid, "wrong-case", "", ""},
	{"RD+RK", verdict.Invalid, "wrong-case", "", "r·d"},
	{"r(m+n)", verdict.Invalid, "unknown-symbol", "", "the symbols are d, k, r"},
	{"alpha/r", verdict.Invalid, "unknown-symbol", "", ""},
	{"d2", verdict.Invalid, "unknown-symbol", "", "d^2"},
	{"1/r (d+k)", verdict.Invalid, "ambiguous", "", "1/(r·(d + k)) or as (1/r)·(d + k)"},
	{"1/r(d+k)", verdict.Invalid, "ambiguous", "", ""},
	{"1/2d", verdict.Invalid, "ambiguous", "", ""},
	{"d/r k", verdict.Invalid, "ambiguous", "", ""},
	{"r/(d-d)", verdict.Invalid, "undefined", "", "divides by zero at"},
	{"d^k^d^k", verdict.Invalid, "too-large", "", ""},
	{"d^-k^d^k", verdict.Invalid, "too-large", "", ""},
	{"√(d-d-1)", verdict.Invalid, "undefined", "", ""},
	{"d^(1/3)", verdict.Invalid, "power", "", ""},
	{"rᵀ(d+k)", verdict.Invalid, "power", "", ""},
	{"r(d+k", verdict.Invalid, "parentheses", "", ""},
	{"r(d+k))", verdict.Invalid, "parentheses", "", ""},
	{"r(d+)", verdict.Invalid, "parentheses", "", ""},
	{"r(d+k) = rd + rk", verdict.Right, "right", "r·(d + k) = r·d + r·k", ""},
	{"N = r(d+k) = rd + rk", verdict.Right, "right", "N = r·(d + k) = r·d + r·k", ""},
	{"N = r(d+k) = rdk", verdict.Wrong, "product", "", ""},
	{"rdk = r(d+k)", verdict.Wrong, "product", "", ""},
	{"N = rd = rk", verdict.Wrong, "value", "", ""},
	{"N = M = rd + rk", verdict.Invalid, "unknown-symbol", "", ""},
	{"= r(d+k)", verdict.Invalid, "incomplete", "", ""},
	{"N =", verdict.Invalid, "incomplete", "", ""},
	{"d,k", verdict.Invalid, "unexpected", "", ""},
	{"d < k", verdict.Invalid, "unknown-sign", "", ""},
	{`\sum d`, verdict.Invalid, "unknown-command", "", ""},
	{`\frac d k`, verdict.Invalid, "frac", "", ""},
	{"d k 3", verdict.Invalid, "two-numbers", "", ""},
}

func TestFormula(t *testing.T) { verdicttest.Check(t, loraVsFull(), formulaRows) }

func TestFormulaWithRoots(t *testing.T) {
	verdicttest.Check(t, Formula{Key: "α/√r", Symbols: Symbols("α", "r"), Seed: 4}, []verdicttest.Row{
		{"α/√r", verdict.Right, "right", "α/√r", ""},
		{"alpha/sqrt(r)", verdict.Right, "right", "α/√r", ""},
		{`\frac{\alpha}{\sqrt{r}}`, verdict.Right, "right", "", ""},
		{"alpha / r^0.5", verdict.Right, "right", "", ""},
		{"alpha r^(-1/2)", verdict.Right, "right", "", ""},
		{"α√r/r", verdict.Right, "right", "", ""},
		{"lora_alpha / math.sqrt(r)", verdict.Right, "right", "", ""},
		{"s = α/√r", verdict.Right, "right", "s = α/√r", ""},
		{"α/r", verdict.Wrong, "value", "", "yours gives"},
		{"α/√r·1.0000000001", verdict.Wrong, "value", "", ""},
		{"√(α/r)", verdict.Wrong, "value", "", ""},
		{"Alpha/√r", verdict.Invalid, "wrong-case", "", ""},
	})
}

func TestFormulaOverManySymbols(t *testing.T) {
	verdicttest.Check(t, Formula{Key: "L·N_A·r(d+k)/(dk)", Symbols: Symbols("d", "k", "r", "L", "N_A"), Seed: 5}, []verdicttest.Row{
		{"L N_A r (d+k)/(dk)", verdict.Right, "right", "L·N_A·r·(d + k)/(d·k)", ""},
		{"LN_Ar(d+k)/dk", verdict.Right, "right", "", ""},
		{`\frac{L N_A r (d+k)}{d k}`, verdict.Right, "right", "", ""},
		{`L N_{A} r (1/d + 1/k)`, verdict.Right, "right", "", ""},
		{"L·N_A·r·(d+k)", verdict.Wrong, "value", "", ""},
		{"L·N_B·r", verdict.Invalid, "unknown-symbol", "", "d, k, r, L, N_A"},
	})
}

// The counterexample is one: whoever computes it by hand gets the two numbers.
func TestCounterexampleIsTrue(t *testing.T) {
	for seed := range uint64(40) {
		q := loraVsFull()
		q.Seed, q.Live, q.Misconceptions = seed, nil, nil
		v, err := q.Grade("2dr")
		if err != nil || v.Status != verdict.Wrong {
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
		"misconception": {Key: "r", Symbols: Symbols("r"), Misconceptions: []verdict.Misconception{{Note: "m", Answer: "d", Words: ""}}},
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
		first, err := readFormula(row.Answer, words)
		if err != nil {
			continue
		}
		second, err := readFormula(first.tree().String(), words)
		if err != nil {
			t.Errorf("%s is shown as %s: %v", row.Answer, first.tree(), err)
			continue
		}
		for _, p := range points {
			a, errA := evaluate(first.tree(), p)
			b, errB := evaluate(second.tree(), p)
			if (errA == nil) != (errB == nil) || errA == nil && !a.equal(b) {
				t.Errorf("%s is shown as %s, which is another value", row.Answer, first.tree())
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
