package recipe

import (
	"loralab/lessons/lab"
)

func findings() []lab.Spec {
	accuracy := func(name, label string) lab.Spec {
		return lab.Spec{Name: name, Label: label, Kind: lab.KindReal, Percent: true, Digits: 3}
	}
	all := []lab.Spec{accuracy("accuracy-before", "read before adapting")}
	for _, side := range sides {
		all = append(all,
			lab.Spec{Name: "best-rate-" + side.suffix, Label: "η with the lowest loss, " + side.name, Kind: lab.KindReal, Digits: 1},
			lab.Spec{Name: "loss-at-best-" + side.suffix, Label: "held-out loss there, " + side.name, Kind: lab.KindReal, Digits: 3},
			accuracy("accuracy-at-best-"+side.suffix, "read there, "+side.name),
			lab.Spec{Name: "low-rate-" + side.suffix, Label: "lowest η within 2 points of the most read, " + side.name, Kind: lab.KindReal, Digits: 1},
			lab.Spec{Name: "high-rate-" + side.suffix, Label: "highest η within 2 points of it, " + side.name, Kind: lab.KindReal, Digits: 1},
			lab.Spec{Name: "rates-" + side.suffix, Label: "η, held-out loss and accuracy of " + side.name, Kind: lab.KindMatrix, Columns: rateColumns[:]})
	}
	all = append(all,
		lab.Spec{Name: "rate-ratio", Label: "LoRA's best η over that of full fine-tuning", Kind: lab.KindReal, Digits: 2, Unit: "×"},
		lab.Spec{Name: "move-full", Symbol: "‖ΔW‖", Label: "how far one step of full fine-tuning moves W", Kind: lab.KindReal, Digits: 3},
		lab.Spec{Name: "move-lora", Symbol: "‖s·B·A‖", Label: "how far one step of LoRA moves it, same η", Kind: lab.KindReal, Digits: 3},
		lab.Spec{Name: "move-ratio", Label: "times as far in full", Kind: lab.KindReal, Digits: 2, Unit: "×"})
	for i := range lastLayer + 2 {
		name, word := layerName(i), layerWord(i)
		all = append(all,
			accuracy("accuracy-layers-"+name, "read with adapters on "+word),
			lab.Spec{Name: "loss-layers-" + name, Label: "held-out loss with them on " + word, Kind: lab.KindReal, Digits: 3},
			lab.Spec{Name: "rank-layers-" + name, Label: "their rank on " + word, Kind: lab.KindCount},
			lab.Spec{Name: "params-layers-" + name, Label: "numbers trained on " + word, Kind: lab.KindCount})
	}
	all = append(all, lab.Spec{Name: "best-layers", Label: "layers with the lowest loss", Kind: lab.KindText})
	for _, line := range broken {
		all = append(all,
			accuracy("accuracy-"+line.name, "read: "+line.word),
			lab.Spec{Name: "loss-" + line.name, Label: "held-out loss: " + line.word, Kind: lab.KindReal, Digits: 3})
	}
	return append(all, lab.Spec{Name: "costliest", Label: "broken line that costs most", Kind: lab.KindText})
}
