package lora

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Method is a way to make one adapter of several, with weights wᵢ. The names and
// the definitions are those of PEFT's add_weighted_adapter, with two
// deviations: the scaling enters the SVD methods once (PEFT applied it twice,
// peft#3111), and a single adapter is treated like any number of them (there PEFT takes
// linear, whatever was asked for).
//
// Cat is exact: [B₁ B₂]·[w₁s₁A₁; w₂s₂A₂] = w₁s₁B₁A₁ + w₂s₂B₂A₂, at the price of the sum of the
// ranks. Linear is not, though its name suggests it. With cᵢ = √(wᵢsᵢ) it is
//
//	(c₁B₁ + c₂B₂)·(c₁A₁ + c₂A₂) = w₁s₁B₁A₁ + w₂s₂B₂A₂ + c₁c₂·(B₁A₂ + B₂A₁)
//
// and the cross terms pair factors that were never trained together (peft#3013).
// Nothing makes them small: row i of A₁ and row i of A₂ have nothing to do with
// each other but the index. The methods without svd in the name prune and vote on
// A and B apart, with the same cross terms; those with it work on the sum itself
// and then take the best approximation of rank r.
type Method uint8

const (
	CombineCat               Method = iota // ranks side by side; exact
	CombineLinear                          // factors added up
	CombineSVD                             // the sum of the ΔWᵢ, cut to rank r
	CombineTIES                            // factors trimmed, signs elected
	CombineTIESSVD                         // the same on ΔWᵢ, cut to rank r
	CombineDARELinear                      // factors thinned at random, added up
	CombineDARELinearSVD                   // the same on ΔWᵢ, cut to rank r
	CombineDARETIES                        // factors thinned at random, signs elected
	CombineDARETIESSVD                     // the same on ΔWᵢ, cut to rank r
	CombineMagnitudePrune                  // factors trimmed, added up
	CombineMagnitudePruneSVD               // the same on ΔWᵢ, cut to rank r
)

// Methods returns all methods in the order in which they are declared.
func Methods() []Method {
	var all []Method
	for m := CombineCat; m <= CombineMagnitudePruneSVD; m++ {
		all = append(all, m)
	}
	return all
}

type methodFacts struct {
	name  string
	prune Pruning
	elect bool
	svd   bool // on ΔW, then cut; otherwise on A and B apart
}

func (m Method) facts() methodFacts {
	if m > CombineMagnitudePruneSVD {
		return methodFacts{name: fmt.Sprintf("method-%d", uint8(m))}
	}
	return [...]methodFacts{
		CombineCat:               {name: "cat"},
		CombineLinear:            {name: "linear"},
		CombineSVD:               {name: "svd", svd: true},
		CombineTIES:              {name: "ties", prune: KeepLargest, elect: true},
		CombineTIESSVD:           {name: "ties-svd", prune: KeepLargest, elect: true, svd: true},
		CombineDARELinear:        {name: "dare-linear", prune: KeepRandom},
		CombineDARELinearSVD:     {name: "dare-linear-svd", prune: KeepRandom, svd: true},
		CombineDARETIES:          {name: "dare-ties", prune: KeepRandom, elect: true},
		CombineDARETIESSVD:       {name: "dare-ties-svd", prune: KeepRandom, elect: true, svd: true},
		CombineMagnitudePrune:    {name: "magnitude-prune", prune: KeepLargest},
		CombineMagnitudePruneSVD: {name: "magnitude-prune-svd", prune: KeepLargest, svd: true},
	}[m]
}

// String returns PEFT's name for the method, with - for _.
func (m Method) String() string { return m.facts().name }

// UsesDensity reports whether the method reads [Combination.Density].
func (m Method) UsesDensity() bool { return m.facts().prune != KeepAll }

// UsesRank reports whether the method reads [Combination.Rank].
func (m Method) UsesRank() bool { return m.facts().svd }

// NeedsEqualRanks reports whether all adapters must have the same rank,
// because their factors are added up.
func (m Method) NeedsEqualRanks() bool { return m != CombineCat && !m.facts().svd }

// ParseMethod returns the method of that name; PEFT's spelling with _ is
// understood.
func ParseMethod(name string) (Method, error) {
	return parseName("combination", name, Methods())
}

// Combination says how adapters are combined.
type Combination struct {
	Method  Method
	Density float64 // of the methods that prune: the share to keep, in (0, 1]
	Vote    Vote    // of the methods that elect signs
	Rank    int     // of the svd methods; 0 takes the largest rank of the sources, or min(d, k) if that is less
}

// Combine returns a new adapter made of adapters for the same layer, with α = r
// and so s = 1. rng is for the methods that drop at random, and nil will do for the
// others. It is an error if the adapters do not fit the method or each other or
// do not come with one weight each; and a [*NotFinite] if they, or what is made
// of them, hold numbers that are not finite.
func (c Combination) Combine(adapters []*Adapter, weights []float64, rng *rand.Rand) (*Adapter, error) {
	a, err := c.combine(adapters, weights, rng)
	if err != nil {
		return nil, fmt.Errorf("lora: combination %v: %w", c.Method, err)
	}
	return a, nil
}

// CombineAll combines the named adapters in every layer, attaches the results
// under a new name and activates it. A layer that lacks some of them combines those it
// has; one that has none is passed by. Each layer draws from its own stream, as
// in [Init.AttachAll]. With an error no layer is changed.
func (c Combination) CombineAll(net *Network, sources []string, weights []float64, name string, rng *rand.Rand) error {
	if err := checkWeights(len(sources), weights); err != nil {
		return fmt.Errorf("lora: combination %v: %w", c.Method, err)
	}
	known := make([]bool, len(sources))
	combined := make([]*Adapter, len(net.Layers))
	for i, l := range net.Layers {
		var stream *rand.Rand
		if rng != nil {
			stream = split(rng)
		}
		var have []*Adapter
		var share []float64
		for j, source := range sources {
			if a := l.Adapter(source); a != nil {
				known[j], have, share = true, append(have, a), append(share, weights[j])
			}
		}
		if len(have) == 0 {
			continue
		}
		if slices.Contains(l.Merged(), name) {
			return &MergeError{"attach", name, i, ErrMerged}
		}
		var err error
		if combined[i], err = c.Combine(have, share, stream); err != nil {
			return fmt.Errorf("layer %d: %w", i, err)
		}
	}
	if j := slices.Index(known, false); j >= 0 {
		return fmt.Errorf("lora: combination %v: no layer has an adapter %q", c.Method, sources[j])
	}
	for i, a := range combined {
		if a != nil {
			net.Layers[i].Attach(name, a)
		}
	}
	net.Activate(name)
	return nil
}

func (c Combination) combine(adapters []*Adapter, weights []float64, rng *rand.Rand) (*Adapter, error) {
	if c.Method > CombineMagnitudePruneSVD {
		return nil, fmt.Errorf("no such method")
	}
	if err := checkWeights(len(adapters), weights); err != nil {
		return nil, err
	}
	if err := c.checkAdapters(adapters); err != nil {
		return nil, err
	}
	f := c.Method.facts()
	how := TensorMerge{Prune: f.prune, Density: c.Density, Elect: f.elect, Vote: c.Vote}
	if rng != nil {
		how.Keep = Coin(c.Density, rng)
	}
	if err := how.validate(); err != nil {
		return nil, err
	}
	var a *Adapter
	var err error
	switch {
	case c.Method == CombineCat:
		a = concatenate(adapters, weights)
	case f.svd:
		a, err = c.overDeltas(how, adapters, weights)
	default:
		a, err = overFactors(how, adapters, weights)
	}
	if err != nil {
		return nil, err
	}
	if err := a.checkFinite(); err != nil {
		return nil, fmt.Errorf("of the result, %w: beyond float64, choose smaller weights", err)
	}
	return a, nil
}

// checkAdapters returns an error unless the adapters are finite, for weights of
// one shape, and of the ranks that the method can work with.
func (c Combination) checkAdapters(adapters []*Adapter) error {
	d, k, r := adapters[0].Dims()
	for i, a := range adapters {
		if err := a.checkFinite(); err != nil {
			return fmt.Errorf("adapter %d: %w: it is broken, leave it out", i, err)
		}
		ad, ak, ar := a.Dims()
		if ad != d || ak != k {
			return fmt.Errorf("adapter %d is for a %d×%d weight and adapter 0 for %d×%d: only adapters for the same layer can be combined", i, ad, ak, d, k)
		}
		if ar != r && c.Method.NeedsEqualRanks() {
			return fmt.Errorf("adapter %d has rank %d and adapter 0 has %d, but their factors are added up: choose %v or a method with svd", i, ar, r, CombineCat)
		}
	}
	if c.Method.UsesRank() && (c.Rank < 0 || c.Rank > min(d, k)) {
		return fmt.Errorf("rank %d: a %d×%d weight has ranks 1 to %d (0 chooses)", c.Rank, d, k, min(d, k))
	}
	return nil
}

// combined returns an adapter of scaling 1.
func combined(a, b *mat.Dense) *Adapter {
	r, _ := a.Dims()
	return &Adapter{A: a, B: b, Alpha: float64(r), Rule: AlphaOverR}
}

func concatenate(adapters []*Adapter, weights []float64) *Adapter {
	d, k, _ := adapters[0].Dims()
	sum := 0
	for _, a := range adapters {
		_, _, r := a.Dims()
		sum += r
	}
	ca, cb := mat.NewDense(sum, k, nil), mat.NewDense(d, sum, nil)
	at := 0
	for i, a := range adapters {
		_, _, r := a.Dims()
		ca.Slice(at, at+r, 0, k).(*mat.Dense).Scale(weights[i]*a.Scale(), a.A)
		cb.Slice(0, d, at, at+r).(*mat.Dense).Copy(a.B)
		at += r
	}
	return combined(ca, cb)
}

// overFactors merges the A and, apart from them, the B. Each gets the root of the
// weight wᵢ·sᵢ, and A its sign: a root of a negative weight has to leave it somewhere, and on
// both sides it would cancel.
func overFactors(how TensorMerge, adapters []*Adapter, weights []float64) (*Adapter, error) {
	var as, bs []*mat.Dense
	var wa, wb []float64
	for i, a := range adapters {
		w := weights[i] * a.Scale()
		root := math.Sqrt(math.Abs(w))
		as, wa = append(as, a.A), append(wa, math.Copysign(root, w))
		bs, wb = append(bs, a.B), append(wb, root)
	}
	ca, err := how.Merge(as, wa)
	if err != nil {
		return nil, err
	}
	cb, err := how.Merge(bs, wb)
	if err != nil {
		return nil, err
	}
	return combined(ca, cb), nil
}

// overDeltas merges the ΔWᵢ, which hold their scaling already, and cuts the result to the
// best approximation of rank r (Eckart and Young 1936): B = U·diag(σ), A = Vᵀ.
func (c Combination) overDeltas(how TensorMerge, adapters []*Adapter, weights []float64) (*Adapter, error) {
	var deltas []*mat.Dense
	rank := 0
	for _, a := range adapters {
		d, k, r := a.Dims()
		deltas = append(deltas, a.Delta())
		rank = min(max(rank, r), d, k)
	}
	if c.Rank > 0 {
		rank = c.Rank
	}
	sum, err := how.Merge(deltas, weights)
	if err != nil {
		return nil, err
	}
	u, sigma, v, err := thinSVD("the sum of the deltas", sum)
	if err != nil {
		return nil, err
	}
	d, k := sum.Dims()
	ca, cb := mat.NewDense(rank, k, nil), mat.NewDense(d, rank, nil)
	for i := range rank {
		ca.SetRow(i, scaledColumn(v, i, 1))
		cb.SetCol(i, scaledColumn(u, i, sigma[i]))
	}
	return combined(ca, cb), nil
}
