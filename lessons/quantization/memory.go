package quantization

import (
	"fmt"

	"loralab/lessons/lab"
	"loralab/lora/models"
)

// memoryModels are the models whose frozen base is measured, with their sizes in
// the names of findings.
var memoryModels = [...]struct{ size, id string }{
	{"7b", "llama-2-7b"}, {"13b", "llama-2-13b"}, {"70b", "llama-2-70b"},
}

// reportMemory reports the bytes of frozen bases in NF4 at the chosen block size, whatever
// format the knobs choose: NF4 is what QLoRA uses.
func reportMemory(rec *lab.Recorder, s lab.Settings) error {
	format := models.NF4{Block: int64(s.Whole("block")), Double: s.Text("double") == "yes"}
	const gb = 1e9
	var rows [][]float64
	for _, m := range memoryModels {
		est, err := estimate(m.id, format)
		if err != nil {
			return err
		}
		whole, quantized, kept := est.LoRA.Weights, est.QLoRA.Quantized, est.QLoRA.Weights
		rec.Report("memory-"+m.size+"-16bit", float64(whole)/gb)
		rec.Report("memory-"+m.size+"-4bit", float64(quantized+kept)/gb)
		rec.Report("memory-"+m.size+"-kept", float64(kept)/gb)
		rec.Report("memory-"+m.size+"-ratio", float64(whole)/float64(quantized+kept))
		rows = append(rows, []float64{float64(whole), float64(quantized), float64(kept)})
	}
	rec.Report("memory", rows)
	for name, id := range map[string]string{"double-saves-65b": "llama-65b", "double-saves-7b": "llama-2-7b"} {
		format.Double = false
		plain, err := estimate(id, format)
		if err != nil {
			return err
		}
		format.Double = true
		double, err := estimate(id, format)
		if err != nil {
			return err
		}
		rec.Report(name, float64(plain.QLoRA.Quantized-double.QLoRA.Quantized)/gb)
	}
	return nil
}

// estimate estimates the memory of a model of the catalogue. The adapter
// is arbitrary, since only the base is reported.
func estimate(id string, format models.NF4) (*models.Memory, error) {
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
