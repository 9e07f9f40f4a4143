package recipe

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora/linalg"
)

// reportMove reports how far one step moves all W: full fine-tuning beside LoRA, at one
// learning rate.
func (b *bench) reportMove(rec *lab.Recorder, p *train.Problem) error {
	lora := b.asKnobs()
	full := training{full: true, rate: lora.rate, layer: -1}
	var moved [2]float64
	for i, t := range []training{lora, full} {
		net, err := b.network(p, t)
		if err != nil {
			return err
		}
		if _, err := p.Trainer(net, b.s, b.optimizer(t), t.full).Step(); err != nil {
			return nil // it diverged: there is nothing to compare
		}
		for l, layer := range net.Layers {
			var delta mat.Dense
			delta.Sub(layer.W, p.Base.Layers[l].W)
			if a := layer.Active(); a != nil {
				delta.Add(&delta, a.Delta())
			}
			norm := linalg.Norm(&delta)
			moved[i] += float64(norm * norm)
		}
	}
	if moved[0] > 0 {
		rec.Report("move-lora", math.Sqrt(moved[0]))
		rec.Report("move-full", math.Sqrt(moved[1]))
		rec.Report("move-ratio", math.Sqrt(moved[1]/moved[0]))
	}
	return nil
}
