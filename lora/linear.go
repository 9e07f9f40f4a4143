package lora

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Linear is a linear layer that stays frozen, with any number of named adapters
// beside it, of which one or none is active:
//
//	H = W·X + bias·1ᵀ + s·B·(A·X)
//
// An adapter that has been merged (see [Linear.Merge]) is a part of W and is not
// applied beside it.
type Linear struct {
	W    *mat.Dense // d×k
	Bias []float64  // d, or nil for a layer without bias

	names    []string // of adapters, in the order they were attached
	adapters []*Adapter
	active   int     // index into adapters, -1 for none
	merged   []merge // adapters that are in W, in the order they were merged
}

// NewLinear returns a layer that holds its own copy of w (d×k) and bias (d
// values, or nil), without adapters. It panics if the bias has another length.
func NewLinear(w mat.Matrix, bias []float64) *Linear {
	d, _ := w.Dims()
	if bias != nil && len(bias) != d {
		panic(ShapeError{"NewLinear", fmt.Sprintf("bias of %d", len(bias)), fmt.Sprintf("bias of d=%d", d)})
	}
	return &Linear{W: mat.DenseCopyOf(w), Bias: slices.Clone(bias), active: -1}
}

// Dims returns the output width d and the input width k.
func (l *Linear) Dims() (d, k int) { return l.W.Dims() }

// Params returns the number of parameters of the layer itself, d·k and d more
// with a bias. Adapters count for themselves: see [Adapter.Params].
func (l *Linear) Params() int {
	d, k := l.Dims()
	return d*k + len(l.Bias)
}

// Attach puts a beside the base weight under a name and makes it the active
// adapter. An adapter of that name is replaced. It panics if a is not for a
// d×k weight, and with a [*MergeError] if the name is that of a merged adapter.
func (l *Linear) Attach(name string, a *Adapter) {
	d, k := l.Dims()
	if ad, ak, _ := a.Dims(); ad != d || ak != k {
		panic(ShapeError{"Linear.Attach", fmt.Sprintf("an adapter for %d×%d", ad, ak), fmt.Sprintf("one for %d×%d", d, k)})
	}
	if i := slices.Index(l.names, name); i >= 0 {
		if l.isMerged(i) {
			panic(&MergeError{"attach", name, -1, ErrMerged})
		}
		l.adapters[i], l.active = a, i
		return
	}
	l.names, l.adapters = append(l.names, name), append(l.adapters, a)
	l.active = len(l.names) - 1
}

// Activate makes the named adapter the active one and reports whether there is
// one of that name; if not, nothing changes.
func (l *Linear) Activate(name string) bool {
	i := slices.Index(l.names, name)
	if i >= 0 {
		l.active = i
	}
	return i >= 0
}

// Deactivate switches every adapter off: the layer is the base again, to the
// last bit, since the base was never written to. Only merging writes to it, and
// what is merged stays in W until [Linear.Unmerge]: PEFT unmerges here, but
// a switch that writes could not promise the last bit.
func (l *Linear) Deactivate() { l.active = -1 }

// Active returns the adapter that is applied beside W, nil if there is none: none
// is active, or the active one is merged.
func (l *Linear) Active() *Adapter {
	if l.active < 0 || l.isMerged(l.active) {
		return nil
	}
	return l.adapters[l.active]
}

// Adapter returns the adapter of that name, nil if there is none.
func (l *Linear) Adapter(name string) *Adapter {
	if i := slices.Index(l.names, name); i >= 0 {
		return l.adapters[i]
	}
	return nil
}

// Adapters returns the names of the adapters in the order they were attached.
func (l *Linear) Adapters() []string { return slices.Clone(l.names) }

// Clone returns a layer that shares no memory with l.
func (l *Linear) Clone() *Linear {
	c := NewLinear(l.W, l.Bias)
	c.names, c.active = slices.Clone(l.names), l.active
	for _, a := range l.adapters {
		c.adapters = append(c.adapters, a.Clone())
	}
	c.merged = slices.Clone(l.merged) // what they hold is never written to
	return c
}

// Tape is what the forward pass of one layer leaves for its backward pass, and
// the memory both work in. The zero value is ready; it grows when first used
// and again only if the rank or the batch changes.
type Tape struct {
	ax  *mat.Dense // r×n  A·X
	gax *mat.Dense // r×n  gradient of the loss by A·X
}

func (t *Tape) fit(r, n int) {
	if t.ax != nil {
		if tr, tn := t.ax.Dims(); tr == r && tn == n {
			return
		}
	}
	t.ax, t.gax = mat.NewDense(r, n, nil), mat.NewDense(r, n, nil)
}

// Forward sets h (d×n) to the layer's output for x (k×n) and leaves in t what
// Backward needs.
func (l *Linear) Forward(h, x *mat.Dense, t *Tape) {
	d, k := l.Dims()
	_, n := x.Dims()
	checkDims("Linear.Forward", "x", x, k, n)
	checkDims("Linear.Forward", "h", h, d, n)

	mul(h, 1, asIs, l.W, asIs, x, 0)
	if l.Bias != nil {
		raw := h.RawMatrix()
		for i, b := range l.Bias {
			for j := range n {
				raw.Data[i*raw.Stride+j] += b
			}
		}
	}
	if a := l.Active(); a != nil {
		r, _ := a.A.Dims()
		t.fit(r, n)
		mul(t.ax, 1, asIs, a.A, asIs, x, 0)
		mul(h, a.Scale(), asIs, a.B, asIs, t.ax, 1)
	}
}

// Gradient holds the gradients of the loss by what a layer is made of. Backward
// overwrites the fields that are not nil and skips the others, so the
// caller says by allocating what is to be computed.
type Gradient struct {
	A    *mat.Dense // r×k
	B    *mat.Dense // d×r
	W    *mat.Dense // d×k
	Bias []float64  // d
	X    *mat.Dense // k×n
}

// Backward sets g from the gradient gh (d×n) of the loss by the layer's output.
// x and t are those of the Forward before it. With G = gh, Hu et al. 2021,
// equation 3, differentiated:
//
//	∂L/∂B = s·G·(A·X)ᵀ
//	∂L/∂A = s·Bᵀ·G·Xᵀ
//	∂L/∂W = G·Xᵀ        ∂L/∂bias = G·1
//	∂L/∂X = Wᵀ·G + s·Aᵀ·(Bᵀ·G)
//
// The d×k matrix ΔW appears nowhere: each product has a side r or n.
func (l *Linear) Backward(g *Gradient, gh, x *mat.Dense, t *Tape) {
	d, k := l.Dims()
	_, n := x.Dims()
	checkDims("Linear.Backward", "x", x, k, n)
	checkDims("Linear.Backward", "gh", gh, d, n)

	if g.W != nil {
		mul(g.W, 1, asIs, gh, transposed, x, 0)
	}
	if g.Bias != nil {
		if len(g.Bias) != d {
			panic(ShapeError{"Linear.Backward", fmt.Sprintf("bias gradient of %d", len(g.Bias)), fmt.Sprintf("d=%d", d)})
		}
		raw := gh.RawMatrix()
		for i := range d {
			sum := 0.0
			for _, v := range raw.Data[i*raw.Stride : i*raw.Stride+n] {
				sum += v
			}
			g.Bias[i] = sum
		}
	}
	if g.X != nil {
		mul(g.X, 1, transposed, l.W, asIs, gh, 0)
	}
	a := l.Active()
	if a == nil {
		return
	}
	_, _, r := a.Dims()
	checkDims("Linear.Backward", "tape", t.ax, r, n)
	if g.B != nil {
		mul(g.B, a.Scale(), asIs, gh, transposed, t.ax, 0)
	}
	if g.A != nil || g.X != nil {
		mul(t.gax, a.Scale(), transposed, a.B, asIs, gh, 0)
	}
	if g.A != nil {
		mul(g.A, 1, asIs, t.gax, transposed, x, 0)
	}
	if g.X != nil {
		mul(g.X, 1, transposed, a.A, asIs, t.gax, 1)
	}
}
