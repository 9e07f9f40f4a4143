package algebra_test

import (
	"fmt"

	"loralab/drills/algebra"
)

func ExampleFormula_Grade() {
	q := algebra.Formula{Key: "r(d+k)", Symbols: algebra.Symbols("d", "k", "r"), Seed: 1}
	for _, answer := range []string{"N = rd + rk", "2dr", "1/r (d+k)"} {
		v, err := q.Grade(answer)
		fmt.Println(v.Status, v.Note, v.Echo, v.Feedback, err)
	}
	// Output:
	// right right N = r·d + r·k [the two agree at 12 points] <nil>
	// wrong value 2·d·r [at d=7, k=5, r=3 yours gives 42, the layer has 36] <nil>
	// invalid ambiguous  [this can be read as 1/(r·(d + k)) or as (1/r)·(d + k); add parentheses or a · to choose] <nil>
}

func ExampleEquation_Grade() {
	q := algebra.Equation{
		Key:   "h = W x + (α/r) B A x",
		Layer: algebra.LoRALayer(nil, nil, nil, nil, 12, 6, "α/r"), // the live matrices go here
	}
	for _, answer := range []string{"x @ W.T + s * x @ A.T @ B.T", "Wx + sABx"} {
		v, err := q.Grade(answer)
		fmt.Println(v.Status, v.Note, v.Echo, err)
		for _, line := range v.Feedback {
			fmt.Println("  " + line)
		}
	}
	// Output:
	// right right-rows h = x·Wᵀ + s·x·Aᵀ·Bᵀ <nil>
	//   examples in rows, as PyTorch keeps them: this is hᵀ; the two agree on drawn matrices of different sizes
	// wrong order h = W·x + s·A·B·x <nil>
	//   A·B: A is r×k, B is d×r; the inner sizes k and d differ
	//   with two factors exchanged it is right: W·x + s·B·A·x
}
