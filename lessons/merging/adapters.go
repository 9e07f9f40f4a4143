package merging

import (
	"context"
	"fmt"

	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/toy"
)

// trainAll trains an adapter for each shift, side by side, and attaches them
// all to the shared network. complete is false if one diverged.
func (m *study) trainAll(ctx context.Context, b *train.Pretrained, tracks tracks) (complete bool, err error) {
	tuned := make([]*lora.Network, len(m.names))
	outcomes := make([]train.Outcome, len(m.names))
	data := make([]lora.Data, len(m.names))
	for i, name := range m.names {
		shift, err := toy.ParseShift(name)
		if err != nil {
			return false, err
		}
		var test lora.Data
		data[i], test = b.Digits.Data(shift, m.s.Seed())
		m.tests = append(m.tests, test)
		if tuned[i], err = m.begin(name); err != nil {
			return false, err
		}
	}
	handful := m.pickDigits()
	err = train.SideBySide(ctx, len(m.names), func(ctx context.Context, i int) (err error) {
		t := lora.NewTrainer(tuned[i], data[i], lora.Training{Loss: lora.CrossEntropy, Optimizer: train.Optimizer(m.s, "learning-rate"),
			Batch: m.s.Whole("batch"), Order: lora.Stream(m.s.Seed(), "order for "+m.names[i])})
		looks := []train.Look{m.watch(handful, tuned[i], m.tests[i+1].X, tracks.reads[i])}
		if i == 0 {
			looks = append(looks, train.NewFlow(m.rec, tuned[i], m.tests[i+1]).Look)
		}
		outcomes[i], err = train.Run(ctx, t, train.NewEvaluator(tuned[i], m.tests[i+1], lora.CrossEntropy), tracks.shifts[i], looks...)
		return err
	})
	if err != nil {
		return false, err
	}
	m.rec.Report("first", m.names[0])
	m.rec.Report("second", m.names[1])
	m.rec.Report("accuracy-base", b.Before.Accuracy)
	m.rec.Report("params-base", m.base.Params())
	m.rec.Report("params-adapter", outcomes[0].Params)
	m.rec.Report("adapters", len(m.names))
	complete = true
	for i, o := range outcomes {
		if o.Diverged != nil {
			m.rec.Report("diverged", fmt.Sprintf("%s: %v", m.names[i], o.Diverged))
			complete = false
		}
	}
	if complete {
		m.attachAll(tuned)
	}
	return complete, nil
}

// attachAll attaches every adapter to the shared network and counts the outputs
// that differ from those of the network on which it was trained.
func (m *study) attachAll(tuned []*lora.Network) {
	for i, net := range tuned {
		for j, l := range net.Layers {
			m.shared.Layers[j].Attach(m.names[i], l.Adapter(m.names[i]).Clone())
		}
	}
	different := 0
	for i, net := range tuned {
		m.shared.Activate(m.names[i])
		different += train.DifferentBits(m.shared.Predict(m.tests[0].X), net.Predict(m.tests[0].X))
	}
	m.rec.Report("swap-different", different)
}

// begin returns a copy of the base with an untrained adapter. Every shift has
// random numbers of its own: adapters that start from one A would share
// directions, which adapters that come from different people do not.
func (m *study) begin(name string) (*lora.Network, error) {
	net := m.base.Clone()
	return net, train.Start(m.s).AttachAll(net, name, lora.Stream(m.s.Seed(), "adapter for "+name))
}
