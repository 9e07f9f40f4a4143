package counting

import (
	"slices"

	"loralab/lessons/lab"
)

func findings() []lab.Spec {
	return slices.Concat(layerFindings(), modelFindings(), otherFindings(), memoryFindings())
}

func layerFindings() []lab.Spec {
	return []lab.Spec{
		{Name: "shape-w", Symbol: "W", Label: "shape of the frozen weight", Kind: lab.KindShape},
		{Name: "shape-a", Symbol: "A", Label: "shape of the first factor", Kind: lab.KindShape},
		{Name: "shape-b", Symbol: "B", Label: "shape of the second factor", Kind: lab.KindShape},
		{Name: "params-a", Symbol: "r·k", Label: "numbers in A", Kind: lab.KindCount},
		{Name: "params-b", Symbol: "d·r", Label: "numbers in B", Kind: lab.KindCount},
		{Name: "params-lora", Symbol: "r·(d+k)", Label: "numbers that LoRA trains", Kind: lab.KindCount},
		{Name: "params-full", Symbol: "d·k", Label: "numbers in W", Kind: lab.KindCount},
		{Name: "params-bias", Label: "numbers in the bias of this layer", Kind: lab.KindCount},
		{Name: "params-full-bias", Symbol: "d·k+d", Label: "numbers in W and a bias", Kind: lab.KindCount},
		{Name: "params-all", Label: "layer and adapter together", Kind: lab.KindCount},
		{Name: "ratio", Symbol: "d·k/(r·(d+k))", Label: "times fewer than W", Kind: lab.KindReal, Digits: 3, Unit: "×"},
		{Name: "percent", Label: "trained share of layer and adapter", Kind: lab.KindReal, Digits: 3, Percent: true},
		{Name: "printed-no-bias", Label: "printed for the layer without a bias", Kind: lab.KindText},
		{Name: "printed-bias", Label: "printed for the layer with a bias", Kind: lab.KindText},
		{Name: "peft-no-bias", Label: "PEFT's line without a bias", Kind: lab.KindText},
		{Name: "peft-bias", Label: "PEFT's line with a bias", Kind: lab.KindText},
		{Name: "break-even", Symbol: "d·k/(d+k)", Label: "rank at which A and B hold as much as W", Kind: lab.KindReal},
		{Name: "saving-rank", Label: "largest whole rank that trains fewer", Kind: lab.KindCount},
		{Name: "saves", Label: "does this rank train fewer than W?", Kind: lab.KindText},
		{Name: "update-rank", Symbol: "min(r, d, k)", Label: "highest rank that B·A can have", Kind: lab.KindCount},
		{Name: "alpha-counts", Label: "does α change the count?", Kind: lab.KindText},
		{Name: "agrees", Label: "formulas agree with the layer built here?", Kind: lab.KindText},
	}
}

func modelFindings() []lab.Spec {
	return []lab.Spec{
		{Name: "model-total", Label: "parameters of the model", Kind: lab.KindCount},
		{Name: "model-trainable", Symbol: "Σ r·(d+k)", Label: "parameters that LoRA trains", Kind: lab.KindCount},
		{Name: "model-full", Symbol: "Σ d·k", Label: "parameters of the targeted matrices", Kind: lab.KindCount},
		{Name: "model-ratio", Label: "times fewer than those matrices", Kind: lab.KindReal, Digits: 3, Unit: "×"},
		{Name: "model-all", Label: "model and adapter together", Kind: lab.KindCount},
		{Name: "model-percent", Label: "trained share of model and adapter", Kind: lab.KindReal, Digits: 3, Percent: true},
		{Name: "model-fewer", Label: "times fewer than training the whole model", Kind: lab.KindReal, Digits: 4, Unit: "×"},
		{Name: "model-printed", Label: "PEFT prints", Kind: lab.KindText},
		{Name: "adapted", Label: "matrices that get an adapter", Kind: lab.KindCount},
		{Name: "module-names", Label: "modules that get one", Kind: lab.KindText},
		{Name: "module-params", Label: "k, d, how many, adapter's parameters, a row a module", Kind: lab.KindMatrix, Columns: []string{"k", "d", "count", "params"}},
		{Name: "linear-factor", Label: "times more on every linear module than on the default", Kind: lab.KindReal, Digits: 3, Unit: "×"},
		{Name: "packed-all", Label: "\"all\", if two 4-bit weights are counted as one", Kind: lab.KindCount},
		{Name: "packed-percent", Label: "trained share, counted so", Kind: lab.KindReal, Digits: 3, Percent: true},
		{Name: "tied", Label: "is the output layer the embedding again?", Kind: lab.KindText},
		{Name: "total-untied", Label: "parameters, if both are counted", Kind: lab.KindCount},
		{Name: "catalogue", Label: "trainable, all, trained share, a row a model", Kind: lab.KindMatrix, Columns: []string{"trainable", "all", "share"}, Rows: catalogue()},
	}
}

func memoryFindings() []lab.Spec {
	gb := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindReal, Unit: "GB"}
	}
	bytes := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindCount, Unit: "bytes"}
	}
	return []lab.Spec{
		gb("memory-full", "memory to train in full"),
		gb("memory-master", "the same with an fp32 master copy"),
		gb("memory-lora", "memory to train with LoRA"),
		gb("memory-qlora", "memory to train with QLoRA"),
		bytes("bytes-full", "in full, to the byte"),
		bytes("bytes-master", "with a master copy, to the byte"),
		bytes("bytes-lora", "LoRA, to the byte"),
		bytes("bytes-qlora", "QLoRA, to the byte"),
		{Name: "bytes-per-param", Label: "bytes a parameter, trained in full", Kind: lab.KindReal, Digits: 3, Unit: "bytes"},
		{Name: "memory-ratio", Label: "times less with LoRA than in full", Kind: lab.KindReal, Digits: 3, Unit: "×"},
		{Name: "largest-full", Label: "the largest part, trained in full", Kind: lab.KindText},
		{Name: "largest-lora", Label: "the largest part, with LoRA", Kind: lab.KindText},
		{Name: "frozen-share", Label: "frozen weights' share of LoRA's memory", Kind: lab.KindReal, Digits: 3, Percent: true},
		gb("base", "the frozen weights"),
		gb("base-4bit", "the frozen weights with the linear ones in NF4"),
		gb("base-kept", "of those, what stays in the wide format"),
		{Name: "nf4-bits", Label: "bits that NF4 takes a parameter, scales counted", Kind: lab.KindReal},
		{Name: "checkpoint", Label: "the adapter's file", Kind: lab.KindReal, Unit: "MB"},
		{Name: "checkpoint-fp32", Label: "the adapter's file in fp32, PEFT's habit", Kind: lab.KindReal, Unit: "MB"},
		bytes("bytes-checkpoint", "the adapter's file, to the byte"),
		{Name: "memory", Label: "bytes of weights, adapter, gradients, optimizer, master; full, with master, LoRA, QLoRA", Kind: lab.KindMatrix, Columns: memoryParts[:], Rows: []string{"full", "master", "lora", "qlora"}},
	}
}
