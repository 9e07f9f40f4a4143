package counting

import (
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lora/models"
)

// memoryParts name the columns of the finding "memory".
var memoryParts = [...]string{"weights", "adapter", "gradients", "optimizer state", masterCopy}

const masterCopy = "master copy"

// memoryRow is a budget in the order of memoryParts.
func memoryRow(b models.Budget) []float64 {
	return []float64{float64(b.Weights + b.Quantized), float64(b.Adapter), float64(b.Gradients), float64(b.Optimizer), float64(b.Master)}
}

// countMemory reports the bytes that training m takes: in full, with a master
// copy, with LoRA and with QLoRA.
func countMemory(rec *lab.Recorder, m *models.Model, t *models.Tally, o models.MemoryOptions) error {
	est, err := models.Estimate(m, t, o)
	if err != nil {
		return err
	}
	o.Adapter = models.FP32
	wide, err := models.Estimate(m, t, o)
	if err != nil {
		return err
	}
	const mb, gb = 1e6, 1e9
	var rows [][]float64
	for _, way := range []struct {
		name string
		models.Budget
	}{{"full", est.Full}, {"master", est.FullMaster}, {"lora", est.LoRA}, {"qlora", est.QLoRA}} {
		rec.Report("memory-"+way.name, float64(way.Total)/gb)
		rec.Report("bytes-"+way.name, way.Total)
		rows = append(rows, memoryRow(way.Budget))
	}
	rec.Report("memory", rows)
	rec.Report("bytes-per-param", float64(est.Full.Total)/float64(t.Base))
	rec.Report("memory-ratio", float64(est.Full.Total)/float64(est.LoRA.Total))
	rec.Report("largest-full", largestPart(est.Full))
	rec.Report("largest-lora", largestPart(est.LoRA))
	rec.Report("frozen-share", float64(est.LoRA.Weights)/float64(est.LoRA.Total))
	rec.Report("base", float64(est.LoRA.Weights)/gb)
	rec.Report("base-4bit", float64(est.QLoRA.Weights+est.QLoRA.Quantized)/gb)
	rec.Report("base-kept", float64(est.QLoRA.Weights)/gb)
	rec.Report("nf4-bits", est.BitsPerParam)
	rec.Report("checkpoint", float64(est.Checkpoint)/mb)
	rec.Report("checkpoint-fp32", float64(wide.Checkpoint)/mb)
	rec.Report("bytes-checkpoint", est.Checkpoint)
	return nil
}

// largestPart names the largest part of a budget, or all that are equally large.
func largestPart(b models.Budget) string {
	row := memoryRow(b)
	var names []string
	for i, v := range row {
		if v == slices.Max(row) {
			names = append(names, memoryParts[i])
		}
	}
	return strings.Join(names, " and ")
}
