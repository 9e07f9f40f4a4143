package reparameterization

import (
	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
)

// asides are what is read in a handful of digits while both trainings go on, and after
// the last step of LoRA's with its adapter off. All are nil for the planted problem.
type asides struct{ full, lora, off *lab.Track }

const (
	fullReads = "full, first task"
	loraReads = "lora, first task"
	offReads  = "lora off, first task"
)

func announceAsides(s lab.Settings, full, lora *lab.Track) asides {
	columns := train.WatchColumns(train.Tasks(s), train.HandfulSize)
	return asides{full.Aside(fullReads, columns...), lora.Aside(loraReads, columns...), lora.Aside(offReads, columns...)}
}

// pickDigits chooses what is looked at: digits that the base reads right upright and
// wrong as the shift shows them, as far as there are some.
func (c *comparison) pickDigits() {
	tests := []lora.Data{c.p.First, c.p.Test}
	c.handful = train.NewHandful(train.Tasks(c.s), tests, train.HandfulSize, train.ReadRightBut(c.p.Base, c.p.First, c.p.Base, c.p.Test))
	c.handful.Report(c.rec, c.p.Base)
}

// watch is what is recorded beside loss and accuracy while net is trained.
func (c *comparison) watch(net *lora.Network, aside *lab.Track) []train.Look {
	if aside == nil {
		return nil
	}
	return []train.Look{c.p.Watch(c.handful, net, aside)}
}

// forgottenInFull reports how much of the first task is gone after full fine-tuning.
// There is no switch that brings it back.
func (c *comparison) forgottenInFull(net *lora.Network) {
	if c.p.Digits() {
		c.forgotten("full", net)
	}
}

// forgottenByLoRA reports how much of the first task is gone with the adapter on, and
// with it off.
func (c *comparison) forgottenByLoRA(net *lora.Network) {
	if !c.p.Digits() {
		return
	}
	c.forgotten("on", net)
	net.Deactivate()
	c.forgotten("off", net)
	c.rec.Report("off-changed", train.DifferentBits(net.Predict(c.p.First.X), c.p.Base.Predict(c.p.First.X)))
	c.p.Watch(c.handful, net, c.asides.off)(c.asides.off.Planned(), nil)
	net.Activate(train.AdapterName)
}

// forgotten reports the accuracy of net on the first task, and how many points it lies
// below that of the base.
func (c *comparison) forgotten(name string, net *lora.Network) {
	_, accuracy := train.NewEvaluator(net, c.p.First, c.p.Loss).Evaluate()
	c.rec.Report("accuracy-upright-"+name, accuracy)
	c.rec.Report("forgotten-"+name, 100*(c.p.Before.Accuracy-accuracy))
}
