package linalg_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/linalg"
)

// uniform returns a matrix drawn by steps that are exact on every machine.
func uniform(rows, cols int, seed uint64) *mat.Dense {
	rng := rand.New(rand.NewPCG(seed, 1))
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			m.Set(i, j, 2*rng.Float64()-1)
		}
	}
	return m
}

func times(a, b mat.Matrix) *mat.Dense {
	var c mat.Dense
	c.Mul(a, b)
	return &c
}

func scaled(f float64, m *mat.Dense) *mat.Dense {
	var c mat.Dense
	c.Scale(f, m)
	return &c
}

// cases are matrices of every kind that decompositions stumble over.
func cases() map[string]*mat.Dense {
	all := map[string]*mat.Dense{
		"1×1":          uniform(1, 1, 1),
		"a row":        uniform(1, 7, 2),
		"a column":     uniform(7, 1, 3),
		"square":       uniform(12, 12, 4),
		"tall":         uniform(40, 9, 5),
		"wide":         uniform(9, 40, 6),
		"large":        uniform(70, 65, 7),
		"zero":         mat.NewDense(4, 6, nil),
		"ones":         times(constant(5, 1), constant(1, 7)),
		"rank 3":       times(uniform(20, 3, 8), uniform(3, 15, 9)),
		"rank 3, tall": times(uniform(50, 3, 10), uniform(3, 15, 11)),
		"huge":         scaled(1e307, uniform(8, 5, 12)),
		"tiny":         scaled(1e-300, uniform(8, 5, 13)),
		"subnormal":    scaled(5e-320, uniform(8, 5, 14)),
		"a view":       uniform(20, 20, 15).Slice(3, 12, 5, 19).(*mat.Dense),
	}
	diagonal, graded, twice, hilbert := mat.NewDense(6, 6, nil), uniform(10, 10, 16), uniform(9, 6, 17), mat.NewDense(10, 10, nil)
	for i := range 6 {
		diagonal.Set(i, i, float64(i%3))
	}
	for i := range 10 {
		for j := range 10 {
			graded.Set(i, j, graded.At(i, j)*math.Pow10(-4*j))
			hilbert.Set(i, j, 1/float64(1+i+j))
		}
	}
	twice.SetCol(4, mat.Col(nil, 1, twice))
	twice.SetCol(0, make([]float64, 9))
	all["diagonal with zeros"], all["graded"], all["a column twice, one zero"], all["Hilbert"] = diagonal, graded, twice, hilbert
	return all
}

func constant(rows, cols int) *mat.Dense {
	m := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			m.Set(i, j, 1)
		}
	}
	return m
}

// largest returns max|mᵢⱼ|.
func largest(m *mat.Dense) float64 {
	top := 0.0
	r, c := m.Dims()
	for i := range r {
		for j := range c {
			top = max(top, math.Abs(m.At(i, j)))
		}
	}
	return top
}

func wantNear(t *testing.T, what string, got, want *mat.Dense, tolerance float64) {
	t.Helper()
	var diff mat.Dense
	diff.Sub(got, want)
	if off := largest(&diff); !(off <= tolerance) {
		t.Errorf("%s is off by %v, more than %v", what, off, tolerance)
	}
}

func wantOrthonormal(t *testing.T, what string, q *mat.Dense) {
	t.Helper()
	_, p := q.Dims()
	identity := mat.NewDense(p, p, nil)
	for i := range p {
		identity.Set(i, i, 1)
	}
	wantNear(t, what+"ᵀ·"+what, times(q.T(), q), identity, 3e-15*math.Sqrt(float64(p)))
}

func TestQR(t *testing.T) {
	for name, m := range cases() {
		t.Run(name, func(t *testing.T) {
			rows, cols := m.Dims()
			q, r := linalg.QR(m)
			p := min(rows, cols)
			if qr, qc := q.Dims(); qr != rows || qc != p {
				t.Fatalf("q is %d×%d", qr, qc)
			}
			wantOrthonormal(t, "Q", q)
			for i := range p {
				for j := range i {
					if r.At(i, j) != 0 {
						t.Fatalf("r[%d,%d] = %v", i, j, r.At(i, j))
					}
				}
			}
			top := largest(m)
			wantNear(t, "Q·R", times(q, r), m, 1e-14*top+1e-320)
			if !mat.Equal(linalg.Triangle(m), r) {
				t.Error("Triangle differs")
			}
			var lapack mat.QR
			switch name {
			case "ones", "rank 3, tall", "a column twice, one zero": // what is left of a column then is rounding
			default:
				if rows < cols {
					return
				}
				// Signs and all.
				lapack.Factorize(m)
				var want mat.Dense
				lapack.RTo(&want)
				wantNear(t, "R", r, want.Slice(0, p, 0, cols).(*mat.Dense), 1e-14*top*math.Sqrt(float64(rows))+1e-320)
			}
		})
	}
}

func TestSVD(t *testing.T) {
	for name, m := range cases() {
		t.Run(name, func(t *testing.T) {
			d, k := m.Dims()
			p := min(d, k)
			u, sigma, v, ok := linalg.SVD(m)
			if !ok {
				t.Fatal("it did not converge")
			}
			if ud, up := u.Dims(); ud != d || up != p || len(sigma) != p {
				t.Fatalf("u is %d×%d, %d values", ud, up, len(sigma))
			}
			wantOrthonormal(t, "U", u)
			wantOrthonormal(t, "V", v)
			for i, s := range sigma {
				if !(s >= 0) || i > 0 && s > sigma[i-1] {
					t.Fatalf("σ = %v", sigma)
				}
			}
			alone, ok := linalg.SingularValues(m)
			back := mat.NewDense(d, k, nil)
			for i := range d {
				for j := range k {
					for l, s := range sigma {
						back.Set(i, j, back.At(i, j)+u.At(i, l)*s*v.At(j, l))
					}
				}
			}
			wantNear(t, "U·Σ·Vᵀ", back, m, 1e-14*largest(m)*math.Sqrt(float64(p))+1e-319)
			var lapack mat.SVD
			if !ok || !lapack.Factorize(m, mat.SVDNone) {
				t.Fatal("no values to compare with")
			}
			for i, want := range lapack.Values(nil) {
				if tolerance := 1e-14*sigma[0] + 1e-319; math.Abs(sigma[i]-want) > tolerance || math.Abs(alone[i]-want) > tolerance {
					t.Errorf("σ%d = %v, alone %v, want %v", i+1, sigma[i], alone[i], want)
				}
			}
		})
	}
}

// What is beyond float64 is infinite, and not NaN or a wrong number.
func TestSVDThatOverflows(t *testing.T) {
	m := scaled(math.MaxFloat64, constant(3, 3))
	if sigma, ok := linalg.SingularValues(m); !ok || !math.IsInf(sigma[0], 1) || sigma[2] > 1e293 {
		t.Errorf("σ = %v, want infinity and two near 0", sigma)
	}
}

func TestNorm(t *testing.T) {
	for _, row := range []struct {
		m    *mat.Dense
		want float64
	}{
		{mat.NewDense(1, 2, []float64{3, 4}), 5},
		{mat.NewDense(2, 2, []float64{1, 1, -1, 1}), 2},
		{mat.NewDense(2, 1, []float64{3e300, 4e300}), 5e300},
		{mat.NewDense(2, 1, []float64{3e-310, 4e-310}), 5e-310},
		{mat.NewDense(2, 2, nil), 0},
		{uniform(3, 9, 1).Slice(0, 3, 0, 1).(*mat.Dense), math.Hypot(uniform(3, 9, 1).At(0, 0), math.Hypot(uniform(3, 9, 1).At(1, 0), uniform(3, 9, 1).At(2, 0)))},
	} {
		if got := linalg.Norm(row.m); math.Abs(got-row.want) > 2e-16*row.want {
			t.Errorf("norm of %v is %v, want %v", row.m, got, row.want)
		}
	}
	if got := linalg.Norm(mat.NewDense(1, 1, []float64{3}), mat.NewDense(1, 1, []float64{-4})); got != 5 {
		t.Errorf("norm of both is %v", got)
	}
}

func TestMulPanics(t *testing.T) {
	defer func() {
		err, _ := recover().(error)
		if e := (linalg.ShapeError{}); !errors.As(err, &e) || e.Got != "2×3 · 4×5 into 2×5" {
			t.Errorf("panic %v", err)
		}
	}()
	linalg.Mul(mat.NewDense(2, 5, nil), 1, linalg.Transposed, mat.NewDense(3, 2, nil), linalg.AsIs, mat.NewDense(4, 5, nil), 0)
}

// The digest was computed once. Every machine and every build must find it.
func TestTheSameOnEveryMachine(t *testing.T) {
	const want = 0x595d2cab563e8c99
	digest := fnv.New64a()
	write := func(ms ...*mat.Dense) {
		for _, m := range ms {
			rows, cols := m.Dims()
			for i := range rows {
				for j := range cols {
					digest.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(m.At(i, j))))
				}
			}
		}
	}
	for seed, dims := range [][2]int{{1, 1}, {5, 3}, {3, 5}, {33, 20}, {20, 33}, {64, 64}} {
		m := uniform(dims[0], dims[1], uint64(seed))
		q, r := linalg.QR(m)
		u, sigma, v, _ := linalg.SVD(m)
		alone, _ := linalg.SingularValues(m)
		write(q, r, u, v, mat.NewDense(2, len(sigma), append(sigma, alone...)))
		write(mat.NewDense(1, 1, []float64{linalg.Norm(m)}))
	}
	if got := digest.Sum64(); got != want {
		t.Errorf("digest %#x, want %#x", got, uint64(want))
	}
}

func BenchmarkSVD(b *testing.B) {
	for _, dims := range [][2]int{{16, 16}, {128, 64}, {128, 128}, {256, 256}, {512, 512}} {
		m := uniform(dims[0], dims[1], 1)
		for name, f := range map[string]func(){
			"ours":          func() { linalg.SVD(m) },
			"ours, values":  func() { linalg.SingularValues(m) },
			"gonum":         func() { new(mat.SVD).Factorize(m, mat.SVDThin) },
			"gonum, values": func() { new(mat.SVD).Factorize(m, mat.SVDNone) },
			"ours, QR":      func() { linalg.QR(m) },
		} {
			b.Run(fmt.Sprintf("%d×%d/%s", dims[0], dims[1], name), func(b *testing.B) {
				for b.Loop() {
					f()
				}
			})
		}
	}
}
