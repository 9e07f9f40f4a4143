package gemm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"
)

// kernels are those this machine can run.
func kernels() []kernel {
	var all []kernel
	for kern := portable; kern <= best(); kern++ {
		all = append(all, kern)
	}
	return all
}

func (kern kernel) String() string {
	return [...]string{"portable", "avx2", "avx512"}[kern]
}

// problem is a product to compute: matrices with a gap after each row.
type problem struct {
	transA, transB bool
	m, n, k        int
	alpha, beta    float64
	gap            int
	a, b, c        []float64
	lda, ldb, ldc  int
}

func (p problem) String() string {
	return fmt.Sprintf("transA=%v transB=%v m=%d n=%d k=%d alpha=%v beta=%v gap=%d",
		p.transA, p.transB, p.m, p.n, p.k, p.alpha, p.beta, p.gap)
}

// fill draws the matrices, by steps that are exact and so the same on every
// machine. Gaps hold NaN, which poisons every sum it gets into; the slices end
// with the last element of the last row.
func (p *problem) fill(rng *rand.Rand) {
	matrix := func(rows, cols int) ([]float64, int) {
		stride := max(1, cols+p.gap)
		if rows == 0 || cols == 0 {
			return nil, stride
		}
		data := make([]float64, (rows-1)*stride+cols)
		for i := range data {
			data[i] = math.NaN()
			if i%stride < cols {
				data[i] = 2*rng.Float64() - 1
			}
		}
		return data, stride
	}
	if p.transA {
		p.a, p.lda = matrix(p.k, p.m)
	} else {
		p.a, p.lda = matrix(p.m, p.k)
	}
	if p.transB {
		p.b, p.ldb = matrix(p.n, p.k)
	} else {
		p.b, p.ldb = matrix(p.k, p.n)
	}
	p.c, p.ldc = matrix(p.m, p.n)
}

// want is the contract, written again: nothing here is shared with the package.
func (p *problem) want() []float64 {
	c := append([]float64(nil), p.c...)
	for i := range p.m {
		for j := range p.n {
			acc := 0.0
			for q := range p.k {
				a, b := i*p.lda+q, q*p.ldb+j
				if p.transA {
					a = q*p.lda + i
				}
				if p.transB {
					b = j*p.ldb + q
				}
				acc = math.FMA(p.a[a], p.b[b], acc)
			}
			at := i*p.ldc + j
			scaled := float64(p.alpha * acc)
			if p.beta == 0 {
				c[at] = scaled
			} else {
				c[at] = math.FMA(p.beta, c[at], scaled)
			}
		}
	}
	return c
}

// got is the product by a kernel.
func (p *problem) got(kern kernel) []float64 {
	c := append([]float64(nil), p.c...)
	p.into(kern, c)
	return c
}

func (p *problem) into(kern kernel, c []float64) {
	x := newProduct(p.transA, p.transB, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, c, p.ldc)
	x.mul(kern)
}

// check compares every kernel with the contract, bit for bit, gaps included.
func (p *problem) check(t *testing.T) {
	t.Helper()
	want := p.want()
	for _, kern := range kernels() {
		got := p.got(kern)
		for at := range want {
			if !same(got[at], want[at]) {
				t.Fatalf("%v: %v: C[%d,%d] = %v (%#x), want %v (%#x)", kern, p, at/p.ldc, at%p.ldc,
					got[at], math.Float64bits(got[at]), want[at], math.Float64bits(want[at]))
			}
		}
	}
}

// same says whether two values have the same bits, or are both NaN.
func same(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
}

var (
	factors = []float64{0, 1, -1, 0.3}
	bools   = []bool{false, true}
)

func TestMulKeepsTheContract(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	size := func() int { return 1 + rng.IntN([]int{10, 20, 70}[rng.IntN(3)]) }
	// Each of m, n and k goes through 1 to 70 while the other two are drawn.
	for d := 1; d <= 70; d++ {
		for _, dims := range [][3]int{{d, size(), size()}, {size(), d, size()}, {size(), size(), d}} {
			for _, transA := range bools {
				for _, transB := range bools {
					p := problem{
						transA: transA, transB: transB,
						m: dims[0], n: dims[1], k: dims[2],
						alpha: factors[rng.IntN(len(factors))],
						beta:  factors[rng.IntN(len(factors))],
						gap:   rng.IntN(2) * rng.IntN(7),
					}
					p.fill(rng)
					p.check(t)
				}
			}
		}
	}
}

func TestMulKeepsTheContractWhereItCutsTheProduct(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	tests := []struct {
		name    string
		m, n, k int
	}{
		{"nothing to sum", 3, 5, 0},
		{"no rows", 0, 5, 3},
		{"no columns", 5, 0, 3},
		{"a chunk", 35, 17, 128},
		{"a term more than a chunk", 35, 17, 129},
		{"two chunks, the last four rows", 36, 17, 256},
		{"one strip", 120, 40, 140},
		{"one row more than a strip", 121, 40, 140},
		{"three strips", 247, 9, 260},
		{"rows of B a page apart", 35, 509, 20},
		{"rows of B a page apart, in chunks", 35, 509, 129},
		{"one column", 150, 1, 300},
		{"one row", 1, 150, 300},
		{"rank 4 of many", 4, 150, 64},
		{"many of rank 4", 150, 4, 64},
		{"rank 16 of many", 16, 150, 33},
		{"many of rank 16", 150, 16, 33},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, transA := range bools {
				for _, transB := range bools {
					for _, beta := range []float64{0, 0.3} {
						p := problem{
							transA: transA, transB: transB,
							m: test.m, n: test.n, k: test.k,
							alpha: 0.3, beta: beta, gap: 3,
						}
						p.fill(rng)
						p.check(t)
					}
				}
			}
		})
	}
}

func TestMulScalesEveryWay(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, alpha := range append(factors, math.Copysign(0, -1), math.Inf(1), math.NaN()) {
		for _, beta := range append(factors, math.Copysign(0, -1), math.Inf(1), math.NaN()) {
			p := problem{m: 13, n: 21, k: 5, alpha: alpha, beta: beta}
			p.fill(rng)
			p.check(t)
		}
	}
}

// The digest was computed once. Whatever processor runs this test must find it:
// the kernels of amd64, the portable code elsewhere, software where there is no
// fused multiply-add.
func TestMulIsTheSameOnEveryMachine(t *testing.T) {
	const want = 0xd67a267a9dd13a0d
	for _, kern := range kernels() {
		rng := rand.New(rand.NewPCG(13, 14))
		digest := fnv.New64a()
		for _, transA := range bools {
			for _, transB := range bools {
				p := problem{transA: transA, transB: transB, m: 29, n: 43, k: 150, alpha: 0.3, beta: -1}
				p.fill(rng)
				for _, v := range p.got(kern) {
					digest.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
				}
			}
		}
		if got := digest.Sum64(); got != want {
			t.Errorf("%v: digest %#x, want %#x", kern, got, uint64(want))
		}
	}
}

// A sum of more than one rounding depends on its order, and so does where it
// overflows.
func TestMulPassesOnWhatIsNotFinite(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64,
		math.SmallestNonzeroFloat64, math.Copysign(0, -1), 0, 1e200, -1e-200}
	for range 60 {
		p := problem{
			transA: rng.IntN(2) == 1, transB: rng.IntN(2) == 1,
			m: 1 + rng.IntN(30), n: 1 + rng.IntN(40), k: 1 + rng.IntN(20),
			alpha: factors[rng.IntN(len(factors))], beta: factors[rng.IntN(len(factors))],
		}
		p.fill(rng)
		for _, data := range [][]float64{p.a, p.b, p.c} {
			for range 1 + len(data)/20 {
				data[rng.IntN(len(data))] = odd[rng.IntN(len(odd))]
			}
		}
		p.check(t)
	}
}

func TestMulDoesNotReadCWhenBetaIsZero(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, dims := range [][3]int{{8, 16, 4}, {6, 8, 4}, {7, 19, 5}, {130, 20, 300}} {
		p := problem{m: dims[0], n: dims[1], k: dims[2], alpha: 1}
		p.fill(rng)
		for i := range p.c {
			p.c[i] = math.NaN()
		}
		for _, kern := range kernels() {
			for at, v := range p.got(kern) {
				if math.IsNaN(v) {
					t.Fatalf("%v: %v: element %d is NaN, as C was before", kern, p, at)
				}
			}
		}
	}
}

func TestMulDoesNotAllocate(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for _, transA := range bools {
		for _, transB := range bools {
			for _, dims := range [][3]int{{4, 64, 64}, {64, 4, 64}, {65, 37, 66}, {35, 36, 150}} {
				p := problem{transA: transA, transB: transB, m: dims[0], n: dims[1], k: dims[2], alpha: 1, beta: 1}
				p.fill(rng)
				for _, kern := range kernels() {
					// Many runs: the runtime's own allocations are counted too, and the
					// mean is rounded down.
					if got := testing.AllocsPerRun(100, func() { p.into(kern, p.c) }); got != 0 {
						t.Errorf("%v: %v: %v allocations", kern, p, got)
					}
				}
			}
		}
	}
}

func TestMulPanicsWhenAMatrixDoesNotFit(t *testing.T) {
	data := func(n int) []float64 { return make([]float64, n) }
	type call struct {
		transA, transB bool
		m, n, k        int
		a              []float64
		lda            int
		b              []float64
		ldb            int
		c              []float64
		ldc            int
	}
	tests := []struct {
		name string
		call call
		want ShapeError
	}{
		{"a short", call{false, false, 2, 3, 4, data(7), 4, data(12), 3, data(6), 3}, ShapeError{"A", 2, 4, 4, 7}},
		{"a transposed short", call{true, false, 2, 3, 4, data(7), 2, data(12), 3, data(6), 3}, ShapeError{"A", 4, 2, 2, 7}},
		{"b short", call{false, false, 2, 3, 4, data(8), 4, data(11), 3, data(6), 3}, ShapeError{"B", 4, 3, 3, 11}},
		{"b transposed short", call{false, true, 2, 3, 4, data(8), 4, data(11), 4, data(6), 3}, ShapeError{"B", 3, 4, 4, 11}},
		{"c short", call{false, false, 2, 3, 4, data(8), 4, data(12), 3, data(5), 3}, ShapeError{"C", 2, 3, 3, 5}},
		{"c absent", call{false, false, 2, 3, 4, data(8), 4, data(12), 3, nil, 3}, ShapeError{"C", 2, 3, 3, 0}},
		{"stride below width", call{false, false, 2, 3, 4, data(8), 3, data(12), 3, data(6), 3}, ShapeError{"A", 2, 4, 3, 8}},
		{"stride zero", call{false, false, 2, 3, 0, nil, 0, nil, 3, data(6), 3}, ShapeError{"A", 2, 0, 0, 0}},
		{"negative", call{false, false, -1, 3, 4, data(8), 4, data(12), 3, data(6), 3}, ShapeError{"A", -1, 4, 4, 8}},
		{"product of sizes overflows", call{false, false, math.MaxInt/4 + 2, 1, 4, data(8), 4, data(4), 1, data(8), 1},
			ShapeError{"A", math.MaxInt/4 + 2, 4, 4, 8}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				err, _ := recover().(error)
				var got ShapeError
				if !errors.As(err, &got) || got != test.want {
					t.Errorf("panic %v, want %v", err, test.want)
				}
			}()
			x := test.call
			Mul(x.transA, x.transB, x.m, x.n, x.k, 1, x.a, x.lda, x.b, x.ldb, 0, x.c, x.ldc)
		})
	}
}

func FuzzMul(f *testing.F) {
	f.Add(false, false, 128, 64, 64, 1.0, 0.0, 0, uint64(1))
	f.Add(true, false, 64, 64, 4, 0.5, 1.0, 1, uint64(2))
	f.Add(false, true, 4, 64, 64, 2.0, 1.0, 0, uint64(3))
	f.Add(true, true, 13, 9, 300, -1.0, 0.3, 5, uint64(4))
	f.Add(false, false, 0, 1, 2, math.NaN(), math.Inf(1), 0, uint64(5))
	f.Fuzz(func(t *testing.T, transA, transB bool, m, n, k int, alpha, beta float64, gap int, seed uint64) {
		if m < 0 || n < 0 || k < 0 || gap < 0 || m > 300 || n > 300 || k > 700 || gap > 20 {
			t.Skip("outside of what a test can compute")
		}
		p := problem{transA: transA, transB: transB, m: m, n: n, k: k, alpha: alpha, beta: beta, gap: gap}
		p.fill(rand.New(rand.NewPCG(seed, 0)))
		p.check(t)
	})
}
