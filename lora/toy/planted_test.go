package toy

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

func TestPlantedChange(t *testing.T) {
	for _, c := range []PlantedConfig{
		{D: 12, K: 9, N: 40, Rank: 3, Decay: 0.5},
		{D: 9, K: 12, N: 40, Rank: 5, Decay: 1},
		{D: 6, K: 6, N: 4, Rank: 6, Decay: 0.8},
		{D: 1, K: 1, N: 1, Rank: 1, Decay: 1},
	} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			p := NewPlanted(c, 1)
			sigma := lora.SingularValues(p.Delta)
			for i, v := range sigma {
				want := sigma[0] * math.Pow(c.Decay, float64(i))
				if i >= c.Rank {
					want = 0
				}
				if math.Abs(v-want) > 1e-13*sigma[0] {
					t.Errorf("singular value %d is %v, want %v", i+1, v, want)
				}
			}
			if got := math.Pow(mat.Norm(p.Delta, 2), 2); math.Abs(got/float64(c.D)-1) > 1e-13 {
				t.Errorf("‖ΔW*‖² = %v, want d = %d", got, c.D)
			}
			// Without noise the targets are those of W₀ + ΔW*.
			target := p.Base.Clone()
			target.Layers[0].W.Add(target.Layers[0].W, p.Delta)
			for _, data := range []lora.Data{p.Train, p.Test} {
				if got := meanSquaredError(target, data); got > 1e-28 {
					t.Errorf("W₀ + ΔW* has error %v", got)
				}
			}
			if mat.Equal(p.Train.X, p.Test.X) {
				t.Error("the held-out examples are the training examples")
			}
		})
	}
}

func meanSquaredError(net *lora.Network, data lora.Data) float64 {
	return lora.MeanSquaredError.Eval(nil, net.Predict(data.X), data)
}

func TestPlantedScales(t *testing.T) {
	c := PlantedConfig{D: 20, K: 30, N: 20_000, Rank: 4, Decay: 0.7}
	quiet := NewPlanted(c, 1)
	if got := meanSquaredError(quiet.Base, quiet.Train); math.Abs(got-1) > 0.02 {
		t.Errorf("the change has variance %v, want about 1", got)
	}
	c.Noise = 0.5
	loud := NewPlanted(c, 1)
	if !mat.Equal(loud.Train.X, quiet.Train.X) || !mat.Equal(loud.Delta, quiet.Delta) {
		t.Error("noise changes inputs or the change")
	}
	var noise mat.Dense
	noise.Sub(loud.Train.Y, quiet.Train.Y)
	if got := mat.Norm(&noise, 2) / math.Sqrt(20*20_000); math.Abs(got-0.5) > 0.005 {
		t.Errorf("noise of deviation %v, want 0.5", got)
	}
	if again := NewPlanted(c, 1); !mat.Equal(again.Train.Y, loud.Train.Y) || !mat.Equal(again.Test.Y, loud.Test.Y) {
		t.Error("the same seed gives other examples")
	}
	if other := NewPlanted(c, 2); mat.Equal(other.Train.X, loud.Train.X) || mat.Equal(other.Delta, loud.Delta) {
		t.Error("another seed gives the same examples")
	}
}

func TestPlantedRefusals(t *testing.T) {
	good := PlantedConfig{D: 4, K: 5, N: 6, Rank: 2, Decay: 0.5, Noise: 0.1}
	for name, spoil := range map[string]func(*PlantedConfig){
		"no outputs":        func(c *PlantedConfig) { c.D = 0 },
		"no inputs":         func(c *PlantedConfig) { c.K = -1 },
		"no examples":       func(c *PlantedConfig) { c.N = 0 },
		"no rank":           func(c *PlantedConfig) { c.Rank = 0 },
		"rank above d":      func(c *PlantedConfig) { c.Rank = 5 },
		"growing":           func(c *PlantedConfig) { c.Decay = 1.1 },
		"vanishing at once": func(c *PlantedConfig) { c.Decay = 0 },
		"decay NaN":         func(c *PlantedConfig) { c.Decay = math.NaN() },
		"negative noise":    func(c *PlantedConfig) { c.Noise = -1 },
		"noise NaN":         func(c *PlantedConfig) { c.Noise = math.NaN() },
		"infinite noise":    func(c *PlantedConfig) { c.Noise = math.Inf(1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if e, ok := recover().(lora.ShapeError); !ok {
					t.Errorf("%v, want a ShapeError", e)
				}
			}()
			c := good
			spoil(&c)
			NewPlanted(c, 1)
		})
	}
}

// floorCases are problems with many and with few examples.
var floorCases = []PlantedConfig{
	{D: 5, K: 4, N: 30, Rank: 2, Decay: 0.6, Noise: 0.3},
	{D: 4, K: 6, N: 30, Rank: 2, Decay: 1, Noise: 0.3},
	{D: 3, K: 5, N: 7, Rank: 2, Decay: 0.6, Noise: 0.5}, // n < k + d
	{D: 6, K: 5, N: 5, Rank: 3, Decay: 0.6, Noise: 0.5}, // n = k
	{D: 6, K: 5, N: 3, Rank: 3, Decay: 0.6, Noise: 0.5}, // n < k
	{D: 1, K: 3, N: 9, Rank: 1, Decay: 1, Noise: 1},
	{D: 3, K: 1, N: 9, Rank: 1, Decay: 1, Noise: 1},
}

// residual returns E = Y − W₀X − bias·1ᵀ.
func residual(p *Planted) *mat.Dense {
	e := mat.DenseCopyOf(p.Train.Y)
	e.Sub(e, p.Base.Predict(p.Train.X))
	return e
}

// left returns the mean squared error of the training examples with W₀ + delta.
func left(p *Planted, delta mat.Matrix) float64 {
	net := p.Base.Clone()
	net.Layers[0].W.Add(net.Layers[0].W, delta)
	return meanSquaredError(net, p.Train)
}

// leastSquares returns the ΔW of least norm among those of least error, E·X⁺.
func leastSquares(p *Planted) *mat.Dense {
	svd := lora.Decompose(p.Train.X)
	_, q := svd.V.Dims()
	for j := range q {
		for i, col := 0, mat.Col(nil, j, svd.V); i < len(col); i++ {
			svd.V.Set(i, j, col[i]/svd.Sigma[j])
		}
	}
	var half, ols mat.Dense
	half.Mul(residual(p), svd.V)
	ols.Mul(&half, svd.U.T())
	return &ols
}

// reduced returns the ΔW of rank r that reduced-rank regression finds: least
// squares, projected on the r leading left singular vectors of its fitted values.
func reduced(p *Planted, r int) *mat.Dense {
	ols := leastSquares(p)
	var fitted, projected mat.Dense
	fitted.Mul(ols, p.Train.X)
	u := lora.Decompose(&fitted).U
	d, cols := u.Dims()
	lead := u.Slice(0, d, 0, min(r, cols))
	projected.Mul(lead.T(), ols)
	var delta mat.Dense
	delta.Mul(lead, &projected)
	return &delta
}

func TestFloors(t *testing.T) {
	for _, c := range floorCases {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			p := NewPlanted(c, 1)
			floors := p.Floors()
			full := min(c.D, c.K)
			if len(floors) != full+1 {
				t.Fatalf("%d floors, want one for each of the ranks 0 … %d", len(floors), full)
			}
			scale := floors[0]
			wantNear := func(what string, got, want float64) {
				t.Helper()
				if math.Abs(got-want) > 1e-12*scale {
					t.Errorf("%s: %v, want %v", what, got, want)
				}
			}
			wantNear("rank 0: the base", floors[0], meanSquaredError(p.Base, p.Train))
			wantNear("full rank: least squares", floors[full], left(p, leastSquares(p)))
			for r := 1; r <= full; r++ {
				if floors[r] > floors[r-1] || floors[r] < 0 {
					t.Errorf("floor %v at rank %d, %v below", floors[r], r, floors[r-1])
				}
				delta := reduced(p, r)
				wantNear(fmt.Sprintf("rank %d: reduced-rank regression", r), left(p, delta), floors[r])
				if tail, _ := lora.TruncationError(lora.SingularValues(delta), r); tail > 1e-12 {
					t.Errorf("the update for rank %d is not of that rank: %v is beyond", r, tail)
				}
			}
		})
	}
}

// Nothing of rank r is below the floor, wherever one looks: near the best, near
// the truncated least squares solution, near the planted change.
func TestNothingIsBelowTheFloor(t *testing.T) {
	rng := lora.Stream(1, "searching")
	for _, c := range floorCases {
		p := NewPlanted(c, 2)
		floors := p.Floors()
		for r := 1; r < min(c.D, c.K); r++ {
			for _, centre := range []mat.Matrix{reduced(p, r), lora.Truncate(leastSquares(p), r), p.Delta} {
				for try := range 200 {
					size := math.Pow(10, -3*float64(try)/200)
					var away mat.Dense
					away.Apply(func(_, _ int, v float64) float64 { return v + size*rng.NormFloat64() }, centre)
					if got := left(p, lora.Truncate(&away, r)); got < floors[r]*(1-1e-12)-1e-15 {
						t.Errorf("%+v: rank %d reaches %v, below the floor %v", c, r, got, floors[r])
					}
				}
			}
		}
	}
}

// All 2×2 updates of rank 1 are a direction and a multiple for each input: a grid
// over the directions finds the floor.
func TestFloorByBruteForce(t *testing.T) {
	p := NewPlanted(PlantedConfig{D: 2, K: 2, N: 6, Rank: 1, Decay: 1, Noise: 0.5}, 3)
	floor := p.Floors()[1]
	// Of u·vᵀ with a given u, the best v is least squares along u.
	best := math.Inf(1)
	ols := leastSquares(p)
	const angles = 20_000
	for i := range angles {
		sin, cos := math.Sincos(math.Pi * float64(i) / angles)
		u := mat.NewDense(2, 1, []float64{cos, sin})
		var v, delta mat.Dense
		v.Mul(u.T(), ols)
		delta.Mul(u, &v)
		best = min(best, left(p, &delta))
	}
	if best < floor-1e-14 || best > floor*(1+1e-6) {
		t.Errorf("best of %d directions %v, floor %v", angles, best, floor)
	}
}

// Training reaches the floor and never goes below.
func TestTrainingReachesTheFloor(t *testing.T) {
	p := NewPlanted(PlantedConfig{D: 10, K: 8, N: 60, Rank: 4, Decay: 0.7, Noise: 0.2}, 1)
	floors := p.Floors()
	for _, r := range []int{1, 2, 4, 8} {
		t.Run(fmt.Sprintf("rank %d", r), func(t *testing.T) {
			net := p.Base.Clone()
			start := lora.Init{Scheme: lora.Kaiming, Rank: r, Alpha: float64(r)}
			if err := start.AttachAll(net, "a", lora.Stream(1, "adapter")); err != nil {
				t.Fatal(err)
			}
			trainer := lora.NewTrainer(net, p.Train, lora.Training{Optimizer: lora.NewOptimizer(lora.Adam, 0.01)})
			loss := math.Inf(1)
			for range 4000 {
				var err error
				if loss, err = trainer.Step(); err != nil {
					t.Fatal(err)
				}
				if loss < floors[r]*(1-1e-12) {
					t.Fatalf("loss %v after %d steps, below the floor %v", loss, trainer.Steps(), floors[r])
				}
			}
			if gap := loss/floors[r] - 1; gap > 1e-3 {
				t.Errorf("loss %v is %.2g above the floor %v", loss, gap, floors[r])
			}
		})
	}
}

// Without noise the planted rank suffices, and nothing less does.
func TestFloorsWithoutNoise(t *testing.T) {
	p := NewPlanted(PlantedConfig{D: 20, K: 16, N: 100, Rank: 5, Decay: 0.6}, 1)
	floors := p.Floors()
	if floors[4] < 1e-3 || slices.Max(floors[5:]) > 1e-28 {
		t.Errorf("floors %v, want 0 from rank 5", floors)
	}
}

func BenchmarkFloors(b *testing.B) {
	for _, width := range []int{64, 128, 256} {
		b.Run(fmt.Sprintf("d=k=%d n=%d", width, 4*width), func(b *testing.B) {
			p := NewPlanted(PlantedConfig{D: width, K: width, N: 4 * width, Rank: 4, Decay: 0.8, Noise: 0.1}, 1)
			for b.Loop() {
				p.Floors()
			}
		})
	}
}
