package lora_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"loralab/lora"
)

type refReplaced struct {
	Delta    refTensor `json:"scale*B@A"`
	Residual refTensor `json:"residual_W"`
}

type refSVDInits struct {
	Cases []struct {
		Seed  int         `json:"seed"`
		R     int         `json:"r"`
		Alpha float64     `json:"alpha"`
		Scale float64     `json:"scale"`
		W     refTensor   `json:"W"`
		PiSSA refReplaced `json:"pissa"`
		OLoRA refReplaced `json:"olora"`
		Best  []struct {
			Rank      int
			Frobenius float64 `json:"frobenius_error"`
		} `json:"best_rank_k"`
	}
	Scales []struct {
		R      int
		Alpha  float64
		LoRA   float64 `json:"lora"`
		RSLoRA float64 `json:"rslora"`
	}
}

func TestReplacedBaseAgainstPEFT(t *testing.T) {
	var ref refSVDInits
	readRef(t, "svd_inits.json", &ref)
	for _, c := range ref.Cases {
		for _, row := range []struct {
			scheme lora.Scheme
			want   refReplaced
		}{{lora.PiSSA, c.PiSSA}, {lora.OLoRA, c.OLoRA}} {
			t.Run(fmt.Sprintf("%v seed %d", row.scheme, c.Seed), func(t *testing.T) {
				w := c.W.dense()
				l := lora.NewLinear(w, nil)
				a, err := lora.Init{Scheme: row.scheme, Rank: c.R, Alpha: c.Alpha}.Attach(l, "x", nil)
				if err != nil {
					t.Fatal(err)
				}
				if a.Scale() != c.Scale {
					t.Fatalf("scaling %v, want %v", a.Scale(), c.Scale)
				}
				wantClose(t, "s·B·A", a.Delta(), row.want.Delta.dense(), 1e-5)
				wantClose(t, "base", l.W, row.want.Residual.dense(), 1e-5)

				// The output at step 0 is the original's up to rounding; the base alone is not.
				_, k := w.Dims()
				x := normal(k, 5, lora.Stream(1, "x"))
				original := output(lora.NewLinear(w, nil), x)
				if drift := maxDiff(output(l, x), original); drift > 1e-13 {
					t.Errorf("step 0: the output moved by %g", drift)
				}
				l.Deactivate()
				if drift := maxDiff(output(l, x), original); drift < 1e-3 {
					t.Errorf("without the adapter the output moved by %g only", drift)
				}
			})
		}
		for _, best := range c.Best {
			if best.Rank != c.R {
				continue
			}
			l := lora.NewLinear(c.W.dense(), nil)
			if _, err := (lora.Init{Scheme: lora.PiSSA, Rank: c.R, Alpha: c.Alpha}).Attach(l, "x", nil); err != nil {
				t.Fatal(err)
			}
			if got := mat.Norm(l.W, 2); math.Abs(got-best.Frobenius) > 1e-5 {
				t.Errorf("seed %d: PiSSA leaves %.6f, the best approximation of rank %d leaves %.6f", c.Seed, got, c.R, best.Frobenius)
			}
		}
	}
}

func TestScalesAgainstPEFT(t *testing.T) {
	var ref refSVDInits
	readRef(t, "svd_inits.json", &ref)
	for _, c := range ref.Scales {
		if got := lora.AlphaOverR.Factor(c.Alpha, c.R); math.Abs(got-c.LoRA) > 1e-12*c.LoRA {
			t.Errorf("α/r of %v/%d: %v, want %v", c.Alpha, c.R, got, c.LoRA)
		}
		if got := lora.AlphaOverSqrtR.Factor(c.Alpha, c.R); math.Abs(got-c.RSLoRA) > 1e-12*c.RSLoRA {
			t.Errorf("α/√r of %v/√%d: %v, want %v", c.Alpha, c.R, got, c.RSLoRA)
		}
	}
}

// PiSSA shares each singular value out evenly: row i of A is as long as column i of B.
func TestPiSSAIsBalanced(t *testing.T) {
	rng := lora.Stream(2, "w")
	for _, size := range [][2]int{{9, 6}, {6, 9}, {5, 5}} {
		l := lora.NewLinear(normal(size[0], size[1], rng), nil)
		a, err := lora.Init{Scheme: lora.PiSSA, Rank: 3, Alpha: 5, Rule: lora.AlphaOverSqrtR}.Attach(l, "x", nil)
		if err != nil {
			t.Fatal(err)
		}
		var aa, bb mat.Dense
		aa.Mul(a.A, a.A.T())
		bb.Mul(a.B.T(), a.B)
		wantClose(t, fmt.Sprintf("%v: A·Aᵀ against Bᵀ·B", size), &aa, &bb, 1e-12)
	}
}

// B·A of OLoRA projects W on the span of its first r columns: these it holds
// exactly, whatever the shape, and B is orthonormal even if they are dependent.
func TestOLoRAIsAProjection(t *testing.T) {
	rng := lora.Stream(2, "w")
	dependent := normal(7, 5, rng)
	dependent.SetCol(1, mat.Col(nil, 0, dependent))
	for name, w := range map[string]*mat.Dense{
		"tall": normal(9, 6, rng), "wide": normal(6, 9, rng), "full rank": normal(4, 4, rng), "dependent": dependent,
	} {
		t.Run(name, func(t *testing.T) {
			d, k := w.Dims()
			const r = 4
			a, err := lora.Init{Scheme: lora.OLoRA, Rank: r, Alpha: r}.Attach(lora.NewLinear(w, nil), "x", nil)
			if err != nil {
				t.Fatal(err)
			}
			var eye, back mat.Dense
			eye.Mul(a.B.T(), a.B)
			wantClose(t, "Bᵀ·B", &eye, mat.NewDiagDense(r, []float64{1, 1, 1, 1}), 1e-12)
			back.Mul(a.B, a.A)
			wantClose(t, "first columns", back.Slice(0, d, 0, r), w.Slice(0, d, 0, r), 1e-12)
			for i := range r {
				for j := range min(i, k) {
					if math.Abs(a.A.At(i, j)) > 1e-12 {
						t.Errorf("A[%d,%d] = %g: not upper triangular", i, j, a.A.At(i, j))
					}
				}
			}
		})
	}
}

// The rows of A are orthonormal and hold as much of the inputs' variance as any
// r directions can: the sum of the largest r eigenvalues of the covariance.
func TestEVAHoldsTheVariance(t *testing.T) {
	rng := lora.Stream(4, "eva")
	net := lora.NewNetwork([]int{8, 7, 5}, lora.Tanh, rng)
	x := normal(8, 40, rng)
	for i := range 8 { // directions of different importance, and a mean that is not zero
		for j := range 40 {
			x.Set(i, j, 3+x.At(i, j)/float64(i+1))
		}
	}
	const r = 3
	if err := (lora.Init{Scheme: lora.EVA, Rank: r, Alpha: 1, X: x}).AttachAll(net, "x", rng); err != nil {
		t.Fatal(err)
	}
	hidden := output(lora.NewLinear(net.Layers[0].W, net.Layers[0].Bias), x) // B is zero: what the base computes
	hidden.Apply(func(_, _ int, v float64) float64 { return math.Tanh(v) }, hidden)

	for i, inputs := range []*mat.Dense{x, hidden} {
		a := net.Layers[i].Adapter("x").A
		var eye, seen mat.Dense
		eye.Mul(a, a.T())
		wantClose(t, "A·Aᵀ", &eye, mat.NewDiagDense(r, []float64{1, 1, 1}), 1e-12)

		var cov mat.SymDense
		stat.CovarianceMatrix(&cov, inputs.T(), nil)
		var eig mat.EigenSym
		if !eig.Factorize(&cov, false) {
			t.Fatal("no eigenvalues")
		}
		largest := eig.Values(nil) // ascending
		seen.Product(a, &cov, a.T())
		for j := range r {
			if got, want := seen.At(j, j), largest[len(largest)-1-j]; math.Abs(got-want) > 1e-10*largest[len(largest)-1] {
				t.Errorf("layer %d: row %d of A holds variance %.8g, want %.8g", i, j, got, want)
			}
		}
	}
}

func TestEVARefusesInputsOfAnotherWidth(t *testing.T) {
	defer func() {
		if _, ok := recover().(lora.ShapeError); !ok {
			t.Error("no ShapeError")
		}
	}()
	rng := lora.Stream(1, "x")
	l := lora.NewLinear(normal(3, 4, rng), nil)
	lora.Init{Scheme: lora.EVA, Rank: 2, Alpha: 1, X: normal(5, 9, rng)}.Attach(l, "x", rng)
}
