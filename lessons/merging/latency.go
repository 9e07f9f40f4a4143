package merging

import (
	"context"
	"slices"
	"time"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// latencyWidths and latencyBatches are the layers that are timed, d = k.
var (
	latencyWidths  = [...]int{64, 128, 256, 512, 1024}
	latencyBatches = [...]int{1, 32}
)

// A cell is timed in rounds of one sample of each way: as many as fit into its
// budget, within bounds. A sample repeats the product until it is long compared
// with the resolution of the clock.
const (
	latencyBudget = 45 * time.Millisecond
	fewestRounds  = 5
	mostRounds    = 15
	latencySample = 50 * time.Microsecond
)

// unmergedCost is how many times the multiplications of Wx it takes to compute
// Wx + s·B·(A·x): 1 + r(d+k)/(dk).
func unmergedCost(d, k, r int) float64 {
	return 1 + float64(float64(r*(d+k))/float64(d*k))
}

// timed is one cell: the median times of one layer's forward pass.
type timed struct {
	width, batch           int
	base, unmerged, merged time.Duration
}

// measureLatency times layers with an adapter of this run's rank. Only
// forward passes are timed, into memory that is allocated before.
func (m *study) measureLatency(ctx context.Context) error {
	r := m.s.Whole("rank")
	m.reportTheory(r)
	var rows [][]float64
	var merged []float64
	for _, width := range latencyWidths {
		bench, err := newLatencyBench(width, m.s)
		if err != nil {
			return err
		}
		for _, batch := range latencyBatches {
			t, err := bench.measure(ctx, batch)
			if err != nil {
				return err
			}
			us := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
			unmergedRatio, mergedRatio := us(t.unmerged)/us(t.base), us(t.merged)/us(t.base)
			if !train.Finite(unmergedRatio, mergedRatio) {
				continue // the clock is too coarse to time it
			}
			merged = append(merged, mergedRatio)
			rows = append(rows, []float64{float64(width), float64(batch), us(t.base), us(t.unmerged), us(t.merged),
				unmergedRatio, mergedRatio, unmergedCost(width, width, r)})
			last := batch == latencyBatches[len(latencyBatches)-1]
			switch {
			case width == latencyWidths[0] && !last:
				m.rec.Report("overhead-single", unmergedRatio-1)
			case width == latencyWidths[0]:
				m.reportTimes("-narrow", unmergedRatio, us(t.base), us(t.unmerged), us(t.merged))
			case width == latencyWidths[len(latencyWidths)-1] && last:
				m.reportTimes("-wide", unmergedRatio, us(t.base), us(t.unmerged), us(t.merged))
			}
		}
	}
	if rows != nil {
		m.rec.Report("latency", rows)
		slices.Sort(merged)
		m.rec.Report("merged-ratio", merged[len(merged)/2])
	}
	return m.measureSwap()
}

// reportTheory reports the multiplications that each way takes.
func (m *study) reportTheory(r int) {
	narrow, wide := latencyWidths[0], latencyWidths[len(latencyWidths)-1]
	m.rec.Report("width-narrow", narrow)
	m.rec.Report("width-wide", wide)
	m.rec.Report("theory-narrow", unmergedCost(narrow, narrow, r)-1)
	m.rec.Report("theory-wide", unmergedCost(wide, wide, r)-1)
	m.rec.Report("theory-4096", unmergedCost(4096, 4096, r)-1)
	m.rec.Report("products-base", narrow*narrow)
	m.rec.Report("products-unmerged", narrow*narrow+r*(narrow+narrow))
	m.rec.Report("products-merged", narrow*narrow)
}

func (m *study) reportTimes(suffix string, ratio, base, unmerged, merged float64) {
	m.rec.Report("overhead"+suffix, ratio-1)
	m.rec.Report("time-base"+suffix, base)
	m.rec.Report("time-unmerged"+suffix, unmerged)
	m.rec.Report("time-merged"+suffix, merged)
}

// latencyBench is one layer three times over, each in its own memory: with its
// adapter off, beside it, and merged.
type latencyBench struct {
	width  int
	layers [3]*lora.Linear
}

func newLatencyBench(width int, s lab.Settings) (*latencyBench, error) {
	rng := lora.Stream(s.Seed(), "latency")
	net := lora.NewNetwork([]int{width, width}, lora.ReLU, rng)
	start := lora.Init{Scheme: lora.BothGaussian, Rank: s.Whole("rank"), Alpha: s.Real("alpha"), Rule: train.Scaling(s), Sigma: 0.01}
	if err := start.AttachAll(net, train.AdapterName, rng); err != nil {
		return nil, err
	}
	unmerged := net.Layers[0]
	base, merged := unmerged.Clone(), unmerged.Clone()
	base.Deactivate()
	if err := merged.Merge(train.AdapterName, nil); err != nil {
		return nil, err
	}
	return &latencyBench{width, [3]*lora.Linear{base, unmerged, merged}}, nil
}

// measure alternates: a round has a sample of each way, and each round begins with
// another way, so that other load on the machine slows all three alike.
func (b *latencyBench) measure(ctx context.Context, batch int) (timed, error) {
	x, h := mat.NewDense(b.width, batch, nil), mat.NewDense(b.width, batch, nil)
	for i := range b.width {
		for j := range batch {
			x.Set(i, j, 1/float64(1+i*batch+j))
		}
	}
	var tapes [3]lora.Tape
	sample := func(way, times int) time.Duration {
		start := time.Now()
		for range times {
			b.layers[way].Forward(h, x, &tapes[way])
		}
		return time.Since(start)
	}
	sample(0, 1)
	once := max(sample(0, 1), time.Nanosecond)
	times := int(latencySample/once) + 1
	var all [3][]time.Duration
	took := time.Duration(len(b.layers)*(times+1)) * once
	rounds := max(fewestRounds, min(mostRounds, int(latencyBudget/took)))
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return timed{}, err
		}
		for turn := range b.layers {
			way := (round + turn) % len(b.layers)
			sample(way, 1) // brings W back into the cache, from which the other ways evicted it
			all[way] = append(all[way], sample(way, times)/time.Duration(times))
		}
	}
	return timed{b.width, batch, medianTime(all[0]), medianTime(all[1]), medianTime(all[2])}, nil
}

func medianTime(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// swapRounds is how many times the two ways to change the adapter are timed.
const swapRounds = 9

// measureSwap times changing from the first adapter to the second, by
// activating it, and by taking one out of W and putting the other in.
func (m *study) measureSwap() error {
	net := m.shared.Clone()
	var activate, rewrite []time.Duration
	const times = 100
	for range swapRounds {
		start := time.Now()
		for i := range times {
			net.Activate(m.names[i%2])
		}
		activate = append(activate, time.Since(start)/times)
	}
	if err := net.Merge(m.names[0], nil); err != nil {
		m.refuse(err)
		return nil
	}
	for i := range swapRounds {
		start := time.Now()
		if err := net.Unmerge(m.names[i%2]); err != nil {
			return err
		}
		if err := net.Merge(m.names[(i+1)%2], nil); err != nil {
			m.refuse(err)
			return nil
		}
		rewrite = append(rewrite, time.Since(start))
	}
	m.rec.Report("time-activate", float64(medianTime(activate))/float64(time.Microsecond))
	m.rec.Report("time-rewrite", float64(medianTime(rewrite))/float64(time.Microsecond))
	return nil
}
