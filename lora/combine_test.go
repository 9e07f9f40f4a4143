package lora_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

type refCombos struct {
	Tensors []struct {
		Seed    int
		Weights []float64
		Tensors []refTensor
		Runs    []struct {
			Fn      string
			Density float64
			Vote    string `json:"majority_sign_method"`
			Masks   []refTensor
			Result  refTensor
		}
	} `json:"tensor_merges"`
	LoRA []struct {
		Seed     int
		Weights  []float64
		Adapters []struct {
			Alpha   float64
			Scaling float64
			A, B    refTensor
		}
		Exact        refTensor `json:"exact_delta"`
		OptimalError float64   `json:"optimal_rank_error"`
		Runs         []struct {
			Type    string `json:"combination_type"`
			Density float64
			NewRank int    `json:"new_rank"`
			Scaling string `json:"scaling_applied"`
			A, B    *refTensor
			Delta   refTensor
			Error   float64 `json:"frob_err_vs_exact"`
		}
	} `json:"lora_combos"`
}

// replay returns a coin that falls as recorded.
func replay(masks []refTensor) func() bool {
	var all []float64
	for _, m := range masks {
		all = append(all, m.Data...)
	}
	return func() bool {
		first := all[0]
		all = all[1:]
		return first != 0
	}
}

func TestTensorMergeAgainstPEFT(t *testing.T) {
	definitions := map[string]lora.TensorMerge{
		"task_arithmetic": {},
		"magnitude_prune": {Prune: lora.KeepLargest},
		"ties":            {Prune: lora.KeepLargest, Elect: true},
		"dare_linear":     {Prune: lora.KeepRandom},
		"dare_ties":       {Prune: lora.KeepRandom, Elect: true},
	}
	var ref refCombos
	readRef(t, "adapter_merges.json", &ref)
	for _, c := range ref.Tensors {
		var tensors []*mat.Dense
		for _, r := range c.Tensors {
			tensors = append(tensors, r.dense())
		}
		for _, run := range c.Runs {
			t.Run(fmt.Sprintf("seed %d %s %v %s", c.Seed, run.Fn, run.Density, run.Vote), func(t *testing.T) {
				how, ok := definitions[run.Fn]
				if !ok {
					t.Fatalf("no definition of %q", run.Fn)
				}
				how.Density, how.Keep = run.Density, replay(run.Masks)
				if run.Vote != "" {
					var err error
					if how.Vote, err = lora.ParseVote(run.Vote); err != nil {
						t.Fatal(err)
					}
				}
				got, err := how.Merge(tensors, c.Weights)
				if err != nil {
					t.Fatal(err)
				}
				wantClose(t, run.Fn, got, run.Result.dense(), 1e-5)
			})
		}
		for i, r := range c.Tensors {
			wantClose(t, "the tensors themselves", tensors[i], r.dense(), 0)
		}
	}
}

func TestCombineAgainstPEFT(t *testing.T) {
	var ref refCombos
	readRef(t, "adapter_merges.json", &ref)
	for _, c := range ref.LoRA {
		var adapters []*lora.Adapter
		for i, a := range c.Adapters {
			adapters = append(adapters, &lora.Adapter{A: a.A.dense(), B: a.B.dense(), Alpha: a.Alpha})
			if got := adapters[i].Scale(); math.Abs(got-a.Scaling) > 1e-12 {
				t.Fatalf("scaling %v, want %v", got, a.Scaling)
			}
		}
		for _, run := range c.Runs {
			if strings.HasPrefix(run.Scaling, "twice") {
				continue // the bug
			}
			t.Run(fmt.Sprintf("seed %d %s", c.Seed, run.Type), func(t *testing.T) {
				method, err := lora.ParseMethod(run.Type)
				if err != nil {
					t.Fatal(err)
				}
				got, err := lora.Combination{Method: method, Density: run.Density, Rank: run.NewRank}.Combine(adapters, c.Weights, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got.Scale() != 1 {
					t.Errorf("scaling %v, want 1", got.Scale())
				}
				wantClose(t, "ΔW", got.Delta(), run.Delta.dense(), 1e-5)
				if run.A != nil {
					wantClose(t, "A", got.A, run.A.dense(), 1e-5)
					wantClose(t, "B", got.B, run.B.dense(), 1e-5)
				}
				var off mat.Dense
				off.Sub(got.Delta(), c.Exact.dense())
				if e := mat.Norm(&off, 2); math.Abs(e-run.Error) > 1e-4 {
					t.Errorf("error %.6g against the exact sum, want %.6g", e, run.Error)
				}
				if e := mat.Norm(&off, 2); method == lora.CombineSVD && math.Abs(e-c.OptimalError) > 1e-5 {
					t.Errorf("error %.7g, the best approximation of the rank has %.7g", e, c.OptimalError)
				}
			})
		}
	}
}

// someAdapters returns adapters of the given ranks for a 6×8 weight, with
// different scalings.
func someAdapters(ranks ...int) []*lora.Adapter {
	rng := lora.Stream(8, "combine")
	var all []*lora.Adapter
	for i, r := range ranks {
		all = append(all, &lora.Adapter{A: normal(r, 8, rng), B: normal(6, r, rng), Alpha: float64(i) + 1.5, Rule: lora.Scaling(i % 2)})
	}
	return all
}

func sumOfDeltas(adapters []*lora.Adapter, weights []float64) *mat.Dense {
	sum := mat.NewDense(6, 8, nil)
	for i, a := range adapters {
		var delta mat.Dense
		delta.Scale(weights[i], a.Delta())
		sum.Add(sum, &delta)
	}
	return sum
}

func TestCatIsExact(t *testing.T) {
	for _, ranks := range [][]int{{3}, {2, 2}, {1, 4, 2}} {
		adapters, weights := someAdapters(ranks...), []float64{0.7, -1.3, 2}[:len(ranks)]
		got, err := lora.Combination{}.Combine(adapters, weights, nil)
		if err != nil {
			t.Fatal(err)
		}
		wantClose(t, fmt.Sprint("ranks ", ranks), got.Delta(), sumOfDeltas(adapters, weights), 1e-13)
	}
}

// What linear adds to the sum are the cross terms, and nothing else.
func TestLinearHasCrossTerms(t *testing.T) {
	adapters, weights := someAdapters(2, 2), []float64{0.7, 0.4}
	got, err := lora.Combination{Method: lora.CombineLinear}.Combine(adapters, weights, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := sumOfDeltas(adapters, weights)
	c := math.Sqrt(weights[0] * adapters[0].Scale() * weights[1] * adapters[1].Scale())
	for _, pair := range [][2]int{{0, 1}, {1, 0}} {
		var cross mat.Dense
		cross.Mul(adapters[pair[0]].B, adapters[pair[1]].A)
		cross.Scale(c, &cross)
		if mat.Norm(&cross, 2) < 0.1 {
			t.Fatal("the cross terms are too small to be seen")
		}
		want.Add(want, &cross)
	}
	wantClose(t, "ΔW", got.Delta(), want, 1e-13)
}

// One adapter, weight 1 and nothing pruned is the adapter, by every method and
// every scaling rule.
func TestCombineOfOneIsItself(t *testing.T) {
	for _, method := range lora.Methods() {
		for _, rule := range []lora.Scaling{lora.AlphaOverR, lora.AlphaOverSqrtR} {
			a := someAdapters(3)[0]
			a.Rule, a.Alpha = rule, 7
			got, err := lora.Combination{Method: method, Density: 1}.Combine([]*lora.Adapter{a}, []float64{1}, nil)
			if err != nil {
				t.Fatalf("%v: %v", method, err)
			}
			wantClose(t, fmt.Sprintf("%v %v", method, rule), got.Delta(), a.Delta(), 1e-13)
		}
	}
}

func TestCombineDensity(t *testing.T) {
	adapters, weights := someAdapters(2, 2, 2), []float64{1, 1, 1}
	for _, method := range lora.Methods() {
		if !method.UsesDensity() || method.UsesRank() {
			continue
		}
		got, err := lora.Combination{Method: method, Density: 0.25}.Combine(adapters[:1], weights[:1], lora.Stream(1, "dare"))
		if err != nil {
			t.Fatal(err)
		}
		kept := 0
		for _, v := range slices.Concat(got.A.RawMatrix().Data, got.B.RawMatrix().Data) {
			if v != 0 {
				kept++
			}
		}
		if dare := strings.HasPrefix(method.String(), "dare"); !dare && kept != 2*8/4+6*2/4 || dare && (kept == 0 || kept > 20) {
			t.Errorf("%v: %d of 28 entries kept at density ¼", method, kept)
		}
	}
}

// DARE divides the survivors by the density, so that the mean over many draws is
// the sum itself.
func TestDAREKeepsTheMean(t *testing.T) {
	const draws = 4000
	rng := lora.Stream(2, "dare")
	tensors, weights := []*mat.Dense{normal(2, 3, rng), normal(2, 3, rng)}, []float64{0.6, -0.8}
	exact, err := lora.TensorMerge{}.Merge(tensors, weights)
	must(t, err)
	mean := mat.NewDense(2, 3, nil)
	how := lora.TensorMerge{Prune: lora.KeepRandom, Density: 0.4, Keep: lora.Coin(0.4, rng)}
	for range draws {
		one, err := how.Merge(tensors, weights)
		must(t, err)
		mean.Add(mean, one)
	}
	mean.Scale(1.0/draws, mean)
	// The deviation of one draw is at most about √(1.5)·2, of the mean 0.04.
	wantClose(t, "mean", mean, exact, 0.15)
	if maxDiff(mean, exact) == 0 {
		t.Error("nothing was dropped")
	}
}

func TestCombineIsDeterministic(t *testing.T) {
	adapters, weights := someAdapters(2, 2), []float64{1, 1}
	for _, method := range lora.Methods() {
		var first *lora.Adapter
		for i, seed := range []uint64{5, 5, 6} {
			got, err := lora.Combination{Method: method, Density: 0.5}.Combine(adapters, weights, lora.Stream(seed, "dare"))
			must(t, err)
			if i == 0 {
				first = got
				continue
			}
			same := maxDiff(got.A, first.A) == 0 && maxDiff(got.B, first.B) == 0
			if random := strings.HasPrefix(method.String(), "dare"); same != (i == 1 || !random) {
				t.Errorf("%v: draw %d is the first again: %v", method, i, same)
			}
		}
	}
}

func TestVotes(t *testing.T) {
	row := func(v ...float64) *mat.Dense { return mat.NewDense(1, len(v), v) }
	tensors := []*mat.Dense{row(3, 1, 0, -2, -1), row(-1, -1, 0, -2, 0), row(-1, 0, 0, 4, 0)}
	rows := []struct {
		name    string
		vote    lora.Vote
		weights []float64
		want    []float64
	}{
		// Entry 0: +3 outweighs two −1 in total and is outnumbered by them.
		{"total", lora.VoteTotal, []float64{1, 1, 1}, []float64{3, 1, 0, 4, -1}},
		{"frequency", lora.VoteFrequency, []float64{1, 1, 1}, []float64{-1, 1, 0, -2, -1}},
		// Weights come after the vote: a negative one does not change the sign elected.
		{"weights", lora.VoteTotal, []float64{-2, 5, 1}, []float64{-6, -2, 0, 4, 2}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			got, err := lora.TensorMerge{Elect: true, Vote: r.vote}.Merge(tensors, r.weights)
			must(t, err)
			wantClose(t, "merged", got, row(r.want...), 0)
		})
	}
	t.Run("names", func(t *testing.T) {
		for _, v := range lora.Votes() {
			if got, err := lora.ParseVote(v.String()); err != nil || got != v {
				t.Errorf("ParseVote(%q) = %v, %v", v, got, err)
			}
		}
		if _, err := lora.ParseVote("majority"); err == nil || !strings.Contains(err.Error(), "total, frequency") {
			t.Errorf("error %v, want one that lists the names", err)
		}
	})
}

func TestCombineErrors(t *testing.T) {
	nan := math.NaN()
	broken := func() []*lora.Adapter {
		a := someAdapters(2, 2)
		a[1].B.Set(4, 1, nan)
		return a
	}
	other := &lora.Adapter{A: mat.NewDense(2, 9, nil), B: mat.NewDense(6, 2, nil), Alpha: 1}
	rows := []struct {
		name     string
		c        lora.Combination
		adapters []*lora.Adapter
		weights  []float64
		says     string
	}{
		{"none", lora.Combination{}, nil, nil, "at least one"},
		{"weights missing", lora.Combination{}, someAdapters(2, 2), []float64{1}, "1 weights for 2"},
		{"weight NaN", lora.Combination{}, someAdapters(2, 2), []float64{1, nan}, "weight 1 is NaN"},
		{"linear with unequal ranks", lora.Combination{Method: lora.CombineLinear}, someAdapters(2, 3), []float64{1, 1}, "rank 3"},
		{"ties with unequal ranks", lora.Combination{Method: lora.CombineTIES, Density: 0.5}, someAdapters(2, 3), []float64{1, 1}, "choose cat"},
		{"another layer's", lora.Combination{}, append(someAdapters(2), other), []float64{1, 1}, "6×9"},
		{"density forgotten", lora.Combination{Method: lora.CombineTIES}, someAdapters(2), []float64{1}, "density 0"},
		{"density above 1", lora.Combination{Method: lora.CombineTIESSVD, Density: 1.5}, someAdapters(2), []float64{1}, "density 1.5"},
		{"density NaN", lora.Combination{Method: lora.CombineDARETIES, Density: nan}, someAdapters(2), []float64{1}, "density NaN"},
		{"dare without rng", lora.Combination{Method: lora.CombineDARELinear, Density: 0.5}, someAdapters(2), []float64{1}, "random"},
		{"rank of the result", lora.Combination{Method: lora.CombineSVD, Rank: 7}, someAdapters(2), []float64{1}, "1 to 6"},
		{"rank negative", lora.Combination{Method: lora.CombineSVD, Rank: -1}, someAdapters(2), []float64{1}, "rank -1"},
		{"broken", lora.Combination{}, broken(), []float64{1, 1}, "adapter 1: B[4,1] is NaN"},
		{"no method", lora.Combination{Method: 200}, someAdapters(2), []float64{1}, "no such method"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := row.c.Combine(row.adapters, row.weights, nil)
			if err == nil || got != nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v, %v, want an error with %q", got, err, row.says)
			}
		})
	}
	_, err := lora.TensorMerge{}.Merge([]*mat.Dense{mat.NewDense(2, 3, nil), mat.NewDense(3, 2, nil)}, []float64{1, 1})
	if err == nil || !strings.Contains(err.Error(), "3×2") {
		t.Errorf("tensors of two shapes: error %v", err)
	}
}

func TestSVDRankByDefault(t *testing.T) {
	for _, row := range []struct {
		ranks []int
		want  int
	}{{[]int{1, 3, 2}, 3}, {[]int{2, 7}, 6}} {
		got, err := lora.Combination{Method: lora.CombineSVD}.Combine(someAdapters(row.ranks...), make([]float64, len(row.ranks)), nil)
		must(t, err)
		if _, _, r := got.Dims(); r != row.want {
			t.Errorf("ranks %v: got rank %d, want %d", row.ranks, r, row.want)
		}
	}
}

func TestCombineAll(t *testing.T) {
	net, x := twoAdapters(t)
	deltas := make([]*mat.Dense, 2)
	for i, l := range net.Layers {
		deltas[i] = mat.DenseCopyOf(l.Adapter("a").Delta())
		deltas[i].Scale(0.5, deltas[i])
		if b := l.Adapter("b"); b != nil {
			deltas[i].Add(deltas[i], b.Delta())
		}
	}
	must(t, lora.Combination{}.CombineAll(net, []string{"a", "b"}, []float64{0.5, 1}, "both", nil))
	want := net.Clone()
	want.Deactivate()
	for i, l := range want.Layers {
		l.W.Add(l.W, deltas[i])
	}
	wantClose(t, "outputs", predict(net, x), predict(want, x), 1e-12)

	adapters := net.Layers[0].Adapters()
	for _, row := range []struct {
		name    string
		c       lora.Combination
		sources []string
		weights []float64
		as      string
		says    string
	}{
		{"unknown", lora.Combination{}, []string{"a", "c"}, []float64{1, 1}, "new", `"c"`},
		{"weights", lora.Combination{}, []string{"a"}, []float64{1, 1}, "new", "2 weights for 1"},
		{"layer", lora.Combination{Method: lora.CombineSVD, Rank: 6}, []string{"a", "b"}, []float64{1, 1}, "new", "layer 1"},
	} {
		err := row.c.CombineAll(net, row.sources, row.weights, row.as, nil)
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want %q in it", row.name, err, row.says)
		}
	}
	must(t, net.Merge("both", nil))
	if err := (lora.Combination{}).CombineAll(net, []string{"a"}, []float64{1}, "both", nil); !errors.Is(err, lora.ErrMerged) {
		t.Errorf("over a merged adapter: error %v, want ErrMerged", err)
	}
	if got := net.Layers[0].Adapters(); !slices.Equal(got, adapters) {
		t.Errorf("adapters %q after refusals, want %q", got, adapters)
	}
}

// What a layer draws does not depend on which other layers have the adapters.
func TestCombineAllStreams(t *testing.T) {
	both, _ := twoAdapters(t)
	alone := both.Clone()
	alone.Layers[0] = lora.NewLinear(alone.Layers[0].W, nil)
	dare := lora.Combination{Method: lora.CombineDARELinear, Density: 0.5}
	for _, net := range []*lora.Network{both, alone} {
		must(t, dare.CombineAll(net, []string{"a", "b"}, []float64{1, 1}, "new", lora.Stream(1, "dare")))
	}
	if alone.Layers[0].Adapter("new") != nil {
		t.Error("a layer without adapters got one")
	}
	wantClose(t, "A of layer 1", alone.Layers[1].Adapter("new").A, both.Layers[1].Adapter("new").A, 0)
}

func TestMethodNames(t *testing.T) {
	for _, m := range lora.Methods() {
		for _, name := range []string{m.String(), strings.ReplaceAll(m.String(), "-", "_")} {
			if got, err := lora.ParseMethod(name); err != nil || got != m {
				t.Errorf("ParseMethod(%q) = %v, %v", name, got, err)
			}
		}
	}
	if _, err := lora.ParseMethod("slerp"); err == nil || !strings.Contains(err.Error(), "magnitude-prune-svd") {
		t.Errorf("error %v, want one that lists the names", err)
	}
}

func FuzzParseMethod(f *testing.F) {
	for _, m := range lora.Methods() {
		f.Add(m.String())
	}
	f.Add("ties_svd")
	f.Fuzz(func(t *testing.T, name string) {
		m, err := lora.ParseMethod(name)
		if err != nil {
			return
		}
		if again, err := lora.ParseMethod(m.String()); err != nil || again != m {
			t.Errorf("%q is %v, but that is %v, %v", name, m, again, err)
		}
	})
}
