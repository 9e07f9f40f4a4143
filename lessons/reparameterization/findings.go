package reparameterization

import (
	"loralab/lessons/lab"
	"loralab/lessons/train"
)

func findings() []lab.Spec {
	accuracy := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindReal, Percent: true, Digits: 3}
	}
	points := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindReal, Digits: 3, Unit: "points"}
	}
	return append([]lab.Spec{
		{Name: "params-full", Label: "parameters trained in full", Kind: lab.KindCount},
		{Name: "params-lora", Label: "parameters trained by LoRA", Kind: lab.KindCount},
		{Name: "params-ratio", Label: "times fewer", Kind: lab.KindReal, Digits: 3, Unit: "×"},
		{Name: "shape-w", Symbol: "W", Label: "shape of the first layer's weight", Kind: lab.KindShape},
		{Name: "shape-a", Symbol: "A", Label: "shape of its first factor", Kind: lab.KindShape},
		{Name: "shape-b", Symbol: "B", Label: "shape of its second factor", Kind: lab.KindShape},
		{Name: "accuracy-base", Label: "accuracy on the first task, held out", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "accuracy-before", Label: "accuracy before adapting", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "accuracy-full", Label: "accuracy after full fine-tuning", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "accuracy-lora", Label: "accuracy after LoRA", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "loss-before", Label: "loss before adapting", Kind: lab.KindReal},
		{Name: "loss-full", Label: "loss after full fine-tuning", Kind: lab.KindReal},
		{Name: "loss-lora", Label: "loss after LoRA", Kind: lab.KindReal},
		{Name: "floor", Label: "lowest loss any update of this rank can reach", Kind: lab.KindReal},
		{Name: "gap-to-floor", Label: "LoRA's loss above that floor", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "gain-lora", Label: "share of full fine-tuning's gain that LoRA recovers", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "size-full", Symbol: "‖ΔW‖", Label: "size of the full ΔW, layer 1", Kind: lab.KindReal, Digits: 3},
		{Name: "size-lora", Symbol: "‖s·B·A‖", Label: "size of LoRA's update, layer 1", Kind: lab.KindReal, Digits: 3},
		{Name: "size-ratio", Symbol: "‖s·B·A‖/‖ΔW‖", Label: "times the size of the full ΔW, layer 1", Kind: lab.KindReal, Digits: 2, Unit: "×"},
		{Name: "delta-energy", Label: "energy of the full ΔW in its first r directions", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "delta-rank-90", Label: "directions that hold 90 % of the energy of ΔW, layer 1", Kind: lab.KindCount},
		{Name: "delta-directions", Label: "directions there are in that layer", Kind: lab.KindCount},
		{Name: "largest-full", Symbol: "max |ΔW|", Label: "largest entry of ΔW, layer 1", Kind: lab.KindReal, Digits: 3},
		{Name: "largest-lora", Symbol: "max |s·B·A|", Label: "largest entry of s·B·A, layer 1", Kind: lab.KindReal, Digits: 3},
		{Name: "output-ratio", Symbol: "‖s·B·A·X‖/‖ΔW·X‖", Label: "times what ΔW adds to the outputs", Kind: lab.KindReal, Digits: 2, Unit: "×"},
		{Name: "faint-inputs", Label: "pixels that are nearly always blank", Kind: lab.KindCount},
		{Name: "faint-full", Label: "energy of ΔW on blank pixels", Kind: lab.KindReal, Percent: true, Digits: 2},
		{Name: "faint-lora", Label: "energy of s·B·A on blank pixels", Kind: lab.KindReal, Percent: true, Digits: 2},
		{Name: "rank-95", Label: "smallest rank with 95 % of full fine-tuning's gain", Kind: lab.KindCount},
		{Name: "low-rank", Label: "does a low rank recover 95 % of the gain?", Kind: lab.KindText},
		{Name: "merge-difference", Label: "max |(W+sBA)x − (Wx+sB(Ax))|", Kind: lab.KindReal, Digits: 2},
		{Name: "frozen-change", Label: "max change of the frozen W and bias", Kind: lab.KindReal},
		{Name: "steps-per-second", Label: "LoRA steps a second", Kind: lab.KindReal, Unit: "steps/s", Digits: 3, Measured: true},
		{Name: "full-steps-per-second", Label: "full steps a second", Kind: lab.KindReal, Unit: "steps/s", Digits: 3, Measured: true},
		{Name: "diverged", Label: "a training that diverged", Kind: lab.KindText},
		{Name: "singular-values", Label: "singular values of the full ΔW, a row a layer", Kind: lab.KindMatrix},
		{Name: "singular-values-lora", Label: "singular values of s·B·A, a row a layer", Kind: lab.KindMatrix},
		{Name: "ranks", Label: "rank, LoRA's loss and accuracy, a row a rank", Kind: lab.KindMatrix, Columns: []string{"rank", "loss", "accuracy"}},
		{Name: "truncated", Label: "rank, loss and accuracy of ΔW cut to that rank", Kind: lab.KindMatrix, Columns: []string{"rank", "loss", "accuracy"}},
		{Name: "floors", Label: "rank, lowest loss of that rank", Kind: lab.KindMatrix, Columns: []string{"rank", "loss"}},
		{Name: "factor-a", Symbol: "A", Label: "A of layer 1, every row and some columns", Kind: lab.KindMatrix},
		{Name: "factor-b", Symbol: "B", Label: "B of layer 1, some rows and every column", Kind: lab.KindMatrix},
		{Name: "delta-full", Symbol: "ΔW", Label: "ΔW of full fine-tuning, layer 1, some rows and columns", Kind: lab.KindMatrix},
		accuracy("accuracy-upright-on", "first task, adapter on"),
		accuracy("accuracy-upright-off", "first task, adapter off"),
		accuracy("accuracy-upright-full", "first task after full fine-tuning"),
		points("forgotten-on", "forgotten of the first task, adapter on"),
		points("forgotten-off", "forgotten of the first task, adapter off"),
		points("forgotten-full", "forgotten of the first task by full fine-tuning"),
		{Name: "off-changed", Label: "outputs on the first task that differ from the base, adapter off", Kind: lab.KindCount},
	}, append(train.HandfulSpecs(), train.FlowSpecs()...)...)
}
