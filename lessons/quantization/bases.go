package quantization

import (
	"context"
	"fmt"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/quant"
)

// quantized is the part of a run that works on the network, not on its weights
// alone.
type quantized struct {
	rec *lab.Recorder
	s   lab.Settings
	p   *train.Problem

	base     *quantizedBase // in the chosen format
	start    float64        // its accuracy on the task
	loftqNet *lora.Network  // with LoftQ's base and start, then trained

	lora, qlora, fromLoftQ adapted
	formats                map[string]*adapted // by name, the chosen one among them
	diverged               []string
}

// quantizedBase is a network whose weights are the dequantized values of their
// codes. The biases are not quantized: QLoRA quantizes matrices only.
type quantizedBase struct {
	net   *lora.Network
	codes []*quant.Blockwise // a layer each
}

func quantizeBase(net *lora.Network, f quant.Format) (*quantizedBase, error) {
	b := &quantizedBase{net: net.Clone()}
	for i, l := range b.net.Layers {
		q, err := f.QuantizeDense(l.W)
		if err != nil {
			return nil, fmt.Errorf("layer %d: %w", i+1, err)
		}
		d, k := l.Dims()
		l.W.Copy(q.Dense(d, k))
		b.codes = append(b.codes, q)
	}
	return b, nil
}

// changedWeights counts the weights of net, trained on this base, that are no
// longer the values of their codes.
func (b *quantizedBase) changedWeights(net *lora.Network) int {
	changedWeights := 0
	for i, l := range net.Layers {
		d, k := l.Dims()
		values := b.codes[i].Dense(d, k)
		for row := range d {
			for col, w := range l.W.RawRowView(row) {
				if w != values.At(row, col) {
					changedWeights++
				}
			}
		}
	}
	return changedWeights
}

// bases quantizes the network in every format, at the chosen block size, and
// evaluates each on the task that it has learned.
func (q *quantized) bases(ctx context.Context) error {
	full := train.NewEvaluator(q.p.Base, q.p.First, q.p.Loss)
	_, before := full.Evaluate()
	q.rec.Report("accuracy-base", before)
	_, onTask := q.p.Evaluator(q.p.Base).Evaluate()
	q.rec.Report("accuracy-before", onTask)
	q.rec.Report("params-base", q.p.Base.Params())

	rows := make([][]float64, len(formatNames()))
	accuracies := make([]float64, len(rows))
	err := train.SideBySide(ctx, len(rows), func(_ context.Context, i int) error {
		f := numberFormat(q.s)
		f.Book = codebook(formatNames()[i])
		b, err := quantizeBase(q.p.Base, f)
		if err != nil {
			return err
		}
		_, accuracies[i] = train.NewEvaluator(b.net, q.p.First, q.p.Loss).Evaluate()
		rows[i] = []float64{float64(i), f.BitsPerParam(), accuracies[i]}
		return nil
	})
	if err != nil {
		return err
	}
	q.rec.Report("bases", rows)
	for i, name := range formatNames() {
		accuracy := accuracies[i]
		switch name {
		case "nf4", "nf3", "nf2", "int2":
			q.rec.Report("accuracy-"+name, accuracy)
		}
		if name == "nf4" {
			q.rec.Report("accuracy-lost-nf4", 100*(before-accuracy))
		}
		if name == q.s.Text("format") {
			q.rec.Report("accuracy-quantized", accuracy)
			q.rec.Report("accuracy-lost", 100*(before-accuracy))
		}
	}
	q.base, err = quantizeBase(q.p.Base, numberFormat(q.s))
	if err != nil {
		return err
	}
	var loss float64
	loss, q.start = q.p.Evaluator(q.base.net).Evaluate()
	q.rec.Report("loss-start", loss)
	q.rec.Report("accuracy-start", q.start)
	return nil
}
