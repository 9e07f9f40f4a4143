package merging

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/content"
	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora"
)

func experiment() *lab.Experiment { return New(train.NewSources(content.FS)) }

// runOf runs with some knobs turned: "rank", "4", …. Unless told otherwise it
// trains little, which is enough for all that must hold exactly.
func runOf(t *testing.T, turned ...string) *lab.Record {
	t.Helper()
	return labtest.Run(t, experiment(), append([]string{"width", "24", "steps", "30", "swaps", "3"}, turned...)...)
}

// TestMergingHolds checks what must hold in every run: zeros that are exactly
// zero, counts that formulas give too, and sums that two ways lead to.
func TestMergingHolds(t *testing.T) {
	for name, turned := range map[string][]string{
		"small":           nil,
		"two shifts":      {"shifts", "one-right,noise", "rank", "3", "seed", "2"},
		"rank above d":    {"rank", "30", "scaling", "alpha/sqrt-r", "seed", "3"},
		"a minus":         {"weight", "-1", "density", "1", "vote", "frequency", "precision", "float64"},
		"weights of zero": {"weight", "0", "method", "svd", "precision", "fp16", "seed", "4"},
	} {
		t.Run(name, func(t *testing.T) {
			r := runOf(t, turned...)
			s := r.Settings
			for _, zero := range []string{"swap-different", "base-change", "base-changed", "off-changed", "off-difference",
				"fresh-changed", "kl-start", "kl-error", "refused-changed"} {
				if f, ok := r.Find(zero); !ok || f.Real() != 0 {
					t.Errorf("%s is %v, want exactly 0", zero, f.Value)
				}
			}
			if r.Real("on-difference") <= 0 || r.Real("kl-trained") <= 0 {
				t.Error("the trained adapter changes nothing")
			}
			width, rank, shifts := s.Whole("width"), s.Whole("rank"), len(s.Set("shifts"))
			adapter := rank * (64 + width + width + width + width + 10)
			weights := 64*width + width*width + width*10
			narrow := float64(latencyWidths[0])
			for name, want := range map[string]float64{
				"adapters": float64(shifts), "params-adapter": float64(adapter), "weights": float64(weights),
				"params-base": float64(weights + 2*width + 10), "outputs": 10 * r.Real("digits") * float64(shifts+1),
				"combined-params-cat": float64(2 * adapter), "combined-rank-cat": float64(2 * rank), "combined-rank-linear": float64(rank),
				"theory-narrow":   (r.Real("products-unmerged") - r.Real("products-base")) / r.Real("products-base"),
				"products-merged": narrow * narrow, "products-unmerged": narrow*narrow + 2*float64(rank)*narrow,
			} {
				if got := r.Real(name); got != want {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
			for _, tiny := range []string{"combined-error-cat", "identity-error", "merged-both-difference", "merge-difference-float64", "drift-float64"} {
				if v := r.Real(tiny); !(v <= 1e-10) {
					t.Errorf("%s is %v", tiny, v)
				}
			}
			// One digit may be tied so nearly that the order of a sum decides.
			digit := 1.01 / r.Real("digits")
			if d := r.Real("accuracy-merged") - r.Real("accuracy-first"); math.Abs(d) > digit {
				t.Errorf("merged by hand the accuracy differs by %v", d)
			}
			if d := r.Real("accuracy-wrong-base") - r.Real("combined-second-cat"); s.Real("weight") == 1 && math.Abs(d) > digit {
				t.Errorf("merging one and loading the other differs from cat by %v", d)
			}
			var drifts []float64
			for _, p := range precisions() {
				drifts = append(drifts, r.Real("drift-"+p.name))
				if p.name == s.Text("precision") && r.Real("drift") != r.Real("drift-"+p.name) {
					t.Errorf("drift is not that of %s", p.name)
				}
			}
			if !slices.IsSorted(drifts) {
				t.Errorf("a narrower format drifts less: %v", drifts)
			}
			for name, cause := range map[string]error{"refused-twice": lora.ErrMerged, "refused-unmerge": lora.ErrNotMerged,
				"refused-nan": &lora.NotFinite{What: "B", Value: math.NaN()}} {
				if f, _ := r.Find(name); !strings.Contains(f.Text(), cause.Error()) {
					t.Errorf("%s is %q, want the library's %q in it", name, f.Text(), cause)
				}
			}
			if _, err := json.Marshal(r); err != nil {
				t.Error(err)
			}
			curves(t, r)
			finds(t, r, "refused", "diverged")
		})
	}
}

// curves checks what is recorded beside the training: the divergence begins and ends at
// what is measured on the shared network, and switched off nothing is forgotten.
func curves(t *testing.T, r *lab.Record) {
	t.Helper()
	_, kl := r.Curve(readsOf(r.Settings.Set("shifts")[0]), divergence)
	if start, end := r.Real("kl-start"), r.Real("kl-trained"); kl[0] != start || kl[len(kl)-1] != end {
		t.Errorf("the divergence goes from %v to %v, want %v and %v", kl[0], kl[len(kl)-1], start, end)
	}
	if got, want := r.Real("forgotten-on"), 100*(r.Real("accuracy-base")-r.Real("accuracy-upright")); got != want || r.Real("forgotten-off") != 0 {
		t.Errorf("forgotten are %v points, off %v, want %v and 0", got, r.Real("forgotten-off"), want)
	}
}

// finds fails for each declared finding that the record lacks, but for the named.
func finds(t *testing.T, r *lab.Record, but ...string) {
	t.Helper()
	for _, spec := range findings() {
		if _, ok := r.Find(spec.Name); !ok && !slices.Contains(but, spec.Name) {
			t.Errorf("nothing found for %s", spec.Name)
		}
	}
}

func TestMergingIsDeterministic(t *testing.T) {
	var texts []string
	for _, processors := range []int{1, 4} {
		before := runtime.GOMAXPROCS(processors)
		b, err := json.Marshal(runOf(t).Lasting())
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	if texts[0] != texts[1] {
		t.Error("two runs differ")
	}
	for _, measured := range []string{`"latency"`, `"time-`, `"overhead-`, `"merged-ratio"`} {
		if strings.Contains(texts[0], measured) {
			t.Errorf("%s is a timing and counted as lasting", measured)
		}
	}
}

// TestMergingFigures draws records that lack what a finished one begins with;
// those that lack what it ends with are drawn for every experiment.
func TestMergingFigures(t *testing.T) {
	e := experiment()
	r := runOf(t)
	for n := range r.Findings {
		cut := *r
		cut.Findings = r.Findings[n:]
		for _, f := range e.Figures(&cut) {
			f.Plot()
			f.Table(4)
		}
	}
	if got := len(e.Figures(r)); got != len(e.Plots) {
		t.Errorf("%d figures, %d declared", got, len(e.Plots))
	}
}

// TestMergingRefused: weights too large for fp16 are refused there, and only
// there.
func TestMergingRefused(t *testing.T) {
	r := runOf(t, "alpha", "4096", "learning-rate", "100", "steps", "3", "precision", "fp16")
	if f, _ := r.Find("refused"); !strings.HasPrefix(f.Text(), "fp16: lora: merge") {
		t.Errorf("refused: %q", f.Text())
	}
	missing := []string{"diverged"}
	for _, spec := range findings() {
		if strings.HasSuffix(spec.Name, "-fp16") {
			missing = append(missing, spec.Name)
			if _, ok := r.Find(spec.Name); ok {
				t.Errorf("%s was found though fp16 was refused", spec.Name)
			}
		}
	}
	for _, spec := range trialFindings("", "") {
		missing = append(missing, spec.Name) // those of the chosen precision
	}
	finds(t, r, missing...)
}

func TestMergingDiverges(t *testing.T) {
	e := experiment()
	r := runOf(t, "optimizer", "sgd", "learning-rate", "100")
	if f, ok := r.Find("diverged"); !ok || !strings.Contains(f.Text(), "smaller learning rate") {
		t.Errorf("diverged: %q", f.Text())
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	for _, f := range e.Figures(r) {
		f.Plot()
	}
}

func TestMergingObeysContext(t *testing.T) {
	e := experiment()
	s, err := e.Defaults().With("width", "8")
	if err != nil {
		t.Fatal(err)
	}
	for _, series := range []string{"pretraining", "mirror", "swaps in bf16"} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := e.Do(ctx, s, func(p lab.Progress) {
			if p.Series == series && p.Step > 1 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled in %s: %v", series, err)
		}
		cancel()
	}
}

func TestMergingRefusesSettings(t *testing.T) {
	e := experiment()
	s := e.Defaults()
	for knob, value := range map[string]string{"shifts": "rot91", "rank": "0", "precision": "int8", "method": "average",
		"density": "0", "vote": "mean", "weight": "9", "width": "1024", "swaps": "0"} {
		if _, err := s.With(knob, value); err == nil || !strings.Contains(err.Error(), "knob "+knob) {
			t.Errorf("%s=%s: %v", knob, value, err)
		}
	}
	alone, err := s.With("shifts", "mirror")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Validate(alone); err == nil || !strings.Contains(err.Error(), "knob shifts") {
		t.Errorf("one shift: %v", err)
	}
}

func TestMeanDivergence(t *testing.T) {
	for _, row := range []struct {
		name string
		h, r []float64 // one column
		want float64
	}{
		{"the same", []float64{1, 2, 3}, []float64{1, 2, 3}, 0},
		{"the same distribution", []float64{1, 2, 3}, []float64{11, 12, 13}, 0},
		{"a coin and a biased one", []float64{0, 0}, []float64{math.Log(3), 0}, 0.5 * math.Log(4.0/3)},
		{"no overflow", []float64{1000, 1000}, []float64{-1000, -1000}, 0},
		{"a certain one", []float64{800, 0}, []float64{0, 0}, math.Ln2},
	} {
		n := len(row.h)
		if got := meanDivergence(mat.NewDense(n, 1, row.h), mat.NewDense(n, 1, row.r)); math.Abs(got-row.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
	two := mat.NewDense(2, 2, []float64{0, 7, 0, 7})
	ref := mat.NewDense(2, 2, []float64{math.Log(3), 0, 0, 0})
	if got, want := meanDivergence(two, ref), 0.25*math.Log(4.0/3); math.Abs(got-want) > 1e-12 {
		t.Errorf("mean over two columns: %v, want %v", got, want)
	}
}

func TestMergingCounts(t *testing.T) {
	a := mat.NewDense(2, 3, []float64{1, 0, 3, 4, 5, math.NaN()})
	b := mat.NewDense(2, 3, []float64{1, math.Copysign(0, -1), 3, math.Nextafter(4, 5), 5, math.NaN()})
	if got := train.DifferentBits(a, b); got != 2 {
		t.Errorf("%d entries differ, want the -0 and the 4", got)
	}
	h := mat.NewDense(3, 3, []float64{1, 5, 0, 2, 4, 0, 0, 3, 0})
	g := mat.NewDense(3, 3, []float64{1, 4, 0, 2, 5, 0, 0, 3, 0})
	if got := differentPredictions(h, g); got != 1 {
		t.Errorf("%d columns are read otherwise, want 1", got)
	}
	if got := unmergedCost(64, 64, 8); got != 1.25 {
		t.Errorf("detour costs %v, want 1.25", got)
	}
	if got := unmergedCost(10, 40, 4); got != 1.5 {
		t.Errorf("detour costs %v, want 1.5", got)
	}
}

// TestSwallowedWeights merges updates that are chosen to fall below, on and
// above half a step of bf16, whose step at 1 is 1/128.
func TestSwallowedWeights(t *testing.T) {
	const step = 1.0 / 128
	net := &lora.Network{Layers: []*lora.Linear{lora.NewLinear(mat.NewDense(1, 4, []float64{1, 1, 1, 1}), nil)}}
	net.Layers[0].Attach("a", &lora.Adapter{A: mat.NewDense(1, 4, []float64{0, step / 4, step / 2, step}), B: mat.NewDense(1, 1, []float64{1}), Alpha: 1})
	before := net.Clone()
	if err := net.Merge("a", precisions()[3].round); err != nil {
		t.Fatal(err)
	}
	// The first has no update, the second and (a tie to even) the third are swallowed.
	if got := swallowedWeights(before, net, "a"); got != 2 {
		t.Errorf("%d weights swallowed, want 2", got)
	}
	if got := changedWeights(before, net); got != 1 {
		t.Errorf("%d weights changed, want 1", got)
	}
}
