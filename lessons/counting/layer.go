package counting

import (
	"gonum.org/v1/gonum/mat"

	"loralab/lessons/lab"
	"loralab/lessons/train"
	"loralab/lora"
	"loralab/lora/models"
)

// mostBuilt is how many numbers a layer and its adapter may hold to be built in
// memory: a 4096×4096 weight with an adapter of rank 500, 168 MB. Larger ones
// are counted by formulas, which a test compares with layers that are built.
const mostBuilt = 5 << 22

// layerCount is what one layer with an adapter holds.
type layerCount struct{ w, bias, a, b int }

// countBuilt builds the layer and its adapter and counts the numbers that were
// allocated.
func countBuilt(d, k, r int, bias bool) layerCount {
	var b []float64
	if bias {
		b = make([]float64, d)
	}
	// The layer takes W as it is: a copy would double the memory, and a turned knob
	// waits for it.
	layer := &lora.Linear{W: mat.NewDense(d, k, nil), Bias: b}
	layer.Attach(train.AdapterName, lora.NewAdapter(d, k, r, 1, lora.AlphaOverR))
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

// countLayer reports on one layer and its adapter.
func countLayer(rec *lab.Recorder, d, k, r int, bias bool) error {
	c := countFormula(d, k, r, bias)
	agrees := "not built: too large"
	if d*k+r*(d+k) <= mostBuilt {
		built := countBuilt(d, k, r, bias)
		agrees = lab.YesNo(built == c)
		c = built
	}
	rec.Report("agrees", agrees)
	rec.Report("shape-w", []int{d, k})
	rec.Report("shape-a", []int{r, k})
	rec.Report("shape-b", []int{d, r})
	rec.Report("params-a", c.a)
	rec.Report("params-b", c.b)
	rec.Report("params-lora", c.a+c.b)
	rec.Report("params-full", c.w)
	rec.Report("params-bias", c.bias)
	rec.Report("params-full-bias", c.w+d)
	all := c.w + c.bias + c.a + c.b
	rec.Report("params-all", all)
	rec.Report("ratio", float64(c.w)/float64(c.a+c.b))
	rec.Report("percent", float64(c.a+c.b)/float64(all))
	for _, f := range []struct {
		bias bool
		name string
	}{{false, "no-bias"}, {true, "bias"}} {
		t, err := models.CountLayer(int64(d), int64(k), int64(r), f.bias)
		if err != nil {
			return err
		}
		rec.Report("printed-"+f.name, t.Tutorial())
		rec.Report("peft-"+f.name, t.PEFT())
	}
	exact, floor := models.BreakEven(int64(d), int64(k))
	even, _ := exact.Float64()
	rec.Report("break-even", even)
	if exact.IsInt() {
		floor-- // there A and B hold exactly as much as W
	}
	rec.Report("saving-rank", floor)
	rec.Report("saves", lab.YesNo(c.a+c.b < c.w))
	rec.Report("update-rank", min(r, d, k))
	small := lora.NewAdapter(4, 4, 2, 1, lora.AlphaOverR).Params()
	rec.Report("alpha-counts", lab.YesNo(lora.NewAdapter(4, 4, 2, 64, lora.AlphaOverR).Params() != small))
	return nil
}
