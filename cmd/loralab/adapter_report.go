package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"loralab/lora"
	"loralab/lora/peft"
)

// adapterReport is what adapter prints of one adapter. Its JSON form is for
// programs.
type adapterReport struct {
	Path             string          `json:"path"`
	BaseModel        string          `json:"base_model,omitempty"`
	TaskType         string          `json:"task_type,omitempty"`
	Rank             int             `json:"r"`          // where no pattern says otherwise
	Alpha            float64         `json:"lora_alpha"` // likewise
	Rule             string          `json:"scaling"`    // "α/r" or "α/√r"
	DoRA             bool            `json:"use_dora,omitempty"`
	Init             string          `json:"init_lora_weights,omitempty"`
	TargetModules    []string        `json:"target_modules,omitempty"`
	TargetPattern    string          `json:"target_pattern,omitempty"`
	TargetParameters []string        `json:"target_parameters,omitempty"`
	Params           int             `json:"params"`
	Bytes            int64           `json:"bytes"`
	Norm             float64         `json:"norm"`              // √Σ‖s·B·A‖² of the modules that have one
	Rank99           *rankOf99       `json:"rank_99,omitempty"` // left out where nothing has a norm
	Modules          []adapterModule `json:"modules"`
	Kinds            []adapterKind   `json:"kinds"`
	Stacked          []string        `json:"stacked_experts,omitempty"` // not read
	Others           []keptTensor    `json:"other_tensors,omitempty"`
	Remarks          []remark        `json:"remarks,omitempty"`

	adapter *peft.Adapter
}

// adapterModule is what is said of one module.
type adapterModule struct {
	Name      string  `json:"name"`
	Kind      string  `json:"kind"`
	Rank      int     `json:"r"`
	Alpha     float64 `json:"lora_alpha"`
	Scale     float64 `json:"s"`
	Other     float64 `json:"s_by_the_other_rule"` // α/√r for α/r, and the reverse
	A         []int   `json:"a"`                   // shape
	B         []int   `json:"b"`
	DType     string  `json:"dtype"` // of A, and of B if that is another
	Params    int     `json:"params"`
	Embedding bool    `json:"embedding,omitempty"`
	Magnitude bool    `json:"magnitude,omitempty"` // DoRA's is present
	Bias      bool    `json:"bias,omitempty"`      // B has one

	AZero     bool   `json:"a_zero,omitempty"`
	BZero     bool   `json:"b_zero,omitempty"`
	NonFinite int    `json:"non_finite,omitempty"`
	First     string `json:"first_non_finite,omitempty"`

	Spectrum *moduleSpectrum `json:"spectrum,omitempty"` // nil where s·B·A is not finite
}

// moduleSpectrum sums up the singular values of s·B·A.
type moduleSpectrum struct {
	Norm          float64   `json:"norm"` // Frobenius
	StableRank    float64   `json:"stable_rank"`
	EffectiveRank float64   `json:"effective_rank"`
	Rank90        int       `json:"rank_90"` // the smallest that holds 90 % of the energy
	Rank99        int       `json:"rank_99"`
	Directions    int       `json:"directions"` // rank in floating point
	Sigma         []float64 `json:"singular_values"`
}

// adapterKind is a set of modules that are alike in all but numbers.
type adapterKind struct {
	Kind    string  `json:"kind"`
	Modules int     `json:"modules"`
	Rank    int     `json:"r"`
	Alpha   float64 `json:"lora_alpha"`
	Scale   float64 `json:"s"`
	A       []int   `json:"a"`
	B       []int   `json:"b"`
	DType   string  `json:"dtype"`
	Norm    float64 `json:"norm"`  // √Σ‖s·B·A‖²
	Share   float64 `json:"share"` // of that sum over all modules; 0 if it is 0
}

// rankOf99 is the rank that holds 99 % of the energy of single modules.
type rankOf99 struct {
	Every int `json:"every_module"`
	Half  int `json:"half_of_the_modules"`
}

// inspectAdapter measures all modules.
func inspectAdapter(ctx context.Context, path string, a *peft.Adapter, stderr io.Writer) (*adapterReport, error) {
	c := a.Config
	r := &adapterReport{Path: path, BaseModel: c.BaseModel, TaskType: c.TaskType, Rank: c.R, Alpha: c.Alpha, Rule: c.Rule.String(),
		DoRA: c.DoRA, Init: c.Init, TargetModules: c.TargetModules, TargetPattern: c.TargetPattern, TargetParameters: c.TargetParameters,
		Params: a.Params(), Stacked: a.Stacked, Modules: make([]adapterModule, len(a.Modules)), adapter: a}
	err := each(ctx, stderr, "measuring", len(a.Modules), runtime.GOMAXPROCS(0), func(i int) error {
		m := a.Modules[i]
		measure, err := a.Measure(m)
		if err != nil {
			return fmt.Errorf("%s: module %s: %w", printable(path), printable(m.Name), err)
		}
		r.Modules[i] = newAdapterModule(c, m, measure)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, m := range a.Modules {
		r.Bytes += m.Bytes()
	}
	for _, t := range a.Others {
		why := "saved whole, or a bias of the base"
		if peft.KeepsAdapterName(t.Name) {
			why = "the adapter's name is in it"
		}
		r.Others = append(r.Others, keptTensor{t.Name, t.DType.String(), slices.Clone(t.Shape), t.Bytes(), why})
	}
	r.group()
	r.sumRanks()
	r.Remarks = advise(r)
	return r, nil
}

func newAdapterModule(c *peft.Config, m peft.Module, measure peft.Measure) adapterModule {
	_, _, rank := m.Dims()
	other := lora.AlphaOverSqrtR
	if m.Rule == other {
		other = lora.AlphaOverR
	}
	d := adapterModule{Name: m.Name, Kind: kindOf(c, m.Name), Rank: rank, Alpha: m.Alpha, Scale: m.Scale(), Other: other.Factor(m.Alpha, rank),
		A: slices.Clone(m.A.Shape), B: slices.Clone(m.B.Shape), DType: m.A.DType.String(), Params: m.Params(), Embedding: m.Embedding,
		Magnitude: m.Magnitude.Name != "", Bias: m.Bias.Name != "",
		AZero: measure.AZero, BZero: measure.BZero, NonFinite: measure.NonFinite, First: measure.First}
	if m.B.DType != m.A.DType {
		d.DType += "/" + m.B.DType.String()
	}
	// A norm whose square is infinite is no number to add up or to print.
	if sigma, norm := measure.Sigma, measure.Norm(); sigma != nil && !math.IsInf(norm*norm, 0) {
		d.Spectrum = &moduleSpectrum{
			Norm:          norm,
			StableRank:    lora.StableRank(sigma),
			EffectiveRank: lora.EffectiveRank(sigma),
			Rank90:        lora.RankForEnergy(sigma, 0.90),
			Rank99:        lora.RankForEnergy(sigma, 0.99),
			Directions:    measure.Directions(),
			Sigma:         sigma,
		}
	}
	return d
}

// kindOf returns what modules of different layers have in common: the entry of
// target_modules that aims at them, or else the end of the name.
func kindOf(c *peft.Config, name string) string {
	hasNumber := func(s string) bool {
		return slices.ContainsFunc(strings.Split(s, "."), func(part string) bool { return strings.TrimLeftFunc(part, unicode.IsDigit) == "" })
	}
	if len(c.TargetModules) > 0 {
		if entry, ok := c.Target(name); ok && !hasNumber(entry) {
			return entry
		}
	}
	parts := strings.Split(name, ".")
	from := len(parts) - 1
	for from > 0 && hasNumber(parts[from]) { // such as to_out.0
		from--
	}
	return strings.Join(parts[from:], ".")
}

// group gathers the modules by kind, the kind with most of the norm first.
func (r *adapterReport) group() {
	type likeness struct{ kind, shapes, dtype, numbers string }
	at := map[likeness]int{}
	for _, m := range r.Modules {
		like := likeness{m.Kind, shapeText(m.A) + shapeText(m.B), m.DType, fmt.Sprint(m.Rank, m.Alpha, m.Scale)}
		i, ok := at[like]
		if !ok {
			i = len(r.Kinds)
			at[like] = i
			r.Kinds = append(r.Kinds, adapterKind{Kind: m.Kind, Rank: m.Rank, Alpha: m.Alpha, Scale: m.Scale, A: m.A, B: m.B, DType: m.DType})
		}
		k := &r.Kinds[i]
		k.Modules++
		if m.Spectrum != nil {
			k.Norm = math.Hypot(k.Norm, m.Spectrum.Norm)
			r.Norm = math.Hypot(r.Norm, m.Spectrum.Norm)
		}
	}
	for i := range r.Kinds {
		if k := &r.Kinds[i]; r.Norm > 0 {
			k.Share = (k.Norm / r.Norm) * (k.Norm / r.Norm)
		}
	}
	slices.SortStableFunc(r.Kinds, func(a, b adapterKind) int {
		return cmp.Or(cmp.Compare(b.Norm, a.Norm), cmp.Compare(a.Kind, b.Kind))
	})
}

// sumRanks says which rank would do.
func (r *adapterReport) sumRanks() {
	var ranks []int
	for _, m := range r.Modules {
		if m.Spectrum != nil && m.Spectrum.Norm > 0 {
			ranks = append(ranks, m.Spectrum.Rank99)
		}
	}
	if len(ranks) > 0 {
		slices.Sort(ranks)
		r.Rank99 = &rankOf99{Every: ranks[len(ranks)-1], Half: ranks[(len(ranks)-1)/2]}
	}
}
