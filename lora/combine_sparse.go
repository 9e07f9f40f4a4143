package lora

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Pruning says which entries of a tensor survive before tensors are added up.
type Pruning uint8

const (
	KeepAll     Pruning = iota
	KeepLargest         // the ⌊density·size⌋ largest by magnitude (TIES, "trim")
	KeepRandom          // each with probability density, survivors divided by density (DARE, Yu et al. 2024)
)

// Vote says what an entry's sign is elected by.
type Vote uint8

const (
	VoteTotal     Vote = iota // the sign of the sum of the values
	VoteFrequency             // the sign that more of them have
)

// Votes returns both ways to vote.
func Votes() []Vote { return []Vote{VoteTotal, VoteFrequency} }

// String returns PEFT's name for it (majority_sign_method).
func (v Vote) String() string {
	if v == VoteFrequency {
		return "frequency"
	}
	return "total"
}

// ParseVote returns the way of that name.
func ParseVote(name string) (Vote, error) { return parseName("vote", name, Votes()) }

// TensorMerge merges tensors of one shape, entry by entry. The definitions are
// those of PEFT's merge_utils:
//
//	task arithmetic   {}
//	magnitude prune   {Prune: KeepLargest}
//	TIES              {Prune: KeepLargest, Elect: true}     Yadav et al. 2023
//	DARE linear       {Prune: KeepRandom}                   Yu et al. 2024
//	DARE TIES         {Prune: KeepRandom, Elect: true}
type TensorMerge struct {
	Prune   Pruning
	Density float64     // share of the entries to keep, in (0, 1]; 1 keeps all
	Keep    func() bool // for KeepRandom: asked for each entry, row after row, tensor after tensor; see [Coin]
	Elect   bool        // let the tensors vote on the sign of each entry; otherwise add them up
	Vote    Vote
}

// Coin returns a source of decisions that are true with probability p.
func Coin(p float64, rng *rand.Rand) func() bool {
	return func() bool { return rng.Float64() < p }
}

// validate returns an error if the density or the coin is not what the pruning needs.
func (m TensorMerge) validate() error {
	switch {
	case m.Prune == KeepAll:
		return nil
	case !(m.Density > 0 && m.Density <= 1): // NaN too
		return fmt.Errorf("density %v: choose the share to keep, above 0 and up to 1", m.Density)
	case m.Prune == KeepRandom && m.Density < 1 && m.Keep == nil:
		return fmt.Errorf("no random source: what to drop is drawn")
	}
	return nil
}

// Merge returns the merged tensor. Weights multiply the pruned tensors after the
// vote, which they have no say in: a tensor with a negative weight still votes
// for the sign it has. It is an error if the tensors are none or of
// different shapes, or if there is not one finite weight for each; and a
// [*NotFinite] if the merged tensor overflows.
func (m TensorMerge) Merge(tensors []*mat.Dense, weights []float64) (*mat.Dense, error) {
	if err := checkWeights(len(tensors), weights); err != nil {
		return nil, fmt.Errorf("lora: tensor merge: %w", err)
	}
	if err := m.validate(); err != nil {
		return nil, fmt.Errorf("lora: tensor merge: %w", err)
	}
	rows, cols := tensors[0].Dims()
	for i, t := range tensors {
		if r, c := t.Dims(); r != rows || c != cols {
			return nil, fmt.Errorf("lora: tensor merge: tensor %d is %d×%d and tensor 0 is %d×%d: only tensors of one shape can be merged", i, r, c, rows, cols)
		}
	}
	pruned := make([][]float64, len(tensors))
	for i, t := range tensors {
		pruned[i] = m.prune(values("TensorMerge", mat.DenseCopyOf(t)))
	}
	merged := mat.NewDense(rows, cols, nil)
	if to := values("TensorMerge", merged); m.Elect {
		m.addElected(to, pruned, weights)
	} else {
		for i, p := range pruned {
			for e, v := range p {
				to[e] += float64(weights[i] * v)
			}
		}
	}
	if err := checkFinite("the merged tensor", merged); err != nil {
		return nil, fmt.Errorf("lora: tensor merge: %w", err)
	}
	return merged, nil
}

// prune prunes x in place and returns it.
func (m TensorMerge) prune(x []float64) []float64 {
	switch {
	case m.Density >= 1:
	case m.Prune == KeepLargest:
		keepLargest(x, int(m.Density*float64(len(x))))
	case m.Prune == KeepRandom:
		for i := range x {
			if m.Keep() {
				x[i] /= m.Density // the expected value stays what it was
			} else {
				x[i] = 0
			}
		}
	}
	return x
}

// keepLargest sets all but the n entries of largest magnitude to zero; of equal
// ones the earlier stays.
func keepLargest(x []float64, n int) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch va, vb := math.Abs(x[a]), math.Abs(x[b]); {
		case va > vb:
			return -1
		case va < vb:
			return 1
		}
		return 0
	})
	for _, i := range order[n:] {
		x[i] = 0
	}
}

// addElected sets each entry of to to the weighted mean over the tensors that have the
// elected sign there: their weighted sum by their number. A tie, and an entry
// that is zero everywhere, elects plus. A zero belongs to neither side.
func (m TensorMerge) addElected(to []float64, pruned [][]float64, weights []float64) {
	for e := range to {
		ballot := 0.0
		for _, p := range pruned {
			if m.Vote == VoteFrequency {
				ballot += sign(p[e])
			} else {
				ballot += p[e]
			}
		}
		elected := 1.0
		if ballot < 0 {
			elected = -1
		}
		sum, count := 0.0, 0
		for i, p := range pruned {
			if sign(p[e]) == elected {
				sum += float64(weights[i] * p[e])
				count++
			}
		}
		to[e] = sum / float64(max(count, 1))
	}
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// checkWeights returns an error unless there is one finite weight for each of n
// things, and at least one thing.
func checkWeights(n int, weights []float64) error {
	if n == 0 {
		return fmt.Errorf("nothing to combine: give at least one")
	}
	if len(weights) != n {
		return fmt.Errorf("%d weights for %d: give one for each", len(weights), n)
	}
	for i, w := range weights {
		if !finite(w) {
			return fmt.Errorf("weight %d is %v: choose a finite number", i, w)
		}
	}
	return nil
}
