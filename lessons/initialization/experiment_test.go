package initialization

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora"
)

// smallStart makes one run of the experiment short, on the planted problem.
const smallStart = "problem=planted width=16 batch=16 rank=2 steps=6 sweep-steps=4"

func experiment() *lab.Experiment { return New(train.NewSources(content.FS)) }

// turned splits "rank=2 steps=6" into names and values.
func turned(knobs string) []string {
	return strings.FieldsFunc(knobs, func(r rune) bool { return r == ' ' || r == '=' })
}

func settings(t *testing.T, knobs string) lab.Settings {
	t.Helper()
	return labtest.Settings(t, experiment(), turned(knobs)...)
}

func runOf(t *testing.T, knobs string) *lab.Record {
	t.Helper()
	return labtest.Run(t, experiment(), turned(knobs)...)
}

// startsReadTheBase: at step 0, with an adapter whose B is zero, the same is read as
// without.
func startsReadTheBase(t *testing.T, r *lab.Record) {
	t.Helper()
	f := experiment().Figure(r, "digits")
	if f == nil {
		return // the planted problem
	}
	lines := f.Images.Rows[0].Readings
	if lines[1].Name != "kaiming" || len(lines[0].Captions) != train.HandfulSize || !slices.Equal(lines[0].Captions, lines[1].Captions) {
		t.Errorf("the base reads %+v, %s %+v", lines[0].Captions, lines[1].Name, lines[1].Captions)
	}
}

func TestInitializationSameTwice(t *testing.T) {
	for _, knobs := range []string{
		smallStart + " ratio-b=4 schemes=" + strings.Join(schemeNames(), ","),
		"width=8 rank=2 steps=3 sweep-steps=2 schemes=kaiming,both-gaussian,pissa,eva",
	} {
		var texts []string
		for _, processors := range []int{0, 1} { // 0: as many as there are
			before := runtime.GOMAXPROCS(processors)
			r := runOf(t, knobs)
			startsReadTheBase(t, r)
			runtime.GOMAXPROCS(before)
			text, err := json.Marshal(r.Lasting())
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
		if texts[0] != texts[1] {
			t.Errorf("%s: two runs differ:\n%s\n%s", knobs, texts[0], texts[1])
		}
	}
}

// TestStartsAreZeroWhereTheyMustBe holds what the lesson is about, to the last
// bit.
func TestStartsAreZeroWhereTheyMustBe(t *testing.T) {
	type row struct {
		name  string
		moves string // what has a gradient at step 0
		exact bool   // drift is exactly 0
		kept  bool   // so is that with the adapter switched off
	}
	for _, problem := range []string{"problem=planted width=16", "problem=digits width=8"} {
		r := runOf(t, problem+" batch=16 rank=2 steps=6 sweep-steps=2 sigma=0.1 schemes="+strings.Join(schemeNames(), ","))
		for _, want := range []row{
			{"kaiming", "B", true, true}, {"gaussian", "B", true, true}, {"gaussian-1-over-r", "B", true, true}, {"eva", "B", true, true},
			{"a-zero", "A", true, true}, {"both-zero", "neither", true, true},
			{"both-gaussian", "both", false, true}, {"orthogonal", "both", false, true},
			{"pissa", "both", false, false}, {"olora", "both", false, false},
		} {
			t.Run(problem+" "+want.name, func(t *testing.T) {
				if f, _ := r.Find("first-to-move-" + want.name); f.Value != want.moves {
					t.Errorf("%v moves first, want %v", f.Value, want.moves)
				}
				drift := r.Real("drift-" + want.name)
				if want.exact && drift != 0 {
					t.Errorf("drift %g, want 0", drift)
				}
				if want.name == "both-gaussian" && drift < 1e-3 {
					t.Errorf("drift %g, want one that is seen", drift)
				} else if want.name != "both-gaussian" && !(drift < 1e-10) {
					t.Errorf("drift %g, want rounding at most", drift)
				}
				if off := r.Real("switched-off-" + want.name); (off == 0) != want.kept {
					t.Errorf("switched off it is %g away from the base", off)
				}
				if a, b := r.Real("grad-a-0-"+want.name), r.Real("grad-b-0-"+want.name); (a == 0) != (want.moves == "B" || want.moves == "neither") ||
					(b == 0) != (want.moves == "A" || want.moves == "neither") {
					t.Errorf("gradients at step 0: A %g, B %g", a, b)
				}
				a, b := r.Real("grad-a-2-"+want.name), r.Real("grad-b-2-"+want.name)
				if want.moves == "neither" {
					if a != 0 || b != 0 || r.Real("update-both-zero") != 0 || r.Real("loss-both-zero") != r.Real("loss-before") {
						t.Error("with both zero something moved")
					}
				} else if !(a > 0 && b > 0) {
					t.Errorf("gradients at step 2: A %g, B %g, want both to move by then", a, b)
				}
			})
		}
	}
}

// TestFirstGradientOfBGoesWithA: ∂L/∂B = s·G·(A·X)ᵀ, so with σ doubled it is
// doubled, to the last bit.
func TestFirstGradientOfBGoesWithA(t *testing.T) {
	one := runOf(t, smallStart+" schemes=gaussian,a-zero sigma=0.25")
	two := runOf(t, smallStart+" schemes=gaussian,a-zero sigma=0.5")
	for _, name := range []string{"size-a-gaussian", "grad-b-0-gaussian", "grad-a-0-a-zero"} {
		if a, b := one.Real(name), two.Real(name); !(a > 0) || b != 2*a {
			t.Errorf("%s: %g, and with σ doubled %g", name, a, b)
		}
	}
}

// TestDriftIsTheUpdateAlone computes the drift of a layer another way, as the
// largest entry of s·B·A·X.
func TestDriftIsTheUpdateAlone(t *testing.T) {
	e := experiment()
	s := settings(t, smallStart+" schemes=both-gaussian sigma=0.5 scaling=alpha/sqrt-r")
	r, err := e.Do(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := train.PlantedProblem(s)
	net := p.Base.Clone()
	if err := startOf(s, lora.BothGaussian, p.Train.X).AttachAll(net, train.AdapterName, lora.Stream(s.Seed(), "adapter")); err != nil {
		t.Fatal(err)
	}
	var moved mat.Dense
	moved.Mul(net.Layers[0].Active().Delta(), p.Test.X)
	want := math.Max(mat.Max(&moved), -mat.Min(&moved))
	if got := r.Real("drift-both-gaussian"); math.Abs(got-want) > 1e-12*want {
		t.Errorf("drift %v, want %v", got, want)
	}
}

// TestTrades holds the invariance: with factors that are powers of 2 every
// product is exact, so the updates agree to the last bit.
func TestTrades(t *testing.T) {
	for _, row := range []struct {
		knobs   string
		exact   float64 // largest difference allowed
		first   float64 // of the careless trade after one step
		ratioOK bool
	}{
		{"optimizer=adam trade=2", 0, 0, true},
		{"optimizer=adam trade=0.0625 scaling=alpha/sqrt-r", 0, 0, true},
		{"optimizer=adam trade=4 ratio-b=16", 0, 0, true},
		{"optimizer=adam trade=3", 1e-9, 0, true},
		{"optimizer=sgd trade=2", 0, 1 - 1./2, true},
		{"optimizer=sgd trade=8 ratio-b=2", 0, 1 - 1./8, true},
		{"optimizer=sgd trade=5", 1e-9, 1 - 1./5, true},
		{"optimizer=momentum trade=4", 0, 1 - 1./4, true},
		{"optimizer=adamw trade=4", 0, 0, false}, // its decay of B is not made up for
	} {
		t.Run(row.knobs, func(t *testing.T) {
			r := runOf(t, smallStart+" learning-rate=0.003 schemes=kaiming "+row.knobs)
			if d := r.Real("trade-exact"); !(d <= row.exact) {
				t.Errorf("exact trade: %g", d)
			}
			if d := r.Real("trade-careless-1"); !(math.Abs(d-row.first) <= 1e-3*row.first+row.exact) && row.ratioOK {
				t.Errorf("careless trade after one step: %g, want %g", d, row.first)
			}
			if d := r.Real("trade-careless"); !(d > 1e-3) {
				t.Errorf("careless trade: %g, want one that is seen", d)
			}
			if d := r.Real("trade-ratio"); (d <= row.exact) != row.ratioOK {
				t.Errorf("trade for the ratio: %g", d)
			}
		})
	}
}

// TestSweepRules: at every rank both rules begin with one A, so that the first
// gradients of B differ by the ratio of the scalings, √r.
func TestSweepRules(t *testing.T) {
	r := runOf(t, smallStart+" schemes=kaiming")
	over, root := r.Table("sweep-alpha-r"), r.Table("sweep-alpha-sqrt-r")
	if over.Len() != len(scalingRanks) || root.Len() != over.Len() {
		t.Fatalf("%d and %d ranks", over.Len(), root.Len())
	}
	for i, rank := range over.Column("rank") {
		want := over.At(i, "gradient-b") * math.Sqrt(rank)
		if got := root.At(i, "gradient-b"); math.Abs(got-want) > 1e-12*want {
			t.Errorf("rank %g: gradient %g under α/√r, want %g", rank, got, want)
		}
	}
	for _, column := range over.Columns {
		if a, b := over.At(0, column), root.At(0, column); a != b {
			t.Errorf("at rank 1 the rules are one, %s: %g and %g", column, a, b)
		}
	}
	last := over.Len() - 1
	if got, want := r.Real("update-growth-alpha-r"), over.At(last, "update")/over.At(1, "update"); got != want {
		t.Errorf("growth %g, want %g", got, want)
	}
}

// TestLessonsTheory checks what the lesson explains about the rank: on average over
// draws of A, B's first gradient under α/r falls as 1/√r and under α/√r stays,
// and with Adam α/r is the rule under which the loss hardly feels the rank.
func TestLessonsTheory(t *testing.T) {
	seeds := []string{"1", "2", "3", "4", "5", "6", "7", "8"}
	over, root := 0.0, 0.0 // mean logarithms
	for _, seed := range seeds {
		r := runOf(t, "problem=planted width=64 schemes=kaiming steps=2 learning-rate=0.003 seed="+seed)
		over += math.Log(r.Real("gradient-growth-alpha-r")) / float64(len(seeds))
		root += math.Log(r.Real("gradient-growth-alpha-sqrt-r")) / float64(len(seeds))
		if f, _ := r.Find("steadier"); f.Value != "α/r" {
			t.Errorf("seed %s: with Adam %v is steadier", seed, f.Value)
		}
	}
	if g := math.Exp(over); !(g > 0.2 && g < 0.3) {
		t.Errorf("under α/r the gradient grows %g times from rank 4 to 64, want about 1/4", g)
	}
	if g := math.Exp(root); !(g > 0.8 && g < 1.2) {
		t.Errorf("under α/√r the gradient grows %g times from rank 4 to 64, want about 1", g)
	}
}

func TestRatio1IsTheRunWithoutLoRAPlus(t *testing.T) {
	with := runOf(t, smallStart+" schemes=kaiming ratio-b=8 target-loss=1")
	without := runOf(t, smallStart+" schemes=kaiming target-loss=1")
	if a, b := with.Real("loss-ratio-1"), without.Real("loss-kaiming"); a != b {
		t.Errorf("loss %v beside LoRA+, %v alone", a, b)
	}
	if with.Real("loss-kaiming") == without.Real("loss-kaiming") {
		t.Error("the ratio changes nothing")
	}
	if _, ok := without.Find("loss-ratio-1"); ok {
		t.Error("without LoRA+ there is nothing to compare")
	}
}

func TestStepsToTarget(t *testing.T) {
	r := runOf(t, "problem=planted width=16 batch=16 rank=8 planted-rank=2 steps=60 sweep-steps=2 target-loss=0.6 schemes=kaiming,a-zero,both-zero")
	for _, name := range []string{"kaiming", "a-zero"} {
		steps, losses := r.Curve(name, "loss")
		firstStepBelow := math.NaN()
		for i := len(steps) - 1; i >= 0; i-- {
			if losses[i] <= 0.6 {
				firstStepBelow = steps[i]
			}
		}
		if got := r.Real("steps-to-target-" + name); got != firstStepBelow || math.IsNaN(got) {
			t.Errorf("%s: %v steps, the curve says %v", name, got, firstStepBelow)
		}
	}
	if _, ok := r.Find("steps-to-target-both-zero"); ok {
		t.Error("both-zero reached the target")
	}
	if f, ok := r.Find("fastest"); !ok || f.Value == "both zero" {
		t.Errorf("fastest is %v", f.Value)
	}
}

func TestInitializationRefuses(t *testing.T) {
	e := experiment()
	for _, row := range []struct{ name, knobs, want string }{
		{"odd rank", "schemes=orthogonal rank=3", "knob rank: 3"},
		{"more directions than the last layer has", "schemes=pissa rank=11", "layer 3"},
		{"the same for QR", "schemes=kaiming,olora rank=11", "10×128"},
		{"more than there are inputs", "schemes=eva rank=65", "layer 1"},
		{"of a planted layer", "problem=planted width=8 schemes=pissa rank=9", "8×8"},
	} {
		err := e.Validate(settings(t, row.knobs))
		if err == nil || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), "knob rank") {
			t.Errorf("%s: error %v, want one of knob rank with %q", row.name, err, row.want)
		}
	}
	for _, knobs := range []string{"", "schemes=pissa,olora,eva,orthogonal rank=10", "schemes=kaiming rank=1024", "schemes=eva rank=64"} {
		if err := e.Validate(settings(t, knobs)); err != nil {
			t.Errorf("%q: %v", knobs, err)
		}
	}
}

func TestInitializationDiverges(t *testing.T) {
	r := runOf(t, smallStart+" optimizer=sgd learning-rate=100 steps=200 sweep-steps=200 schemes=kaiming,both-zero")
	f, ok := r.Find("diverged")
	if text, _ := f.Value.(string); !ok || !strings.Contains(text, "kaiming: training diverged") || !strings.Contains(text, "α/r, r = 4") ||
		!strings.Contains(text, "trade: ") || strings.Contains(text, "both-zero") {
		t.Errorf("diverged: %v", f.Value)
	}
	for _, f := range r.Findings {
		if v, ok := f.Value.(float64); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("%s is %v", f.Spec.Name, v)
		}
	}
	// A training can end on the very step that overflows.
	for _, steps := range []string{"2", "3", "4", "5", "6", "7", "8"} {
		r := runOf(t, "problem=planted width=16 batch=16 rank=2 optimizer=sgd learning-rate=100 alpha=64 schemes=kaiming sweep-steps="+steps+" steps="+steps)
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%s steps: %v", steps, err)
		}
		figures(r)
	}
}

func TestInitializationCancelled(t *testing.T) {
	e := experiment()
	ctx, cancel := context.WithCancel(t.Context())
	var n atomic.Int64
	s := settings(t, "width=8 rank=2 steps=100000")
	_, err := e.Do(ctx, s, func(lab.Progress) {
		if n.Add(1) == 500 { // in the schemes, past the pretraining, one goroutine at least
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

func TestInitializationFigures(t *testing.T) {
	r := runOf(t, "width=8 batch=16 rank=2 steps=6 sweep-steps=4 ratio-b=2 schemes="+strings.Join(schemeNames(), ","))
	e := experiment()
	for _, id := range e.Plots {
		if f := e.Figure(r, id); f == nil || f.Empty() {
			t.Errorf("figure %s is not drawn", id)
		}
	}
	if got, want := len(e.Figures(r)), len(e.Plots); got != want {
		t.Errorf("%d figures, %d are declared", got, want)
	}
	// A record can end anywhere.
	for n := range len(r.Findings) {
		cut := *r
		cut.Findings = r.Findings[:n]
		cut.Series = nil
		for i, s := range r.Series {
			if i < n {
				s.Frames = s.Frames[:min(n, len(s.Frames))]
				cut.Series = append(cut.Series, s)
			}
		}
		for _, f := range e.Figures(&cut) {
			f.Empty()
		}
	}
}

// TestSchemesByTheirWords: what a screen calls a scheme is read back, as a question
// has it.
func TestSchemesByTheirWords(t *testing.T) {
	for _, s := range lora.Schemes() {
		word := schemeWord(s.String())
		if got, err := lora.ParseScheme(word); err != nil || got != s {
			t.Errorf("%s is called %q, which is read as %v, %v", s, word, got, err)
		}
		if s != lora.Kaiming && strings.Contains(word, "-") {
			t.Errorf("%q is no word", word)
		}
	}
}
