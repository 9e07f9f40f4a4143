package recipe

import (
	"loralab/lessons/lab"
)

// broken are the ways to break one line of the recipe. The first breaks none.
var broken = [...]struct {
	name, word string
	change     func(lab.Settings, *training)
}{
	{"recipe", "the recipe", func(lab.Settings, *training) {}},
	{"rate-of-full", "full fine-tuning's η", func(s lab.Settings, t *training) { t.rate = s.Real("full-learning-rate") }},
	{"rate-times-10", "ten times the η", func(_ lab.Settings, t *training) { t.rate *= 10 }},
	{"alpha-for-s", "α taken for s", func(s lab.Settings, t *training) { t.scale = s.Real("alpha") }},
	{"rank-1", "rank 1", func(_ lab.Settings, t *training) { t.rank = 1 }},
	{"last-layer", "the last layer alone", func(_ lab.Settings, t *training) { t.layer = lastLayer }},
}

// lastLayer is the index of the layer that gives the ten digits.
const lastLayer = 2

// lines are the indices of trainings, as broken lists them.
type lines [len(broken)]int

func (b *bench) planLines() lines {
	var l lines
	for i, line := range broken {
		t := b.asKnobs()
		line.change(b.s, &t)
		l[i] = b.plan(t)
	}
	return l
}

// reportLines reports what becomes of each, and which costs most.
func (b *bench) reportLines(rec *lab.Recorder, l lines) {
	worst := -1
	for i, line := range broken {
		o := b.outcomes[l[i]]
		if o.Diverged != nil {
			continue
		}
		rec.Report("accuracy-"+line.name, o.Accuracy)
		rec.Report("loss-"+line.name, o.Loss)
		if i > 0 && (worst < 0 || o.Accuracy < b.outcomes[l[worst]].Accuracy) {
			worst = i
		}
	}
	if worst > 0 {
		rec.Report("costliest", broken[worst].word)
	}
}
