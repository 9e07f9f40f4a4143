// Package merging asks whether an adapter costs anything at inference: it trains
// one for each of several shifts on one base, and then does with them what is
// done with trained adapters: swap them, switch them off, merge and unmerge
// them, combine them, and time them.
package merging

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/toy"
)

// New returns the experiment.
func New(src train.Sources) *lab.Experiment {
	return &lab.Experiment{
		ID:       "merging",
		Title:    "Merging",
		Question: "does it cost anything at inference?",
		Knobs:    knobs(),
		Findings: findings(),
		Plots:    []string{"swap", "precision", "latency", "drift", "swaps", "combine", "combine-error", "traps", "loss", "digits", "kl", "wrong", "off", "flips", "detour", "restored", "flow"},
		Check:    check,
		Figures:  figures,
		Run: func(ctx context.Context, s lab.Settings, rec *lab.Recorder) error {
			return run(ctx, src, s, rec)
		},
	}
}

// widestMerged bounds the hidden layers: the methods with svd take a full singular
// value decomposition of each, which takes many seconds from here on.
const widestMerged = 512

func knobs() []lab.Knob {
	var methods []string
	written := map[string]string{} // as PEFT writes them
	for _, m := range lora.Methods() {
		methods = append(methods, m.String())
		written[m.String()] = strings.ReplaceAll(m.String(), "-", "_")
	}
	var votes []string
	for _, v := range lora.Votes() {
		votes = append(votes, v.String())
	}
	var formats []string
	for _, p := range precisions() {
		formats = append(formats, p.name)
	}
	sizes := train.SizeKnobs()
	sizes[slices.IndexFunc(sizes, func(k lab.Knob) bool { return k.Name == "width" })].Max = widestMerged
	return append([]lab.Knob{
		{Name: "shifts", Help: "what the digits are changed into: an adapter for each; the first two are combined", Kind: lab.Set,
			Default: "rot90,mirror,invert", Choices: toy.Shifts(), Words: train.ShiftWords()},
		train.RankKnob("rank of the adapters", "8"),
		train.AlphaKnob("16", "128"),
		train.ScalingKnob(),
		train.OptimizerKnob(),
		train.LearningRateKnob("learning rate of the adapters", "0.003"),
		train.StepsKnob("training steps of each adapter", "400"),
		{Name: "precision", Help: "format of the weights while merging", Kind: lab.Choice, Default: "bf16", Choices: formats},
		{Name: "swaps", Help: "how many times an adapter is merged and taken out again", Kind: lab.Whole, Default: "12", Min: 1, Max: 1000,
			Ladder: []string{"1", "3", "6", "12", "24", "48", "96"}},
		{Name: "method", Help: "how two adapters are made into one", Kind: lab.Choice, Default: "linear", Choices: methods, Words: written},
		{Name: "weight", Help: "weight of each of the two adapters that are combined", Kind: lab.Real, Default: "1", Min: -8, Max: 8,
			Ladder: []string{"0.25", "0.5", "0.7", "1", "1.5", "2"}},
		{Name: "density", Help: "share of the entries that ties, dare and magnitude_prune keep", Kind: lab.Real, Default: "0.5", Min: 0.01, Max: 1,
			Ladder: []string{"0.1", "0.2", "0.3", "0.5", "0.7", "0.9", "1"}},
		{Name: "vote", Help: "how ties elects the sign of an entry: by the sum of the values, or by their number", Kind: lab.Choice,
			Default: "total", Choices: votes},
	}, sizes...)
}

func check(s lab.Settings) error {
	if shifts := s.Set("shifts"); len(shifts) < 2 {
		return fmt.Errorf("knob shifts: %q is one shift, want two or more: adapters are swapped and combined", shifts[0])
	}
	return nil
}

// study is what one run of merging works on.
type study struct {
	s    lab.Settings
	rec  *lab.Recorder
	base *lora.Network // never written to after the pretraining
	// shared is a copy of the base with every adapter attached. Only the choice of
	// the active adapter changes; merges work on clones.
	shared *lora.Network
	names  []string    // of the shifts and of their adapters
	tests  []lora.Data // held-out digits, upright and then of each shift

	method lora.Method // the one that the learner chose
	vote   lora.Vote

	refused []string // errors of package lora, for the finding "refused"
}

// tracks are the series of a run: pretraining, a training for each
// shift, and the swaps in each precision.
type tracks struct {
	pretrain  *lab.Track
	shifts    []*lab.Track
	reads     []*lab.Track // asides of them
	precision []*lab.Track
}

func announce(s lab.Settings, rec *lab.Recorder) tracks {
	t := tracks{pretrain: rec.Series("pretraining", train.PretrainSteps, "loss", "accuracy")}
	for _, name := range s.Set("shifts") {
		track := rec.Sparse(name, s.Whole("steps"), "loss", "accuracy")
		t.shifts, t.reads = append(t.shifts, track), append(t.reads, track.Aside(readsOf(name), readColumns(s)...))
	}
	for _, p := range precisions() {
		t.precision = append(t.precision, rec.Series("swaps in "+p.name, s.Whole("swaps"), "drift", "not restored"))
	}
	return t
}

func run(ctx context.Context, src train.Sources, s lab.Settings, rec *lab.Recorder) error {
	tracks := announce(s, rec)
	b, err := train.Pretrain(ctx, src, s, tracks.pretrain)
	if err != nil {
		return err
	}
	m := &study{s: s, rec: rec, base: b.Net, shared: b.Net.Clone(), names: s.Set("shifts"), tests: []lora.Data{b.Test}}
	if m.method, err = lora.ParseMethod(s.Text("method")); err != nil {
		return err
	}
	if m.vote, err = lora.ParseVote(s.Text("vote")); err != nil {
		return err
	}
	complete, err := m.trainAll(ctx, b, tracks)
	if err != nil || !complete {
		return err
	}
	m.swap()
	m.switchOff()
	if err := m.comparePrecisions(ctx, tracks.precision); err != nil {
		return err
	}
	if err := m.combineAll(ctx); err != nil {
		return err
	}
	m.traps()
	// Last, so that nothing else computes while times are measured.
	return m.measureLatency(ctx)
}

// refuse notes a merge or combination that package lora refused. The run
// continues without it.
func (m *study) refuse(err error) {
	m.refused = append(m.refused, err.Error())
	m.rec.Report("refused", strings.Join(m.refused, "; "))
}
