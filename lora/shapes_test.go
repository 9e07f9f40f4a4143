package lora_test

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

// What does not fit together is the caller's mistake and panics with a
// ShapeError that says what was found and what fits.
func TestShapeErrors(t *testing.T) {
	m := func(rows, cols int) *mat.Dense { return mat.NewDense(rows, cols, nil) }
	layer := func() *lora.Linear { return lora.NewLinear(m(3, 4), make([]float64, 3)) }
	adapted := func() *lora.Linear {
		l := layer()
		l.Attach("a", lora.NewAdapter(3, 4, 2, 1, lora.AlphaOverR))
		return l
	}
	forward := func(l *lora.Linear) *lora.Tape {
		tape := new(lora.Tape)
		l.Forward(m(3, 5), m(4, 5), tape)
		return tape
	}
	backward := func(g lora.Gradient) func() {
		return func() {
			l := adapted()
			l.Backward(&g, m(3, 5), m(4, 5), forward(l))
		}
	}
	train := func(net *lora.Network, data lora.Data, how lora.Training) { lora.NewTrainer(net, data, how).Step() }
	nets := func(layers ...*lora.Linear) *lora.Network { return &lora.Network{Layers: layers} }
	sgd := lora.Training{Optimizer: lora.NewOptimizer(lora.SGD, 0.1)}

	for name, f := range map[string]func(){
		"adapter without rank":        func() { lora.NewAdapter(3, 4, 0, 1, lora.AlphaOverR) },
		"A and B of other ranks":      func() { (&lora.Adapter{A: m(2, 4), B: m(3, 1)}).Delta() },
		"bias too short":              func() { lora.NewLinear(m(3, 4), make([]float64, 2)) },
		"adapter for another layer":   func() { layer().Attach("a", lora.NewAdapter(4, 3, 2, 1, lora.AlphaOverR)) },
		"x of another width":          func() { layer().Forward(m(3, 5), m(3, 5), new(lora.Tape)) },
		"h of another width":          func() { layer().Forward(m(4, 5), m(4, 5), new(lora.Tape)) },
		"h of another batch":          func() { layer().Forward(m(3, 4), m(4, 5), new(lora.Tape)) },
		"no h":                        func() { layer().Forward(nil, m(4, 5), new(lora.Tape)) },
		"gh of another batch":         func() { l := adapted(); l.Backward(&lora.Gradient{}, m(3, 4), m(4, 5), forward(l)) },
		"x of another batch":          func() { l := adapted(); l.Backward(&lora.Gradient{}, m(3, 5), m(4, 4), forward(l)) },
		"tape that saw no forward":    func() { adapted().Backward(&lora.Gradient{}, m(3, 5), m(4, 5), new(lora.Tape)) },
		"gradient of W":               backward(lora.Gradient{W: m(4, 3)}),
		"gradient of the bias":        backward(lora.Gradient{Bias: make([]float64, 4)}),
		"gradient of A":               backward(lora.Gradient{A: m(3, 4)}),
		"gradient of B":               backward(lora.Gradient{B: m(3, 3)}),
		"gradient of x":               backward(lora.Gradient{X: m(4, 4)}),
		"network without layers":      func() { lora.NewNetwork([]int{4}, lora.ReLU, lora.Stream(1, "")) },
		"network with an empty layer": func() { lora.NewNetwork([]int{4, 0, 2}, lora.ReLU, lora.Stream(1, "")) },
		"layers that do not meet":     func() { nets(layer(), layer()).Predict(m(4, 5)) },
		"pass for another batch":      func() { lora.NewPass(nets(layer()), 5).Forward(m(4, 6)) },
		"no targets":                  func() { lora.MeanSquaredError.Eval(nil, m(3, 5), lora.Data{}) },
		"targets of another batch":    func() { lora.MeanSquaredError.Eval(nil, m(3, 5), lora.Data{Y: m(3, 4)}) },
		"gradient of the loss":        func() { lora.MeanSquaredError.Eval(m(3, 4), m(3, 5), lora.Data{Y: m(3, 5)}) },
		"no labels":                   func() { lora.CrossEntropy.Eval(nil, m(3, 5), lora.Data{}) },
		"label below the classes":     func() { lora.CrossEntropy.Eval(nil, m(3, 1), lora.Data{Labels: []int{-1}}) },
		"label above the classes":     func() { lora.CrossEntropy.Eval(nil, m(3, 1), lora.Data{Labels: []int{3}}) },
		"accuracy of other labels":    func() { lora.Accuracy(m(3, 5), make([]int, 4)) },
		"accuracy of nothing":         func() { lora.Accuracy(new(mat.Dense), nil) },
		"nothing to train":            func() { train(nets(layer()), task(4, 3, 5), sgd) },
		"mini-batches without order":  func() { how := sgd; how.Batch = 2; train(nets(adapted()), task(4, 3, 5), how) },
		"data of another width":       func() { train(nets(adapted()), task(5, 3, 5), sgd) },
		"targets of another width":    func() { train(nets(adapted()), task(4, 2, 5), sgd) },
		"training on a view of W": func() {
			l := layer()
			l.W = m(3, 8).Slice(0, 3, 0, 4).(*mat.Dense)
			train(nets(l), task(4, 3, 5), lora.Training{Full: true})
		},
		"adapter switched while training": func() {
			net := nets(adapted())
			trainer := lora.NewTrainer(net, task(4, 3, 5), sgd)
			net.Deactivate()
			trainer.Step()
		},
		"φ of other lengths":        func() { lora.SubspaceSimilarities(m(4, 2), m(5, 2)) },
		"truncation to less than 0": func() { lora.Truncate(m(3, 3), -1) },
		"error at less than 0":      func() { lora.TruncationError([]float64{1}, -1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				switch e := recover().(type) {
				case lora.ShapeError:
					if e.Op == "" || e.Got == "" || e.Want == "" {
						t.Errorf("says too little: %q", e)
					}
				case nil:
					t.Error("no panic")
				default:
					t.Errorf("panic %T: %v, want a ShapeError", e, e)
				}
			}()
			f()
		})
	}
}
