package models

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"loralab/lora"
	"loralab/lora/number"
)

// Adapter is what to put on a model: LoRA of a rank on the targets, without
// trained biases.
type Adapter struct {
	Targets Targets
	Rank    int64
	Pattern RankPattern
}

// Tally is the count of an adapter on a model. Its JSON form is what
// `loralab count --json` prints.
type Tally struct {
	Model     string   `json:"model,omitempty"` // id in the catalogue, or the family
	Targets   []string `json:"targets"`         // as asked, or the family's default
	Rank      int64    `json:"rank"`
	Trainable int64    `json:"trainable"` // parameters of the adapter, Σ r·(in+out)
	All       int64    `json:"all"`       // base and adapter, as PEFT prints it
	Base      int64    `json:"base"`
	Percent   float64  `json:"percent"` // 100·trainable/all
	Full      int64    `json:"full"`    // Σ in·out: what full fine-tuning of the targeted matrices trains
	Ratio     float64  `json:"ratio"`   // full/trainable
	Modules   []Module `json:"modules"`
	Memory    *Memory  `json:"memory,omitempty"` // filled in by the caller, from [Estimate]
	Remarks   []Remark `json:"remarks,omitempty"`
}

// Module is one kind of targeted module at one rank.
type Module struct {
	Name   string `json:"name"`  // full name, "*" for the layer
	Short  string `json:"short"` // last part of the name
	In     int64  `json:"in"`    // k
	Out    int64  `json:"out"`   // d
	Count  int64  `json:"count"`
	Rank   int64  `json:"rank"`
	Params int64  `json:"params"`           // count·r·(in+out)
	Layers string `json:"layers,omitempty"` // which, such as 0-3,7, unless all
}

// Remark is something true about a count that its reader may not have meant.
type Remark struct {
	Code string `json:"code"` // stable: see the constants
	Text string `json:"text"`
}

// Codes of remarks.
const (
	RankAboveMin  = "rank-above-min"   // r > min(d, k)
	PastBreakEven = "past-break-even"  // r·(d+k) ≥ d·k
	UnusedPattern = "unused-pattern"   // a rule of the rank pattern met no targeted module
	TiedTarget    = "tied-target"      // a targeted matrix is shared between embedding and head
	DefaultMade   = "default-made"     // PEFT has no default targets here
	Assumed       = "assumed-in-model" // from Model.Notes
)

// Count counts adapter a on model m. A rank above min(d, k) is counted, as PEFT
// allows it, with a remark that it saves nothing. A rank below 1, a target that
// names no module (the error lists those that exist) and a count above 2^63-1
// are errors. PEFT skips an unknown target silently as long as another one
// matches; here every target must.
func Count(m *Model, a Adapter) (*Tally, error) {
	if a.Rank < 1 {
		return nil, fmt.Errorf("models: rank: found %d, expected 1 or more", a.Rank)
	}
	t := &Tally{Model: m.ID, Rank: a.Rank, Base: m.Total(), Targets: a.Targets.Names}
	if t.Model == "" {
		t.Model = m.Family
	}
	for _, note := range m.Notes {
		t.remark(Assumed, "%s", note)
	}
	if a.Targets.AllLinear {
		t.Targets = []string{"all-linear"}
	} else if len(t.Targets) == 0 {
		t.Targets = m.DefaultTargets()
		if m.Family == "phi3" {
			t.remark(DefaultMade, "PEFT has no default targets for phi3 and asks for them; qkv_proj, its fused q, k and v, is taken")
		}
	}
	if err := t.choose(m, a); err != nil {
		return nil, err
	}
	if err := t.sum(m); err != nil {
		return nil, err
	}
	return t, nil
}

// CountLayer counts an adapter of rank r on one linear layer, W of d×k, with
// or without a bias of d parameters.
func CountLayer(d, k, r int64, bias bool) (*Tally, error) {
	m, err := Layer(d, k, bias)
	if err != nil {
		return nil, err
	}
	return Count(m, Adapter{Rank: r})
}

// choose fills in the modules, without their parameters. Every single module of
// the model is asked, not every group, because targets and rank patterns may
// name layers by number.
func (t *Tally) choose(m *Model, a Adapter) error {
	targetUsed := make([]bool, len(t.Targets))
	ruleUsed := make([]bool, len(a.Pattern.rules))
	for _, g := range m.Groups {
		if !g.takesAdapter() {
			continue
		}
		layersOf := map[int64][]int64{} // by rank
		var ranks []int64               // in order of appearance
		for i := range g.Count {
			name := g.instance(i)
			if !a.Targets.AllLinear {
				hit := false
				for j, target := range t.Targets {
					if named(name, target) {
						hit, targetUsed[j] = true, true
					}
				}
				if !hit {
					continue
				}
			} else if g.Kind != Linear {
				continue
			}
			rank, rule := a.Pattern.rank(name, a.Rank)
			if rule >= 0 {
				ruleUsed[rule] = true
			}
			if layersOf[rank] == nil {
				ranks = append(ranks, rank)
			}
			layersOf[rank] = append(layersOf[rank], i)
		}
		for _, rank := range ranks {
			mod := Module{Name: g.Name, Short: g.Short(), In: g.In, Out: g.Out, Rank: rank, Count: int64(len(layersOf[rank]))}
			if mod.Count < g.Count {
				mod.Layers = ranges(layersOf[rank])
			}
			t.Modules = append(t.Modules, mod)
		}
		if len(ranks) > 0 && g.Tied {
			t.remark(TiedTarget, "%s shares its weight with the input embedding: merging an adapter into one alters both", g.Name)
		}
	}
	if !a.Targets.AllLinear {
		for i, used := range targetUsed {
			if !used {
				return fmt.Errorf("models: target %q names no module of %s that takes an adapter; it has %s (or all-linear)",
					t.Targets[i], m.name(), strings.Join(m.TargetNames(), ", "))
			}
		}
	}
	for i, used := range ruleUsed {
		if !used {
			t.remark(UnusedPattern, "the rank pattern's %q matches none of the targeted modules, or an earlier rule takes them all; PEFT says nothing then. They are %s",
				a.Pattern.rules[i].key, strings.Join(t.targeted(), ", "))
		}
	}
	return nil
}

// targeted returns the targeted modules' names inside of a layer, as the report
// shows them.
func (t *Tally) targeted() []string {
	var names []string
	for _, mod := range t.Modules {
		name := strings.TrimPrefix(mod.Name[strings.Index(mod.Name, "*")+1:], ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// sum fills in every number.
func (t *Tally) sum(m *Model) error {
	var c checked
	for i := range t.Modules {
		mod := &t.Modules[i]
		full := c.mul(mod.In, mod.Out)
		each := c.mul(mod.Rank, c.add(mod.In, mod.Out))
		mod.Params = c.mul(each, mod.Count)
		t.Trainable = c.add(t.Trainable, mod.Params)
		t.Full = c.add(t.Full, c.mul(full, mod.Count))
		if !c.overflow {
			t.remarkOnRank(*mod, each, full)
		}
	}
	t.All = c.add(t.Base, t.Trainable)
	if err := c.err("the adapter on " + m.name()); err != nil {
		return err
	}
	t.Percent = quotient(100, t.Trainable, t.All)
	t.Ratio = quotient(1, t.Full, t.Trainable)
	return nil
}

// remarkOnRank compares the adapter of one module (r·(d+k) parameters) with
// its matrix (d·k).
func (t *Tally) remarkOnRank(mod Module, each, full int64) {
	what := fmt.Sprintf("rank %s on %s (%s×%s)", number.Count(mod.Rank), mod.Short, number.Count(mod.Out), number.Count(mod.In))
	if least := min(mod.In, mod.Out); mod.Rank > least {
		t.remark(RankAboveMin, "%s is above min(d, k) = %s: rank %s already reaches every update, and its %s parameters save nothing against the matrix's %s",
			what, number.Count(least), number.Count(least), number.Count(each), number.Count(full))
	} else if each >= full {
		exact, _ := BreakEven(mod.Out, mod.In)
		t.remark(PastBreakEven, "%s is not below the break-even d·k/(d+k) = %s: its %s parameters save nothing against the matrix's %s",
			what, rational(exact), number.Count(each), number.Count(full))
	}
}

func (t *Tally) remark(code, format string, args ...any) {
	t.Remarks = append(t.Remarks, Remark{code, fmt.Sprintf(format, args...)})
}

// BreakEven returns the rank at which an adapter of a d×k matrix has as many
// parameters as the matrix, d·k/(d+k) exactly, and its floor. Below it LoRA
// trains fewer. It panics with a [lora.ShapeError] if a size is below 1.
func BreakEven(d, k int64) (exact *big.Rat, floor int64) {
	if d < 1 || k < 1 {
		panic(lora.ShapeError{Op: "models.BreakEven", Got: fmt.Sprintf("d=%d k=%d", d, k), Want: "sizes of at least 1"})
	}
	bd, bk := big.NewInt(d), big.NewInt(k)
	num, den := new(big.Int).Mul(bd, bk), new(big.Int).Add(bd, bk)
	floor = new(big.Int).Quo(num, den).Int64() // below min(d, k), so it fits
	return new(big.Rat).SetFrac(num, den), floor
}

// rational writes 2048, or 8.649 (640/74) where it is not whole.
func rational(x *big.Rat) string {
	if x.IsInt() {
		return x.Num().String()
	}
	return fmt.Sprintf("%s (%s)", x.FloatString(3), x.RatString())
}

// PEFT is the line that PEFT's print_trainable_parameters prints, to the
// letter. "all params" includes the adapter.
func (t *Tally) PEFT() string {
	return fmt.Sprintf("trainable params: %s || all params: %s || trainable%%: %s",
		number.Count(t.Trainable), number.Count(t.All), strconv.FormatFloat(t.Percent, 'f', 4, 64))
}

// Tutorial is the line that countless tutorials print of a layer:
// trainable / all (percent).
func (t *Tally) Tutorial() string {
	return fmt.Sprintf("%s / %s (%s%%)", number.Count(t.Trainable), number.Count(t.All), strconv.FormatFloat(t.Percent, 'f', 2, 64))
}

// ranges writes ascending numbers as 0-3,7.
func ranges(ns []int64) string {
	var parts []string
	for len(ns) > 0 {
		run := 1
		for run < len(ns) && ns[run] == ns[run-1]+1 {
			run++
		}
		part := fmt.Sprint(ns[0])
		if run > 1 {
			part += fmt.Sprintf("-%d", ns[run-1])
		}
		parts = append(parts, part)
		ns = ns[run:]
	}
	return strings.Join(parts, ",")
}

// quotient is the float64 nearest to scale·a/b.
func quotient(scale, a, b int64) float64 {
	if b == 0 {
		return 0
	}
	num := new(big.Int).Mul(big.NewInt(scale), big.NewInt(a))
	f, _ := new(big.Rat).SetFrac(num, big.NewInt(b)).Float64()
	return f
}
