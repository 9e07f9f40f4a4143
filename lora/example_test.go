package lora_test

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// A layer computes W·x and, beside it, s·B·(A·x): the d×k matrix ΔW = s·B·A is
// there in effect and nowhere in memory.
func ExampleLinear() {
	l := lora.NewLinear(mat.NewDense(2, 3, []float64{
		1, 0, 0,
		0, 1, 0,
	}), nil)
	x := mat.NewDense(3, 1, []float64{1, 2, 3}) // one example, in a column
	fmt.Println("W·x:          ", mat.Formatted(output(l, x).T()))

	l.Attach("sum", &lora.Adapter{
		A:     mat.NewDense(1, 3, []float64{1, 1, 1}), // r×k: what to look for in x
		B:     mat.NewDense(2, 1, []float64{0, 10}),   // d×r: where to put it
		Alpha: 2,                                      // s = α/r = 2
	})
	fmt.Println("with adapter: ", mat.Formatted(output(l, x).T()))
	fmt.Println("numbers of W and of the adapter:", l.Params(), l.Active().Params())

	l.Deactivate()
	fmt.Println("without again:", mat.Formatted(output(l, x).T()))
	// Output:
	// W·x:           [1  2]
	// with adapter:  [  1  122]
	// numbers of W and of the adapter: 6 5
	// without again: [1  2]
}

// Backward computes what is allocated: here the gradients by the adapter, not the
// one by W. With B = 0, as adapters begin, A has no gradient yet.
func ExampleLinear_Backward() {
	l := lora.NewLinear(mat.NewDense(2, 2, []float64{1, 0, 0, 1}), nil)
	l.Attach("new", &lora.Adapter{A: mat.NewDense(1, 2, []float64{3, 4}), B: mat.NewDense(2, 1, nil), Alpha: 1})
	x, target := mat.NewDense(2, 1, []float64{1, 1}), mat.NewDense(2, 1, []float64{1, 0})

	h, gh, tape := mat.NewDense(2, 1, nil), mat.NewDense(2, 1, nil), new(lora.Tape)
	l.Forward(h, x, tape)
	loss := lora.MeanSquaredError.Eval(gh, h, lora.Data{Y: target})
	g := lora.Gradient{A: mat.NewDense(1, 2, nil), B: mat.NewDense(2, 1, nil)}
	l.Backward(&g, gh, x, tape)

	fmt.Println("loss", loss)
	fmt.Println("∂A  ", mat.Formatted(g.A))
	fmt.Println("∂Bᵀ ", mat.Formatted(g.B.T()))
	// Output:
	// loss 0.5
	// ∂A   [0  0]
	// ∂Bᵀ  [0  7]
}

// An adapter of rank 1 learns a change of rank 1, and W does not move.
func ExampleTrainer() {
	rng := lora.Stream(1, "example")
	net := lora.NewNetwork([]int{8, 6}, lora.ReLU, rng)
	frozen := mat.DenseCopyOf(net.Layers[0].W)

	x := normal(8, 50, rng)
	y := mat.DenseCopyOf(net.Predict(x))
	var change, shift mat.Dense
	change.Mul(normal(6, 1, rng), normal(1, 8, rng)) // ΔW*
	shift.Mul(&change, x)
	y.Add(y, &shift)

	start := lora.Init{Scheme: lora.Kaiming, Rank: 1, Alpha: 1}
	if err := start.AttachAll(net, "task", lora.Stream(1, "adapter")); err != nil {
		fmt.Println(err)
		return
	}
	trainer := lora.NewTrainer(net, lora.Data{X: x, Y: y}, lora.Training{
		Loss:      lora.MeanSquaredError,
		Optimizer: lora.NewOptimizer(lora.Adam, 0.05),
	})
	fmt.Printf("trains %d numbers beside %d\n", trainer.Params(), net.Params())
	for step := range 101 {
		loss, err := trainer.Step()
		if err != nil {
			fmt.Println(err)
			return
		}
		if step%50 == 0 {
			fmt.Printf("step %3d  loss %.4f\n", step, loss)
		}
	}
	fmt.Println("W unchanged:", mat.Equal(net.Layers[0].W, frozen))
	// Output:
	// trains 14 numbers beside 54
	// step   0  loss 5.3127
	// step  50  loss 0.0481
	// step 100  loss 0.0002
	// W unchanged: true
}

// A learning rate that is too large is a finding: the run stops and says where.
func ExampleDiverged() {
	net := lora.NewNetwork([]int{4, 3}, lora.ReLU, lora.Stream(1, "example"))
	trainer := lora.NewTrainer(net, task(4, 3, 20), lora.Training{Full: true, Optimizer: lora.NewOptimizer(lora.SGD, 1e60)})
	for {
		_, err := trainer.Step()
		var diverged *lora.Diverged
		if errors.As(err, &diverged) {
			fmt.Println("at step", diverged.Step, "with a learning rate of", diverged.Optimizer.LR)
			return
		}
	}
	// Output:
	// at step 4 with a learning rate of 1e+60
}

// The spectrum of an update, from its factors.
func ExampleAdapter_SVD() {
	a := &lora.Adapter{
		A:     mat.NewDense(2, 3, []float64{1, 0, 0, 0, 1, 0}),
		B:     mat.NewDense(4, 2, []float64{3, 0, 0, 0, 0, 1, 0, 0}),
		Alpha: 2,
	}
	sigma := a.SVD().Sigma
	fmt.Printf("singular values %.1f\n", sigma)
	fmt.Printf("energy of the first direction %.0f %%\n", 100*lora.Energy(sigma)[1])
	fmt.Printf("directions for 90 %%: %d\n", lora.RankForEnergy(sigma, 0.9))
	fmt.Printf("effective rank %.2f of %d\n", lora.EffectiveRank(sigma), len(sigma))
	// Output:
	// singular values [3.0 1.0]
	// energy of the first direction 90 %
	// directions for 90 %: 1
	// effective rank 1.75 of 2
}
