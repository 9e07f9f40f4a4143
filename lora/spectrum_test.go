package lora_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

func nearly(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*max(1, math.Abs(want))
}

func TestSpectrumAgainstNumpy(t *testing.T) {
	var ref struct {
		Cases []struct {
			Seed  int
			W     refTensor
			Sigma refTensor `json:"singular_values_f64"`
			Best  []struct {
				Rank      int
				Frobenius float64 `json:"frobenius_error"`
				Spectral  float64 `json:"spectral_error"`
				Energy    float64 `json:"energy_kept"`
			} `json:"best_rank_k"`
		}
	}
	readRef(t, "svd_inits.json", &ref)
	if len(ref.Cases) == 0 {
		t.Fatal("no cases")
	}
	const tolerance = 1e-12
	for _, c := range ref.Cases {
		t.Run(fmt.Sprintf("seed %d", c.Seed), func(t *testing.T) {
			w := c.W.dense()
			sigma := lora.SingularValues(w)
			wantRelative(t, "σ", mat.NewDense(len(sigma), 1, sigma), c.Sigma.dense(), tolerance)
			energy := lora.Energy(sigma)
			if len(c.Best) == 0 {
				t.Error("no ranks")
			}
			for _, best := range c.Best {
				frobenius, spectral := lora.TruncationError(sigma, best.Rank)
				if !nearly(frobenius, best.Frobenius, tolerance) || !nearly(spectral, best.Spectral, tolerance) {
					t.Errorf("rank %d: errors %v and %v, want %v and %v", best.Rank, frobenius, spectral, best.Frobenius, best.Spectral)
				}
				if !nearly(energy[best.Rank], best.Energy, tolerance) {
					t.Errorf("rank %d: energy %v, want %v", best.Rank, energy[best.Rank], best.Energy)
				}
				var rest mat.Dense // the errors again, from the approximation itself
				rest.Sub(w, lora.Truncate(w, best.Rank))
				if got := mat.Norm(&rest, 2); !nearly(got, best.Frobenius, tolerance) {
					t.Errorf("rank %d: the approximation is %v away, want %v", best.Rank, got, best.Frobenius)
				}
				if got := lora.SingularValues(&rest)[0]; !nearly(got, best.Spectral, tolerance) {
					t.Errorf("rank %d: the approximation is %v away in the spectral norm, want %v", best.Rank, got, best.Spectral)
				}
			}
		})
	}
}

// rebuilt returns U·diag(σ)·Vᵀ.
func rebuilt(s *lora.SVD) *mat.Dense { return s.Truncate(len(s.Sigma)) }

func wantOrthonormal(t *testing.T, what string, u *mat.Dense) {
	t.Helper()
	_, p := u.Dims()
	var gram mat.Dense
	gram.Mul(u.T(), u)
	identity := mat.NewDense(p, p, nil)
	for i := range p {
		identity.Set(i, i, 1)
	}
	wantClose(t, what+"ᵀ"+what, &gram, identity, 1e-13)
}

// The way through the factors gives what the dense product gives.
func TestAdapterSVD(t *testing.T) {
	zero := func(a *lora.Adapter) { a.B.Zero() }
	for _, row := range []struct {
		name    string
		d, k, r int
		spoil   func(*lora.Adapter)
		rank    int
	}{
		{"tall", 30, 9, 4, nil, 4},
		{"wide", 8, 40, 3, nil, 3},
		{"rank 1", 12, 10, 1, nil, 1},
		{"r = d", 5, 9, 5, nil, 5},
		{"r = k", 9, 5, 5, nil, 5},
		{"r above d", 4, 20, 7, nil, 4},
		{"r above k", 20, 4, 7, nil, 4},
		{"r above both", 4, 5, 11, nil, 4},
		{"1×1", 1, 1, 1, nil, 1},
		{"B zero", 12, 10, 4, zero, 0},
		{"B zero, r above both", 4, 5, 11, zero, 0},
		{"A zero", 12, 10, 4, func(a *lora.Adapter) { a.A.Zero() }, 0},
		{"a row of A twice", 12, 10, 4, func(a *lora.Adapter) { a.A.SetRow(2, a.A.RawRowView(0)) }, 3},
		{"a column of B zero", 12, 10, 4, func(a *lora.Adapter) { a.B.SetCol(0, make([]float64, 12)) }, 3},
		{"tiny", 12, 10, 3, func(a *lora.Adapter) { a.A.Scale(1e-150, a.A); a.B.Scale(1e-120, a.B) }, 3},
		{"huge", 12, 10, 3, func(a *lora.Adapter) { a.A.Scale(1e100, a.A); a.B.Scale(1e120, a.B) }, 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := anAdapter(row.d, row.k, row.r, 1)
			if row.spoil != nil {
				row.spoil(a)
			}
			svd, delta := a.SVD(), a.Delta()
			p := min(row.d, row.k, row.r)
			dense := lora.SingularValues(delta)
			wantRelative(t, "σ", mat.NewDense(p, 1, svd.Sigma), mat.NewDense(p, 1, dense[:p]), 1e-13)
			wantRelative(t, "σ without vectors", mat.NewDense(p, 1, a.SingularValues()), mat.NewDense(p, 1, dense[:p]), 1e-13)
			wantRelative(t, "U·σ·Vᵀ", rebuilt(svd), delta, 1e-13)
			wantOrthonormal(t, "U", svd.U)
			wantOrthonormal(t, "V", svd.V)
			if rank := effective(svd.Sigma); rank != row.rank {
				t.Errorf("rank %d of σ = %v, want %d", rank, svd.Sigma, row.rank)
			}
		})
	}
}

// effective counts the values that are more than rounding.
func effective(sigma []float64) int {
	n := 0
	for _, v := range sigma {
		if v > 1e-14*sigma[0] {
			n++
		}
	}
	return n
}

// What a run that diverged leaves behind has no spectrum: that shows, and does not crash.
func TestSpectrumOfWhatIsNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		a := anAdapter(6, 5, 3, 1)
		a.B.Set(2, 1, bad)
		allNaN := func(x []float64) bool {
			return len(x) > 0 && !slices.ContainsFunc(x, func(v float64) bool { return !math.IsNaN(v) })
		}
		svd := a.SVD()
		for what, x := range map[string][]float64{
			"σ": svd.Sigma, "U": numbers(svd.U), "V": numbers(svd.V), "values": a.SingularValues(),
			"dense values": lora.SingularValues(a.Delta()), "truncated": numbers(lora.Truncate(a.Delta(), 2)),
			"energy": lora.Energy(svd.Sigma)[1:], "effective rank": {lora.EffectiveRank(svd.Sigma)}, "stable rank": {lora.StableRank(svd.Sigma)},
		} {
			if !allNaN(x) {
				t.Errorf("%v in B: %s = %v, want NaN", bad, what, x)
			}
		}
	}
}

func TestRanksOfSpectra(t *testing.T) {
	for _, row := range []struct {
		name              string
		sigma             []float64
		rank90            int
		effective, stable float64
	}{
		{"no values", nil, 0, 0, 0},
		{"all zero", []float64{0, 0, 0}, 0, 0, 0},
		{"one", []float64{5}, 1, 1, 1},
		{"one of three", []float64{5, 0, 0}, 1, 1, 1},
		{"three alike", []float64{2, 2, 2}, 3, 3, 3},
		{"ten alike", []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 9, 10, 10},
		{"halves", []float64{2, 1, 1}, 3, math.Pow(2, 1.5), 1.5}, // p = ½, ¼, ¼: entropy 1.5 bits
		{"squares would vanish", []float64{2e-200, 1e-200, 1e-200}, 3, math.Pow(2, 1.5), 1.5},
		{"squares would overflow", []float64{2e200, 1e200, 1e200}, 3, math.Pow(2, 1.5), 1.5},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := lora.RankForEnergy(row.sigma, 0.9); got != row.rank90 {
				t.Errorf("rank for 90 %% of the energy %d, want %d (%v)", got, row.rank90, lora.Energy(row.sigma))
			}
			if got := lora.EffectiveRank(row.sigma); !nearly(got, row.effective, 1e-14) {
				t.Errorf("effective rank %v, want %v", got, row.effective)
			}
			if got := lora.StableRank(row.sigma); !nearly(got, row.stable, 1e-14) {
				t.Errorf("stable rank %v, want %v", got, row.stable)
			}
		})
	}
	for share, want := range map[float64]int{0: 0, 1e-9: 1, 2. / 3: 1, 0.7: 2, 1: 3, 2: 3} {
		if got := lora.RankForEnergy([]float64{2, 1, 1}, share); got != want {
			t.Errorf("rank for a share of %v: %d, want %d", share, got, want)
		}
	}
}

// error² + energy = total, at every rank; and no random matrix of that rank is
// nearer than the truncated one.
func TestTruncationProperties(t *testing.T) {
	for seed := range uint64(5) {
		rng := lora.Stream(seed, "truncation")
		d, k := 2+rng.IntN(12), 2+rng.IntN(12)
		m := normal(d, k, rng)
		svd := lora.Decompose(m)
		total := math.Pow(mat.Norm(m, 2), 2)
		energy := lora.Energy(svd.Sigma)
		if energy[0] != 0 || energy[len(svd.Sigma)] != 1 {
			t.Errorf("energy from %v to %v, want 0 to 1", energy[0], energy[len(svd.Sigma)])
		}
		if bound, stable, eff := float64(min(d, k)), lora.StableRank(svd.Sigma), lora.EffectiveRank(svd.Sigma); stable < 1 || stable > bound || eff < 1 || eff > bound {
			t.Errorf("stable rank %v, effective rank %v of a %d×%d matrix", stable, eff, d, k)
		}
		for r := range min(d, k) + 2 {
			frobenius, spectral := lora.TruncationError(svd.Sigma, r)
			if kept := energy[min(r, len(svd.Sigma))]; !nearly(frobenius*frobenius/total+kept, 1, 1e-13) {
				t.Errorf("rank %d: error² %v and energy %v of %v", r, frobenius*frobenius, kept*total, total)
			}
			nearest := svd.Truncate(r)
			if rank := effective(lora.SingularValues(nearest)); rank > r {
				t.Errorf("rank %d, truncated to %d", rank, r)
			}
			if spectral > frobenius {
				t.Errorf("rank %d: spectral error %v above %v", r, spectral, frobenius)
			}
			if r == 0 || r > min(d, k) {
				continue
			}
			for range 20 {
				var other, away mat.Dense
				other.Mul(normal(d, r, rng), normal(r, k, rng))
				other.Scale(0.1, &other)
				other.Add(nearest, &other)
				other.CloneFrom(lora.Truncate(&other, r))
				away.Sub(m, &other)
				if mat.Norm(&away, 2) < frobenius || lora.SingularValues(&away)[0] < spectral*(1-1e-12) {
					t.Errorf("rank %d: a matrix nearer than the nearest", r)
				}
			}
		}
	}
}

// orthonormal returns p random orthonormal columns of length n.
func orthonormal(n, p int, seed uint64) *mat.Dense {
	return lora.Decompose(normal(n, p, lora.Stream(seed, "orthonormal"))).U
}

func TestSubspaceSimilarities(t *testing.T) {
	const n = 10
	u, v := orthonormal(n, 6, 1), orthonormal(n, 4, 2)
	phi := lora.SubspaceSimilarities(u, v)
	for i := 1; i <= 6; i++ {
		for j := 1; j <= 4; j++ {
			var product mat.Dense // the definition, word for word
			product.Mul(u.Slice(0, n, 0, i).T(), v.Slice(0, n, 0, j))
			want := math.Pow(mat.Norm(&product, 2), 2) / float64(min(i, j))
			got := phi.At(i-1, j-1)
			if !nearly(got, want, 1e-14) || got < 0 || got > 1 {
				t.Errorf("φ(%d, %d) = %v, want %v", i, j, got, want)
			}
		}
	}
	wantClose(t, "φ the other way round", lora.SubspaceSimilarities(v, u), phi.T(), 1e-14)

	t.Run("itself", func(t *testing.T) {
		self := lora.SubspaceSimilarities(u, u)
		if mat.Min(self) < 1-1e-14 || mat.Max(self) > 1 {
			t.Errorf("φ of a space and one in it:\n%v, want 1", mat.Formatted(self))
		}
	})
	t.Run("orthogonal", func(t *testing.T) {
		both := orthonormal(n, 8, 3)
		if got := mat.Max(lora.SubspaceSimilarities(both.Slice(0, n, 0, 3), both.Slice(0, n, 3, 8))); got > 1e-28 {
			t.Errorf("φ of orthogonal spaces %v, want 0", got)
		}
	})
	t.Run("another basis of the same space", func(t *testing.T) {
		var turned mat.Dense
		turned.Mul(u, orthonormal(6, 6, 4))
		if got := lora.SubspaceSimilarities(u, &turned).At(5, 5); !nearly(got, 1, 1e-14) {
			t.Errorf("φ = %v, want 1", got)
		}
		if got, want := lora.SubspaceSimilarities(&turned, v).At(5, 2), phi.At(5, 2); !nearly(got, want, 1e-14) {
			t.Errorf("φ = %v, want %v as before", got, want)
		}
	})
	t.Run("both turned", func(t *testing.T) {
		var tu, tv mat.Dense
		q := orthonormal(n, n, 5)
		tu.Mul(q, u)
		tv.Mul(q, v)
		wantClose(t, "φ", lora.SubspaceSimilarities(&tu, &tv), phi, 1e-14)
	})
	t.Run("by chance", func(t *testing.T) {
		// Of random spaces of dimensions i and j in n, E‖UᵀV‖² = i·j/n.
		const n, i, j, draws = 40, 6, 9, 200
		mean := 0.0
		for s := range uint64(draws) {
			mean += lora.SubspaceSimilarities(orthonormal(n, i, 100+s), orthonormal(n, j, 900+s)).At(i-1, j-1) / draws
		}
		if want := float64(max(i, j)) / n; math.Abs(mean-want) > 0.01 {
			t.Errorf("mean φ %v, want %v", mean, want)
		}
	})
}
