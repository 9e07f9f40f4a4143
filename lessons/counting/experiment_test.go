package counting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"loralab/lessons/lab"
	"loralab/lessons/lab/labtest"
	"loralab/lessons/train"
	"loralab/lora/models"
)

func experiment() *lab.Experiment { return New(train.Sources{}) }

func runOf(t *testing.T, turned ...string) *lab.Record {
	t.Helper()
	return labtest.Run(t, experiment(), turned...)
}

// TestCountingClassic is the layer that everybody prints, with PyTorch's own
// output for both kinds of layer.
func TestCountingClassic(t *testing.T) {
	for _, row := range []struct{ bias, all, bare string }{
		{"no", "16,842,752", "0"},
		{"yes", "16,846,848", "4,096"},
	} {
		r := runOf(t, "bias", row.bias)
		for name, want := range map[string]string{
			"params-lora": "65,536", "params-a": "32,768", "params-b": "32,768", "params-full": "16,777,216",
			"params-full-bias": "16,781,312", "params-bias": row.bare, "params-all": row.all,
			"shape-w": "4096×4096", "shape-a": "8×4096", "shape-b": "4096×8", "ratio": "256 ×",
			"break-even": "2048", "saving-rank": "2,047", "saves": "yes", "update-rank": "8",
			"printed-no-bias": "65,536 / 16,842,752 (0.39%)", "printed-bias": "65,536 / 16,846,848 (0.39%)",
			"peft-bias": "trainable params: 65,536 || all params: 16,846,848 || trainable%: 0.3890",
			"agrees":    "yes", "alpha-counts": "no",
		} {
			if got := labtest.Text(t, r, name); got != want {
				t.Errorf("bias %s: %s is %q, want %q", row.bias, name, got, want)
			}
		}
	}
}

// TestCountingBuilt holds the formulas against layers built in memory, and both
// against package models.
func TestCountingBuilt(t *testing.T) {
	for _, row := range []struct{ d, k, r int }{{1, 1, 1}, {64, 10, 3}, {10, 64, 3}, {7, 13, 20}, {512, 96, 5}, {96, 512, 96}} {
		for _, bias := range []bool{false, true} {
			c := countBuilt(row.d, row.k, row.r, bias)
			if f := countFormula(row.d, row.k, row.r, bias); c != f {
				t.Errorf("%+v, bias %v: built %+v, formulas %+v", row, bias, c, f)
			}
			tally, err := models.CountLayer(int64(row.d), int64(row.k), int64(row.r), bias)
			if err != nil {
				t.Fatal(err)
			}
			if int64(c.w+c.bias) != tally.Base || int64(c.a+c.b) != tally.Trainable || int64(c.w) != tally.Full {
				t.Errorf("%+v, bias %v: built %+v, tally %+v", row, bias, c, tally)
			}
		}
	}
}

// TestCountingSaves compares the findings on the break-even with counting at
// the ranks beside it.
func TestCountingSaves(t *testing.T) {
	for _, row := range []struct{ d, k int }{{1, 1}, {2, 2}, {64, 10}, {48, 48}, {7, 13}, {30, 6}} {
		fewer := func(r int) bool { c := countBuilt(row.d, row.k, r, false); return c.a+c.b < c.w }
		last := 0
		for r := 1; fewer(r); r++ {
			last = r
		}
		for _, r := range []int{max(last, 1), last + 1, max(row.d, row.k) + 1} {
			rec := runOf(t, "d", strconv.Itoa(row.d), "k", strconv.Itoa(row.k), "rank", strconv.Itoa(r))
			if got := rec.Real("saving-rank"); got != float64(last) {
				t.Errorf("%+v: saving rank %v, want %d", row, got, last)
			}
			if got := labtest.Text(t, rec, "saves"); got != lab.YesNo(fewer(r)) {
				t.Errorf("%+v at rank %d: saves %s", row, r, got)
			}
			if got := rec.Real("update-rank"); got > float64(min(row.d, row.k)) || got > float64(r) {
				t.Errorf("%+v at rank %d: an update of rank %v", row, r, got)
			}
			even := rec.Real("break-even")
			if even < float64(last) || even > float64(last+1) || math.Abs(even*float64(row.d+row.k)-float64(row.d*row.k)) > 1e-9 {
				t.Errorf("%+v: break-even %v beside %d", row, even, last)
			}
		}
	}
}

// TestCountingTooLarge: a layer that is not built is counted all the same.
func TestCountingTooLarge(t *testing.T) {
	r := runOf(t, "d", "65536", "k", "65536", "rank", "65536", "bias", "yes")
	if got := labtest.Text(t, r, "agrees"); !strings.HasPrefix(got, "not built") {
		t.Errorf("agrees: %s", got)
	}
	if got, want := r.Real("params-all"), math.Pow(2, 32)+math.Pow(2, 16)+math.Pow(2, 33); got != want {
		t.Errorf("%v parameters, want %v", got, want)
	}
}

// TestCountingModels checks every model under both targets: sums that must
// agree, and PEFT's line read back.
func TestCountingModels(t *testing.T) {
	line := regexp.MustCompile(`^trainable params: ([\d,]+) \|\| all params: ([\d,]+) \|\| trainable%: ([\d.]+)$`)
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	model, _ := experiment().Defaults().Knob("model")
	for _, id := range model.Choices {
		trained := map[string]float64{}
		for _, targets := range []string{"default", "all-linear"} {
			t.Run(id+" "+targets, func(t *testing.T) {
				r := runOf(t, "d", "8", "k", "8", "model", id, "targets", targets, "rank", "3")
				m := line.FindStringSubmatch(labtest.Text(t, r, "model-printed"))
				if m == nil {
					t.Fatalf("printed %q", labtest.Text(t, r, "model-printed"))
				}
				if number(m[1]) != r.Real("model-trainable") || number(m[2]) != r.Real("model-all") ||
					math.Abs(number(m[3])-100*r.Real("model-percent")) > 5.001e-5 {
					t.Errorf("printed %q, found %v of %v, %v", m[0], r.Real("model-trainable"), r.Real("model-all"), r.Real("model-percent"))
				}
				sum, full, matrices := 0.0, 0.0, 0.0
				modules := r.Table("module-params")
				for i, params := range modules.Column("params") {
					k, d, count := modules.At(i, "k"), modules.At(i, "d"), modules.At(i, "count")
					if params != count*3*(d+k) {
						t.Errorf("module %s: %v parameters", modules.Rows[i], params)
					}
					sum, full, matrices = sum+params, full+count*d*k, matrices+count
				}
				if sum != r.Real("model-trainable") || full != r.Real("model-full") || matrices != r.Real("adapted") {
					t.Errorf("modules sum to %v, %v, %v", sum, full, matrices)
				}
				if got := r.Real("model-all") - r.Real("model-trainable"); got != r.Real("model-total") {
					t.Errorf("all without the adapter is %v", got)
				}
				if names := strings.Split(labtest.Text(t, r, "module-names"), ", "); len(names) != modules.Len() || len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(names) {
					t.Errorf("names %v", names)
				}
				catalogue := r.Table("catalogue")
				for column, name := range map[string]string{"trainable": "model-trainable", "all": "model-all", "share": "model-percent"} {
					if got := catalogue.Cell(id, column); got != r.Real(name) {
						t.Errorf("the catalogue has %s %v, want %v", column, got, r.Real(name))
					}
				}
				trained[targets] = sum
				if f := r.Real("linear-factor"); targets == "all-linear" && f != sum/trained["default"] || f <= 1 {
					t.Errorf("linear factor %v, trained %v", f, trained)
				}
				if tied := labtest.Text(t, r, "tied") == "yes"; tied != (r.Real("total-untied") > r.Real("model-total")) {
					t.Errorf("tied %v, but %v and %v", tied, r.Real("total-untied"), r.Real("model-total"))
				}
			})
		}
	}
}

// TestCountingPublished has lines that other people's programs printed.
func TestCountingPublished(t *testing.T) {
	for _, row := range []struct {
		turned []string
		name   string
		want   string
	}{
		{nil, "model-printed", "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622"},
		{[]string{"targets", "all-linear", "rank", "16"}, "model-printed", "trainable params: 39,976,960 || all params: 6,778,392,576 || trainable%: 0.5898"},
		{[]string{"model", "llama-3-8b", "targets", "all-linear", "rank", "16"}, "model-printed", "trainable params: 41,943,040 || all params: 8,072,204,288 || trainable%: 0.5196"},
		{nil, "packed-all", "3,504,607,232"}, // of a 4-bit model, by PEFT before it knew packed weights
	} {
		if got := labtest.Text(t, runOf(t, append(row.turned, "d", "8", "k", "8")...), row.name); got != row.want {
			t.Errorf("%v: %s is %q, want %q", row.turned, row.name, got, row.want)
		}
	}
}

// TestCountingMemory counts again, parameter by parameter, what a byte is spent
// on.
func TestCountingMemory(t *testing.T) {
	for _, row := range []struct {
		dtype, optimizer string
		each             float64 // bytes a trained parameter: weight, gradient, state
		master           float64
	}{
		{"bf16", "sgd", 4, 4}, {"bf16", "momentum", 8, 4}, {"fp16", "adamw", 12, 4}, {"fp32", "adamw", 16, 0},
	} {
		t.Run(row.dtype+" "+row.optimizer, func(t *testing.T) {
			r := runOf(t, "d", "8", "k", "8", "dtype", row.dtype, "optimizer", row.optimizer)
			total, trained, wide := r.Real("model-total"), r.Real("model-trainable"), 2.0
			if row.dtype == "fp32" {
				wide = 4
			}
			for name, want := range map[string]float64{
				"bytes-full":       total * row.each,
				"bytes-master":     total * (row.each + row.master),
				"bytes-lora":       total*wide + trained*row.each,
				"bytes-checkpoint": trained * wide,
				"bytes-per-param":  row.each,
				"memory-full":      total * row.each / 1e9,
				"checkpoint-fp32":  trained * 4 / 1e6,
				"frozen-share":     total * wide / (total*wide + trained*row.each),
			} {
				if got := r.Real(name); got != want {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
			memory := r.Table("memory")
			for _, way := range memory.Rows {
				sum := 0.0
				for _, part := range memory.Columns {
					sum += memory.Cell(way, part)
				}
				if sum != r.Real("bytes-"+way) {
					t.Errorf("parts of %s sum to %v", way, sum)
				}
			}
			// What QLoRA saves is the linear weights in 4 bits instead of dtype.
			linear := total - r.Real("base-kept")*1e9/wide
			if got, want := r.Real("bytes-lora")-r.Real("bytes-qlora"), linear*(wide-r.Real("nf4-bits")/8); math.Abs(got/want-1) > 1e-6 {
				t.Errorf("QLoRA saves %v bytes, want about %v", got, want)
			}
			if got := labtest.Text(t, r, "largest-lora"); got != "weights" {
				t.Errorf("the largest part of LoRA is %s", got)
			}
		})
	}
	for optimizer, want := range map[string]string{"sgd": "weights and gradients", "adamw": "optimizer state"} {
		if got := labtest.Text(t, runOf(t, "d", "8", "k", "8", "optimizer", optimizer), "largest-full"); got != want {
			t.Errorf("%s: the largest part is %s, want %s", optimizer, got, want)
		}
	}
}

func TestCountingSweep(t *testing.T) {
	for _, row := range []struct{ d, k, r string }{{"64", "10", "3"}, {"64", "10", "300"}, {"1", "1", "1"}, {"700", "900", "8"}} {
		r := runOf(t, "d", row.d, "k", row.k, "rank", row.r)
		x, y := r.Curve("rank sweep", "parameters")
		s := r.Settings
		for i := range x {
			if want := x[i] * (s.Real("d") + s.Real("k")); y[i] != want {
				t.Errorf("%+v: %v at rank %v, want %v", row, y[i], x[i], want)
			}
		}
		if want := max(min(s.Real("d"), s.Real("k")), s.Real("rank")); len(x) < 2 || x[0] != 0 || x[len(x)-1] != want {
			t.Errorf("%+v: ranks %v, want 0 to %v", row, x, want)
		}
	}
}

func TestCountingIsDeterministic(t *testing.T) {
	var texts []string
	for _, seed := range []string{"7", "7", "8"} {
		r := runOf(t, "d", "300", "k", "200", "seed", seed)
		r.Settings = labtest.Settings(t, experiment()) // the seed is all that may differ
		b, err := json.Marshal(r.Lasting())
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	if texts[0] != texts[1] || texts[0] != texts[2] {
		t.Error("two runs differ")
	}
}

// TestCountingFindsAll: every declared finding is found, in every setting.
func TestCountingFindsAll(t *testing.T) {
	e := experiment()
	for _, turned := range [][]string{{"rank", "65536"}, {"dtype", "fp32", "optimizer", "adamw8bit"}, {"model", "gpt2", "targets", "all-linear"}} {
		r := runOf(t, append(turned, "d", "16", "k", "8")...)
		for _, spec := range e.Findings {
			if _, ok := r.Find(spec.Name); !ok {
				t.Errorf("%v: nothing found for %s", turned, spec.Name)
			}
		}
	}
}

// TestCountingFigures draws finished records and records cut off at every
// frame and every finding.
func TestCountingFigures(t *testing.T) {
	e := experiment()
	for _, turned := range [][]string{nil, {"model", "gpt2", "targets", "all-linear"}, {"dtype", "fp32"}, {"rank", "100"}} {
		r := runOf(t, append(turned, "d", "48", "k", "32")...)
		for _, id := range e.Plots {
			f := e.Figure(r, id)
			if f == nil || f.Empty() || f.Title == "" || f.Caption == "" || f.YLabel == "" {
				t.Errorf("%v: figure %s: %+v", turned, id, f)
			}
		}
	}
	r := runOf(t, "d", "48", "k", "32")
	drawAll := func(r *lab.Record) {
		for _, f := range e.Figures(r) {
			f.Table(4)
			f.Plot()
		}
	}
	for n := range r.Findings {
		cut := *r
		cut.Findings = r.Findings[:n]
		drawAll(&cut)
		cut.Findings = r.Findings[n:]
		drawAll(&cut)
	}
	for n := range r.Series[0].Frames {
		cut := *r
		cut.Series = []lab.Series{r.Series[0]}
		cut.Series[0].Frames = r.Series[0].Frames[:n]
		drawAll(&cut)
	}
	drawAll(&lab.Record{Experiment: e.ID, Settings: e.Defaults()})
}

// TestCountingModelsFigure: every model once, by size, the chosen one marked.
func TestCountingModelsFigure(t *testing.T) {
	r := runOf(t, "d", "8", "k", "8", "model", "gpt2-xl")
	bars := experiment().Figure(r, "models").Bars
	last, marked := int64(0), 0
	for i, name := range bars.Names {
		id, chosen := strings.CutPrefix(name, "→ ")
		if chosen {
			marked++
		}
		m, err := models.Find(id)
		if err != nil || chosen != (id == "gpt2-xl") || m.Total() < last {
			t.Fatalf("bar %d is %q: %v", i, name, err)
		}
		last = m.Total()
		tally, err := models.Count(m, models.Adapter{Rank: 8})
		if err != nil || math.Abs(tally.Percent-bars.Series[0].Values[i]) > 1e-12 {
			t.Errorf("%s: %v %%, want %v, %v", id, bars.Series[0].Values[i], tally.Percent, err)
		}
	}
	if len(bars.Names) != len(models.Catalogue()) || marked != 1 {
		t.Errorf("%d bars, %d marked", len(bars.Names), marked)
	}
}

func TestCountingMemoryFigureSums(t *testing.T) {
	for dtype, ways := range map[string][]string{"bf16": {"full", "master", "lora", "qlora"}, "fp32": {"full", "lora", "qlora"}} {
		r := runOf(t, "d", "8", "k", "8", "dtype", dtype)
		bars := experiment().Figure(r, "memory").Bars
		if len(bars.Names) != len(ways) {
			t.Fatalf("%s: bars %v", dtype, bars.Names)
		}
		for i, way := range ways {
			sum := 0.0
			for _, s := range bars.Series {
				sum += s.Values[i]
			}
			if want := r.Real("memory-" + way); math.Abs(sum-want) > 1e-9*want {
				t.Errorf("%s: bar %s is %v GB, want %v", dtype, bars.Names[i], sum, want)
			}
		}
	}
}

func TestCountingRefuses(t *testing.T) {
	s := experiment().Defaults()
	for knob, value := range map[string]string{"rank": "0", "d": "65537", "k": "-1", "model": "llama-9", "targets": "q_porj", "dtype": "int4", "optimizer": "lion", "bias": "maybe"} {
		if _, err := s.With(knob, value); err == nil || !strings.Contains(err.Error(), "knob "+knob) {
			t.Errorf("%s=%s: %v", knob, value, err)
		}
	}
}

func TestCountingObeysContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	last := 0
	_, err := experiment().Do(ctx, labtest.Settings(t, experiment(), "d", "64", "k", "64"), func(p lab.Progress) {
		if last = p.Step; p.Step == 5 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || last != 5 {
		t.Errorf("stopped after step %d with %v", last, err)
	}
}

func Example() {
	e := experiment()
	r, err := e.Do(context.Background(), e.Defaults(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"params-lora", "params-full", "ratio", "break-even", "printed-no-bias", "printed-bias"} {
		f, _ := r.Find(name)
		fmt.Printf("%s: %s\n", f.Spec.Label, f.Text())
	}
	// Output:
	// numbers that LoRA trains: 65,536
	// numbers in W: 16,777,216
	// times fewer than W: 256 ×
	// rank at which A and B hold as much as W: 2048
	// printed for the layer without a bias: 65,536 / 16,842,752 (0.39%)
	// printed for the layer with a bias: 65,536 / 16,846,848 (0.39%)
}
