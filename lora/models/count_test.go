package models

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"loralab/lora"
)

func find(t testing.TB, id string) *Model {
	t.Helper()
	m, err := Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func targets(t testing.TB, s string) Targets {
	t.Helper()
	got, err := ParseTargets(s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func pattern(t testing.TB, s string) RankPattern {
	t.Helper()
	got, err := ParseRankPattern(s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestCountLayer compares with sums of p.numel() over PyTorch modules, and with
// layers built here.
func TestCountLayer(t *testing.T) {
	data, err := os.ReadFile("testdata/param_counts.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			K         int64 `json:"d_in"`
			D         int64 `json:"d_out"`
			R         int64
			Bias      bool
			Trainable int64
			Total     int64
			Base      int64
			Printed   string
			PEFT      string `json:"peft_style"`
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range file.Cases {
		tally, err := CountLayer(c.D, c.K, c.R, c.Bias)
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		if tally.Trainable != c.Trainable || tally.All != c.Total || tally.Base != c.Base {
			t.Errorf("%+v: trainable %d, all %d, base %d", c, tally.Trainable, tally.All, tally.Base)
		}
		if tally.Tutorial() != c.Printed {
			t.Errorf("printed %q, want %q", tally.Tutorial(), c.Printed)
		}
		if tally.PEFT() != c.PEFT {
			t.Errorf("printed %q, want %q", tally.PEFT(), c.PEFT)
		}
		if tally.Full != c.D*c.K {
			t.Errorf("full %d, want %d", tally.Full, c.D*c.K)
		}
		if c.D*c.K > 1<<20 {
			continue // 128 MB for one comparison is too much
		}
		var bias []float64
		if c.Bias {
			bias = make([]float64, c.D)
		}
		layer := lora.NewLinear(mat.NewDense(int(c.D), int(c.K), nil), bias)
		adapter := lora.NewAdapter(int(c.D), int(c.K), int(c.R), 1, lora.AlphaOverR)
		if int64(layer.Params()) != tally.Base || int64(adapter.Params()) != tally.Trainable {
			t.Errorf("%+v: the built layer has %d and %d", c, layer.Params(), adapter.Params())
		}
	}
}

func TestCountLayerErrors(t *testing.T) {
	for _, row := range []struct {
		name    string
		d, k, r int64
		want    string
	}{
		{"no rank", 4, 4, 0, "rank: found 0"},
		{"negative rank", 4, 4, -1, "rank: found -1"},
		{"no d", 0, 4, 1, "d (output width): found 0"},
		{"negative k", 4, -4, 1, "k (input width): found -4"},
		{"matrix too big", 1 << 40, 1 << 40, 8, "does not fit"},
		{"adapter too big", 1 << 31, 1 << 31, 1 << 31, "does not fit"},
		{"sum too big", math.MaxInt64, 1, 1, "does not fit"},
		{"rank too big", 4096, 4096, math.MaxInt64, "does not fit"},
	} {
		t.Run(row.name, func(t *testing.T) {
			tally, err := CountLayer(row.d, row.k, row.r, true)
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %+v, %v; want one line with %q", tally, err, row.want)
			}
		})
	}
}

// Printouts found in PEFT's README, model cards and issues.
func TestPEFTPrintouts(t *testing.T) {
	for _, row := range []struct {
		id, targets string
		rank        int64
		want        string
	}{
		{"llama-2-7b", "q_proj,v_proj", 8, "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622"},
		{"llama-2-7b", "", 8, "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622"},
		{"llama-2-7b", "all-linear", 16, "trainable params: 39,976,960 || all params: 6,778,392,576 || trainable%: 0.5898"},
		{"llama-3-8b", "all-linear", 16, "trainable params: 41,943,040 || all params: 8,072,204,288 || trainable%: 0.5196"},
	} {
		tally, err := Count(find(t, row.id), Adapter{Rank: row.rank, Targets: targets(t, row.targets)})
		if err != nil {
			t.Fatal(err)
		}
		if tally.PEFT() != row.want {
			t.Errorf("%s %s r%d: %s, want %s", row.id, row.targets, row.rank, tally.PEFT(), row.want)
		}
	}
}

func TestCountModules(t *testing.T) {
	const q, v = "model.layers.*.self_attn.q_proj", "model.layers.*.self_attn.v_proj"
	for _, row := range []struct {
		name, id, targets, pattern string
		want                       []Module
		codes                      string
	}{
		{"grouped heads make v narrow", "llama-3-8b", "q_proj,v_proj", "", []Module{
			{q, "q_proj", 4096, 4096, 32, 8, 32 * 8 * 8192, ""},
			{v, "v_proj", 4096, 1024, 32, 8, 32 * 8 * 5120, ""}}, ""},
		{"order is the model's, doubles count once", "llama-3-8b", "v_proj, q_proj,v_proj", "", []Module{
			{q, "q_proj", 4096, 4096, 32, 8, 32 * 8 * 8192, ""},
			{v, "v_proj", 4096, 1024, 32, 8, 32 * 8 * 5120, ""}}, ""},
		{"a name is a suffix after a dot", "gpt2", "c_proj", "", []Module{
			{"transformer.h.*.attn.c_proj", "c_proj", 768, 768, 12, 8, 12 * 8 * 1536, ""},
			{"transformer.h.*.mlp.c_proj", "c_proj", 3072, 768, 12, 8, 12 * 8 * 3840, ""}}, ""},
		{"a longer suffix", "gpt2", "mlp.c_proj", "", []Module{
			{"transformer.h.*.mlp.c_proj", "c_proj", 3072, 768, 12, 8, 12 * 8 * 3840, ""}}, ""},
		{"single layers", "llama-3-8b", "layers.0.self_attn.q_proj,layers.10.self_attn.q_proj,1.self_attn.q_proj", "", []Module{
			{q, "q_proj", 4096, 4096, 3, 8, 3 * 8 * 8192, "0-1,10"}}, ""},
		{"head and embedding by name", "gpt2", "lm_head,wte", "", []Module{
			{"transformer.wte", "wte", 50257, 768, 1, 8, 8 * 51025, ""},
			{"lm_head", "lm_head", 768, 50257, 1, 8, 8 * 51025, ""}}, "tied-target"},
		{"rank by suffix", "llama-3-8b", "q_proj,v_proj", "q_proj=16", []Module{
			{q, "q_proj", 4096, 4096, 32, 16, 32 * 16 * 8192, ""},
			{v, "v_proj", 4096, 1024, 32, 8, 32 * 8 * 5120, ""}}, ""},
		{"rank by expression", "llama-3-8b", "q_proj,v_proj", ".*attn.*=4", []Module{
			{q, "q_proj", 4096, 4096, 32, 4, 32 * 4 * 8192, ""},
			{v, "v_proj", 4096, 1024, 32, 4, 32 * 4 * 5120, ""}}, ""},
		{"first rule wins", "llama-3-8b", "q_proj,v_proj", "v_proj=2,.*attn.*=4", []Module{
			{q, "q_proj", 4096, 4096, 32, 4, 32 * 4 * 8192, ""},
			{v, "v_proj", 4096, 1024, 32, 2, 32 * 2 * 5120, ""}}, ""},
		{"rank of some layers", "llama-3-8b", "q_proj", `^model\.layers\.([0-9]|1[01]{1,1})\..*=64`, []Module{
			{q, "q_proj", 4096, 4096, 12, 64, 12 * 64 * 8192, "0-11"},
			{q, "q_proj", 4096, 4096, 20, 8, 20 * 8 * 8192, "12-31"}}, ""},
		{"a suffix needs its dot", "llama-3-8b", "q_proj", "proj=64", []Module{
			{q, "q_proj", 4096, 4096, 32, 8, 32 * 8 * 8192, ""}}, "unused-pattern"},
		{"an expression reaches to the end", "llama-3-8b", "q_proj", "self_attn=64", []Module{
			{q, "q_proj", 4096, 4096, 32, 8, 32 * 8 * 8192, ""}}, "unused-pattern"},
		{"past break-even", "llama-3-8b", "q_proj", "q_proj=2048", []Module{
			{q, "q_proj", 4096, 4096, 32, 2048, 32 * 4096 * 4096, ""}}, "past-break-even"},
		{"above min", "llama-3-8b", "v_proj", "v_proj=1025", []Module{
			{v, "v_proj", 4096, 1024, 32, 1025, 32 * 1025 * 5120, ""}}, "rank-above-min"},
		{"phi3 has no default in PEFT", "phi-3-mini", "", "", []Module{
			{"model.layers.*.self_attn.qkv_proj", "qkv_proj", 3072, 9216, 32, 8, 32 * 8 * 12288, ""}}, "default-made"},
	} {
		t.Run(row.name, func(t *testing.T) {
			tally, err := Count(find(t, row.id), Adapter{Rank: 8, Targets: targets(t, row.targets), Pattern: pattern(t, row.pattern)})
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(tally.Modules, row.want) {
				t.Errorf("modules %+v, want %+v", tally.Modules, row.want)
			}
			var sum, full int64
			for _, mod := range row.want {
				sum += mod.Params
				full += mod.In * mod.Out * mod.Count
			}
			if tally.Trainable != sum || tally.Full != full || tally.All != tally.Base+sum {
				t.Errorf("trainable %d, full %d, all %d; want %d, %d, base and trainable", tally.Trainable, tally.Full, tally.All, sum, full)
			}
			var codes []string
			for _, r := range tally.Remarks {
				codes = append(codes, r.Code)
			}
			if got := strings.Join(codes, " "); got != row.codes {
				t.Errorf("remarks %q, want %q", got, row.codes)
			}
		})
	}
}

func TestUnknownTargets(t *testing.T) {
	for _, row := range []struct{ name, id, targets, want string }{
		{"typo", "llama-2-7b", "q_porj", `target "q_porj" names no module of llama-2-7b`},
		{"one of two", "llama-2-7b", "q_proj,v_porj", `target "v_porj"`},
		{"another family's", "gpt2", "q_proj", "it has c_attn, attn.c_proj, c_fc, mlp.c_proj, wte, wpe, lm_head (or all-linear)"},
		{"half a name", "llama-2-7b", "proj", `target "proj"`},
		{"a norm", "llama-2-7b", "input_layernorm", "that takes an adapter"},
		{"a block", "llama-2-7b", "self_attn", "that takes an adapter"},
		{"a layer that is not there", "llama-2-7b", "layers.32.self_attn.q_proj", "names no module"},
		{"an expression", "llama-2-7b", ".*_proj", "names no module"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Count(find(t, row.id), Adapter{Rank: 8, Targets: targets(t, row.targets)})
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, row.want)
			}
		})
	}
}

func TestBreakEven(t *testing.T) {
	for _, row := range []struct {
		d, k  int64
		exact string
		floor int64
	}{
		{4096, 4096, "2048", 2048},
		{64, 10, "320/37", 8},
		{1, 1, "1/2", 0},
		{1 << 62, 1 << 62, "2305843009213693952", 1 << 61},
		{math.MaxInt64, 1, "9223372036854775807/9223372036854775808", 0},
	} {
		exact, floor := BreakEven(row.d, row.k)
		if exact.RatString() != row.exact || floor != row.floor {
			t.Errorf("%d×%d: %s, %d; want %s, %d", row.d, row.k, exact.RatString(), floor, row.exact, row.floor)
		}
	}

	// At the floor the adapter is no larger than the matrix; one above, it is
	// no smaller.
	for d := int64(1); d < 12; d++ {
		for k := int64(1); k < 12; k++ {
			exact, floor := BreakEven(d, k)
			if floor*(d+k) > d*k || (floor+1)*(d+k) <= d*k {
				t.Errorf("%d×%d: floor %d", d, k, floor)
			}
			if new(big.Rat).Mul(exact, big.NewRat(d+k, 1)).Cmp(big.NewRat(d*k, 1)) != 0 {
				t.Errorf("%d×%d: exact %s", d, k, exact)
			}
		}
	}

	defer func() {
		if _, ok := recover().(lora.ShapeError); !ok {
			t.Error("no ShapeError for d = 0")
		}
	}()
	BreakEven(0, 4)
}

func TestTallyJSON(t *testing.T) {
	m := find(t, "llama-2-7b")
	tally, err := Count(m, Adapter{Rank: 8, Targets: targets(t, "q_proj,v_proj")})
	if err != nil {
		t.Fatal(err)
	}
	if tally.Memory, err = Estimate(m, tally, MemoryOptions{}); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(tally)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"trainable": 4194304.0, "all": 6742609920.0, "base": 6738415616.0,
		"full": 1073741824.0, "ratio": 256.0, "percent": 100 * 4194304.0 / 6742609920.0,
	} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	first := got["modules"].([]any)[0].(map[string]any)
	for key, want := range map[string]any{
		"name": "model.layers.*.self_attn.q_proj", "in": 4096.0, "out": 4096.0, "count": 32.0, "params": 2097152.0,
	} {
		if first[key] != want {
			t.Errorf("modules[0].%s is %v, want %v", key, first[key], want)
		}
	}
	if got["memory"].(map[string]any)["checkpoint"] != 8388608.0 {
		t.Errorf("memory is %v", got["memory"])
	}

	var back Tally
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(&back, tally) {
		t.Errorf("JSON does not round-trip: %v", err)
	}
}
