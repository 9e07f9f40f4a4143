package initialization

import (
	"slices"

	"loralab/lessons/lab"
	"loralab/lessons/train"
)

// schemeFindings are declared for every scheme, as name-scheme; a run finds
// those of the schemes that it compares.
var schemeFindings = [...]lab.Spec{
	{Name: "drift", Symbol: "max |h − h₀|", Label: "output drift at step 0", Kind: lab.KindReal, Digits: 3},
	{Name: "switched-off", Label: "output drift with the adapter switched off", Kind: lab.KindReal, Digits: 3},
	{Name: "when-off", Label: "the network with the adapter switched off", Kind: lab.KindText},
	{Name: "first-task", Label: "accuracy on the first task at step 0", Kind: lab.KindReal, Percent: true, Digits: 3},
	{Name: "size-a", Label: "root mean square of A at step 0", Kind: lab.KindReal, Digits: 3},
	{Name: "first-to-move", Label: "what has a gradient at step 0", Kind: lab.KindText},
	{Name: "grad-a-0", Symbol: "‖∂L/∂A‖", Label: "gradient of A at step 0", Kind: lab.KindReal},
	{Name: "grad-b-0", Symbol: "‖∂L/∂B‖", Label: "gradient of B at step 0", Kind: lab.KindReal},
	{Name: "grad-a-1", Symbol: "‖∂L/∂A‖", Label: "gradient of A at step 1", Kind: lab.KindReal},
	{Name: "grad-b-1", Symbol: "‖∂L/∂B‖", Label: "gradient of B at step 1", Kind: lab.KindReal},
	{Name: "grad-a-2", Symbol: "‖∂L/∂A‖", Label: "gradient of A at step 2", Kind: lab.KindReal},
	{Name: "grad-b-2", Symbol: "‖∂L/∂B‖", Label: "gradient of B at step 2", Kind: lab.KindReal},
	{Name: "steps-to-target", Label: "steps to the target loss", Kind: lab.KindCount},
	{Name: "loss", Label: "loss at the end", Kind: lab.KindReal},
	{Name: "accuracy", Label: "accuracy at the end", Kind: lab.KindReal, Percent: true, Digits: 3},
	{Name: "update", Symbol: "‖ΔW‖", Label: "size of the change of all weights", Kind: lab.KindReal},
}

func findings() []lab.Spec {
	specs := []lab.Spec{
		{Name: "accuracy-base", Label: "accuracy on the first task, held out", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "accuracy-before", Label: "accuracy before adapting", Kind: lab.KindReal, Percent: true, Digits: 3},
		{Name: "loss-before", Label: "loss before adapting", Kind: lab.KindReal},
		{Name: "fastest", Label: "first scheme at the target loss", Kind: lab.KindText},
		{Name: "diverged", Label: "trainings that diverged", Kind: lab.KindText},
		{Name: "steps-to-target-ratio-1", Label: "first scheme with λ = 1: steps to the target loss", Kind: lab.KindCount},
		{Name: "loss-ratio-1", Label: "first scheme with λ = 1: loss at the end", Kind: lab.KindReal},
		{Name: "accuracy-ratio-1", Label: "first scheme with λ = 1: accuracy at the end", Kind: lab.KindReal, Percent: true, Digits: 3},
	}
	for _, scheme := range schemeNames() {
		for _, spec := range schemeFindings {
			spec.Name, spec.Label = spec.Name+"-"+scheme, schemeWord(scheme)+": "+spec.Label
			specs = append(specs, spec)
		}
	}
	return slices.Concat(specs, scalingFindings, train.HandfulSpecs(), train.FlowSpecs())
}

var scalingFindings = []lab.Spec{
	{Name: "sweep-alpha-r", Label: "under α/r: rank, ‖∂L/∂B‖ at step 0, ‖∂L/∂A‖ at step 1, ‖s·B·A‖ and loss after the sweep's steps", Kind: lab.KindMatrix, Columns: sweepColumns[:]},
	{Name: "sweep-alpha-sqrt-r", Label: "under α/√r: rank, ‖∂L/∂B‖ at step 0, ‖∂L/∂A‖ at step 1, ‖s·B·A‖ and loss after the sweep's steps", Kind: lab.KindMatrix, Columns: sweepColumns[:]},
	{Name: "gradient-growth-alpha-r", Label: "under α/r: gradient of B at step 0, rank 64 over rank 4", Kind: lab.KindReal, Digits: 3, Unit: "×"},
	{Name: "gradient-growth-alpha-sqrt-r", Label: "under α/√r: gradient of B at step 0, rank 64 over rank 4", Kind: lab.KindReal, Digits: 3, Unit: "×"},
	{Name: "update-growth-alpha-r", Label: "under α/r: ‖s·B·A‖ after the sweep's steps, rank 64 over rank 4", Kind: lab.KindReal, Digits: 3, Unit: "×"},
	{Name: "update-growth-alpha-sqrt-r", Label: "under α/√r: ‖s·B·A‖ after the sweep's steps, rank 64 over rank 4", Kind: lab.KindReal, Digits: 3, Unit: "×"},
	{Name: "loss-spread-alpha-r", Label: "under α/r: highest loss of ranks 4 to 64 above the lowest", Kind: lab.KindReal, Percent: true, Digits: 2},
	{Name: "loss-spread-alpha-sqrt-r", Label: "under α/√r: highest loss of ranks 4 to 64 above the lowest", Kind: lab.KindReal, Percent: true, Digits: 2},
	{Name: "steadier", Label: "rule whose loss depends less on the rank", Kind: lab.KindText},
	{Name: "trade-exact", Label: "change of s·B·A when α is traded for the learning rate and the start", Kind: lab.KindReal, Digits: 2},
	{Name: "trade-careless-1", Label: "change of s·B·A when α is traded for the learning rate alone, after 1 step", Kind: lab.KindReal, Digits: 2},
	{Name: "trade-careless", Label: "change of s·B·A when α is traded for the learning rate alone", Kind: lab.KindReal, Digits: 2},
	{Name: "trade-ratio", Label: "change of s·B·A when α is traded for λ", Kind: lab.KindReal, Digits: 2},
}
