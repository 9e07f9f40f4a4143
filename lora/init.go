package lora

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"loralab/lora/linalg"
)

// Init says how an adapter begins: its size, its scaling, and the scheme that
// fills A and B.
type Init struct {
	Scheme Scheme
	Rank   int // r ≥ 1; it may exceed min(d, k) where the scheme does not look at W
	Alpha  float64
	Rule   Scaling
	Sigma  float64    // σ of the schemes that use it; 0.01 is customary
	X      *mat.Dense // k×n inputs, for EVA alone: of the layer in Attach, of the network in AttachAll
}

// Validate returns an error if in cannot initialize an adapter for a d×k
// layer. All of it may come from flags: nothing here panics.
func (in Init) Validate(d, k int) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("lora: %v: %s", in.Scheme, fmt.Sprintf(format, args...))
	}
	switch {
	case in.Scheme > EVA:
		return fail("no such scheme")
	case in.Rank < 1:
		return fail("rank %d: choose at least 1", in.Rank)
	case !finite(in.Alpha) || in.Alpha <= 0:
		return fail("alpha %v: choose a positive number", in.Alpha)
	case in.Scheme.UsesSigma() && (!finite(in.Sigma) || in.Sigma <= 0):
		return fail("sigma %v: choose a positive number, such as 0.01 (for 0 there is %v)", in.Sigma, BothZero)
	case in.Scheme == Orthogonal && in.Rank%2 != 0:
		return fail("rank %d is odd: choose an even one, half of it goes to A and half to B", in.Rank)
	case in.Scheme.ReplacesBase() && in.Rank > min(d, k):
		return fail("rank %d: a %d×%d weight has no more than %d directions to take", in.Rank, d, k, min(d, k))
	case in.Scheme == EVA && in.X == nil:
		return fail("no inputs: it looks for directions in what the layer is given, so give it examples")
	case in.Scheme == EVA && in.Rank > min(k, in.X.RawMatrix().Cols):
		_, n := in.X.Dims()
		return fail("rank %d: %d inputs of width %d have no more than %d directions", in.Rank, n, k, min(n, k))
	}
	return nil
}

// Attach initializes an adapter, attaches it to l under the name and makes it
// the active one. The same rng gives the same A and B. For the schemes that
// replace the base, l.W becomes W − s·B·A (see [PiSSA]), which is why they
// refuse a layer that has adapters: those were made for the W that is
// replaced (peft#2186). An error (of Validate, or numbers that are not finite)
// leaves l as it was.
func (in Init) Attach(l *Linear, name string, rng *rand.Rand) (*Adapter, error) {
	begin, err := in.begin(l, name, in.X, rng)
	if err != nil {
		return nil, err
	}
	begin.attach(l, name)
	return begin.adapter, nil
}

// AttachAll does what Attach does in the given layers of net, or in all of them
// when none is given, and activates the name in the network. Each layer
// draws from a stream of its own, split from rng by the layer's index, so
// that neither the choice of other layers nor their ranks change what a layer
// gets. An error names the layer and leaves the whole network as it was.
func (in Init) AttachAll(net *Network, name string, rng *rand.Rand, layers ...int) error {
	for _, i := range layers {
		if i < 0 || i >= len(net.Layers) {
			return fmt.Errorf("lora: there is no layer %d: choose 0 to %d", i, len(net.Layers)-1)
		}
	}
	var inputs []*mat.Dense
	if in.Scheme == EVA && in.X != nil {
		inputs = net.baseInputs(in.X)
	}
	begins := make([]*beginning, len(net.Layers))
	for i, l := range net.Layers {
		stream := split(rng)
		if len(layers) > 0 && !slices.Contains(layers, i) {
			continue
		}
		var x *mat.Dense
		if inputs != nil {
			x = inputs[i]
		}
		var err error
		if begins[i], err = in.begin(l, name, x, stream); err != nil {
			return fmt.Errorf("layer %d: %w", i, err)
		}
	}
	for i, b := range begins {
		if b != nil {
			b.attach(net.Layers[i], name)
		}
	}
	net.Activate(name)
	return nil
}

// split returns a stream of its own, drawn from rng.
func split(rng *rand.Rand) *rand.Rand { return rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64())) }

// beginning is an adapter that is ready and not yet attached.
type beginning struct {
	adapter *Adapter
	base    *mat.Dense // d×k, what W becomes; nil if it stays
}

func (b *beginning) attach(l *Linear, name string) {
	if b.base != nil {
		l.W.Copy(b.base)
	}
	l.Attach(name, b.adapter)
}

// checkFinite returns a [*NotFinite] if the adapter, or what W becomes, overflowed.
func (b *beginning) checkFinite() error {
	if err := b.adapter.checkFinite(); err != nil || b.base == nil {
		return err
	}
	return checkFinite("the new W", b.base)
}

// begin makes the adapter without touching l; x are the layer's inputs, k×n.
func (in Init) begin(l *Linear, name string, x *mat.Dense, rng *rand.Rand) (*beginning, error) {
	d, k := l.Dims()
	if err := in.Validate(d, k); err != nil {
		return nil, err
	}
	if slices.Contains(l.Merged(), name) {
		return nil, &MergeError{"attach", name, -1, ErrMerged}
	}
	if in.Scheme.ReplacesBase() && len(l.names) > 0 {
		return nil, fmt.Errorf("lora: %v: the layer has adapters (%q) that need its weight as it is: use a copy without adapters", in.Scheme, l.names)
	}
	a := NewAdapter(d, k, in.Rank, in.Alpha, in.Rule)
	b := &beginning{adapter: a}
	var err error
	switch in.Scheme {
	case Kaiming:
		fillUniform(values("Init", a.A), 1/math.Sqrt(float64(k)), rng)
	case Gaussian:
		fillGaussian(values("Init", a.A), in.Sigma, rng)
	case GaussianOverR:
		fillGaussian(values("Init", a.A), 1/float64(in.Rank), rng)
	case AZero:
		fillGaussian(values("Init", a.B), in.Sigma, rng)
	case BothZero:
	case BothGaussian:
		fillGaussian(values("Init", a.A), in.Sigma, rng)
		fillGaussian(values("Init", a.B), in.Sigma, rng)
	case Orthogonal:
		orthogonal(a, rng)
	case PiSSA:
		err = pissa(a, l.W)
	case OLoRA:
		err = olora(a, l.W)
	case EVA:
		err = eva(a, x)
	}
	if err != nil {
		return nil, fmt.Errorf("lora: %v: %w", in.Scheme, err)
	}
	if in.Scheme.ReplacesBase() {
		b.base = mat.DenseCopyOf(l.W)
		mul(b.base, -a.Scale(), asIs, a.B, asIs, a.A, 1)
	}
	if err := b.checkFinite(); err != nil {
		return nil, fmt.Errorf("lora: %v: %w: beyond float64, start from a smaller weight, alpha or sigma", in.Scheme, err)
	}
	return b, nil
}

// orthogonal draws an orthogonal r×r matrix and builds A from its even rows (counted
// from 0) and B from its odd ones: A = Q₀ᵀ·Gᵀ/10, B = F·Q₁/10 with normal G (k×r/2) and
// F (d×r/2). B·A = F·(Q₁·Q₀ᵀ)·Gᵀ/100 = 0 up to rounding, though neither factor is
// zero, so that both have a gradient from the first step.
func orthogonal(a *Adapter, rng *rand.Rand) {
	d, k, r := a.Dims()
	q := mat.NewDense(r, r, nil)
	fillGaussian(values("orthogonal", q), 1, rng)
	q, _ = linalg.QR(q)

	const tenth = 0.1
	g, f := mat.NewDense(k, r/2, nil), mat.NewDense(d, r/2, nil)
	fillGaussian(values("orthogonal", g), tenth, rng)
	fillGaussian(values("orthogonal", f), tenth, rng)
	q0, q1 := mat.NewDense(r/2, r, nil), mat.NewDense(r/2, r, nil)
	for i := range r / 2 {
		q0.SetRow(i, q.RawRowView(2*i))
		q1.SetRow(i, q.RawRowView(2*i+1))
	}
	mul(a.A, 1, transposed, q0, transposed, g, 0)
	mul(a.B, 1, asIs, f, asIs, q1, 0)
}
