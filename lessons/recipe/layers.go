package recipe

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
)

// layers are the indices of trainings: of all layers, then of each alone.
type layers []int

// layerName is what a choice of layers is called.
func layerName(i int) string {
	if i == 0 {
		return "all"
	}
	return fmt.Sprint(i)
}

// layerWord is the same for a figure.
func layerWord(i int) string {
	if i == 0 {
		return "all three"
	}
	return "layer " + layerName(i)
}

// planLayers puts LoRA on all layers, and on each alone with about as many numbers:
// its rank is higher, but not above what the layer can use.
func (b *bench) planLayers() layers {
	all := b.asKnobs()
	widths := train.DigitsWidths(b.s)
	budget := 0
	for i := range widths[1:] {
		budget += all.rank * (widths[i] + widths[i+1])
	}
	l := layers{b.plan(all)}
	for i := range widths[1:] {
		k, d := widths[i], widths[i+1]
		alone := all
		alone.layer, alone.rank = i, max(min(budget/(d+k), d, k), 1)
		l = append(l, b.plan(alone))
	}
	return l
}

// reportLayers reports each choice, and the best: by held-out loss.
func (b *bench) reportLayers(rec *lab.Recorder, l layers) {
	best := -1
	for i, at := range l {
		o := b.outcomes[at]
		rec.Report("rank-layers-"+layerName(i), b.planned[at].rank)
		rec.Report("params-layers-"+layerName(i), o.Params)
		if o.Diverged != nil {
			continue
		}
		rec.Report("accuracy-layers-"+layerName(i), o.Accuracy)
		rec.Report("loss-layers-"+layerName(i), o.Loss)
		if best < 0 || o.Loss < b.outcomes[l[best]].Loss {
			best = i
		}
	}
	if best >= 0 {
		rec.Report("best-layers", layerWord(best))
	}
}
