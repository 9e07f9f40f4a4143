package quantization

import (
	"context"
	"fmt"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// adapted is a network whose adapter has been trained.
type adapted struct {
	train.Outcome
	net *lora.Network
}

// begin attaches a fresh adapter to every layer of net. All bases get the same
// A, so that the base is all that differs.
func (q *quantized) begin(net *lora.Network) error {
	return train.Start(q.s).AttachAll(net, train.AdapterName, lora.Stream(q.s.Seed(), "adapter"))
}

// trainAll trains LoRA, in the same way, on the base in full precision, on each
// quantized base, and from LoftQ's start.
func (q *quantized) trainAll(ctx context.Context, tracks tracks) error {
	type job struct {
		net    *lora.Network
		track  *lab.Track
		result *adapted
		looks  []train.Look
	}
	fresh := func(net *lora.Network, track *lab.Track, result *adapted) (job, error) {
		net = net.Clone()
		return job{net, track, result, nil}, q.begin(net)
	}
	first, err := fresh(q.p.Base, tracks.lora, &q.lora)
	if err != nil {
		return err
	}
	jobs := []job{first, {q.loftqNet, tracks.fromLoftQ, &q.fromLoftQ, nil}}
	q.formats = map[string]*adapted{}
	handful := q.pickDigits()
	for i, name := range formatNames() {
		track := tracks.formats[name]
		if track == nil {
			continue
		}
		f := numberFormat(q.s)
		f.Book = codebook(formatNames()[i])
		b, err := quantizeBase(q.p.Base, f)
		if err != nil {
			return err
		}
		q.formats[name] = &adapted{}
		j, err := fresh(b.net, track, q.formats[name])
		if err != nil {
			return err
		}
		if name == q.s.Text("format") {
			j.looks = []train.Look{handful.Watch(j.net, tracks.reads), q.follow(j.net, b)}
		}
		jobs = append(jobs, j)
	}
	err = train.SideBySide(ctx, len(jobs), func(ctx context.Context, i int) (err error) {
		j := jobs[i]
		j.result.net = j.net
		j.result.Outcome, err = q.p.Adapt(ctx, j.net, q.s, train.Optimizer(q.s, "learning-rate"), j.track, j.looks...)
		return err
	})
	q.qlora = *q.formats[q.s.Text("format")]
	return err
}

// reportTrained turns outcomes into findings.
func (q *quantized) reportTrained() {
	for _, t := range []struct {
		name, what string
		adapted
	}{
		{"lora", "LoRA in full precision", q.lora},
		{"qlora", qloraSeries(q.s.Text("format")), q.qlora},
		{"loftq", "QLoRA from LoftQ's start", q.fromLoftQ},
	} {
		if q.completed(t.what, t.adapted) {
			q.rec.Report("loss-"+t.name, t.Loss)
			q.rec.Report("accuracy-"+t.name, t.Accuracy)
		}
	}
	rows := [][]float64{}
	for i, name := range formatNames() {
		t := q.formats[name]
		if t == nil || t.Diverged != nil && name == q.s.Text("format") {
			continue
		}
		if q.completed(qloraSeries(name), *t) {
			rows = append(rows, []float64{float64(i), t.Loss, t.Accuracy})
		}
	}
	q.rec.Report("trained", rows)
	q.rec.Report("params-lora", q.qlora.Params)
	q.rec.Report("base-changed", q.base.changedWeights(q.qlora.net))
	if q.qlora.Diverged == nil {
		q.rec.Report("accuracy-recovered", 100*(q.qlora.Accuracy-q.start))
		if q.lora.Diverged == nil {
			q.rec.Report("accuracy-gap", 100*(q.lora.Accuracy-q.qlora.Accuracy))
		}
	}
}

// completed reports whether a training did not diverge, and notes it if it did.
func (q *quantized) completed(what string, a adapted) bool {
	if a.Diverged != nil {
		q.note("%s: %v", what, a.Diverged)
	}
	return a.Diverged == nil
}

// note adds a line to the finding "diverged".
func (q *quantized) note(format string, args ...any) {
	q.diverged = append(q.diverged, fmt.Sprintf(format, args...))
	q.rec.Report("diverged", strings.Join(q.diverged, "; "))
}
