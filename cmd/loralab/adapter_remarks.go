package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"loralab/lora"
	"loralab/lora/number"
	"loralab/lora/peft"
)

// remark is something to know about an adapter. A warning is of what makes it
// not do what was meant.
type remark struct {
	Level   string   `json:"level"` // "warning" or "note"
	ID      string   `json:"id"`    // stays the same when the words change
	Text    string   `json:"text"`
	Modules []string `json:"modules,omitempty"` // those concerned, unless it is all
}

func printRemarks(p *printer, remarks []remark) {
	for _, r := range remarks {
		p.line("")
		p.wrap(r.Level+": ", r.Text)
	}
}

// advise looks for what goes wrong with adapters on disk.
func advise(r *adapterReport) []remark {
	a := &advisor{adapterReport: r, config: r.adapter.Config}
	a.broken()
	a.idle()
	a.scale()
	a.names()
	a.rest()
	slices.SortStableFunc(a.remarks, func(x, y remark) int { return strings.Compare(y.Level, x.Level) })
	return a.remarks
}

// advisor collects remarks.
type advisor struct {
	*adapterReport
	config  *peft.Config
	remarks []remark
}

func (a *advisor) add(level, id, text string, modules []string) {
	if len(modules) == len(a.Modules) {
		modules = nil
	}
	a.remarks = append(a.remarks, remark{level, id, text, modules})
}

func (a *advisor) warn(id, text string, modules []string) { a.add("warning", id, text, modules) }
func (a *advisor) note(id, text string, modules []string) { a.add("note", id, text, modules) }

// where returns the names of the modules that are so.
func (a *advisor) where(is func(adapterModule) bool) []string {
	var names []string
	for _, m := range a.Modules {
		if is(m) {
			names = append(names, m.Name)
		}
	}
	return names
}

// of counts modules, and names the first unless it is all of them.
func (a *advisor) of(modules []string) string {
	switch len(modules) {
	case len(a.Modules):
		if len(modules) == 1 {
			return "the one module"
		}
		return fmt.Sprintf("all %d modules", len(modules))
	default:
		return fmt.Sprintf("%d of %s (%s)", len(modules), number.Plural(len(a.Modules), "module"), someOf(modules, 2))
	}
}

// broken warns of numbers that are not finite.
func (a *advisor) broken() {
	if bad := a.where(func(m adapterModule) bool { return m.NonFinite > 0 }); bad != nil {
		i := slices.IndexFunc(a.Modules, func(m adapterModule) bool { return m.NonFinite > 0 })
		a.warn("non-finite", fmt.Sprintf("NaN or infinite numbers in %s; the first: %s. Whatever passes through becomes NaN. Training diverged or overflowed (fp16 ends at 65504): go back to a checkpoint before that, and train on in bf16 or at a lower rate.",
			a.of(bad), a.Modules[i].First), bad)
	}
	if over := a.where(func(m adapterModule) bool { return m.NonFinite == 0 && m.Spectrum == nil }); over != nil {
		a.warn("overflow", fmt.Sprintf("s·B·A is beyond float64 in %s, though A and B are finite: the file is damaged or the training diverged; use an earlier checkpoint.", a.of(over)), over)
	}
}

// idle warns of modules that add nothing.
func (a *advisor) idle() {
	idle := a.where(func(m adapterModule) bool { return m.NonFinite == 0 && (m.AZero || m.BZero) })
	dead := a.where(func(m adapterModule) bool { return m.NonFinite == 0 && m.AZero && m.BZero })
	zero := "A or B"
	if count := len(a.where(func(m adapterModule) bool { return m.NonFinite == 0 && !m.AZero && m.BZero })); count == len(idle) {
		zero = "B"
	} else if count == 0 && len(dead) == 0 {
		zero = "A"
	}
	switch {
	case len(idle) == 0:
	case len(dead) > 0:
		a.warn("both-zero", fmt.Sprintf("A and B are zero in %s: neither gets a gradient from the other, and no training will ever move them. Initialize one of the two (PEFT: A), and train again.", a.of(dead)), dead)
	case len(idle) == len(a.Modules):
		a.warn("does-nothing", fmt.Sprintf("%s is zero in %s: s·B·A adds nothing anywhere. A new adapter looks like this, a trained one must not. Check that lora_%s gets a gradient (PeftModel.from_pretrained needs is_trainable=True; gradient checkpointing needs enable_input_require_grads) and is among the optimizer's parameters, and that sharded weights (ZeRO-3, FSDP) were gathered before saving; then save again.",
			zero, a.of(idle), zero[len(zero)-1:]), idle)
	default:
		a.warn("modules-do-nothing", fmt.Sprintf("%s is zero in %s, which so add nothing. If no training example passes through them (experts that are never chosen, a vision tower without images), leave them out of target_modules; otherwise look at why they get no gradient.",
			zero, a.of(idle)), idle)
	}
	if off := a.where(func(m adapterModule) bool { return m.Scale == 0 }); off != nil {
		a.warn("scale-zero", fmt.Sprintf("s is 0 in %s, because lora_alpha (or alpha_pattern) is: they add nothing, whatever B and A are. Give α the value of the training.", a.of(off)), off)
	}
	spare := a.where(func(m adapterModule) bool {
		return m.Spectrum != nil && m.Spectrum.Norm > 0 && m.Spectrum.Directions < m.Rank
	})
	if spare != nil {
		i := slices.IndexFunc(a.Modules, func(m adapterModule) bool { return m.Name == spare[0] })
		m := a.Modules[i]
		a.note("fewer-directions", fmt.Sprintf("s·B·A has fewer directions than r in %s; %s has %d of %d. The others are zero, and a smaller rank would hold the same update.",
			a.of(spare), printable(m.Name), m.Spectrum.Directions, m.Rank), spare)
	}
}

// scale warns of an α that was perhaps never set, and of a rule that loaders
// overlook.
func (a *advisor) scale() {
	const defaultAlpha, large = 8, 16 // PEFT's default of α is also that of r
	byR := a.config.Rule == lora.AlphaOverR
	weak := a.where(func(m adapterModule) bool { return byR && m.Alpha == defaultAlpha && m.Rank >= large })
	if weak != nil {
		i := slices.IndexFunc(a.Modules, func(m adapterModule) bool { return m.Name == weak[0] })
		m := a.Modules[i]
		a.warn("alpha-default", fmt.Sprintf("α is 8, PEFT's default, in %s: at r = %d that is s = α/r = 8/%d = %s, %s times weaker than at s = 1. If lora_alpha was simply not set, set it (to r for s = 1, to 2r for s = 2), or use_rslora for s = α/√r = %s, and train again. Do not change α under trained weights: they were trained with this s.",
			a.of(weak), m.Rank, m.Rank, short(m.Scale), short(1/m.Scale), short(m.Other)), weak)
	}
	if a.config.Rule == lora.AlphaOverSqrtR {
		strongest := slices.MaxFunc(a.Modules, func(x, y adapterModule) int { return compareFloats(x.Scale, y.Scale) })
		text := fmt.Sprintf("use_rslora: s = α/√r = %s. A program that overlooks the flag takes α/r = %s, %s times too little: compare outputs with PEFT's before you trust another loader.",
			short(strongest.Scale), short(strongest.Other), short(math.Sqrt(float64(strongest.Rank))))
		if strongest.Scale >= large/2 {
			a.warn("rslora-large", text+fmt.Sprintf(" An s of %s is large: α was perhaps chosen for α/r.", short(strongest.Scale)), nil)
		} else {
			a.note("rslora", text, nil)
		}
	}
}

func compareFloats(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// names compares the modules of the file with those the configuration aims at.
func (a *advisor) names() {
	if bare := a.bare(); bare != nil {
		a.warn("no-prefix", fmt.Sprintf("the tensors of %s do not begin with base_model.model., and PeftModel.from_pretrained finds none of them. Put the prefix before their names, or load the adapter with the program that wrote it.", a.of(bare)), bare)
	}
	all := slices.Concat(a.where(func(adapterModule) bool { return true }), a.Stacked)
	targets, ranks, alphas := a.config.Idle(all)
	if err := a.config.Checkable(); err != nil {
		a.note("targets-unchecked", fmt.Sprintf("whether the configuration aims at these modules was not checked: %v.", err), nil)
	} else {
		strangers := a.where(func(m adapterModule) bool { _, ok := a.config.Target(m.Name); return !ok })
		if strangers != nil {
			a.warn("not-targeted", fmt.Sprintf("the configuration does not aim at %s, but the file has them. PEFT makes no adapter there and drops their tensors. Name them in target_modules (and not in exclude_modules or modules_to_save), or ask whether %s belongs to this file.",
				a.of(strangers), peft.ConfigFile), strangers)
		}
		if len(targets) > 0 {
			a.warn("not-in-file", fmt.Sprintf("the configuration aims at %s, but no module in the file has such a name. Either the base has none, and the name is wrong (compare with model.named_modules()), or the weights were not saved, and PEFT begins them anew with B = 0.",
				someOf(targets, 6)), nil)
		}
	}
	a.unmatched("rank_pattern", ranks)
	a.unmatched("alpha_pattern", alphas)
}

// unmatched warns of patterns that match no module.
func (a *advisor) unmatched(key string, patterns []string) {
	if len(patterns) > 0 {
		a.warn("idle-"+strings.Replace(key, "_", "-", 1), fmt.Sprintf("%s has %s, which matches no module in the file and changes nothing. A pattern is the end of a module's name, as a regular expression.", key, someOf(patterns, 6)), nil)
	}
}

func (a *advisor) bare() []string {
	var names []string
	for _, m := range a.adapter.Modules {
		if !m.Prefixed {
			names = append(names, m.Name)
		}
	}
	return names
}

// rest speaks of what is beside A and B.
func (a *advisor) rest() {
	with := a.where(func(m adapterModule) bool { return m.Magnitude })
	without := a.where(func(m adapterModule) bool { return !m.Magnitude })
	switch {
	case a.DoRA && len(without) > 0:
		a.warn("no-magnitude", fmt.Sprintf("use_dora is on, but lora_magnitude_vector is missing in %s: PEFT begins it anew from the base, and what was trained is lost. Save the adapter again with a PEFT that knows DoRA.", a.of(without)), without)
	case a.DoRA:
		a.note("dora", "DoRA: every row of W + s·B·A is brought to a trained length, whose magnitudes are in the file. What is said here is of s·B·A before that; the change of W depends on W.", nil)
	case len(with) > 0:
		a.warn("magnitude-unused", fmt.Sprintf("the magnitudes of DoRA are in the file for %s, but use_dora is off: PEFT drops them, and the update is another. Set use_dora in %s.", a.of(with), peft.ConfigFile), with)
	}
	if biased := a.where(func(m adapterModule) bool { return m.Bias }); biased != nil && !a.config.LoraBias {
		a.warn("bias-unused", fmt.Sprintf("B has a bias in %s, but lora_bias is off: PEFT drops it. Set lora_bias in %s.", a.of(biased), peft.ConfigFile), biased)
	}
	for _, method := range []string{"pissa", "olora", "corda", "lora_ga", "loftq"} {
		if strings.HasPrefix(strings.ToLower(a.Init), method) {
			a.note("init-changes-base", fmt.Sprintf("init_lora_weights is %s, which changes the base where training begins, and this adapter belongs to the changed base. Programs that add s·B·A to the original one get another result: convert the adapter by saving it with path_initial_model_for_weight_conversion, or keep the changed base with it.", printable(a.Init)), nil)
		}
	}
	if len(a.Stacked) > 0 {
		a.note("stacked-experts", fmt.Sprintf("not read, and in none of the numbers: %s of stacked experts (target_parameters): %s.", number.Plural(len(a.Stacked), "adapter"), someOf(a.Stacked, 4)), nil)
	}
	var kept, whole []string
	for _, t := range a.Others {
		if peft.KeepsAdapterName(t.Name) {
			kept = append(kept, t.Name)
		} else {
			whole = append(whole, t.Name)
		}
	}
	if len(kept) > 0 {
		a.warn("name-kept", fmt.Sprintf("the adapter's own name is still in the names of %s (%s), and PEFT loads nothing from there. Save with save_pretrained, or take it out.", number.Plural(len(kept), "tensor"), someOf(kept, 2)), nil)
	}
	if len(whole) > 0 {
		a.note("other-tensors", fmt.Sprintf("beside the factors the file has %s: %s. Modules saved whole and biases are kept so, and take the place of the base's.", number.Plural(len(whole), "tensor"), someOf(whole, 4)), nil)
	}
	for _, name := range a.config.ModulesToSave {
		if !slices.ContainsFunc(whole, func(tensor string) bool { return strings.Contains("."+tensor, "."+name+".") }) {
			a.warn("saved-module-missing", fmt.Sprintf("modules_to_save names %s, but the file has no tensor of it: the base's own is used, or one at random where the base has none. Save again with the module.", printable(name)), nil)
		}
	}
}
