package quantization

import (
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
)

func findings() []lab.Spec {
	return slices.Concat(formatFindings(), baseFindings(), loftqFindings(), mergeFindings(), memoryFindings(), train.HandfulSpecs(),
		[]lab.Spec{{Name: "codes", Label: "codes of layer 1, some rows and columns", Kind: lab.KindMatrix}}, train.FlowSpecs())
}

func formatFindings() []lab.Spec {
	return []lab.Spec{
		{Name: "weights-count", Label: "weights measured", Kind: lab.KindCount},
		{Name: "level-count", Label: "levels of the format", Kind: lab.KindCount},
		{Name: "levels-inside", Label: "levels between −1/2 and 1/2", Kind: lab.KindCount},
		{Name: "weights-inside", Label: "weights between −1/2 and 1/2 of their block's largest", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "delta", Symbol: "δ", Label: "last probability of a NormalFloat of that width", Kind: lab.KindReal, Digits: 7},
		{Name: "zero-share", Label: "weights that become exactly 0", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "entropy", Label: "information in a code", Kind: lab.KindReal, Digits: 3, Unit: "bits"},
		{Name: "bits", Label: "bits a weight, scales counted", Kind: lab.KindReal, Digits: 4},
		{Name: "bits-large", Label: "the same in a large matrix", Kind: lab.KindReal, Digits: 4},
		{Name: "bits-plain", Label: "with scales of 32 bits, in a large matrix", Kind: lab.KindReal, Digits: 4},
		{Name: "bits-double", Label: "with double quantization, in a large matrix", Kind: lab.KindReal, Digits: 4},
		{Name: "bytes", Label: "bytes of these weights", Kind: lab.KindCount},
		{Name: "bytes-16bit", Label: "bytes of these weights in 16 bits", Kind: lab.KindCount},
		{Name: "error-mean", Label: "mean error of a weight", Kind: lab.KindReal, Digits: 3},
		{Name: "error-max", Label: "largest error of a weight", Kind: lab.KindReal, Digits: 3},
		{Name: "error-relative", Label: "root mean square error, of the weights'", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "snr", Label: "signal to noise", Kind: lab.KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-plain", Label: "signal to noise, scales of 32 bits", Kind: lab.KindReal, Digits: 4, Unit: "dB"},
		{Name: "snr-double", Label: "signal to noise, double quantization", Kind: lab.KindReal, Digits: 4, Unit: "dB"},
		{Name: "snr-nf4", Label: "signal to noise of nf4, at this block size", Kind: lab.KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-int4", Label: "signal to noise of int4, at this block size", Kind: lab.KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-fp4", Label: "signal to noise of fp4, at this block size", Kind: lab.KindReal, Digits: 3, Unit: "dB"},
		{Name: "best-4bit", Label: "4-bit format with the least noise", Kind: lab.KindText},
		{Name: "snr-rows", Label: "signal to noise of int8 by rows (LLM.int8)", Kind: lab.KindReal, Digits: 3, Unit: "dB"},
		{Name: "bits-rows", Label: "its bits a weight", Kind: lab.KindReal, Digits: 4},
		{Name: "snr-bf16", Label: "signal to noise of bfloat16", Kind: lab.KindReal, Digits: 3, Unit: "dB"},
		{Name: "snr-fp16", Label: "signal to noise of float16", Kind: lab.KindReal, Digits: 3, Unit: "dB"},
		{Name: "outlier-error-64", Label: "an outlier makes the mean error larger, block 64", Kind: lab.KindReal, Digits: 3, Unit: "×"},
		{Name: "outlier-error-4096", Label: "an outlier makes the mean error larger, block 4096", Kind: lab.KindReal, Digits: 3, Unit: "×"},
		{Name: "outlier-zeros-64", Label: "weights lost to 0, one outlier in 4096, block 64", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "outlier-zeros-4096", Label: "weights lost to 0, one outlier in 4096, block 4096", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "outlier-zeros-none", Label: "weights lost to 0, no outlier, block 4096", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "formats", Label: "format, block, double, bits, mean and max error, dB", Kind: lab.KindMatrix,
			Columns: []string{"format", "block", "double", "bits", "error-mean", "error-max", "snr"}},
		{Name: "histogram", Label: "one block: left and right edge, weights between", Kind: lab.KindMatrix,
			Columns: []string{"left", "right", "weights"}},
		{Name: "outlier-errors", Label: "block, mean error and zeros without and with an outlier", Kind: lab.KindMatrix,
			Columns: outlierColumns[:]},
	}
}

func baseFindings() []lab.Spec {
	accuracy := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindReal, Percent: true, Digits: 3}
	}
	return []lab.Spec{
		accuracy("accuracy-base", "accuracy in full precision, upright"),
		accuracy("accuracy-quantized", "accuracy of the quantized base, upright"),
		{Name: "accuracy-lost", Label: "accuracy lost by quantizing", Kind: lab.KindReal, Digits: 3, Unit: "points"},
		accuracy("accuracy-nf4", "accuracy of the base in nf4, upright"),
		{Name: "accuracy-lost-nf4", Label: "accuracy lost by nf4", Kind: lab.KindReal, Digits: 3, Unit: "points"},
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
		{Name: "accuracy-recovered", Label: "accuracy gained by QLoRA", Kind: lab.KindReal, Digits: 3, Unit: "points"},
		{Name: "accuracy-gap", Label: "LoRA's accuracy above QLoRA's", Kind: lab.KindReal, Digits: 3, Unit: "points"},
		{Name: "loss-start", Label: "loss on the task, quantized, before training", Kind: lab.KindReal},
		{Name: "loss-lora", Label: "loss after LoRA", Kind: lab.KindReal},
		{Name: "loss-qlora", Label: "loss after QLoRA", Kind: lab.KindReal},
		{Name: "loss-loftq", Label: "loss after QLoRA from LoftQ's start", Kind: lab.KindReal},
		{Name: "params-lora", Label: "parameters that QLoRA trains", Kind: lab.KindCount},
		{Name: "params-base", Label: "parameters of the base", Kind: lab.KindCount},
		{Name: "base-changed", Label: "weights that QLoRA moved off their codes", Kind: lab.KindCount},
		{Name: "diverged", Label: "trainings that diverged", Kind: lab.KindText},
		{Name: "bases", Label: "format, bits, accuracy upright, a row a format", Kind: lab.KindMatrix,
			Columns: []string{"format", "bits", "accuracy"}, Rows: formatNames()},
		{Name: "trained", Label: "format, loss and accuracy after QLoRA, a row a format", Kind: lab.KindMatrix,
			Columns: []string{"format", "loss", "accuracy"}},
	}
}

func loftqFindings() []lab.Spec {
	return []lab.Spec{
		{Name: "scaling-factor", Symbol: "s", Label: "scaling of the adapters", Kind: lab.KindReal, Digits: 3},
		{Name: "loftq-before", Symbol: "‖W − Q‖", Label: "what quantizing loses, of ‖W‖", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "loftq-after", Symbol: "‖W − Q − sBA‖", Label: "what is left from LoftQ's start, of ‖W‖", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "loftq-peft", Label: "the same as PEFT scales it, of ‖W‖", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "loftq-peft-helps", Label: "is that nearer to W than no correction?", Kind: lab.KindText},
		{Name: "loftq-gain", Label: "share of the loss that LoftQ takes away", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "loftq-best", Label: "iteration with the least left", Kind: lab.KindCount},
	}
}

func mergeTargetNames() []string {
	names := make([]string, len(mergeTargets))
	for i, t := range mergeTargets {
		names[i] = t.name
	}
	return names
}

func memoryModelIDs() []string {
	ids := make([]string, len(memoryModels))
	for i, m := range memoryModels {
		ids[i] = m.id
	}
	return ids
}

func mergeFindings() []lab.Spec {
	specs := []lab.Spec{
		{Name: "merge-codes", Label: "codes that change in the quantized base", Kind: lab.KindCount},
		{Name: "merge-codes-share", Label: "share of the codes", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "merge-bytes", Label: "bytes that these codes stand in", Kind: lab.KindCount},
		{Name: "merge-kept", Label: "share of the update that survives in the quantized base", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "merge-closest", Label: "the merge whose outputs are nearest to what was trained", Kind: lab.KindText},
		{Name: "merges", Label: "output error and accuracy, a row a merge", Kind: lab.KindMatrix,
			Columns: []string{"error", "accuracy"}, Rows: mergeTargetNames()},
	}
	for _, t := range mergeTargets {
		specs = append(specs,
			lab.Spec{Name: "merge-error-" + t.name, Label: "output error, merged: " + t.label, Kind: lab.KindReal, Percent: true, Digits: 3},
			lab.Spec{Name: "merge-accuracy-" + t.name, Label: "accuracy, merged: " + t.label, Kind: lab.KindReal, Percent: true, Digits: 3})
	}
	return specs
}

func memoryFindings() []lab.Spec {
	gb := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindReal, Digits: 4, Unit: "GB"}
	}
	var specs []lab.Spec
	for _, m := range memoryModels {
		specs = append(specs,
			gb("memory-"+m.size+"-16bit", m.id+": in 16 bits"),
			gb("memory-"+m.size+"-4bit", m.id+": in NF4, all counted"),
			gb("memory-"+m.size+"-kept", m.id+": of it kept in 16 bits"),
			lab.Spec{Name: "memory-" + m.size + "-ratio", Label: m.id + ": times smaller, the whole model", Kind: lab.KindReal, Digits: 3, Unit: "×"})
	}
	return append(specs,
		gb("double-saves-65b", "what double quantization saves on LLaMA 65B"),
		gb("double-saves-7b", "what it saves on llama-2-7b"),
		lab.Spec{Name: "memory", Label: "bytes in 16 bits, quantized, kept, a row a model", Kind: lab.KindMatrix,
			Columns: []string{"16bit", "quantized", "kept"}, Rows: memoryModelIDs()})
}
