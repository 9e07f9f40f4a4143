package models

import (
	"fmt"
	"math"

	"loralab/lora/number"
)

// PaperFigure sets a number that a paper prints beside the same number counted
// here. The paper's is quoted data; everything else is computed.
type PaperFigure struct {
	Model   string `json:"model"`   // id in the catalogue, or gpt-3, which is not in it
	Source  string `json:"source"`  // paper and place
	What    string `json:"what"`    // what the number is of
	Printed string `json:"printed"` // the number as the paper prints it
	Recount int64  `json:"recount"` // the number counted here
	Unit    string `json:"unit"`    // of Recount: bytes or parameters
	How     string `json:"how"`     // how it was counted
	Agrees  bool   `json:"agrees"`  // Recount rounds to Printed, or is on the stated side of it
	Note    string `json:"note"`    // why they differ, or "not reconciled: …", or what the agreement rests on
}

const (
	huLoRA        = "Hu et al. 2021 (LoRA)"
	dettmersQLoRA = "Dettmers et al. 2023 (QLoRA)"

	inBytes  = "bytes"
	inParams = "parameters"

	gpt3Width, gpt3Layers = 12288, 96
	gpt3Params            = 175_255_800_000 // as table 4 prints it, 175,255.8M
)

// PaperFigures returns the memory and parameter numbers of the LoRA and QLoRA
// papers that can be counted again, with the outcome. Some cannot be
// reconciled, and no accounting is invented to make them fit.
func PaperFigures() []PaperFigure {
	return append(loraFigures(), qloraFigures()...)
}

// within says whether the recount agrees: whether it lies in [low, high), the
// numbers that are printed as Printed.
func (f PaperFigure) within(low, high float64) PaperFigure {
	f.Agrees = low <= float64(f.Recount) && float64(f.Recount) < high
	return f
}

func loraFigures() []PaperFigure {
	// Wq and Wv of every layer, each its own 12288×12288 matrix.
	qv := func(r int64) int64 {
		t := must(CountLayer(gpt3Width, gpt3Width, r, false))
		return t.Trainable * 2 * gpt3Layers
	}
	how := func(r int64) string {
		return fmt.Sprintf("rank %d on Wq and Wv, 12288×12288, of 96 layers: %s parameters", r, number.Count(qv(r)))
	}
	const half, moments = 2, 8 // bytes a parameter: 16-bit numbers; Adam's two fp32 moments
	full := int64(gpt3Params * (half + half + moments))
	weights := int64(gpt3Params * half)
	medium := must(Find("gpt2-medium"))

	return []PaperFigure{
		PaperFigure{
			Model: "gpt-3", Source: huLoRA + ", §4.2", What: "GPU memory to fine-tune in full", Printed: "1.2TB",
			Recount: full, Unit: inBytes,
			How: "175,255.8M parameters × 12 bytes: 16-bit weights and gradients, two fp32 moments",
			Note: fmt.Sprintf("not reconciled: the paper gives no accounting; 1.2 TB is %.1f bytes a parameter, too few for weights, gradients and Adam's moments",
				1.2e12/float64(gpt3Params)),
		}.within(1.15e12, 1.25e12),
		PaperFigure{
			Model: "gpt-3", Source: huLoRA + ", §4.2", What: "GPU memory to train with LoRA", Printed: "350GB",
			Recount: weights + qv(4)*(half+half+moments), Unit: inBytes,
			How:  "175,255.8M parameters × 2 bytes, and 12 bytes for each of the adapter's; " + how(4),
			Note: "the frozen weights alone are " + number.SI(weights),
		}.within(345e9, 355e9),
		PaperFigure{
			Model: "gpt-3", Source: huLoRA + ", §4.2", What: "checkpoint of the adapter", Printed: "35MB",
			Recount: qv(4) * half, Unit: inBytes,
			How:  how(4) + " × 2 bytes",
			Note: fmt.Sprintf("not reconciled: near, but %s or %s", number.SI(qv(4)*half), number.IEC(qv(4)*half)),
		}.within(34.5e6, 35.5e6),
		PaperFigure{
			Model: "gpt-3", Source: huLoRA + ", table 4", What: "trained parameters, the smaller LoRA", Printed: "4.7M",
			Recount: qv(1), Unit: inParams, How: how(1), Note: "the rank is the one that fits",
		}.within(4.65e6, 4.75e6),
		PaperFigure{
			Model: "gpt-3", Source: huLoRA + ", table 4", What: "trained parameters, the larger LoRA", Printed: "37.7M",
			Recount: qv(8), Unit: inParams, How: how(8), Note: "the rank is the one that fits",
		}.within(37.65e6, 37.75e6),
		PaperFigure{
			Model: "gpt2-medium", Source: huLoRA + ", table 3", What: "parameters of the model", Printed: "354.92M",
			Recount: medium.Total(), Unit: inParams, How: "every tensor of the model, the tied output layer once",
			Note: "not reconciled: the paper does not list what it counts",
		}.within(354.915e6, 354.925e6),
	}
}

func qloraFigures() []PaperFigure {
	big, small := must(Find("llama-65b")), must(Find("llama-2-7b"))
	all := func(m *Model) *Tally {
		return must(Count(m, Adapter{Targets: Targets{AllLinear: true}, Rank: 64}))
	}
	on65 := must(estimate(big, all(big), MemoryOptions{}))
	on7 := must(estimate(small, all(small), MemoryOptions{}))
	single := must(estimate(big, all(big), MemoryOptions{NF4: NF4{Block: 64}}))
	base7 := on7.QLoRA.Weights + on7.QLoRA.Quantized

	return []PaperFigure{
		PaperFigure{
			Model: "llama-65b", Source: dettmersQLoRA + ", §1", What: "GPU memory to fine-tune in full, 16-bit", Printed: "more than 780 GB",
			Recount: on65.Full.Total, Unit: inBytes,
			How:  fmt.Sprintf("%s parameters × 12 bytes: 16-bit weights and gradients, two fp32 moments", number.Count(big.Total())),
			Note: "the paper gives no breakdown; this one fits",
		}.within(780e9, math.Inf(1)),
		PaperFigure{
			Model: "llama-65b", Source: dettmersQLoRA + ", §1", What: "GPU memory to train with QLoRA", Printed: "less than 48 GB",
			Recount: on65.QLoRA.Total, Unit: inBytes,
			How:  "NF4 with double quantization, the rest in 16 bits, rank 64 on all linear modules at 12 bytes a trained parameter",
			Note: fmt.Sprintf("leaves %s for activations and all else that is not counted", number.SI(48e9-on65.QLoRA.Total)),
		}.within(0, 48e9),
		PaperFigure{
			Model: "llama-65b", Source: dettmersQLoRA + ", §3", What: "saved by double quantization", Printed: "about 3 GB",
			Recount: single.QLoRA.Quantized - on65.QLoRA.Quantized, Unit: inBytes,
			How:  "linear modules in NF4 with 32-bit scales, less the same with double quantization",
			Note: fmt.Sprintf("%.3f bits a parameter saved", single.BitsPerParam-on65.BitsPerParam),
		}.within(2.5e9, 3.5e9),
		PaperFigure{
			Model: "llama-2-7b", Source: dettmersQLoRA + ", §2", What: "4-bit base model of 7B (LLaMA, of the same shape)", Printed: "5,048 MB",
			Recount: base7, Unit: inBytes,
			How:  fmt.Sprintf("linear modules in NF4 with double quantization, %s; embeddings, norms and head in 16 bits, %s", number.SI(on7.QLoRA.Quantized), number.SI(on7.QLoRA.Weights)),
			Note: "not reconciled: the paper measured it and gives no breakdown",
		}.within(5047.5e6, 5048.5e6),
	}
}

// must is for counts of the catalogue's own data, where an error is a
// programmer's.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
