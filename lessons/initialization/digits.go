package initialization

import (
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/plots"
)

// readsOf names the aside of what is read in a handful of digits with a scheme.
func readsOf(scheme string) string { return scheme + ", digits" }

// watch is what is recorded beside loss and accuracy while a scheme is trained.
func (c *starts) watch(net *lora.Network, scheme int) []train.Look {
	var looks []train.Look
	if scheme == 0 {
		looks = append(looks, c.first(net))
	}
	if c.handful != nil {
		looks = append(looks, c.handful.Watch(net, c.reads[scheme]))
	}
	return looks
}

// digitsFigures show what is read with each scheme: upright digits, which the base can
// read, before any training; and changed ones, while it is trained on those.
func digitsFigures(r *lab.Record) []*plots.Figure {
	if r.Settings.Text("problem") != "digits" {
		return nil
	}
	names := r.Settings.Set("schemes")
	start := &plots.Figure{ID: "digits", Title: "what is read in upright digits at step 0",
		Caption: "Adapters are attached, and nothing is trained. A start that leaves the base as it is reads what the base reads."}
	if slices.Contains(names, lora.Kaiming.String()) {
		start.Caption = "Nothing is trained yet. kaiming: A random, B zero, the usual start. A start that leaves the base as it is reads what the base reads."
	}
	trained := &plots.Figure{ID: "trained", Title: "what is read in changed digits" + train.Now(r, readsOf(names[len(names)-1])),
		Caption: "The same digits as the adapters are trained on, with each start, and how sure the network is."}
	atStart := []train.Reading{{Name: "base", Style: train.StyleBase, Total: r.Real("accuracy-base")}}
	onTask := []train.Reading{{Name: "base", Style: train.StyleBase, Total: r.Real("accuracy-before")}}
	for i, name := range names {
		atStart = append(atStart, train.Reading{Name: schemeWord(name), Style: plots.Style(i), Aside: readsOf(name), First: true, Total: r.Real("first-task-" + name)})
		onTask = append(onTask, train.Reading{Name: schemeWord(name), Style: plots.Style(i), Aside: readsOf(name), Total: train.Latest(r, name, "accuracy")})
		start.Shows = append(start.Shows, plots.Shown{Name: "first-task-" + name, Row: schemeWord(name), Scale: 100})
		trained.Shows = append(trained.Shows, plots.Shown{Name: "accuracy-" + name, Row: schemeWord(name), Scale: 100})
	}
	all := train.Tasks(r.Settings)
	start.Images = train.Images(r, all, train.HandfulSize, []train.Task{{Name: all[0], Readings: atStart}})
	trained.Images = train.Images(r, all, train.HandfulSize, []train.Task{{Name: all[1], Readings: onTask}})
	start.Images.Totals, trained.Images.Totals = "of all", "of all"
	return []*plots.Figure{start, trained}
}
