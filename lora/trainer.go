package lora

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Training says what is trained, and how.
type Training struct {
	Loss      Loss
	Optimizer Optimizer
	Full      bool       // train W and bias with all adapters off; otherwise the active adapters alone
	Batch     int        // examples a step; 0, or at least as many as there are, takes all of them in order
	Order     *rand.Rand // order of the mini-batches; not used when a step takes all examples
}

// Trainer trains a network step by step. Once warm (after the first step) a
// step allocates nothing.
type Trainer struct {
	net    *Network
	data   Data
	how    Training
	pass   *Pass
	grads  []Gradient
	params []parameter
	batch  Data       // what a step sees: buffers of Batch columns, or all of data
	active []*Adapter // of each layer, nil where W is trained or nothing is
	order  []int      // a permutation of the examples, drawn anew each epoch
	next   int        // index into order of the next mini-batch
	step   int        // steps taken
	loss   float64    // of the last one
	ended  *Diverged
}

// Diverged is the error of a training run whose loss is no longer a number.
type Diverged struct {
	Step      int     // the step that met it, counted from 1
	Loss      float64 // NaN or Inf
	Last      float64 // the loss of the step before; NaN if there was none
	Optimizer Optimizer
}

func (e *Diverged) Error() string {
	if e.Step == 1 {
		return fmt.Sprintf("training diverged: the loss is %v before the first step; look for such numbers in the examples, or start from smaller weights", e.Loss)
	}
	return fmt.Sprintf("training diverged: the loss is %v at step %d, after %.4g; try a smaller learning rate (it was %g with %v)",
		e.Loss, e.Step, e.Last, e.Optimizer.LR, e.Optimizer.Rule)
}

// NewTrainer prepares training of net on data. In full training it switches
// net's adapters off; otherwise it trains the adapters that are active now, and
// others must not be made active between its steps. It panics if there is nothing to
// train or no Order for mini-batches.
func NewTrainer(net *Network, data Data, how Training) *Trainer {
	if how.Optimizer.RatioB == 0 {
		how.Optimizer.RatioB = 1
	}
	if how.Full {
		net.Deactivate()
	}
	t := &Trainer{net: net, data: data, how: how, batch: data, loss: math.NaN()}
	n := data.Len()
	if how.Batch > 0 && how.Batch < n {
		if how.Order == nil {
			panic(ShapeError{"NewTrainer", "no Order", "a random Order for mini-batches"})
		}
		n = how.Batch
		t.batch = newBatch(data, n)
		t.order = make([]int, data.Len())
		for i := range t.order {
			t.order[i] = i
		}
		t.next = len(t.order) // the first step draws the first epoch
	}
	t.pass = NewPass(net, n)
	t.grads = make([]Gradient, len(net.Layers))
	for i, l := range net.Layers {
		t.active = append(t.active, l.Active())
		t.follow(l, &t.grads[i])
	}
	if len(t.params) == 0 {
		panic(ShapeError{"NewTrainer", "no active adapter", "an active adapter, or Full"})
	}
	return t
}

// follow allocates the gradients of what is trained in l.
func (t *Trainer) follow(l *Linear, g *Gradient) {
	rule := t.how.Optimizer.Rule
	add := func(value, grad []float64, rate float64) {
		t.params = append(t.params, newParameter(value, grad, rate, rule))
	}
	a := l.Active()
	switch {
	case t.how.Full:
		g.W = mat.NewDense(l.W.RawMatrix().Rows, l.W.RawMatrix().Cols, nil)
		add(values("NewTrainer", l.W), values("NewTrainer", g.W), 1)
		if l.Bias != nil {
			g.Bias = make([]float64, len(l.Bias))
			add(l.Bias, g.Bias, 1)
		}
	case a != nil:
		d, k, r := a.Dims()
		g.A, g.B = mat.NewDense(r, k, nil), mat.NewDense(d, r, nil)
		add(values("NewTrainer", a.A), values("NewTrainer", g.A), 1)
		add(values("NewTrainer", a.B), values("NewTrainer", g.B), t.how.Optimizer.RatioB)
	}
}

// Step takes one step and returns the loss of its batch before the step, in the
// loss's unit. When that is NaN or Inf nothing is changed and the error is a
// [*Diverged]: the run is over, and every further Step returns the same.
func (t *Trainer) Step() (float64, error) {
	if t.ended != nil {
		return t.ended.Loss, t.ended
	}
	t.draw()
	loss := t.measure()
	if !finite(loss) {
		t.ended = &Diverged{Step: t.step + 1, Loss: loss, Last: t.loss, Optimizer: t.how.Optimizer}
		return loss, t.ended
	}
	t.step++
	t.loss = loss
	for i := range t.params {
		t.how.Optimizer.step(&t.params[i], t.step)
	}
	return loss, nil
}

// Measure returns the loss of the batch that the last step saw (all examples
// before the first step of full-batch training) with the parameters as they
// are now, and refreshes the gradients, without a step.
func (t *Trainer) Measure() float64 {
	if t.order != nil && t.step == 0 {
		t.draw()
		t.next = 0 // the first step sees this batch again
	}
	return t.measure()
}

func (t *Trainer) measure() float64 {
	for i, l := range t.net.Layers {
		if l.Active() != t.active[i] { // or old gradients would move what is not in use
			panic(ShapeError{"Trainer", fmt.Sprintf("another adapter active in layer %d", i), "those that NewTrainer found"})
		}
	}
	h := t.pass.Forward(t.batch.X)
	loss := t.how.Loss.Eval(t.pass.Outgoing(), h, t.batch)
	t.pass.Backward(t.grads)
	return loss
}

// Gradients returns the gradients of the last Step or Measure, one entry a
// layer, nil fields for what is not trained. They belong to the trainer.
func (t *Trainer) Gradients() []Gradient { return t.grads }

// GradientNorms returns the Frobenius norms of the last gradients by all A and
// by all B together.
func (t *Trainer) GradientNorms() (a, b float64) {
	for _, g := range t.grads {
		if g.A != nil {
			a += sumSquares(values("GradientNorms", g.A))
			b += sumSquares(values("GradientNorms", g.B))
		}
	}
	return math.Sqrt(a), math.Sqrt(b)
}

func sumSquares(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v * v)
	}
	return sum
}

// Params returns the number of parameters that are trained.
func (t *Trainer) Params() int {
	sum := 0
	for _, p := range t.params {
		sum += len(p.value)
	}
	return sum
}

// Steps returns how many steps were taken.
func (t *Trainer) Steps() int { return t.step }

// draw fills the batch with the next examples of the epoch. The remainder of an
// epoch that fills no batch is dropped, so that a batch never changes size
// (and a step never allocates).
func (t *Trainer) draw() {
	if t.order == nil {
		return
	}
	_, n := t.batch.X.Dims()
	if t.next+n > len(t.order) {
		t.how.Order.Shuffle(len(t.order), func(i, j int) { t.order[i], t.order[j] = t.order[j], t.order[i] })
		t.next = 0
	}
	pick := t.order[t.next : t.next+n]
	t.next += n
	gather(t.batch.X, t.data.X, pick)
	if t.data.Y != nil {
		gather(t.batch.Y, t.data.Y, pick)
	}
	for j, p := range pick {
		if t.data.Labels != nil {
			t.batch.Labels[j] = t.data.Labels[p]
		}
	}
}

func newBatch(data Data, n int) Data {
	k, _ := data.X.Dims()
	b := Data{X: mat.NewDense(k, n, nil)}
	if data.Y != nil {
		d, _ := data.Y.Dims()
		b.Y = mat.NewDense(d, n, nil)
	}
	if data.Labels != nil {
		b.Labels = make([]int, n)
	}
	return b
}

// gather copies the picked columns of src into dst.
func gather(dst, src *mat.Dense, pick []int) {
	rd, rs := dst.RawMatrix(), src.RawMatrix()
	for i := range rd.Rows {
		from, to := rs.Data[i*rs.Stride:], rd.Data[i*rd.Stride:]
		for j, p := range pick {
			to[j] = from[p]
		}
	}
}
