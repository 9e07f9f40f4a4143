package lora_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// Why B is zero and A is not: one zero side leaves the output where it was and
// still has a gradient to follow. Two have none, and without any the output moves.
func ExampleScheme() {
	rng := lora.Stream(1, "example")
	base := lora.NewNetwork([]int{6, 4}, lora.ReLU, rng)
	data := lora.Data{X: normal(6, 20, rng), Y: normal(4, 20, rng)}
	before := mat.DenseCopyOf(base.Predict(data.X))

	for _, scheme := range []lora.Scheme{lora.Kaiming, lora.AZero, lora.BothZero, lora.BothGaussian} {
		net := base.Clone()
		begin := lora.Init{Scheme: scheme, Rank: 2, Alpha: 4, Sigma: 0.1}
		if err := begin.AttachAll(net, "example", lora.Stream(1, "adapter")); err != nil {
			fmt.Println(err)
			return
		}
		moved := !mat.Equal(net.Predict(data.X), before)
		trainer := lora.NewTrainer(net, data, lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 0.1)})
		trainer.Measure()
		a, b := trainer.GradientNorms()
		fmt.Printf("%-13s  output moved %-5v  A can learn %-5v  B can learn %v\n", scheme, moved, a > 0, b > 0)
	}
	// Output:
	// kaiming        output moved false  A can learn false  B can learn true
	// a-zero         output moved false  A can learn true   B can learn false
	// both-zero      output moved false  A can learn false  B can learn false
	// both-gaussian  output moved true   A can learn true   B can learn true
}

// A merged adapter is a part of W: the output stays, nothing is left to compute
// beside W, and taking it out again is subtraction, in floating point.
func ExampleLinear_Merge() {
	l := lora.NewLinear(mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6}), nil)
	l.Attach("turn", &lora.Adapter{
		A:     mat.NewDense(1, 3, []float64{1, 0, -1}),
		B:     mat.NewDense(2, 1, []float64{0.5, 1}),
		Alpha: 2,
	})
	x := mat.NewDense(3, 1, []float64{1, 1, 2})

	fmt.Println("beside W:", mat.Formatted(output(l, x).T()), "active:", l.Active() != nil)
	if err := l.Merge("turn", nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("merged:  ", mat.Formatted(output(l, x).T()), "active:", l.Active() != nil)
	fmt.Println(mat.Formatted(l.W))

	fmt.Println(l.Merge("turn", nil))
	fmt.Println("unmerged:", l.Unmerge("turn"))
	// Output:
	// beside W: [ 8  19] active: true
	// merged:   [ 8  19] active: false
	// ⎡2  2  2⎤
	// ⎣6  5  4⎦
	// lora: merge "turn" refused: it is already merged into W; unmerge it first
	// unmerged: <nil>
}

// Cat is the weighted sum of the updates; linear adds products of factors that were
// never trained together.
func ExampleCombination() {
	one := &lora.Adapter{A: mat.NewDense(1, 2, []float64{1, 0}), B: mat.NewDense(2, 1, []float64{1, 0}), Alpha: 1}
	two := &lora.Adapter{A: mat.NewDense(1, 2, []float64{0, 1}), B: mat.NewDense(2, 1, []float64{0, 1}), Alpha: 1}
	for _, method := range []lora.Method{lora.CombineCat, lora.CombineLinear} {
		both, err := lora.Combination{Method: method}.Combine([]*lora.Adapter{one, two}, []float64{1, 1}, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		_, _, r := both.Dims()
		fmt.Printf("%v, rank %d\n%v\n", method, r, mat.Formatted(both.Delta()))
	}
	// Output:
	// cat, rank 2
	// ⎡1  0⎤
	// ⎣0  1⎦
	// linear, rank 1
	// ⎡1  1⎤
	// ⎣1  1⎦
}
