package lessons

import "loralab/lora/models"

// widest bounds d, k and the rank: above any layer of the catalogue but the
// vocabularies, and low enough that no count overflows.
const widest = 1 << 16

func countingKnobs() []Knob {
	var ids []string
	for _, m := range models.Catalogue() {
		ids = append(ids, m.ID)
	}
	widths := []string{"64", "256", "768", "1024", "2048", "4096", "8192", "12288", "16384"}
	return []Knob{
		{Name: "d", Symbol: "d", Help: "output width of the single layer", Kind: Whole, Default: "4096", Min: 1, Max: widest, Ladder: widths},
		{Name: "k", Symbol: "k", Help: "input width of the single layer", Kind: Whole, Default: "4096", Min: 1, Max: widest, Ladder: widths},
		{Name: "rank", Symbol: "r", Help: "rank of every adapter, of the layer and of the model", Kind: Whole, Default: "8", Min: 1, Max: widest,
			Ladder: []string{"1", "2", "4", "8", "16", "32", "64", "128", "256", "512", "1024", "2048", "4096"}},
		{Name: "bias", Help: "whether the single layer has a bias, as PyTorch's nn.Linear does by default", Kind: Choice, Default: "no",
			Choices: []string{"no", "yes"}},
		{Name: "model", Help: "the language model to adapt", Kind: Choice, Default: "llama-2-7b", Choices: ids},
		{Name: "targets", Help: "adapters on PEFT's default modules (q_proj and v_proj of a Llama) or on every linear one", Kind: Choice,
			Default: "default", Choices: []string{"default", "all-linear"}},
		{Name: "dtype", Help: "format of weights and gradients, and of the adapter", Kind: Choice, Default: string(models.BF16),
			Choices: []string{string(models.BF16), string(models.FP16), string(models.FP32)}},
		{Name: "optimizer", Help: "whose state is counted", Kind: Choice, Default: string(models.AdamW),
			Choices: []string{string(models.SGD), string(models.Momentum), string(models.AdamW), string(models.AdamW8bit)}},
	}
}

func layerSpecs() []Spec {
	return []Spec{
		{Name: "shape-w", Symbol: "W", Label: "shape of the frozen weight", Kind: KindShape},
		{Name: "shape-a", Symbol: "A", Label: "shape of the first factor", Kind: KindShape},
		{Name: "shape-b", Symbol: "B", Label: "shape of the second factor", Kind: KindShape},
		{Name: "params-a", Symbol: "r·k", Label: "numbers in A", Kind: KindCount},
		{Name: "params-b", Symbol: "d·r", Label: "numbers in B", Kind: KindCount},
		{Name: "params-lora", Symbol: "r·(d+k)", Label: "numbers that LoRA trains", Kind: KindCount},
		{Name: "params-full", Symbol: "d·k", Label: "numbers in W", Kind: KindCount},
		{Name: "params-bias", Label: "numbers in the bias of this layer", Kind: KindCount},
		{Name: "params-full-bias", Symbol: "d·k+d", Label: "numbers in W and a bias", Kind: KindCount},
		{Name: "params-all", Label: "layer and adapter together", Kind: KindCount},
		{Name: "ratio", Symbol: "d·k/(r·(d+k))", Label: "times fewer than W", Kind: KindReal, Digits: 3, Unit: "×"},
		{Name: "percent", Label: "trained share of layer and adapter", Kind: KindReal, Digits: 3, Percent: true},
		{Name: "printed-no-bias", Label: "printed for the layer without a bias", Kind: KindText},
		{Name: "printed-bias", Label: "printed for the layer with a bias", Kind: KindText},
		{Name: "peft-no-bias", Label: "PEFT's line without a bias", Kind: KindText},
		{Name: "peft-bias", Label: "PEFT's line with a bias", Kind: KindText},
		{Name: "break-even", Symbol: "d·k/(d+k)", Label: "rank at which A and B hold as much as W", Kind: KindReal},
		{Name: "saving-rank", Label: "largest whole rank that trains fewer", Kind: KindCount},
		{Name: "saves", Label: "does this rank train fewer than W?", Kind: KindText},
		{Name: "update-rank", Symbol: "min(r, d, k)", Label: "highest rank that B·A can have", Kind: KindCount},
		{Name: "alpha-counts", Label: "does α change the count?", Kind: KindText},
		{Name: "agrees", Label: "formulas agree with the layer built here?", Kind: KindText},
	}
}

func modelSpecs() []Spec {
	return []Spec{
		{Name: "model-total", Label: "parameters of the model", Kind: KindCount},
		{Name: "model-trainable", Symbol: "Σ r·(d+k)", Label: "parameters that LoRA trains", Kind: KindCount},
		{Name: "model-full", Symbol: "Σ d·k", Label: "parameters of the targeted matrices", Kind: KindCount},
		{Name: "model-ratio", Label: "times fewer than those matrices", Kind: KindReal, Digits: 3, Unit: "×"},
		{Name: "model-all", Label: "model and adapter together", Kind: KindCount},
		{Name: "model-percent", Label: "trained share of model and adapter", Kind: KindReal, Digits: 3, Percent: true},
		{Name: "model-fewer", Label: "times fewer than training the whole model", Kind: KindReal, Digits: 4, Unit: "×"},
		{Name: "model-printed", Label: "PEFT prints", Kind: KindText},
		{Name: "adapted", Label: "matrices that get an adapter", Kind: KindCount},
		{Name: "module-names", Label: "modules that get one", Kind: KindText},
		{Name: "module-params", Label: "k, d, how many, adapter's parameters, a row a module", Kind: KindMatrix},
		{Name: "linear-factor", Label: "times more on every linear module than on the default", Kind: KindReal, Digits: 3, Unit: "×"},
		{Name: "packed-all", Label: "\"all\", if two 4-bit weights are counted as one", Kind: KindCount},
		{Name: "packed-percent", Label: "trained share, counted so", Kind: KindReal, Digits: 3, Percent: true},
		{Name: "tied", Label: "is the output layer the embedding again?", Kind: KindText},
		{Name: "total-untied", Label: "parameters, if both are counted", Kind: KindCount},
		{Name: "catalogue", Label: "trainable, all, trained share, a row a model", Kind: KindMatrix},
	}
}

func memorySpecs() []Spec {
	gb := func(name, label string) Spec { return Spec{Name: name, Label: label, Kind: KindReal, Unit: "GB"} }
	bytes := func(name, label string) Spec { return Spec{Name: name, Label: label, Kind: KindCount, Unit: "bytes"} }
	return []Spec{
		gb("memory-full", "memory to train in full"),
		gb("memory-master", "the same with an fp32 master copy"),
		gb("memory-lora", "memory to train with LoRA"),
		gb("memory-qlora", "memory to train with QLoRA"),
		bytes("bytes-full", "in full, to the byte"),
		bytes("bytes-master", "with a master copy, to the byte"),
		bytes("bytes-lora", "LoRA, to the byte"),
		bytes("bytes-qlora", "QLoRA, to the byte"),
		{Name: "bytes-per-param", Label: "bytes a parameter, trained in full", Kind: KindReal, Digits: 3, Unit: "bytes"},
		{Name: "memory-ratio", Label: "times less with LoRA than in full", Kind: KindReal, Digits: 3, Unit: "×"},
		{Name: "largest-full", Label: "the largest part, trained in full", Kind: KindText},
		{Name: "largest-lora", Label: "the largest part, with LoRA", Kind: KindText},
		{Name: "frozen-share", Label: "frozen weights' share of LoRA's memory", Kind: KindReal, Digits: 3, Percent: true},
		gb("base", "the frozen weights"),
		gb("base-4bit", "the frozen weights with the linear ones in NF4"),
		gb("base-kept", "of those, what stays in the wide format"),
		{Name: "nf4-bits", Label: "bits that NF4 takes a parameter, scales counted", Kind: KindReal},
		{Name: "checkpoint", Label: "the adapter's file", Kind: KindReal, Unit: "MB"},
		{Name: "checkpoint-fp32", Label: "the adapter's file in fp32, PEFT's habit", Kind: KindReal, Unit: "MB"},
		bytes("bytes-checkpoint", "the adapter's file, to the byte"),
		{Name: "memory", Label: "bytes of weights, adapter, gradients, optimizer, master; full, with master, LoRA, QLoRA", Kind: KindMatrix},
	}
}
