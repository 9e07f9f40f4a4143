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

func roundFloat32(x []float64) {
	for i, v := range x {
		x[i] = float64(float32(v))
	}
}

// roundBFloat16 keeps the upper 16 bits of a float32, to nearest even.
func roundBFloat16(x []float64) {
	for i, v := range x {
		bits := math.Float32bits(float32(v))
		bits += 0x7fff + bits>>16&1
		x[i] = float64(math.Float32frombits(bits &^ 0xffff))
	}
}

type refMerge struct {
	Cases []struct {
		Seed            int
		Alpha           float64
		W, A, B         refTensor
		Bias            refTensor `json:"b"`
		X               refTensor `json:"x"`
		Delta           refTensor `json:"delta_W"`
		Merged          refTensor `json:"merged_W"`
		Merged64        refTensor `json:"merged_W_float64"`
		ForwardUnmerged refTensor `json:"forward_unmerged"`
		ForwardMerged   refTensor `json:"forward_merged"`
		UnmergeDrift    float64   `json:"unmerge_max_abs_drift"`
		MergedError     float64   `json:"max_abs_diff_merged_vs_float64"`
		BFloat16        struct {
			W            refTensor
			Merged       refTensor `json:"merged_W"`
			Unmerged     refTensor `json:"unmerged_W"`
			UnmergeDrift float64   `json:"unmerge_max_abs_drift"`
			NotRestored  int       `json:"elements_not_restored"`
		}
	}
}

func TestMergeAgainstPyTorch(t *testing.T) {
	var ref refMerge
	readRef(t, "merge.json", &ref)
	if len(ref.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range ref.Cases {
		w, x := c.W.dense(), c.X.columns()
		layer := func(round func([]float64)) *lora.Linear {
			l := lora.NewLinear(w, c.Bias.Data)
			l.Attach("x", &lora.Adapter{A: c.A.dense(), B: c.B.dense(), Alpha: c.Alpha})
			if round != nil {
				l.Round(round)
			}
			return l
		}
		t.Run(fmt.Sprintf("seed %d float64", c.Seed), func(t *testing.T) {
			l := layer(nil)
			before := output(l, x)
			wantClose(t, "unmerged forward", before, c.ForwardUnmerged.columns(), 1e-6)
			must(t, l.Merge("x", nil))
			wantClose(t, "merged W", l.W, c.Merged64.dense(), 1e-14)
			wantClose(t, "merged forward", output(l, x), c.ForwardMerged.columns(), 1e-6)
			wantClose(t, "merged against unmerged forward", output(l, x), before, 1e-13)
			must(t, l.Unmerge("x"))
			wantClose(t, "unmerged W", l.W, w, 1e-14)
		})
		t.Run(fmt.Sprintf("seed %d float32", c.Seed), func(t *testing.T) {
			l := layer(roundFloat32)
			must(t, l.Merge("x", roundFloat32))
			wantClose(t, "merged W", l.W, c.Merged.dense(), 1e-6)
			unit := 0x1p-24 * (maxAbs(w) + maxAbs(l.W)) // a unit in the last place: PyTorch may sum in another order
			if diff := maxDiff(l.W, c.Merged64.dense()); math.Abs(diff-c.MergedError) > unit {
				t.Errorf("merged W is %.3g from float64's, PyTorch's is %.3g", diff, c.MergedError)
			}
			must(t, l.Unmerge("x"))
			if drift := maxDiff(l.W, w); math.Abs(drift-c.UnmergeDrift) > unit {
				t.Errorf("unmerge drift %.3g, PyTorch's is %.3g", drift, c.UnmergeDrift)
			}
		})
		t.Run(fmt.Sprintf("seed %d bfloat16", c.Seed), func(t *testing.T) {
			l, want := layer(roundBFloat16), c.BFloat16
			before := mat.DenseCopyOf(l.W)
			wantClose(t, "W", l.W, want.W.dense(), 0)
			lo, hi := narrowDeltas(l.Adapter("x"))
			must(t, l.Merge("x", roundBFloat16))
			wantOneOf(t, "merged W", l.W, want.Merged.dense(), bfloat16Sum(before, lo, 1), bfloat16Sum(before, hi, 1))
			must(t, l.Unmerge("x"))
			wantOneOf(t, "unmerged W", l.W, want.Unmerged.dense(),
				bfloat16Sum(bfloat16Sum(before, lo, 1), lo, -1), bfloat16Sum(bfloat16Sum(before, hi, 1), hi, -1))
			// An element that rounded the other way moves the largest drift by no more
			// than itself, and the count by one.
			moved, differ, off := maxDiff(l.W, want.Unmerged.dense()), 0, 0
			for i, v := range numbers(l.W) {
				if v != want.Unmerged.Data[i] {
					differ++
				}
				if v != numbers(before)[i] {
					off++
				}
			}
			if drift := maxDiff(l.W, before); math.Abs(drift-want.UnmergeDrift) > moved {
				t.Errorf("unmerge drift %g, want %g to %g", drift, want.UnmergeDrift, moved)
			}
			if diff := off - want.NotRestored; max(diff, -diff) > differ {
				t.Errorf("%d elements not restored, want %d to %d", off, want.NotRestored, differ)
			}
		})
	}
}

// narrowDeltas returns the two bfloat16 that an element of s·B·A, summed in
// float32 in whatever order, can round to. They are the same but next to a tie.
func narrowDeltas(a *lora.Adapter) (lo, hi *mat.Dense) {
	d, k, r := a.Dims()
	lo, hi = mat.DenseCopyOf(a.Delta()), mat.DenseCopyOf(a.Delta())
	for i := range d {
		for j := range k {
			size := 0.0 // of the terms: each of r products and sums, and s, rounds once
			for l := range r {
				size += math.Abs(a.B.At(i, l) * a.A.At(l, j) * a.Scale())
			}
			e := float64(r+2) * 0x1p-24 * size
			lo.Set(i, j, lo.At(i, j)-e)
			hi.Set(i, j, hi.At(i, j)+e)
		}
	}
	roundBFloat16(numbers(lo))
	roundBFloat16(numbers(hi))
	return lo, hi
}

// The allowance is for ties alone, or the comparison would let an ulp pass
// anywhere.
func TestNarrowDeltasPartAtTies(t *testing.T) {
	one := mat.NewDense(1, 1, []float64{1})
	for _, row := range []struct {
		name   string
		b      float64
		lo, hi float64
	}{
		{"a tie", 1 + 0x1p-8, 1, 1 + 0x1p-7},
		{"the smallest float32 step above it", 1 + 0x1p-8 + 0x1p-23, 1, 1 + 0x1p-7},
		{"well above it", 1 + 0x1p-8 + 0x1p-15, 1 + 0x1p-7, 1 + 0x1p-7},
		{"a bfloat16", 1, 1, 1},
	} {
		a := &lora.Adapter{A: one, B: mat.NewDense(1, 1, []float64{row.b}), Alpha: 1}
		if lo, hi := narrowDeltas(a); lo.At(0, 0) != row.lo || hi.At(0, 0) != row.hi {
			t.Errorf("%s: %v and %v, want %v and %v", row.name, lo.At(0, 0), hi.At(0, 0), row.lo, row.hi)
		}
	}
}

// bfloat16Sum returns w + sign·delta, rounded.
func bfloat16Sum(w, delta *mat.Dense, sign float64) *mat.Dense {
	sum := mat.DenseCopyOf(w)
	for i, v := range numbers(delta) {
		numbers(sum)[i] += sign * v
	}
	roundBFloat16(numbers(sum))
	return sum
}

// wantOneOf compares to the bit where the two candidates agree, and otherwise
// takes either: which one it is depends on the order of summing.
func wantOneOf(t *testing.T, what string, got, want, a, b *mat.Dense) {
	t.Helper()
	for i, g := range numbers(got) {
		w, a, b := numbers(want)[i], numbers(a)[i], numbers(b)[i]
		if g != w && !(a != b && (g == a || g == b) && (w == a || w == b)) {
			t.Errorf("%s, element %d: %v, want %v (roundings %v and %v)", what, i, g, w, a, b)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func maxAbs(m *mat.Dense) float64 { return max(mat.Max(m), -mat.Min(m)) }

// twoAdapters returns a network of two layers with adapters "a" on both, active,
// and "b" on the second, and inputs for it.
func twoAdapters(t *testing.T) (*lora.Network, *mat.Dense) {
	t.Helper()
	rng := lora.Stream(9, "merge")
	net := lora.NewNetwork([]int{6, 8, 5}, lora.GELU, rng)
	in := lora.Init{Scheme: lora.BothGaussian, Rank: 2, Alpha: 4, Sigma: 0.5}
	must(t, in.AttachAll(net, "b", rng, 1))
	must(t, in.AttachAll(net, "a", rng))
	return net, normal(6, 11, rng)
}

func predict(net *lora.Network, x *mat.Dense) *mat.Dense { return mat.DenseCopyOf(net.Predict(x)) }

func TestMergeMovesWhatIsComputedNotWhat(t *testing.T) {
	net, x := twoAdapters(t)
	base, active := net.Clone(), predict(net, x)
	base.Deactivate()
	trainable := net.AdapterParams()

	must(t, net.Merge("a", nil))
	wantClose(t, "merged", predict(net, x), active, 1e-12)
	if got := net.AdapterParams(); got != 0 || trainable == 0 {
		t.Errorf("%d parameters still run beside W, of %d", got, trainable)
	}
	for i, l := range net.Layers {
		want := new(mat.Dense)
		want.Add(base.Layers[i].W, l.Adapter("a").Delta())
		wantClose(t, "W + s·B·A", l.W, want, 1e-15)
		if !slices.Equal(l.Merged(), []string{"a"}) || l.Active() != nil {
			t.Errorf("layer %d: merged %q, active %v", i, l.Merged(), l.Active())
		}
	}

	must(t, net.Unmerge("a"))
	wantClose(t, "unmerged", predict(net, x), active, 1e-12)
	net.Deactivate()
	wantClose(t, "unmerged and off", predict(net, x), predict(base, x), 1e-12)
}

// A switch never writes to W: on and off is the base to the last bit, also
// when something else is merged.
func TestSwitchesNeverWrite(t *testing.T) {
	net, x := twoAdapters(t)
	must(t, net.Merge("b", nil))
	before := net.Clone()
	before.Deactivate()
	want := predict(before, x)
	for _, name := range []string{"a", "b", "a"} {
		net.Activate(name)
		predict(net, x)
	}
	net.Deactivate()
	if drift := maxDiff(predict(net, x), want); drift != 0 {
		t.Errorf("off again, the output moved by %g", drift)
	}
}

func TestMergedBesideActive(t *testing.T) {
	net, _ := twoAdapters(t)
	l := net.Layers[1]
	x := normal(8, 4, lora.Stream(1, "x"))
	sum := lora.NewLinear(l.W, l.Bias)
	sum.W.Add(sum.W, l.Adapter("a").Delta())
	sum.W.Add(sum.W, l.Adapter("b").Delta())
	want := output(sum, x)

	must(t, l.Merge("b", nil)) // "a" is active
	wantClose(t, "b merged, a beside it", output(l, x), want, 1e-12)
	must(t, l.Merge("a", nil))
	wantClose(t, "both merged", output(l, x), want, 1e-12)
	if got := l.Merged(); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("merged %q, want b and a in the order of merging", got)
	}
	l.Activate("b")
	wantClose(t, "activating a merged one", output(l, x), want, 1e-12)
	must(t, l.Unmerge("b")) // not the last one merged
	wantClose(t, "b beside a", output(l, x), want, 1e-12)
	c := l.Clone()
	if !slices.Equal(c.Merged(), []string{"a"}) {
		t.Errorf("the clone has %q merged", c.Merged())
	}
	must(t, c.Unmerge("a"))
	if !slices.Equal(l.Merged(), []string{"a"}) || maxDiff(c.W, l.W) == 0 {
		t.Error("unmerging the clone touched the layer")
	}
}

// What was merged is what is taken out, even if the adapter was trained on.
func TestUnmergeAfterTheAdapterChanged(t *testing.T) {
	net, _ := twoAdapters(t)
	l := net.Layers[0]
	before := mat.DenseCopyOf(l.W)
	must(t, l.Merge("a", nil))
	l.Adapter("a").B.Scale(100, l.Adapter("a").B)
	must(t, l.Unmerge("a"))
	wantClose(t, "W", l.W, before, 1e-14)
}

func TestNetworkRound(t *testing.T) {
	net, x := twoAdapters(t)
	one := net.Clone()
	net.Round(roundBFloat16)
	for _, l := range one.Layers {
		l.Round(roundBFloat16)
		if l.Bias[0] != float64(float32(l.Bias[0])) {
			t.Errorf("bias %v was not rounded", l.Bias[0])
		}
	}
	wantClose(t, "all layers against one by one", predict(net, x), predict(one, x), 0)
}

func TestMergeWritesInPlace(t *testing.T) {
	net, _ := twoAdapters(t)
	l := net.Layers[0]
	w, first := l.W, l.W.At(0, 0)
	must(t, l.Merge("a", nil))
	if l.W != w || w.At(0, 0) == first {
		t.Error("W was replaced, not written to")
	}
}

func TestMergeRefusals(t *testing.T) {
	roundSmall := func(x []float64) { // a format whose largest number is 1
		for i, v := range x {
			if math.Abs(v) > 1 {
				x[i] = math.Inf(1)
			}
		}
	}
	rows := []struct {
		name    string
		prepare func(*lora.Network)
		do      func(*lora.Network) error
		want    lora.MergeError // Err is matched by errors.Is, or is a *NotFinite to be equal but for the value
		says    string
	}{
		{"twice", func(net *lora.Network) { net.Merge("a", nil) },
			func(net *lora.Network) error { return net.Merge("a", nil) },
			lora.MergeError{"merge", "a", 0, lora.ErrMerged}, "unmerge it first"},
		{"twice in one layer", func(net *lora.Network) { net.Layers[1].Merge("a", nil) },
			func(net *lora.Network) error { return net.Merge("a", nil) },
			lora.MergeError{"merge", "a", 1, lora.ErrMerged}, "layer 1"},
		{"unmerge without merge", nil,
			func(net *lora.Network) error { return net.Unmerge("a") },
			lora.MergeError{"unmerge", "a", -1, lora.ErrNotMerged}, "not merged"},
		{"unmerge twice", func(net *lora.Network) { net.Merge("a", nil); net.Unmerge("a") },
			func(net *lora.Network) error { return net.Unmerge("a") },
			lora.MergeError{"unmerge", "a", -1, lora.ErrNotMerged}, "not merged"},
		{"one layer, unmerge without merge", nil,
			func(net *lora.Network) error { return net.Layers[0].Unmerge("a") },
			lora.MergeError{"unmerge", "a", -1, lora.ErrNotMerged}, "not merged"},
		{"unknown", nil,
			func(net *lora.Network) error { return net.Merge("c", nil) },
			lora.MergeError{"merge", "c", -1, lora.ErrNoAdapter}, `"c"`},
		{"unknown, unmerge", nil,
			func(net *lora.Network) error { return net.Unmerge("c") },
			lora.MergeError{"unmerge", "c", -1, lora.ErrNoAdapter}, `"c"`},
		{"unknown in the layer", nil,
			func(net *lora.Network) error { return net.Layers[0].Merge("b", nil) },
			lora.MergeError{"merge", "b", -1, lora.ErrNoAdapter}, `"b"`},
		{"unknown in the layer, unmerge", nil,
			func(net *lora.Network) error { return net.Layers[0].Unmerge("b") },
			lora.MergeError{"unmerge", "b", -1, lora.ErrNoAdapter}, `"b"`},
		{"NaN in A", func(net *lora.Network) { net.Layers[1].Adapter("a").A.Set(1, 2, math.NaN()) },
			func(net *lora.Network) error { return net.Merge("a", nil) },
			lora.MergeError{"merge", "a", 1, &lora.NotFinite{What: "A", Row: 1, Col: 2}}, "A[1,2] is NaN"},
		{"infinite B", func(net *lora.Network) { net.Layers[1].Adapter("a").B.Set(3, 0, math.Inf(-1)) },
			func(net *lora.Network) error { return net.Merge("a", nil) },
			lora.MergeError{"merge", "a", 1, &lora.NotFinite{What: "B", Row: 3, Col: 0}}, "B[3,0] is -Inf"},
		{"NaN in A behind a zero B", func(net *lora.Network) {
			net.Layers[1].Adapter("a").B.Zero()
			net.Layers[1].Adapter("a").A.Set(0, 0, math.NaN())
		},
			func(net *lora.Network) error { return net.Merge("a", nil) },
			lora.MergeError{"merge", "a", 1, &lora.NotFinite{What: "A"}}, "A[0,0] is NaN"},
		{"alpha", func(net *lora.Network) { net.Layers[1].Adapter("a").Alpha = math.Inf(1) },
			func(net *lora.Network) error { return net.Merge("a", nil) },
			lora.MergeError{"merge", "a", 1, &lora.NotFinite{What: "the scaling", Row: -1, Col: -1}}, "the scaling is +Inf"},
		{"the base", func(net *lora.Network) { net.Layers[1].W.Set(4, 4, math.NaN()) },
			func(net *lora.Network) error { return net.Merge("a", nil) },
			lora.MergeError{"merge", "a", 1, &lora.NotFinite{What: "W", Row: 4, Col: 4}}, "W[4,4] is NaN"},
		{"overflow of the format", func(net *lora.Network) { net.Layers[1].W.Set(4, 3, 50) },
			func(net *lora.Network) error { return net.Layers[1].Merge("b", roundSmall) },
			lora.MergeError{"merge", "b", -1, &lora.NotFinite{}}, "wider"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			net, _ := twoAdapters(t)
			if row.prepare != nil {
				row.prepare(net)
			}
			before := net.Clone()
			err := row.do(net)

			var got *lora.MergeError
			if !errors.As(err, &got) {
				t.Fatalf("error %v, want a *MergeError", err)
			}
			if got.Op != row.want.Op || got.Adapter != row.want.Adapter || got.Layer != row.want.Layer {
				t.Errorf("got %q of %q in layer %d, want %q, %q, %d", got.Op, got.Adapter, got.Layer, row.want.Op, row.want.Adapter, row.want.Layer)
			}
			var bad, wantBad *lora.NotFinite
			switch {
			case errors.As(row.want.Err, &wantBad):
				if !errors.As(err, &bad) {
					t.Errorf("error %v, want a *NotFinite", err)
				} else if wantBad.What != "" && (bad.What != wantBad.What || bad.Row != wantBad.Row || bad.Col != wantBad.Col) {
					t.Errorf("not finite: %+v, want %+v", bad, wantBad)
				}
			case !errors.Is(err, row.want.Err):
				t.Errorf("error %v, want %v", err, row.want.Err)
			}
			if !strings.Contains(err.Error(), row.says) {
				t.Errorf("error %q, want %q in it", err, row.says)
			}
			for i, l := range net.Layers {
				was := before.Layers[i]
				same := slices.Equal(l.Merged(), was.Merged())
				for e, v := range l.W.RawMatrix().Data {
					same = same && math.Float64bits(v) == math.Float64bits(was.W.RawMatrix().Data[e])
				}
				if !same {
					t.Errorf("layer %d was written to", i)
				}
			}
		})
	}
}

func TestAttachOverMerged(t *testing.T) {
	net, _ := twoAdapters(t)
	must(t, net.Merge("a", nil))
	if err := (lora.Init{Rank: 2, Alpha: 2}).AttachAll(net, "a", lora.Stream(1, "a")); !errors.Is(err, lora.ErrMerged) {
		t.Errorf("Init: error %v, want ErrMerged", err)
	}
	defer func() {
		if err, ok := recover().(*lora.MergeError); !ok || !errors.Is(err, lora.ErrMerged) {
			t.Errorf("Linear.Attach: %v, want a panic with ErrMerged", err)
		}
	}()
	net.Layers[0].Attach("a", lora.NewAdapter(8, 6, 1, 1, lora.AlphaOverR))
}

// Between two roundings the arithmetic is float32's, whatever is rounded to.
func TestMergeRoundsFloat32(t *testing.T) {
	rng := lora.Stream(3, "float32")
	l := lora.NewLinear(normal(6, 7, rng), nil)
	l.Attach("x", &lora.Adapter{A: normal(3, 7, rng), B: normal(6, 3, rng), Alpha: 0.7})
	l.Round(roundFloat32)
	seen := 0
	watch := func(x []float64) {
		for _, v := range x {
			seen++
			if float64(float32(v)) != v {
				t.Errorf("asked to round %v, which no float32 holds", v)
			}
		}
	}
	must(t, l.Merge("x", watch))
	must(t, l.Unmerge("x"))
	if seen != 2*2*6*7 {
		t.Errorf("%d numbers were rounded, want ΔW and the sum of a merge and an unmerge", seen)
	}
}

// A PiSSA adapter merged into its residual gives back the original weight.
func TestMergeOfReplacedBase(t *testing.T) {
	rng := lora.Stream(6, "w")
	for _, s := range []lora.Scheme{lora.PiSSA, lora.OLoRA} {
		w := normal(7, 9, rng)
		l := lora.NewLinear(w, nil)
		if _, err := initCase(s, 3, nil).Attach(l, "x", rng); err != nil {
			t.Fatal(err)
		}
		must(t, l.Merge("x", nil))
		wantClose(t, s.String(), l.W, w, 1e-13)
	}
}
