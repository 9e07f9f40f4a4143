package lora

import (
	"gonum.org/v1/gonum/mat"
)

// Pass is one forward and backward pass of a network over n examples: the
// memory of every intermediate result, allocated once and used again.
type Pass struct {
	net   *Network
	n     int
	x     *mat.Dense   // input of the last Forward
	z     []*mat.Dense // z[i] d×n  output of layer i
	a     []*mat.Dense // a[i] d×n  activation of z[i]; nil for the last layer
	gz    []*mat.Dense // gz[i] d×n gradient of the loss by z[i]
	tapes []Tape
}

// NewPass returns a pass of net over batches of n examples.
func NewPass(net *Network, n int) *Pass {
	p := &Pass{net: net, n: n, tapes: make([]Tape, len(net.Layers))}
	for i, l := range net.Layers {
		d, _ := l.Dims()
		p.z = append(p.z, mat.NewDense(d, n, nil))
		p.gz = append(p.gz, mat.NewDense(d, n, nil))
		if i < len(net.Layers)-1 {
			p.a = append(p.a, mat.NewDense(d, n, nil))
		}
	}
	return p
}

// Forward returns the network's outputs (d×n) for x (k×n). The matrix belongs
// to the pass: the next Forward overwrites it.
func (p *Pass) Forward(x *mat.Dense) *mat.Dense {
	p.x = x
	for i, l := range p.net.Layers {
		l.Forward(p.z[i], p.input(i), &p.tapes[i])
		if i < len(p.a) {
			p.net.Activation.apply(values("Pass", p.a[i]), values("Pass", p.z[i]))
		}
	}
	return p.z[len(p.z)-1]
}

// input returns what layer i was given.
func (p *Pass) input(i int) *mat.Dense {
	if i == 0 {
		return p.x
	}
	return p.a[i-1]
}

// Outgoing returns the matrix (d×n) in which Backward expects the gradient of
// the loss by the network's outputs.
func (p *Pass) Outgoing() *mat.Dense { return p.gz[len(p.gz)-1] }

// Backward computes the gradients of every layer from the one in Outgoing,
// for the inputs of the last Forward. grads has one entry a layer; the fields X
// are set here for all layers but the first, and stay as the caller left
// them for the first. Layers below the lowest one of which any gradient is
// wanted are not visited.
func (p *Pass) Backward(grads []Gradient) {
	lowest := 0
	for lowest < len(grads)-1 && !grads[lowest].wanted() {
		lowest++
	}
	for i := len(p.net.Layers) - 1; i >= lowest; i-- {
		g := &grads[i]
		if i > lowest {
			g.X = p.gz[i-1]
		}
		p.net.Layers[i].Backward(g, p.gz[i], p.input(i), &p.tapes[i])
		if i > lowest {
			p.net.Activation.chain(values("Pass", p.gz[i-1]), values("Pass", p.z[i-1]))
			g.X = nil
		}
	}
}

// wanted reports whether any gradient of this layer is to be computed.
func (g *Gradient) wanted() bool {
	return g.A != nil || g.B != nil || g.W != nil || g.Bias != nil || g.X != nil
}
