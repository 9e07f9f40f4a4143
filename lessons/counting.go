package lessons

import (
	"context"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
	"loralab/lora/models"
)

// mostBuilt is how many numbers a layer and its adapter may hold to be built in
// memory: a 4096×4096 weight with an adapter of rank 500, 168 MB. Above it the
// formulas count, which a test holds against what is built.
const mostBuilt = 5 << 22

func parameterCounting() *Experiment {
	return &Experiment{
		ID:       "counting",
		Title:    "Parameter counting",
		Question: "what does it cost?",
		Knobs:    countingKnobs(),
		Findings: slices.Concat(layerSpecs(), modelSpecs(), memorySpecs()),
		Plots:    []string{"params", "models", "modules", "memory"},
		Run:      runCounting,
		Figures:  countingFigures,
	}
}

// runCounting counts one layer, one model and the catalogue. Nothing in it is
// random: the seed changes nothing.
func runCounting(ctx context.Context, s Settings, rec *Recorder) error {
	d, k, r := s.Whole("d"), s.Whole("k"), s.Whole("rank")
	top := max(min(d, k), r) // above min(d, k) an adapter reaches no more updates
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
	if err := countCatalogue(rec, adapter); err != nil {
		return err
	}
	return countMemory(rec, m, t, models.MemoryOptions{
		Dtype: models.Dtype(s.Text("dtype")), Optimizer: models.Optimizer(s.Text("optimizer"))})
}

// layerCount is what one layer with an adapter holds.
type layerCount struct{ w, bias, a, b int }

// countBuilt builds the layer and its adapter and counts the numbers that
// memory was taken for.
func countBuilt(d, k, r int, bias bool) layerCount {
	var b []float64
	if bias {
		b = make([]float64, d)
	}
	// A diagonal as the source of W: the layer copies it, and a second dense
	// matrix would double the memory.
	layer := lora.NewLinear(mat.NewDiagonalRect(d, k, make([]float64, min(d, k))), b)
	layer.Attach(adapterName, lora.NewAdapter(d, k, r, 1, lora.AlphaOverR))
	numbers := func(m *mat.Dense) int { return len(m.RawMatrix().Data) }
	a := layer.Active()
	return layerCount{numbers(layer.W), len(layer.Bias), numbers(a.A), numbers(a.B)}
}

// countFormula is countBuilt by the formulas.
func countFormula(d, k, r int, bias bool) layerCount {
	c := layerCount{w: d * k, a: r * k, b: d * r}
	if bias {
		c.bias = d
	}
	return c
}

// countLayer finds what there is to say of one layer.
func countLayer(rec *Recorder, d, k, r int, bias bool) error {
	c := countFormula(d, k, r, bias)
	agrees := "not built: too large"
	if d*k+r*(d+k) <= mostBuilt {
		built := countBuilt(d, k, r, bias)
		agrees = yesNo(built == c)
		c = built
	}
	rec.Find("agrees", agrees)
	rec.Find("shape-w", []int{d, k})
	rec.Find("shape-a", []int{r, k})
	rec.Find("shape-b", []int{d, r})
	rec.Find("params-a", c.a)
	rec.Find("params-b", c.b)
	rec.Find("params-lora", c.a+c.b)
	rec.Find("params-full", c.w)
	rec.Find("params-bias", c.bias)
	rec.Find("params-full-bias", c.w+d)
	all := c.w + c.bias + c.a + c.b
	rec.Find("params-all", all)
	rec.Find("ratio", float64(c.w)/float64(c.a+c.b))
	rec.Find("percent", float64(c.a+c.b)/float64(all))
	for _, f := range []struct {
		bias bool
		name string
	}{{false, "no-bias"}, {true, "bias"}} {
		t, err := models.CountLayer(int64(d), int64(k), int64(r), f.bias)
		if err != nil {
			return err
		}
		rec.Find("printed-"+f.name, t.Tutorial())
		rec.Find("peft-"+f.name, t.PEFT())
	}
	exact, floor := models.BreakEven(int64(d), int64(k))
	even, _ := exact.Float64()
	rec.Find("break-even", even)
	if exact.IsInt() {
		floor-- // there A and B hold exactly as much as W
	}
	rec.Find("saving-rank", floor)
	rec.Find("saves", yesNo(c.a+c.b < c.w))
	rec.Find("update-rank", min(r, d, k))
	small := lora.NewAdapter(4, 4, 2, 1, lora.AlphaOverR).Params()
	rec.Find("alpha-counts", yesNo(lora.NewAdapter(4, 4, 2, 64, lora.AlphaOverR).Params() != small))
	return nil
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// countModel finds what the adapter on m trains.
func countModel(rec *Recorder, m *models.Model, a models.Adapter) (*models.Tally, error) {
	t, err := models.Count(m, a)
	if err != nil {
		return nil, err
	}
	rec.Find("model-total", t.Base)
	rec.Find("model-trainable", t.Trainable)
	rec.Find("model-full", t.Full)
	rec.Find("model-ratio", t.Ratio)
	rec.Find("model-all", t.All)
	rec.Find("model-percent", t.Percent/100)
	rec.Find("model-fewer", float64(t.Base)/float64(t.Trainable))
	rec.Find("model-printed", t.PEFT())

	var adapted int64
	var rows [][]float64
	for _, mod := range t.Modules {
		adapted += mod.Count
		rows = append(rows, []float64{float64(mod.In), float64(mod.Out), float64(mod.Count), float64(mod.Params)})
	}
	rec.Find("adapted", adapted)
	rec.Find("module-names", strings.Join(moduleNames(t.Modules), ", "))
	rec.Find("module-params", rows)

	byDefault, err := models.Count(m, models.Adapter{Rank: a.Rank})
	if err != nil {
		return nil, err
	}
	everywhere, err := models.Count(m, models.Adapter{Rank: a.Rank, Targets: models.Targets{AllLinear: true}})
	if err != nil {
		return nil, err
	}
	rec.Find("linear-factor", float64(everywhere.Trainable)/float64(byDefault.Trainable))

	// bitsandbytes keeps two 4-bit weights in a byte, so numel() of a quantized
	// weight is half of what it stands for.
	packed := t.All
	for _, g := range m.Linears() {
		packed -= g.In * g.Out / 2 * g.Count
	}
	rec.Find("packed-all", packed)
	rec.Find("packed-percent", float64(t.Trainable)/float64(packed))

	tied, untied := false, t.Base
	for _, g := range m.Groups {
		if g.Tied {
			tied = true
			untied += g.In * g.Out * g.Count
		}
	}
	rec.Find("tied", yesNo(tied))
	rec.Find("total-untied", untied)
	return t, nil
}

// moduleNames are the shortest names that tell the modules apart: GPT-2 has
// attn.c_proj and mlp.c_proj.
func moduleNames(mods []models.Module) []string {
	seen := map[string]int{}
	for _, m := range mods {
		seen[m.Short]++
	}
	var names []string
	for _, m := range mods {
		name := m.Short
		if parts := strings.Split(m.Name, "."); seen[name] > 1 && len(parts) > 1 {
			name = strings.Join(parts[len(parts)-2:], ".")
		}
		names = append(names, name)
	}
	return names
}

// countCatalogue counts the same adapter on every model there is.
func countCatalogue(rec *Recorder, a models.Adapter) error {
	var rows [][]float64
	for _, m := range models.Catalogue() {
		t, err := models.Count(m, a)
		if err != nil {
			return err
		}
		rows = append(rows, []float64{float64(t.Trainable), float64(t.All), t.Percent / 100})
	}
	rec.Find("catalogue", rows)
	return nil
}

// memoryParts name the columns of the finding "memory".
var memoryParts = [...]string{"weights", "adapter", "gradients", "optimizer state", "master copy"}

// memoryRow is a budget in the order of memoryParts.
func memoryRow(b models.Budget) []float64 {
	return []float64{float64(b.Weights + b.Quantized), float64(b.Adapter), float64(b.Gradients), float64(b.Optimizer), float64(b.Master)}
}

// countMemory finds the bytes of three ways to train m.
func countMemory(rec *Recorder, m *models.Model, t *models.Tally, o models.MemoryOptions) error {
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
		rec.Find("memory-"+way.name, float64(way.Total)/gb)
		rec.Find("bytes-"+way.name, way.Total)
		rows = append(rows, memoryRow(way.Budget))
	}
	rec.Find("memory", rows)
	rec.Find("bytes-per-param", float64(est.Full.Total)/float64(t.Base))
	rec.Find("memory-ratio", float64(est.Full.Total)/float64(est.LoRA.Total))
	rec.Find("largest-full", largestPart(est.Full))
	rec.Find("largest-lora", largestPart(est.LoRA))
	rec.Find("frozen-share", float64(est.LoRA.Weights)/float64(est.LoRA.Total))
	rec.Find("base", float64(est.LoRA.Weights)/gb)
	rec.Find("base-4bit", float64(est.QLoRA.Weights+est.QLoRA.Quantized)/gb)
	rec.Find("base-kept", float64(est.QLoRA.Weights)/gb)
	rec.Find("nf4-bits", est.BitsPerParam)
	rec.Find("checkpoint", float64(est.Checkpoint)/mb)
	rec.Find("checkpoint-fp32", float64(wide.Checkpoint)/mb)
	rec.Find("bytes-checkpoint", est.Checkpoint)
	return nil
}

// largestPart names what takes most of a budget; of equals, all.
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
