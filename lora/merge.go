package lora

import (
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Causes of a [*MergeError], to be tested with [errors.Is]. The other cause is a
// [*NotFinite].
var (
	ErrNoAdapter = errors.New("there is no adapter of that name")
	ErrMerged    = errors.New("it is already merged into W; unmerge it first")
	ErrNotMerged = errors.New("it is not merged: there is nothing to take out")
)

// MergeError is the error of a merge or unmerge that was refused. Nothing has
// been written then, in no layer.
type MergeError struct {
	Op      string // "merge" or "unmerge", or "attach" under the name of an adapter that is merged
	Adapter string
	Layer   int // index in the network, −1 for a layer on its own
	Err     error
}

func (e *MergeError) Error() string {
	where := ""
	if e.Layer >= 0 {
		where = fmt.Sprintf(" in layer %d", e.Layer)
	}
	return fmt.Sprintf("lora: %s %q%s refused: %v", e.Op, e.Adapter, where, e.Err)
}

func (e *MergeError) Unwrap() error { return e.Err }

// merge is an adapter that has been written into W.
type merge struct {
	index int             // into names and adapters of the layer
	as    *Adapter        // a copy of what was added: what is attached may be trained on
	round func([]float64) // or nil
}

// Merge adds ΔW = s·B·A of the named adapter to W in place. From then on the
// adapter is a part of W and not applied beside it, so that merging the active
// adapter does not change what the layer computes, beyond rounding, and costs
// nothing afterwards. Several adapters can be merged at a time. Merged ones cannot
// be switched off: [Linear.Deactivate] never writes to W.
//
// With round nil the sum is float64's. Otherwise W, A and B are taken to hold
// numbers of a narrower format (see [Linear.Round]), round rounds numbers to
// it, and merging goes PEFT's way: the product in float32, times s in float32,
// rounded, added in float32, rounded.
//
// A [*MergeError] says why a merge was refused.
func (l *Linear) Merge(name string, round func([]float64)) error {
	w, err := l.mergePlan(name, round, -1)
	if err != nil {
		return err
	}
	w.write(l)
	return nil
}

// Unmerge subtracts what Merge added, in the same way, whatever has been done
// to the adapter since. W is then the original only up to rounding:
// (w + δ) − δ is not w in floating point.
func (l *Linear) Unmerge(name string) error {
	w, err := l.unmergePlan(name, -1)
	if err != nil {
		return err
	}
	w.write(l)
	return nil
}

// Merged returns the names of the adapters in W, in the order they were merged.
func (l *Linear) Merged() []string {
	var names []string
	for _, m := range l.merged {
		names = append(names, l.names[m.index])
	}
	return names
}

// isMerged reports whether the adapter with that index is in W.
func (l *Linear) isMerged(index int) bool {
	return slices.ContainsFunc(l.merged, func(m merge) bool { return m.index == index })
}

// Merge merges the named adapter in every layer that has it; see [Linear.Merge].
// It does so in all of them or, with an error, in none.
func (net *Network) Merge(name string, round func([]float64)) error {
	return net.rewrite(func(l *Linear, i int) (*rewriting, error) {
		if l.Adapter(name) == nil {
			return nil, nil
		}
		return l.mergePlan(name, round, i)
	}, &MergeError{"merge", name, -1, ErrNoAdapter})
}

// Unmerge unmerges the named adapter in every layer in which it is merged, in
// all of them or, with an error, in none.
func (net *Network) Unmerge(name string) error {
	none := &MergeError{"unmerge", name, -1, ErrNoAdapter}
	if slices.ContainsFunc(net.Layers, func(l *Linear) bool { return l.Adapter(name) != nil }) {
		none.Err = ErrNotMerged
	}
	return net.rewrite(func(l *Linear, i int) (*rewriting, error) {
		if !slices.Contains(l.Merged(), name) {
			return nil, nil
		}
		return l.unmergePlan(name, i)
	}, none)
}

// rewrite makes a plan for every layer and carries out all or none of them; a nil
// plan passes a layer by. none is the error if there is no plan at all.
func (net *Network) rewrite(plan func(*Linear, int) (*rewriting, error), none *MergeError) error {
	plans, found := make([]*rewriting, len(net.Layers)), false
	for i, l := range net.Layers {
		var err error
		if plans[i], err = plan(l, i); err != nil {
			return err
		}
		found = found || plans[i] != nil
	}
	if !found {
		return none
	}
	for i, p := range plans {
		if p != nil {
			p.write(net.Layers[i])
		}
	}
	return nil
}

// rewriting is a merge or unmerge that has been computed and checked.
type rewriting struct {
	w      *mat.Dense // what W becomes
	merged []merge    // what the list of merged adapters becomes
}

func (r *rewriting) write(l *Linear) {
	l.W.Copy(r.w) // in place: a trainer may hold on to W
	l.merged = r.merged
}

func (l *Linear) mergePlan(name string, round func([]float64), layer int) (*rewriting, error) {
	i := slices.Index(l.names, name)
	switch {
	case i < 0:
		return nil, &MergeError{"merge", name, layer, ErrNoAdapter}
	case l.isMerged(i):
		return nil, &MergeError{"merge", name, layer, ErrMerged}
	}
	m := merge{index: i, as: l.adapters[i].Clone(), round: round}
	w, err := m.apply(l.W, 1)
	if err != nil {
		return nil, &MergeError{"merge", name, layer, err}
	}
	return &rewriting{w, append(l.merged, m)}, nil
}

func (l *Linear) unmergePlan(name string, layer int) (*rewriting, error) {
	i := slices.Index(l.names, name)
	at := slices.IndexFunc(l.merged, func(m merge) bool { return m.index == i })
	switch {
	case i < 0:
		return nil, &MergeError{"unmerge", name, layer, ErrNoAdapter}
	case at < 0:
		return nil, &MergeError{"unmerge", name, layer, ErrNotMerged}
	}
	w, err := l.merged[at].apply(l.W, -1)
	if err != nil {
		return nil, &MergeError{"unmerge", name, layer, err}
	}
	return &rewriting{w, slices.Delete(slices.Clone(l.merged), at, at+1)}, nil
}

// apply returns w + sign·ΔW, all of it finite, and leaves w as it is.
func (m *merge) apply(w *mat.Dense, sign float64) (*mat.Dense, error) {
	if err := m.as.checkFinite(); err != nil {
		return nil, fmt.Errorf("%w: the adapter is broken, take an earlier one", err)
	}
	if err := checkFinite("W", w); err != nil {
		return nil, fmt.Errorf("%w: the base weight is broken, not the adapter", err)
	}
	delta := m.as.Delta()
	if m.round != nil {
		delta = m.as.narrowDelta(m.round)
	}
	sum := mat.DenseCopyOf(w)
	to := values("Merge", sum)
	for i, v := range values("Merge", delta) {
		if m.round == nil {
			to[i] += float64(sign * v)
		} else {
			to[i] = float64(float32(to[i]) + float32(sign*v))
		}
	}
	if m.round != nil {
		m.round(to)
	}
	if err := checkFinite("the new W", sum); err != nil {
		return nil, fmt.Errorf("%w: the sum does not fit the format, take a wider one", err)
	}
	return sum, nil
}

// narrowDelta returns ΔW as PEFT computes it on a CPU for formats no wider than
// float32: product and scaling in float32, then rounded to the format. Sums
// run over the rank in order, each term fused with the addition, which is what
// PyTorch's matrix product does for small ranks: float32 sums depend on their order.
func (a *Adapter) narrowDelta(round func([]float64)) *mat.Dense {
	d, k, r := a.Dims()
	delta, s := mat.NewDense(d, k, nil), float32(a.Scale())
	for i := range d {
		row := delta.RawRowView(i)
		for l := range r {
			b := float64(float32(a.B.At(i, l)))
			for j, v := range a.A.RawRowView(l) {
				row[j] = float64(float32(row[j] + float64(b*float64(float32(v)))))
			}
		}
		for j, v := range row {
			row[j] = float64(float32(v) * s)
		}
	}
	round(values("Merge", delta))
	return delta
}

// Round rounds W, the bias and all adapters of the layer, to look at what a
// narrower format does to them: round gets slices to round in place.
func (l *Linear) Round(round func([]float64)) {
	round(values("Round", l.W))
	round(l.Bias)
	for _, a := range l.adapters {
		round(values("Round", a.A))
		round(values("Round", a.B))
	}
}

// Round rounds every layer; see [Linear.Round].
func (net *Network) Round(round func([]float64)) {
	for _, l := range net.Layers {
		l.Round(round)
	}
}
