package lora

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Network is a stack of linear layers with an activation between them. The last
// layer's output goes to the loss as it is.
type Network struct {
	Layers     []*Linear
	Activation Activation
}

// NewNetwork returns a network with layers widths[0]→widths[1]→… and biases,
// initialized as PyTorch's nn.Linear: weights and biases uniform in
// ±1/√k. It panics with fewer than two widths, or one below 1.
func NewNetwork(widths []int, act Activation, rng *rand.Rand) *Network {
	if len(widths) < 2 || slices.Min(widths) < 1 {
		panic(ShapeError{"NewNetwork", fmt.Sprintf("widths %v", widths), "at least 2, each at least 1"})
	}
	net := &Network{Activation: act}
	for i := 1; i < len(widths); i++ {
		k, d := widths[i-1], widths[i]
		bound := 1 / math.Sqrt(float64(k))
		w, bias := mat.NewDense(d, k, nil), make([]float64, d)
		fillUniform(values("NewNetwork", w), bound, rng)
		fillUniform(bias, bound, rng)
		net.Layers = append(net.Layers, NewLinear(w, bias))
	}
	return net
}

func fillUniform(x []float64, bound float64, rng *rand.Rand) {
	for i := range x {
		x[i] = (2*float64(rng.Float64()) - 1) * bound
	}
}

func fillGaussian(x []float64, sigma float64, rng *rand.Rand) {
	for i := range x {
		x[i] = sigma * Normal(rng)
	}
}

// Params returns the number of parameters of all layers without adapters.
func (net *Network) Params() int {
	sum := 0
	for _, l := range net.Layers {
		sum += l.Params()
	}
	return sum
}

// AdapterParams returns the number of parameters of all active adapters.
func (net *Network) AdapterParams() int {
	sum := 0
	for _, l := range net.Layers {
		if a := l.Active(); a != nil {
			sum += a.Params()
		}
	}
	return sum
}

// Activate makes the named adapter the active one in every layer that has it;
// other layers run without. It reports whether any layer has it.
func (net *Network) Activate(name string) bool {
	found := false
	for _, l := range net.Layers {
		if l.Activate(name) {
			found = true
		} else {
			l.Deactivate()
		}
	}
	return found
}

// Deactivate switches all adapters off: the base network, to the last bit.
func (net *Network) Deactivate() {
	for _, l := range net.Layers {
		l.Deactivate()
	}
}

// Clone returns a network that shares no memory with net.
func (net *Network) Clone() *Network {
	c := &Network{Activation: net.Activation}
	for _, l := range net.Layers {
		c.Layers = append(c.Layers, l.Clone())
	}
	return c
}

// Predict returns the outputs (d×n) for inputs x (k×n). It allocates; training
// uses a [Pass].
func (net *Network) Predict(x *mat.Dense) *mat.Dense {
	_, n := x.Dims()
	return NewPass(net, n).Forward(x)
}
