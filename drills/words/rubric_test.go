package words

import (
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"loralab/drills/verdict"
	"loralab/drills/verdict/verdicttest"
)

func compile(t testing.TB, r Rubric) *Matcher {
	t.Helper()
	m, err := r.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func readRubric(t testing.TB, file string) *Matcher {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var q Rubric
	if err := yaml.Unmarshal(data, &q); err != nil {
		t.Fatal(err)
	}
	return compile(t, q)
}

// whyBZero is how people write. For every answer the points b-zero, base,
// a-random, gradient: H hit, . missed, X contradicted, ? either will do.
var whyBZero = []struct{ name, answer, want string }{
	{"textbook", "B is initialised to zeros so BA = 0 and the model starts as the base model", "HH.."},
	{"paper", "We use a random Gaussian initialization for A and zero for B, so ΔW = BA is zero at the beginning of training.", "HHH."},
	{"step 0", "so that the update is zero at step 0", ".H.."},
	{"A random why", "A is random gaussian, otherwise no gradient would flow", "..HH"},
	{"full", "B starts at zero, so the product BA is zero and the model is exactly the pretrained model at step 0. A is random, because if both were zero no gradient would reach either of them.", "HHHH"},
	{"reversed", "A is zero and B random", "X.X."},
	{"reversed with full verbs", "A is initialized with zeros while B is drawn from a Gaussian", "X.X."},
	{"reversed other order", "B is random and A is zero", "X.X."},
	{"reversed in nouns", "random init for B and zero init for A", "X.X."},
	{"reversed terse", "A=0, B random", "X.X."},
	{"reversed equals", "A = 0, B ~ N(0, σ²)", "X.X."},
	{"respectively", "A and B are random and zero respectively", "H.H."},
	{"respectively reversed", "A and B are initialised to zero and randomly, respectively", "X.X."},
	{"both zero stated", "A and B are both zero", "X.X."},
	{"both zero stated 2", "both matrices start at zero", "X.X."},
	{"both supposed", "if both were zero nothing would train", "...H"},
	{"both supposed flowing", "nothing would ever train if A and B were both zero", "...H"},
	{"symbols", "B=0 => BA=0 => h=Wx at init", "HH.."},
	{"symbols 2", "B = 0, A ~ N(0, σ^2)", "H.H."},
	{"symbols 3", "A ~ N(0,1), B = 0 so sBA = 0", "HHH."},
	{"small letters", "b is zero and a is random", "H.H."},
	{"small letters 2", "b starts at 0, a is gaussian so the update is zero", "HHH."},
	{"lora names", "lora_B is zeros, lora_A is kaiming uniform", "H.H."},
	{"projections", "the up projection is zero and the down-projection is random", "H.H."},
	{"adjective", "zero B and random A", "H.H."},
	{"adjective with verb", "we start with zero B and random A", "H.H."},
	{"zero-initialised", "zero-initialised B means the adapter adds nothing", "HH.."},
	{"noun", "Zeros in B, Gaussian noise in A.", "H.H."},
	{"for", "zero init for B, random init for A", "H.H."},
	{"set", "set B to zero and A to random values", "H.H."},
	{"inherit it", "B starts at zero. It adds nothing at first.", "HH.."},
	{"the other", "B is zero and the other is random", "H.H."},
	{"negated B", "B is not zero", "X..."},
	{"negated B 2", "B isn't zero at the start", "X..."},
	{"never", "B is never zero", "X..."},
	{"nonzero B", "B is non-zero", "X..."},
	{"nonzero A", "A is nonzero", "..H."},
	{"A isn't zero", "A isn't zero", "..H."},
	{"not A", "B, not A, is zero", "H..."},
	{"rather than", "B rather than A is zero", "H..."},
	{"unlike", "unlike A, B is zero", "H..."},
	{"A is not", "B is zero, A is not", "H..."},
	{"product is not B", "BA is zero", ".H.."},
	{"product", "the product B·A is zero at t=0", ".H.."},
	{"product of", "the product of B and A is zero", ".H.."},
	{"delta", "ΔW = 0 at initialization", ".H.."},
	{"delta is not zero", "ΔW is not zero at initialization", ".X.."},
	{"same function", "the model starts identical to the base model", ".H.."},
	{"unchanged", "so the pretrained model is unchanged when training begins", ".H.."},
	{"no change", "so the adapter does not change the output at first", ".H.."},
	{"does not disturb", "it doesn't perturb the pretrained network", ".H.."},
	{"contributes nothing", "the adapter contributes nothing initially", ".H.."},
	{"adds zero", "because B = 0 the adapter adds zero", "HH.."},
	{"reversed cause", "gradients vanish because B is zero", "H..X"},
	{"reversed cause with so", "B is zero, so the gradients vanish", "H..X"},
	{"reversed since", "since B is zero the gradients vanish", "H..?"},
	{"true cause", "the gradient of A is zero because B is zero", "H..H"},
	{"true cause symbols", "∂L/∂A = 0 because B = 0", "H..H"},
	{"gradient of A is no zero A", "the gradient of A is zero at step 0", "...H"},
	{"A's gradient", "A's gradient is zero at first, B's is not", "...H"},
	{"stuck", "if A were zero too, both gradients would vanish and training would be stuck", "...H"},
	{"symmetry", "A must be random to break the symmetry", "..HH"},
	{"can't both", "they can't both be zero, or nothing would train", "...H"},
	{"must not", "A must not be zero", "..H."},
	{"cannot", "A cannot be zero since no gradient would flow then", "..HH"},
	{"otherwise", "Otherwise no gradient would flow.", "...H"},
	{"A so that B", "A is random so that B gets a nonzero gradient", "..HH"},
	{"list", "- B: zeros\n- A: random", "H.H."},
	{"list with dashes", "B – zeros; A – Kaiming", "H.H."},
	{"parentheses", "B (zeros) and A (random)", "H.H."},
	{"parentheses not", "B (not A) is zero", "H..."},
	{"article", "A random matrix is used", "...."},
	{"article 2", "A low-rank update is added to W", "...."},
	{"A first", "A random, B zero", "H.H."},
	{"A gaussian", "A gaussian and B zero", "H.H."},
	{"bias is random", "B is zero, the bias is random", "H..."},
	{"zero mean", "A is drawn from a zero-mean Gaussian", "..H."},
	{"zero mean 2", "A is Gaussian with mean zero", "..H."},
	{"question of step zero", "at step zero A is random", "..H."},
	{"not only", "not only is A random, B is zero", "H.H."},
	{"no longer", "B is no longer zero after the first step", "?..."},
	{"merged away", "W stays frozen", "...."},
	{"irrelevant", "LoRA has fewer parameters", "...."},
	{"mixed", "A is zero, no wait, B is zero", "X.X."},
	{"wrong update", "the update BA is random at the start", ".X.."},
	{"hypothetical B", "if B were random the model would start perturbed", "...."},
	{"hypothetical with", "with both zero nothing would learn", "...H"},
	{"gerund", "setting both to zero would kill the gradient", "...?"},
	{"exactly", "so the network is exactly the pretrained one", ".H.."},
	{"W alone", "at the beginning h is Wx, so W alone", ".H.."},
	{"contraction", "B's zero so there's no change at first", "?H.."},
	{"initialized at", "matrix B is initialized at 0 and matrix A at random", "H.H."},
	{"initialised from", "A is initialised from a normal distribution, B with zeros", "H.H."},
	{"values", "all entries of B are 0", "H..."},
	{"gets", "B gets zeros, A gets noise", "H.H."},
	{"one of them", "one of them is zero", "...."},
	{"only one", "only B is zero", "H..."},
	{"zero matrix", "B is the zero matrix", "H..."},
	{"zero out", "we zero out B", "H..."},
	{"uppercase", "B IS ZERO AND A IS RANDOM", "H.H."},
	{"question marks", "B zero? yes. A random? yes.", "H.H."},
	{"no comma", "B is zero A is random", "H.H."},
	{"dutch style", "B=0;A=random", "H.H."},
	{"latex", `$B = 0$ and $A \sim \mathcal{N}(0, \sigma^2)$, so $\Delta W = BA = 0$`, "HHH."},
	{"long", "In LoRA the matrix A is initialised with random Gaussian values whereas B is initialised with zeros. Therefore the product is zero at the start of training and the output of the layer is identical to the output of the frozen base layer.", "HHH."},
	{"which", "B, which is zero at first, makes the update vanish", "H?.."},
	{"multiplied", "A is multiplied by B, which is zero", "H..."},
	{"neither", "neither A nor B is zero", "X.H."},
	{"double negation", "B is not nonzero", "?..."},
	{"without", "without a zero B the model would be perturbed", "...."},
	{"noise", "B is zeros → no noise is injected into the pretrained model at step 0", "H?.."},
	{"gradient B", "the gradient of B is nonzero because A is random", "..HH"},
	{"it is B that", "It's B that is zero, A is random", "H.H."},
	{"LoRA branch", "Because B is all zeros at init, the LoRA branch outputs zero so the model behaves like the original", "H?.."},
	{"starts from pretrained", "B = 0 so that training starts from the pretrained weights; if A was also 0 then no gradients", "HH.H"},
	{"if both A and B", "If both A and B are zero, the gradients of both are zero and nothing will ever learn", "...H"},
	{"sentences", "A gets Kaiming init. B gets zeros. So at the start the model equals the base.", "HHH."},
	{"but not both", "One of the matrices (B) has to be zero so that delta W is zero, but not both because then gradients are zero", "HH.H"},
	{"depends on A", "dL/dB depends on A, so if A=0 there'd be no gradient to B", "...H"},
	{"no effect", "B starts at zero which means that LoRA has no effect at initialization", "HH.."},
	{"not zero because", "A is not zero because otherwise both gradients would be zero", "..HH"},
	{"sampled", "B is initialised to 0 while A is sampled from N(0, 1/r)", "H.H."},
	{"saddle", "A and B both being zero would be a saddle point", "...H"},
	{"keeps equal", "Starting B at 0 keeps the model equal to the pretrained one at step 0", "HH.."},
	{"I think reversed", "I think A is zero and B is Gaussian so the product is zero", "XHX."},
	{"reversed three clauses", "A is initialised to zero so BA is zero, B is random", "XHX."},
	{"random B yet zero product", "B is random, so that BA = 0", "XH.."},
	{"W is zero", "W is zero", "...."},
	{"colons", "A: N(0,σ²); B: 0", "H.H."},
	{"do not disturb", "We don't want to disturb the model at the start so B is zeros, and random A lets gradients flow", "HHHH"},
	{"set as", "B is set as zeros, A random so gradient to B nonzero", "H.HH"},
	{"the A matrix", "the A matrix is random normal and the B matrix is zeros", "H.H."},
	{"the matrix A", "the matrix A is normally distributed, the matrix B zero", "H.H."},
	{"B A x", "B is initialised as a zero matrix, so initially B·A·x = 0", "HH.."},
	{"isn't but", "B isn't initialised randomly but with zeros", "H..."},
	{"not but", "B is not random but zero", "H..."},
	{"A not but", "A is not zero but random", "..H."},
	{"which one", "it would not matter which one is zero", "...."},
	{"zero-init", "Zero-init for B makes ΔW zero", "HH.."},
	{"A may not", "B must be zero; A may not", "H..."},
	{"anything nonzero", "A can be anything nonzero", "..H."},
	{"does not start", "B does not start at zero", "X..."},
	{"doesn't begin", "B doesn't begin as zeros", "X..."},
	{"no zero in B", "There is no zero in B", "X..."},
}

// latency is the points none, merge, unmerged of a question that turns on
// negation.
var latency = []struct{ name, answer, want string }{
	{"none", "No extra latency, because BA is merged into W.", "HH."},
	{"no after", "It adds no latency after merging", "HH."},
	{"zero overhead", "There's zero inference overhead once you fold BA into W", "HH."},
	{"reversed", "Merged LoRA still adds latency", "XH."},
	{"don't merge", "If you don't merge there is extra latency", "..H"},
	{"without merging", "Without merging there are two extra small matmuls, merged there are none", ".HH"},
	{"does not", "LoRA does not add latency since the adapter is merged into the base weights", "HH."},
	{"adds", "it adds latency", "..."},
	{"unmerged", "unmerged it costs two small extra products; merged it's free", ".HH"},
	{"same", "the latency is the same as the base model as W' = W + sBA", "H.."},
	{"removes", "merging removes the latency", "HH."},
	{"eliminates", "merge eliminates overhead", "HH."},
	{"can't", "you can't merge so it is slower", ".XH"},
	{"apart", "kept separate it's slower, but folding it into W avoids any overhead", "HHH"},
	{"computed once", "W' = W + BA is computed once, so no overhead at inference", "H.."},
	{"never", "never any latency: fuse the adapter into the weight", "HH."},
	{"without latency", "BA is added to W, without any latency", "HH."},
	{"yes", "yes, always", "..."},
}

// table grades the rows of a rubric and compares point by point.
func table(t *testing.T, q *Matcher, rows []struct{ name, answer, want string }) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			v, err := q.Grade(row.answer)
			if err != nil {
				t.Fatal(err)
			}
			verdicttest.WellFormed(t, v)
			var got strings.Builder
			for i, p := range v.Points {
				c := [...]byte{verdict.Missed: '.', verdict.Contradicted: 'X', verdict.Hit: 'H'}[p.State]
				if row.want[i] == '?' {
					c = '?'
				}
				got.WriteByte(c)
				if (p.State == verdict.Missed) != (len(p.Quotes) == 0) {
					t.Errorf("point %s is %v with the words %q", p.ID, p.State, p.Quotes)
				}
				for _, words := range p.Quotes {
					if !strings.Contains(row.answer, words) {
						t.Errorf("point %s: %q is not in the answer", p.ID, words)
					}
				}
			}
			if got.String() != row.want {
				t.Errorf("%s\n got %s, want %s\n %+v", row.answer, got.String(), row.want, v.Feedback)
			}
		})
	}
}

func TestRubricHearsWhatPeopleWrite(t *testing.T) {
	table(t, readRubric(t, "why_b_zero.yaml"), whyBZero)
}

func TestRubricTurnsOnNegation(t *testing.T) { table(t, readRubric(t, "latency.yaml"), latency) }

func TestPatterns(t *testing.T) {
	for _, row := range []struct {
		pattern, answer string
		match           bool
	}{
		{"B: zero", "B is zero", true},
		{"B: zero", "A is zero", false},
		{"B & zero", "zero is what B is", true},
		{"B & zero", "A is zero and B random", false},
		{"B + zero", "A is zero and B random", true},
		{"A: zero + B: random", "A is zero and B random", true},
		{"A: zero & B: random", "A is zero and B random", false},
		{"init*", "it is initialised", true},
		{"initialisation", "it is initialized", true},
		{"initialised", "the initialization", true},
		{"merge", "after merging", true},
		{`"low rank"`, "a low rank update", true},
		{`"low rank"`, "a low-rank update", true},
		{`"low rank"`, "the rank is low", false},
		{"latency", "no latency", false},
		{"not latency", "no latency", true},
		{"not latency", "no extra latency", true},
		{"not latency", "zero latency", true},
		{"not latency", "it doesn't add any latency", true},
		{"not latency", "latency", false},
		{"~latency", "no latency", true},
		{"not (latency|cost)", "without a cost", true},
		{"not (latency|cost)", "with a cost", false},
		{"memory & -latency", "less memory", true},
		{"memory & -latency", "less memory and no latency", true},
		{"memory & -latency", "less memory no latency", false},
		{"small > large", "from small to large", true},
		{"small > large", "from large to small", false},
		{"frozen|fixed", "W is fixed", true},
		{"W: frozen", "W stays frozen", true},
		{"W: frozen", "W is not frozen", false},
		{"slow", "it would be slow", false},
		{"if slow", "it would be slow", true},
		{"same <- B: zero", "the model is the same because B is zero", true},
		{"same <- B: zero", "B is zero, so the model is the same", true},
		{"same <- B: zero", "B is zero. Therefore the model is the same", true},
		{"same <- B: zero", "since B is zero, the model is the same", true},
		{"same <- B: zero", "B is zero because the model is the same", false},
		{"same <- B: zero", "B is zero but the model is the same", false},
		{"both: zero", "A and B are zero", true},
		{"both: zero", "both are zero", true},
		{"both: zero", "B is zero", false},
		{"A: zero", "A and B are zero", true},
		{"gradient: zero", "the gradient of A is zero", true},
		{"A: zero", "the gradient of A is zero", false},
		{"rotor: fast", "the rotor is fast", true},
		{"rotor: fast", "B is fast", false},
		{"quick", "it is speedy", true},
	} {
		q := compile(t, Rubric{
			Points:   []Point{{ID: "p", Words: "it", Hit: []string{row.pattern}}},
			Synonyms: map[string][]string{"quick": {"speedy", "brisk"}}, Subjects: map[string][]string{"rotor": {"rotors"}},
		})
		v, err := q.Grade(row.answer)
		if err != nil || (v.Status == verdict.Right) != row.match {
			t.Errorf("%s in %q: %v, want %v, %v", row.pattern, row.answer, v.Status, row.match, err)
		}
	}
}

func TestPatternsThatAreNone(t *testing.T) {
	for _, pattern := range []string{"", "&", "a &", "a | ", "(a", "a)", "(a & b)", `"a`, `""`, "zero: B", "a <-", "a <- b <- c", "a + ", "-", "~", "not", "a, b", "B:", ": zero", "if", "((((((((((a))))))))))"} {
		_, err := Rubric{Points: []Point{{ID: "p", Hit: []string{pattern}}}}.Compile()
		if err == nil {
			t.Errorf("%q is a pattern", pattern)
			continue
		}
		if !strings.Contains(err.Error(), "point p") {
			t.Errorf("%q: %v", pattern, err)
		}
	}
	for _, r := range []Rubric{
		{}, {Points: []Point{{ID: "p"}}},
		{Points: []Point{{ID: "p", Hit: []string{"a"}}}, Misconceptions: []Misconception{{Note: "m"}}},
	} {
		if _, err := r.Compile(); err == nil {
			t.Errorf("%+v is accepted, though nothing can hit it", r)
		}
	}
}

func TestRubricScore(t *testing.T) {
	q := Rubric{Points: []Point{
		{ID: "red", Words: "red", Hit: []string{"red"}, Weight: 3},
		{ID: "green", Words: "green", Hit: []string{"green"}, Miss: []string{"not green"}},
	}}
	for _, row := range []struct {
		answer, note string
		need         int
		status       verdict.Status
		score        float64
	}{
		{"red and green", "right", 0, verdict.Right, 1},
		{"red", "missed-green", 0, verdict.Partial, 0.75},
		{"green", "missed-red", 0, verdict.Partial, 0.25},
		{"blue", "missed-red", 0, verdict.Wrong, 0},
		{"red", "right", 1, verdict.Right, 1},
		{"red, not green", "contradicted-green", 1, verdict.Partial, 0.75},
		{"red", "missed-green", 7, verdict.Partial, 0.75},
	} {
		q.Need = row.need
		v, err := compile(t, q).Grade(row.answer)
		if err != nil || v.Status != row.status || v.Score != row.score || v.Note != row.note {
			t.Errorf("%q: %v %v %s, %v; want %v %v %s", row.answer, v.Status, v.Score, v.Note, err, row.status, row.score, row.note)
		}
	}
}

func TestStemsOfOneWordAgree(t *testing.T) {
	for _, forms := range []string{
		"initialise initialised initialising initialisation initialize initialized initialization initially initial",
		"merge merges merged merging", "train trained training trains", "vanish vanishes vanished vanishing", "zero zeros zeroed zeroes",
		"update updates updated updating", "freeze frozen freezes freezing", "learn learns learned learnt learning", "random randomly randomness randomised",
		"latency latencies", "matrix matrices", "drop drops dropped dropping", "layer layers", "same", "add adds added adding", "quantize quantized quantizing quantization quantisation",
		"copy copies", "scale scales scaled scaling", "cache caches cached", "pass passes passed passing", "identical identically",
	} {
		all := strings.Fields(forms)
		for _, form := range all {
			if stem(form) != stem(all[0]) {
				t.Errorf("%s is %q, %s is %q", form, stem(form), all[0], stem(all[0]))
			}
		}
	}
	for _, apart := range []string{"loss less", "gradient grade", "rate rank", "same sum", "nothing not", "latency late", "number numb", "rank random"} {
		a, b, _ := strings.Cut(apart, " ")
		if stem(a) == stem(b) {
			t.Errorf("%s and %s are both %q", a, b, stem(a))
		}
	}
}

func TestWhatIsNoSentence(t *testing.T) {
	q := readRubric(t, "latency.yaml")
	for _, answer := range []string{"", " \n", "65,536", strings.Repeat("no ", verdict.MaxLength)} {
		if v, err := q.Grade(answer); err != nil || v.Status != verdict.Invalid {
			t.Errorf("%.12q is %v, %v; want invalid", answer, v.Status, err)
		}
	}
}

// A point that must be made, and a misconception, outweigh the other points.
func TestMustAndMisconceptions(t *testing.T) {
	q := compile(t, Rubric{
		Need: 1,
		Points: []Point{
			{ID: "red", Words: "red", Hit: []string{"red"}, Miss: []string{"not red"}, Must: true},
			{ID: "green", Words: "green", Hit: []string{"green"}},
		},
		Misconceptions: []Misconception{{Note: "blue", Words: "nothing is blue", Hit: []string{"blue"}}},
	})
	for _, row := range []struct {
		answer, note string
		status       verdict.Status
	}{
		{"it is red", "right", verdict.Right},
		{"it is green", "missed-red", verdict.Partial},
		{"it is green and not red", "contradicted-red", verdict.Wrong},
		{"it is red and blue", "blue", verdict.Wrong},
		{"Yes. It is red", "right", verdict.Right},
	} {
		if v, _ := q.Grade(row.answer); v.Status != row.status || v.Note != row.note {
			t.Errorf("%q: %v %s, want %v %s", row.answer, v.Status, v.Note, row.status, row.note)
		}
	}
}
