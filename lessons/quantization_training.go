package lessons

import (
	"context"
	"fmt"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/quant"
)

func baseSpecs() []Spec {
	accuracy := func(name, label string) Spec {
		return Spec{Name: name, Label: label, Kind: KindReal, Percent: true, Digits: 3}
	}
	return []Spec{
		accuracy("accuracy-base", "accuracy in full precision, upright"),
		accuracy("accuracy-quantized", "accuracy of the quantized base, upright"),
		{Name: "accuracy-lost", Label: "accuracy lost by quantizing", Kind: KindReal, Digits: 3, Unit: "points"},
		accuracy("accuracy-nf4", "accuracy of the base in nf4, upright"),
		{Name: "accuracy-lost-nf4", Label: "accuracy lost by nf4", Kind: KindReal, Digits: 3, Unit: "points"},
		accuracy("accuracy-nf3", "accuracy of the base in nf3, upright"),
		accuracy("accuracy-nf2", "accuracy of the base in nf2, upright"),
		accuracy("accuracy-int2", "accuracy of the base in int2, upright"),
		accuracy("accuracy-before", "on the task, in full precision, before training"),
		accuracy("accuracy-start", "on the task, quantized, before training"),
		accuracy("accuracy-start-loftq", "the same from LoftQ's start"),
		accuracy("accuracy-start-peft", "the same from LoftQ as PEFT scales it"),
		accuracy("accuracy-lora", "after LoRA on the base in full precision"),
		accuracy("accuracy-qlora", "after LoRA on the quantized base (QLoRA)"),
		accuracy("accuracy-loftq", "after QLoRA from LoftQ's start"),
		{Name: "accuracy-recovered", Label: "accuracy gained by QLoRA", Kind: KindReal, Digits: 3, Unit: "points"},
		{Name: "accuracy-gap", Label: "LoRA's accuracy above QLoRA's", Kind: KindReal, Digits: 3, Unit: "points"},
		{Name: "loss-start", Label: "loss on the task, quantized, before training", Kind: KindReal},
		{Name: "loss-lora", Label: "loss after LoRA", Kind: KindReal},
		{Name: "loss-qlora", Label: "loss after QLoRA", Kind: KindReal},
		{Name: "loss-loftq", Label: "loss after QLoRA from LoftQ's start", Kind: KindReal},
		{Name: "params-lora", Label: "parameters that QLoRA trains", Kind: KindCount},
		{Name: "params-base", Label: "parameters of the base", Kind: KindCount},
		{Name: "base-changed", Label: "weights that QLoRA moved off their codes", Kind: KindCount},
		{Name: "diverged", Label: "trainings that diverged", Kind: KindText},
		{Name: "bases", Label: "format, bits, accuracy upright, a row a format", Kind: KindMatrix},
		{Name: "trained", Label: "format, loss and accuracy after QLoRA, a row a format", Kind: KindMatrix},
	}
}

// quantized is the part of a run that works on the network.
type quantized struct {
	rec *Recorder
	s   Settings
	p   *problem

	base     *codedBase    // in the chosen format
	start    float64       // its accuracy on the task
	loftqNet *lora.Network // with LoftQ's base and start, then trained

	lora, qlora, fromLoftQ adapted
	formats                map[string]*adapted // by name, the chosen one among them
	diverged               []string
}

// adapted is a network whose adapter has been trained.
type adapted struct {
	outcome
	net *lora.Network
}

// codedBase is a network whose weights are what codes stand for. The biases
// stay as they were: QLoRA quantizes matrices only.
type codedBase struct {
	net   *lora.Network
	codes []*quant.Blockwise // a layer each
}

func codeBase(net *lora.Network, f quant.Format) (*codedBase, error) {
	b := &codedBase{net: net.Clone()}
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

// moved counts the weights of net, trained on this base, that are not the
// values of their codes any more.
func (b *codedBase) moved(net *lora.Network) int {
	moved := 0
	for i, l := range net.Layers {
		d, k := l.Dims()
		values := b.codes[i].Dense(d, k)
		for row := range d {
			for col, w := range l.W.RawRowView(row) {
				if w != values.At(row, col) {
					moved++
				}
			}
		}
	}
	return moved
}

// bases quantizes the network in every format, at the chosen block size, and
// judges each.
func (q *quantized) bases(ctx context.Context) error {
	full := newExam(q.p.base, q.p.first, q.p.loss)
	_, before := full.sit()
	q.rec.Find("accuracy-base", before)
	_, onTask := q.p.exam(q.p.base).sit()
	q.rec.Find("accuracy-before", onTask)
	q.rec.Find("params-base", q.p.base.Params())

	rows := make([][]float64, len(formatNames()))
	err := sideBySide(ctx, len(rows), func(_ context.Context, i int) error {
		f := q.s.numberFormat()
		f.Book = codebook(formatNames()[i])
		b, err := codeBase(q.p.base, f)
		if err != nil {
			return err
		}
		_, accuracy := newExam(b.net, q.p.first, q.p.loss).sit()
		rows[i] = []float64{float64(i), f.BitsPerParam(), accuracy}
		return nil
	})
	if err != nil {
		return err
	}
	q.rec.Find("bases", rows)
	for i, name := range formatNames() {
		accuracy := rows[i][2]
		switch name {
		case "nf4", "nf3", "nf2", "int2":
			q.rec.Find("accuracy-"+name, accuracy)
		}
		if name == "nf4" {
			q.rec.Find("accuracy-lost-nf4", 100*(before-accuracy))
		}
		if name == q.s.Text("format") {
			q.rec.Find("accuracy-quantized", accuracy)
			q.rec.Find("accuracy-lost", 100*(before-accuracy))
		}
	}
	q.base, err = codeBase(q.p.base, q.s.numberFormat())
	if err != nil {
		return err
	}
	var loss float64
	loss, q.start = q.p.exam(q.base.net).sit()
	q.rec.Find("loss-start", loss)
	q.rec.Find("accuracy-start", q.start)
	return nil
}

// begin attaches a fresh adapter to every layer of net. All bases get the same
// A, so that the base is all that differs.
func (q *quantized) begin(net *lora.Network) error {
	start := lora.Init{Scheme: lora.Kaiming, Rank: q.s.Whole("rank"), Alpha: q.s.Real("alpha"), Rule: q.s.scaling()}
	return start.AttachAll(net, adapterName, lora.Stream(q.s.Seed(), "adapter"))
}

// train trains the adapter on net in the same way for every base.
func (q *quantized) train(ctx context.Context, net *lora.Network, track *Track) (adapted, error) {
	t := lora.NewTrainer(net, q.p.train, lora.Training{Loss: q.p.loss, Optimizer: q.s.optimizer("learning-rate"),
		Batch: q.s.Whole("batch"), Order: lora.Stream(q.s.Seed(), "order")})
	o, err := train(ctx, t, q.p.exam(net), track)
	return adapted{o, net}, err
}

// trainAll trains LoRA on the base in full precision, on each quantized one,
// and from LoftQ's start.
func (q *quantized) trainAll(ctx context.Context, tracks quantizationTracks) error {
	type job struct {
		net    *lora.Network
		track  *Track
		result *adapted
	}
	fresh := func(net *lora.Network, track *Track, result *adapted) (job, error) {
		net = net.Clone()
		return job{net, track, result}, q.begin(net)
	}
	first, err := fresh(q.p.base, tracks.lora, &q.lora)
	if err != nil {
		return err
	}
	jobs := []job{first, {q.loftqNet, tracks.fromLoftQ, &q.fromLoftQ}}
	q.formats = map[string]*adapted{}
	for i, name := range formatNames() {
		track := tracks.formats[name]
		if track == nil {
			continue
		}
		f := q.s.numberFormat()
		f.Book = codebook(formatNames()[i])
		b, err := codeBase(q.p.base, f)
		if err != nil {
			return err
		}
		q.formats[name] = &adapted{}
		j, err := fresh(b.net, track, q.formats[name])
		if err != nil {
			return err
		}
		jobs = append(jobs, j)
	}
	err = sideBySide(ctx, len(jobs), func(ctx context.Context, i int) (err error) {
		*jobs[i].result, err = q.train(ctx, jobs[i].net, jobs[i].track)
		return err
	})
	q.qlora = *q.formats[q.s.Text("format")]
	return err
}

// findTrained turns outcomes into findings.
func (q *quantized) findTrained() {
	for _, t := range []struct {
		name, what string
		adapted
	}{
		{"lora", "LoRA in full precision", q.lora},
		{"qlora", qloraSeries(q.s.Text("format")), q.qlora},
		{"loftq", "QLoRA from LoftQ's start", q.fromLoftQ},
	} {
		if q.went(t.what, t.adapted) {
			q.rec.Find("loss-"+t.name, t.loss)
			q.rec.Find("accuracy-"+t.name, t.accuracy)
		}
	}
	rows := [][]float64{}
	for i, name := range formatNames() {
		t := q.formats[name]
		if t == nil || t.diverged != nil && name == q.s.Text("format") {
			continue
		}
		if q.went(qloraSeries(name), *t) {
			rows = append(rows, []float64{float64(i), t.loss, t.accuracy})
		}
	}
	q.rec.Find("trained", rows)
	q.rec.Find("params-lora", q.qlora.params)
	q.rec.Find("base-changed", q.base.moved(q.qlora.net))
	if q.qlora.diverged == nil {
		q.rec.Find("accuracy-recovered", 100*(q.qlora.accuracy-q.start))
		if q.lora.diverged == nil {
			q.rec.Find("accuracy-gap", 100*(q.lora.accuracy-q.qlora.accuracy))
		}
	}
}

// went reports whether a training came to its end, and notes if it did not.
func (q *quantized) went(what string, a adapted) bool {
	if a.diverged != nil {
		q.note("%s: %v", what, a.diverged)
	}
	return a.diverged == nil
}

// note adds to the finding that says what has diverged.
func (q *quantized) note(format string, args ...any) {
	q.diverged = append(q.diverged, fmt.Sprintf(format, args...))
	q.rec.Find("diverged", strings.Join(q.diverged, "; "))
}

// frobenius returns the Frobenius norm of a − b.
func frobenius(a, b *mat.Dense) float64 {
	var diff mat.Dense
	diff.Sub(a, b)
	return mat.Norm(&diff, 2)
}
