// Package counting asks what an adapter costs: it counts the parameters of one
// layer that it builds, of the models of a catalogue, and the bytes that
// training them takes.
package counting

import (
	"context"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora/models"
)

// New returns the experiment. It needs no data: nothing is trained.
func New(train.Sources) *lab.Experiment {
	return &lab.Experiment{
		ID:       "counting",
		Title:    "Parameter counting",
		Question: "what does it cost?",
		Knobs:    knobs(),
		Findings: findings(),
		Plots: []string{
			"params", "models", "modules", "methods", "memory", "layer", "all", "saving", "frozen", "flow",
		},
		Run:     run,
		Figures: figures,
	}
}

// widest bounds d, k and the rank: above any layer of the catalogue but the
// vocabularies, and low enough that no count overflows.
const widest = 1 << 16

func knobs() []lab.Knob {
	widths := []string{"64", "256", "768", "1024", "2048", "4096", "8192", "12288", "16384"}
	return []lab.Knob{
		{Name: "d", Symbol: "d", Help: "output width of the single layer", Kind: lab.Whole, Default: "4096", Min: 1, Max: widest, Ladder: widths},
		{Name: "k", Symbol: "k", Help: "input width of the single layer", Kind: lab.Whole, Default: "4096", Min: 1, Max: widest, Ladder: widths},
		{Name: "rank", Symbol: "r", Help: "rank of every adapter, of the layer and of the model", Kind: lab.Whole, Default: "8", Min: 1, Max: widest,
			Ladder: []string{"1", "2", "4", "8", "16", "32", "64", "128", "256", "512", "1024", "2048", "4096"}},
		{Name: "bias", Help: "whether the single layer has a bias, as PyTorch's nn.Linear does by default", Kind: lab.Choice, Default: "no",
			Choices: []string{"no", "yes"}},
		{Name: "model", Help: "the language model to adapt", Kind: lab.Choice, Default: "llama-2-7b", Choices: catalogue()},
		{Name: "targets", Help: "adapters on PEFT's default modules (q_proj and v_proj of a Llama) or on every linear one", Kind: lab.Choice,
			Default: "default", Choices: []string{"default", "all-linear"}},
		{Name: "dtype", Help: "format of weights and gradients, and of the adapter", Kind: lab.Choice, Default: string(models.BF16),
			Choices: []string{string(models.BF16), string(models.FP16), string(models.FP32)}},
		{Name: "optimizer", Help: "whose state is counted", Kind: lab.Choice, Default: string(models.AdamW),
			Choices: []string{string(models.SGD), string(models.Momentum), string(models.AdamW), string(models.AdamW8bit)}},
	}
}

// catalogue names the models there are.
func catalogue() []string {
	var ids []string
	for _, m := range models.Catalogue() {
		ids = append(ids, m.ID)
	}
	return ids
}

// run counts one layer, one model and the catalogue. Nothing in it is
// random: the seed changes nothing.
func run(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
	d, k, r := s.Whole("d"), s.Whole("k"), s.Whole("rank")
	top := max(min(d, k), r) // above min(d, k) a higher rank allows no further updates
	sweep := rec.Series("rank sweep", top, "parameters")
	if err := countLayer(rec, d, k, r, s.Text("bias") == "yes"); err != nil {
		return err
	}
	sweep.Add(0, 0)
	for rank := 1; rank <= top; rank++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !sweep.Keeps(rank) {
			sweep.Add(rank)
			continue
		}
		t, err := models.CountLayer(int64(d), int64(k), int64(rank), false)
		if err != nil {
			return err
		}
		sweep.Add(rank, float64(t.Trainable))
	}
	m, err := models.Find(s.Text("model"))
	if err != nil {
		return err
	}
	adapter := models.Adapter{Rank: int64(r), Targets: models.Targets{AllLinear: s.Text("targets") == "all-linear"}}
	t, err := countModel(rec, m, adapter)
	if err != nil {
		return err
	}
	countOthers(rec, m, adapter.Rank)
	if err := countCatalogue(rec, adapter); err != nil {
		return err
	}
	return countMemory(rec, m, t, models.MemoryOptions{
		Dtype: models.Dtype(s.Text("dtype")), Optimizer: models.Optimizer(s.Text("optimizer"))})
}
