package lessons

import (
	"fmt"

	"loralab/lora/models"
)

// memoryModels are the models whose frozen base is weighed, and what the
// findings call them.
var memoryModels = [...]struct{ size, id string }{
	{"7b", "llama-2-7b"}, {"13b", "llama-2-13b"}, {"70b", "llama-2-70b"},
}

func baseMemorySpecs() []Spec {
	gb := func(name, label string) Spec {
		return Spec{Name: name, Label: label, Kind: KindReal, Digits: 4, Unit: "GB"}
	}
	var specs []Spec
	for _, m := range memoryModels {
		specs = append(specs,
			gb("memory-"+m.size+"-16bit", m.id+" in 16 bits"),
			gb("memory-"+m.size+"-4bit", m.id+" in NF4, all counted"),
			gb("memory-"+m.size+"-kept", "of it in 16 bits: embeddings, norms, head"),
			Spec{Name: "memory-" + m.size + "-ratio", Label: "times smaller", Kind: KindReal, Digits: 3, Unit: "×"})
	}
	return append(specs,
		gb("double-saves-65b", "what double quantization saves on LLaMA 65B"),
		gb("double-saves-7b", "what it saves on llama-2-7b"),
		Spec{Name: "memory", Label: "bytes in 16 bits, quantized, kept, a row a model", Kind: KindMatrix})
}

// findBaseMemory weighs frozen bases in NF4 at the chosen block size, whatever
// format the knobs choose: NF4 is what QLoRA uses.
func findBaseMemory(rec *Recorder, s Settings) error {
	format := models.NF4{Block: int64(s.Whole("block")), Double: s.Text("double") == "yes"}
	const gb = 1e9
	var rows [][]float64
	for _, m := range memoryModels {
		est, err := weigh(m.id, format)
		if err != nil {
			return err
		}
		whole, quantized, kept := est.LoRA.Weights, est.QLoRA.Quantized, est.QLoRA.Weights
		rec.Find("memory-"+m.size+"-16bit", float64(whole)/gb)
		rec.Find("memory-"+m.size+"-4bit", float64(quantized+kept)/gb)
		rec.Find("memory-"+m.size+"-kept", float64(kept)/gb)
		rec.Find("memory-"+m.size+"-ratio", float64(whole)/float64(quantized+kept))
		rows = append(rows, []float64{float64(whole), float64(quantized), float64(kept)})
	}
	rec.Find("memory", rows)
	for name, id := range map[string]string{"double-saves-65b": "llama-65b", "double-saves-7b": "llama-2-7b"} {
		format.Double = false
		plain, err := weigh(id, format)
		if err != nil {
			return err
		}
		format.Double = true
		double, err := weigh(id, format)
		if err != nil {
			return err
		}
		rec.Find(name, float64(plain.QLoRA.Quantized-double.QLoRA.Quantized)/gb)
	}
	return nil
}

// weigh estimates the memory of a model of the catalogue. The adapter does
// not matter: only the base is looked at.
func weigh(id string, format models.NF4) (*models.Memory, error) {
	m, err := models.Find(id)
	if err != nil {
		return nil, err
	}
	t, err := models.Count(m, models.Adapter{Rank: 1})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", id, err)
	}
	return models.Estimate(m, t, models.MemoryOptions{NF4: format})
}
