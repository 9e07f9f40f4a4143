package merging

import (
	"loralab/lessons/lab"
	"loralab/lessons/train"
)

// findings are declared in the order of the lesson.
func findings() []lab.Spec {
	accuracy := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindReal, Percent: true, Digits: 3}
	}
	count := func(name, label string) lab.Spec { return lab.Spec{Name: name, Label: label, Kind: lab.KindCount} }
	text := func(name, label string) lab.Spec { return lab.Spec{Name: name, Label: label, Kind: lab.KindText} }
	all := []lab.Spec{
		text("first", "the first shift"),
		text("second", "the second shift"),
		count("adapters", "adapters on the one base"),
		count("params-base", "parameters of the base"),
		count("params-adapter", "parameters of one adapter"),
		accuracy("accuracy-base", "base on upright digits"),
		accuracy("accuracy-before", "base on the first shift"),
		accuracy("accuracy-first", "first adapter on its own shift"),
		accuracy("accuracy-second", "second adapter on its own shift"),
		text("hardest", "shift whose adapter does worst on its own"),
		accuracy("accuracy-hardest", "that adapter on its own shift"),
		accuracy("accuracy-wrong", "first adapter on the second shift"),
		accuracy("accuracy-none", "base on the second shift"),
		text("wrong-helps", "is the first adapter better there than none?"),
		accuracy("accuracy-upright", "first adapter on upright digits"),
		{Name: "forgotten-on", Label: "forgotten of upright digits, first adapter on", Kind: lab.KindReal, Digits: 3, Unit: "points"},
		{Name: "forgotten-off", Label: "forgotten of upright digits, all adapters off", Kind: lab.KindReal, Digits: 3, Unit: "points"},
		count("swap-different", "outputs that differ from the adapter's own training run"),
		{Name: "base-change", Label: "max change of W and bias after all swaps", Kind: lab.KindReal},
		count("base-changed", "weights changed by all swaps"),
		{Name: "accuracies", Label: "accuracy: no adapter and each adapter, on upright and each shift", Kind: lab.KindMatrix, Percent: true, Digits: 3},

		count("outputs", "outputs compared, all off"),
		count("off-changed", "of them different from the base in any bit"),
		{Name: "off-difference", Symbol: "max |h − h₀|", Label: "largest difference, adapter off", Kind: lab.KindReal},
		{Name: "on-difference", Symbol: "max |h − h₀|", Label: "largest difference, adapter on", Kind: lab.KindReal},
		count("fresh-changed", "outputs that an untrained adapter changes"),
		{Name: "kl-start", Symbol: "KL(π‖π₀)", Label: "divergence from the base before training", Kind: lab.KindReal, Unit: "nats"},
		{Name: "kl-trained", Symbol: "KL(π‖π₀)", Label: "divergence from the base after training", Kind: lab.KindReal, Unit: "nats"},
		{Name: "kl-error", Label: "error from not keeping a second copy of the base", Kind: lab.KindReal},

		count("weights", "entries of all W"),
		count("digits", "held-out digits"),
	}
	all = append(all, trialFindings("", "this precision")...)
	for _, p := range precisions() {
		all = append(all, trialFindings("-"+p.name, p.name)...)
	}
	all = append(all,
		lab.Spec{Name: "precisions", Label: "precision, merge difference, drift, not restored, both after all swaps; a row a format", Kind: lab.KindMatrix,
			Columns: []string{"precision", "difference", "drift", "not-restored", "swap-drift", "swap-missing"}},

		count("width-narrow", "narrowest layer timed"),
		count("width-wide", "widest layer timed"),
		count("products-base", "multiplications for Wx, narrowest layer"),
		count("products-unmerged", "multiplications for Wx + sB(Ax)"),
		count("products-merged", "multiplications for W′x"),
		accuracy("theory-narrow", "extra work of the detour, narrowest layer"),
		accuracy("theory-wide", "extra work of the detour, widest layer"),
		accuracy("theory-4096", "extra work of the detour, d = k = 4096"),
	)
	all = append(all, lab.Spec{Name: "overhead-single", Label: "extra time measured, narrowest layer, one input at a time",
		Kind: lab.KindReal, Percent: true, Digits: 2, Measured: true})
	for _, w := range []struct{ suffix, label string }{{"-narrow", "narrowest"}, {"-wide", "widest"}} {
		all = append(all,
			lab.Spec{Name: "overhead" + w.suffix, Label: "extra time measured, " + w.label + " layer", Kind: lab.KindReal, Percent: true, Digits: 2, Measured: true},
			lab.Spec{Name: "time-base" + w.suffix, Label: "base, " + w.label + " layer", Kind: lab.KindReal, Unit: "µs", Digits: 3, Measured: true},
			lab.Spec{Name: "time-unmerged" + w.suffix, Label: "unmerged, " + w.label + " layer", Kind: lab.KindReal, Unit: "µs", Digits: 3, Measured: true},
			lab.Spec{Name: "time-merged" + w.suffix, Label: "merged, " + w.label + " layer", Kind: lab.KindReal, Unit: "µs", Digits: 3, Measured: true})
	}
	all = append(all,
		lab.Spec{Name: "merged-ratio", Label: "merged over base, median of all layers", Kind: lab.KindReal, Digits: 3, Measured: true},
		lab.Spec{Name: "latency", Label: "width, batch, µs of base, unmerged, merged, unmerged/base, merged/base, theory", Kind: lab.KindMatrix,
			Columns: []string{"width", "batch", "base", "unmerged", "merged", "unmerged-ratio", "merged-ratio", "theory"}, Measured: true},
		lab.Spec{Name: "time-activate", Label: "changing the adapter by activating", Kind: lab.KindReal, Unit: "µs", Digits: 2, Measured: true},
		lab.Spec{Name: "time-rewrite", Label: "changing the adapter by unmerging and merging", Kind: lab.KindReal, Unit: "µs", Digits: 2, Measured: true},
	)
	for _, c := range []struct{ suffix, label string }{{"", "this method"}, {"-cat", "cat"}, {"-linear", "linear"}, {"-svd", "svd"}} {
		all = append(all,
			accuracy("combined-first"+c.suffix, "first shift, "+c.label),
			accuracy("combined-second"+c.suffix, "second shift, "+c.label),
			lab.Spec{Name: "combined-error" + c.suffix, Label: "‖combined − sum‖ / ‖sum‖, " + c.label, Kind: lab.KindReal, Digits: 2},
			count("combined-rank"+c.suffix, "rank, "+c.label),
			count("combined-params"+c.suffix, "parameters, "+c.label))
	}
	all = append(append(all, train.HandfulSpecs()...), train.FlowSpecs()...)
	return append(all,
		text("exact", "methods that give the sum exactly"),
		text("keeps-both", "does the exact sum read both as well as each alone?"),
		text("best-method", "method that keeps most of the worse task"),
		accuracy("best-least", "accuracy on the worse task with it"),
		lab.Spec{Name: "merged-both-difference", Label: "both merged, beside cat: largest difference", Kind: lab.KindReal, Digits: 2},
		lab.Spec{Name: "identity-error", Label: "one adapter at weight 1, by cat, linear and svd: largest error", Kind: lab.KindReal, Digits: 2},
		lab.Spec{Name: "combinations", Label: "method, accuracy on both, error, rank, parameters; a row a method", Kind: lab.KindMatrix,
			Columns: []string{"method", "first", "second", "error", "rank", "params"}},

		lab.Spec{Name: "scaling", Symbol: "s", Label: "the scaling", Kind: lab.KindReal},
		accuracy("accuracy-merged", "W + s·B·A"),
		accuracy("accuracy-unscaled", "W + B·A, the scaling forgotten"),
		accuracy("accuracy-alpha", "W + α·B·A, α taken for s"),
		accuracy("accuracy-double", "merged, and loaded once more beside it"),
		accuracy("accuracy-wrong-base", "first merged, second loaded beside it, second shift"),
		text("refused-twice", "merging twice"),
		text("refused-unmerge", "unmerging what is not merged"),
		text("refused-nan", "merging an adapter with a NaN"),
		count("refused-changed", "weights written by the refused merge"),
		text("refused", "a merge that was refused in this run"),
		text("diverged", "a training that diverged"),
	)
}

// trialFindings are those of merging in one precision.
func trialFindings(suffix, label string) []lab.Spec {
	return []lab.Spec{
		{Name: "merge-difference" + suffix, Symbol: "max |W′x − (Wx + sB(Ax))|", Label: "merged or not, largest difference, " + label, Kind: lab.KindReal, Digits: 2},
		{Name: "merge-flips" + suffix, Label: "digits read otherwise once merged, " + label, Kind: lab.KindCount},
		{Name: "merge-exact" + suffix, Label: "same outputs to the last bit, " + label, Kind: lab.KindText},
		{Name: "swallowed" + suffix, Label: "weights that swallowed their update, " + label, Kind: lab.KindReal, Percent: true, Digits: 2},
		{Name: "drift" + suffix, Label: "max |W − W before| after unmerging, " + label, Kind: lab.KindReal, Digits: 2},
		{Name: "not-restored" + suffix, Label: "weights not restored, " + label, Kind: lab.KindCount},
		{Name: "not-restored-share" + suffix, Label: "share of weights not restored, " + label, Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "swap-drift" + suffix, Label: "max |W − W before| after all swaps, " + label, Kind: lab.KindReal, Digits: 2},
		{Name: "swap-missing" + suffix, Label: "weights not restored after all swaps, " + label, Kind: lab.KindCount},
		{Name: "accuracy-swapped" + suffix, Label: "base on upright digits after all swaps, " + label, Kind: lab.KindReal, Percent: true, Digits: 3},
	}
}
