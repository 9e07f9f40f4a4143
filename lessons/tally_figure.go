package lessons

import (
	"math"
	"slices"

	"loralab/lessons/lab"
	"loralab/lora/libm"
	"loralab/plots"
)

// tallyBins is into how many equal parts the scale of numbers is divided.
const tallyBins = 20

// figure shows what a class said as a figure of its own, and what came out beside it
// where r is not nil. It is nil where nobody said anything.
func (t tally) figure(r *lab.Record) *plots.Figure {
	if t.total == 0 {
		return nil
	}
	f := &plots.Figure{ID: "guesses", Title: t.ask.Brief}
	truth, found := lab.Finding{}, false
	if r != nil {
		truth, found = r.Find(t.ask.Finding.Name)
	}
	if len(t.ask.Choices) > 0 {
		t.bars(f, truth, found)
	} else {
		t.histogram(f, truth, found)
	}
	return f
}

func (t tally) bars(f *plots.Figure, truth lab.Finding, found bool) {
	counts := make([]float64, len(t.ask.Choices))
	for _, g := range t.guesses {
		counts[t.ask.choice(g.echo)] = float64(g.Count)
	}
	f.YLabel = "guesses"
	f.Bars = &plots.Bars{Names: t.ask.Choices, Horizontal: true, Series: []plots.BarSeries{{Name: "guesses", Values: counts}}}
	if found {
		f.Marks = []plots.Mark{{Row: truth.Bare(), Value: math.NaN(), Label: "the run", Truth: true}}
	}
}

func (t tally) histogram(f *plots.Figure, truth lab.Finding, found bool) {
	lo, hi := t.guesses[0].value, t.guesses[len(t.guesses)-1].value
	is := math.NaN()
	if found {
		is = shownValue(truth)
	}
	if found && !math.IsNaN(is) {
		lo, hi = min(lo, is), max(hi, is)
	}
	f.YLabel = "guesses"
	if unit := shownUnit(t.ask.Finding); unit != "" {
		f.Title += " (" + unit + ")"
	}
	switch {
	case t.ask.Finding.Percent && lo >= 0 && hi <= 100:
		lo, hi = 0, 100
	case lo > 0 && hi/lo >= wide:
		f.XLog = true
		lo, hi = lo/1.5, hi*1.5
	case lo == hi:
		lo, hi = lo-max(math.Abs(lo)/2, 1), hi+max(math.Abs(hi)/2, 1)
	default:
		lo, hi = lo-float64((hi-lo)/10), hi+float64((hi-lo)/10)
	}
	edge := func(i int) float64 {
		part := float64(i) / tallyBins
		if f.XLog {
			return lo * libm.Exp(float64(part*libm.Log(hi/lo)))
		}
		return lo + float64(part*(hi-lo))
	}
	edges, counts := []float64{edge(0)}, make([]float64, tallyBins)
	for i := range tallyBins {
		edges = append(edges, edge(i+1))
		for _, g := range t.guesses {
			if g.value >= edges[i] && (g.value < edges[i+1] || i == tallyBins-1 && g.value <= edges[i+1]) {
				counts[i] += float64(g.Count)
			}
		}
	}
	most, none := max(4, slices.Max(counts)), 0.0
	f.XMin, f.XMax, f.YMin, f.YMax = &lo, &hi, &none, &most
	f.Hist = &plots.Hist{Edges: edges, Counts: counts}
	f.Marks = append(f.Marks, plots.Mark{Across: true, Value: median(t.guesses), Label: "median " + t.ask.written(median(t.guesses))})
	if found && !math.IsNaN(is) {
		f.Marks = append(f.Marks, plots.Mark{Across: true, Value: is, Label: "the run " + truth.Text(), Truth: true})
	}
}
