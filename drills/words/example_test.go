package words_test

import (
	"fmt"

	"loralab/drills/words"
)

func ExampleRubric() {
	q, err := words.Rubric{Points: []words.Point{
		{ID: "b-zero", Words: "B starts at zero", Hit: []string{"B: zero"}, Miss: []string{"A: zero"}},
	}}.Compile()
	if err != nil {
		panic(err)
	}
	for _, answer := range []string{"B is initialised with zeros, A randomly", "A is zero and B random", "if B were zero"} {
		v, _ := q.Grade(answer)
		fmt.Println(v.Points[0].State, v.Points[0].Quotes)
	}
	// Output:
	// hit [B is initialised with zeros]
	// contradicted [A is zero]
	// missed []
}
