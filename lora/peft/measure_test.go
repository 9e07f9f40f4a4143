package peft

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// normal returns a tensor of normal numbers.
func normal(seed uint64, name string, dtype DType, shape ...int) Tensor {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, elements(shape))
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return NewTensor(name, dtype, shape, x)
}

func open(t *testing.T, config string, tensors ...Tensor) *Adapter {
	t.Helper()
	a, err := OpenAdapter(folder(t, config, tensors...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// Every number is the one of s·B·A formed densely, with s as PEFT computes it.
func TestMeasureAgreesWithDense(t *testing.T) {
	const config = `{"peft_type":"LORA","r":4,"lora_alpha":6,"rank_pattern":{"v":9},"alpha_pattern":{"v":3,"o":5}`
	tests := []struct {
		name   string
		config string
		s      map[string]float64
	}{
		{"α/r", config + `}`, map[string]float64{"l.q": 6.0 / 4, "l.v": 3.0 / 9, "l.o": 5.0 / 4, "l.c": 6.0 / 4}},
		{"α/√r", config + `,"use_rslora":true}`, map[string]float64{"l.q": 6.0 / 2, "l.v": 3.0 / 3, "l.o": 5.0 / 2, "l.c": 6.0 / 2}},
	}
	const p = modulePrefix
	tensors := []Tensor{
		normal(1, p+"l.q.lora_A.weight", F32, 4, 30), normal(2, p+"l.q.lora_B.weight", F32, 20, 4),
		normal(3, p+"l.v.lora_A.weight", F16, 9, 12), normal(4, p+"l.v.lora_B.weight", BF16, 7, 9), // r above d
		normal(5, p+"l.o.lora_embedding_A", F64, 4, 50), normal(6, p+"l.o.lora_embedding_B", F64, 6, 4),
		normal(7, p+"l.c.lora_A.weight", F32, 4, 3, 2, 5), normal(8, p+"l.c.lora_B.weight", F32, 8, 4, 1, 1),
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := open(t, tt.config, tensors...)
			if len(a.Modules) != len(tt.s) {
				t.Fatalf("%d modules, want %d", len(a.Modules), len(tt.s))
			}
			for _, m := range a.Modules {
				got, err := a.Measure(m)
				if err != nil {
					t.Fatal(err)
				}
				f, err := a.Factors(m)
				if err != nil {
					t.Fatal(err)
				}
				var delta mat.Dense
				delta.Mul(f.B, f.A)
				delta.Scale(tt.s[m.Name], &delta)
				var svd mat.SVD
				if !svd.Factorize(&delta, mat.SVDNone) {
					t.Fatal("no decomposition")
				}
				d, k, r := m.Dims()
				sigma := svd.Values(nil)[:min(d, k, r)]
				for i, v := range sigma {
					if math.Abs(got.Sigma[i]-v) > 1e-12*sigma[0] {
						t.Errorf("%s: σ%d = %v, want %v", m.Name, i+1, got.Sigma[i], v)
					}
				}
				if norm := mat.Norm(&delta, 2); len(got.Sigma) != len(sigma) || math.Abs(got.Norm()-norm) > 1e-12*norm {
					t.Errorf("%s: %d values, norm %v, want %d, %v", m.Name, len(got.Sigma), got.Norm(), len(sigma), norm)
				}
				if got.AZero || got.BZero || got.NonFinite != 0 || got.Directions() != len(sigma) {
					t.Errorf("%s: %+v, directions %d", m.Name, got, got.Directions())
				}
			}
		})
	}
}

func TestMeasureOfOddModules(t *testing.T) {
	const config = `{"peft_type":"LORA","r":3,"lora_alpha":3}`
	const p = modulePrefix
	a := normal(1, p+"l.q.lora_A.weight", F32, 3, 8)
	b := normal(2, p+"l.q.lora_B.weight", F32, 6, 3)
	with := func(t Tensor, i int, v float32) Tensor {
		x, _ := t.Float32s()
		x[i] = v
		return NewTensor(t.Name, F32, t.Shape, x)
	}
	oneColumn := zeros(b.Name, F32, 6, 3)
	for i := range 6 {
		oneColumn = with(oneColumn, 3*i+1, 1+float32(i))
	}
	nan := float32(math.NaN())
	tests := []struct {
		name    string
		tensors []Tensor
		want    Measure
		n       int // directions
		norm    float64
	}{
		{"B zero", []Tensor{a, zeros(b.Name, F32, 6, 3)}, Measure{Sigma: []float64{0, 0, 0}, BZero: true}, 0, 0},
		{"A zero", []Tensor{zeros(a.Name, F32, 3, 8), b}, Measure{Sigma: []float64{0, 0, 0}, AZero: true}, 0, 0},
		{"NaN in A", []Tensor{with(a, 10, nan), with(b, 4, nan)}, Measure{NonFinite: 2, First: "A[1,2] is NaN"}, 0, 0},
		{"infinity in B", []Tensor{a, with(b, 4, float32(math.Inf(1)))}, Measure{NonFinite: 1, First: "B[1,1] is +Inf"}, 0, 0},
		{"NaN in the magnitude", []Tensor{a, b, with(normal(3, p+"l.q.lora_magnitude_vector", F32, 6), 5, nan)}, Measure{NonFinite: 1, First: "magnitude[5] is NaN"}, 0, 0},
		{"NaN in the bias", []Tensor{a, b, with(normal(3, p+"l.q.lora_B.bias", F32, 6), 5, nan)}, Measure{NonFinite: 1, First: "bias of B[5] is NaN"}, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := open(t, config, tt.tensors...)
			got, err := a.Measure(a.Modules[0])
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Sigma, tt.want.Sigma) || got.AZero != tt.want.AZero || got.BZero != tt.want.BZero || got.NonFinite != tt.want.NonFinite || got.First != tt.want.First {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
			if got.Directions() != tt.n || got.Norm() != tt.norm {
				t.Errorf("%d directions, norm %v", got.Directions(), got.Norm())
			}
		})
	}
	one := open(t, config, a, oneColumn)
	got, err := one.Measure(one.Modules[0])
	if err != nil || got.Directions() != 1 || got.BZero || lora.RankForEnergy(got.Sigma, 0.99) != 1 {
		t.Errorf("one column of B: %d directions, %+v, %v", got.Directions(), got, err)
	}
	huge := open(t, config, with(a, 0, 3e38), NewTensor(b.Name, F64, b.Shape, slices.Repeat([]float64{1e300}, 18)))
	if got, err := huge.Measure(huge.Modules[0]); err != nil || got.Sigma != nil || got.NonFinite != 0 {
		t.Errorf("beyond float64: %+v, %v", got, err)
	}
}
